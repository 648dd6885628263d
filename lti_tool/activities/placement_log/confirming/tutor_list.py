"""Confirmations as tutors look at them: what needs a look first, each with its hints and seal."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.activities.placement_log import states
from lti_tool.activities.placement_log.confirming.confirmation import (
    ANSWERED,
    EXPIRED,
    NOT_MINE,
    OPEN,
    WRONG,
    YES,
    ConfirmationRead,
)
from lti_tool.activities.placement_log.confirming.proofs import CODE, PAPER
from lti_tool.activities.placement_log.confirming.queries import (
    confirmations_of,
    list_of_visit,
)
from lti_tool.activities.placement_log.confirming.seals import BROKEN, Seal, verify
from lti_tool.activities.placement_log.confirming.shown import (
    day_in_words,
    school_in_words,
    schools_named,
    shown_of,
    what_is_shown,
)
from lti_tool.activities.placement_log.confirming.suspicions import hints_of
from lti_tool.activities.placement_log.confirming.visit_rows import list_visits_here
from lti_tool.activities.placement_log.visit_reads import VisitRead
from lti_tool.core.errors import NotFound
from lti_tool.coursework.models import Assignment
from lti_tool.people.models import Membership
from lti_tool.people.queries import is_participant, names_of

_ASKED_STATES = (states.DONE, states.WRONG, states.CONFIRMED, states.ACCEPTED)
_BY_CODE = (
    "Answered by the code, which the participant’s phone shows: no address shows who it was. The "
    "name is as they typed it."
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One asking with what to know of it."""

    read: ConfirmationRead
    seal: Seal | None
    hints: list[str]


@dataclass(frozen=True, slots=True)
class Listed:
    """One visit with its latest asking."""

    visit: VisitRead
    person: str
    school: str
    day: str
    latest: Entry | None

    @property
    def standing(self) -> tuple[str, str]:
        """How it stands, in words, and as which kind of chip."""
        one = self.latest.read if self.latest else None
        if one is None:
            return "Nobody asked yet", "neutral"
        if self.latest is not None and self.latest.seal and self.latest.seal.state == BROKEN:
            return "Changed since it was confirmed", "danger"
        return {
            OPEN: ("Waiting for the host", "waiting"),
            EXPIRED: ("No answer in time", "warning"),
            ANSWERED: {
                YES: ("Confirmed on paper" if one.by == PAPER else "Confirmed", "success"),
                WRONG: ("Something is wrong", "danger"),
                NOT_MINE: ("Not their visit", "warning"),
            }.get(one.answer, ("Answered", "neutral")),
        }.get(one.standing, ("Taken back", "neutral"))

    @property
    def needs_a_look(self) -> bool:
        """Whether a tutor should look at it."""
        hints = bool(self.latest and self.latest.hints)
        return hints or self.standing[1] in ("danger", "warning")


def _hints(one: ConfirmationRead, found: dict[int, list[str]]) -> list[str]:
    by_code = [_BY_CODE] if one.by == CODE else []
    return found.get(one.id, []) + by_code


def _participants(session: Session, assignment_id: int) -> set[int]:
    return set(
        session.scalars(
            select(Membership.person_id)
            .join(Assignment, Assignment.context_id == Membership.context_id)
            .where(Assignment.id == assignment_id, is_participant())
        )
    )


def _read(session: Session, config_dir: Path, assignment_id: int, only: int | None) -> list[Listed]:
    """Visits with their latest asking, in a fixed number of queries."""
    here = _participants(session, assignment_id)
    visits = [
        one for one in list_visits_here(session, assignment_id, only) if one.person_id in here
    ]
    latest = confirmations_of(session, [one.id for one in visits])
    hints = hints_of(session, config_dir, latest.values())
    schools = schools_named(session, visits)
    names = names_of(session, {one.person_id for one in visits})
    listed = []
    for visit in visits:
        shown = shown_of(config_dir, visit, schools.get(visit.school_id or 0))
        one = latest.get(visit.id)
        entry = None
        if one is not None:
            seal = verify(one, shown) if one.answered_at is not None else None
            entry = Entry(one, seal, _hints(one, hints))
        listed.append(
            Listed(
                visit, names[visit.person_id], school_in_words(shown), day_in_words(shown), entry
            )
        )
    return listed


def list_confirmations(session: Session, config_dir: Path, assignment_id: int) -> list[Listed]:
    """Visits that were made, or of which a host was asked; those that need a look first."""
    found = [
        one
        for one in _read(session, config_dir, assignment_id, None)
        if one.latest is not None or one.visit.state in _ASKED_STATES
    ]
    return sorted(found, key=lambda one: not one.needs_a_look)


def get_visit_here(session: Session, config_dir: Path, assignment_id: int, visit_id: int) -> Listed:
    """One visit of this assignment.

    :raises NotFound: there is none, or whose it is does not take part here any more.
    """
    found = _read(session, config_dir, assignment_id, visit_id)
    if not found:
        raise NotFound("There is no such visit in this course.")
    return found[0]


def list_record(session: Session, config_dir: Path, visit: VisitRead) -> list[Entry]:
    """Everybody who was asked about a visit, the newest first."""
    asked = list_of_visit(session, visit.id)
    hints = hints_of(session, config_dir, asked)
    now = what_is_shown(session, config_dir, visit)
    return [
        Entry(one, verify(one, now) if one.answered_at else None, _hints(one, hints))
        for one in asked
    ]
