"""Evidence for a standard: files, links, meetings and live measures, numbered through a checklist.

A file's bytes are kept once for a programme. What was submitted keeps what was taken away since.
"""

import hashlib
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lti_tool.activities.quality_standards.files import Given
from lti_tool.activities.quality_standards.measuring import MEASURE
from lti_tool.activities.quality_standards.models import EvidenceFile, StandardEvidence
from lti_tool.activities.quality_standards.reading import ChecklistRead
from lti_tool.activities.quality_standards.writing import Actor, hold_to_write, note
from lti_tool.core import clock
from lti_tool.core.errors import Conflict, NotFound
from lti_tool.db.statements import count_changed, insert_if_missing

FILE, LINK, MEETING = "file", "link", "meeting"
FORMS = {
    FILE: "A file",
    LINK: "A link",
    MEETING: "A meeting",
    MEASURE: "Figures from this tool",
}
MOST_EVIDENCE = 300
"""Pieces in one checklist; a submission is read by people."""


def keep_file(session: Session, programme_id: int, given: Given) -> int:
    """The row number of a file's bytes, kept once for a programme."""
    mark = hashlib.sha256(given.content).hexdigest()
    values = {
        "programme_id": programme_id,
        "digest": mark,
        "media_type": given.media_type,
        "size": len(given.content),
        "content": given.content,
        "kept_at": clock.now(),
    }
    made = insert_if_missing(session, EvidenceFile, ("programme_id", "digest"), values)
    if made is not None:
        return made
    return session.scalars(
        select(EvidenceFile.id).where(
            EvidenceFile.programme_id == programme_id, EvidenceFile.digest == mark
        )
    ).one()


@dataclass(frozen=True, slots=True)
class NewEvidence:
    """A piece of evidence to be added."""

    item_id: str
    kind: str
    form: str
    title: str
    url: str = ""
    held_on: date | None = None
    measure_key: str = ""
    file: Given | None = None


def add_evidence(
    session: Session, actor: Actor, checklist: ChecklistRead, new: NewEvidence
) -> None:
    """Add evidence for a standard, under the next number.

    :raises Conflict: the checklist is submitted, or full.
    """
    hold_to_write(session, checklist.id)
    highest = session.scalar(
        select(func.max(StandardEvidence.number)).where(
            StandardEvidence.checklist_id == checklist.id
        )
    )
    if (highest or 0) >= MOST_EVIDENCE:
        raise Conflict(f"A checklist takes {MOST_EVIDENCE} pieces of evidence. Take some away.")
    file_id = keep_file(session, checklist.programme_id, new.file) if new.file else None
    made = StandardEvidence(
        checklist_id=checklist.id,
        item_id=new.item_id,
        number=(highest or 0) + 1,
        kind=new.kind,
        form=new.form,
        title=new.title,
        url=new.url,
        file_id=file_id,
        file_name=new.file.name if new.file else "",
        held_on=new.held_on,
        measure_key=new.measure_key,
        added_by_id=actor.person_id,
        added_at=clock.now(),
    )
    session.add(made)
    session.flush()
    became = {"standard": new.item_id, "number": made.number, "form": new.form}
    note(session, actor, "evidence added", checklist.id, became)


def take_away_evidence(
    session: Session, actor: Actor, checklist_id: int, item_id: str, evidence_id: int
) -> None:
    """Take a piece of evidence away from a standard; what was submitted keeps it.

    :raises NotFound: there is no such piece.
    :raises Conflict: the checklist is submitted.
    """
    hold_to_write(session, checklist_id)
    changed = count_changed(
        session,
        update(StandardEvidence)
        .where(
            StandardEvidence.id == evidence_id,
            StandardEvidence.checklist_id == checklist_id,
            StandardEvidence.item_id == item_id,
            StandardEvidence.removed_at.is_(None),
        )
        .values(removed_at=clock.now()),
    )
    if not changed:
        raise NotFound("This piece of evidence is not there any more.")
    became = {"standard": item_id, "evidence": evidence_id}
    note(session, actor, "evidence taken away", checklist_id, became)
