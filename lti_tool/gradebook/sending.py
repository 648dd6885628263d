"""Step 7 of a grade, around the call: what is sent for one mark, and what the answer means."""

from sqlalchemy import func, select

from lti_tool.db import Database
from lti_tool.gradebook import verdicts
from lti_tool.gradebook.columns import column_url
from lti_tool.gradebook.conflicts import after_conflict
from lti_tool.gradebook.models import DeliveryAttempt
from lti_tool.gradebook.queries import Parcel
from lti_tool.gradebook.verdicts import ASK, CONFLICT, Verdict
from lti_tool.lti import ags
from lti_tool.lti.vocabulary import SCOPE_SCORE
from lti_tool.settings import Settings


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


def send(database: Database, settings: Settings, parcel: Parcel) -> Verdict:
    """Send one score and judge the answer.

    :raises ServiceFailed: there was no answer to judge.
    """
    row = parcel.delivery
    if SCOPE_SCORE not in parcel.line_item.scopes.split():
        return Verdict(ASK, "no_scope")
    if parcel.line_item.gone_at is not None and parcel.line_item.url is not None:
        return Verdict(ASK, "column_gone")
    url = column_url(database, settings, parcel)
    score = ags.Score(
        parcel.sub,
        row.scored_at,
        row.score_given,
        row.score_maximum,
        row.comment,
        row.submitted_at,
        row.clears,
    )
    answer = ags.send_score(database, settings, parcel.registration, url, score)
    failed_before = _failed_before(database, parcel) if answer.status == 500 else 0
    verdict = verdicts.of_answer(answer, failed_before)
    if verdict.kind == CONFLICT:
        verdict = after_conflict(database, settings, parcel, url)
    return verdict
