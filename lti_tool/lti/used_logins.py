"""Logins that a launch has answered: their state and nonce count once, whichever process sees it.

Each is noted for twice as long as its state is believed, so that no clock that is a little ahead
and no launch that is slow finds the note cleared away. Number 0 stands for all logins that began
before a restore, some of which were answered since the backup.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, select, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.db.statements import dialect_of, run
from lti_tool.lti.models import UsedLogin
from lti_tool.lti.states import State

_NOTED: Any = UsedLogin.__table__
_COLUMNS = list(_NOTED.c)
_VALUES = select(
    bindparam("its_login", type_=_NOTED.c.id.type),
    bindparam("its_lapse", type_=_NOTED.c.lapses_at.type),
)
_ALL_BEFORE = 0
LOGIN_LASTS = timedelta(minutes=10)
"""From its beginning until its state is believed no more."""
IS_USED = (
    select(_NOTED.c.id)
    .where(
        _NOTED.c.id.in_((bindparam("its_login", type_=_NOTED.c.id.type), _ALL_BEFORE)),
        _NOTED.c.lapses_at >= bindparam("its_end", type_=_NOTED.c.lapses_at.type),
    )
    .exists()
)
"""Whether a login was answered already."""


def using(dialect: Any, only_if: ColumnElement[bool] | None = None) -> Any:
    """A statement that notes that a state was answered; no row where another launch was faster."""
    condition = true() if only_if is None else only_if  # SQLite needs one before ON CONFLICT
    return (
        dialect.insert(_NOTED)
        .from_select(_COLUMNS, _VALUES.where(condition), include_defaults=False)
        .on_conflict_do_nothing()
        .returning(_NOTED.c.id)
    )


_USE = {"sqlite": using(sqlite), "postgresql": using(postgresql)}


def told_of(state: State) -> dict[str, Any]:
    """The values of `IS_USED`."""
    return {"its_login": state.number, "its_end": state.expires_at}


def said_of(state: State) -> dict[str, Any]:
    """The values of `using`."""
    return {"its_login": state.number, "its_lapse": state.expires_at + LOGIN_LASTS}


def use_login(session: Session, state: State) -> bool:
    """Note that a state was answered; False where another launch was faster."""
    return run(session, _USE[dialect_of(session)], **said_of(state)).first() is not None


def use_all(session: Session) -> None:
    """Let no login count that began before now, as after a restore."""
    session.execute(delete(UsedLogin).where(UsedLogin.id == _ALL_BEFORE))
    session.add(UsedLogin(id=_ALL_BEFORE, lapses_at=clock.now() + LOGIN_LASTS))
