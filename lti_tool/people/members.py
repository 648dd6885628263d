"""What one page of a roster changes: people found or made, memberships brought up to date.

A fixed number of reads for a page, however many members it has; writes only where something
differs. Roles that a signed launch proved are never touched here: the roster's own stand beside
them. Nobody is deleted.
"""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.db.statements import AnyRow, insert_many_if_missing
from lti_tool.lti.nrps import Member
from lti_tool.people.models import Membership, Person
from lti_tool.people.operations import (
    PROFILE,
    end_tutor_visits,
    profile_changes,
    profile_of,
)

_AT_ONCE = 500
GONE_AFTER = 3
"""Readings in a row without someone, after which they count as having left."""


def keep_members(
    session: Session, context_id: int, platform_id: int, members: Sequence[Member]
) -> set[int]:
    """Keep what a page says of its members.

    :return: the people's row numbers.
    """
    by_sub = {member.user_id: member for member in members}
    subs, seen = sorted(by_sub), set()
    for start in range(0, len(subs), _AT_ONCE):
        part = {sub: by_sub[sub] for sub in subs[start : start + _AT_ONCE]}
        people = _keep_people(session, platform_id, part)
        _keep_memberships(session, context_id, {people[sub]: part[sub] for sub in part})
        seen |= set(people.values())
    return seen


def _keep_people(session: Session, platform_id: int, members: dict[str, Member]) -> dict[str, int]:
    """Row numbers by the platform's id. A name that was left out is kept as it was."""
    columns = [Person.id, Person.sub, *(getattr(Person, name) for name in PROFILE)]
    query = select(*columns).where(Person.platform_id == platform_id, Person.sub.in_(members))
    rows = {row.sub: row for row in session.execute(query)}
    missing = [
        {
            "platform_id": platform_id,
            "sub": sub,
            "created_at": clock.now(),
            **profile_of(member),
        }
        for sub, member in members.items()
        if sub not in rows
    ]
    if missing:
        insert_many_if_missing(session, Person, ["platform_id", "sub"], missing)
        rows = {row.sub: row for row in session.execute(query)}
    for sub, row in sorted(rows.items()):
        changed = profile_changes(row, profile_of(members[sub]))
        if changed:
            is_there = (Person.id == row.id, Person.erased_at.is_(None))  # by now, too
            session.execute(update(Person).where(*is_there).values(**changed))
    return {sub: int(row.id) for sub, row in rows.items()}


def _keep_memberships(session: Session, context_id: int, members: dict[int, Member]) -> None:
    query = select(
        Membership.id,
        Membership.person_id,
        Membership.roles,
        Membership.roster_roles,
        Membership.is_active,
        Membership.missed_rosters,
    ).where(Membership.context_id == context_id, Membership.person_id.in_(members))
    rows = {row.person_id: row for row in session.execute(query)}
    missing = [
        {
            "context_id": context_id,
            "person_id": person_id,
            "roles": "",
            "roster_roles": _roles(member),
            "is_active": member.is_active,
            "missed_rosters": 0,
            "first_seen_at": clock.now(),
        }
        for person_id, member in sorted(members.items())
        if person_id not in rows
    ]
    insert_many_if_missing(session, Membership, ["context_id", "person_id"], missing)
    for person_id, row in sorted(rows.items()):
        _bring_up_to_date(session, context_id, row, members[person_id])


def _roles(member: Member) -> str:
    return " ".join(sorted(member.roles))


def _bring_up_to_date(session: Session, context_id: int, row: AnyRow, member: Member) -> None:
    said = {
        "roster_roles": _roles(member),
        "is_active": member.is_active,
        "missed_rosters": 0,
    }
    changed = {name: value for name, value in said.items() if value != getattr(row, name)}
    if not changed:
        return
    session.execute(update(Membership).where(Membership.id == row.id).values(**changed))
    if "is_active" not in changed:
        return
    _note(session, context_id, row.id, is_active=member.is_active)
    if not member.is_active:
        end_tutor_visits(session, context_id, row.person_id)


def _note(session: Session, context_id: int, membership_id: int, *, is_active: bool) -> None:
    record(
        session,
        "back on the roster" if is_active else "off the roster",
        ("membership", membership_id),
        actor="platform",
        context_id=context_id,
        was={"is_active": not is_active},
        became={"is_active": is_active},
    )


def count_missing(session: Session, context_id: int, seen: set[int]) -> None:
    """After a whole reading: who was not on it. After three in a row they count as left.

    Tutors whom a launch proved stay: Moodle's roster never holds administrators and category
    managers.
    """
    rows = session.execute(
        select(Membership.id, Membership.person_id, Membership.missed_rosters).where(
            Membership.context_id == context_id,
            Membership.is_active,
            ~Membership.roles.contains("tutor"),
        )
    ).all()
    missing = [row for row in rows if row.person_id not in seen]
    for start in range(0, len(missing), _AT_ONCE):
        ids = [row.id for row in missing[start : start + _AT_ONCE]]
        session.execute(
            update(Membership)
            .where(Membership.id.in_(ids))
            .values(
                missed_rosters=Membership.missed_rosters + 1,
                is_active=Membership.missed_rosters + 1 < GONE_AFTER,
            )
            .execution_options(synchronize_session=False)
        )
    for row in missing:
        if row.missed_rosters + 1 >= GONE_AFTER:
            _note(session, context_id, row.id, is_active=False)
