"""How often something may be refused to one place in a minute, before the answer is 429.

Only refusals are counted, and logins in frames for as long as they wait to be sent on: a campus
shares one address, so a valid launch is never held up. Counts lie in the database, so that every
process agrees, under a keyed digest, so that no address is kept. Once a place is over its limit
nothing more is written for it. Logins that wait are rows of their own and are counted where they
lie: a count that a whole campus shares was one row that all its launches waited for.
"""

import ipaddress
from datetime import datetime, timedelta
from typing import Any

from flask import request
from sqlalchemy import Integer, bindparam, case, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.core.identifiers import keyed
from lti_tool.db import Database
from lti_tool.db.statements import DIALECTS, insert_into, place_like, run
from lti_tool.lti.errors import LaunchRefused
from lti_tool.lti.models import Attempts, WaitingLogin
from lti_tool.settings import Settings
from lti_tool.web.logs import log

WINDOW = timedelta(minutes=1)
LAUNCHES, CODES, VISITS, REGISTRATIONS = "launch", "code", "visit", "registration"
OFFERS, LOGINS, LINKS = "offer", "login", "link"
CONFIRMS, SIGN_INS = "confirm", "sign in"
"""What is counted: refused logins and launches; wrong one-time codes; wrong visit cookies and
handles; posts of the registration page; openings of it, each of which makes us call an address;
logins that wait in a frame; guest links that were never given; wrong codes of a
host who confirms a visit, after which no code is looked at until the minute is over; sign-ins of
staff that went no further, after which the provider is not asked until then."""
CHECKS = "check"
"""Also counted: checks of one registration's connection, which are acts and no refusals."""
CHECKS_PER_MINUTE = 4
_TIMES = {LAUNCHES: 1, CODES: 1, VISITS: 10, REGISTRATIONS: 1, OFFERS: 1, LOGINS: 50, LINKS: 1}
_TIMES |= {CONFIRMS: 1, SIGN_INS: 1}
"""Of `REFUSALS_PER_MINUTE`. More for visits: after a lunch break a whole course's old pages ask.
Far more for logins: a whole campus may open frames at one moment, each a row until its probe."""
_TIMES_FOR_ALL = 20
"""The same for all addresses of one registration together."""
_COUNTED: Any = Attempts.__table__
_OVER = select(Attempts.window_began_at, Attempts.count.label("refused")).where(
    Attempts.place_digest == bindparam("its_place")
)
_OF_PLACE = (
    WaitingLogin.place_digest == bindparam("place_digest"),
    WaitingLogin.expires_at > place_like(WaitingLogin.expires_at, "since"),
)
IS_UNDER_LIMIT = select(func.count()).select_from(WaitingLogin).where(
    *_OF_PLACE
).scalar_subquery() < bindparam("most", type_=Integer)
"""Whether an address may have one more login that waits, each of which keeps a row for ten minutes
before anything is proved. Those that began in the last minute count."""
_OLDEST = select(func.min(WaitingLogin.expires_at)).where(*_OF_PLACE)


def _adding(dialect_name: str) -> Any:
    """One statement, so that two processes never lose a count."""
    new = place_like(_COUNTED.c.window_began_at, "its_time")
    is_old = _COUNTED.c.window_began_at <= place_like(_COUNTED.c.window_began_at, "its_oldest")
    values = {"place_digest": bindparam("its_place"), "window_began_at": new, "count": 1}
    return (
        insert_into(dialect_name, _COUNTED)
        .values(values)
        .on_conflict_do_update(
            index_elements=["place_digest"],
            set_={
                "count": case((is_old, 1), else_=_COUNTED.c.count + 1),
                "window_began_at": case((is_old, new), else_=_COUNTED.c.window_began_at),
            },
        )
    )


_ADD = {name: _adding(name) for name in DIALECTS}


