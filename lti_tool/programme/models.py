"""Tables of the programme: schools, posts, what makes a participant eligible, mentors.

Facts of a participant belong to the person, not to one course, since a programme runs over
several. Names of head teachers and mentors stand with the guests in `people`, never here.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db.base import Base, BigId
from lti_tool.db.types import Document, Moment, Words


class School(Base):
    """One row: a school that participants work at or visit, as one registration knows it."""

    __tablename__ = "school"
    __table_args__ = (
        Index(
            "uq_school_registration_id_urn",
            "registration_id",
            "urn",
            unique=True,
            sqlite_where=text("urn IS NOT NULL"),
            postgresql_where=text("urn IS NOT NULL"),
        ),
    )

    registration_id: Mapped[int] = mapped_column(BigId, ForeignKey("registration.id"))
    urn: Mapped[str | None] = mapped_column(Words(6))
    """Unique reference number of a school in England, six digits; empty where it is not known."""
    name: Mapped[str] = mapped_column(Words(200))
    phase: Mapped[str] = mapped_column(Words(30), server_default="")
    """A key of `config/words/schools.yaml`, such as primary or special; empty: not said."""
    kind: Mapped[str] = mapped_column(Words(30), server_default="")
    """A key of `config/words/schools.yaml`, such as academy or maintained; empty: not said."""
    created_at: Mapped[datetime] = mapped_column(Moment)


class Post(Base):
    """One row: a participant works at a school, from one day to another. Never overwritten:
    who changes school gets a second row."""

    __tablename__ = "post"
    __table_args__ = (
        Index(
            "uq_post_person_id_open",
            "person_id",
            unique=True,
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
    )

    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"), index=True)
    school_id: Mapped[int] = mapped_column(BigId, ForeignKey("school.id"))
    started_on: Mapped[date] = mapped_column(Date)
    ended_on: Mapped[date | None] = mapped_column(Date)
    """The last day; empty while they work there."""
    created_at: Mapped[datetime] = mapped_column(Moment)


class Eligibility(Base):
    """One row: what is known of one participant's standing as a teacher and SENCO."""

    __tablename__ = "eligibility"

    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"), unique=True)
    has_qts: Mapped[bool | None] = mapped_column(Boolean)
    """Qualified teacher status; empty: not known yet."""
    qts_checked_on: Mapped[date | None] = mapped_column(Date)
    induction: Mapped[str] = mapped_column(Words(20), server_default="")
    """done, exempt, not_done, or empty: not known yet."""
    senco_since: Mapped[date | None] = mapped_column(Date)
    """The day they became a SENCO, at any school; the three years run from it."""
    is_aspiring: Mapped[bool] = mapped_column(Boolean)
    """Not a SENCO yet: no date is asked for."""
    trn: Mapped[str | None] = mapped_column(Words(7))
    """Teacher reference number, seven digits; validated, never required."""
    qualification: Mapped[str] = mapped_column(Words(20), server_default="")
    """What they study for: nasenco, npq or certificate; empty: not known yet."""
    course_began_on: Mapped[date | None] = mapped_column(Date)
    """The day their course began; NASENCo is closed to who began on or after a day in 2024."""
    revision: Mapped[int] = mapped_column(Integer)
    updated_at: Mapped[datetime] = mapped_column(Moment)


class DbsCheck(Base):
    """One row: facts of a DBS check as the single central record holds them. Never the
    certificate or its number. A newer check is a further row; a wrong one is withdrawn."""

    __tablename__ = "dbs_check"

    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"), index=True)
    level: Mapped[str] = mapped_column(Words(30))
    """basic, standard, enhanced or enhanced_barred."""
    workforce: Mapped[str] = mapped_column(Words(30))
    """child, adult, child_and_adult or other."""
    issued_on: Mapped[date] = mapped_column(Date)
    update_service_on: Mapped[date | None] = mapped_column(Date)
    """When the Update Service was last asked; empty where the person is not in it."""
    checked_by: Mapped[str] = mapped_column(Words(100))
    """The office that checked, such as "school business manager": a role, never a name."""
    checked_on: Mapped[date] = mapped_column(Date)
    source: Mapped[str] = mapped_column(Words(20))
    """school (by link), office (by file) or tutor."""
    recorded_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    guest_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("guest.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)


class SchoolAgreement(Base):
    """One row: a head was asked to agree that a participant takes part, and what they said."""

    __tablename__ = "school_agreement"

    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"), index=True)
    context_id: Mapped[int] = mapped_column(BigId, ForeignKey("context.id"))
    """The course from which it was asked for."""
    assignment_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("assignment.id"))
    """The activity from which it was asked for: messages name it."""
    school_id: Mapped[int] = mapped_column(BigId, ForeignKey("school.id"))
    guest_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("guest.id"))
    """The head; empty where the programme office brought the agreement in."""
    guest_link_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("guest_link.id"))
    source: Mapped[str] = mapped_column(Words(20))
    """school, office or tutor."""
    asked_at: Mapped[datetime] = mapped_column(Moment)
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    is_agreed: Mapped[bool | None] = mapped_column(Boolean)
    release_days: Mapped[int | None] = mapped_column(Integer)
    """Days out of school that the head agrees to."""
    answer: Mapped[dict[str, Any]] = mapped_column(Document)
    """The wording agreed to, as it was shown, and the reason where it was refused."""
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    """When it was withdrawn or superseded, for example by a change of school."""


class Mentorship(Base):
    """One row: a member of school staff mentors a participant, from one day to another."""

    __tablename__ = "mentorship"
    __table_args__ = (
        Index(
            "uq_mentorship_person_id_open",
            "person_id",
            unique=True,
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
    )

    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"), index=True)
    school_id: Mapped[int] = mapped_column(BigId, ForeignKey("school.id"))
    guest_id: Mapped[int] = mapped_column(BigId, ForeignKey("guest.id"), index=True)
    role: Mapped[str] = mapped_column(Words(30))
    """leadership (a member of the leadership team) or senior_senco."""
    started_on: Mapped[date] = mapped_column(Date)
    ended_on: Mapped[date | None] = mapped_column(Date)
    end_reason: Mapped[str] = mapped_column(Words(200), server_default="")
    created_at: Mapped[datetime] = mapped_column(Moment)
