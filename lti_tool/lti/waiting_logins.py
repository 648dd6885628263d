"""Logins that wait, in a frame, until it is known that the browser keeps our cookie.

The platform's hint is good once, so it stays here unspent meanwhile, and in no address.
"""

from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.core.identifiers import SPELT_LENGTH, digest, number_of, random_token, same
from lti_tool.db import Database
from lti_tool.db.statements import NEED_NOT_LAST, AnyRow, place_like
from lti_tool.lti import limits
from lti_tool.lti.errors import LaunchRefused
from lti_tool.lti.login_registration import must_be_open
from lti_tool.lti.models import Registration, WaitingLogin
from lti_tool.web.logs import carry

_COLUMNS = list(WaitingLogin.__table__.c)
_KEEP = (
    insert(WaitingLogin)
    .from_select(
        _COLUMNS,
        select(*(place_like(one, one.name) for one in _COLUMNS)).where(
            limits.IS_UNDER_LIMIT, NEED_NOT_LAST
        ),
        include_defaults=False,
    )
    .returning(WaitingLogin.id)
)
"""Kept unless the browser's address has too many that wait. Where a power failure takes it away,
the launch is refused and is begun again."""

_STILL_WAITING = (
    WaitingLogin.id == bindparam("its_id"),
    WaitingLogin.binding_digest == bindparam("its_digest"),
)
"""The login is as it was read a moment ago. Else a browser that is just being sent on, and another
that is just being bound, could both have it, and the first could finish the launch in the second.
"""
_END = delete(WaitingLogin).where(*_STILL_WAITING).returning(WaitingLogin.id)
_REBIND = (
    update(WaitingLogin)
    .where(*_STILL_WAITING)
    .values(binding_digest=bindparam("new_digest"))
    .returning(WaitingLogin.id)
)


def keep_waiting(database: Database, reference: str, row: dict[str, Any]) -> None:
    """Let a login wait.

    :param row: its columns but for number and reference, and the other values of
        `limits.IS_UNDER_LIMIT`.
    :raises LaunchRefused: `logins_unfinished`: the browser's address has too many that wait.
    """
    number = number_of(reference[:SPELT_LENGTH])
    kept = database.do(_KEEP, **row, id=number, reference=reference).first()
    if kept is None:
        with database.read() as reading:
            raise limits.unfinished(reading, row["place_digest"], row["since"])


def find_waiting(session: Session, reference: str) -> AnyRow:
    """A login whose hint is not spent yet, with what its registration says of the way on.

    :raises LaunchRefused: the login is unknown, too old, or its hint was already spent; or its
        registration was closed meanwhile.
    """
    number = number_of(reference[:SPELT_LENGTH])
    if number is None:
        raise LaunchRefused("state_unknown")
    carry(launch=reference)
    row = session.execute(
        select(
            *WaitingLogin.__table__.c,
            Registration.platform_id,
            Registration.auth_login_url,
            Registration.client_id,
            Registration.is_enabled,
            Registration.is_approved,
        )
        .join(Registration, Registration.id == WaitingLogin.registration_id)
        .where(WaitingLogin.id == number, WaitingLogin.expires_at > clock.now())
    ).first()
    if row is None or not same(row.reference, reference):
        raise LaunchRefused("state_unknown")
    must_be_open(row)
    return row


def is_bound(row: AnyRow, binding: str | None) -> bool:
    """Whether a cookie proves the browser that a waiting login is bound to."""
    return binding is not None and digest(binding) == row.binding_digest


def _do(database: Database, change: Any, row: AnyRow, **values: str) -> None:
    named = {"its_id": row.id, "its_digest": row.binding_digest}
    if database.do(change, **named, **values).first() is None:
        raise LaunchRefused("state_unknown", "another window was faster")


def end_waiting(database: Database, row: AnyRow) -> None:
    """The hint is spent now.

    :raises LaunchRefused: another window was faster.
    """
    _do(database, _END, row)


def rebind(database: Database, row: AnyRow) -> str:
    """Tie a waiting login to the window that asks now; the hint is still unspent.

    :return: the new cookie's value; the old one proves nothing any more.
    :raises LaunchRefused: another window was faster.
    """
    binding = random_token()
    _do(database, _REBIND, row, new_digest=digest(binding))
    return binding