def client_place() -> str:
    """Whom an address stands for: itself, or in IPv6 the network that one customer is given.

    Judged after the trusted proxies, which `ProxyFix` has taken off by now.
    """
    raw = (request.remote_addr or "").split("%")[0]
    try:
        found = ipaddress.ip_address(raw)
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def _digest(settings: Settings, what: str, place: str) -> str:
    """Keyed: a plain digest of an IPv4 address is found by trying them all."""
    return keyed(settings.secret_key, f"attempts:{what}:{place}").hex()


def _seconds_left(began_at: datetime, now: datetime) -> int:
    return max(1, int((began_at + WINDOW - now).total_seconds()) + 1)


def _over(session: Session, place_digest: str, limit: int) -> int | None:
    now = clock.now()
    row = run(session, _OVER, its_place=place_digest).first()
    if row is None or row.window_began_at <= now - WINDOW or row.refused < limit:
        return None
    return _seconds_left(row.window_began_at, now)


def count(database: Database, settings: Settings, what: str, place: str, most: int) -> int:
    """Count one refusal or act, unless the place is over its limit already.

    :param most: how many this place may have in a minute.
    :return: 0, or for how many seconds the place is over its limit.
    """
    place_digest = _digest(settings, what, place)
    try:
        with database.read() as reading:
            seconds = _over(reading, place_digest, most)
        if seconds is None:
            now, add = clock.now(), _ADD[database.engine.dialect.name]
            database.do(add, its_place=place_digest, its_time=now, its_oldest=now - WINDOW)
    except SQLAlchemyError as error:  # a count that fails must not make a refusal a failure
        log.warning("refusal not counted", kind=type(error).__name__)
        return 0
    return seconds or 0


def count_here(
    database: Database, settings: Settings, what: str, registration_id: int | None = None
) -> int:
    """Count a refusal for the client's address, and for the registration where it is known.

    :return: 0, or for how many seconds the answer is to be 429.
    """
    usual = settings.refusals_per_minute
    seconds = count(database, settings, what, client_place(), usual * _TIMES[what])
    if registration_id is not None and not seconds:
        place = f"registration {registration_id}"
        seconds = count(database, settings, what, place, usual * _TIMES_FOR_ALL)
    return seconds


def count_check(database: Database, settings: Settings, registration_id: int) -> int:
    """Count a check of a connection, which calls the platform: a few in a minute are enough.

    :return: 0, or for how many seconds this registration is not to be checked again.
    """
    return count(database, settings, CHECKS, f"registration {registration_id}", CHECKS_PER_MINUTE)


def count_examination(database: Database, settings: Settings) -> int:
    """Count an examination of the whole installation, which asks its mail server.

    :return: 0, or for how many seconds it is not to be examined again.
    """
    return count(database, settings, CHECKS, "installation", CHECKS_PER_MINUTE)


def seconds_to_wait(session: Session, settings: Settings, what: str) -> int:
    """For how many seconds the client's address is over its limit, or 0. Counts nothing."""
    limit = settings.refusals_per_minute * _TIMES[what]
    return _over(session, _digest(settings, what, client_place()), limit) or 0


def logins_of_place(settings: Settings, lasts: timedelta) -> dict[str, Any]:
    """The values of `IS_UNDER_LIMIT` for a login from the client's address.

    :param lasts: how long a login waits.
    """
    return {
        "place_digest": _digest(settings, LOGINS, client_place()),
        "since": clock.now() - WINDOW + lasts,
        "most": settings.refusals_per_minute * _TIMES[LOGINS],
    }


def unfinished(session: Session, place_digest: str, since: datetime) -> LaunchRefused:
    """What is said to an address over its limit: it waits until the oldest that counts no longer
    does.

    :param since: as in the values that were refused.
    """
    oldest = run(session, _OLDEST, place_digest=place_digest, since=since).scalar_one()
    refused = LaunchRefused("logins_unfinished")
    refused.wait_s = max(1, int((oldest - since).total_seconds()) + 1) if oldest else 1
    return refused
