"""Who is stuck and why, in words, and whose turn it is. Pure.

Somebody is stuck where nothing can go on until a person acts, and that has been so for longer than
`cohort.stuck_after_school_days`. What waits for the tutor is listed apart, however new it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from lti_tool.activities.placement_log import eligibility, states
from lti_tool.activities.placement_log.cohort.lines import (
    HOST,
    OTHER,
    PARTICIPANT,
    SCHOOL,
    TUTOR,
    Gathered,
    LeanVisit,
    Reason,
)
from lti_tool.activities.placement_log.entries import MENTOR
from lti_tool.activities.placement_log.numbers import Numbers
from lti_tool.activities.placement_log.said import count, in_list, on_day
from lti_tool.core import clock
from lti_tool.programme.school_days import Terms, school_days_between, school_weeks_between

_ONE_DAY = timedelta(days=1)
_WAITING = {
    states.RETURNED: ("{} was returned, and nothing came back.", PARTICIPANT),
    states.PLANNED: ("{} has waited long for your approval.", TUTOR),
    states.CONFIRMED: ("{} has waited long to be accepted.", TUTOR),
}
"""What is wrong once a visit has stood in a state for too long, and whose turn it is."""
_WHOSE = {
    eligibility.YOU: PARTICIPANT,
    eligibility.SCHOOL: SCHOOL,
    eligibility.TUTOR: TUTOR,
}
"""Whose turn it is, by who can put right what is missing."""


@dataclass(frozen=True)
class Rule:
    """By what it is judged: the numbers, the terms, and the moment."""

    numbers: Numbers
    terms: Terms
    now: datetime
    today: date
    begun_on: date
    """Since when the cohort could be at it: without anything else, time counts from here."""

    @cached_property
    def _long_since(self) -> date:
        """The latest day that is longer ago than people may take; found once for a cohort."""
        day = self.today
        while (
            school_days_between(day, self.today, self.terms) < self.numbers.stuck_after_school_days
        ):
            day -= _ONE_DAY
        return day

    def is_long(self, since: date) -> bool:
        """Whether it is longer ago than people may take."""
        return since <= self._long_since

    @cached_property
    def _weeks(self) -> dict[date, int]:
        return {}

    def weeks_since(self, day: date) -> int:
        """School weeks since a day, each day counted once for a cohort."""
        if day not in self._weeks:
            self._weeks[day] = school_weeks_between(day, self.today, self.terms)
        return self._weeks[day]


def _name(visit: LeanVisit) -> str:
    return f"the visit on {on_day(visit.visit_on)}" if visit.visit_on else "a visit without a day"


def _begin(visit: LeanVisit) -> str:
    """The same at the beginning of a sentence."""
    name = _name(visit)
    return name[0].upper() + name[1:]


def to_do(known: Gathered) -> tuple[Reason, ...]:
    """What a tutor has to do for somebody now."""
    planned = [] if _lacks_check(known) else _ready(known)
    confirmed = [one for one in known.visits if one.state == states.CONFIRMED]
    found = []
    if planned:
        found.append(Reason(f"{count(len(planned), 'visit')} to approve", TUTOR))
    if confirmed:
        found.append(Reason(f"{count(len(confirmed), 'visit')} to accept", TUTOR))
    if known.handed_in_at is not None and not known.is_released:
        found.append(Reason("Log to mark", TUTOR))
    return tuple(found)


def _lacks_check(known: Gathered) -> bool:
    """Whether no visit can be approved, since there is no DBS check within the limit."""
    return any(one.what == "dbs" for one in known.missing)


def _ready(known: Gathered) -> list[LeanVisit]:
    return [one for one in known.visits if one.state == states.PLANNED and one.visit_on]


def _of_missing(known: Gathered) -> Reason:
    """What is missing before a visit, in one sentence; whose turn it is with the first of it."""
    first, *others = known.missing
    turn = _WHOSE.get(first.who_can, OTHER)
    if not others:
        return Reason(first.sentence, turn)
    names = [eligibility.WHAT.get(one.what, one.what) for one in known.missing]
    return Reason(f"Missing before a visit: {in_list([_lower(name) for name in names])}.", turn)


def _lower(name: str) -> str:
    """A name within a sentence; DBS and QTS stay as they are."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def _of_visit(visit: LeanVisit, rule: Rule) -> Reason | None:
    """What holds one visit up. Its name is made only where something does: days cost time."""
    if visit.state == states.WRONG:
        return Reason(f"The host says something is wrong with {_name(visit)}.", PARTICIPANT)
    if visit.state == states.DONE:
        return _of_done(visit, rule)
    if visit.state == states.APPROVED:
        if visit.visit_on is None or not rule.is_long(visit.visit_on):
            return None
        return Reason(f"{_begin(visit)} has not been written up.", PARTICIPANT)
    if visit.state not in _WAITING or not rule.is_long(clock.in_london(visit.state_since).date()):
        return None
    sentence, turn = _WAITING[visit.state]
    return Reason(sentence.format(_begin(visit)), turn)


def _of_done(visit: LeanVisit, rule: Rule) -> Reason | None:
    """A visit that waits for its host."""
    is_long = rule.is_long(clock.in_london(visit.state_since).date())
    if visit.asked_until is not None and visit.asked_until >= rule.now:
        if not is_long:
            return None
        return Reason(f"The host of {_name(visit)} has not answered yet.", HOST)
    if visit.asked_until is not None or (visit.was_asked and not visit.is_broken):
        said = f"The host of {_name(visit)} did not answer in time: ask again."
        return Reason(said, PARTICIPANT)
    if not is_long:
        return None
    return Reason(f"The host of {_name(visit)} has not been asked.", PARTICIPANT)


def _of_meetings(known: Gathered, rule: Rule) -> Reason | None:
    numbers = rule.numbers
    held = [one for one in known.meetings if one.kind == MENTOR]
    if sum(one.is_confirmed for one in held) >= numbers.mentor_meetings:
        return None
    last = max((one.held_on for one in held), default=rule.begun_on)
    weeks = rule.weeks_since(last)
    if weeks < numbers.nudge_after_school_weeks:
        return None
    return Reason(f"No meeting with the mentor for {count(weeks, 'school week')}.", PARTICIPANT)


def _reasons(known: Gathered, rule: Rule) -> Iterator[Reason]:
    if known.missing:
        yield _of_missing(known)
    for visit in known.visits:
        if visit.state == states.PLANNED and _lacks_check(known):
            continue
        if (found := _of_visit(visit, rule)) is not None:
            yield found
    if not known.visits and rule.numbers.least_half_days and rule.is_long(rule.begun_on):
        yield Reason("No visit is planned yet.", PARTICIPANT)
    if known.missed:
        titles = ", ".join(f"“{one}”" for one in known.missed)
        yield Reason(f"Missed and not made up: {titles}.", PARTICIPANT)
    if (found := _of_meetings(known, rule)) is not None:
        yield found


def why_stuck(known: Gathered, rule: Rule) -> tuple[Reason, ...]:
    """Why somebody is stuck; nothing where they are not, or have handed in."""
    return () if known.handed_in_at is not None else tuple(_reasons(known, rule))
