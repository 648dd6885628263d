"""What of an audit can be offered as evidence for outcomes: each written part that says something.

One query.
"""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.activities.provision_map_audit.framework import KEY, load_framework
from lti_tool.activities.provision_map_audit.progress import is_written
from lti_tool.catalogue.contract import Offer
from lti_tool.coursework.models import Assignment, Submission


def evidence(
    session: Session, config_dir: Path, context_ids: Sequence[int], person_id: int
) -> list[Offer]:
    """The written parts of the latest attempt at each audit, in their order."""
    rows = session.execute(
        select(Submission.assignment_id, Submission.document, Assignment.title)
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .where(
            Assignment.activity == KEY,
            Assignment.context_id.in_(context_ids),
            Submission.person_id == person_id,
        )
        .order_by(Submission.assignment_id, Submission.attempt)
    )
    newest = {row.assignment_id: row for row in rows}
    return [
        Offer(
            "audit_part",
            {"assignment_id": row.assignment_id, "part": part.id},
            f"{row.title}: {part.title}",
            "written",
            "provision_map_audit.writing",
        )
        for row in newest.values()
        for part in load_framework(config_dir).parts
        if is_written(row.document.get("answers", {}).get(part.id, {}))
    ]
