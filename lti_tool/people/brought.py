"""Which outsiders only one person has brought: hosts, a mentor, a head whom nobody else knows."""

from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from lti_tool.people.models import GuestLink
from lti_tool.privacy.erasing import in_parts
from lti_tool.privacy.holdings import Subject, list_holdings
from lti_tool.privacy.ways import leads_to, reaching, rows_of, table_of, target_of


def brought_by(session: Session, person_id: int) -> tuple[int, ...]:
    """Row numbers of the guests whom a person has brought and nobody else knows.

    Candidates come from the person's rows, and fall out where a row of somebody else names them,
    or where a link of theirs is to what is not the person's.
    """
    subject = Subject(person_id)
    naming = [(one, way) for one in list_holdings() for way in one.guests]
    found: set[int] = set()
    for one, way in naming:
        found |= _named(
            session, table_of(one), way, list(session.scalars(rows_of(session, one, subject)))
        )
    for one, way in naming:
        if found and isinstance(one.whose, str):
            others = ~reaching(table_of(one), one.whose, lambda column: column == person_id)
            found -= _naming(session, table_of(one), way, found, others)
    for one in list_holdings():
        if found and one.ties and isinstance(one.whose, str):
            found -= _naming(session, table_of(one), one.whose, found)
    return tuple(sorted(found - _with_other_links(session, subject, found)))


def _named(session: Session, table: Table, way: str, ids: list[int]) -> set[int]:
    """The guests to whom a way leads from rows by number."""
    *steps, last = way.split(".")
    source: Any = table
    current = table
    for name in steps:
        further = target_of(current.c[name])
        if further is None:
            raise LookupError(f"{current.name}.{name} refers to no table.")
        source = source.join(further, current.c[name] == further.c.id)
        current = further
    named = select(current.c[last]).select_from(source)
    return {
        guest_id
        for some in in_parts(ids)
        for guest_id in session.scalars(named.where(table.c.id.in_(some)))
        if guest_id is not None
    }


def _naming(session: Session, table: Table, way: str, guest_ids: set[int], *also: Any) -> set[int]:
    """Which of these guests rows of a table name."""
    condition = reaching(table, way, lambda column: column.in_(guest_ids))
    ids = list(session.scalars(select(table.c.id).where(condition, *also)))
    return _named(session, table, way, ids) & guest_ids


def _with_other_links(session: Session, subject: Subject, guest_ids: set[int]) -> set[int]:
    """Which of these guests have a link to what is not the person's, such as an examiner's."""
    links = session.execute(
        select(GuestLink.guest_id, GuestLink.subject_kind, GuestLink.subject_id).where(
            GuestLink.guest_id.in_(guest_ids)
        )
    ).all()
    own: set[tuple[str, int]] = set()
    for one in list_holdings():
        if leads_to(one) == "person" and not one.is_act:
            name = table_of(one).name
            if any(row.subject_kind == name for row in links):
                own |= {
                    (name, number) for number in session.scalars(rows_of(session, one, subject))
                }
    return {row.guest_id for row in links if (row.subject_kind, row.subject_id) not in own}
