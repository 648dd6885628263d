"""Writes about people: who they are as the last launch said, and what they keep for themselves."""

from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, or_, select, update
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import NotFound
from lti_tool.db.statements import AnyRow, insert_if_missing, place_like, run
from lti_tool.people.models import Membership, Person, Visit

PROFILE = ("name", "given_name", "family_name", "email")
_PERSON = (
    select(Person.id, *(getattr(Person, name) for name in PROFILE))
    .where(Person.platform_id == bindparam("its_platform"), Person.sub == bindparam("its_sub"))
    .with_for_update(read=True, key_share=True)
)
"""Whoever erases them waits until what is kept now is there to be erased too; who is being erased
is waited for, and is then found no more."""
_MEMBERSHIP = select(Membership.id, Membership.roles, Membership.is_active).where(
    Membership.context_id == bindparam("its_context"),
    Membership.person_id == bindparam("its_person"),
)


def profile_of(said: Any) -> dict[str, str | None]:
    """What a launch's message, or a line of a roster, says of a person."""
    return {name: getattr(said, name) for name in PROFILE}


def _as_said(column: Any) -> ColumnElement[bool]:
    said = place_like(column, f"said_{column.name}")
    return or_(said == "", column == said)


PROFILE_AS_SAID = and_(*(_as_said(getattr(Person, name)) for name in PROFILE))
"""Where `profile_changes` finds none: the same, for a query."""


def said_of_person(profile: dict[str, str | None]) -> dict[str, str]:
    """The values of `PROFILE_AS_SAID`."""
    return {f"said_{name}": value or "" for name, value in profile.items()}


def profile_changes(row: AnyRow, profile: dict[str, str | None]) -> dict[str, str | None]:
    """What a launch says of a person that is kept otherwise; what it left out stays."""
    return {k: value for k, value in profile.items() if value and value != getattr(row, k)}


def keep_person(
    session: Session, platform_id: int, sub: str, profile: dict[str, str | None]
) -> int:
    """Find or make the person (platform, sub) and bring their profile up to date.

    Names and e-mails never identify anyone; a field the launch left out is kept as it was.

    :return: the person's row number.
    """
    key = {"its_platform": platform_id, "its_sub": sub}
    row = run(session, _PERSON, **key).first()
    if row is None:
        made = insert_if_missing(
            session,
            Person,
            ["platform_id", "sub"],
            {"platform_id": platform_id, "sub": sub, "created_at": clock.now(), **profile},
        )
        if made is not None:
            return made
        row = run(session, _PERSON, **key).one()
    changed = profile_changes(row, profile)
    if changed:
        session.execute(update(Person).where(Person.id == row.id).values(**changed))
    return int(row.id)


def keep_membership(session: Session, context_id: int, person_id: int, roles: str) -> None:
    """Keep the roles that this launch proved; a change leaves an audit entry.

    A launch that takes a tutor's role away for good ends their tutor visits in other tabs. One
    that only looks as a participant would (`preview.py`) never comes here.
    """
    row = run(session, _MEMBERSHIP, its_context=context_id, its_person=person_id).first()
    if row is None:
        insert_if_missing(
            session,
            Membership,
            ["context_id", "person_id"],
            {
                "context_id": context_id,
                "person_id": person_id,
                "roles": roles,
                "is_active": True,
                "first_seen_at": clock.now(),
            },
        )
    elif row.roles != roles or not row.is_active:
        session.execute(
            update(Membership).where(Membership.id == row.id).values(roles=roles, is_active=True)
        )
        record(
            session,
            "roles changed",
            ("membership", row.id),
            actor="platform",
            context_id=context_id,
            was={"roles": row.roles},
            became={"roles": roles},
        )
        if "tutor" in row.roles.split() and "tutor" not in roles.split():
            end_tutor_visits(session, context_id, person_id)


def end_tutor_visits(session: Session, context_id: int, person_id: int) -> None:
    """End what a person has open as a tutor in a context, since they are one no longer."""
    now = clock.now()
    session.execute(
        update(Visit)
        .where(
            Visit.person_id == person_id,
            Visit.context_id == context_id,
            Visit.roles.contains("tutor"),
            Visit.ends_at > now,
        )
        .values(ends_at=now)
        .execution_options(synchronize_session=False)
    )


def put_tutor_aside(
    session: Session, membership_id: int, context_id: int, *, actor_id: int
) -> None:
    """Somebody taught here and now takes part: their next launch as a participant is real work
    and no preview. Only people can know; a launch as Instructor makes them a tutor again.

    :raises NotFound: there is no such tutor in this context.
    """
    row = session.execute(
        select(Membership.person_id, Membership.roles).where(
            Membership.id == membership_id, Membership.context_id == context_id
        )
    ).first()
    if row is None or "tutor" not in row.roles.split():
        raise NotFound("There is no such tutor in this course.")
    session.execute(
        update(Membership).where(Membership.id == membership_id).values(roles="participant")
    )
    end_tutor_visits(session, context_id, row.person_id)
    record(
        session,
        "roles changed",
        ("membership", membership_id),
        actor_id=actor_id,
        context_id=context_id,
        was={"roles": row.roles},
        became={"roles": "participant"},
    )


def keep_display(session: Session, person_id: int, display: dict[str, Any]) -> None:
    """Keep how a person wants pages to look."""
    session.execute(update(Person).where(Person.id == person_id).values(display=display))
