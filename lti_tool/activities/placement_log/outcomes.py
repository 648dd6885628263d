"""The outcome sets that a visit or meeting may be linked to, as `config/frameworks/` has them."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lti_tool.core.word_files import read_yaml

FILES = ("npq-senco", "outcomes-2014", "outcomes-2009")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome; `label` is its number, where it has one."""

    id: str
    title: str
    label: str

    @property
    def in_words(self) -> str:
        """Number and title."""
        return f"{self.label}. {self.title}" if self.label else self.title


@dataclass(frozen=True, slots=True)
class OutcomeSet:
    """A set of outcomes; `closed` says who may no longer begin under it, where that is so."""

    key: str
    title: str
    is_official_text: bool
    closed: str
    items: tuple[Outcome, ...]

    def titles(self, ids: list[str]) -> list[str]:
        """The outcomes with these ids in words, in the order of the set."""
        return [one.in_words for one in self.items if one.id in ids]


def _outcome(given: dict[str, Any]) -> Outcome:
    return Outcome(str(given["id"]), str(given["title"]), str(given.get("label", "")))


@cache
def list_sets(config_dir: Path) -> dict[str, OutcomeSet]:
    """The sets by key, those open to starters first.

    :raises Unusable: a file cannot be read.
    """
    found = {}
    for name in FILES:
        given = read_yaml(config_dir / "frameworks" / f"{name}.yaml")
        items = [one for one in given.get("items", ()) if one.get("kind") != "area"]
        found[name] = OutcomeSet(
            name,
            str(given.get("title", name)),
            bool(given.get("is_official_text", given.get("status") == "fact")),
            str(given.get("closed", "")),
            tuple(_outcome(one) for one in items),
        )
    return found
