"""The live measures of marking: feedback in time, moderation, even rules, named tutors, follow-up.

Each is worked out in a module of its own and only put into the words of a figure here.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.catalogue.measures import Figure, Line, Measure, Scope, announce, count_lines
from lti_tool.core import clock
from lti_tool.coursework.calendar import load_calendar
from lti_tool.coursework.models import Assignment
from lti_tool.marking.at_risk import list_risks
from lti_tool.marking.evenness import list_departures
from lti_tool.marking.measured import read_work
from lti_tool.marking.models import Allocation
from lti_tool.marking.moderated import read_moderated
from lti_tool.marking.queries import FIRST
from lti_tool.marking.timed_work import read_timed
from lti_tool.marking.turnaround import Timed, add_up, in_words
from lti_tool.people.models import Membership
from lti_tool.people.queries import is_participant

_NOTHING = "Nothing to look at yet"


def _say_timed(piece: Timed) -> str:
    today = clock.today()
    if piece.is_in_time:
        return "feedback came in time"
    due = clock.plain_day(piece.due_on)
    if piece.is_waiting(today):
        return f"not out and not yet due, by {due}"
    said = f"due by {due}, and "
    said += f"came on {clock.plain_day(piece.out_on)}" if piece.out_on else "not out yet"
    return said + ("; held back while something is looked into" if piece.is_held else "")


def find_turnaround(session: Session, scope: Scope) -> Figure:
    """Pieces whose result was released within the working days of their rules."""
    found = read_timed(session, scope)
    counted = add_up(found.timed, clock.today(), load_calendar(scope.config_dir))
    lines = (
        Line(
            f"{found.year.title_of(work)}: {_say_timed(one)}",
            found.year.person_of(work),
            is_good=one.is_in_time,
        )
        for work, one in sorted(found.pieces, key=lambda pair: pair[1].due_on)
    )
    return Figure(
        counted.in_time,
        counted.of,
        in_words(counted),
        "This counts every piece handed in within the year whose result is out or overdue. Days "
        "are working days without weekends, bank holidays and closure days, from the due date that "
        "applied or from handing in where that was later, to the release of the result. A release "
        "that was taken back does not count.",
        clock.now(),
        tuple(sorted(lines, key=lambda one: one.is_good)),
    )


def find_moderation(session: Session, scope: Scope) -> Figure:
    """Assignments whose marks that are out were moderated, or marked by two."""
    year = read_work(session, scope)
    found = read_moderated(session, year)
    asked = [one for one in found if one.is_asked_for]
    done, apart = sum(one.is_done for one in asked), len(found) - len(asked)
    what = "assignment" if len(asked) == 1 else "assignments"
    words = f"{done} of {len(asked)} {what} moderated or marked by two." if asked else ""
    words = words or f"{_NOTHING}: no marks are out that were moderated or had to be."
    if apart:
        words += f" Assignments whose rules require none, and none was done: {apart}."
    return Figure(
        done,
        len(asked),
        words,
        "This counts assignments with marks that are out for work handed in within the year. One "
        "is moderated where each such mark went through a moderation that is decided, with every "
        "piece of its sample looked at, and the sample comes out again from the seed, rule and "
        "marks kept with it; where its rules ask for two markers, each mark is an agreed one.",
        clock.now(),
        tuple(
            Line(f"{year.titles[one.assignment_id]}: {one.words}", is_good=one.is_done)
            for one in found
        ),
    )


def find_evenness(session: Session, scope: Scope) -> Figure:
    """Extensions, further attempts, integrity cases and penalties, each by rule or with reason."""
    found = list_departures(session, read_work(session, scope), scope)
    what = "case" if len(found) == 1 else "cases"
    return count_lines(
        [Line(one.label, one.person_id, is_good=one.is_even) for one in found],
        lambda even, of: f"{even} of {of} {what} by rule or with the reason recorded.",
        "This counts, within the year, later dates, further attempts and integrity cases, each "
        "with its reason recorded; decisions of an appeal or a panel, with theirs; and marks that "
        "are out for late or capped work, worked out again from the rules. A different mark counts "
        "where a board decided it and said why.",
        f"{_NOTHING}: no later dates, further attempts, penalties or cases.",
    )


_TAKE_PART = (
    select(Membership.person_id)
    .join(Assignment, Assignment.context_id == Membership.context_id)
    .where(is_participant(), Assignment.rubric_key != "")
    .distinct()
    .order_by(Membership.person_id)
)
_NAMED = (
    select(Allocation.person_id)
    .join(Assignment, Assignment.id == Allocation.assignment_id)
    .join(
        Membership,
        (Membership.context_id == Assignment.context_id)
        & (Membership.person_id == Allocation.marker_id),
    )
    .where(Allocation.ended_at.is_(None), Allocation.kind == FIRST, Membership.is_active)
    .distinct()
)


def find_named_tutors(session: Session, scope: Scope) -> Figure:
    """Participants for whom a tutor is named who marks their work. Two queries."""
    people = session.scalars(
        _TAKE_PART.where(
            Membership.context_id.in_(scope.context_ids),
            Membership.person_id.in_(scope.person_ids),
        )
    ).all()
    named = set(session.scalars(_NAMED.where(Assignment.context_id.in_(scope.context_ids))))
    what = "participant has" if len(people) == 1 else "participants have"
    return count_lines(
        [
            Line("a tutor is named" if one in named else "no tutor is named", one, one in named)
            for one in people
        ],
        lambda count, of: f"{count} of {of} {what} a tutor named who marks their work.",
        "This counts those who take part now in a course with marked work. A tutor is named where "
        "somebody who still teaches there was given their work to mark, in any assignment. Where "
        "nobody was given any, no tutor counts as named, even if there is only one.",
        f"{_NOTHING}: nobody takes part in a course with marked work.",
    )


def find_follow_up(session: Session, scope: Scope) -> Figure:
    """Times a participant was at risk, and whether somebody did something since."""
    found = list_risks(session, read_work(session, scope), scope)
    what = "sign" if len(found) == 1 else "signs"
    return count_lines(
        [Line(one.label, one.person_id, is_good=one.is_followed_up) for one in found],
        lambda done, of: f"{done} of {of} {what} of somebody at risk followed up.",
        "A sign is a date that has passed with nothing handed in, a released result that is not a "
        "pass, or a result held back. Followed up means, as far as the tool can know: a later date "
        "that still lies ahead, a further attempt, a decision of a board or panel, or a hold that "
        "was lifted. Talks, and meetings kept elsewhere, are not seen here; reminders that go out "
        "by themselves do not count.",
        f"{_NOTHING}: nobody is past a date, failed or held.",
    )


announce(Measure("feedback-turnaround", "Feedback in time", ("Q7.4",), find_turnaround, True))
announce(
    Measure("moderation-done", "Moderation and double marking", ("Q7.2",), find_moderation, True)
)
announce(Measure("rules-even", "Rules applied evenly", ("Q7.5",), find_evenness))
announce(Measure("named-tutor", "Tutor named", ("Q5.1",), find_named_tutors))
announce(Measure("risk-followed-up", "At risk and followed up", ("Q5.5",), find_follow_up))
