"""What is said to hosts and of their answers, from `config/words/placement.yaml`."""

import string
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lti_tool.activities.placement_log.confirming.confirmation import (
    EXPIRED,
    NOT_MINE,
    PASSED_ON,
    WRONG,
    YES,
)
from lti_tool.activities.placement_log.confirming.proofs import PAPER
from lti_tool.core.errors import Unusable
from lti_tool.core.yaml_text import read_config

_FILE = "config/words/placement.yaml"
_OUTCOMES = (YES, WRONG, NOT_MINE, PASSED_ON, EXPIRED, PAPER)
_FILLED = {"university", "participant", "contact"}
SENTENCES_KEPT = 2


@dataclass(frozen=True, slots=True)
class Wording:
    """The texts around confirming."""

    kept: tuple[str, ...]
    help: tuple[str, ...]
    outcomes: dict[str, str]

    def said(self, texts: tuple[str, ...], **values: str) -> list[str]:
        """Texts with their places filled in."""
        return [one.format_map(values) for one in texts]


def _wrong(sentence: str) -> Unusable:
    return Unusable(f"{_FILE}, confirmation: {sentence}")


def _text(where: str, value: Any, allowed: set[str]) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _wrong(f"{where} needs a text.")
    try:
        named = {name for _, name, _, _ in string.Formatter().parse(value) if name is not None}
    except ValueError:
        raise _wrong(f"{where} has a brace without its partner.") from None
    if named - allowed:
        known = ", ".join("{" + one + "}" for one in sorted(allowed)) or "nothing"
        raise _wrong(f"{where} names {{{min(named - allowed)}}}; it may name {known}.")
    return " ".join(value.split())


def _texts(given: dict[str, Any], name: str) -> tuple[str, ...]:
    value = given.get(name)
    if not isinstance(value, list) or not value:
        raise _wrong(f"“{name}” needs a list of texts.")
    return tuple(_text(name, one, _FILLED) for one in value)


@cache
def load_wording(config_dir: Path) -> Wording:
    """The texts in force, read once.

    :raises Unusable: naming what is wrong.
    """
    document = read_config(config_dir / "words" / "placement.yaml")
    try:
        given = dict(document["confirmation"])
        outcomes = dict(given["outcomes"])
    except (KeyError, TypeError, ValueError):
        raise _wrong("it cannot be read: it needs kept, help and outcomes.") from None
    for key in sorted(set(map(str, outcomes)) ^ set(_OUTCOMES)):
        raise _wrong(f"outcomes: {key} is {'not known' if key in outcomes else 'missing'}.")
    kept = _texts(given, "kept")
    if len(kept) != SENTENCES_KEPT:
        raise _wrong(f"“kept” holds {SENTENCES_KEPT} sentences, no more and no fewer.")
    return Wording(
        kept,
        _texts(given, "help"),
        {key: _text(f"outcomes: {key}", value, set()) for key, value in outcomes.items()},
    )
