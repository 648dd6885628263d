"""Visits begin: by a launch that uses up its login, or by the one-time code of another visit."""

import hashlib
from datetime import timedelta
from functools import lru_cache
from typing import Any

from itsdangerous import BadSignature, TimestampSigner
from sqlalchemy import and_, bindparam, insert, select
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.core.identifiers import digest, random_token
from lti_tool.db import Database
from lti_tool.db.statements import insert_if_missing, run
from lti_tool.lti.models import Context, Deployment, Registration
from lti_tool.lti.states import State
from lti_tool.lti.used_logins import row_of, use_login, using
from lti_tool.people.models import Person, UsedCode, Visit
from lti_tool.people.visits import LASTS, CurrentVisit, VisitOver
from lti_tool.settings import Settings

_BEGIN = insert(Visit)
_COLUMNS = [one for one in Visit.__table__.c if not one.primary_key]
_IS_THERE = select(Person.id).where(Person.id == bindparam("person_id"), Person.erased_at.is_(None))
"""Erasing leaves the row, without the person."""
_HELD = select(_IS_THERE.with_for_update(read=True, key_share=True).cte("held").c.id)
_BEGIN_BY_LOGIN = (
    insert(Visit)
    .from_select(
        _COLUMNS,
        select(*(bindparam(one.name, type_=one.type) for one in _COLUMNS)).select_from(
            using(_HELD.exists()).cte("now_used")
        ),
        include_defaults=False,
    )
    .returning(Visit.id)
)
"""In one statement, which PostgreSQL knows: the login is used up if the person is there, and the
visit begins if the login could be used up."""
_FULL_WIDTH_LASTS_S = int(timedelta(hours=4).total_seconds())


def _drawn(values: dict[str, Any]) -> tuple[str, str, dict[str, Any]]:
    """Handle and secret of a new visit, and its row."""
    handle, secret = random_token(22), random_token()
    now = clock.now()
    drawn = {"handle": handle, "secret_digest": digest(secret)}
    return handle, secret, {**values, **drawn, "started_at": now, "ends_at": now + LASTS}


def begin(session: Session, values: dict[str, Any]) -> tuple[str, str]:
    """Begin a visit.

    :param values: the row's columns but for handle, secret and times.
    :return: the handle for the address and the secret for the cookie.
    """
    handle, secret, row = _drawn(values)
    run(session, _BEGIN, **row)
    return handle, secret


def begin_by_login(
    database: Database, state: State, values: dict[str, Any]
) -> tuple[str, str] | None:
    """Use up a login and begin the visit that it was for: both or neither.

    :param state: the login's.
    :param values: as for `begin`.
    :return: handle and secret; None where another launch used up the login, or the person was
        erased since they were looked for: then nothing was done.
    """
    handle, secret, row = _drawn(values)
    if not database.is_sqlite:
        is_begun = database.do(_BEGIN_BY_LOGIN, **row_of(state), **row).first() is not None
        return (handle, secret) if is_begun else None
    with database.write() as session:
        is_there = run(session, _IS_THERE, person_id=values["person_id"]).first() is not None
        if not (is_there and use_login(session, state)):
            return None
        run(session, _BEGIN, **row)
    return handle, secret


@lru_cache(maxsize=4)
def _signer(secret_key: str) -> TimestampSigner:
    return TimestampSigner(secret_key, salt="full-width", digest_method=hashlib.sha256)


def full_width_code(settings: Settings, visit: CurrentVisit) -> str:
    """A one-time code that opens this visit in a window of its own. Kept nowhere until used."""
    return _signer(settings.secret_key).sign(f"{visit.id}-{random_token(16)}").decode()


def use_full_width_code(session: Session, settings: Settings, code: str) -> tuple[str, str]:
    """Use a code up and begin a second visit, of the same person at the same place.

    :return: handle and secret of the new visit.
    :raises VisitOver: the code is wrong, used or too old, or its visit has ended.
    """
    over = VisitOver("This window could not be opened: its code has been used or is too old.")
    try:
        signed = _signer(settings.secret_key).unsign(code, max_age=_FULL_WIDTH_LASTS_S)
        visit_id = int(signed.decode().partition("-")[0])
    except (BadSignature, ValueError):
        raise over from None
    now = clock.now()
    used = {"code_digest": digest(code), "lapses_at": now + LASTS}
    if insert_if_missing(session, UsedCode, ["code_digest"], used) is None:
        raise over
    old = session.execute(
        select(Visit, and_(Registration.is_enabled, Deployment.is_enabled).label("is_enabled"))
        .join(Registration, Registration.id == Visit.registration_id)
        .join(Context, Context.id == Visit.context_id)
        .join(Deployment, Deployment.id == Context.deployment_id)
        .where(Visit.id == visit_id)
    ).first()
    if old is None or old.Visit.ends_at <= now or not old.is_enabled:
        raise over
    copied = (
        "person_id",
        "registration_id",
        "context_id",
        "resource_link_id",
        "roles",
        "is_preview",
        "return_url",
        "deep_linking",
    )
    return begin(session, {name: getattr(old.Visit, name) for name in copied})
