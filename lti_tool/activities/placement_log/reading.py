"""Reads of one participant's log: its visits with what hosts said, meetings, sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.activities.placement_log import models
from lti_tool.activities.placement_log.confirming.confirmation import ConfirmationRead
from lti_tool.activities.placement_log.confirming.queries import (
    confirmation_columns,
    read_confirmation,
)
from lti_tool.activities.placement_log.confirming.seals import verify
from lti_tool.activities.placement_log.confirming.shown import SchoolNamed, shown_of
from lti_tool.activities.placement_log.entries import (
    Answer,
    Attended,
    Entries,
    Meeting,
    School,
    Visit,
)
from lti_tool.activities.placement_log.visit_document import current
from lti_tool.programme import models as programme

VisitAndSchool = tuple[models.PartnerVisit, programme.School | None]


@dataclass(frozen=True, slots=True)
class Host:
    """Where a visit stands with its host: the latest asking, and the latest answer."""

    asked_at: datetime
    asked_until: datetime | None
    answer: Answer | None


def _answer(config_dir: Path, visit: VisitAndSchool, asked: ConfirmationRead) -> Answer | None:
    """What a host answered, held against its seal and against the visit as it stands now."""
    if asked.answered_at is None:
        return None
    kept, school = visit
    named = SchoolNamed(school.id, school.name, school.urn) if school else None
    seal = verify(asked, shown_of(config_dir, kept, named))
    return Answer(
        answer=asked.answer,
        by=asked.by,
        answered_at=asked.answered_at,
        role=asked.signer_role or "",
        reason=asked.reason,
        seal=seal.state,
        sentence=seal.sentence,
        fingerprint=asked.reference,
    )


def hosts_of(
    session: Session, config_dir: Path, visits: Sequence[VisitAndSchool]
) -> dict[int, Host]:
    """Where visits stand with their hosts, in one query; who was never asked is not there."""
    by_id = {one[0].id: one for one in visits}
    rows = session.execute(
        confirmation_columns()
        .where(models.Confirmation.visit_id.in_(by_id))
        .order_by(models.Confirmation.id)
    )
    found: dict[int, Host] = {}
    for asked in map(read_confirmation, rows):
        before = found.get(asked.visit_id)
        is_open = asked.answered_at is None and asked.closed_at is None
        found[asked.visit_id] = Host(
            asked.asked_at,
            asked.expires_at if is_open else None,
            _answer(config_dir, by_id[asked.visit_id], asked)
            or (before.answer if before else None),
        )
    return found


def list_visits(
    session: Session, config_dir: Path, assignment_id: int, person_id: int
) -> tuple[Visit, ...]:
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
    found: list[VisitAndSchool] = [(row[0], row[1]) for row in rows]
    hosts = hosts_of(session, config_dir, found)
    return tuple(_visit(kept, school, hosts.get(kept.id)) for kept, school in found)


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


def read_entries(session: Session, config_dir: Path, assignment_id: int, person_id: int) -> Entries:
    """All that stands in a participant's log, in a fixed number of queries."""
    return Entries(
        visits=list_visits(session, config_dir, assignment_id, person_id),
        meetings=list_meetings(session, assignment_id, person_id),
        sessions=list_sessions(session, assignment_id, person_id),
    )
