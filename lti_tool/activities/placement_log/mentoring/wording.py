"""What mentors and participants read of the mentor's part, from `config/words/placement.yaml`.

The section is `mentor:`; a university puts its own wording there.
"""

from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from lti_tool.activities.placement_log.states import WORDS
from lti_tool.core.errors import Unusable
from lti_tool.core.yaml_text import read_config

_FILE = "config/words/placement.yaml"


@dataclass(frozen=True, slots=True)
class MentorWords:
    """The texts of the section."""

    source: str
    """Whose wording it is, as it is said on the page."""
    does: tuple[str, ...]
    sees: tuple[str, ...]
    sees_not: tuple[str, ...]
    keeps: tuple[str, ...]
    ended: tuple[str, ...]
    visit_states: dict[str, str]
    """A visit's state as a mentor reads it."""


def _wrong(name: str, must: str) -> Unusable:
    return Unusable(f"{_FILE}, mentor: “{name}” must be {must}.")


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _wrong(name, "a text")
    return " ".join(value.split())


def _texts(name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise _wrong(name, "a list of sentences")
    return tuple(_text(name, one) for one in value)


@cache
def load_mentor_words(config_dir: Path) -> MentorWords:
    """The wording in force, read once.

    :raises Unusable: naming the part of `words/placement.yaml` that is wrong, and what is.
    """
    document = read_config(config_dir / "words" / "placement.yaml")
    given = document.get("mentor") if isinstance(document, dict) else None
    names = {one.name for one in fields(MentorWords)}
    if not isinstance(given, dict) or set(given) != names:
        raise Unusable(f"{_FILE} needs “mentor” with {', '.join(sorted(names))}, nothing else.")
    states = given["visit_states"]
    if not isinstance(states, dict) or set(states) != set(WORDS):
        raise _wrong("visit_states", f"words for {', '.join(WORDS)}")
    lists = {name: _texts(name, given[name]) for name in names - {"source", "visit_states"}}
    return MentorWords(
        source=_text("source", given["source"]),
        visit_states={key: _text("visit_states", value) for key, value in states.items()},
        **lists,
    )
