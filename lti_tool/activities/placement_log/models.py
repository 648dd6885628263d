"""Tables of the placement log: partner-school visits and their confirmations, mentor meetings,
sessions and who attended.

On screen a placement visit is a "partner-school visit". Names stand with people and guests; a
seal covers what was shown and a salted hash of who signed, so that erasing a name breaks none.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, Integer, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db.base import Base, BigId
from lti_tool.db.types import Document, Moment, Words


class PartnerVisit(Base):
    """One row: a visit of one participant to one partner school, planned or made."""

    __tablename__ = "partner_visit"
    __table_args__ = (
        UniqueConstraint("assignment_id", "person_id", "number"),
        Index("ix_partner_visit_person_id", "person_id"),
    )

    assignment_id: Mapped[int] = mapped_column(BigId, ForeignKey("assignment.id"))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    number: Mapped[int] = mapped_column(Integer)
    """Counts a person's visits from 1; addresses of pages name it."""
    school_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("school.id"))
    host_guest_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("guest.id"))
    """Whom to ask to confirm it."""
    visit_on: Mapped[date | None] = mapped_column(Date)
    arrives_at: Mapped[str] = mapped_column(Words(5), server_default="")
    """As on the school's clock, such as 08:45."""
    leaves_at: Mapped[str] = mapped_column(Words(5), server_default="")
    half_days: Mapped[int] = mapped_column(Integer)
    """1 for half a day, 2 for a whole one."""
    document: Mapped[dict[str, Any]] = mapped_column(Document)
    """Focus, outcomes, observations, reflection and actions, as `visit_document.py` shapes them."""
    document_version: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(Words(20))
    """planned, approved, done, confirmed, accepted, returned or wrong."""
    state_since: Mapped[datetime] = mapped_column(Moment)
    revision: Mapped[int] = mapped_column(Integer)
    """Counts up with each save, so that two tabs or devices never overwrite each other unseen."""
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)


class VisitStep(Base):
    """One row: a visit moved from one state to another. Never changed."""

    __tablename__ = "visit_step"

    visit_id: Mapped[int] = mapped_column(BigId, ForeignKey("partner_visit.id"), index=True)
    was: Mapped[str] = mapped_column(Words(20))
    became: Mapped[str] = mapped_column(Words(20))
    at: Mapped[datetime] = mapped_column(Moment)
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    guest_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("guest.id"))
    """Who moved it; neither where the tool did."""
    comment: Mapped[str] = mapped_column(Words(2000), server_default="")


class Confirmation(Base):
    """One row: a host was asked to confirm a visit, and what became of it. At most one is open
    for a visit, and at most one stands, which the database itself sees to."""

    __tablename__ = "confirmation"
    __table_args__ = (
        Index(
            "uq_confirmation_visit_id_open",
            "visit_id",
            unique=True,
            sqlite_where=text("answered_at IS NULL AND closed_at IS NULL"),
            postgresql_where=text("answered_at IS NULL AND closed_at IS NULL"),
        ),
        Index(
            "uq_confirmation_visit_id_standing",
            "visit_id",
            unique=True,
            sqlite_where=text("answer = 'yes' AND broken_at IS NULL"),
            postgresql_where=text("answer = 'yes' AND broken_at IS NULL"),
        ),
        Index("ix_confirmation_visit_id", "visit_id"),
    )

    visit_id: Mapped[int] = mapped_column(BigId, ForeignKey("partner_visit.id"))
    guest_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("guest.id"))
    """Who was asked; empty where only a code was shown, or it came on paper."""
    guest_link_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("guest_link.id"))
    code_digest: Mapped[str | None] = mapped_column(Words(64), unique=True)
    """Of the code that can be typed; keyed, since codes are short. Empty once it has ended."""
    asked_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    reminded_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the host was reminded, which happens once."""
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    """When it was withdrawn, replaced or passed on without an answer."""
    why_closed: Mapped[str] = mapped_column(Words(30), server_default="")
    """withdrawn, replaced, passed_on, changed (the visit was) or expired."""
    passed_from_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("confirmation.id"))
    by: Mapped[str] = mapped_column(Words(20), server_default="")
    """How the answer came: link, code or paper."""
    answer: Mapped[str] = mapped_column(Words(20), server_default="")
    """yes, wrong or not_mine; empty while there is none."""
    reason: Mapped[str] = mapped_column(Words(1000), server_default="")
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    recorded_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    """The tutor who recorded a confirmation on paper."""
    shown: Mapped[dict[str, Any] | None] = mapped_column(Document)
    """Exactly what was shown to the host and answered, without names of people."""
    shown_digest: Mapped[str | None] = mapped_column(Words(64))
    """The seal: over what was shown, the answer, and the salted hash of who signed."""
    signature_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("guest_signature.id"))
    signer_salt: Mapped[str | None] = mapped_column(Words(40))
    signer_digest: Mapped[str | None] = mapped_column(Words(64))
    broken_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the visit was changed after it was confirmed, so that the seal no longer holds."""


