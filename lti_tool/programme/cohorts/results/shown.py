"""What is kept of results and student numbers: the latest row of each attempt, credits from it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.programme.cohorts.models import ModuleResult, ProgrammeModule, StudentNumber
from lti_tool.programme.cohorts.words import CONFIRMED, DEFERRED


@dataclass(frozen=True, slots=True)
class Result:
    """A result of one attempt at a module, as it stands."""

    person_id: int
    module_id: int
    module_title: str
    module_credits: int
    attempt: int
    mark: Decimal | None
    is_passed: bool | None
    board_state: str
    decided_on: date | None
    recorded_at: datetime
    cohort_id: int
    """In which cohort it was recorded."""

    @property
    def gives_credits(self) -> bool:
        """Whether a board has confirmed that the module is passed."""
        return self.is_passed is True and self.board_state == CONFIRMED

    @property
    def is_deferred(self) -> bool:
        """Whether a board has put it off."""
        return self.board_state == DEFERRED

    @property
    def said(self) -> tuple[Decimal | None, bool | None, str, date | None]:
        """What a list would have to say for nothing to change."""
        return self.mark, self.is_passed, self.board_state, self.decided_on


_RESULT: tuple[Any, ...] = (
    ModuleResult.person_id,
    ModuleResult.module_id,
    ProgrammeModule.title,
    ProgrammeModule.credits,
    ModuleResult.attempt,
    ModuleResult.mark,
    ModuleResult.is_passed,
    ModuleResult.board_state,
    ModuleResult.decided_on,
    ModuleResult.recorded_at,
    ModuleResult.cohort_id,
)


def results_of(
    session: Session, programme_id: int, person_ids: Iterable[int]
) -> dict[int, list[Result]]:
    """Everyone's results in a programme, the latest row of each attempt; by person, in the order
    of modules and attempts. Whatever cohort they were recorded in: credits go along. One query."""
    rows = session.execute(
        select(*_RESULT)
        .join(ProgrammeModule, ProgrammeModule.id == ModuleResult.module_id)
        .where(
            ProgrammeModule.programme_id == programme_id,
            ModuleResult.person_id.in_(set(person_ids)),
        )
        .order_by(
            ProgrammeModule.position, ProgrammeModule.id, ModuleResult.attempt, ModuleResult.id
        )
    )
    latest: dict[tuple[int, int, int], Result] = {}
    for row in rows:
        latest[row.person_id, row.module_id, row.attempt] = Result(*tuple(row))
    found: dict[int, list[Result]] = {}
    for one in latest.values():
        found.setdefault(one.person_id, []).append(one)
    return found


def passed_modules(results: Iterable[Result]) -> dict[int, int]:
    """The credits of each module that is passed, by module: each counts once."""
    return {one.module_id: one.module_credits for one in results if one.gives_credits}


def history_of(session: Session, programme_id: int, person_id: int) -> list[Result]:
    """Every row of a person's results in a programme, the newest first."""
    rows = session.execute(
        select(*_RESULT)
        .join(ProgrammeModule, ProgrammeModule.id == ModuleResult.module_id)
        .where(ProgrammeModule.programme_id == programme_id, ModuleResult.person_id == person_id)
        .order_by(ModuleResult.id.desc())
    )
    return [Result(*tuple(row)) for row in rows]


def numbers_of(session: Session, person_ids: Iterable[int]) -> dict[int, str]:
    """Student numbers by person, of those whose number is known."""
    rows = session.execute(
        select(StudentNumber.person_id, StudentNumber.number).where(
            StudentNumber.person_id.in_(set(person_ids))
        )
    )
    return {person_id: number for person_id, number in rows}
