"""A copy of all that is held about one person: a zip with a page to read, JSON and files.

Other people appear as "somebody else": tutors and markers act for the university, which can name
them where it must (Data Protection Act 2018, schedule 2, paragraph 16). Outsiders whom the person
named, or who signed for them, keep their name and lose their address.
"""

import json
import os
import re
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Table, func, select
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.core.errors import Unusable
from lti_tool.privacy.erasing import in_parts
from lti_tool.privacy.holdings import Holding, Subject, labels, list_holdings
from lti_tool.privacy.paper import draw, heading
from lti_tool.privacy.ways import rows_of, table_of, target_of

_TECHNICAL = re.compile(r"lease|leased_until|tries|once_key|.*_digest|.*salt|.*secret.*")
_FIRST = ("person", "membership", "grant", "handed_in_copy", "judgement", "outcome")
_SAFE = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(slots=True)
class Part:
    """One section of an export."""

    title: str
    table: str
    rows: list[dict[str, Any]]
    files: list[str] = field(default_factory=list)
    """Their places in the archive."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What an export holds, for whoever made it."""

    parts: list[Part]
    left_out: list[tuple[str, int]]
    """What the university decides about: its title, and how many."""


def write(session: Session, subject: Subject, to: Path, *, with_private: bool) -> Contents:
    """Write the archive, readable by its owner alone. Either the whole file is there, or none.

    :param with_private: with what the university decides about too.
    :raises Unusable: there is a file of this name already, or no folder to put it in.
    """
    if to.exists():
        raise Unusable(f"{to} is there already. Name another file.")
    if not to.parent.is_dir():
        raise Unusable(f"There is no folder {to.parent}. Make it, or name another.")
    handle, temporary = tempfile.mkstemp(dir=to.parent, prefix=".export-")
    try:
        with (
            os.fdopen(handle, "wb") as out,
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped,
        ):
            contents = _fill(session, subject, zipped, with_private)
        Path(temporary).rename(to)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return contents


def _fill(
    session: Session, subject: Subject, zipped: zipfile.ZipFile, with_private: bool
) -> Contents:
    parts, left_out = [], []
    names = _Names(session, subject)
    for number, one in enumerate(sorted(list_holdings(), key=_place), start=1):
        ids = list(session.scalars(rows_of(session, one, subject).order_by(table_of(one).c.id)))
        if not with_private:
            ids, missing = _without_private(session, one, ids)
            left_out += missing
        if not ids:
            continue
        part = Part(one.title, table_of(one).name, _read(session, one, ids, names, with_private))
        name = f"data/{number:02}-{part.table}.json"
        zipped.writestr(name, json.dumps({part.title: part.rows}, ensure_ascii=False, indent=1))
        for file_name, content in one.files(session, ids) if one.files else ():
            place = f"files/{number:02}-{_SAFE.sub('-', file_name)}"
            zipped.writestr(place, content)
            part.files.append(place)
        parts.append(part)
    page = draw(
        "privacy/index.html",
        parts=parts,
        left_out=left_out,
        private=with_private,
        files=any(part.files for part in parts),
        made_on=clock.day(clock.now()),
    )
    zipped.writestr("index.html", page)
    return Contents(parts, left_out)


def _place(holding: Holding) -> tuple[bool, int]:
    """Who somebody is comes first, what they did with others' work last."""
    name = table_of(holding).name
    return holding.is_act, _FIRST.index(name) if name in _FIRST else len(_FIRST)


def _without_private(
    session: Session, holding: Holding, ids: list[int]
) -> tuple[list[int], list[tuple[str, int]]]:
    """The rows that a person is given in any case, and what is left out of the others."""
    table, left_out = table_of(holding), []
    if holding.held_back is not None:
        held = {
            number
            for some in in_parts(ids)
            for number in session.scalars(
                select(table.c.id).where(table.c.id.in_(some), holding.held_back())
            )
        }
        if held:
            left_out.append((holding.title, len(held)))
        ids = [number for number in ids if number not in held]
    for name in holding.private:
        written = table.c[name].is_not(None) & (table.c[name] != "")
        count = sum(
            session.scalar(select(func.count()).where(table.c.id.in_(some), written)) or 0
            for some in in_parts(ids)
        )
        if count:
            left_out.append((f"{holding.title}: {heading(name).lower()}", count))
    return ids, left_out


def _columns(holding: Holding, with_private: bool) -> list[Column[Any]]:
    private = holding.private if with_private else ()
    named = (*holding.only, *(one for one in private if one not in holding.only))
    hidden = {*holding.leaves_out, *(() if with_private else holding.private)}
    return [
        column
        for column in table_of(holding).columns
        if (not holding.only or column.name in named)
        and column.name not in hidden
        and not _TECHNICAL.fullmatch(column.name)
    ]


def _read(
    session: Session, holding: Holding, ids: list[int], names: "_Names", with_private: bool
) -> list[dict[str, Any]]:
    columns = _columns(holding, with_private)
    return [
        {
            heading(column.name): names.say(column, value)
            for column, value in zip(columns, row, strict=True)
        }
        for some in in_parts(ids)
        for row in session.execute(
            select(*columns)
            .where(table_of(holding).c.id.in_(some))
            .order_by(table_of(holding).c.id)
        )
    ]


class _Names:
    """Values in plain words: what a number refers to by its title, people by who they are to the
    person, days and times as text."""

    def __init__(self, session: Session, subject: Subject) -> None:
        self._session, self._subject = session, subject
        self._labels = labels()
        self._known: dict[tuple[str, int], str] = {}

    def say(self, column: Column[Any], value: Any) -> Any:
        """A value as an export has it."""
        table = target_of(column)
        if table is not None and value is not None and column.name != "id":
            return self._refer(table, value)
        return _plain(value)

    def _refer(self, table: Table, number: int) -> str | int:
        if table.name == "person":
            return "you" if number == self._subject.person_id else "somebody else"
        if table.name not in self._labels:
            return number
        key = (table.name, number)
        if key not in self._known:
            named = table.c[self._labels[table.name]]
            found = self._session.scalar(select(named).where(table.c.id == number))
            self._known[key] = str(found or f"number {number}")
        return self._known[key]


_AS_TEXT: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (datetime, lambda value: clock.in_london(value).isoformat(sep=" ", timespec="seconds")),
    (date, date.isoformat),
    (Decimal, lambda value: format(value, "f")),
    (bytes, lambda value: f"{len(value)} bytes"),
)


def _plain(value: Any) -> Any:
    for kind, say in _AS_TEXT:
        if isinstance(value, kind):
            return say(value)
    return value
