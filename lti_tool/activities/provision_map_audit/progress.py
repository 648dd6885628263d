"""How far the work is, and what is missing before it is handed in. Nothing here forbids it."""

from dataclasses import dataclass
from typing import Any

from lti_tool.activities.provision_map_audit.document import Document, current
from lti_tool.activities.provision_map_audit.framework import Framework, Part, load_framework
from lti_tool.activities.provision_map_audit.places import part_anchor
from lti_tool.activities.provision_map_audit.prose import count_words
from lti_tool.activities.provision_map_audit.word_counts import WordCounts, count_all
from lti_tool.catalogue.contract import Progress
from lti_tool.people import visits
from lti_tool.privacy.posted import REMOVED

FEWEST_WORDS = 20


@dataclass(frozen=True, slots=True)
class Missing:
    """A sentence about what is missing, the step where it can be put right, and the place there."""

    sentence: str
    step: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a document is, looked at once for all that a page says of it."""

    rows: int
    unread: int
    """Rows that bringing in could not make out whole."""
    asked: int
    """Written parts that are asked for."""
    written: int
    """Those that say something; all of them where a commentary was brought in from Word."""
    actions: int
    missing: list[Missing]
    """What is missing, in the order of the steps."""

    @property
    def has_whole_map(self) -> bool:
        """The map has rows, and every row was understood."""
        return bool(self.rows) and not self.unread

    @property
    def is_all_written(self) -> bool:
        """Nothing is left to write."""
        return self.written == self.asked

    @property
    def progress(self) -> Progress:
        """Parts done of parts asked for: the map, the written parts, the action plan."""
        done = bool(self.rows) + self.written + bool(self.actions)
        return Progress(done, self.asked + 2, tuple(one.sentence for one in self.missing))


def is_written(answer: dict[str, Any]) -> bool:
    """Whether a written part says anything to speak of."""
    return count_words(answer.get("evidence", "")) >= FEWEST_WORDS


def look_over(document: Document) -> Standing:
    """Where a document stands."""
    document, framework = current(document), load_framework(visits.settings_of_app().config_dir)
    counts = count_all(document, framework)
    short = [] if document["commentary"] else _short_parts(framework, counts)
    unread, rows, actions = _count_unread(document), len(document["rows"]), len(document["actions"])
    asked = len(framework.parts)
    missing = _about_map(rows, unread) + _about_writing(asked, short)
    missing += _about_length(framework, counts) + _about_names(document)
    if not actions:
        missing.append(Missing("Your action plan has no actions yet.", "plan"))
    return Standing(rows, unread, asked, asked - len(short), actions, missing)


def progress(document: Document) -> Progress:
    """How much of a document is done."""
    return look_over(document).progress


def _short_parts(framework: Framework, counts: WordCounts) -> list[Part]:
    return [part for part in framework.parts if counts.answers[part.id] < FEWEST_WORDS]


def _count_unread(document: Document) -> int:
    """Rows with text that bringing in could not make out. No row is rebuilt to tell: a map has
    thirty, or three hundred, and every page says how far it is."""
    return sum(1 for one in document["rows"] if one.get("unread"))


def _about_map(rows: int, unread: int) -> list[Missing]:
    if not rows:
        return [Missing("Your provision map has no rows yet.", "map")]
    if not unread:
        return []
    verb = "row has" if unread == 1 else "rows have"
    sentence = f"{unread} {verb} text that we could not read; put it right or leave it out."
    return [Missing(sentence, "map")]


def _about_writing(asked: int, short: list[Part]) -> list[Missing]:
    if not short:
        return []
    verb = "has" if len(short) == 1 else "have"
    sentence = f"{len(short)} of {asked} written parts {verb} fewer than {FEWEST_WORDS} words."
    return [Missing(sentence, "written", part_anchor(short[0].id))]


def _about_length(framework: Framework, counts: WordCounts) -> list[Missing]:
    said = []
    for part in framework.parts:
        count = counts.part(part)
        if part.words.is_over(count):
            sentence = f"“{part.title}” is over its limit: {part.words.said(count)}."
            said.append(Missing(sentence, "written", part_anchor(part.id)))
    count = counts.whole(framework)
    if framework.words_in_all.is_over(count):
        limit = framework.words_in_all.said(count)
        said.append(Missing(f"The whole audit is over its limit: {limit}.", "written"))
    return said


def _about_names(document: Document) -> list[Missing]:
    """Places where a name was left out and the sentence may need mending."""
    written = [answer.get("evidence", "") for answer in document["answers"].values()]
    written += [*document["reflections"].values(), document["references"]]
    if document["commentary"]:
        written.append(document["commentary"]["html"])
    planned = [str(value) for line in document["actions"] for value in line.values()]
    in_writing, in_plan = (
        sum(text.count(REMOVED) for text in texts) for texts in (written, planned)
    )
    places = in_writing + in_plan
    if not places:
        return []
    where = "one place" if places == 1 else f"{places} places"
    sentence = f"“{REMOVED}” still stands in {where}. Write “a pupil” or a role instead."
    return [Missing(sentence, "written" if in_writing else "plan")]
