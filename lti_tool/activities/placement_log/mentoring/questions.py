"""What a mentor asks the tutors in private, and the one reply to each question.

Nobody but the tutors of the course and the mentor who asked reads either. The participant does not
even see that there was one.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lti_tool.activities.placement_log.mentoring import letters, mentorships
from lti_tool.activities.placement_log.mentoring.parties import TUTOR, Party
from lti_tool.activities.placement_log.models import MentorQuestion
from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict, NotFound
from lti_tool.db.statements import count_changed
from lti_tool.programme.models import Mentorship
from lti_tool.settings import Settings

MOST_OPEN = 20
"""Questions of one mentorship that wait for a reply."""


class RepliedElsewhere(Conflict):
    """Another tutor replied in between."""


@dataclass(frozen=True, slots=True)
class QuestionRead:
    """A question with its reply, if there is one."""

    id: int
    mentorship_id: int
    person_id: int
    """The participant whom the asker mentors."""
    text: str
    asked_at: datetime
    reply: str | None
    replied_by_id: int | None
    replied_at: datetime | None


_READ = select(
    MentorQuestion.id,
    MentorQuestion.mentorship_id,
    Mentorship.person_id,
    MentorQuestion.text,
    MentorQuestion.asked_at,
    MentorQuestion.reply,
    MentorQuestion.replied_by_id,
    MentorQuestion.replied_at,
).join(Mentorship, Mentorship.id == MentorQuestion.mentorship_id)


def list_own(session: Session, party: Party) -> list[QuestionRead]:
    """A mentor's own questions, the latest first."""
    rows = session.execute(
        _READ.where(
            MentorQuestion.assignment_id == party.assignment_id,
            MentorQuestion.mentorship_id == party.mentorship_id,
        ).order_by(MentorQuestion.id.desc())
    )
    return [QuestionRead(*row) for row in rows]


def list_questions(
    session: Session, assignment_id: int, *, is_open: bool, limit: int = 100
) -> list[QuestionRead]:
    """Questions to the tutors of an assignment.

    :param is_open: those that wait for a reply, the oldest first; else those that have one, the
        latest first.
    """
    order = MentorQuestion.id.asc() if is_open else MentorQuestion.id.desc()
    unanswered = MentorQuestion.replied_at.is_(None)
    rows = session.execute(
        _READ.where(
            MentorQuestion.assignment_id == assignment_id, unanswered if is_open else ~unanswered
        )
        .order_by(order)
        .limit(limit)
    )
    return [QuestionRead(*row) for row in rows]


def ask(session: Session, party: Party, text: str) -> int:
    """Keep a mentor's question and tell the tutors that there is one. Sent twice, kept once.

    :return: its number.
    :raises Conflict: too many wait for a reply already.
    """
    waiting = [one for one in list_own(session, party) if one.replied_at is None]
    for known in waiting:
        if known.text == text:
            return known.id
    if len(waiting) >= MOST_OPEN:
        raise Conflict(
            f"{len(waiting)} of your questions wait for a reply. Wait for one before you ask more."
        )
    question = MentorQuestion(
        mentorship_id=party.mentorship_id,
        assignment_id=party.assignment_id,
        text=text,
        asked_at=clock.now(),
    )
    session.add(question)
    session.flush()
    became = {"guest": party.guest_id}
    record(session, "mentor asked", ("mentor_question", question.id), became=became, **party.audit)
    letters.tell_tutors(session, party, question.id)
    return question.id


def reply(
    session: Session,
    settings: Settings,
    *,
    assignment_id: int,
    context_id: int,
    question_id: int,
    text: str,
    actor_id: int,
) -> None:
    """Answer a mentor's question, once, and tell them that a reply is there.

    :raises NotFound: there is no such question of this assignment.
    :raises RepliedElsewhere: it has a reply already.
    """
    found = session.execute(
        _READ.where(MentorQuestion.id == question_id, MentorQuestion.assignment_id == assignment_id)
    ).first()
    if found is None:
        raise NotFound("There is no such question in this course.")
    changed = count_changed(
        session,
        update(MentorQuestion)
        .where(MentorQuestion.id == question_id, MentorQuestion.replied_at.is_(None))
        .values(reply=text, replied_by_id=actor_id, replied_at=clock.now())
        .execution_options(synchronize_session=False),
    )
    if not changed:
        raise RepliedElsewhere(
            "This question has a reply already. It is shown below; yours was not kept."
        )
    party = Party(TUTOR, assignment_id, context_id, found.person_id, actor_id=actor_id)
    record(session, "mentor answered", ("mentor_question", question_id), **party.audit)
    mentor = mentorships.find_mentorship(session, found.mentorship_id)
    if mentor is not None:
        letters.tell_of_reply(session, settings, party, mentor, question_id)


def count_open(session: Session, assignment_id: int) -> int:
    """How many questions wait for a reply."""
    return (
        session.scalar(
            select(func.count(MentorQuestion.id)).where(
                MentorQuestion.assignment_id == assignment_id, MentorQuestion.replied_at.is_(None)
            )
        )
        or 0
    )
