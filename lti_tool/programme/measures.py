"""Live measures of what is known of participants: QTS, SENCO dates, agreements, mentors.

Each reads facts of the people in question in a fixed number of queries. Who withdrew or went
elsewhere is left out of all of them: nobody can put their facts right any more.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.catalogue.measures import (
    Figure,
    Line,
    Measure,
    Scope,
    announce,
    count_lines,
    say_people,
)
from lti_tool.core import clock
from lti_tool.core.clock import plain_day
from lti_tool.programme.cohorts.queries import cohorts_by_id
from lti_tool.programme.dates import senco_deadline
from lti_tool.programme.models import Mentorship, SchoolAgreement
from lti_tool.programme.numbers import ProgrammeNumbers, load_programme_numbers
from lti_tool.programme.standing import Standing, standings_of

_LEFT_OUT = "Participants who withdrew or went elsewhere are left out."


class _Span(NamedTuple):
    """From one day to another; without an end where it still stands."""

    since: date
    until: date | None

    def stood_before(self, day: date) -> bool:
        """Whether it began before a day and still stood on it."""
        return self.since < day and (self.until is None or self.until >= day)


def _standings(session: Session, scope: Scope) -> list[Standing]:
    """What is known of everybody who stays, as a teacher and SENCO. One query."""
    known = standings_of(session, scope.staying_ids)
    return [known.get(one, Standing(one)) for one in scope.staying_ids]


def _eligible(standing: Standing) -> Line:
    person_id, missing = standing.person_id, []
    if standing.has_qts is None:
        missing.append("whether they hold QTS")
    elif standing.has_qts and not standing.induction:
        missing.append("whether induction is done")
    if standing.qts_checked_on is None:
        missing.append("the day of the check")
    if missing:
        return Line(f"Not recorded: {', '.join(missing)}.", person_id, is_good=False)
    day = plain_day(standing.qts_checked_on) if standing.qts_checked_on else ""
    if not standing.has_qts:
        return Line(f"No QTS, checked on {day}; induction is not asked for.", person_id)
    return Line(f"QTS and induction checked on {day}.", person_id)


def find_eligible(session: Session, scope: Scope) -> Figure:
    """Of how many QTS and induction are checked and dated."""
    return count_lines(
        [_eligible(one) for one in _standings(session, scope)],
        lambda count, of: (
            f"QTS and induction are checked and dated for {count} of {say_people(of)}."
        ),
        "This counts participants of whom it is recorded whether they hold QTS, on which day that "
        "was checked and, where they do, whether induction is done, exempt or not done; induction "
        f"has no day of its own here. {_LEFT_OUT}",
    )


def _is_needless(standing: Standing) -> bool:
    return standing.is_aspiring and standing.senco_since is None


def _senco(standing: Standing, numbers: ProgrammeNumbers) -> Line:
    person_id = standing.person_id
    deadline = senco_deadline(standing.senco_since, numbers)
    if standing.senco_since is not None and deadline is not None:
        since = plain_day(standing.senco_since)
        years = f"{numbers.senco_years} years"
        label = f"SENCO since {since}; the {years} end on {plain_day(deadline)}."
        return Line(label, person_id)
    if _is_needless(standing):
        return Line("Not needed: not a SENCO yet.", person_id)
    label = "Not recorded: since when they are a SENCO, or that they are not one yet."
    return Line(label, person_id, is_good=False)


def find_senco_dates(session: Session, scope: Scope) -> Figure:
    """Of how many the SENCO's first day, and with it the deadline, is recorded or not needed."""
    numbers = load_programme_numbers(scope.config_dir)
    standings = _standings(session, scope)
    needless = sum(_is_needless(one) for one in standings)

    def say(count: int, of: int) -> str:
        words = f"Start date and deadline are recorded for {count - needless} of {say_people(of)}"
        if not needless:
            return f"{words}."
        be = "is not a SENCO yet and needs" if needless == 1 else "are not SENCOs yet and need"
        return f"{words}; {needless} {be} none: {count} in order."

    return count_lines(
        [_senco(one, numbers) for one in standings],
        say,
        "The deadline follows from the day on which somebody became a SENCO, "
        f"{numbers.senco_years} years on. Aspiring SENCOs need none and count as in order. "
        f"{_LEFT_OUT}",
    )


