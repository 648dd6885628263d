"""Starting the next cohort: which course follows which, its set-ups with shifted dates, and who
goes on with their own drafts and visits.

A plan is made, shown with every date before and after, changed by hand, and only then carried
out. Courses that come later can be carried forward later.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from lti_tool.catalogue.contract import Carried
from lti_tool.catalogue.register import find_activity
from lti_tool.coursework.calendar import Calendar
from lti_tool.coursework.carrying import Dates, carry_draft, carry_set_up, match_assignments
from lti_tool.coursework.queries import AssignmentRead, list_assignments
from lti_tool.people.visits import CurrentVisit
from lti_tool.programme.cohorts.joining import join_course
from lti_tool.programme.cohorts.queries import (
    CohortRead,
    ModuleRead,
    ProgrammeRead,
    Run,
    runs_of,
)
from lti_tool.programme.cohorts.shifting import shift_day, shift_moment


@dataclass(frozen=True, slots=True)
class Line:
    """One piece of work: as it is in the earlier course, and what it becomes."""

    before: AssignmentRead
    after: AssignmentRead | None
    """The work that is in the new course already; None: it is set there now."""
    dates: Dates
    """What is proposed: the dates moved by whole weeks, or those that are set there already."""


@dataclass(frozen=True, slots=True)
class Step:
    """A module's course of the earlier cohort, and the course that follows it."""

    run: Run
    context_id: int | None
    """The course that follows; None where it is not chosen yet."""
    is_joined: bool
    lines: tuple[Line, ...]


def _moved(before: AssignmentRead, weeks: int, calendar: Calendar) -> Dates:
    return Dates(
        shift_moment(before.due_at, weeks, calendar) if before.due_at else None,
        shift_day(before.board_on, weeks, calendar) if before.board_on else None,
    )


def _dates(
    before: AssignmentRead, after: AssignmentRead | None, weeks: int, calendar: Calendar
) -> Dates:
    """The dates that are set in the new course already, else those of the earlier one moved."""
    moved = _moved(before, weeks, calendar)
    if after is None:
        return moved
    return Dates(after.due_at or moved.due_at, after.board_on or moved.board_on)


def plan(
    session: Session,
    cohort: CohortRead,
    chosen: dict[int, int],
    weeks: int,
    calendar: Calendar,
) -> list[Step]:
    """What carrying forward would do. A fixed number of queries.

    :param chosen: the course that follows, by the row number of the earlier one; courses that
        are joined already are known.
    :param weeks: by how many whole weeks dates move.
    """
    if cohort.previous_id is None:
        return []
    runs = runs_of(session, cohort.previous_id)
    joined = {one.module_id: one.context_id for one in runs_of(session, cohort.id)}
    follows = {
        run.context_id: joined.get(run.module_id) or chosen.get(run.context_id) for run in runs
    }
    courses = {*follows, *(one for one in follows.values() if one)}
    work: dict[int, list[AssignmentRead]] = {}
    for one in list_assignments(session, sorted(courses)):
        work.setdefault(one.context_id, []).append(one)
    steps = []
    for run in runs:
        then = follows[run.context_id]
        before = [one for one in work.get(run.context_id, []) if one.closed_at is None]
        matched = match_assignments(before, work.get(then or 0, []))
        lines = tuple(
            Line(one, matched.get(one.id), _dates(one, matched.get(one.id), weeks, calendar))
            for one in before
        )
        steps.append(Step(run, then, run.module_id in joined, lines))
    return steps


def carry_forward(
    session: Session,
    visit: CurrentVisit,
    programme: ProgrammeRead,
    cohort: CohortRead,
    modules: list[ModuleRead],
    steps: list[Step],
    dates: dict[int, Dates],
) -> int:
    """Carry a plan out, in the caller's transaction: join the courses, set the work, with the
    dates as the leader left them.

    :param dates: by the row number of the earlier assignment.
    :return: how many pieces of work were set or given their dates.
    :raises NotFound: a course cannot be joined, or a module was removed.
    """
    by_id, count = {one.id: one for one in modules}, 0
    for step in steps:
        if step.context_id is None or step.run.module_id not in by_id:
            continue
        if not step.is_joined:
            module = by_id[step.run.module_id]
            join_course(session, visit, programme, cohort, module, step.context_id)
        for line in step.lines:
            wanted = dates.get(line.before.id, line.dates)
            carry_set_up(
                session,
                line.before,
                line.after,
                step.context_id,
                wanted,
                actor_id=visit.person_id,
            )
            count += 1
    return count


def carry_work(
    session: Session, steps: list[Step], person_ids: list[int], *, actor_id: int
) -> tuple[int, int]:
    """Take people's own drafts and their entries in the activities' own tables along into the
    courses that are joined. The old stays; what they have begun there is not touched.

    :return: how many drafts, and how many entries such as visits.
    """
    drafts = entries = 0
    for step in (one for one in steps if one.is_joined):
        for line in (one for one in step.lines if one.after is not None):
            if line.after is None:
                continue
            activity = find_activity(line.before.activity)
            for person_id in person_ids:
                drafts += carry_draft(
                    session, line.before, line.after, person_id, actor_id=actor_id
                )
                if activity is not None:
                    carried = Carried(line.before.id, line.after.id, person_id, actor_id)
                    entries += activity.bring_forward(session, carried)
    return drafts, entries
