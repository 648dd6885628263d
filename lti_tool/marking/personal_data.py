"""What of people stands in the tables of marking.

Marks and feedback are a record of assessed work: erasing leaves them, without the name. An export
has what was released; what was not yet seen, private notes and reasons of holds are the
university's to decide about (Data Protection Act 2018, schedule 2, paragraphs 16 and 25).
"""

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from lti_tool.coursework.models import Submission
from lti_tool.marking.holds import KINDS
from lti_tool.marking.models import (
    Allocation,
    BankedComment,
    ExaminerComment,
    Hold,
    Judgement,
    Moderation,
    ModerationPiece,
    Outcome,
    Release,
    Remark,
    ScheduledRelease,
)
from lti_tool.privacy.holdings import (
    Emptied,
    Goes,
    Holding,
    Keeps,
    Objection,
    Stays,
    acts,
    hold,
    object_by,
)

_RECORD = "it is a record of assessed work; it goes by its time, and names nobody until then"
_WHOSE, _WORK = "submission_id.person_id", Keeps("assessed_work", "submission_id.assignment_id")
_OF_ASSIGNMENT = Keeps("assessed_work", "assignment_id")


def _judgement_unreleased() -> ColumnElement[bool]:
    return ~exists().where(
        Outcome.judgement_id == Judgement.id,
        Release.outcome_id == Outcome.id,
        Release.taken_back_at.is_(None),
    )


def _outcome_unreleased() -> ColumnElement[bool]:
    return ~exists().where(Release.outcome_id == Outcome.id, Release.taken_back_at.is_(None))


def _remark_unreleased() -> ColumnElement[bool]:
    return ~exists().where(
        Release.submission_id == Remark.submission_id, Release.taken_back_at.is_(None)
    )


def _always() -> ColumnElement[bool]:
    return ModerationPiece.id == ModerationPiece.id


def _find_holds(session: Session) -> list[Objection]:
    rows = session.execute(
        select(Submission.person_id, Hold.kind, func.count())
        .join(Submission, Submission.id == Hold.submission_id)
        .where(Hold.lifted_at.is_(None))
        .group_by(Submission.person_id, Hold.kind)
        .order_by(Submission.person_id, Hold.kind)
    )
    return [
        Objection(
            person_id,
            f"A result is held back ({KINDS[kind].lower()}), so nothing is erased. Lift the hold "
            "on the page of the piece of work when it is settled, then erase.",
        )
        for person_id, kind, _ in rows
    ]


object_by(_find_holds)
hold(
    Holding(
        Judgement,
        "Marks and feedback on your work",
        _WHOSE,
        Emptied({"private_note": ""}, f"the private note goes; for the rest, {_RECORD}"),
        private=("private_note",),
        held_back=_judgement_unreleased,
        keeps=_WORK,
    ),
    Holding(
        Outcome,
        "Results",
        _WHOSE,
        Stays(_RECORD),
        held_back=_outcome_unreleased,
        keeps=_WORK,
    ),
    Holding(
        Release,
        "When you could see a result",
        _WHOSE,
        Emptied({"take_back_reason": ""}, f"the reason goes; for the rest, {_RECORD}"),
        private=("take_back_reason",),
        keeps=_WORK,
    ),
    Holding(
        Remark,
        "Remarks on places of your work",
        _WHOSE,
        Stays(_RECORD),
        held_back=_remark_unreleased,
        keeps=_WORK,
    ),
    Holding(
        Hold,
        "When a result was held back",
        _WHOSE,
        Emptied({"reason": ""}, "the reason goes; that it was held back explains the dates"),
        private=("reason", "kind"),
        keeps=_WORK,
    ),
    Holding(
        Allocation,
        "Who was to mark your work",
        "person_id",
        Stays(_RECORD),
        only=("kind", "allocated_at", "ended_at"),
        keeps=_OF_ASSIGNMENT,
    ),
    Holding(
        ModerationPiece,
        "When your work was in a sample that was looked at again",
        _WHOSE,
        Stays(_RECORD),
        held_back=_always,
        keeps=_WORK,
    ),
    Holding(
        BankedComment,
        "Comments you keep for use again",
        "owner_id",
        Goes(),
        keeps=Keeps("assessed_work", "context_id"),
    ),
    Holding(
        ExaminerComment,
        "Comments of an external examiner",
        "guest_id",
        Stays("it is the examiner’s report on the marking"),
        keeps=_OF_ASSIGNMENT,
        ties=True,
    ),
    *acts(Judgement, "Marks you gave", "marker_id", only=("kind", "created_at")),
    *acts(Outcome, "Results you decided", "decided_by_id", only=("source", "created_at")),
    *acts(Release, "Marks you released", "released_by_id", only=("released_at",)),
    *acts(Release, "Releases you took back", "taken_back_by_id", only=("taken_back_at",)),
    *acts(ScheduledRelease, "Releases you set for a time", "set_by_id", only=("created_at",)),
    *acts(Hold, "Results you held back", "placed_by_id", only=("placed_at",)),
    *acts(Hold, "Holds you lifted", "lifted_by_id", only=("lifted_at",)),
    *acts(Allocation, "Work given to you to mark", "marker_id", only=("kind", "allocated_at")),
    *acts(Allocation, "Work you gave to markers", "allocated_by_id", only=("allocated_at",)),
    *acts(Remark, "Remarks you wrote", "author_id", only=("created_at",)),
    *acts(Moderation, "Samples you were to look at", "moderator_id", only=("drawn_at",)),
    *acts(Moderation, "Samples you drew", "drawn_by_id", only=("drawn_at",)),
    *acts(Moderation, "Samples you decided about", "decided_by_id", only=("decided_at",)),
    *acts(ExaminerComment, "Replies to an examiner", "replied_by_id", only=("replied_at",)),
)