class Meeting(Base):
    """One row: a meeting of a participant with their mentor, or a tutorial with a tutor."""

    __tablename__ = "meeting"
    __table_args__ = (Index("ix_meeting_person_id", "person_id"),)

    assignment_id: Mapped[int] = mapped_column(BigId, ForeignKey("assignment.id"), index=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(Words(20))
    """mentor or tutorial."""
    mentorship_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("mentorship.id"))
    tutor_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    held_on: Mapped[date] = mapped_column(Date)
    minutes: Mapped[int] = mapped_column(Integer)
    mode: Mapped[str] = mapped_column(Words(20))
    """in_person, online or phone."""
    document: Mapped[dict[str, Any]] = mapped_column(Document)
    """Topics, outcomes, agreed actions with their dates, as `mentoring/entry.py` shapes them."""
    document_version: Mapped[int] = mapped_column(Integer)
    written_by: Mapped[str] = mapped_column(Words(20))
    """participant, mentor or tutor: the side whose record it is, which has said yes by writing."""
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the other side confirmed it; a later change of it asks again."""
    queried_at: Mapped[datetime | None] = mapped_column(Moment)
    query: Mapped[str] = mapped_column(Words(1000), server_default="")
    """What the other side says is wrong."""
    revision: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)


class MentorDoor(Base):
    """One row: a mentor's link opens the log of one assignment, beside the mentorship that the
    link itself names."""

    __tablename__ = "mentor_door"
    __table_args__ = (Index("ix_mentor_door_mentorship_id", "mentorship_id"),)

    guest_link_id: Mapped[int] = mapped_column(BigId, ForeignKey("guest_link.id"), unique=True)
    mentorship_id: Mapped[int] = mapped_column(BigId, ForeignKey("mentorship.id"))
    assignment_id: Mapped[int] = mapped_column(BigId, ForeignKey("assignment.id"))
    made_at: Mapped[datetime] = mapped_column(Moment)


class MentorQuestion(Base):
    """One row: what a mentor asked the tutors in private, and the answer."""

    __tablename__ = "mentor_question"

    mentorship_id: Mapped[int] = mapped_column(BigId, ForeignKey("mentorship.id"), index=True)
    assignment_id: Mapped[int] = mapped_column(BigId, ForeignKey("assignment.id"), index=True)
    text: Mapped[str] = mapped_column(Words(3000))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    reply: Mapped[str | None] = mapped_column(Words(3000))
    replied_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    replied_at: Mapped[datetime | None] = mapped_column(Moment)


class CourseSession(Base):
    """One row: an online session or a taught day of one course."""

    __tablename__ = "course_session"

    assignment_id: Mapped[int] = mapped_column(BigId, ForeignKey("assignment.id"), index=True)
    kind: Mapped[str] = mapped_column(Words(20))
    """online or taught_day."""
    title: Mapped[str] = mapped_column(Words(200))
    held_on: Mapped[date] = mapped_column(Date)
    starts_at: Mapped[str] = mapped_column(Words(5), server_default="")
    venue: Mapped[str] = mapped_column(Words(200), server_default="")
    revision: Mapped[int] = mapped_column(Integer)
    """Counts up with each taking of attendance."""
    taken_at: Mapped[datetime | None] = mapped_column(Moment)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)


class Attendance(Base):
    """One row: whether one participant was at one session."""

    __tablename__ = "attendance"
    __table_args__ = (
        UniqueConstraint("session_id", "person_id"),
        Index("ix_attendance_person_id", "person_id"),
    )

    session_id: Mapped[int] = mapped_column(BigId, ForeignKey("course_session.id"))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    state: Mapped[str] = mapped_column(Words(20))
    """present, absent, or made_up (did what was missed another way)."""
    taken_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    taken_at: Mapped[datetime] = mapped_column(Moment)
