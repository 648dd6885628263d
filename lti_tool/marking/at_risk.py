"""Who was at risk in a year, as far as marking can know, and whether somebody did something since.

At risk: past the date with nothing handed in, failed, or held back while something is looked into.
Something done: a later date that still lies ahead, a further attempt, a board's or panel's
decision, a hold that was lifted. Meetings and talks are kept elsewhere and do not show here, and a
reminder that goes out by itself follows nobody up.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.catalogue.measures import Scope
from lti_tool.coursework.models import Extension, FurtherAttempt
from lti_tool.coursework.overdue import Missed, list_missed
from lti_tool.coursework.queries import HandedIn
from lti_tool.db.statements import AnyRow
from lti_tool.marking.measured import Standing, YearsWork, is_within
from lti_tool.marking.models import Hold
from lti_tool.marking.standing import MARKING
from lti_tool.marking.wording import has_passed


@dataclass(frozen=True, slots=True)
class Risk:
    """One reason to look after somebody."""

    label: str
    person_id: int | None
    """None while work is marked without names."""
    is_followed_up: bool


@dataclass(frozen=True, slots=True)
class _Acts:
    """What was done for people, by assignment and person."""

    further: dict[tuple[int, int], list[tuple[int, datetime]]]
    """Attempt and when it was opened."""
    later: dict[tuple[int, int], list[datetime]]
    """When a later date, in force, was agreed for them."""

    def is_opened_after(self, work: HandedIn) -> bool:
        """Whether they may hand in anew after this attempt."""
        opened = self.further.get((work.assignment_id, work.person_id), ())
        return any(attempt > work.attempt for attempt, _ in opened)

    def since(self, work: HandedIn, moment: datetime) -> bool:
        """Whether a later date or a further attempt was agreed after a moment."""
        key = (work.assignment_id, work.person_id)
        at = [*self.later.get(key, ()), *(opened for _, opened in self.further.get(key, ()))]
        return any(one > moment for one in at)


def _read_acts(session: Session, year: YearsWork) -> _Acts:
    acts, wanted = _Acts({}, {}), set(year.assignments)
    for assignment_id, person_id, attempt, opened_at in session.execute(
        select(
            FurtherAttempt.assignment_id,
            FurtherAttempt.person_id,
            FurtherAttempt.attempt,
            FurtherAttempt.opened_at,
        ).where(FurtherAttempt.assignment_id.in_(wanted))
    ):
        acts.further.setdefault((assignment_id, person_id), []).append((attempt, opened_at))
    for assignment_id, one_person, agreed_at in session.execute(
        select(Extension.assignment_id, Extension.person_id, Extension.created_at).where(
            Extension.assignment_id.in_(wanted), Extension.withdrawn_at.is_(None)
        )
    ):
        if one_person is not None:
            acts.later.setdefault((assignment_id, one_person), []).append(agreed_at)
    return acts


def _of_missed(one: Missed, year: YearsWork) -> Risk:
    """A date that passed. That somebody has a further attempt is known of a candidate only."""
    title, person_id = year.titles[one.assignment_id], one.person_id
    known = year.known_at(one.assignment_id, person_id) if one.attempt > 1 else person_id
    said = "no later date is agreed"
    if one.later_at is not None:
        said = "a later date is agreed" if one.has_later_date else "a later date has passed, too"
    title += f", attempt {one.attempt}" if one.attempt > 1 else ""
    return Risk(
        f"{title}: past the date with nothing handed in; {said}",
        known,
        one.has_later_date,
    )


def _of_failed(work: HandedIn, out: Standing, year: YearsWork, acts: _Acts) -> Risk | None:
    if has_passed(out.final, year.rules[work.assignment_id]):
        return None
    said = "nothing was opened or decided since"
    is_opened, is_decided = acts.is_opened_after(work), out.source != MARKING
    if is_opened or is_decided:
        said = "a further attempt was opened" if is_opened else "a board or panel decided"
    label = f"{year.title_of(work)}: not passed; {said}"
    return Risk(label, work.person_id, is_opened or is_decided)


def _of_held(hold: AnyRow, work: HandedIn, year: YearsWork, acts: _Acts) -> Risk:
    out = year.standings.get(work.submission_id)
    is_decided = out is not None and out.source != MARKING and out.last_out_at > hold.placed_at
    is_lifted = hold.lifted_at is not None
    done = is_lifted or is_decided or acts.since(work, hold.placed_at)
    said = "it was lifted" if is_lifted else "something was agreed or decided since"
    said = said if done else "it is open, and nothing was agreed or decided since"
    label = f"{year.title_of(work)}: result held back; {said}"
    return Risk(label, year.person_of(work), done)


def list_risks(session: Session, year: YearsWork, scope: Scope) -> list[Risk]:
    """Everything of the year that put somebody at risk. A fixed number of queries."""
    acts, works = _read_acts(session, year), {one.submission_id: one for one in year.works}
    missed = list_missed(session, scope.context_ids, scope.person_ids)
    found = [_of_missed(one, year) for one in missed if is_within(one.due_at, scope)]
    for number, work in works.items():
        out = year.standings.get(number)
        risk = None if out is None else _of_failed(work, out, year, acts)
        found += [] if risk is None else [risk]
    holds = session.execute(
        select(Hold.submission_id, Hold.placed_at, Hold.lifted_at)
        .where(Hold.submission_id.in_(set(works)))
        .order_by(Hold.id)
    )
    found += [_of_held(row, works[row.submission_id], year, acts) for row in holds]
    return found
