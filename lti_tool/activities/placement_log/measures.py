"""Live measures of visits: DBS before each, focus and days allowed, reflection and confirmation.

Read for many logs at once, in a fixed number of queries, with only the parts of texts that are
looked at. No host and no school is named.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import SQLColumnExpression, case, select
from sqlalchemy.orm import Session

from lti_tool.activities.placement_log import states
from lti_tool.activities.placement_log.confirming.confirmation import YES
from lti_tool.activities.placement_log.models import Confirmation, PartnerVisit, VisitStep
from lti_tool.activities.placement_log.numbers import load_numbers
from lti_tool.activities.placement_log.said import count, on_day, say_days
from lti_tool.activities.placement_log.snapshot import COUNTING
from lti_tool.catalogue.measures import Figure, Line, Measure, Scope, announce, count_lines
from lti_tool.core import clock
from lti_tool.coursework.models import Assignment
from lti_tool.programme.dbs import DbsRead, as_it_stood, checks_of, why_dbs_short
from lti_tool.programme.numbers import ProgrammeNumbers, load_programme_numbers

_MADE = (states.DONE, states.CONFIRMED, states.ACCEPTED, states.WRONG)
_UNCONFIRMED = {
    states.DONE: "the host school has not confirmed it yet",
    states.WRONG: "the host school says that something is wrong",
    states.RETURNED: "it was returned with a comment",
}
"""Why a visit that was made does not count as confirmed, by its state."""
_MADE_HOW = (
    "Looked at are visits of the academic year that were made, by their day; those that are only "
    "planned or approved are not."
)


class _Visit(NamedTuple):
    """A visit, without its texts but for what was asked for."""

    id: int
    assignment_id: int
    person_id: int
    number: int
    visit_on: date | None
    half_days: int
    state: str
    entered_at: datetime | None
    """When it was entered, of one without a day."""
    text: Any

    @property
    def name(self) -> str:
        """What a list calls it."""
        return f"Visit {self.number}, {on_day(self.visit_on)}"


def _visits(
    session: Session, scope: Scope, person_ids: Collection[int], text: SQLColumnExpression[Any]
) -> list[_Visit]:
    """The visits of these people in logs of the courses in question, by their days; those without
    one last. One query.

    :param text: the part of the document that is looked at.
    """
    rows = session.execute(
        select(
            PartnerVisit.id,
            PartnerVisit.assignment_id,
            PartnerVisit.person_id,
            PartnerVisit.number,
            PartnerVisit.visit_on,
            PartnerVisit.half_days,
            PartnerVisit.state,
            case((PartnerVisit.visit_on.is_(None), PartnerVisit.created_at)),
            text,
        )
        .join(Assignment, Assignment.id == PartnerVisit.assignment_id)
        .where(
            Assignment.context_id.in_(scope.context_ids),
            PartnerVisit.person_id.in_(person_ids),
            PartnerVisit.removed_at.is_(None),
        )
    )
    found = [_Visit(*row) for row in rows]
    return sorted(found, key=lambda one: (one.visit_on or date.max, one.person_id, one.number))


def _made(session: Session, scope: Scope, visits: list[_Visit]) -> list[_Visit]:
    """Those made in the year by the last day looked at. A returned visit was made where it had
    been done before it was returned. One query."""
    returned = [one.id for one in visits if one.state == states.RETURNED]
    was = {
        visit_id: before
        for visit_id, before in session.execute(
            select(VisitStep.visit_id, VisitStep.was)
            .where(VisitStep.visit_id.in_(returned), VisitStep.became == states.RETURNED)
            .order_by(VisitStep.id)
        )
    }
    first, last = scope.first, scope.up_to
    return [
        one
        for one in visits
        if was.get(one.id, one.state) in _MADE
        and one.visit_on is not None
        and first <= one.visit_on <= last
    ]


def _why_short(checks: list[DbsRead], numbers: ProgrammeNumbers, on: date) -> str | None:
    """A sentence why no check was enough on a day, or None where one was."""
    dbs = as_it_stood(checks, on)
    if dbs is None and checks:
        return "The DBS check was looked at only after that day."
    return why_dbs_short(dbs, numbers, on)


def find_dbs_before(session: Session, scope: Scope) -> Figure:
    """Before how many visits a DBS check was in date, as it stood on the day. Three queries."""
    numbers = load_programme_numbers(scope.config_dir)
    visits = _visits(session, scope, scope.person_ids, PartnerVisit.state)
    checks = checks_of(session, {one.person_id for one in visits})
    lines = []
    for one in _made(session, scope, visits):
        why = _why_short(checks.get(one.person_id, []), numbers, one.visit_on or scope.first)
        label = why or "A DBS check was in date."
        lines.append(Line(f"{one.name}. {label}", one.person_id, why is None))
    return count_lines(
        lines,
        lambda good, of: f"A DBS check was in date before {good} of {count(of, 'visit')}.",
        f"{_MADE_HOW} Each is held against the check as it stood on the day: seen by an office by "
        "then, of the level and workforce asked for, and issued or asked of the Update Service no "
        f"longer than {numbers.dbs_limit_months} months before. Visits of people who withdrew or "
        "went elsewhere afterwards count too, since they were made.",
    )


def _is_in_year(visit: _Visit, scope: Scope) -> bool:
    day = visit.visit_on
    if day is None and visit.entered_at is not None:
        day = clock.in_london(visit.entered_at).date()
    return day is not None and scope.first <= day <= scope.last


def find_planned(session: Session, scope: Scope) -> Figure:
    """How many visits have a stated focus and lie within the days allowed. One query."""
    most = load_numbers(scope.config_dir).most_half_days
    used: dict[tuple[int, int], int] = defaultdict(int)
    lines = []
    focus = PartnerVisit.document["focus"].as_string()
    for one in _visits(session, scope, scope.staying_ids, focus):
        log = (one.assignment_id, one.person_id)
        used[log] += one.half_days
        if not _is_in_year(one, scope):
            continue
        missing = []
        if not (one.text or "").strip():
            missing.append("No focus is stated.")
        if used[log] > most:
            missing.append(f"Beyond the {say_days(most)} allowed.")
        label = " ".join(missing) or "Focus stated, within the days allowed."
        lines.append(Line(f"{one.name}. {label}", one.person_id, not missing))
    return count_lines(
        lines,
        lambda good, of: (
            f"{good} of {count(of, 'visit')} have a stated focus and lie within {say_days(most)}."
        ),
        "Looked at are visits of the academic year, planned or made; one without a day counts by "
        f"the day it was entered. Each person’s visits are added up by day, {say_days(most)} at "
        "most in one log; those beyond do not count. Visits of participants who withdrew or went "
        "elsewhere are left out.",
    )


def _is_reflected(parts: Mapping[str, Any] | None) -> bool:
    return any(str(text).strip() for text in (parts or {}).values())


def find_confirmed(session: Session, scope: Scope) -> Figure:
    """How many visits made are reflected on and confirmed. Three queries."""
    parts = PartnerVisit.document["reflection"]["parts"]
    made = _made(session, scope, _visits(session, scope, scope.staying_ids, parts))
    answers = session.execute(
        select(Confirmation.visit_id, Confirmation.broken_at.is_(None)).where(
            Confirmation.visit_id.in_([one.id for one in made]), Confirmation.answer == YES
        )
    )
    stands: dict[int, bool] = {}
    for visit_id, is_whole in answers:
        stands[visit_id] = stands.get(visit_id, False) or bool(is_whole)
    lines = []
    for one in made:
        missing = [] if _is_reflected(one.text) else ["no reflection is written"]
        if not stands.get(one.id, True):
            missing.append("it was changed after the host school confirmed it")
        elif one.state not in COUNTING or one.id not in stands:
            missing.append(_UNCONFIRMED.get(one.state, _UNCONFIRMED[states.DONE]))
        label = f"Missing: {', '.join(missing)}" if missing else "Reflected on and confirmed"
        lines.append(Line(f"{one.name}. {label}.", one.person_id, not missing))
    return count_lines(
        lines,
        lambda good, of: (
            f"{good} of {count(of, 'visit')} made are reflected on and confirmed by the host "
            "school."
        ),
        f"{_MADE_HOW} A visit counts with a written reflection and the host school’s confirmation, "
        "by link, code or paper; not where it was changed after it was confirmed. Visits of "
        "participants who withdrew or went elsewhere are left out.",
    )


announce(Measure("dbs-before-visits", "DBS in date before visits", ("Q2.5",), find_dbs_before))
announce(Measure("visits-planned", "Visits with a focus, within the days", ("Q6.1",), find_planned))
announce(
    Measure("visits-confirmed", "Visits reflected on and confirmed", ("Q6.2",), find_confirmed)
)
