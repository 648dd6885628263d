"""The cohort's grid: everybody who takes part, what they have, who is stuck, what waits for you."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from lti_tool.activities.placement_log.cohort.lines import Gathered, LeanVisit, Line
from lti_tool.activities.placement_log.cohort.reading import gather
from lti_tool.activities.placement_log.cohort.stuck import Rule, to_do, why_stuck
from lti_tool.activities.placement_log.entries import MENTOR, ONLINE, TAUGHT_DAY, TUTORIAL
from lti_tool.activities.placement_log.numbers import Numbers, load_numbers
from lti_tool.activities.placement_log.progress import OUTCOMES, Counts, requirements
from lti_tool.activities.placement_log.snapshot import TO_COME
from lti_tool.core import clock
from lti_tool.coursework.queries import AssignmentRead
from lti_tool.people.queries import Listed, list_participants
from lti_tool.programme.school_days import load_terms

MOST_PEOPLE = 2_000
ALL, STUCK, YOURS, COMPLETE, HANDED_IN = "all", "stuck", "yours", "complete", "handed-in"
TABS = {
    ALL: "All",
    STUCK: "Stuck",
    YOURS: "Yours to do",
    COMPLETE: "Complete",
    HANDED_IN: "Handed in",
}


@dataclass(frozen=True, slots=True)
class Grid:
    """The lines under one filter, and how many there are under each."""

    lines: tuple[Line, ...]
    counts: dict[str, int]
    show: str


def _half_days(visits: tuple[LeanVisit, ...]) -> tuple[int, int]:
    """Confirmed, and to come."""
    good = sum(one.half_days for one in visits if one.counts)
    return good, sum(one.half_days for one in visits if one.state in TO_COME)


def counts_of(known: Gathered, today: date) -> Counts:
    """What counts of one participant; outcomes are not counted here, since texts are not read."""
    good, to_come = _half_days(known.visits)
    agreed = [one.kind for one in known.meetings if one.is_confirmed and one.held_on <= today]
    return Counts(
        half_days=good,
        half_days_to_come=to_come,
        online=known.attended.get(ONLINE, 0),
        taught=known.attended.get(TAUGHT_DAY, 0),
        mentor=agreed.count(MENTOR),
        tutorials=agreed.count(TUTORIAL),
    )


def _line(member: Listed, known: Gathered, numbers: Numbers, rule: Rule) -> Line:
    counts = counts_of(known, rule.today)
    asked = tuple(one for one in requirements(counts, numbers) if one.key != OUTCOMES)
    return Line(
        member=member.membership_id,
        name=member.name,
        known=known,
        counts=counts,
        requirements=asked,
        to_do=to_do(known),
        stuck=why_stuck(known, rule),
    )


def is_under(line: Line, show: str) -> bool:
    """Whether a line stands under a filter."""
    return {
        STUCK: bool(line.stuck),
        YOURS: bool(line.to_do),
        COMPLETE: line.is_complete,
        HANDED_IN: line.known.handed_in_at is not None,
    }.get(show, True)


def make_grid(
    session: Session,
    assignment: AssignmentRead,
    begun_at: datetime,
    config_dir: Path,
    show: str = ALL,
) -> Grid:
    """Everybody who takes part in the course of this work.

    :param begun_at: when the work was set: before it nobody could be at it.
    :param show: a key of `TABS`; anything else shows all.
    """
    show = show if show in TABS else ALL
    numbers, now = load_numbers(config_dir), clock.now()
    today = clock.in_london(now).date()
    contexts = (assignment.context_id,)
    members = list_participants(session, contexts, limit=MOST_PEOPLE)
    people = [one.person_id for one in members]
    known = gather(session, assignment.id, contexts, people, config_dir, today)
    rule = Rule(numbers, load_terms(config_dir), now, today, clock.in_london(begun_at).date())
    lines = [_line(one, known[one.person_id], numbers, rule) for one in members]
    counts = {key: sum(is_under(one, key) for one in lines) for key in TABS}
    return Grid(tuple(one for one in lines if is_under(one, show)), counts, show)
