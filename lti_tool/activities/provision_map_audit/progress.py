"""How far the work is, and what is missing before it is handed in. Nothing here forbids it."""

from dataclasses import dataclass
from typing import Any

from lti_tool.activities.provision_map_audit.document import Document, current, map_rows
from lti_tool.activities.provision_map_audit.framework import Framework, load_framework
from lti_tool.activities.provision_map_audit.places import part_anchor
from lti_tool.activities.provision_map_audit.prose import count_words
from lti_tool.activities.provision_map_audit.word_counts import part_words, words_in_all
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


def _framework() -> Framework:
    return load_framework(visits.settings_of_app().config_dir)


def is_written(answer: dict[str, Any]) -> bool:
    """Whether a written part says anything to speak of."""
    return count_words(answer.get("evidence", "")) >= FEWEST_WORDS


def has_whole_map(document: Document) -> bool:
    """Whether the map has rows and every row was understood."""
    rows = map_rows(document)
    return bool(rows) and not any(row.unread for row in rows)


def count_written(document: Document, framework: Framework) -> int:
    """How many parts say something; all of them where a commentary was brought in from Word."""
    if document["commentary"]:
        return len(framework.parts)
    answers = document["answers"]
    return sum(is_written(answers.get(part.id, {})) for part in framework.parts)


def is_all_written(document: Document) -> bool:
    """Whether every written part says something."""
    framework = _framework()
    return count_written(document, framework) == len(framework.parts)


def progress(document: Document) -> Progress:
    """Parts done of parts asked for: the map, the written parts, the action plan."""
    document, framework = current(document), _framework()
    asked = len(framework.parts)
    written = count_written(document, framework)
    done = bool(document["rows"]) + written + bool(document["actions"])
    sentences = tuple(one.sentence for one in list_missing(document))
    return Progress(done, asked + 2, sentences)


def list_missing(document: Document) -> list[Missing]:
    """What is missing, in the order of the steps."""
    document, framework = current(document), _framework()
    missing = _about_map(document) + _about_writing(document, framework)
    missing += _about_length(document, framework) + _about_names(document)
    if not document["actions"]:
        missing.append(Missing("Your action plan has no actions yet.", "plan"))
    return missing


def _about_writing(document: Document, framework: Framework) -> list[Missing]:
    asked = len(framework.parts)
    left = asked - count_written(document, framework)
    if not left:
        return []
    answers = document["answers"]
    short = [part for part in framework.parts if not is_written(answers.get(part.id, {}))]
    verb = "has" if left == 1 else "have"
    sentence = f"{left} of {asked} written parts {verb} fewer than {FEWEST_WORDS} words."
    return [Missing(sentence, "written", part_anchor(short[0].id))]


def _about_map(document: Document) -> list[Missing]:
    rows = map_rows(document)
    if not rows:
        return [Missing("Your provision map has no rows yet.", "map")]
    unread = sum(1 for row in rows if row.unread)
    if not unread:
        return []
    verb = "row has" if unread == 1 else "rows have"
    sentence = f"{unread} {verb} text that we could not read; put it right or leave it out."
    return [Missing(sentence, "map")]


def _about_length(document: Document, framework: Framework) -> list[Missing]:
    said = []
    for part in framework.parts:
        count = part_words(document, part)
        if part.words.is_over(count):
            sentence = f"“{part.title}” is over its limit: {part.words.said(count)}."
            said.append(Missing(sentence, "written", part_anchor(part.id)))
    count = words_in_all(document, framework)
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
