"""Which judgement counts: the agreed one where work is double-marked, else the first marker's.

Sampled moderation never stands here: it looks at marks and changes none.
"""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.coursework.rules import Rules
from lti_tool.db.statements import AnyRow
from lti_tool.marking.models import Judgement
from lti_tool.marking.queries import AGREED, FIRST, find_judgement


def deciding_kind(rules: Rules) -> str:
    """The kind of judgement that counts under these rules."""
    return AGREED if rules.is_double_marked else FIRST


def find_deciding(session: Session, submission_id: int, rules: Rules) -> AnyRow | None:
    """The judgement that counts for a submission, or None while there is none."""
    return find_judgement(session, submission_id, deciding_kind(rules))


def list_latest(session: Session, submission_ids: Iterable[int]) -> dict[tuple[int, str], AnyRow]:
    """The latest judgement of each kind, by submission and kind, without the long texts."""
    wanted = set(submission_ids)
    newest = (
        select(Judgement.submission_id, Judgement.kind, func.max(Judgement.number).label("number"))
        .where(Judgement.submission_id.in_(wanted))
        .group_by(Judgement.submission_id, Judgement.kind)
        .subquery()
    )
    rows = session.execute(
        select(
            Judgement.submission_id,
            Judgement.kind,
            Judgement.id,
            Judgement.number,
            Judgement.marker_id,
            Judgement.overall,
            Judgement.created_at,
        ).join(
            newest,
            (Judgement.submission_id == newest.c.submission_id)
            & (Judgement.kind == newest.c.kind)
            & (Judgement.number == newest.c.number),
        )
    )
    return {(row.submission_id, row.kind): row for row in rows}


def get_judgement(session: Session, judgement_id: int) -> AnyRow:
    """One judgement, whichever came after it."""
    return session.execute(select(*Judgement.__table__.c).where(Judgement.id == judgement_id)).one()
