"""The outcomes that visits are linked to: the sets of `config/frameworks/`, read as plain data."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from lti_tool.core.errors import Unusable

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
    """A set of outcomes."""

    key: str
    title: str
    items: tuple[Outcome, ...]


@cache
def list_sets(config_dir: Path) -> dict[str, OutcomeSet]:
    """The sets that ship by key, those open to starters first.

    :raises Unusable: a file that cannot be used.
    """
    found = {}
    for name in FILES:
        path = config_dir / "frameworks" / f"{name}.yaml"
        try:
            whole = yaml.safe_load(path.read_text("utf-8"))
            items = tuple(
                Outcome(str(one["id"]), str(one["title"]), str(one.get("label", "")))
                for one in whole["items"]
            )
            found[name] = OutcomeSet(name, str(whole["title"]), items)
        except (OSError, yaml.YAMLError, UnicodeDecodeError, KeyError, TypeError):
            raise Unusable(f"{path} cannot be read as an outcome set.") from None
    return found
