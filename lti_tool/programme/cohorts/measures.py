"""The live measure of a programme's starts, retention, completions, awards and results.

Nobody is left out of it: who left is what it is about. A person counts once, in the cohort where
they are now.
"""

from collections import Counter
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.catalogue.measures import Figure, Line, Measure, Scope, announce, count_lines
from lti_tool.core.clock import plain_day
from lti_tool.programme.cohorts.models import Award
from lti_tool.programme.cohorts.queries import CohortRead, cohorts_by_id
from lti_tool.programme.cohorts.results.shown import Result, passed_modules, results_of
from lti_tool.programme.cohorts.standing import Standing, people_in_cohorts
from lti_tool.programme.cohorts.words import (
    ACTIVE,
    AWARDS,
    COMPLETED,
    CONFIRMED,
    INTERMITTING,
    NO_AWARD,
    NPQ_FAILED,
    TRANSFERRED,
    WITHDRAWN,
)

_SAID = {
    ACTIVE: "Taking part",
    INTERMITTING: "Intermitting",
    COMPLETED: "Completed",
    WITHDRAWN: "Withdrew",
    TRANSFERRED: "Went elsewhere",
}
_COUNTED = {
    ACTIVE: "taking part",
    INTERMITTING: "intermitting",
    COMPLETED: "completed",
    WITHDRAWN: "withdrew",
    TRANSFERRED: "went elsewhere",
}


def _awarded(session: Session, scope: Scope, cohort_ids: set[int]) -> dict[int, tuple[str, date]]:
    """What was last decided for people by the last day looked at. One query."""
    rows = session.execute(
        select(Award.person_id, Award.kind, Award.decided_on)
        .where(
            Award.cohort_id.in_(cohort_ids),
            Award.person_id.in_(scope.person_ids),
            Award.decided_on <= scope.up_to,
        )
        .order_by(Award.id)
    )
    return {person_id: (kind, decided_on) for person_id, kind, decided_on in rows}


def _results(
    session: Session, scope: Scope, cohorts: dict[int, CohortRead]
) -> dict[int, list[Result]]:
    """The results of modules that a board confirmed by the last day looked at. One query."""
    programme_id = next((one.programme_id for one in cohorts.values()), 0)
    found = results_of(session, programme_id, scope.person_ids)
    return {
        person_id: [
            one
            for one in results
            if one.board_state == CONFIRMED and (one.decided_on or scope.first) <= scope.up_to
        ]
        for person_id, results in found.items()
    }


def _begun(
    session: Session, scope: Scope, cohorts: dict[int, CohortRead]
) -> dict[int, tuple[CohortRead, Standing]]:
    """Whoever has begun, with their cohort and standing there. One query."""
    begun = {key: one for key, one in cohorts.items() if one.starts_on <= scope.up_to}
    standings = people_in_cohorts(session, begun, scope.up_to)
    found = {}
    for person_id in scope.person_ids:
        cohort_id = scope.cohort_of.get(person_id, 0)
        standing = standings.get(cohort_id, {}).get(person_id)
        if standing is not None:
            found[person_id] = (begun[cohort_id], standing)
    return found


def _line(
    person_id: int,
    cohort: CohortRead,
    standing: Standing,
    award: tuple[str, date] | None,
    passed: int,
) -> Line:
    parts = [f"{cohort.title}: {_SAID[standing.status].lower()}"]
    if standing.status != ACTIVE:
        parts[0] += f" from {plain_day(standing.since_on)}"
    if passed:
        parts.append(f"{_count(passed, 'module')} passed")
    if award is not None:
        parts.append(f"{AWARDS[award[0]]}, decided on {plain_day(award[1])}")
    return Line(f"{'; '.join(parts)}.", person_id, standing.can_be_awarded)


def find_retained(session: Session, scope: Scope) -> Figure:
    """How many began, are still there, left, completed and were awarded what. Four queries."""
    cohorts = cohorts_by_id(session, scope.cohort_of.values())
    people = _begun(session, scope, cohorts)
    awards = _awarded(session, scope, set(cohorts))
    results = _results(session, scope, cohorts)
    passed = {one: len(passed_modules(found)) for one, found in results.items()}
    lines = [
        _line(one, cohort, standing, awards.get(one), passed.get(one, 0))
        for one, (cohort, standing) in people.items()
    ]
    statuses = Counter(standing.status for _, standing in people.values())
    given = Counter(
        AWARDS[award[0]]
        for one, award in awards.items()
        if one in people and award[0] not in (NO_AWARD, NPQ_FAILED)
    )
    sat = sum(len({result.module_id for result in results.get(one, ())}) for one in people)

    def say(count: int, of: int) -> str:
        shown = [f"{statuses[key]} {_COUNTED[key]}" for key in _COUNTED if statuses[key]]
        awarded = [f"{number} {title}" for title, number in sorted(given.items())] or ["none yet"]
        modules = f"{sum(passed.get(one, 0) for one in people)} of {sat}" if sat else "none yet"
        return (
            f"{of} began: {', '.join(shown)}; {count} retained. Awarded: "
            f"{', '.join(awarded)}. Modules passed, of those a board has confirmed: {modules}."
        )

    return count_lines(
        lines,
        say,
        "This counts whoever had begun by then, once, in the cohort where they are now. Retained "
        "are those who take part, intermit or completed; those who withdrew or went elsewhere stay "
        "in the number who began. Awards and results are those recorded here.",
    )


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


announce(Measure("retention", "Starts, retention and awards", ("Q9.2",), find_retained))
