"""Holding a person's outcomes for a transaction, so that two acts at once wait for each other."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.programme.cohorts.models import Participation


def hold_person(session: Session, cohort_id: int, person_id: int) -> None:
    """Hold the outcomes of one person in a cohort until the transaction ends."""
    session.execute(
        select(Participation.id)
        .where(Participation.cohort_id == cohort_id, Participation.person_id == person_id)
        .order_by(Participation.id)
        .limit(1)
        .with_for_update(key_share=True)
    )
