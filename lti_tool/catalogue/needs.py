"""What needs a person, and glances: lists that each folder finds in its own data.

Like a measure, each is defined once, where its data lives, and announced here as that module is
imported. A leader's page shows all there are and names no folder.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from lti_tool.catalogue.measures import Scope
from lti_tool.core.errors import Unusable


@dataclass(frozen=True, slots=True)
class NeedLine:
    """One thing that needs a person."""

    words: str
    """What is the matter and since when; a person is named by `person_id` alone."""
    context_id: int | None = None
    """The course it is in; None where it belongs to the programme."""
    person_id: int | None = None
    """Whose it is. None where it is nobody's, or where names are hidden: the words then begin
    with the candidate code, and nothing ties the two."""
    known: str = ""
    """Why it is in order for now, such as an extension; empty where somebody has to act."""
    endpoint: str = ""
    """The page of that course where it is dealt with, which takes `handle` and `values`."""
    values: dict[str, Any] = field(default_factory=dict)
    assignment_id: int | None = None
    """The activity from which alone the page opens; None: from any of the course."""


@dataclass(frozen=True, slots=True)
class Need:
    """A list of things that need a person."""

    key: str
    """Small letters and dashes; addresses of pages carry it."""
    title: str
    """What all of them are, such as "Late, nothing handed in"."""
    of_present: bool = False
    """Whether it concerns only who takes part now: of somebody who intermits or has left, that
    is reason enough."""


FindNeeds = Callable[[Session, Scope], Mapping[str, Sequence[NeedLine]]]
"""By key, in the order they are shown; a fixed number of queries, whatever the number of people.
Only of the people and courses of the scope."""


@dataclass(frozen=True, slots=True)
class Source:
    """Needs that are found together, since they look at the same data."""

    needs: tuple[Need, ...]
    find: FindNeeds


@dataclass(frozen=True, slots=True)
class Whose:
    """Which programme a panel looks at."""

    config_dir: Path
    registration_id: int
    programme_id: int


@dataclass(frozen=True, slots=True)
class Glance:
    """How far something of a whole programme is."""

    words: str
    """In a sentence or two."""
    is_good: bool
    note: str = ""
    """What must be said beside it wherever it is shown, such as that a wording is a placeholder."""
    rows: tuple[tuple[str, int, int], ...] = ()
    """Its parts: name, how much of it is done, of how much."""
    heads: tuple[str, str] = ("Part", "Done")
    endpoint: str = ""
    """Its page, which takes `handle`, in any course of the programme."""


@dataclass(frozen=True, slots=True)
class Panel:
    """Something of a programme at a glance."""

    key: str
    title: str
    find: Callable[[Session, Whose], Glance | None]
    """None where it has not begun. A fixed number of queries."""


_sources: list[Source] = []
_panels: dict[str, Panel] = {}


def announce_needs(source: Source) -> None:
    """Bring needs.

    :raises Unusable: another source has brought one with the same key.
    """
    if source in _sources:
        return
    taken = {one.key for known in _sources for one in known.needs}
    for need in source.needs:
        if need.key in taken:
            raise Unusable(f"Two needs are called “{need.key}”.")
        taken.add(need.key)
    _sources.append(source)


def list_sources() -> list[Source]:
    """All sources, by the title of their first need."""
    return sorted(_sources, key=lambda one: one.needs[0].title)


def find_source(key: str) -> tuple[Source, Need] | None:
    """The need with this key, and what finds it; or None."""
    found = ((source, need) for source in _sources for need in source.needs if need.key == key)
    return next(found, None)


def announce_panel(panel: Panel) -> None:
    """Bring a panel.

    :raises Unusable: another has the same key.
    """
    if _panels.setdefault(panel.key, panel) != panel:
        raise Unusable(f"Two panels are called “{panel.key}”.")


def list_panels() -> list[Panel]:
    """All panels by title."""
    return sorted(_panels.values(), key=lambda one: one.title)
