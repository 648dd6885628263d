"""Partner-school visits that wait for somebody, as needs of a programme's leader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.activities.placement_log import states
from lti_tool.activities.placement_log.models import Confirmation, PartnerVisit
from lti_tool.activities.placement_log.said import on_day
from lti_tool.catalogue.measures import Scope
from lti_tool.catalogue.needs import Need, NeedLine, Source, announce_needs
from lti_tool.core import clock
from lti_tool.coursework.models import Assignment
from lti_tool.db.statements import AnyRow
from lti_tool.programme.dbs import DbsRead, dbs_of, why_dbs_short
from lti_tool.programme.numbers import ProgrammeNumbers, load_programme_numbers

WRONG = Need("visits-wrong", "Visits of which the host says that something is wrong")
NO_DBS = Need("visits-dbs", "Approved visits without a DBS check that is enough", of_present=True)
TO_DECIDE = Need("visits-tutor", "Visits that wait for a tutor", of_present=True)
HOST = Need("visits-host", "Visits that wait for their host school", of_present=True)
_KEYS = {
    states.WRONG: WRONG.key,
    states.PLANNED: TO_DECIDE.key,
    states.CONFIRMED: TO_DECIDE.key,
    states.DONE: HOST.key,
}
_WORDS = {
    states.WRONG: "the host says something is wrong, since {since}.",
    states.PLANNED: "to approve, since {since}.",
    states.CONFIRMED: "confirmed by the host, to accept since {since}.",
}


@dataclass(frozen=True, slots=True)
class _Rule:
    """By what a visit is judged."""

    checks: dict[int, DbsRead]
    numbers: ProgrammeNumbers
    now: datetime
    today: date

    def why_short(self, visit: AnyRow) -> str | None:
        """Why the DBS check is not enough for an approved visit that is still to come."""
        if visit.state != states.APPROVED or visit.visit_on is None or visit.visit_on < self.today:
            return None
        return why_dbs_short(self.checks.get(visit.person_id), self.numbers, visit.visit_on)

    def of_host(self, visit: AnyRow) -> str:
        """Where a visit stands that was made and not confirmed."""
        if visit.asked_at is None or visit.broken_at is not None:
            return "the host has not been asked yet."
        is_open = visit.answered_at is None and visit.closed_at is None
        if is_open and visit.expires_at > self.now:
            return f"the host was asked on {clock.day(visit.asked_at)} and has not answered."
        return "the host gave no answer in time and is to be asked again."


@lru_cache(maxsize=1000)
def _begin(day: date | None) -> str:
    """How a line begins; days repeat, and to say one costs time."""
    return f"Visit on {on_day(day)}" if day else "Visit without a day"


@lru_cache(maxsize=1000)
def _plain(day: date) -> str:
    return clock.plain_day(day)


def _since(moment: datetime) -> str:
    return _plain(clock.in_london(moment).date())


def _visits(session: Session, context_ids: Sequence[int]) -> list[AnyRow]:
    """Visits that somebody may have to see to, each with the latest asking of its host."""
    latest = (
        select(Confirmation.visit_id, func.max(Confirmation.id).label("id"))
        .group_by(Confirmation.visit_id)
        .subquery()
    )
    return list(
        session.execute(
            select(
                PartnerVisit.id,
                PartnerVisit.person_id,
                PartnerVisit.assignment_id,
                Assignment.context_id,
                PartnerVisit.state,
                PartnerVisit.state_since,
                PartnerVisit.visit_on,
                Confirmation.asked_at,
                Confirmation.expires_at,
                Confirmation.answered_at,
                Confirmation.closed_at,
                Confirmation.broken_at,
            )
            .join(Assignment, Assignment.id == PartnerVisit.assignment_id)
            .outerjoin(latest, latest.c.visit_id == PartnerVisit.id)
            .outerjoin(Confirmation, Confirmation.id == latest.c.id)
            .where(
                Assignment.context_id.in_(context_ids),
                Assignment.closed_at.is_(None),
                PartnerVisit.removed_at.is_(None),
                PartnerVisit.state.in_((*_KEYS, states.APPROVED)),
            )
            .order_by(PartnerVisit.state_since, PartnerVisit.id)
        )
    )


def _said(visit: AnyRow, rule: _Rule) -> tuple[str, str] | None:
    """Which need it is, and what is the matter; None where nothing is."""
    if visit.state == states.APPROVED:
        short = rule.why_short(visit)
        return None if short is None else (NO_DBS.key, short)
    if visit.state == states.PLANNED and visit.visit_on is None:
        return None
    if visit.state == states.DONE:
        return HOST.key, rule.of_host(visit)
    words = _WORDS[visit.state].format(since=_since(visit.state_since))
    return _KEYS[visit.state], words


def find(session: Session, scope: Scope) -> Mapping[str, Sequence[NeedLine]]:
    """Visits that wait, those first that have waited longest. Two queries."""
    people = set(scope.person_ids)
    visits = [one for one in _visits(session, scope.context_ids) if one.person_id in people]
    approved = {one.person_id for one in visits if one.state == states.APPROVED}
    numbers = load_programme_numbers(scope.config_dir)
    rule = _Rule(dbs_of(session, approved), numbers, clock.now(), clock.today())
    found: dict[str, list[NeedLine]] = {key: [] for key in (*_KEYS.values(), NO_DBS.key)}
    for visit in visits:
        said = _said(visit, rule)
        if said is None:
            continue
        key, words = said
        is_check = key == NO_DBS.key
        where = {"lacks": "dbs"} if is_check else {"visit_id": visit.id}
        found[key].append(
            NeedLine(
                words=f"{_begin(visit.visit_on)}: {words}",
                context_id=visit.context_id,
                person_id=visit.person_id,
                endpoint="cohort_facts.overview" if is_check else "placement_log.tutor_visit",
                values=where,
                assignment_id=None if is_check else visit.assignment_id,
            )
        )
    return found


announce_needs(Source((WRONG, NO_DBS, TO_DECIDE, HOST), find))
