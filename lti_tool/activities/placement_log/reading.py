"""Reads of one participant's log: its visits with what hosts said, meetings, sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.activities.placement_log import entries, models
from lti_tool.activities.placement_log.entries import (
    BROKEN,
    ERASED,
    WHOLE,
    Answer,
    Attended,
    Entries,
    Meeting,
    School,
    Visit,
)
from lti_tool.activities.placement_log.visit_document import current
from lti_tool.core import clock
from lti_tool.db.statements import AnyRow
from lti_tool.people.models import GuestSignature
from lti_tool.programme import models as programme

_ASKED = (
    select(models.Confirmation, GuestSignature.role, GuestSignature.erased_at)
    .outerjoin(GuestSignature, GuestSignature.id == models.Confirmation.signature_id)
    .order_by(models.Confirmation.id)
)


def _seal(kept: models.Confirmation, row: AnyRow) -> tuple[str, str]:
    """State of the seal, and a sentence."""
    if kept.broken_at is not None:
        return BROKEN, f"The visit was changed after this, on {clock.day(kept.broken_at)}."
    if row.erased_at is not None:
        return ERASED, f"As it was sealed. The name was erased on {clock.day(row.erased_at)}."
    return WHOLE, "As it was sealed: nothing has changed since."


@dataclass(frozen=True, slots=True)
class Host:
    """Where a visit stands with its host: the latest asking, and the latest answer."""

    asked_at: datetime
    asked_until: datetime | None
    answer: Answer | None


def _answer(kept: models.Confirmation, row: AnyRow) -> Answer | None:
    if kept.answered_at is None:
        return None
    seal, sentence = _seal(kept, row)
    return Answer(
        answer=kept.answer,
        by=kept.by,
        answered_at=kept.answered_at,
        role=row.role or "",
        reason=kept.reason,
        seal=seal,
        sentence=sentence,
        fingerprint=(kept.shown_digest or "")[:16],
    )


def hosts_of(session: Session, visit_ids: Sequence[int]) -> dict[int, Host]:
    """Where visits stand with their hosts, in one query; who was never asked is not there."""
    found: dict[int, Host] = {}
    for row in session.execute(_ASKED.where(models.Confirmation.visit_id.in_(visit_ids))):
        kept: models.Confirmation = row[0]
        before = found.get(kept.visit_id)
        is_open = kept.answered_at is None and kept.closed_at is None
        found[kept.visit_id] = Host(
            kept.asked_at,
            kept.expires_at if is_open else None,
            _answer(kept, row) or (before.answer if before else None),
        )
    return found


def list_visits(session: Session, assignment_id: int, person_id: int) -> tuple[Visit, ...]:
    """A participant's visits with what their hosts said, by day; those without one last."""
    rows = session.execute(
        select(models.PartnerVisit, programme.School)
        .outerjoin(programme.School, programme.School.id == models.PartnerVisit.school_id)
        .where(
            models.PartnerVisit.assignment_id == assignment_id,
            models.PartnerVisit.person_id == person_id,
            models.PartnerVisit.removed_at.is_(None),
        )
        .order_by(
            models.PartnerVisit.visit_on.is_(None),
            models.PartnerVisit.visit_on,
            models.PartnerVisit.number,
        )
    ).all()
    hosts = hosts_of(session, [row[0].id for row in rows])
    return tuple(_visit(row[0], row[1], hosts.get(row[0].id)) for row in rows)


def _visit(kept: models.PartnerVisit, school: programme.School | None, host: Host | None) -> Visit:
    return Visit(
        id=kept.id,
        number=kept.number,
        school=School(school.name, school.urn or "", school.phase, school.kind) if school else None,
        visit_on=kept.visit_on,
        arrives_at=kept.arrives_at,
        leaves_at=kept.leaves_at,
        half_days=kept.half_days,
        state=kept.state,
        state_since=kept.state_since,
        document=current(kept.document),
        answer=host.answer if host else None,
        asked_at=host.asked_at if host else None,
        asked_until=host.asked_until if host else None,
    )


def list_meetings(session: Session, assignment_id: int, person_id: int) -> tuple[Meeting, ...]:
    """A participant's meetings and tutorials, by day."""
    rows = session.scalars(
        select(models.Meeting)
        .where(
            models.Meeting.assignment_id == assignment_id,
            models.Meeting.person_id == person_id,
            models.Meeting.removed_at.is_(None),
        )
        .order_by(models.Meeting.held_on, models.Meeting.id)
    )
    return tuple(
        Meeting(
            kind=one.kind,
            held_on=one.held_on,
            minutes=one.minutes,
            mode=one.mode,
            written_by=one.written_by,
            confirmed_at=one.confirmed_at,
            query=one.query if one.queried_at is not None else "",
            document=one.document,
        )
        for one in rows
    )


def list_sessions(session: Session, assignment_id: int, person_id: int) -> tuple[Attended, ...]:
    """The sessions and face-to-face days that were set up, with the participant's own mark."""
    held, mark = models.CourseSession, models.Attendance
    rows = session.execute(
        select(held.kind, held.title, held.held_on, held.starts_at, held.venue, mark.state)
        .outerjoin(mark, (mark.session_id == held.id) & (mark.person_id == person_id))
        .where(held.assignment_id == assignment_id, held.removed_at.is_(None))
        .order_by(held.held_on, held.starts_at, held.id)
    )
    return tuple(Attended(*row[:5], row.state or "") for row in rows)


def read_entries(session: Session, assignment_id: int, person_id: int) -> Entries:
    """All that stands in a participant's log, in a fixed number of queries."""
    return entries.Entries(
        visits=list_visits(session, assignment_id, person_id),
        meetings=list_meetings(session, assignment_id, person_id),
        sessions=list_sessions(session, assignment_id, person_id),
    )
