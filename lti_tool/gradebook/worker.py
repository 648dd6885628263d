"""Steps 6 to 8 of a grade: claim under a lease, commit, send, settle.

No transaction is open while a platform is called. A worker killed after sending repeats the
same score with the same timestamp, which the platform answers with 409; the result then tells
that it landed.
"""

from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from lti_tool.core import clock
from lti_tool.db import Database
from lti_tool.gradebook import verdicts
from lti_tool.gradebook.columns import column_url
from lti_tool.gradebook.models import Delivery, DeliveryAttempt
from lti_tool.gradebook.outbox import settle
from lti_tool.gradebook.queries import Parcel, get_parcel
from lti_tool.gradebook.states import WAITING
from lti_tool.gradebook.verdicts import ASK, CONFLICT, LANDED, WAIT, Verdict
from lti_tool.jobs.leasing import claim, next_due
from lti_tool.lti import ags
from lti_tool.lti.errors import ServiceFailed
from lti_tool.lti.vocabulary import SCOPE_RESULT_READONLY, SCOPE_SCORE
from lti_tool.settings import Settings
from lti_tool.web.logs import log

LEASE = timedelta(seconds=90)
_AT_ONCE = 10
_CLOSE_ENOUGH = Decimal("0.005")
_SWITCHED_OFF_PAUSE_S = 60.0
_open = Delivery.state == WAITING


def _same_mark(result: ags.Result, given: Decimal, maximum: Decimal) -> bool:
    """Whether a result shows this mark, on whatever scale it is shown."""
    if result.score is None:
        return False
    shown_maximum = result.maximum or maximum
    if not shown_maximum or not maximum:
        return False
    return abs(result.score / shown_maximum - given / maximum) * 100 < _CLOSE_ENOUGH


def _was_ours(database: Database, parcel: Parcel, result: ags.Result) -> bool:
    """Whether a result is an earlier score of this very delivery."""
    with database.read() as session:
        sent = session.execute(
            select(DeliveryAttempt.scored_at, DeliveryAttempt.score_given).where(
                DeliveryAttempt.delivery_id == parcel.delivery.id
            )
        ).all()
    return any(
        result.at is not None
        and clock.whole_second(one.scored_at) == clock.whole_second(result.at)
        and _same_mark(result, one.score_given, parcel.delivery.score_maximum)
        for one in sent
    )


def _after_conflict(database: Database, settings: Settings, parcel: Parcel, url: str) -> Verdict:
    """Settle a 409 by reading what the gradebook shows.

    Ours: landed. Nothing shown after a sent 0: landed, since Moodle shows 0 as nothing. An
    earlier one of ours: once more, a second later than it. Anything else: a person decides.
    """
    if SCOPE_RESULT_READONLY not in parcel.line_item.scopes.split():
        return Verdict(ASK, "newer_elsewhere", 409)
    result = ags.read_result(database, settings, parcel.registration, url, parcel.sub)
    row = parcel.delivery
    if result is None or result.score is None:
        landed = row.score_given == 0
        return Verdict(LANDED if landed else ASK, None if landed else "newer_elsewhere", 409)
    if _same_mark(result, row.score_given, row.score_maximum):
        return Verdict(LANDED, None, 409)
    if _was_ours(database, parcel, result):
        later = clock.whole_second(result.at or row.scored_at) + timedelta(seconds=1)
        later = max(later, clock.whole_second(clock.now()))
        return Verdict(WAIT, "newer_second", 409, wait_s=0.0, bump_to=later)
    return Verdict(ASK, "newer_elsewhere", 409)


def _send(database: Database, settings: Settings, parcel: Parcel) -> Verdict:
    """Send one score and judge the answer."""
    row = parcel.delivery
    if not parcel.registration.is_enabled:
        return Verdict(WAIT, "switched_off", wait_s=_SWITCHED_OFF_PAUSE_S)
    if SCOPE_SCORE not in parcel.line_item.scopes.split():
        return Verdict(ASK, "no_scope")
    try:
        url = column_url(database, settings, parcel)
        score = ags.Score(
            parcel.sub,
            row.scored_at,
            row.score_given,
            row.score_maximum,
            row.comment,
            row.submitted_at,
        )
        answer = ags.send_score(database, settings, parcel.registration, url, score)
        verdict = verdicts.of_answer(answer, row.tries)
        if verdict.kind == CONFLICT:
            verdict = _after_conflict(database, settings, parcel, url)
        return verdict
    except ServiceFailed as failure:
        return verdicts.of_failure(failure)


def _deliver(database: Database, settings: Settings, delivery_id: int, lease: str) -> None:
    began_at: datetime = clock.now()
    with database.read() as session:
        parcel = get_parcel(session, delivery_id)
    if parcel.delivery.lease != lease:
        return
    verdict = _send(database, settings, parcel)
    with database.write() as session:
        settled = settle(session, parcel, verdict, began_at)
    log.info(
        "delivery tried",
        delivery=delivery_id,
        verdict=verdict.kind,
        reason=verdict.reason,
        http_status=verdict.http_status,
        tries=parcel.delivery.tries,
        settled=settled,
    )


def drain(database: Database, settings: Settings) -> float | None:
    """Send all that is due.

    :return: seconds until something falls due again, or None where nothing waits.
    """
    while True:
        with database.write() as session:
            lease, ids = claim(session, Delivery, _open, lease_for=LEASE, limit=_AT_ONCE)
        if not ids:
            break
        for delivery_id in ids:
            _deliver(database, settings, delivery_id, lease)
    with database.read() as session:
        due = next_due(session, Delivery, _open)
    return None if due is None else max((due - clock.now()).total_seconds(), 0.0)
