"""What comes next in a log, in order and in plain words: what to do, and what others have to do.

Pure: plain data in, sentences out. The page puts the ways to the places beside them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lti_tool.activities.placement_log import states
from lti_tool.activities.placement_log.eligibility import YOU, Missing
from lti_tool.activities.placement_log.entries import ABSENT, BROKEN, Entries, Visit
from lti_tool.activities.placement_log.progress import DAYS, MENTOR, Requirement, is_complete
from lti_tool.activities.placement_log.said import on_day
from lti_tool.core import clock

VISITS, MEETINGS, ELIGIBILITY, HAND_IN = "visits", "meetings", "eligibility", "hand-in"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, or to wait for."""

    sentence: str
    place: str = ""
    """Where it is done: visits, meetings, eligibility or hand-in; empty for nowhere here."""


@dataclass(frozen=True, slots=True)
class Next:
    """What comes next."""

    yours: tuple[Step, ...]
    others: tuple[Step, ...]
    """What others have to do: a participant can only wait or remind them."""


def say_visit(visit: Visit) -> str:
    """A visit named by its school and day: "your visit to Oakfield on Thursday 4 March 2027"."""
    where = f" to {visit.school.name}" if visit.school and visit.school.name else ""
    when = f" on {on_day(visit.visit_on)}" if visit.visit_on else ""
    return f"your visit{where}{when}"


def _yours_of(visit: Visit, today: date, now: datetime) -> str:
    what = say_visit(visit)
    is_past = visit.visit_on is not None and visit.visit_on < today
    if visit.state == states.RETURNED:
        return f"Your tutor returned {what} with a comment: read it and put it right."
    if visit.state == states.WRONG:
        return f"The host says something is wrong with {what}: read why."
    if visit.state == states.APPROVED and is_past:
        return f"Write up {what} and mark it done."
    if visit.state == states.DONE and not _is_asked(visit, now):
        if visit.answer and visit.answer.seal == BROKEN:
            return f"You changed {what} after the host confirmed it: they are asked again."
        if visit.asked_at is None:
            return f"Ask the host to confirm {what}."
        return f"The host did not confirm {what} in time: ask again."
    return ""


def _is_asked(visit: Visit, now: datetime) -> bool:
    """Whether a host can answer now."""
    return visit.asked_until is not None and visit.asked_until >= now


def _others_of(visit: Visit, now: datetime) -> str:
    what = say_visit(visit)
    if visit.state == states.PLANNED:
        return f"Your tutor approves {what}."
    if visit.state == states.CONFIRMED:
        return f"Your tutor accepts {what}, which the host has confirmed."
    if visit.state == states.DONE and visit.asked_until and _is_asked(visit, now):
        until = on_day(clock.in_london(visit.asked_until).date())
        return f"The host confirms {what}: they have until {until}."
    return ""


def _to_come(entries: Entries, today: date) -> Iterable[Step]:
    for visit in entries.visits:
        if visit.state == states.APPROVED and visit.visit_on and visit.visit_on >= today:
            yield Step(f"Go and make {say_visit(visit)}.", VISITS)
    for session in entries.sessions:
        if not session.mark and session.held_on >= today:
            where = f", {session.venue}" if session.venue else ""
            at = f" at {session.starts_at}" if session.starts_at else ""
            yield Step(f"Come to “{session.title}” on {on_day(session.held_on)}{at}{where}.")
            break
    for session in entries.sessions:
        if session.mark == ABSENT:
            yield Step(
                f"You missed “{session.title}” on {on_day(session.held_on)}: "
                "ask your tutor how to make it up."
            )


def _still_asked(found: Sequence[Requirement], entries: Entries) -> Iterable[Step]:
    by_key = {one.key: one for one in found}
    days, mentor = by_key.get(DAYS), by_key.get(MENTOR)
    waiting = sum(
        one.half_days
        for one in entries.visits
        if one.state not in (states.CONFIRMED, states.ACCEPTED)
    )
    if days is not None and days.done + waiting < days.asked:
        yield Step("Plan a visit to a partner school.", VISITS)
    if mentor is not None and not mentor.is_met:
        yield Step("Meet your mentor and write the meeting down.", MEETINGS)


def what_next(
    entries: Entries,
    found: Sequence[Requirement],
    missing: Sequence[Missing],
    now: datetime,
    today: date,
) -> Next:
    """What comes next, the most pressing first.

    :param missing: what the participant lacks before they may visit.
    :param today: the day in England.
    """
    yours = [Step(one.sentence, ELIGIBILITY) for one in missing if one.who_can == YOU]
    others = [Step(one.sentence, ELIGIBILITY) for one in missing if one.who_can != YOU]
    for visit in entries.visits:
        if said := _yours_of(visit, today, now):
            yours.append(Step(said, VISITS))
        if said := _others_of(visit, now):
            others.append(Step(said))
    if any(one.confirmed_at is None for one in entries.meetings):
        others.append(Step("A meeting waits to be confirmed by the other side.", MEETINGS))
    yours += [*_to_come(entries, today), *_still_asked(found, entries)]
    if is_complete(tuple(found)) and not yours:
        yours.append(Step("Everything asked for is there: hand your log in.", HAND_IN))
    return Next(tuple(yours), tuple(others))
