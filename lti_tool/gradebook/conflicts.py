"""What a 409 means: the result is read, and shows whether our score landed.

Platforms compare timestamps in whole seconds and refuse the same or an older one (AGS 2.0,
3.4.9). A worker that died after sending, or a lost answer, ends here too.
"""

from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from lti_tool.core import clock
from lti_tool.db import Database
from lti_tool.gradebook.findings import Shown, is_same_mark
from lti_tool.gradebook.models import DeliveryAttempt
from lti_tool.gradebook.queries import Parcel
from lti_tool.gradebook.verdicts import ASK, LANDED, WAIT, Verdict
from lti_tool.lti import ags
from lti_tool.lti.vocabulary import SCOPE_RESULT_READONLY
from lti_tool.settings import Settings

_NEWER_ELSEWHERE = Verdict(ASK, "newer_elsewhere", 409)


def _is_same_mark(result: ags.Result, given: Decimal, maximum: Decimal) -> bool:
    return is_same_mark(Shown(result.score, result.maximum, result.at), given, maximum)


def _again(database: Database, parcel: Parcel, result: ags.Result, second: datetime) -> Verdict:
    """The result is an earlier score of this delivery: once more, a second later than it.

    Only once for a score: a platform that refuses whatever we send would be asked for ever.
    """
    row = parcel.delivery
    with database.read() as session:
        sent = session.execute(
            select(
                DeliveryAttempt.revision,
                DeliveryAttempt.scored_at,
                DeliveryAttempt.score_given,
                DeliveryAttempt.reason,
            ).where(DeliveryAttempt.delivery_id == row.id)
        ).all()
    was_ours = any(
        clock.whole_second(one.scored_at) == second
        and _is_same_mark(result, one.score_given, row.score_maximum)
        for one in sent
    )
    if not was_ours:
        return _NEWER_ELSEWHERE
    if any(one.revision == row.revision and one.reason == "newer_second" for one in sent):
        return _NEWER_ELSEWHERE
    later = max(second, clock.whole_second(row.scored_at)) + timedelta(seconds=1)
    later = max(later, clock.whole_second(clock.now()))
    return Verdict(WAIT, "newer_second", 409, bump_to=later)


def after_conflict(database: Database, settings: Settings, parcel: Parcel, url: str) -> Verdict:
    """Settle a 409 by what the gradebook shows.

    Our mark at our second, or at any later one: landed. Nothing shown after a sent 0: landed,
    since Moodle shows 0 as nothing. An earlier one of ours: once more. Anything else: a person.
    """
    if SCOPE_RESULT_READONLY not in parcel.line_item.scopes.split():
        return _NEWER_ELSEWHERE
    result = ags.read_result(database, settings, parcel.registration, url, parcel.sub)
    row = parcel.delivery
    if result is None or result.score is None:
        is_ours = row.clears or row.score_given == 0
        return Verdict(LANDED, None, 409) if is_ours else _NEWER_ELSEWHERE
    second = None if result.at is None else clock.whole_second(result.at)
    is_same = not row.clears and _is_same_mark(result, row.score_given, row.score_maximum)
    if is_same and (second is None or second >= clock.whole_second(row.scored_at)):
        return Verdict(LANDED, None, 409)
    verdict = _NEWER_ELSEWHERE if second is None else _again(database, parcel, result, second)
    return Verdict(LANDED, None, 409) if is_same and verdict.kind == ASK else verdict
