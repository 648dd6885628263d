"""Tables of the gradebook: the column, the score on its way, and every try to send it."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import Boolean, ForeignKey, Index, Integer, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db.base import Base, BigId
from lti_tool.db.types import Exact, Moment, Words
from lti_tool.jobs.leasing import Leased


class LineItem(Leased, Base):
    """One row: an assignment's column in the platform's gradebook. Its address may change, and
    is empty until it was found or made. The lease lets one worker at a time look for it."""

    __tablename__ = "line_item"

    assignment_id: Mapped[int] = mapped_column(BigId, ForeignKey("assignment.id"), unique=True)
    context_id: Mapped[int] = mapped_column(BigId, ForeignKey("context.id"), index=True)
    registration_id: Mapped[int] = mapped_column(BigId, ForeignKey("registration.id"))
    resource_id: Mapped[str] = mapped_column(Words(64))
    resource_link_id: Mapped[str] = mapped_column(Words(255))
    """The platform's id of the link the column belongs to."""
    label: Mapped[str] = mapped_column(Words(500))
    maximum: Mapped[Decimal] = mapped_column(Exact)
    url: Mapped[str | None] = mapped_column(Words(2000))
    line_items_url: Mapped[str | None] = mapped_column(Words(2000))
    scopes: Mapped[str] = mapped_column(Words(1000))
    """Scopes the platform offered in the launch, space-separated."""
    told_label: Mapped[str | None] = mapped_column(Words(500))
    """Title the platform was last told; empty where it has its own and we told none."""
    told_maximum: Mapped[Decimal | None] = mapped_column(Exact)
    change_problem: Mapped[str | None] = mapped_column(Words(50))
    """Why the last change of title or maximum was not taken over; a reason code."""
    gone_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the column was first found to be deleted on the platform."""


class Delivery(Leased, Base):
    """One row: the score promised for one person in one line item, and where it stands."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("line_item_id", "person_id"),
        Index("ix_delivery_state_due_at", "state", "due_at"),
    )

    line_item_id: Mapped[int] = mapped_column(BigId, ForeignKey("line_item.id"))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"), index=True)
    revision: Mapped[int] = mapped_column(Integer)
    """Counts up with each new score; a send that began under an older one settles nothing."""
    state: Mapped[str] = mapped_column(Words(20))
    """waiting, delivered, needs_person, cancelled or superseded."""
    score_given: Mapped[Decimal] = mapped_column(Exact)
    score_maximum: Mapped[Decimal] = mapped_column(Exact)
    comment: Mapped[str] = mapped_column(Words(20000))
    submitted_at: Mapped[datetime | None] = mapped_column(Moment)
    clears: Mapped[bool] = mapped_column(Boolean, server_default=false())
    """Whether it takes the mark out of the gradebook instead of putting one in."""
    scored_at: Mapped[datetime] = mapped_column(Moment)
    """The score's timestamp, in whole seconds, later than any this row sent before."""
    first_tried_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[str | None] = mapped_column(Words(50))
    """Why it waits or needs a person: a code that `states.py` puts into words."""
    delivered_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)


class DeliveryAttempt(Base):
    """One row: one try to send a delivery. Append-only."""

    __tablename__ = "delivery_attempt"

    delivery_id: Mapped[int] = mapped_column(BigId, ForeignKey("delivery.id"), index=True)
    revision: Mapped[int] = mapped_column(Integer)
    scored_at: Mapped[datetime] = mapped_column(Moment)
    score_given: Mapped[Decimal] = mapped_column(Exact)
    began_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime] = mapped_column(Moment)
    http_status: Mapped[int | None] = mapped_column(Integer)
    verdict: Mapped[str] = mapped_column(Words(20))
    """landed, wait or ask."""
    reason: Mapped[str | None] = mapped_column(Words(50))


class Comparison(Leased, Base):
    """One row: a column's marks are compared with what the platform shows, on request."""

    __tablename__ = "comparison"

    line_item_id: Mapped[int] = mapped_column(BigId, ForeignKey("line_item.id"), unique=True)
    asked_at: Mapped[datetime | None] = mapped_column(Moment)
    """Empty where nothing is asked for: the last answer stands."""
    asked_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    read_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the platform's results were last read well."""
    problem: Mapped[str | None] = mapped_column(Words(50))
    """Why the last reading failed; a reason code."""


class ShownResult(Base):
    """One row: what the platform's gradebook showed for a person when it was last read, held
    against what was sent, and what a tutor decided about a difference."""

    __tablename__ = "shown_result"
    __table_args__ = (UniqueConstraint("line_item_id", "person_id"),)

    line_item_id: Mapped[int] = mapped_column(BigId, ForeignKey("line_item.id"))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"), index=True)
    result_score: Mapped[Decimal | None] = mapped_column(Exact)
    result_maximum: Mapped[Decimal | None] = mapped_column(Exact)
    shown_at: Mapped[datetime | None] = mapped_column(Moment)
    """The result's own timestamp, where the platform gives one."""
    finding: Mapped[str] = mapped_column(Words(30))
    """agreed, overridden, locked, missing, newer_elsewhere or unsent."""
    read_at: Mapped[datetime] = mapped_column(Moment)
    decision: Mapped[str | None] = mapped_column(Words(20))
    """keep or send; falls away when the finding changes."""
    decided_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
