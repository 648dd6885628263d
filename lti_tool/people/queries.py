"""Reads about people. Names are looked up here, by row number, for pages that may show them."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.people.models import Membership, Person


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


def sub_of(session: Session, person_id: int) -> str:
    """The platform's own id of a person, for services."""
    return session.execute(select(Person.sub).where(Person.id == person_id)).scalar_one()


def list_participants(session: Session, context_id: int) -> list[int]:
    """Row numbers of those who last came to a context as participants."""
    return list(
        session.scalars(
            select(Membership.person_id)
            .where(
                Membership.context_id == context_id,
                Membership.is_active,
                Membership.roles.contains("participant"),
                ~Membership.roles.contains("tutor"),
            )
            .order_by(Membership.person_id)
        )
    )
