"""The outcomes that visits are linked to: the sets of `config/frameworks/`, read as plain data."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from lti_tool.core.errors import Unusable

FILES = ("npq-senco", "outcomes-2014", "outcomes-2009")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome; `label` is its number."""

    id: str
    label: str
    title: str


@dataclass(frozen=True, slots=True)
class OutcomeSet:
    """A set of outcomes, those open to starters first in the list of sets."""

    key: str
    title: str
    status: str
    items: tuple[Outcome, ...]

    def find(self, outcome_id: str) -> Outcome | None:
        """An outcome by its id."""
        return next((one for one in self.items if one.id == outcome_id), None)


@cache
def list_sets(config_dir: Path) -> tuple[OutcomeSet, ...]:
    """The outcome sets that ship.

    :raises Unusable: a file that cannot be used.
    """
    found = []
    for name in FILES:
        path = config_dir / "frameworks" / f"{name}.yaml"
        try:
            whole = yaml.safe_load(path.read_text("utf-8"))
            items = tuple(
                Outcome(str(one["id"]), str(one.get("label", "")), str(one["title"]))
                for one in whole["items"]
            )
            found.append(OutcomeSet(name, str(whole["title"]), str(whole["status"]), items))
        except (OSError, yaml.YAMLError, UnicodeDecodeError, KeyError, TypeError):
            raise Unusable(f"{path} cannot be read as an outcome set.") from None
    return tuple(found)


def find_set(config_dir: Path, key: str) -> OutcomeSet | None:
    """An outcome set by its key."""
    return next((one for one in list_sets(config_dir) if one.key == key), None)