def _agreements(session: Session, person_ids: Iterable[int]) -> dict[int, list[_Span]]:
    """When heads agreed, and until when that stood; by person, the earliest first. One query."""
    rows = session.execute(
        select(
            SchoolAgreement.person_id,
            SchoolAgreement.answered_at,
            SchoolAgreement.closed_at,
            SchoolAgreement.answer["agreed_on"].as_string(),
        ).where(
            SchoolAgreement.person_id.in_(person_ids),
            SchoolAgreement.is_agreed.is_(True),
            SchoolAgreement.answered_at.is_not(None),
        )
    )
    found: dict[int, list[_Span]] = defaultdict(list)
    for person_id, answered_at, closed_at, agreed_on in rows:
        since = date.fromisoformat(agreed_on) if agreed_on else clock.in_london(answered_at).date()
        until = None if closed_at is None else clock.in_london(closed_at).date()
        found[person_id].append(_Span(since, until))
    return {
        person_id: sorted(spans, key=lambda one: one.since) for person_id, spans in found.items()
    }


def _mentors(session: Session, person_ids: Iterable[int]) -> dict[int, list[_Span]]:
    """When mentors were named, and until when; by person, the earliest first. One query."""
    rows = session.execute(
        select(Mentorship.person_id, Mentorship.started_on, Mentorship.ended_on)
        .where(Mentorship.person_id.in_(person_ids))
        .order_by(Mentorship.started_on, Mentorship.id)
    )
    found: dict[int, list[_Span]] = defaultdict(list)
    for person_id, started_on, ended_on in rows:
        found[person_id].append(_Span(started_on, ended_on))
    return found


def _before(spans: list[_Span], day: date, none: str, since: str) -> str:
    """What is wrong with a fact that has to stand before a day, in a sentence, or nothing."""
    if any(one.stood_before(day) for one in spans):
        return ""
    later = next((one for one in spans if one.since >= day), None)
    return f"{since} {plain_day(later.since)}." if later else none


def find_agreed_before(session: Session, scope: Scope) -> Figure:
    """Who had the head's agreement and a mentor before the first day of their cohort."""
    people = scope.staying_ids
    agreed, named = _agreements(session, people), _mentors(session, people)
    cohorts = cohorts_by_id(session, scope.cohort_of.values())
    lines = []
    for one in people:
        cohort = cohorts.get(scope.cohort_of.get(one, 0))
        if cohort is None:
            continue
        wrong = (
            _before(
                agreed.get(one, []),
                cohort.starts_on,
                "No agreement of the head stood then.",
                "The head agreed only on",
            ),
            _before(
                named.get(one, []),
                cohort.starts_on,
                "No mentor was named then.",
                "A mentor was named only on",
            ),
        )
        missing = " ".join(filter(None, wrong))
        first = f"The cohort begins on {plain_day(cohort.starts_on)}."
        lines.append(Line(f"{first} {missing or 'Both stood before.'}", one, not missing))
    return count_lines(
        lines,
        lambda count, of: (
            f"The head agreed and a mentor was named before the start for {count} of "
            f"{say_people(of)}."
        ),
        "Held against the first day of the cohort they are in: the head’s agreement and a mentor "
        f"have to date from an earlier day and still stand on the first. {_LEFT_OUT}",
    )


def find_mentored(session: Session, scope: Scope) -> Figure:
    """Who has a named school mentor today."""
    found, lines = _mentors(session, scope.present_ids), []
    for one in scope.present_ids:
        now = next((span for span in found.get(one, []) if span.until is None), None)
        label = (
            f"A mentor is named, since {plain_day(now.since)}."
            if now
            else "A mentor was named before; nobody is now."
            if one in found
            else "No mentor is named yet."
        )
        lines.append(Line(label, one, now is not None))
    return count_lines(
        lines,
        lambda count, of: f"A school mentor is named today for {count} of {say_people(of)}.",
        "This counts participants who have a school mentor today, whatever the year. Participants "
        "who completed, withdrew or went elsewhere are left out.",
    )


announce(Measure("eligibility-checked", "QTS and induction checked", ("Q2.1",), find_eligible))
announce(Measure("senco-dates", "SENCO start dates and deadlines", ("Q2.3",), find_senco_dates))
announce(Measure("agreed-before-start", "Agreed before the start", ("Q2.4",), find_agreed_before))
announce(Measure("mentors-named", "School mentors named", ("Q5.1",), find_mentored))
