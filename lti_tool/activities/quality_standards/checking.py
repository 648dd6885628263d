"""What `lti-tool doctor` asks: is every submission still what its digest says?"""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.activities.quality_standards.models import ChecklistStep
from lti_tool.catalogue.contract import Check
from lti_tool.core.digests import document_digest
from lti_tool.settings import Settings


def check_submissions(session: Session, settings: Settings) -> Iterator[Check]:
    """Every frozen checklist against its digest."""
    rows = session.execute(
        select(ChecklistStep.id, ChecklistStep.submitted, ChecklistStep.submitted_digest)
        .where(ChecklistStep.submitted_digest.is_not(None))
        .order_by(ChecklistStep.id)
    ).all()
    wrong = [row.id for row in rows if document_digest(row.submitted) != row.submitted_digest]
    words = (
        "Submissions that were changed since: " + ", ".join(map(str, wrong))
        if wrong
        else f"{len(rows)} submitted, all as they were."
    )
    yield Check("quality standards submissions", not wrong, words)
