"""Reading the YAML files of `config/`: each fault is named with its file and key.

Called by whatever loads words, rates or rules of this activity.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from lti_tool.core.errors import Unusable
from lti_tool.core.yaml_text import read_config

_MOST = 1_000_000
"""Larger than any rate, week or hour; sums of it stay numbers that can be shown."""


class WordsUnusable(Unusable):
    """A configuration file is missing or wrong; the text names the file and the key."""


def read_yaml(path: Path) -> dict[str, Any]:
    """The mapping in a YAML file; raises OutOfOrder or WordsUnusable naming the file."""
    loaded = read_config(path)
    if not isinstance(loaded, dict):
        raise WordsUnusable(f"{path}: the file must hold keys and values.")
    return loaded


def section(loaded: Mapping[str, Any], key: str, path: Path) -> dict[str, Any]:
    """A mapping inside a file; raises WordsUnusable naming file and key."""
    value = loaded.get(key)
    if not isinstance(value, dict):
        raise WordsUnusable(f"{path}: '{key}' is missing or is not a set of keys and values.")
    return value


def string_list(loaded: Mapping[str, Any], key: str, path: Path) -> list[str]:
    """A list of words inside a file; raises WordsUnusable naming file and key."""
    value = loaded.get(key)
    if not isinstance(value, list) or not value:
        raise WordsUnusable(f"{path}: '{key}' is missing or is not a list of words.")
    return [_as_word(item) for item in value]


def _as_word(item: object) -> str:
    """YAML reads no, yes and on as truth values; a word list means the words."""
    if isinstance(item, bool):
        return "yes" if item else "no"
    return str(item)


def decimal_at(loaded: Mapping[str, Any], key: str, path: Path) -> Decimal:
    """A number inside a file; raises WordsUnusable naming file and key."""
    value = loaded.get(key)
    try:
        number = Decimal(str(value))
    except ArithmeticError:
        number = Decimal("NaN")
    if not number.is_finite() or not 0 <= number <= _MOST:
        raise WordsUnusable(f"{path}: '{key}' must be a number from 0 to {_MOST:,}, not {value!r}.")
    return number
