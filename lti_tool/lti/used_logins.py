"""Logins that a launch has answered: their state and nonce count once, whichever process sees it.

Each is noted for twice as long as its state is believed, so that no clock that is a little ahead
and no launch that is slow finds the note cleared away. Number 0 stands for all logins that began
before a restore, some of which were answered since the backup.
"""

from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.db.statements import insert_if_missing
from lti_tool.lti.models import UsedLogin
from lti_tool.lti.states import LOGIN_LASTS, State

_NOTED: Any = UsedLogin.__table__
_COLUMNS = list(_NOTED.c)
_ALL_BEFORE = 0
IS_USED = (
    select(_NOTED.c.id)
    .where(
        _NOTED.c.id.in_((bindparam("its_login", type_=_NOTED.c.id.type), _ALL_BEFORE)),
        _NOTED.c.lapses_at >= bindparam("its_end", type_=_NOTED.c.lapses_at.type),
    )
    .exists()
)
"""Whether a login was answered already."""


def using(condition: ColumnElement[bool]) -> Any:
    """PostgreSQL's statement that notes what `row_of` gives, if a condition holds; no row where
    another launch was faster, as for `use_login`."""
    values = select(*(bindparam(one.name, type_=one.type) for one in _COLUMNS)).where(condition)
    return (
        postgresql.insert(_NOTED)
        .from_select(_COLUMNS, values, include_defaults=False)
        .on_conflict_do_nothing()
        .returning(_NOTED.c.id)
    )


def told_of(state: State) -> dict[str, Any]:
    """The values of `IS_USED`."""
    return {"its_login": state.number, "its_end": state.expires_at}


def row_of(state: State) -> dict[str, Any]:
    """The note that a state was answered."""
    return {"id": state.number, "lapses_at": state.expires_at + LOGIN_LASTS}


def use_login(session: Session, state: State) -> bool:
    """Note that a state was answered; False where another launch was faster."""
    return insert_if_missing(session, UsedLogin, ["id"], row_of(state)) is not None


def use_all(session: Session) -> None:
    """Let no login count that began before now, as after a restore."""
    session.execute(delete(UsedLogin).where(UsedLogin.id == _ALL_BEFORE))
    session.add(UsedLogin(id=_ALL_BEFORE, lapses_at=clock.now() + LOGIN_LASTS))
