"""Tables of marking."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db.base import Base, BigId
from lti_tool.db.types import Document, Exact, Moment, Words
from lti_tool.jobs.leasing import Leased


class RubricVersion(Base):
    """One row: a rubric as it stood when work was set with it. Never changed."""

    __tablename__ = "rubric_version"
    __table_args__ = (UniqueConstraint("key", "version"),)

    key: Mapped[str] = mapped_column(Words(100))
    version: Mapped[int] = mapped_column(Integer)
    document: Mapped[dict[str, Any]] = mapped_column(Document)
    document_digest: Mapped[str] = mapped_column(Words(64))
    created_at: Mapped[datetime] = mapped_column(Moment)


class Judgement(Base):
    """One row: a marker's view of a submission. Append-only: a later row replaces an earlier
    one of the same marker and kind without changing it."""

    __tablename__ = "judgement"
    __table_args__ = (UniqueConstraint("submission_id", "kind", "number"),)

    submission_id: Mapped[int] = mapped_column(BigId, ForeignKey("submission.id"))
    number: Mapped[int] = mapped_column(Integer)
    """Counts up within submission and kind; a save names the number it built on."""
    copy_id: Mapped[int] = mapped_column(BigId, ForeignKey("handed_in_copy.id"))
    marker_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(Words(20))
    """first, second, third or agreed."""
    marks: Mapped[dict[str, Any]] = mapped_column(Document)
    """By criterion: {"mark": "62", "comment": "…"}, with "band" where one was chosen. Marks are
    decimal text, 0 to 100, or points where the rubric counts points."""
    overall: Mapped[Decimal | None] = mapped_column(Exact)
    """The mark out of 100 that counts, empty while a criterion is unmarked."""
    weighted: Mapped[Decimal | None] = mapped_column(Exact)
    """The mark the rubric's weights give; differs from `overall` where that was set apart."""
    overall_reason: Mapped[str] = mapped_column(Words(2000), server_default="")
    """Why the overall mark was set apart from the weighted one."""
    feedback: Mapped[str] = mapped_column(Words(20000))
    private_note: Mapped[str] = mapped_column(Words(10000))
    created_at: Mapped[datetime] = mapped_column(Moment)


class Outcome(Base):
    """One row: what came of the judgements on a submission. A change adds a row."""

    __tablename__ = "outcome"
    __table_args__ = (UniqueConstraint("submission_id", "number"),)

    submission_id: Mapped[int] = mapped_column(BigId, ForeignKey("submission.id"))
    number: Mapped[int] = mapped_column(Integer)
    judgement_id: Mapped[int] = mapped_column(BigId, ForeignKey("judgement.id"))
    raw: Mapped[Decimal] = mapped_column(Exact)
    scaled: Mapped[Decimal | None] = mapped_column(Exact)
    """The raw mark after a scaling of the whole cohort; empty where there was none."""
    penalty: Mapped[Decimal] = mapped_column(Exact)
    cap: Mapped[Decimal | None] = mapped_column(Exact)
    final: Mapped[Decimal] = mapped_column(Exact)
    standing: Mapped[str] = mapped_column(Words(20))
    """provisional or confirmed; a hold has its own table."""
    working: Mapped[dict[str, Any] | None] = mapped_column(Document)
    """The steps from raw to final as counted: lateness, rule, cap; for the worked example."""
    source: Mapped[str] = mapped_column(Words(20), server_default="marking")
    """marking, board, appeal or misconduct: whose decision it is."""
    reason: Mapped[str] = mapped_column(Words(2000), server_default="")
    decided_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)


class Release(Base):
    """One row: from when to when the person could see an outcome."""

    __tablename__ = "release"

    outcome_id: Mapped[int] = mapped_column(BigId, ForeignKey("outcome.id"), index=True)
    submission_id: Mapped[int] = mapped_column(BigId, ForeignKey("submission.id"), index=True)
    released_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    released_at: Mapped[datetime] = mapped_column(Moment)
    taken_back_at: Mapped[datetime | None] = mapped_column(Moment)
    taken_back_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    take_back_reason: Mapped[str] = mapped_column(Words(2000), server_default="")


class ScheduledRelease(Leased, Base):
    """One row: an assignment's marks are to be released at `due_at`, by a worker."""

    __tablename__ = "scheduled_release"

    assignment_id: Mapped[int] = mapped_column(BigId, ForeignKey("assignment.id"), index=True)
    set_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    cancelled_at: Mapped[datetime | None] = mapped_column(Moment)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    result: Mapped[dict[str, Any] | None] = mapped_column(Document)
    """How many went out, and what held back those that did not."""


class Hold(Base):
    """One row: a person's mark is kept back while something is looked into."""

    __tablename__ = "hold"

    submission_id: Mapped[int] = mapped_column(BigId, ForeignKey("submission.id"), index=True)
    kind: Mapped[str] = mapped_column(Words(20))
    """integrity, circumstances or appeal; the participant reads one neutral sentence."""
    reason: Mapped[str] = mapped_column(Words(2000))
    placed_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    placed_at: Mapped[datetime] = mapped_column(Moment)
    lifted_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    lifted_at: Mapped[datetime | None] = mapped_column(Moment)


