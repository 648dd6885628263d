"""Reading a file of numbers below `config/rules/`, with errors that name the line to change."""

from datetime import date
from pathlib import Path
from typing import Any

from lti_tool.core.errors import Unusable
from lti_tool.core.yaml_text import read_config


class NumberFile:
    """A YAML file of parts, each with a few named values. Every value must be asked for."""

    def __init__(self, config_dir: Path, name: str, parts: tuple[str, ...]) -> None:
        """:raises Unusable: the file cannot be read, or a part is missing."""
        self._file = config_dir / "rules" / name
        document = read_config(self._file)
        if not isinstance(document, dict):
            raise Unusable(f"{self._file} must hold {', '.join(parts)}.")
        for part in parts:
            if not isinstance(document.get(part), dict):
                raise Unusable(f"{self._file} lacks “{part}” with its values.")
        self._document: dict[str, Any] = document

    def _value(self, part: str, name: str) -> Any:
        if name not in self._document[part]:
            raise Unusable(f"{self._file}, {part}: “{name}” is missing.")
        return self._document[part][name]

    def _wrong(self, part: str, name: str, must: str) -> Unusable:
        return Unusable(f"{self._file}, {part}: “{name}” must be {must}.")

    def whole(self, part: str, name: str, least: int, most: int) -> int:
        """A whole number within bounds."""
        value = self._value(part, name)
        if type(value) is not int or not least <= value <= most:
            raise self._wrong(part, name, f"a whole number from {least} to {most}")
        return value

    def yes_or_no(self, part: str, name: str) -> bool:
        """true or false."""
        value = self._value(part, name)
        if type(value) is not bool:
            raise self._wrong(part, name, "true or false")
        return value

    def one_of(self, part: str, name: str, allowed: tuple[str, ...]) -> str:
        """One of several words."""
        value = self._value(part, name)
        if value not in allowed:
            raise self._wrong(part, name, f"one of {', '.join(allowed)}")
        return str(value)

    def said(self, part: str, name: str) -> str:
        """Words of a person."""
        value = self._value(part, name)
        if not isinstance(value, str) or not value.strip():
            raise self._wrong(part, name, "a few words")
        return value.strip()

    def day(self, part: str, name: str) -> date:
        """A day."""
        value = self._value(part, name)
        if type(value) is not date:
            raise self._wrong(part, name, "a day such as 2027-08-31")
        return value

    def words(self, name: str) -> frozenset[str]:
        """A list of words at the top level, in small letters."""
        value = self._document.get(name)
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise Unusable(f"{self._file}: “{name}” must be a list; use [] for none.")
        return frozenset(one.lower().strip() for one in value)

    def text(self, name: str) -> str:
        """A text at the top level; empty where it is left out."""
        return str(self._document.get(name, ""))
