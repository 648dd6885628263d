"""The outcome sets that a visit or meeting may be linked to, as `frameworks/` has them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lti_tool.frameworks.framework import Item
from lti_tool.frameworks.shipped import list_outcome_sets


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

    def titles(self, ids: Sequence[str]) -> list[str]:
        """The outcomes with these ids in words, in the order of the set."""
        return [one.in_words for one in self.items if one.id in ids]


def _outcome(item: Item) -> Outcome:
    return Outcome(item.id, item.title, item.label)


@cache
def list_sets(config_dir: Path) -> dict[str, OutcomeSet]:
    """The sets by key, those open to starters first.

    :raises Unusable: a file cannot be read.
    """
    return {
        one.key: OutcomeSet(
            one.key,
            one.title,
            one.is_official_text,
            one.closed,
            tuple(_outcome(item) for item in one.judged),
        )
        for one in list_outcome_sets(config_dir)
    }
