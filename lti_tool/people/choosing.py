"""What a visit for choosing activities was asked for, and what was chosen in it."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.people.models import Visit
from lti_tool.people.visits import CurrentVisit


def hold_deep_linking(session: Session, visit: CurrentVisit) -> dict[str, Any]:
    """What was asked for and chosen until now; who asks at the same moment waits for our end."""
    return (
        session.scalar(select(Visit.deep_linking).where(Visit.id == visit.id).with_for_update())
        or {}
    )


def keep_deep_linking(session: Session, visit: CurrentVisit, asked: dict[str, Any]) -> None:
    """Keep what was chosen beside what was asked for, so that the same choice counts once."""
    session.execute(update(Visit).where(Visit.id == visit.id).values(deep_linking=asked))
