"""What is written of one meeting: day, length, how, topics, outcomes, agreed actions.

Plain data without a database. The words live in one versioned document; day, length and mode are
columns, since they are counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

VERSION = 1
MODES = {"in_person": "In person", "online": "Online", "phone": "By phone"}
MOST_ACTIONS = 8


@dataclass(frozen=True, slots=True)
class Action:
    """Something agreed, and by when."""

    what: str
    by: date


@dataclass(frozen=True, slots=True)
class Entry:
    """A meeting as somebody wrote it down."""

    held_on: date
    minutes: int
    mode: str
    topics: str
    outcomes: str
    actions: tuple[Action, ...] = ()
    no_child: frozenset[str] = field(default=frozenset(), compare=False)
    """Keys of words that somebody said name no child, so that nobody is asked again."""

    @property
    def document(self) -> dict[str, Any]:
        """Its words, as they are kept."""
        return {
            "topics": self.topics,
            "outcomes": self.outcomes,
            "actions": [{"what": one.what, "by": one.by.isoformat()} for one in self.actions],
            "no_child": sorted(self.no_child),
        }


def read_entry(held_on: date, minutes: int, mode: str, document: Mapping[str, Any]) -> Entry:
    """A kept meeting; what an older document has not is empty."""
    actions = tuple(
        Action(one["what"], date.fromisoformat(one["by"])) for one in document.get("actions", ())
    )
    topics, outcomes = document.get("topics", ""), document.get("outcomes", "")
    no_child = frozenset(document.get("no_child", ()))
    return Entry(held_on, minutes, mode, topics, outcomes, actions, no_child)
