"""The words of the programme that a university may change: phases and types of schools, offices.

From `config/words/schools.yaml`. What is fixed by law or by our tables (levels of a DBS check,
roles of a mentor) has its words here, so that pages, files and forms say the same.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lti_tool.core.errors import Unusable
from lti_tool.core.yaml_text import read_config

_FILE = "config/words/schools.yaml"

DBS_LEVELS = {
    "basic": "Basic",
    "standard": "Standard",
    "enhanced": "Enhanced",
    "enhanced_barred": "Enhanced with barred lists",
}
WORKFORCES = {
    "child": "Child workforce",
    "adult": "Adult workforce",
    "child_and_adult": "Child and adult workforce",
    "other": "Other workforce",
}
MENTOR_ROLES = {
    "leadership": "A member of the leadership team",
    "senior_senco": "A senior SENCO",
}
INDUCTIONS = {
    "done": "Completed",
    "exempt": "Exempt",
    "not_done": "Not completed",
}
QUALIFICATIONS = {
    "npq": "NPQ for SENCOs",
    "certificate": "Postgraduate certificate",
    "nasenco": "NASENCo award",
}
SOURCES = {"school": "the school", "office": "the programme office", "tutor": "a tutor"}


@dataclass(frozen=True, slots=True)
class SchoolWords:
    """What schools can be, by key."""

    phases: dict[str, str]
    kinds: dict[str, str]
    offices: dict[str, str]


def _part(document: Any, name: str) -> dict[str, str]:
    given = document.get(name) if isinstance(document, dict) else None
    if not isinstance(given, dict) or not given:
        raise Unusable(f"{_FILE} lacks “{name}” with its words.")
    for key, words in given.items():
        if not isinstance(key, str) or len(key) > 30 or not isinstance(words, str):
            raise Unusable(f"{_FILE}, {name}: “{key}” needs a short key and its words.")
        if not words.strip() or len(words) > 100:
            raise Unusable(f"{_FILE}, {name}: “{key}” needs words of 1 to 100 characters.")
    return {str(key): " ".join(words.split()) for key, words in given.items()}


@cache
def load_school_words(config_dir: Path) -> SchoolWords:
    """The words in force, read once.

    :raises Unusable: naming the part of `words/schools.yaml` that is wrong, and what is.
    """
    document = read_config(config_dir / "words" / "schools.yaml")
    return SchoolWords(
        _part(document, "phases"), _part(document, "kinds"), _part(document, "checking_offices")
    )
