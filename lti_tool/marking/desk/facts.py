"""What the queue needs to know of each piece besides its marks: rounds of moderation, holds,
what was released. Each read takes any number of pieces and costs one query; that of moderation
one for each assignment."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.coursework.queries import AssignmentRead
from lti_tool.coursework.rules import Rules
from lti_tool.marking.models import Hold, Moderation, Outcome, Release


@dataclass(frozen=True, slots=True)
class ModerationFacts:
    """Where one piece of work stands in sampled moderation."""

    in_open_round: bool
    awaits_moderation: bool


def list_facts(
    session: Session, assignment: AssignmentRead, submission_ids: Iterable[int], rules: Rules
) -> dict[int, ModerationFacts]:
    """Where these pieces of an assignment stand in moderation, by submission."""
    decisions = session.scalars(
        select(Moderation.decision).where(Moderation.assignment_id == assignment.id)
    ).all()
    is_decided = any(one in ("confirmed", "scaled") for one in decisions)
    facts = ModerationFacts(None in decisions, rules.moderation.required and not is_decided)
    return dict.fromkeys(submission_ids, facts)


def list_held(session: Session, submission_ids: Iterable[int]) -> set[int]:
    """The pieces whose mark is kept back for now."""
    return set(
        session.scalars(
            select(Hold.submission_id).where(
                Hold.submission_id.in_(set(submission_ids)), Hold.lifted_at.is_(None)
            )
        )
    )


@dataclass(frozen=True, slots=True)
class Out:
    """A mark that the participant can see."""

    judgement_id: int
    final: Decimal


def list_out(session: Session, submission_ids: Iterable[int]) -> dict[int, Out]:
    """Released marks by submission, without marks and feedback in full."""
    rows = session.execute(
        select(Release.submission_id, Outcome.judgement_id, Outcome.final)
        .join(Outcome, Outcome.id == Release.outcome_id)
        .where(Release.submission_id.in_(set(submission_ids)), Release.taken_back_at.is_(None))
        .order_by(Release.id)
    )
    return {row.submission_id: Out(row.judgement_id, row.final) for row in rows}
