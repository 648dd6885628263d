"""What of people stands in the tables of the checklist. It is the programme team's work: only who
wrote what is about a person."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.activities.quality_standards.models import (
    ChecklistComment,
    ChecklistStep,
    EvidenceFile,
    StandardEntry,
    StandardEvidence,
)
from lti_tool.privacy.holdings import Emptied, Holding, Stays, acts, hold

_TEAM = "it is the programme’s checklist, which the team keeps; it names you by a number alone"


def _files(session: Session, ids: list[int]) -> Iterator[tuple[str, bytes]]:
    rows = session.execute(
        select(StandardEvidence.number, StandardEvidence.file_name, EvidenceFile.content)
        .join(EvidenceFile, EvidenceFile.id == StandardEvidence.file_id)
        .where(StandardEvidence.id.in_(ids))
        .order_by(StandardEvidence.id)
    )
    for row in rows:
        yield f"{row.number}-{row.file_name or 'file'}", row.content


hold(
    Holding(
        StandardEntry,
        "Standards that are yours to look after",
        "owner_id",
        Emptied({"owner_id": None}, "somebody else can take it on"),
        only=("item_id", "due_on", "action"),
    ),
    Holding(
        StandardEvidence,
        "Evidence you added to a checklist",
        "added_by_id",
        Stays(_TEAM),
        only=("item_id", "title", "url", "file_name", "held_on", "added_at", "removed_at"),
        files=_files,
    ),
    Holding(
        ChecklistComment,
        "What you wrote on a checklist",
        "person_id",
        Stays(_TEAM),
        only=("item_id", "text", "written_at"),
    ),
    Holding(
        ChecklistComment,
        "What a reviewer wrote on a checklist",
        "guest_id",
        Stays(_TEAM),
        only=("item_id", "text", "written_at"),
        ties=True,
    ),
    Holding(
        ChecklistStep,
        "Steps of a checklist that were yours",
        "person_id",
        Stays(_TEAM),
        only=("was", "became", "at", "comment"),
    ),
    Holding(
        ChecklistStep,
        "Steps of a checklist that were a reviewer’s",
        "guest_id",
        Stays(_TEAM),
        only=("was", "became", "at", "comment"),
        ties=True,
    ),
    *acts(StandardEntry, "Standards you wrote last", "updated_by_id", only=("updated_at",)),
    *acts(ChecklistComment, "Comments you settled", "settled_by_id", only=("settled_at",)),
)
