"""What is different from last year's checklist, standard by standard. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from lti_tool.activities.quality_standards.reading import Entry
from lti_tool.core.text_changes import Piece, text_changes
from lti_tool.frameworks.framework import Framework, Item


@dataclass(frozen=True, slots=True)
class Changed:
    """A standard that says something else than last year."""

    item: Item
    was: str
    """Last year's level in words."""
    became: str
    words: tuple[Piece, ...]
    """The narrative, as what stayed, came and went; empty where it is the same."""
    action: tuple[Piece, ...]
    evidence: tuple[int, int]
    """How many pieces there were, and there are."""


def _level(framework: Framework, entry: Entry) -> str:
    level = framework.scale.find_level(entry.judgement) if framework.scale else None
    return level.title if level else "Not judged"


def _pieces(before: str, after: str) -> tuple[Piece, ...]:
    return text_changes(before, after) if before != after else ()


def list_changes(
    before: tuple[Framework, Mapping[str, Entry], Mapping[str, int]],
    after: tuple[Framework, Mapping[str, Entry], Mapping[str, int]],
) -> list[Changed]:
    """Every standard of this year's framework that says something else than last year's.

    :param before: last year's framework, entries, and number of pieces of evidence by standard.
    :param after: the same of this year.
    """
    found = []
    for item in after[0].judged:
        old = before[1].get(item.id, Entry(item.id))
        new = after[1].get(item.id, Entry(item.id))
        one = Changed(
            item,
            _level(before[0], old),
            _level(after[0], new),
            _pieces(old.narrative, new.narrative),
            _pieces(old.action, new.action),
            (before[2].get(item.id, 0), after[2].get(item.id, 0)),
        )
        if one.was != one.became or one.words or one.action or one.evidence[0] != one.evidence[1]:
            found.append(one)
    return found
