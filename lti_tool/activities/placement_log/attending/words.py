"""The headings and words of lists of attendance, from `config/words/attendance.yaml`."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lti_tool.activities.placement_log.entries import MARKS
from lti_tool.core.errors import Unusable
from lti_tool.core.yaml_text import read_config
from lti_tool.papers.lists import folded

_FILE = "config/words/attendance.yaml"
COLUMNS = ("name", "given_name", "family_name", "email", "number", "state")
TICK = "✓"


@dataclass(frozen=True, slots=True)
class ListWords:
    """Column by folded heading, and mark by folded word."""

    headings: dict[str, str]
    marks: dict[str, str]


def fold_mark(text: str) -> str:
    """A word for attendance as it is compared; a tick alone is no letter and stays."""
    return folded(text) or text.strip()


def _known(document: Any, part: str, keys: tuple[str, ...]) -> dict[str, str]:
    given = document.get(part) if isinstance(document, dict) else None
    if not isinstance(given, dict) or set(given) != set(keys):
        raise Unusable(f"{_FILE}: “{part}” holds {', '.join(keys)}.")
    found: dict[str, str] = {}
    for key in keys:
        words = given[key]
        if not isinstance(words, list) or not all(isinstance(one, str) for one in words):
            raise Unusable(f"{_FILE}, {part}: “{key}” must be a list of words in text.")
        for word in words:
            if found.setdefault(fold_mark(word), key) != key:
                raise Unusable(f"{_FILE}, {part}: “{word}” stands in two lists.")
    return found


@cache
def load_list_words(config_dir: Path) -> ListWords:
    """The words in force, read once.

    :raises Unusable: naming what is wrong in `words/attendance.yaml`.
    """
    document = read_config(config_dir / "words" / "attendance.yaml")
    return ListWords(
        _known(document, "headings", COLUMNS), _known(document, "states", tuple(MARKS))
    )
