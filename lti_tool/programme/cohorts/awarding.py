"""Recording what a board, or an NPQ's lead provider, decided, with the facts it rested on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.programme.cohorts.awards import Facts, Law, bars, doubts
from lti_tool.programme.cohorts.models import Award
from lti_tool.programme.cohorts.overview import PersonLine
from lti_tool.programme.cohorts.queries import CohortRead, hold_cohort


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided for some people at once."""

    kind: str
    decided_on: date
    reason: str
    """Needed where the tool does not know all that the award rests on."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What stands against recording a decision, by name."""

    barred: tuple[tuple[str, str], ...]
    """Nothing can be recorded for these: name and sentence."""
    doubtful: tuple[tuple[str, str], ...]
    """These need a reason: name and sentence."""


def check(law: Law, lines: Sequence[PersonLine], decision: Decision) -> Checked:
    """What stands against recording a decision for these people."""
    barred, doubtful = [], []
    for line in lines:
        found = bars(line.facts, law, decision.kind, decision.decided_on, clock.today())
        barred += [(line.name, sentence) for sentence in found]
        doubtful += [(line.name, sentence) for sentence in doubts(line.facts, decision.kind)]
    return Checked(tuple(barred), tuple(doubtful))


def _facts(facts: Facts, decision: Decision, number: int) -> dict[str, Any]:
    return {
        "route": facts.route,
        "credits": facts.credits,
        "credits_asked": facts.credits_asked,
        "outcomes_met": facts.outcomes_met,
        "outcomes_asked": facts.outcomes_asked,
        "has_qts": facts.has_qts,
        "induction": facts.induction,
        "senco_since": facts.senco_since.isoformat() if facts.senco_since else None,
        "cohort_began": facts.starts_on.isoformat(),
        "reason": decision.reason,
        "replaces": number or None,
    }


def record_awards(
    session: Session,
    law: Law,
    cohort: CohortRead,
    lines: Sequence[PersonLine],
    decision: Decision,
    *,
    actor_id: int,
) -> int:
    """Record a decision for some people, in the caller's transaction: all of them or none. A
    later decision replaces an earlier, which stays; the same again adds nothing.

    :return: for how many it was new.
    :raises Conflict: something forbids it, or a reason is needed and none is given.
    """
    hold_cohort(session, cohort.id)
    checked = check(law, lines, decision)
    if checked.barred:
        raise Conflict(" ".join(f"{name}: {said}" for name, said in checked.barred[:5]))
    if checked.doubtful and not decision.reason:
        raise Conflict("Give a reason: the tool does not know all that this award rests on.")
    before = _latest(session, cohort.id)
    count = 0
    for line in lines:
        last = before.get(line.person_id)
        if last is not None and (last[1], last[2]) == (decision.kind, decision.decided_on):
            continue
        award = Award(
            person_id=line.person_id,
            cohort_id=cohort.id,
            kind=decision.kind,
            decided_on=decision.decided_on,
            facts=_facts(line.facts, decision, last[0] if last else 0),
            recorded_by_id=actor_id,
            recorded_at=clock.now(),
        )
        session.add(award)
        session.flush()
        count += 1
        record(
            session,
            "award recorded",
            ("award", award.id),
            actor_id=actor_id,
            was={"award": last[1]} if last else None,
            became={
                "person": line.person_id,
                "award": decision.kind,
                "decided_on": decision.decided_on.isoformat(),
            },
            reason=decision.reason or None,
        )
    return count


def _latest(session: Session, cohort_id: int) -> dict[int, tuple[int, str, date]]:
    newest = (
        select(func.max(Award.id)).where(Award.cohort_id == cohort_id).group_by(Award.person_id)
    )
    rows = session.execute(
        select(Award.person_id, Award.id, Award.kind, Award.decided_on).where(Award.id.in_(newest))
    )
    return {row.person_id: (row.id, row.kind, row.decided_on) for row in rows}


@dataclass(frozen=True, slots=True)
class Recorded:
    """An award that was recorded, with what it rested on."""

    kind: str
    decided_on: date
    facts: dict[str, Any]


def list_awards(session: Session, cohort_id: int, person_id: int) -> list[Recorded]:
    """Everything that was decided for a person in a cohort, the newest first."""
    rows = session.execute(
        select(Award.kind, Award.decided_on, Award.facts)
        .where(Award.cohort_id == cohort_id, Award.person_id == person_id)
        .order_by(Award.id.desc())
    )
    return [Recorded(row.kind, row.decided_on, row.facts) for row in rows]
