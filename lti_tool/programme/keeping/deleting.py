"""Deleting what has been kept long enough: by hand with a dry run, and daily by the worker.

Rows go before what they refer to. A row that something still refers to waits for it. What is held
back by an open case stays, whatever its time. The audit keeps how many of which went.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Column, Date, Table, select, update
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.db import Database
from lti_tool.db.base import Base
from lti_tool.db.rounds import Rounds
from lti_tool.people import requests
from lti_tool.people.brought import brought_by
from lti_tool.people.models import Grant, Person
from lti_tool.privacy.erasing import delete_rows, in_parts
from lti_tool.privacy.holdings import Holding, Subject, list_holdings, list_objections
from lti_tool.privacy.ways import end_of, leads_to, reaching, table_of, target_of
from lti_tool.programme.keeping.ends import Ends, list_ends
from lti_tool.programme.keeping.terms import PEOPLE, Term, load_retention
from lti_tool.settings import Settings

_rounds = Rounds(timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Gone:
    """How much of one table went, under which term."""

    term: Term
    table: str
    count: int


def carry_out_due(database: Database, settings: Settings) -> None:
    """What the worker does: carry out every term that is switched on, once a day in a process."""
    if not _rounds.begin(database):
        return
    terms = [one for one in load_retention(settings.config_dir).values() if one.is_carried_out]
    with database.write() as session:
        delete_over(session, terms)
    for person_id in list_people_over(database, terms):
        with database.write() as session:
            erase_person(session, person_id)


def delete_over(session: Session, terms: list[Term]) -> list[Gone]:
    """Delete rows whose time is over; people themselves are erased one by one, elsewhere."""
    by_record = {one.record: one for one in terms}
    ends, today = list_ends(session), clock.today()
    held = {one.person_id for one in list_objections(session)}
    places = {table: place for place, table in enumerate(Base.metadata.sorted_tables)}
    gone = []
    for one in sorted(list_holdings(), key=lambda one: -places[table_of(one)]):
        term = by_record.get(one.keeps.record) if one.keeps is not None else None
        if term is None:
            continue
        ids = _over(session, one, ends, term.last_kept(today), held)
        ids = _free(session, table_of(one), ids, unlinks=bool(one.keeps and one.keeps.unlinks))
        delete_rows(session, table_of(one), ids)
        if ids:
            gone.append(Gone(term, table_of(one).name, len(ids)))
    if gone:
        counts: dict[str, int] = {}
        for found in gone:
            counts[found.table] = counts.get(found.table, 0) + found.count
        record(session, "records deleted by time", ("retention", 0), actor="tool", became=counts)
    return gone


def _over(
    session: Session, holding: Holding, ends: Ends, last_kept: date, held: set[int]
) -> list[int]:
    """The numbers of a holding's rows whose time is over, without those of people held back."""
    assert holding.keeps is not None
    table = table_of(holding)
    end = end_of(table, holding.keeps.since)
    target = target_of(end)
    found: set[int] = set()
    for wanted in _conditions(
        end, ends.over(target.name, last_kept) if target is not None else None, last_kept
    ):
        query = select(table.c.id).where(reaching(table, holding.keeps.since, wanted))
        if holding.keeps.where is not None:
            query = query.where(holding.keeps.where())
        found |= set(session.scalars(query))
    if held and isinstance(holding.whose, str) and leads_to(holding) == "person":
        theirs = reaching(table, holding.whose, lambda column: column.in_(held))
        found -= set(session.scalars(select(table.c.id).where(theirs)))
    return sorted(found)


def _conditions(end: Column[Any], over: list[int] | None, last_kept: date) -> Iterator[Any]:
    """What the last column of a way must be, in parts that one statement can take."""
    if over is not None:
        for some in in_parts(over):
            yield lambda column, some=some: column.in_(some)
    elif isinstance(end.type, Date):
        yield lambda column: column < last_kept
    else:
        moment = datetime.combine(last_kept, time(), UTC)
        yield lambda column: column < moment


def _free(session: Session, table: Table, ids: list[int], *, unlinks: bool) -> list[int]:
    """Those of these rows that nothing refers to.

    :param unlinks: references that may be empty are emptied instead.
    """
    free = set(ids)
    for other in Base.metadata.sorted_tables:
        for column in other.columns:
            if other is table or target_of(column) is not table:
                continue
            for some in in_parts(ids):
                if unlinks and column.nullable:
                    session.execute(
                        update(other).where(column.in_(some)).values({column.name: None})
                    )
                else:
                    free -= set(session.scalars(select(column).where(column.in_(some))))
    return sorted(free)


def list_people_over(database: Database, terms: list[Term]) -> list[int]:
    """Whose time is over: not erased yet, with no role given here, with nothing held back."""
    term = next((one for one in terms if one.record == PEOPLE), None)
    if term is None:
        return []
    with database.read() as session:
        over = list_ends(session).over("person", term.last_kept(clock.today()))
        stay = set(session.scalars(select(Grant.person_id).where(Grant.revoked_at.is_(None))))
        stay |= {one.person_id for one in list_objections(session)}
        stay |= set(session.scalars(select(Person.id).where(Person.erased_at.is_not(None))))
        return [number for number in over if number not in stay]


def erase_person(session: Session, person_id: int) -> None:
    """Erase somebody whose time is over."""
    requests.erase(session, Subject(person_id, brought_by(session, person_id)), actor="tool")
