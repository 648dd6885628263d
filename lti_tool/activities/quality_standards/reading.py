"""Reads of a checklist: itself, what was said of each standard, evidence.

By the checklist's row number; whose it is was decided before, in `door.py` or by a guest's link.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.activities.quality_standards.models import (
    Checklist,
    EvidenceFile,
    StandardEntry,
    StandardEvidence,
)
from lti_tool.activities.quality_standards.progress import Said
from lti_tool.activities.quality_standards.states import EDITABLE, HOLDING
from lti_tool.activities.quality_standards.years import year_of
from lti_tool.core import clock
from lti_tool.core.errors import NotFound
from lti_tool.frameworks.framework import Framework
from lti_tool.frameworks.queries import find_version


@dataclass(frozen=True, slots=True)
class ChecklistRead:
    """A checklist as pages need it."""

    id: int
    programme_id: int
    year: int
    framework_key: str
    framework_version: int
    state: str
    revision: int
    previous_id: int | None
    valid_until: date | None

    @property
    def is_editable(self) -> bool:
        """Whether the team may write in it now."""
        return self.state in EDITABLE

    @property
    def is_holding(self) -> bool:
        """Whether it is approved and has not lapsed."""
        return self.state in HOLDING


@dataclass(frozen=True, slots=True)
class Entry:
    """What a programme says of one standard."""

    item_id: str
    judgement: str = ""
    narrative: str = ""
    reason: str = ""
    owner_id: int | None = None
    due_on: date | None = None
    action: str = ""
    revision: int = 0
    """0 where nobody has written anything yet."""
    updated_by_id: int | None = None
    updated_at: datetime | None = None

    @property
    def said(self) -> Said:
        """What progress needs of it."""
        return Said(self.judgement, self.action, self.due_on)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence."""

    id: int
    item_id: str
    number: int
    kind: str
    form: str
    title: str
    url: str
    file_id: int | None
    file_name: str
    held_on: date | None
    measure_key: str
    added_by_id: int
    added_at: datetime
    digest: str | None
    media_type: str | None
    size: int | None


_CHECKLIST: tuple[Any, ...] = (
    Checklist.id,
    Checklist.programme_id,
    Checklist.year,
    Checklist.framework_key,
    Checklist.framework_version,
    Checklist.state,
    Checklist.revision,
    Checklist.previous_id,
    Checklist.valid_until,
)
_ENTRY: tuple[Any, ...] = (
    StandardEntry.item_id,
    StandardEntry.judgement,
    StandardEntry.narrative,
    StandardEntry.reason,
    StandardEntry.owner_id,
    StandardEntry.due_on,
    StandardEntry.action,
    StandardEntry.revision,
    StandardEntry.updated_by_id,
    StandardEntry.updated_at,
)
_EVIDENCE: tuple[Any, ...] = (
    StandardEvidence.id,
    StandardEvidence.item_id,
    StandardEvidence.number,
    StandardEvidence.kind,
    StandardEvidence.form,
    StandardEvidence.title,
    StandardEvidence.url,
    StandardEvidence.file_id,
    StandardEvidence.file_name,
    StandardEvidence.held_on,
    StandardEvidence.measure_key,
    StandardEvidence.added_by_id,
    StandardEvidence.added_at,
    EvidenceFile.digest,
    EvidenceFile.media_type,
    EvidenceFile.size,
)


def list_checklists(session: Session, programme_id: int) -> list[ChecklistRead]:
    """A programme's checklists, the latest year first."""
    rows = session.execute(
        select(*_CHECKLIST)
        .where(Checklist.programme_id == programme_id)
        .order_by(Checklist.year.desc())
    )
    return [ChecklistRead(*tuple(row)) for row in rows]


def current_of(checklists: Sequence[ChecklistRead]) -> ChecklistRead | None:
    """The checklist of this academic year, else the latest of those that began before, else the
    next.

    :param checklists: the latest year first.
    """
    year = year_of(clock.today())
    begun = [one for one in checklists if one.year <= year]
    return begun[0] if begun else (checklists[-1] if checklists else None)


def get_checklist(session: Session, checklist_id: int) -> ChecklistRead:
    """A checklist by its row number, for whoever was let in to it already.

    :raises NotFound: there is none.
    """
    row = session.execute(select(*_CHECKLIST).where(Checklist.id == checklist_id)).first()
    if row is None:
        raise NotFound("There is no such checklist.")
    return ChecklistRead(*tuple(row))


def framework_of(session: Session, registration_id: int, checklist: ChecklistRead) -> Framework:
    """The framework in the version the checklist was begun with.

    :raises NotFound: it is not kept for this registration.
    """
    kept = find_version(
        session, registration_id, checklist.framework_key, checklist.framework_version
    )
    if kept is None:
        raise NotFound("The version of the standards that this checklist keeps is not here.")
    return kept.framework


def entries_of(session: Session, checklist_id: int) -> dict[str, Entry]:
    """What was said, by the id of the standard."""
    rows = session.execute(select(*_ENTRY).where(StandardEntry.checklist_id == checklist_id))
    return {row.item_id: Entry(*tuple(row)) for row in rows}


def find_entry(session: Session, checklist_id: int, item_id: str) -> Entry:
    """What was said of one standard; an empty entry where nobody has written yet."""
    row = session.execute(
        select(*_ENTRY).where(
            StandardEntry.checklist_id == checklist_id, StandardEntry.item_id == item_id
        )
    ).first()
    return Entry(*tuple(row)) if row else Entry(item_id)


def evidence_of(session: Session, checklist_id: int, item_id: str | None = None) -> list[Evidence]:
    """The evidence that was not taken away, by number."""
    query = (
        select(*_EVIDENCE)
        .outerjoin(EvidenceFile, EvidenceFile.id == StandardEvidence.file_id)
        .where(StandardEvidence.checklist_id == checklist_id, StandardEvidence.removed_at.is_(None))
        .order_by(StandardEvidence.number)
    )
    if item_id is not None:
        query = query.where(StandardEvidence.item_id == item_id)
    return [Evidence(*tuple(row)) for row in session.execute(query)]


def get_file(session: Session, programme_id: int, digest: str) -> bytes:
    """The bytes of a file given as evidence.

    :raises NotFound: the programme has no such file.
    """
    found = session.scalar(
        select(EvidenceFile.content).where(
            EvidenceFile.programme_id == programme_id, EvidenceFile.digest == digest
        )
    )
    if found is None:
        raise NotFound("This file is not kept here.")
    return bytes(found)


def ids_of(*groups: Iterable[int | None]) -> set[int]:
    """People to be named on a page."""
    return {one for group in groups for one in group if one is not None}
