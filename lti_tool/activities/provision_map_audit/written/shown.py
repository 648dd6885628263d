"""The written work ready to be shown: to its author, and frozen to a marker and on the receipt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from lti_tool.activities.provision_map_audit import document as documents
from lti_tool.activities.provision_map_audit.figures.statements import Statement
from lti_tool.activities.provision_map_audit.framework import (
    Framework,
    Part,
    load_framework,
    words_said,
)
from lti_tool.activities.provision_map_audit.places import part_anchor
from lti_tool.activities.provision_map_audit.prose import (
    in_order,
    references_of,
    to_html,
    under,
)
from lti_tool.activities.provision_map_audit.word_counts import count_all
from lti_tool.activities.provision_map_audit.written.evidence import Picked, picked_in
from lti_tool.activities.provision_map_audit.written.outcomes import chosen_set
from lti_tool.frameworks.framework import Framework as OutcomeSet
from lti_tool.frameworks.framework import Item


@dataclass(frozen=True, slots=True)
class ShownPart:
    """One part as it reads: the judgement in words, the text as HTML, evidence, reflections."""

    part: Part
    judgement: str
    html: Markup
    picked: list[Picked]
    words: str
    reflections: list[tuple[Item, Markup]]

    @property
    def anchor(self) -> str:
        """Its place in the work, for remarks."""
        return part_anchor(self.part.id)


@dataclass(frozen=True, slots=True)
class Written:
    """Everything written, in its order."""

    framework: Framework
    parts: list[ShownPart]
    outcome_set: OutcomeSet | None
    commentary: Markup | None
    commentary_words: str
    commentary_left_out: list[str]
    references: list[str]
    words: str


def reflections_shown(
    document: documents.Document, config_dir: Path, top_level: int
) -> list[tuple[Item, Markup]]:
    """What is said of each outcome that anything is said of."""
    chosen = chosen_set(document, config_dir)
    said = document["reflections"]
    if chosen is None:
        return []
    return [
        (one, to_html(said[one.id], top_level))
        for one in chosen.judged
        if said.get(one.id, "").strip()
    ]


def written_of(
    document: documents.Document,
    config_dir: Path,
    statements: Mapping[str, Statement] | None = None,
) -> Written:
    """The written work as it is shown below a heading of level 2.

    :param document: of any version.
    :param statements: the figures of its own map, so that evidence picked earlier can be compared.
    """
    document = documents.current(document)
    framework = load_framework(config_dir)
    titles = {one.id: one.title for one in framework.judgements}
    counts, parts = count_all(document, framework), []
    for part in framework.parts:
        given = document["answers"].get(part.id, {})
        reflections = reflections_shown(document, config_dir, 6) if part.reflects_outcomes else []
        parts.append(
            ShownPart(
                part,
                titles.get(given.get("judgement", ""), "not given"),
                to_html(given.get("evidence", ""), 5),
                picked_in(document, part.id, statements),
                part.words.said(counts.part(part)),
                reflections,
            )
        )
    commentary = document["commentary"]
    references = references_of(document["references"])
    return Written(
        framework,
        parts,
        chosen_set(document, config_dir),
        under(commentary["html"], 4) if commentary else None,
        words_said(counts.commentary),
        commentary["left_out"] if commentary else [],
        in_order(references) if document.get("references_in_order") else references,
        framework.words_in_all.said(counts.whole(framework)),
    )
