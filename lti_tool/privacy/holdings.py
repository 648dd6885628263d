"""What of a person stands in which table: each folder says it in a module `personal_data.py`.

A holding is a set of rows of one table, the way by which they lead to a person or guest, what an
export leaves out, what erasing does to them, and how long they are kept. Nothing here knows a
table; `tests/rules/test_personal_data.py` names every table that nobody told of.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose data are asked for."""

    person_id: int
    guest_ids: tuple[int, ...] = ()
    """Outsiders whom nobody but this person has brought."""


@dataclass(frozen=True, slots=True)
class Goes:
    """Erasing deletes the rows."""

    why: str = "it is theirs alone"


@dataclass(frozen=True, slots=True)
class Emptied:
    """Erasing keeps the rows and empties what is in them of a person."""

    values: Mapping[str, Any]
    """By column, what stands there afterwards: a value, an expression over the row, or a function
    that is asked then."""
    why: str


@dataclass(frozen=True, slots=True)
class Changed:
    """Erasing changes the rows as only their own folder can."""

    act: Callable[[Session, list[int]], None]
    """Told the numbers of the rows."""
    why: str


@dataclass(frozen=True, slots=True)
class Stays:
    """Erasing leaves the rows as they are."""

    why: str


Erase = Goes | Emptied | Changed | Stays
Rows = Callable[[Session, Subject], Select[Any]]
Files = Callable[[Session, list[int]], Iterable[tuple[str, bytes]]]


@dataclass(frozen=True, slots=True)
class Keeps:
    """How long rows stay: `config/rules/retention.yaml` has the time for each record type."""

    record: str
    since: str
    """Way to what the time is counted from: a moment, or what belongs to a course, whose end
    counts: an assignment, a context, a cohort, or a person with all their courses."""
    unlinks: bool = False
    """Whether columns that may be empty let go of a row that goes; else it waits for them."""
    where: Callable[[], ColumnElement[bool]] | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """Rows of one table that are about a person."""

    table: type[Any]
    title: str
    """What they are, in words a person knows."""
    whose: str | Rows
    """Way to the person or guest: names of columns with dots between, each but the last leading
    to the next table, such as "submission_id.person_id"; or what finds the rows."""
    erase: Erase
    where: Callable[[], ColumnElement[bool]] | None = None
    """Which of the table's rows this is about, where not all."""
    only: tuple[str, ...] = ()
    """Columns of an export; all but the technical ones where none is named."""
    leaves_out: tuple[str, ...] = ()
    """Columns that an export never has: proofs, and what is about somebody else."""
    private: tuple[str, ...] = ()
    """Columns that the university decides about: an export has them only where it is told."""
    held_back: Callable[[], ColumnElement[bool]] | None = None
    """Which rows the university decides about."""
    guests: tuple[str, ...] = ()
    """Columns that name an outsider whom the person has brought."""
    ties: bool = False
    """Whether the rows bind an outsider to others than the person who brought them, so that the
    outsider stays."""
    is_act: bool = False
    """Whether it is only about what somebody did with what is not theirs."""
    files: Files | None = None
    """Files of an export: name and content."""
    keeps: Keeps | None = None
    """How long they stay; as long as the person where it is not said."""


def acts(
    table: type[Any], title: str, *columns: str, only: tuple[str, ...] = ("id",)
) -> tuple[Holding, ...]:
    """Holdings of what somebody did in the course of teaching: a row belongs to somebody else or
    to the course, so that an export has only when and what, and erasing leaves it.

    :param columns: columns that say who did it.
    """
    why = "it belongs to others’ work, and names you by a number alone, which leads to no name then"
    return tuple(Holding(table, title, one, Stays(why), only=only, is_act=True) for one in columns)


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a person's data can be neither erased nor deleted by time."""

    person_id: int
    sentence: str
    """Names what stands against it and what to do, and nobody."""


@dataclass(slots=True)
class _Register:
    holdings: list[Holding] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    objections: list[Callable[[Session], list[Objection]]] = field(default_factory=list)


_known = _Register()


def hold(*holdings: Holding) -> None:
    """Tell of rows that are about people."""
    _known.holdings.extend(one for one in holdings if one not in _known.holdings)


def label(table: type[Any], column: str) -> None:
    """Tell by which column an export calls a row of this table that others refer to."""
    _known.labels[table.__tablename__] = column


def object_by(find: Callable[[Session], list[Objection]]) -> None:
    """Tell how to find what stands against erasing."""
    if find not in _known.objections:
        _known.objections.append(find)


def list_holdings() -> list[Holding]:
    """Every holding, as the folders told of them."""
    return list(_known.holdings)


def labels() -> dict[str, str]:
    """By table, the column that names a row in words."""
    return dict(_known.labels)


def list_objections(session: Session) -> list[Objection]:
    """What stands against erasing, for everybody."""
    return [one for find in _known.objections for one in find(session)]
