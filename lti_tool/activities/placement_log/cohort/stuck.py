"""Who is stuck and why, in words, and whose turn it is. Pure.

Somebody is stuck where nothing can go on until a person acts, and that has been so for longer than
`cohort.stuck_after_school_days`. What waits for the tutor is listed apart, however new it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from lti_tool.activities.placement_log import states
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
from lti_tool.activities.placement_log.said import count, on_day
from lti_tool.programme.school_days import Terms, school_days_between, school_weeks_between

_WHOSE = {"you": PARTICIPANT, "your school": SCHOOL, "your tutor": TUTOR}
"""Whose turn it is, by who can put right what is missing."""


@dataclass(frozen=True, slots=True)
class Rule:
    """By what it is judged: the numbers, the terms, and the moment."""

    numbers: Numbers
    terms: Terms
    now: datetime
    today: date
    begun_on: date
    """Since when the cohort could be at it: without anything else, time counts from here."""

    def is_long(self, since: date) -> bool:
        """Whether it is longer ago than people may take."""
        days = school_days_between(since, self.today, self.terms)
        return days >= self.numbers.stuck_after_school_days


def _name(visit: LeanVisit) -> str:
    return f"the visit on {on_day(visit.visit_on)}" if visit.visit_on else "a visit without a day"


def to_do(known: Gathered) -> tuple[Reason, ...]:
    """What a tutor has to do for somebody now."""
    planned = [one for one in known.visits if one.state == states.PLANNED]
    confirmed = [one for one in known.visits if one.state == states.CONFIRMED]
    found = []
    if planned:
        found.append(Reason(f"{count(len(planned), 'visit')} to approve", TUTOR))
    if confirmed:
        found.append(Reason(f"{count(len(confirmed), 'visit')} to accept", TUTOR))
    if known.handed_in_at is not None and not known.is_released:
        found.append(Reason("Log to mark", TUTOR))
    return tuple(found)


def _of_visit(visit: LeanVisit, rule: Rule) -> Reason | None:
    what, is_long = _name(visit), rule.is_long(visit.state_since.date())
    if visit.state == states.WRONG:
        return Reason(f"The host says something is wrong with {what}.", PARTICIPANT)
    if visit.state == states.RETURNED and is_long:
        return Reason(f"You returned {what}, and nothing came back.", PARTICIPANT)
    if visit.state == states.PLANNED and is_long:
        return Reason(f"{what.capitalize()} has waited long for your approval.", TUTOR)
    if visit.state == states.CONFIRMED and is_long:
        return Reason(f"{what.capitalize()} has waited long to be accepted.", TUTOR)
    if visit.state == states.APPROVED and visit.visit_on and rule.is_long(visit.visit_on):
        return Reason(f"{what.capitalize()} has not been written up.", PARTICIPANT)
    if visit.state == states.DONE:
        return _of_done(visit, what, rule, is_long)
    return None


def _of_done(visit: LeanVisit, what: str, rule: Rule, is_long: bool) -> Reason | None:
    """A visit that waits for its host."""
    if visit.asked_until is not None and visit.asked_until >= rule.now:
        return Reason(f"The host of {what} has not answered yet.", HOST) if is_long else None
    if visit.asked_until is not None or (visit.was_asked and not visit.is_broken):
        return Reason(f"The host of {what} did not answer in time: ask again.", PARTICIPANT)
    return Reason(f"The host of {what} has not been asked.", PARTICIPANT) if is_long else None


def _of_meetings(known: Gathered, rule: Rule) -> Reason | None:
    numbers = rule.numbers
    held = [one for one in known.meetings if one.kind == MENTOR]
    if sum(one.is_confirmed for one in held) >= numbers.mentor_meetings:
        return None
    last = max((one.held_on for one in held), default=rule.begun_on)
    weeks = school_weeks_between(last, rule.today, rule.terms)
    if weeks < numbers.nudge_after_school_weeks:
        return None
    return Reason(f"No meeting with the mentor for {count(weeks, 'school week')}.", PARTICIPANT)


def _reasons(known: Gathered, rule: Rule) -> Iterator[Reason]:
    for one in known.missing:
        yield Reason(one.sentence, _WHOSE.get(one.who_can, OTHER))
    for visit in known.visits:
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
