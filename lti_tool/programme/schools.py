"""Schools that participants work at or visit, as one registration knows them.

A URN (unique reference number) is validated by its shape alone: the register of schools gives
out plain numbers, and no check digit is published for them. So a mistyped number can be that of
another school, and the name given with it is shown wherever the number is.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.db.statements import AnyRow, insert_if_missing
from lti_tool.programme.models import School

_URN = re.compile(r"[1-9][0-9]{5}", re.ASCII)
_MOST_SUGGESTED = 10


@dataclass(frozen=True, slots=True)
class SchoolRead:
    """A school as pages need it."""

    id: int
    urn: str | None
    name: str
    phase: str
    kind: str


SCHOOL = (School.id, School.urn, School.name, School.phase, School.kind)


def read_school(row: AnyRow) -> SchoolRead:
    """A school from the columns of `SCHOOL`, which come last in a row."""
    return SchoolRead(*tuple(row)[-len(SCHOOL) :])


def check_urn(text: str) -> str | None:
    """A sentence where a text cannot be a URN, or None where it has the shape of one.

    Empty is no URN and no error: not every school's number is known.
    """
    typed = text.strip()
    if not typed or _URN.fullmatch(typed):
        return None
    digits = sum(sign.isdigit() for sign in typed)
    if typed.isdigit() and digits in (7, 8):
        return (
            "A URN has six digits; a number of seven or eight digits is another one, such as a "
            "teacher’s or a provider’s. Look the URN up on get-information-schools.service.gov.uk."
        )
    return "Enter the URN as six digits, such as 116123, or leave it empty if you do not know it."


def keep_school(
    session: Session, registration_id: int, *, urn: str | None, name: str, phase: str, kind: str
) -> int:
    """The row number of a school, made where it is new.

    A school is known by its URN; without one by its name, whatever its capitals. What is said of
    a known school fills in what was empty and never changes what somebody else wrote.
    """
    values = {
        "registration_id": registration_id,
        "urn": urn or None,
        "name": name,
        "phase": phase,
        "kind": kind,
        "created_at": clock.now(),
    }
    known = _find_known(session, registration_id, urn, name)
    if known is None and urn:
        made = insert_if_missing(session, School, (), values)
        if made is not None:
            return made
        known = _find_known(session, registration_id, urn, name)
    if known is None:
        school = School(**values)
        session.add(school)
        session.flush()
        return school.id
    filled = {
        column: new
        for column, old, new in (("phase", known.phase, phase), ("kind", known.kind, kind))
        if new and not old
    }
    if filled:
        session.execute(update(School).where(School.id == known.id).values(**filled))
    return known.id


def _find_known(
    session: Session, registration_id: int, urn: str | None, name: str
) -> SchoolRead | None:
    query = select(*SCHOOL).where(School.registration_id == registration_id)
    if urn:
        query = query.where(School.urn == urn)
    else:
        query = query.where(School.urn.is_(None), func.lower(School.name) == name.lower())
    row = session.execute(query.order_by(School.id).limit(1)).first()
    return None if row is None else read_school(row)


def find_school(session: Session, school_id: int | None, registration_id: int) -> SchoolRead | None:
    """One school of a registration, or None."""
    return schools_of(session, registration_id, [school_id or 0]).get(school_id or 0)


def schools_of(session: Session, registration_id: int, ids: Iterable[int]) -> dict[int, SchoolRead]:
    """Schools of a registration by row number, in one query."""
    rows = session.execute(
        select(*SCHOOL).where(School.registration_id == registration_id, School.id.in_(set(ids)))
    )
    return {row.id: read_school(row) for row in rows}


def suggest(session: Session, registration_id: int, text: str) -> list[SchoolRead]:
    """Schools known already whose name or URN begins like a text, by name; none for less than
    three signs, so that nobody reads the whole list out of it."""
    typed = " ".join(text.split()).lower()
    if len(typed) < 3:
        return []
    sought = typed.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    rows = session.execute(
        select(*SCHOOL)
        .where(
            School.registration_id == registration_id,
            func.lower(School.name).like(f"{sought}%", escape="\\") | (School.urn == typed),
        )
        .order_by(func.lower(School.name), School.id)
        .limit(_MOST_SUGGESTED)
    )
    return [read_school(row) for row in rows]
