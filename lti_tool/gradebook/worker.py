"""Steps 6 to 8 of a grade: claim under a lease, commit, send, settle.

No transaction is open while a platform is called. A worker killed after sending repeats the
same score with the same timestamp, which the platform answers with 409; the result then tells
that it landed.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import func, select

from lti_tool.core import clock
from lti_tool.db import Database
from lti_tool.gradebook import outages, verdicts
from lti_tool.gradebook.columns import column_url
from lti_tool.gradebook.conflicts import after_conflict
from lti_tool.gradebook.models import Delivery, DeliveryAttempt
from lti_tool.gradebook.outbox import settle
from lti_tool.gradebook.queries import Parcel, get_parcel
from lti_tool.gradebook.states import WAITING
from lti_tool.gradebook.verdicts import ASK, CONFLICT, TROUBLE, WAIT, Verdict
from lti_tool.jobs.leasing import claim, let_go, next_due
from lti_tool.lti import ags
from lti_tool.lti.calls import within
from lti_tool.lti.errors import ServiceFailed
from lti_tool.lti.vocabulary import SCOPE_SCORE
from lti_tool.settings import Settings
from lti_tool.web.logs import log

_AT_ONCE = 10
_SHORTEST_SLEEP_S = 0.2
_SWITCHED_OFF_PAUSE = timedelta(seconds=60)
_open = Delivery.state == WAITING


def _failed_before(database: Database, parcel: Parcel) -> int:
    """How often the platform failed on this very score."""
    with database.read() as session:
        return session.scalars(
            select(func.count())
            .select_from(DeliveryAttempt)
            .where(
                DeliveryAttempt.delivery_id == parcel.delivery.id,
                DeliveryAttempt.revision == parcel.delivery.revision,
                DeliveryAttempt.http_status == 500,
            )
        ).one()


def _send(database: Database, settings: Settings, parcel: Parcel) -> Verdict:
    """Send one score and judge the answer.

    :raises ServiceFailed: there was no answer to judge.
    """
    row = parcel.delivery
    if SCOPE_SCORE not in parcel.line_item.scopes.split():
        return Verdict(ASK, "no_scope")
    url = column_url(database, settings, parcel)
    score = ags.Score(
        parcel.sub, row.scored_at, row.score_given, row.score_maximum, row.comment, row.submitted_at
    )
    answer = ags.send_score(database, settings, parcel.registration, url, score)
    failed_before = _failed_before(database, parcel) if answer.status == 500 else 0
    verdict = verdicts.of_answer(answer, failed_before)
    if verdict.kind == CONFLICT:
        verdict = after_conflict(database, settings, parcel, url)
    return verdict


def _try(database: Database, settings: Settings, parcel: Parcel) -> Verdict:
    """One try, whatever comes of it: a fault of ours in one delivery must not stop the others."""
    try:
        with within(verdicts.time_for_a_try(settings)):
            return _send(database, settings, parcel)
    except ServiceFailed as failure:
        return verdicts.of_failure(failure)
    except Exception as error:
        log.error(
            "delivery met a fault of ours",
            delivery=parcel.delivery.id,
            kind=type(error).__name__,
            exc_info=True,
        )
        return Verdict(WAIT, "our_fault")


def _must_wait(database: Database, parcel: Parcel) -> bool:
    """Whether this delivery, with the others of its registration, was put off untried."""
    lease, registration = parcel.delivery.lease, parcel.registration
    if not registration.is_enabled:
        until = clock.now() + _SWITCHED_OFF_PAUSE
        with database.write() as session:
            outages.put_off(session, registration.id, lease, until, "switched_off")
        return True
    if not parcel.deployment.is_enabled:
        until = clock.now() + _SWITCHED_OFF_PAUSE
        place = parcel.deployment.id
        with database.write() as session:
            outages.put_off(
                session, registration.id, lease, until, "switched_off", deployment_id=place
            )
        return True
    with database.read() as session:
        trouble = outages.find_trouble(session, parcel)
    if trouble is None:
        return False
    with database.write() as session:
        outages.put_off(
            session, registration.id, lease, trouble.until, trouble.reason, trouble.tries
        )
    return True


def _deliver(database: Database, settings: Settings, delivery_id: int, lease: str) -> None:
    began_at: datetime = clock.now()
    with database.read() as session:
        parcel = get_parcel(session, delivery_id)
    row = parcel.delivery
    if row.lease != lease or row.state != WAITING or _must_wait(database, parcel):
        return
    verdict = _try(database, settings, parcel)
    with database.write() as session:
        settled = settle(session, parcel, verdict, began_at)
        is_answered = verdict.http_status is not None and verdict.reason not in TROUBLE
        if row.reason in TROUBLE and is_answered:
            outages.bring_forward(session, parcel.registration.id)
    log.info(
        "delivery tried",
        delivery=delivery_id,
        verdict=verdict.kind,
        reason=verdict.reason,
        http_status=verdict.http_status,
        tries=row.tries,
        settled=settled,
    )


def _never() -> bool:
    return False


def send_due(
    database: Database, settings: Settings, is_ending: Callable[[], bool] = _never
) -> float | None:
    """Send a first few of what is due; whoever calls goes on until nothing is.

    Half of the lease is enough for the longest try, so a try begun in its first half ends
    within it. What is left after that is let go for any worker to claim, and so is what is
    left when this process is told to end.

    :return: 0 where something was claimed and more may be due, else seconds until something
        falls due, or None where nothing waits.
    """
    lease_for = verdicts.longest_try(settings) * 2
    last_start = clock.now() + lease_for / 2
    with database.write() as session:
        lease, ids = claim(session, Delivery, _open, lease_for=lease_for, limit=_AT_ONCE)
    for delivery_id in ids:
        if is_ending() or clock.now() > last_start:
            with database.write() as session:
                let_go(session, Delivery, lease)
            break
        _deliver(database, settings, delivery_id, lease)
    if ids:
        return 0.0
    with database.read() as session:
        due = next_due(session, Delivery, _open)
    return None if due is None else max((due - clock.now()).total_seconds(), _SHORTEST_SLEEP_S)


def drain(database: Database, settings: Settings) -> float | None:
    """Send all that is due.

    :return: seconds until something falls due again, or None where nothing waits.
    """
    seconds = send_due(database, settings)
    while seconds == 0:
        seconds = send_due(database, settings)
    return seconds
