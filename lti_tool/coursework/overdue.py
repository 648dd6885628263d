"""Who is past the date set for them with nothing handed in, and whether they have a later date.

Reads only, in a fixed number of queries, of any number of people. Asked of those who take part now.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.coursework.models import Extension, FurtherAttempt
from lti_tool.coursework.progress import Standing, list_standings_of
from lti_tool.coursework.queries import AssignmentRead, list_assignments
from lti_tool.people.models import Membership
from lti_tool.people.queries import is_participant


@dataclass(frozen=True, slots=True)
class Missed:
    """A date that passed for somebody with nothing handed in."""

    assignment_id: int
    person_id: int
    attempt: int
    due_at: datetime
    """The date set for the attempt, for everyone or for a further one."""
    later_at: datetime | None
    """A later date agreed for this person alone, in force, whether or not it has passed."""

    @property
    def has_later_date(self) -> bool:
        """Whether a later date of their own still lies ahead."""
        return self.later_at is not None and self.later_at > clock.now()


@dataclass(frozen=True, slots=True)
class _Dates:
    """All dates agreed beside those of the assignments."""

    further: dict[tuple[int, int], tuple[int, datetime]]
    """The latest further attempt and its date, by assignment and person."""
    later: dict[tuple[int, int | None], datetime]
    """The latest extension, by assignment and person; None for everyone."""

    def missed(
        self, one: AssignmentRead, person_id: int, standing: Standing | None, now: datetime
    ) -> Missed | None:
        """The date that passed for a person with nothing handed in, or None."""
        attempt, due_at = self.further.get((one.id, person_id), (1, one.due_at))
        if due_at is None or (standing is not None and standing.handed_in_at is not None):
            return None
        due_at = max(due_at, self.later.get((one.id, None), due_at))
        if due_at >= now:
            return None
        own = self.later.get((one.id, person_id))
        return Missed(one.id, person_id, attempt, due_at, own)


def _read_dates(session: Session, assignment_ids: set[int]) -> _Dates:
    further = session.execute(
        select(
            FurtherAttempt.assignment_id,
            FurtherAttempt.person_id,
            FurtherAttempt.attempt,
            FurtherAttempt.due_at,
        )
        .where(FurtherAttempt.assignment_id.in_(assignment_ids))
        .order_by(FurtherAttempt.attempt)
    )
    later = session.execute(
        select(Extension.assignment_id, Extension.person_id, Extension.due_at)
        .where(Extension.assignment_id.in_(assignment_ids), Extension.withdrawn_at.is_(None))
        .order_by(Extension.due_at)
    )
    return _Dates(
        {(row.assignment_id, row.person_id): (row.attempt, row.due_at) for row in further},
        {(row.assignment_id, row.person_id): row.due_at for row in later},
    )


def list_missed(
    session: Session, context_ids: Sequence[int], person_ids: Sequence[int]
) -> list[Missed]:
    """Every date that has passed with nothing handed in, by assignment; work that is closed, that
    no link stands for, or that came with a copied course and was not looked at, is left out."""
    assignments = [
        one
        for one in list_assignments(session, context_ids, in_use=True)
        if one.closed_at is None and not one.is_undecided_copy
    ]
    here: dict[int, list[int]] = {}
    for context_id, person_id in session.execute(
        select(Membership.context_id, Membership.person_id)
        .where(
            Membership.context_id.in_(context_ids),
            Membership.person_id.in_(person_ids),
            is_participant(),
        )
        .order_by(Membership.id)
    ):
        here.setdefault(context_id, []).append(person_id)
    dates, now = _read_dates(session, {one.id for one in assignments}), clock.now()
    standings = list_standings_of(session, context_ids, person_ids)
    found = (
        dates.missed(one, person_id, standings.get((one.id, person_id)), now)
        for one in assignments
        for person_id in here.get(one.context_id, ())
    )
    return [one for one in found if one is not None]
