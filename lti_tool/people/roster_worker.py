"""Reading rosters: claim under a lease, commit, ask for a page, keep it, and so on to the end.

No transaction is open while a platform is called, and no more than one page is in memory, with
the row numbers of those seen. A worker killed half-way leaves what it kept; another begins anew
once its lease has run out.
"""

from collections.abc import Callable
from datetime import timedelta

from lti_tool.core import clock
from lti_tool.db import Database
from lti_tool.jobs.leasing import claim, let_go, next_due
from lti_tool.lti.errors import ServiceFailed
from lti_tool.lti.nrps import escapes_twice, read_pages
from lti_tool.people import roster
from lti_tool.people.members import count_missing, keep_members
from lti_tool.people.models import Roster
from lti_tool.people.roster import Source
from lti_tool.settings import Settings
from lti_tool.web.logs import log

_SHORTEST_SLEEP_S = 0.2


def _never() -> bool:
    return False


def _lease_for(settings: Settings) -> timedelta:
    """Time for a token, a page, a second of each, and for keeping the page."""
    return timedelta(seconds=settings.platform_timeout_s * 4 + 60)


def _read(
    database: Database, settings: Settings, source: Source, is_ending: Callable[[], bool]
) -> int | None:
    """Read a roster: what has changed where the platform tells that, else the whole of it.

    :return: how many people are on it, or None where it was given up untold.
    :raises ServiceFailed: it could not be read to its end.
    """
    is_on = source.registration.is_enabled and source.deployment.is_enabled
    if not (is_on and source.registration.is_approved):
        raise ServiceFailed("switched_off")
    if source.context.memberships_url is None:
        raise ServiceFailed("not_offered")
    differences_url = roster.differences_of(source.roster)
    if differences_url is not None:
        try:
            return _read_from(database, settings, source, is_ending, differences_url)
        except ServiceFailed as failed:
            if failed.reason in roster.PASSING:
                raise
    return _read_from(database, settings, source, is_ending, None)


def _read_from(
    database: Database,
    settings: Settings,
    source: Source,
    is_ending: Callable[[], bool],
    differences_url: str | None,
) -> int | None:
    """Read from page to page and keep each; changes alone take nobody off."""
    seen: set[int] = set()
    known = source.roster.people_count if differences_url else 0
    next_differences = None
    for page in read_pages(
        database,
        settings,
        source.registration,
        source.context.memberships_url,
        is_escaped=escapes_twice(source.registration.product),
        differences_url=differences_url,
    ):
        next_differences = page.differences_url or next_differences
        with database.write() as session:
            if not roster.keep_hold(session, source.roster, _lease_for(settings), known):
                return None
            seen |= keep_members(
                session, source.context.id, source.registration.platform_id, page.members
            )
        known = max(known, len(seen))
        if is_ending():
            with database.write() as session:
                let_go(session, Roster, source.roster.lease)
            return None
    return _end(database, settings, source, seen, known, next_differences, differences_url is None)


def _end(
    database: Database,
    settings: Settings,
    source: Source,
    seen: set[int],
    known: int,
    next_differences: str | None,
    is_whole: bool,
) -> int | None:
    """Settle a reading that came to its end; who was missing counts only in a whole one."""
    if is_whole and not seen:
        raise ServiceFailed("roster_empty")  # somebody must have opened the activity
    with database.write() as session:
        if not roster.keep_hold(session, source.roster, _lease_for(settings), known):
            return None
        if is_whole:
            count_missing(session, source.context.id, seen)
        roster.settle_good(session, source.roster, known, next_differences, is_whole=is_whole)
    return known


def _try(
    database: Database,
    settings: Settings,
    roster_id: int,
    lease: str,
    is_ending: Callable[[], bool],
) -> None:
    with database.read() as session:
        source = roster.get_source(session, roster_id)
    if source.roster.lease != lease:
        return
    failure, count = None, None
    try:
        count = _read(database, settings, source, is_ending)
    except ServiceFailed as failed:
        failure = failed
    except Exception as error:
        failure = ServiceFailed("our_fault")
        log.error("reading a roster met a fault of ours", kind=type(error).__name__, exc_info=True)
    if failure is not None:
        with database.write() as session:
            roster.settle_failed(session, source.roster, failure)
    log.info(
        "roster read",
        context=source.context.id,
        people=count,
        problem=failure.reason if failure else None,
        http_status=failure.status if failure else None,
        tries=source.roster.tries,
    )


def read_due(
    database: Database, settings: Settings, is_ending: Callable[[], bool] = _never
) -> float | None:
    """Read one roster that is due.

    :return: 0 where one was claimed and more may be due, else seconds until one falls due, or
        None where none is wanted.
    """
    with database.read() as session:
        due = next_due(session, Roster, roster.OPEN)
    if due is None:
        return None
    if due > clock.now():
        return max((due - clock.now()).total_seconds(), _SHORTEST_SLEEP_S)
    with database.write() as session:
        lease, ids = claim(session, Roster, roster.OPEN, lease_for=_lease_for(settings), limit=1)
    for roster_id in ids:
        _try(database, settings, roster_id, lease, is_ending)
    return 0.0 if ids else _SHORTEST_SLEEP_S
