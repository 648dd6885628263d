"""Claiming due rows under a lease, so that a killed worker's row is taken up by another.

The same few lines serve SQLite and PostgreSQL: SKIP LOCKED is left out on SQLite, where a
write transaction is alone anyway.
"""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.sql.expression import Executable

from lti_tool.core import clock
from lti_tool.core.identifiers import random_token
from lti_tool.db import Database
from lti_tool.db.statements import run
from lti_tool.db.types import Moment, Words

LONGEST_PAUSE = timedelta(hours=1, minutes=10)
"""Longer than any pause before another try: what is due later was put off by a wrong clock."""


class Leased:
    """Columns of a row that workers claim."""

    due_at: Mapped[datetime] = mapped_column(Moment)
    """Not to be tried before."""
    lease: Mapped[str | None] = mapped_column(Words(40))
    """The claim in force: only its holder may settle the row."""
    leased_until: Mapped[datetime | None] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column()


@lru_cache(maxsize=32)
def _claim_statement(table: Any, wanted: ColumnElement[bool]) -> Executable:
    """Built once for each kind of work: finds the rows that are due and takes them, in one step.
    What is found is locked as it is found, so the database looks once."""
    rows = table.__table__
    free = or_(table.leased_until.is_(None), table.leased_until <= bindparam("claimed_at"))
    due = (
        select(table.id)
        .where(and_(wanted, table.due_at <= bindparam("claimed_at"), free))
        .order_by(table.due_at, table.id)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    return (
        update(rows)
        .where(rows.c.id.in_(select(due.c.id)))
        .values(
            lease=bindparam("new_lease"), leased_until=bindparam("ends"), tries=rows.c.tries + 1
        )
        .returning(rows.c.due_at, rows.c.id)
    )


def claim(
    session: Session,
    table: Any,
    wanted: ColumnElement[bool],
    *,
    lease_for: timedelta,
    limit: int,
    lease: str | None = None,
    **values: Any,
) -> tuple[str, list[int]]:
    """Claim up to `limit` due rows that no one holds; the caller commits before working.

    :param table: a mapped class with `Leased`.
    :param wanted: which rows count as open; built once, with a `bindparam` for each of `values`.
    :param lease_for: how long the claim holds if the worker is never heard of again.
    :param lease: claim under this one, which the caller holds already; else under a new one.
    :return: the lease and the row numbers claimed under it, earliest due first.
    """
    now = clock.now()
    lease = lease or random_token(22)
    taken = run(
        session,
        _claim_statement(table, wanted),
        claimed_at=now,
        most=limit,
        new_lease=lease,
        ends=now + lease_for,
        **values,
    )
    return lease, [row.id for row in sorted(taken, key=lambda row: (row.due_at, row.id))]


def next_due(session: Session, table: Any, wanted: ColumnElement[bool]) -> datetime | None:
    """When the first open row can be claimed; None where there is none.

    Each row counts from its due time or the end of its lease, whichever is later: a row that
    another worker holds must not hide one that falls due sooner.
    """
    ready_at = case((table.leased_until > table.due_at, table.leased_until), else_=table.due_at)
    first: datetime | None = session.scalar(select(func.min(ready_at)).where(wanted))
    return first


@lru_cache(maxsize=32)
def _astray(table: Any, wanted: ColumnElement[bool]) -> Executable:
    latest: BindParameter[datetime] = bindparam("latest")
    return (
        select(table.id)
        .where(wanted, or_(table.due_at > latest, table.leased_until > latest))
        .limit(1)
    )


def bring_back(database: Database, table: Any, wanted: ColumnElement[bool]) -> None:
    """Make due at once what was put off while this machine's clock was hours ahead, and end
    claims of that time; without this they would wait until those hours have passed.

    :param table: one whose rows are due when they are made, or after a pause.
    :param wanted: which rows count as open; built once.
    """
    now = clock.now()
    latest = now + LONGEST_PAUSE
    with database.read() as session:
        if run(session, _astray(table, wanted), latest=latest).first() is None:
            return
    with database.write() as session:
        session.execute(
            update(table)
            .where(wanted, or_(table.due_at > latest, table.leased_until > latest))
            .values(due_at=now, lease=None, leased_until=None)
            .execution_options(synchronize_session=False)
        )


def let_go(session: Session, table: Any, lease: str) -> None:
    """Give up what is still held under a lease, untried, for any worker to claim."""
    session.execute(
        update(table)
        .where(table.lease == lease)
        .values(lease=None, leased_until=None, tries=table.tries - 1)
        .execution_options(synchronize_session=False)
    )
