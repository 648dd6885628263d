"""The wording that heads are asked to agree to, from `config/words/agreement.yaml`."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lti_tool.core.errors import Unusable
from lti_tool.core.yaml_text import read_config

_FILE = "config/words/agreement.yaml"
EXAMPLE = "example"
_LISTS = ("opening", "terms", "kept")
_TEXTS = ("status", "version", "declaration")


@dataclass(frozen=True, slots=True)
class Wording:
    """What a head reads."""

    status: str
    version: str
    opening: tuple[str, ...]
    terms: tuple[str, ...]
    declaration: str
    kept: tuple[str, ...]

    @property
    def is_example(self) -> bool:
        """Whether the words are still those that came with the tool."""
        return self.status == EXAMPLE

    @property
    def agreed_to(self) -> list[str]:
        """What is kept with an answer: every sentence that the head agreed to."""
        return [*self.terms, self.declaration]


def _text(where: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > 1000:
        raise Unusable(f"{_FILE}: “{where}” needs a text of at most 1,000 characters, in quotes.")
    return " ".join(value.split())


def _texts(where: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not 0 < len(value) <= 20:
        raise Unusable(f"{_FILE}: “{where}” needs a list of 1 to 20 sentences.")
    return tuple(_text(where, one) for one in value)


@cache
def load_wording(config_dir: Path) -> Wording:
    """The wording in force, read once.

    :raises Unusable: naming the part of `words/agreement.yaml` that is wrong, and what is.
    """
    document = read_config(config_dir / "words" / "agreement.yaml")
    if not isinstance(document, dict) or set(document) != {*_LISTS, *_TEXTS}:
        raise Unusable(f"{_FILE} must hold {', '.join((*_TEXTS, *_LISTS))} and nothing else.")
    return Wording(
        status=_text("status", document["status"]),
        version=_text("version", document["version"]),
        opening=_texts("opening", document["opening"]),
        terms=_texts("terms", document["terms"]),
        declaration=_text("declaration", document["declaration"]),
        kept=_texts("kept", document["kept"]),
    )
