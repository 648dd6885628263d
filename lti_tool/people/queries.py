"""Reads about people. Names are looked up here, by row number, for pages that may show them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from lti_tool.core.errors import NotFound
from lti_tool.db.statements import AnyRow
from lti_tool.people import grants
from lti_tool.people.models import Membership, Person, Visit


def names_of(session: Session, person_ids: Iterable[int]) -> dict[int, str]:
    """The names to show for people, by row number; someone without a name gets a stand-in."""
    rows = session.execute(
        select(Person.id, Person.name, Person.given_name, Person.family_name).where(
            Person.id.in_(set(person_ids))
        )
    )
    return {
        row.id: row.name
        or " ".join(filter(None, (row.given_name, row.family_name)))
        or f"Person {row.id}"
        for row in rows
    }


def is_participant() -> ColumnElement[bool]:
    """A condition on memberships: takes part here now. A launch's roles count, the roster's
    where there was none yet; whom either calls a tutor is none."""
    said = case((Membership.roles != "", Membership.roles), else_=Membership.roster_roles)
    return and_(
        Membership.is_active,
        said.contains("participant"),
        ~said.contains("tutor"),
        ~Membership.roster_roles.contains("tutor"),
    )


def count_participants(session: Session, context_ids: Sequence[int]) -> dict[int, int]:
    """How many take part, by context."""
    rows = session.execute(
        select(Membership.context_id, func.count())
        .where(Membership.context_id.in_(context_ids), is_participant())
        .group_by(Membership.context_id)
    )
    return {context_id: count for context_id, count in rows}


def who_takes_part(session: Session, context_ids: Sequence[int]) -> dict[int, set[int]]:
    """Who takes part now, by context. One query."""
    rows = session.execute(
        select(Membership.context_id, Membership.person_id).where(
            Membership.context_id.in_(context_ids), is_participant()
        )
    )
    found: dict[int, set[int]] = {}
    for context_id, person_id in rows:
        found.setdefault(context_id, set()).add(person_id)
    return found


@dataclass(frozen=True, slots=True)
class Listed:
    """A member of a context as its tutors see them."""

    membership_id: int
    person_id: int
    name: str
    has_launched: bool
    is_granted: bool = False


_LISTED = (
    Membership.id,
    Membership.person_id,
    Membership.roles,
    Person.name,
    Person.given_name,
    Person.family_name,
)


_BY_FAMILY_NAME = (
    func.lower(func.coalesce(Person.family_name, Person.name, "")),
    func.lower(func.coalesce(Person.given_name, "")),
    Membership.id,
)


def _listed(row: AnyRow) -> Listed:
    name = row.name or " ".join(filter(None, (row.given_name, row.family_name)))
    return Listed(row.id, row.person_id, name or f"Person {row.person_id}", bool(row.roles))


def list_participants(
    session: Session, context_ids: Sequence[int], *, start: int = 0, limit: int = 100
) -> list[Listed]:
    """A page of those who take part, by family name."""
    rows = session.execute(
        select(*_LISTED)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.context_id.in_(context_ids), is_participant())
        .order_by(*_BY_FAMILY_NAME)
        .offset(start)
        .limit(limit)
    )
    return [_listed(row) for row in rows]


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who takes part, with all by which a list may name them."""

    person_id: int
    name: str
    email: str
    said_id: str
    """The course site's own id of the person, which some universities make the student number."""


def list_known(session: Session, context_ids: Sequence[int]) -> list[Known]:
    """All who take part, by family name, for lists that name people in one way or another."""
    rows = session.execute(
        select(*_LISTED, Person.email, Person.sub)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.context_id.in_(context_ids), is_participant())
        .order_by(*_BY_FAMILY_NAME)
    )
    return [Known(row.person_id, _listed(row).name, row.email or "", row.sub) for row in rows]


class ParticipantNotFound(NotFound):
    """Nobody who takes part in these contexts is this."""


def get_participant(session: Session, context_ids: Sequence[int], membership_id: int) -> Listed:
    """Somebody who takes part, by the row number of the membership, which pages of tutors carry.

    :raises ParticipantNotFound: nobody here, or they no longer take part.
    """
    row = session.execute(
        select(*_LISTED)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.id == membership_id,
            Membership.context_id.in_(context_ids),
            is_participant(),
        )
    ).first()
    if row is None:
        raise ParticipantNotFound("Nobody who takes part in this course is meant by this address.")
    return _listed(row)


def list_tutors(session: Session, context_ids: Sequence[int]) -> list[AnyRow]:
    """Those whom a launch or the roster calls a tutor, by name; with the roles of each."""
    return list(
        session.execute(
            select(*_LISTED, Membership.roster_roles)
            .join(Person, Person.id == Membership.person_id)
            .where(
                Membership.context_id.in_(context_ids),
                Membership.is_active,
                or_(
                    Membership.roles.contains("tutor"),
                    and_(Membership.roles == "", Membership.roster_roles.contains("tutor")),
                ),
            )
            .order_by(func.lower(func.coalesce(Person.family_name, Person.name, "")), Membership.id)
            .limit(500)
        )
    )


def last_visits(
    session: Session, context_ids: Sequence[int], person_ids: Iterable[int]
) -> dict[int, datetime]:
    """When people last came, by person, as far as their visits are still kept (some hours)."""
    rows = session.execute(
        select(Visit.person_id, func.max(Visit.started_at))
        .where(
            Visit.context_id.in_(context_ids),
            Visit.person_id.in_(set(person_ids)),
            Visit.is_preview.is_(False),
        )
        .group_by(Visit.person_id)
    )
    return {person_id: at for person_id, at in rows}


def find_in_context(session: Session, context_id: int, sub: str) -> int | None:
    """The row number of a member of this context by the platform's own id, or None."""
    return session.scalar(
        select(Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.context_id == context_id, Person.sub == sub)
    )


def list_leader_names(session: Session, context_id: int, registration_id: int) -> list[str]:
    """Names of those who lead here, to be asked by others who teach."""
    rows = session.execute(
        select(Person.name, Person.given_name, Person.family_name)
        .where(grants.holds((grants.LEADER,), Person.id, context_id, registration_id))
        .order_by(Person.family_name, Person.id)
        .limit(10)
    )
    whole = (row.name or " ".join(filter(None, row[1:])) for row in rows)
    return [name for name in whole if name]


def find_address(session: Session, person_id: int) -> str | None:
    """A person's e-mail address, or None where the course site does not share it."""
    return session.scalar(select(Person.email).where(Person.id == person_id)) or None


def addresses_of(session: Session, person_ids: Iterable[int]) -> dict[int, str]:
    """The e-mail addresses of people, as far as the course site shares them, in one query."""
    rows = session.execute(
        select(Person.id, Person.email).where(
            Person.id.in_(set(person_ids)), Person.email.is_not(None), Person.email != ""
        )
    )
    return {row.id: str(row.email) for row in rows}
