"""Whether the rules were applied evenly: what departs from a plain mark, and on what ground.

A later date, a further attempt and an integrity case need a recorded reason. A mark that is out
must be what the late rule and the cap make of it, unless a board, an appeal or a panel decided
otherwise and said why. `is_by_rule` is pure.
"""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lti_tool.catalogue.measures import Scope
from lti_tool.coursework.calendar import Calendar, load_calendar
from lti_tool.coursework.extensions import DEFERRAL, EXTENSION, OUTAGE
from lti_tool.coursework.lateness import Deadline
from lti_tool.coursework.models import Extension, FurtherAttempt, Submission
from lti_tool.coursework.queries import HandedIn
from lti_tool.coursework.rules import Rules
from lti_tool.marking.holds import INTEGRITY
from lti_tool.marking.measured import Standing, YearsWork, is_within
from lti_tool.marking.models import Hold
from lti_tool.marking.reckoning import reckon
from lti_tool.marking.standing import APPEAL, MARKING, MISCONDUCT

_LATER = {EXTENSION: "extension", DEFERRAL: "deferral", OUTAGE: "later date after an outage"}
_DECIDED = {APPEAL: "decision on an appeal", MISCONDUCT: "decision of an integrity panel"}


@dataclass(frozen=True, slots=True)
class Departure:
    """One thing done for one person, or for all, that departs from a plain mark by the date."""

    label: str
    person_id: int | None
    is_even: bool


def _departure(label: str, person_id: int | None, reason: str) -> Departure:
    has_reason = bool(reason.strip())
    said = "the reason is recorded" if has_reason else "no reason is recorded"
    return Departure(f"{label}: {said}", person_id, has_reason)


def _list_later_dates(session: Session, year: YearsWork, scope: Scope) -> list[Departure]:
    rows = session.execute(
        select(
            Extension.assignment_id,
            Extension.person_id,
            Extension.kind,
            Extension.reason,
            Extension.created_at,
        )
        .where(
            Extension.assignment_id.in_(set(year.assignments)),
            or_(Extension.person_id.is_(None), Extension.person_id.in_(scope.person_ids)),
        )
        .order_by(Extension.id)
    )
    return [
        _departure(
            f"{year.titles[row.assignment_id]}: {_LATER.get(row.kind, row.kind)}"
            + (" for everyone" if row.person_id is None else ""),
            row.person_id,
            row.reason,
        )
        for row in rows
        if is_within(row.created_at, scope)
    ]


def _list_further(session: Session, year: YearsWork, scope: Scope) -> list[Departure]:
    """Further attempts; whose they are stays out while that would say whose work a code is."""
    rows = session.execute(
        select(
            FurtherAttempt.assignment_id,
            FurtherAttempt.person_id,
            FurtherAttempt.attempt,
            FurtherAttempt.is_capped,
            FurtherAttempt.reason,
            FurtherAttempt.opened_at,
        )
        .where(
            FurtherAttempt.assignment_id.in_(set(year.assignments)),
            FurtherAttempt.person_id.in_(scope.person_ids),
        )
        .order_by(FurtherAttempt.id)
    )
    return [
        _departure(
            f"{year.titles[row.assignment_id]}: attempt {row.attempt}, "
            + ("capped" if row.is_capped else "not capped"),
            year.known_at(row.assignment_id, row.person_id),
            row.reason,
        )
        for row in rows
        if is_within(row.opened_at, scope)
    ]


def _list_integrity(session: Session, year: YearsWork, scope: Scope) -> list[Departure]:
    rows = session.execute(
        select(
            Submission.assignment_id,
            Submission.person_id,
            Hold.submission_id,
            Hold.reason,
            Hold.placed_at,
        )
        .join(Submission, Submission.id == Hold.submission_id)
        .where(
            Hold.kind == INTEGRITY,
            Submission.assignment_id.in_(set(year.assignments)),
            Submission.person_id.in_(scope.person_ids),
        )
        .order_by(Hold.id)
    )
    return [
        _departure(
            f"{year.titles[row.assignment_id]}: academic integrity case",
            row.person_id
            if row.assignment_id not in year.hiding or row.submission_id in year.standings
            else None,
            row.reason,
        )
        for row in rows
        if is_within(row.placed_at, scope)
    ]


def is_by_rule(work: HandedIn, out: Standing, rules: Rules, calendar: Calendar) -> bool | None:
    """Whether a mark that is out is what the late rule and the cap make of it; None where neither
    has a say: it came in time, is not capped, and nothing was taken off. Pure."""
    days = 0
    if work.due_at is not None:
        days = Deadline(work.due_at, rules.late, calendar).days_late(work.handed_in_at)
    if not days and not work.is_capped and not out.penalty and out.cap is None:
        return None
    due = reckon(out.raw, rules, days_late=days, is_capped=work.is_capped, scaled=out.scaled)
    return (due.penalty, due.cap, due.final) == (out.penalty, out.cap, out.final)


def _penalty(work: HandedIn, out: Standing, year: YearsWork, calendar: Calendar) -> list[Departure]:
    """What being late or a cap made of a mark, and what others decided about it."""
    title, found = year.title_of(work), []
    by_rule = is_by_rule(work, out, year.rules[work.assignment_id], calendar)
    is_decided = out.source != MARKING
    if out.source in _DECIDED:
        found.append(_departure(f"{title}: {_DECIDED[out.source]}", work.person_id, out.reason))
    elif by_rule is not None:
        even = by_rule or (is_decided and bool(out.reason.strip()))
        said = "late or capped, and the mark is as the rules give it"
        if not by_rule:
            said = "late or capped, and the mark is not what the rules give"
            said += ", as a board decided" if is_decided else ""
        found.append(Departure(f"{title}: {said}", work.person_id, even))
    return found


def list_departures(session: Session, year: YearsWork, scope: Scope) -> list[Departure]:
    """Everything of the year that departs from a plain mark by the date. Three queries."""
    calendar = load_calendar(scope.config_dir)
    found = _list_later_dates(session, year, scope)
    found += _list_further(session, year, scope)
    found += _list_integrity(session, year, scope)
    for work in year.works:
        out = year.standings.get(work.submission_id)
        if out is not None:
            found += _penalty(work, out, year, calendar)
    return found
