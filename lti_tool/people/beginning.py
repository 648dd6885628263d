"""Visits begin: by a launch that uses up its login, or by the one-time code of another visit."""

import hashlib
from datetime import timedelta
from functools import cache, lru_cache
from typing import Any

from itsdangerous import BadSignature, TimestampSigner
from sqlalchemy import insert, select, true
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.core.identifiers import digest, keyed, random_token
from lti_tool.db import Database
from lti_tool.db.statements import insert_if_missing, place_like, run
from lti_tool.lti.login_registration import IS_OPEN
from lti_tool.lti.models import Context, Deployment, Registration
from lti_tool.lti.states import State
from lti_tool.lti.used_logins import noted, use_login, using
from lti_tool.people.models import Person, UsedCode, Visit
from lti_tool.people.visits import LASTS, CurrentVisit, VisitOver
from lti_tool.settings import Settings

_BEGIN = insert(Visit)
_COLUMNS = [one for one in Visit.__table__.c if not one.primary_key]
_FULL_WIDTH_LASTS_S = int(timedelta(hours=4).total_seconds())


def _drawn(values: dict[str, Any]) -> tuple[str, str, dict[str, Any]]:
    """Handle and secret of a new visit, and its row."""
    handle, secret = values.get("handle") or random_token(22), random_token()
    now = clock.now()
    drawn = {"handle": handle, "secret_digest": digest(secret)}
    return handle, secret, {**values, **drawn, "started_at": now, "ends_at": now + LASTS}


def begin(session: Session, values: dict[str, Any]) -> tuple[str, str]:
    """Begin a visit.

    :param values: the row's columns but for secret and times; a handle only where it is not to be
        drawn.
    :return: the handle for the address and the secret for the cookie.
    """
    handle, secret, row = _drawn(values)
    run(session, _BEGIN, **row)
    return handle, secret


@cache
def _beginning_by_login(where: Any) -> Any:
    """In one statement, which PostgreSQL knows: the login is used up if there is such a place, and
    the visit begins if the login could be used up. Whoever erases the person waits meanwhile."""
    held = where.with_for_update(read=True, key_share=True, of=Person).cte("held")
    now_used = using("postgresql", select(held.c[0]).exists()).cte("now_used")
    values = (
        held.c[one.name] if one.name in held.c else place_like(one, one.name) for one in _COLUMNS
    )
    begun = select(*values).select_from(held.join(now_used, true()))
    return insert(Visit).from_select(_COLUMNS, begun, include_defaults=False).returning(Visit.id)


def begin_by_login(
    database: Database, state: State, where: Any, named: dict[str, Any], values: dict[str, Any]
) -> tuple[str, str] | None:
    """Use up a login and begin the visit that it was for: both or neither.

    :param state: the login's.
    :param where: a query for the one row whose columns are the visit's person and place.
    :param named: its values.
    :param values: as for `begin`, without what `where` gives.
    :return: handle and secret; None where there is no such row, or the login was used up already:
        then nothing was done.
    """
    handle, secret, row = _drawn(values)
    if not database.is_sqlite:
        given = {**named, **noted(state), **row}
        is_begun = database.do(_beginning_by_login(where), **given).first() is not None
        return (handle, secret) if is_begun else None
    with database.write() as session:
        place = run(session, where, **named).first()
        if place is None or not use_login(session, state):
            return None
        run(session, _BEGIN, **row, **place._asdict())
    return handle, secret


@lru_cache(maxsize=4)
def _signer(secret_key: str) -> TimestampSigner:
    return TimestampSigner(secret_key, salt="full-width", digest_method=hashlib.sha256)


def full_width_code(settings: Settings, visit: CurrentVisit) -> str:
    """A code that opens this visit in a window of its own, which counts in one browser. Kept
    nowhere until used."""
    return _signer(settings.secret_key).sign(f"{visit.id}-{random_token(16)}").decode()


def _handle_by_code(settings: Settings, signed: str) -> str:
    """The handle of the visit that a code begins. It follows from the code, so that nothing need
    be kept for whoever opens that window once more."""
    return keyed(settings.secret_key, f"full-width:{signed}").hex()[:32]


def use_full_width_code(session: Session, settings: Settings, code: str) -> tuple[str, str | None]:
    """Use a code up and begin a second visit, of the same person at the same place.

    :return: handle and secret of that visit; no secret where the code was used already, so that
        only the browser which has it gets in.
    :raises VisitOver: the code is wrong or too old, or its visit has ended.
    """
    over = VisitOver("This window could not be opened: its page has been open for too long.")
    try:
        signed = _signer(settings.secret_key).unsign(code, max_age=_FULL_WIDTH_LASTS_S).decode()
        visit_id = int(signed.partition("-")[0])
    except (BadSignature, ValueError):
        raise over from None
    now = clock.now()
    # Of what was signed: a signature is read however it is spelt, and each would count anew.
    used = {"code_digest": digest(signed), "lapses_at": now + LASTS}
    handle = _handle_by_code(settings, signed)
    if insert_if_missing(session, UsedCode, ["code_digest"], used) is None:
        return handle, None
    old = session.execute(
        select(Visit, IS_OPEN.label("is_open"))
        .join(Registration, Registration.id == Visit.registration_id)
        .join(Context, Context.id == Visit.context_id)
        .join(Deployment, Deployment.id == Context.deployment_id)
        .where(Visit.id == visit_id)
    ).first()
    if old is None or old.Visit.ends_at <= now or not old.is_open:
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
    row = {name: getattr(old.Visit, name) for name in copied}
    return begin(session, {**row, "handle": handle})
