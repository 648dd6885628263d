"""What the columns of the cohort's file are called, from `config/words/cohort_file.yaml`."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lti_tool.core.errors import Unusable
from lti_tool.core.yaml_text import read_config

_FILE = "config/words/cohort_file.yaml"
KEYS = (
    "name", "email", "trn", "qts", "qts_checked_on", "induction", "senco_since", "aspiring",
    "qualification", "course_began_on", "school", "urn", "phase", "kind", "started_on", "agreed",
    "agreed_on", "release_days", "mentor", "mentor_email", "mentor_role", "dbs_level",
    "dbs_workforce", "dbs_issued_on", "dbs_update_service_on", "dbs_checked_by", "dbs_checked_on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FileWords:
    """The words of the file."""

    headings: dict[str, str]
    """Column to the heading of the template, in the template's order."""
    known: dict[str, str]
    """Every heading that is understood, in plain letters, to its column."""
    yes: frozenset[str]
    no: frozenset[str]
    never: tuple[str, ...]


def plain(text: str) -> str:
    """A heading or an answer without capitals, signs and doubled blanks."""
    return " ".join(re.sub(r"[^\w]+", " ", text.casefold().replace("’", "")).split())


def _list(where: str, given: Any) -> list[str]:
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise Unusable(f"{_FILE}: “{where}” needs a list of words, each in quotes if need be.")
    return [plain(one) for one in given]


def _column(key: str, given: Any) -> tuple[str, list[str]]:
    if not isinstance(given, dict) or set(given) - {"heading", "also"}:
        raise Unusable(f"{_FILE}, {key}: it holds heading and also, and nothing else.")
    heading = given.get("heading")
    if not isinstance(heading, str) or not heading.strip():
        raise Unusable(f"{_FILE}, {key}: “heading” is missing.")
    return heading.strip(), [plain(heading), *_list(f"{key}: also", given.get("also", []))]


@cache
def load_file_words(config_dir: Path) -> FileWords:
    """The words in force, read once.

    :raises Unusable: naming the line of `words/cohort_file.yaml` that is wrong, and what is.
    """
    document = read_config(config_dir / "words" / "cohort_file.yaml")
    columns = document.get("columns") if isinstance(document, dict) else None
    if not isinstance(columns, dict) or set(columns) != set(KEYS):
        raise Unusable(f"{_FILE} must hold “columns” with {', '.join(KEYS)}.")
    known: dict[str, str] = {}
    headings = {}
    for key in KEYS:
        headings[key], names = _column(key, columns[key])
        for name in names:
            if known.setdefault(name, key) != key:
                raise Unusable(f"{_FILE}: “{name}” stands for both {known[name]} and {key}.")
    return FileWords(
        headings,
        known,
        frozenset(_list("yes", document.get("yes"))),
        frozenset(_list("no", document.get("no"))),
        tuple(_list("never", document.get("never"))),
    )
