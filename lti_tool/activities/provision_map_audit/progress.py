"""How far the work is, and what is missing before it is handed in. Nothing here forbids it."""

from typing import Any

from lti_tool.activities.provision_map_audit.document import Document, current, map_rows
from lti_tool.activities.provision_map_audit.written.framework import Framework, load_framework
from lti_tool.activities.provision_map_audit.written.prose import REMOVED, count_words
from lti_tool.activities.provision_map_audit.written.shown import part_words, words_in_all
from lti_tool.catalogue.contract import Progress
from lti_tool.people import visits

FEWEST_WORDS = 20


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
    missing = _about_map(document)
    if written < asked:
        left = asked - written
        missing.append(
            f"{left} of {asked} written parts {'has' if left == 1 else 'have'} "
            f"fewer than {FEWEST_WORDS} words."
        )
    missing += _about_length(document, framework) + _about_names(document)
    if not document["actions"]:
        missing.append("Your action plan has no actions yet.")
    done = bool(document["rows"]) + written + bool(document["actions"])
    return Progress(done, asked + 2, tuple(missing))


def _about_map(document: Document) -> list[str]:
    rows = map_rows(document)
    if not rows:
        return ["Your provision map has no rows yet."]
    unread = sum(1 for row in rows if row.unread)
    if not unread:
        return []
    verb = "row has" if unread == 1 else "rows have"
    return [f"{unread} {verb} text that we could not read; put it right or leave it out."]


def _about_length(document: Document, framework: Framework) -> list[str]:
    said = []
    for part in framework.parts:
        count = part_words(document, part)
        if part.words.is_over(count):
            said.append(f"“{part.title}” is over its limit: {part.words.said(count)}.")
    count = words_in_all(document, framework)
    if framework.words_in_all.is_over(count):
        limit = framework.words_in_all.said(count)
        said.append(f"The whole audit is over its limit: {limit}.")
    return said


def _about_names(document: Document) -> list[str]:
    """Places where a name was left out and the sentence may need mending."""
    texts = [answer.get("evidence", "") for answer in document["answers"].values()]
    texts += [*document["reflections"].values(), document["references"]]
    texts += [str(value) for line in document["actions"] for value in line.values()]
    if document["commentary"]:
        texts.append(document["commentary"]["html"])
    places = sum(text.count(REMOVED) for text in texts)
    if not places:
        return []
    where = "one place" if places == 1 else f"{places} places"
    return [f"“{REMOVED}” still stands in {where}. Write “a pupil” or a role instead."]
