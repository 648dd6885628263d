"""When courses, what belongs to them, and the people in them came to an end."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.coursework.models import Assignment, HandedInCopy, Submission
from lti_tool.lti.models import Context
from lti_tool.people.models import Membership
from lti_tool.programme.cohorts.models import Cohort, ModuleRun, Participation

Days = dict[int, date]


@dataclass(frozen=True, slots=True)
class Ends:
    """The last day of each thing by its row number; what has none yet is left out."""

    context: Days
    assignment: Days
    cohort: Days
    person: Days

    def over(self, kind: str, last_kept: date) -> list[int]:
        """What of a kind ended before a day.

        :param kind: context, assignment, cohort or person.
        """
        days: Days = getattr(self, kind)
        return sorted(number for number, day in days.items() if day < last_kept)


def list_ends(session: Session) -> Ends:
    """When everything ended: the last day of the cohort, or the last on which anything happened
    in the course, whichever is later. A fixed number of queries."""
    contexts = _last_signs(session)
    cohorts: Days = {}
    runs = session.execute(
        select(ModuleRun.context_id, ModuleRun.cohort_id, Cohort.ends_on).join(
            Cohort, Cohort.id == ModuleRun.cohort_id
        )
    )
    for run in runs:
        _later(contexts, run.context_id, run.ends_on)
        _later(cohorts, run.cohort_id, contexts[run.context_id])
    for number, ends_on in session.execute(select(Cohort.id, Cohort.ends_on)):
        _later(cohorts, number, ends_on)
    assignments = {
        number: contexts[context_id]
        for number, context_id in session.execute(select(Assignment.id, Assignment.context_id))
    }
    return Ends(contexts, assignments, cohorts, _of_people(session, contexts, cohorts))


def _later(days: Days, number: int, day: date | datetime | None) -> None:
    if isinstance(day, datetime):
        day = clock.in_london(day).date()
    if day is not None and day > days.get(number, date.min):
        days[number] = day


def _last_signs(session: Session) -> Days:
    """By course, the last day on which anything happened in it, or will."""
    days: Days = {}
    queries = (
        select(Context.id, Context.created_at),
        select(Assignment.context_id, func.max(Assignment.created_at)).group_by(
            Assignment.context_id
        ),
        select(Assignment.context_id, func.max(Assignment.board_on)).group_by(
            Assignment.context_id
        ),
        select(Assignment.context_id, func.max(Assignment.due_at)).group_by(Assignment.context_id),
        select(Assignment.context_id, func.max(Submission.updated_at))
        .join(Submission, Submission.assignment_id == Assignment.id)
        .group_by(Assignment.context_id),
        select(Assignment.context_id, func.max(HandedInCopy.handed_in_at))
        .join(Submission, Submission.assignment_id == Assignment.id)
        .join(HandedInCopy, HandedInCopy.submission_id == Submission.id)
        .group_by(Assignment.context_id),
        select(Membership.context_id, func.max(Membership.first_seen_at)).group_by(
            Membership.context_id
        ),
    )
    for query in queries:
        for number, day in session.execute(query):
            _later(days, number, day)
    return days


def _of_people(session: Session, contexts: Days, cohorts: Days) -> Days:
    """By person, the end of the last of their courses and cohorts; a cohort without an end leaves
    them out, since it goes on."""
    days: Days = {}
    for person_id, context_id in session.execute(
        select(Membership.person_id, Membership.context_id)
    ):
        _later(days, person_id, contexts[context_id])
    for person_id, cohort_id in session.execute(
        select(Participation.person_id, Participation.cohort_id)
    ):
        _later(days, person_id, cohorts.get(cohort_id, date.max))
    return days
