"""Tables of programmes: modules, cohorts, which course is which run, participation, results."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db.base import Base, BigId
from lti_tool.db.types import Document, Exact, Moment, Words


class Programme(Base):
    """One row: a programme that trains SENCos, at one university's registration."""

    __tablename__ = "programme"
    __table_args__ = (UniqueConstraint("registration_id", "key"),)

    registration_id: Mapped[int] = mapped_column(BigId, ForeignKey("registration.id"))
    key: Mapped[str] = mapped_column(Words(50))
    """Small letters, digits and dashes: what commands and grants name it by."""
    title: Mapped[str] = mapped_column(Words(200))
    route: Mapped[str] = mapped_column(Words(20))
    """nasenco, pg_certificate or npq: which award rules hold."""
    credits: Mapped[int] = mapped_column(Integer)
    """Credits the award asks for; 0 where it has none."""
    revision: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(Moment)


class ProgrammeModule(Base):
    """One row: a module of a programme, whatever the cohort."""

    __tablename__ = "programme_module"
    __table_args__ = (UniqueConstraint("programme_id", "key"),)

    programme_id: Mapped[int] = mapped_column(BigId, ForeignKey("programme.id"))
    key: Mapped[str] = mapped_column(Words(50))
    title: Mapped[str] = mapped_column(Words(200))
    credits: Mapped[int] = mapped_column(Integer)
    position: Mapped[int] = mapped_column(Integer)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)


class Cohort(Base):
    """One row: those who begin a programme together, and the outcome set they work towards."""

    __tablename__ = "cohort"
    __table_args__ = (UniqueConstraint("programme_id", "title"),)

    programme_id: Mapped[int] = mapped_column(BigId, ForeignKey("programme.id"))
    title: Mapped[str] = mapped_column(Words(100))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    outcome_set: Mapped[str] = mapped_column(Words(100))
    """Key of a framework of outcomes, and the version this cohort keeps."""
    outcome_set_version: Mapped[int] = mapped_column(Integer)
    previous_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("cohort.id"))
    """The cohort that this one was rolled over from."""
    revision: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(Moment)


class ModuleRun(Base):
    """One row: a course of the course site is the run of a module for a cohort."""

    __tablename__ = "module_run"
    __table_args__ = (Index("ix_module_run_cohort_id", "cohort_id"),)

    context_id: Mapped[int] = mapped_column(BigId, ForeignKey("context.id"), unique=True)
    cohort_id: Mapped[int] = mapped_column(BigId, ForeignKey("cohort.id"))
    module_id: Mapped[int] = mapped_column(BigId, ForeignKey("programme_module.id"))
    joined_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    joined_at: Mapped[datetime] = mapped_column(Moment)


class Participation(Base):
    """One row: from a day on, a person has this status in a cohort. Append-only: the latest day,
    and of the same day the latest row, holds."""

    __tablename__ = "participation"
    __table_args__ = (
        Index("ix_participation_cohort_id", "cohort_id"),
        Index("ix_participation_person_id", "person_id"),
    )

    cohort_id: Mapped[int] = mapped_column(BigId, ForeignKey("cohort.id"))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    status: Mapped[str] = mapped_column(Words(20))
    """active, intermitting, transferred, withdrawn or completed."""
    since_on: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Words(1000), server_default="")
    to_cohort_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("cohort.id"))
    """Where a transferred or returning person goes on."""
    recorded_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    """Empty where the roster brought them in."""
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class StudentNumber(Base):
    """One row: the number under which a university's registry knows a person."""

    __tablename__ = "student_number"
    __table_args__ = (UniqueConstraint("registration_id", "number"),)

    registration_id: Mapped[int] = mapped_column(BigId, ForeignKey("registration.id"))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"), unique=True)
    number: Mapped[str] = mapped_column(Words(40))


class ModuleResult(Base):
    """One row: a result of a module as the registry gave it, for work that the tool did not mark
    or for the module as a whole. Append-only: the latest of an attempt holds."""

    __tablename__ = "module_result"
    __table_args__ = (Index("ix_module_result_person_id", "person_id"),)

    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    cohort_id: Mapped[int] = mapped_column(BigId, ForeignKey("cohort.id"), index=True)
    module_id: Mapped[int] = mapped_column(BigId, ForeignKey("programme_module.id"))
    attempt: Mapped[int] = mapped_column(Integer)
    mark: Mapped[Decimal | None] = mapped_column(Exact)
    """Out of 100; empty for a result without a number."""
    is_passed: Mapped[bool | None] = mapped_column(Boolean)
    """Empty while the board has not decided."""
    board_state: Mapped[str] = mapped_column(Words(20))
    """provisional, confirmed or deferred."""
    decided_on: Mapped[date | None] = mapped_column(Date)
    """The day of the board."""
    recorded_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class Award(Base):
    """One row: what a board, or an NPQ's lead provider, decided for a person. Append-only: a
    later award replaces an earlier, as when QTS came after a certificate."""

    __tablename__ = "award"

    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"), index=True)
    cohort_id: Mapped[int] = mapped_column(BigId, ForeignKey("cohort.id"), index=True)
    kind: Mapped[str] = mapped_column(Words(20))
    """nasenco, pg_certificate, npq_passed, npq_failed or none."""
    decided_on: Mapped[date] = mapped_column(Date)
    facts: Mapped[dict[str, Any]] = mapped_column(Document)
    """What the decision rested on: credits, outcomes, QTS and induction, with their dates."""
    recorded_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class LeaderRequest(Base):
    """One row: somebody asked to lead a programme, and what an administrator said."""

    __tablename__ = "leader_request"

    registration_id: Mapped[int] = mapped_column(BigId, ForeignKey("registration.id"), index=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    context_id: Mapped[int] = mapped_column(BigId, ForeignKey("context.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    is_granted: Mapped[bool | None] = mapped_column(Boolean)
    answered_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(Words(1000), server_default="")
    """Why it was declined, for who asked."""
