"""How often something may be refused to one place in a minute, before the answer is 429.

Only refusals are counted: a campus shares one address, so a valid launch is never held up.
Counts lie in the database, so that every process agrees, under a keyed digest, so that no
address is kept. Once a place is over its limit nothing more is written for it.
"""

import hashlib
import hmac
import ipaddress
from datetime import datetime, timedelta
from typing import Any

from flask import request
from sqlalchemy import case, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from lti_tool.core import clock
from lti_tool.db import Database
from lti_tool.lti.models import Attempts
from lti_tool.settings import Settings
from lti_tool.web.logs import log

WINDOW = timedelta(minutes=1)
LAUNCHES, CODES, VISITS, REGISTRATIONS = "launch", "code", "visit", "registration"
LINKS = "link"
"""What is counted: refused logins and launches; wrong one-time codes; wrong visit cookies and
handles; posts of the registration page; guest links that were never given."""
_TIMES = {LAUNCHES: 1, CODES: 1, VISITS: 10, REGISTRATIONS: 1, LINKS: 1}
"""Of `REFUSALS_PER_MINUTE`. More for visits: after a lunch break a whole course's old pages ask."""
_TIMES_FOR_ALL = 20
"""The same for all addresses of one registration together."""


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
    key = settings.secret_key.encode()
    return hmac.new(key, f"attempts:{what}:{place}".encode(), hashlib.sha256).hexdigest()


def _seconds_left(began_at: datetime, now: datetime) -> int:
    return max(1, int((began_at + WINDOW - now).total_seconds()) + 1)


def _over(database: Database, place_digest: str, limit: int) -> int | None:
    now = clock.now()
    with database.read() as session:
        row = session.execute(
            select(Attempts.window_began_at, Attempts.count.label("refused")).where(
                Attempts.place_digest == place_digest
            )
        ).first()
    if row is None or row.window_began_at <= now - WINDOW or row.refused < limit:
        return None
    return _seconds_left(row.window_began_at, now)


def _add(database: Database, place_digest: str) -> None:
    """One statement, so that two processes never lose a count."""
    now = clock.now()
    table: Any = Attempts.__table__
    dialect = sqlite if database.is_sqlite else postgresql
    is_old = table.c.window_began_at <= now - WINDOW
    statement = dialect.insert(table).values(
        place_digest=place_digest, window_began_at=now, count=1
    )
    with database.write() as session:
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["place_digest"],
                set_={
                    "count": case((is_old, 1), else_=table.c.count + 1),
                    "window_began_at": case((is_old, now), else_=table.c.window_began_at),
                },
            )
        )


def count(database: Database, settings: Settings, what: str, place: str, times: int = 1) -> int:
    """Count one refusal, unless the place is over its limit already.

    :param times: how many times the usual limit this place has.
    :return: 0, or for how many seconds the place is over its limit.
    """
    place_digest = _digest(settings, what, place)
    try:
        seconds = _over(database, place_digest, settings.refusals_per_minute * times)
        if seconds is None:
            _add(database, place_digest)
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
    seconds = count(database, settings, what, client_place(), _TIMES[what])
    if registration_id is not None and not seconds:
        place = f"registration {registration_id}"
        seconds = count(database, settings, what, place, _TIMES_FOR_ALL)
    return seconds
