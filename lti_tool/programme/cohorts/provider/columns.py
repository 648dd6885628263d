"""The columns of a lead provider's list and their words, from `config/words/provider_list.yaml`.

What each column holds is said here once: the page of the list shows it, whatever a provider
calls the column.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lti_tool.core.errors import Unusable
from lti_tool.core.yaml_text import read_config
from lti_tool.programme.cohorts.words import NPQ_FAILED, NPQ_PASSED, STATUSES

_FILE = "config/words/provider_list.yaml"
_EXAMPLE = "example"
SAVED, HANDED_IN, RECORDED = "saved", "handed_in", "recorded"
ENGAGEMENT: dict[str, str] = {
    SAVED: "they saved work on an assignment of the cohort’s courses",
    HANDED_IN: "they handed work in",
    RECORDED: "they recorded something there themselves: evidence, a visit, a meeting, an answer",
}
"""What can count as engagement. Opening a course is none, and nothing that somebody else did."""
HOLDS: dict[str, str] = {
    "trn": "Teacher reference number, where it is recorded under “Before you visit”.",
    "number": "The registry’s student number, where it is known.",
    "name": "As the course site has it.",
    "started_on": "The first day on which they have a status in this cohort.",
    "state": "Their status in this cohort today.",
    "state_since": "The day from which they have this status.",
    "engaged_on": "The last day on which they did what counts as engagement, in this cohort’s "
    "courses. Empty where they have not yet.",
    "engaged_by": "What they did on that day.",
    "completed_on": "The day of the status “completed”. Empty before.",
    "result": "As you recorded it under “Record a decision on awards”. Never worked out.",
    "result_on": "The day of that decision.",
}
"""What each column holds."""


@dataclass(frozen=True, slots=True)
class ProviderWords:
    """How the list is written."""

    is_example: bool
    """Whether columns and words are still those that came with the tool."""
    columns: dict[str, str]
    """Headings by key, in the order of the file."""
    states: dict[str, str]
    results: dict[str, str]
    engagement: dict[str, str]
    """The word for each thing that counts; what is left out does not count."""


def _words(
    document: dict[str, Any], part: str, known: Collection[str], *, needs_all: bool
) -> dict[str, str]:
    given = document.get(part)
    if not isinstance(given, dict) or not given:
        raise Unusable(f"{_FILE}: “{part}” needs a word for each of {', '.join(known)}.")
    for key, word in given.items():
        if key not in known:
            raise Unusable(f"{_FILE}, {part}: “{key}” is unknown. There are: {', '.join(known)}.")
        if not isinstance(word, str) or not word.strip() or len(word) > 100:
            raise Unusable(f"{_FILE}, {part}, {key}: give a text of at most 100 characters.")
    if needs_all and (missing := [key for key in known if key not in given]):
        raise Unusable(f"{_FILE}, {part}: a word is missing for {', '.join(missing)}.")
    return {key: word.strip() for key, word in given.items()}


@cache
def load_provider_words(config_dir: Path) -> ProviderWords:
    """How the list is written, read once.

    :raises Unusable: naming the part of the file that is wrong, and what is.
    """
    document = read_config(config_dir / "words" / "provider_list.yaml")
    parts = {"status", "columns", "states", "results", "engagement"}
    if not isinstance(document, dict) or set(document) != parts:
        raise Unusable(f"{_FILE} must hold {', '.join(sorted(parts))} and nothing else.")
    columns = _words(document, "columns", HOLDS, needs_all=False)
    if len(set(columns.values())) != len(columns):
        raise Unusable(f"{_FILE}, columns: two columns have one heading.")
    return ProviderWords(
        is_example=document["status"] == _EXAMPLE,
        columns=columns,
        states=_words(document, "states", STATUSES, needs_all=True),
        results=_words(document, "results", (NPQ_PASSED, NPQ_FAILED), needs_all=True),
        engagement=_words(document, "engagement", ENGAGEMENT, needs_all=False),
    )