class Allocation(Base):
    """One row: a marker's turn at a participant's work. Ended, never deleted; at most one is
    open for each assignment, participant and kind."""

    __tablename__ = "allocation"
    __table_args__ = (
        Index(
            "uq_allocation_open",
            "assignment_id",
            "person_id",
            "kind",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    assignment_id: Mapped[int] = mapped_column(BigId, ForeignKey("assignment.id"))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    """The participant."""
    marker_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(Words(20))
    """first, second or third."""
    allocated_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    allocated_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class BankedComment(Base):
    """One row: a comment that a marker keeps for a criterion, to be used again."""

    __tablename__ = "banked_comment"
    __table_args__ = (Index("ix_banked_comment_context_id_rubric_key", "context_id", "rubric_key"),)

    context_id: Mapped[int] = mapped_column(BigId, ForeignKey("context.id"))
    owner_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    rubric_key: Mapped[str] = mapped_column(Words(100))
    criterion_id: Mapped[str] = mapped_column(Words(100))
    text: Mapped[str] = mapped_column(Words(3000))
    is_shared: Mapped[bool] = mapped_column(Boolean)
    """Whether the other markers of the course may use it too."""
    created_at: Mapped[datetime] = mapped_column(Moment)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)


class Remark(Base):
    """One row: what a marker says of one place in a piece of work, for its author to read once
    the mark is released. The words are never changed: a change adds a row in place of another."""

    __tablename__ = "remark"
    __table_args__ = (UniqueConstraint("replaces_id"),)

    submission_id: Mapped[int] = mapped_column(BigId, ForeignKey("submission.id"), index=True)
    copy_id: Mapped[int] = mapped_column(BigId, ForeignKey("handed_in_copy.id"))
    author_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    anchor: Mapped[str] = mapped_column(Words(100))
    """The place in the work, as its activity names it."""
    text: Mapped[str] = mapped_column(Words(3000))
    replaces_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("remark.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)
    """When it was taken away or replaced."""


class Moderation(Base):
    """One row: one round of sampled moderation of an assignment's marks, with the rule and the
    seed it was drawn by, so that the draw can be shown again."""

    __tablename__ = "moderation"
    __table_args__ = (UniqueConstraint("assignment_id", "number"),)

    assignment_id: Mapped[int] = mapped_column(BigId, ForeignKey("assignment.id"))
    number: Mapped[int] = mapped_column(Integer)
    rule: Mapped[dict[str, Any]] = mapped_column(Document)
    seed: Mapped[str] = mapped_column(Words(64))
    population: Mapped[dict[str, Any]] = mapped_column(Document)
    """What was drawn from: judgement and mark by submission."""
    moderator_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    is_blind: Mapped[bool] = mapped_column(Boolean)
    """Whether the moderator marks without seeing the first mark."""
    drawn_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    drawn_at: Mapped[datetime] = mapped_column(Moment)
    decision: Mapped[str | None] = mapped_column(Words(20))
    """confirmed, remark, scaled or abandoned; empty while the round is open."""
    scaling: Mapped[dict[str, Any] | None] = mapped_column(Document)
    reason: Mapped[str] = mapped_column(Words(2000), server_default="")
    decided_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)


class ModerationPiece(Base):
    """One row: a piece of work in a round's sample, and what the moderator made of it."""

    __tablename__ = "moderation_piece"
    __table_args__ = (UniqueConstraint("moderation_id", "submission_id"),)

    moderation_id: Mapped[int] = mapped_column(BigId, ForeignKey("moderation.id"))
    submission_id: Mapped[int] = mapped_column(BigId, ForeignKey("submission.id"), index=True)
    judgement_id: Mapped[int] = mapped_column(BigId, ForeignKey("judgement.id"))
    """The judgement the draw found; it is never changed by moderation."""
    why: Mapped[str] = mapped_column(Words(50))
    """Which part of the rule drew it."""
    view: Mapped[str | None] = mapped_column(Words(20))
    """agrees, higher or lower; empty until the moderator has looked."""
    mark: Mapped[Decimal | None] = mapped_column(Exact)
    """The moderator's own mark, where they gave one; it never replaces the first."""
    note: Mapped[str] = mapped_column(Words(5000), server_default="")
    version: Mapped[int] = mapped_column(Integer, server_default="0")
    """Counts up with each save."""
    seen_at: Mapped[datetime | None] = mapped_column(Moment)


class ExaminerComment(Base):
    """One row: what an external examiner said of an assignment's marking, and the reply."""

    __tablename__ = "examiner_comment"

    assignment_id: Mapped[int] = mapped_column(BigId, ForeignKey("assignment.id"), index=True)
    guest_id: Mapped[int] = mapped_column(BigId, ForeignKey("guest.id"))
    text: Mapped[str] = mapped_column(Words(10000))
    created_at: Mapped[datetime] = mapped_column(Moment)
    reply: Mapped[str] = mapped_column(Words(10000), server_default="")
    replied_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    replied_at: Mapped[datetime | None] = mapped_column(Moment)
