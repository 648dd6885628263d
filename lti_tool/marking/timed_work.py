"""Which pieces `turnaround.py` counts: the work of a year with the day its feedback was due and
the day it came. A fixed number of queries."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.catalogue.measures import Scope
from lti_tool.core import clock
from lti_tool.coursework.calendar import load_calendar
from lti_tool.coursework.models import Assignment, Submission
from lti_tool.coursework.queries import HandedIn
from lti_tool.marking.desk.timing import feedback_day
from lti_tool.marking.desk.turns import list_turns
from lti_tool.marking.holds import list_held
from lti_tool.marking.measured import YearsWork, read_work
from lti_tool.marking.models import Judgement
from lti_tool.marking.queries import FIRST
from lti_tool.marking.turnaround import Timed


@dataclass(frozen=True, slots=True)
class TimedWork:
    """Pieces of work with their times, and what they were read from."""

    year: YearsWork
    pieces: tuple[tuple[HandedIn, Timed], ...]

    @property
    def timed(self) -> tuple[Timed, ...]:
        """The pieces as `turnaround.py` counts them; they say nothing of whose they are."""
        return tuple(one for _, one in self.pieces)


def _read_first_markers(session: Session, scope: Scope) -> dict[int, int]:
    """Who gave the first marks of a piece, by submission."""
    rows = session.connection().execute(
        select(Judgement.submission_id, Judgement.marker_id)
        .join(Submission, Submission.id == Judgement.submission_id)
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .where(Judgement.kind == FIRST, Assignment.context_id.in_(scope.context_ids))
        .order_by(Judgement.number)
    )
    return {submission_id: marker_id for submission_id, marker_id in rows}


def read_timed(session: Session, scope: Scope) -> TimedWork:
    """Every attempt handed in within the year by the people in question."""
    year, calendar = read_work(session, scope), load_calendar(scope.config_dir)
    ids = {work.submission_id for work in year.works}
    markers, held = _read_first_markers(session, scope), list_held(session, ids)
    turns = {
        (one.assignment_id, one.person_id): one.marker_id
        for one in list_turns(session, year.assignments, FIRST)
    }
    pieces = []
    for work in year.works:
        out = year.standings.get(work.submission_id)
        begins = max(work.due_at or work.handed_in_at, work.handed_in_at)
        allowed = year.rules[work.assignment_id].feedback_days
        timed = Timed(
            assignment_id=work.assignment_id,
            context_id=work.context_id,
            tutor_id=markers.get(work.submission_id)
            or turns.get((work.assignment_id, work.person_id)),
            allowed=allowed,
            begins_on=clock.in_london(begins).date(),
            due_on=feedback_day(work.due_at, work.handed_in_at, allowed, calendar),
            out_on=clock.in_london(out.first_out_at).date() if out else None,
            is_held=work.submission_id in held,
        )
        pieces.append((work, timed))
    return TimedWork(year, tuple(pieces))
