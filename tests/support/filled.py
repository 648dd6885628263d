"""A row in every table for one person, each text of it marked as theirs.

For tests of export, erasing and retention: what is left anywhere of a person is found by the mark,
whichever table a later change adds.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, Column, Date, Integer, LargeBinary, Table, insert, select, update
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.db import Base
from lti_tool.db.types import Document, Exact, Moment, Words

COMMON = (
    "access_token",
    "assignment",
    "attempts",
    "checklist",
    "cohort",
    "context",
    "course_session",
    "deployment",
    "evidence_file",
    "invitation",
    "key_set",
    "line_item",
    "platform",
    "programme",
    "programme_module",
    "registration",
    "resource_link",
    "roster",
    "rubric_version",
    "rules_version",
    "school",
    "used_code",
    "used_login",
    "waiting_login",
    "comparison",
    "framework_version",
    "framework_choice",
    "module_run",
    "moderation",
    "scheduled_release",
)
"""Tables of which everybody shares a row: courses and what belongs to them."""
_OWN = ("person_id", "owner_id", "added_by_id")
"""Columns that say whose a row is; other keys to people say who did it."""
_OF_OTHERS = ("examiner_comment", "checklist_comment", "checklist_step")
"""Tables whose outsider no participant has brought."""
_SPECIAL: dict[str, dict[str, Any]] = {
    "person": {"erased_at": None},
    "delivery": {"state": "waiting", "lease": None},
    "message": {"state": "waiting", "guest_id": None, "lease": None},
    "audit_entry": {"subject_kind": "submission"},
    "guest_link": {"subject_kind": "mentorship", "subject_id": 0, "revoked_at": None},
    "guest_signature": {"erased_at": None},
    "confirmation": {"answer": "yes", "broken_at": None},
    "hold": {"kind": "appeal"},  # lifted: an open one forbids erasing
    "release": {"taken_back_at": None},
    "handed_in_copy": {"taken_back_at": None},
    "assignment": {"activity": "provision-map-audit", "board_on": None, "due_at": None},
}


@dataclass
class Filled:
    """What was written for one person: the row's number by table."""

    mark: str
    rows: dict[str, int] = field(default_factory=dict)

    @property
    def person_id(self) -> int:
        """The person."""
        return self.rows["person"]


def fill_common(session: Session) -> Filled:
    """What everybody shares, and a tutor who did all that somebody must have done."""
    made = Filled("common")
    tutor = _write(session, Base.metadata.tables["person"], made, {"platform"}, made)
    made.rows["tutor"] = tutor
    made.rows["guest"] = _write(
        session, Base.metadata.tables["guest"], made, {"registration"}, made
    )
    for table in Base.metadata.sorted_tables:
        if table.name in COMMON and table.name not in made.rows:
            made.rows[table.name] = _write(session, table, made, set(), made)
    return made


def fill_person(session: Session, mark: str, common: Filled) -> Filled:
    """One row of every table that has people, about somebody new."""
    made = Filled(mark)
    for table in Base.metadata.sorted_tables:
        if table.name not in COMMON:
            made.rows[table.name] = _write(session, table, made, set(), common)
    _point(session, "guest_link", made, subject_id=made.rows["mentorship"])
    _point(session, "audit_entry", made, subject_id=made.rows["submission"])
    return made


def _point(session: Session, name: str, made: Filled, **values: Any) -> None:
    table = Base.metadata.tables[name]
    session.execute(update(table).where(table.c.id == made.rows[name]).values(values))


def _write(session: Session, table: Table, made: Filled, needs: set[str], common: Filled) -> int:
    for name in needs - set(common.rows):
        common.rows[name] = _write(session, Base.metadata.tables[name], common, set(), common)
    special = _SPECIAL.get(table.name, {})
    values = {
        column.name: special[column.name]
        if column.name in special
        else _value(column, made, common)
        for column in table.columns
        if not column.primary_key
    }
    number = session.execute(insert(table).values(values)).inserted_primary_key[0]
    made.rows[table.name] = int(number)
    return int(number)


def _value(column: Column[Any], made: Filled, common: Filled) -> Any:
    for key in column.foreign_keys:
        return _reference(column, key.column.table.name, made, common)
    kind = column.type
    if isinstance(kind, Words):
        return f"{made.mark}-{column.table.name}-{column.name}"[: kind.limit]
    if isinstance(kind, Moment):
        return clock.now()
    if isinstance(kind, Date):
        return clock.today()
    if kind is Document or isinstance(kind, type(Document)):
        return {"text": f"{made.mark}-{column.table.name}-{column.name}"}
    return _number(kind, column, made)


def _number(kind: Any, column: Column[Any], made: Filled) -> Any:
    if isinstance(kind, Exact):
        return Decimal(50)
    if isinstance(kind, Boolean):
        return True
    if isinstance(kind, LargeBinary):
        return f"{made.mark}-bytes".encode()
    if isinstance(kind, Integer):
        return 1
    raise LookupError(f"{column.table.name}.{column.name}: {kind}")


def _reference(column: Column[Any], target: str, made: Filled, common: Filled) -> int | None:
    if target == column.table.name:
        return None
    if target == "person":
        return (
            made.rows["person"]
            if column.name in _OWN and made is not common
            else common.rows["tutor" if "tutor" in common.rows else "person"]
        )
    if column.table.name in _OF_OTHERS and target == "guest":
        return common.rows["guest"]
    if target in made.rows:
        return made.rows[target]
    return common.rows.get(target)


def places_of(session: Session, mark: str) -> set[str]:
    """Where in the whole database a mark still stands: "table.column"."""
    found = set()
    for table in Base.metadata.sorted_tables:
        for row in session.execute(select(table)).mappings():
            found |= {
                f"{table.name}.{name}" for name, value in row.items() if f"{mark}-" in str(value)
            }
    return found


def count_rows(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, to hold two moments against each other."""
    return {
        table.name: [tuple(row) for row in session.execute(select(table).order_by(table.c.id))]
        for table in Base.metadata.sorted_tables
    }
