"""Logins that a launch has answered: their state and nonce count once, whichever process sees it.

Each is noted for twice as long as its state is believed, so that no clock that is a little ahead
and no launch that is slow finds the note cleared away. Number 0 stands for all logins that began
before a restore, some of which were answered since the backup.
"""

from typing import Any

from sqlalchemy import ColumnElement, delete, select, true
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.db.statements import DIALECTS, dialect_of, insert_into, place_like, run
from lti_tool.lti.models import UsedLogin
from lti_tool.lti.states import LOGIN_LASTS, State

_NOTED: Any = UsedLogin.__table__
_COLUMNS = list(_NOTED.c)
_ALL_BEFORE = 0
_IS_LATER = _NOTED.c.lapses_at >= place_like(_NOTED.c.lapses_at, "its_end")
_IS_FROM_BEFORE = select(_NOTED.c.id).where(_NOTED.c.id == _ALL_BEFORE, _IS_LATER).exists()
_IS_USED = select(_NOTED.c.id).where(
    _NOTED.c.id.in_((place_like(_NOTED.c.id, "its_login"), _ALL_BEFORE)), _IS_LATER
)


def using(dialect_name: str, condition: ColumnElement[bool]) -> Any:
    """The statement that notes a login as answered, if a condition holds. It gives no row where
    that does not hold, or the login was answered already.

    Its values are those of `noted`.
    """
    values = select(*(place_like(one, one.name) for one in _COLUMNS))
    return (
        insert_into(dialect_name, _NOTED)
        .from_select(_COLUMNS, values.where(condition, ~_IS_FROM_BEFORE), include_defaults=False)
        .on_conflict_do_nothing()
        .returning(_NOTED.c.id)
    )


_USE = {name: using(name, true()) for name in DIALECTS}


def noted(state: State) -> dict[str, Any]:
    """What `using` notes of a state."""
    ends_at = state.expires_at
    return {"id": state.number, "lapses_at": ends_at + LOGIN_LASTS, "its_end": ends_at}


def use_login(session: Session, state: State) -> bool:
    """Note that a state was answered; False where it was so already."""
    return run(session, _USE[dialect_of(session)], **noted(state)).first() is not None


def is_used(session: Session, state: State) -> bool:
    """Whether a state was answered already."""
    about = {"its_login": state.number, "its_end": state.expires_at}
    return run(session, _IS_USED, **about).first() is not None


def use_all(session: Session) -> None:
    """Let no login count that began before now, as after a restore."""
    session.execute(delete(UsedLogin).where(UsedLogin.id == _ALL_BEFORE))
    session.add(UsedLogin(id=_ALL_BEFORE, lapses_at=clock.now() + LOGIN_LASTS))
