"""Mentors: a member of the leadership team or a senior SENCO of the participant's own school.

Dated like posts. Ending a mentorship ends the mentor's links, which are those of the purpose
`MENTOR` to `("mentorship", its number)`. Activities that send a mentor something when they are
named register with `on_named`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.db.statements import AnyRow, count_changed, insert_if_missing
from lti_tool.people import guest_links
from lti_tool.people.models import Guest
from lti_tool.programme.models import Mentorship
from lti_tool.settings import Settings

MENTOR, SUBJECT = "mentor", "mentorship"
"""The purpose of a mentor's links, and the kind of what they open."""

OnNamed = Callable[[Session, Settings, int, int | None, int | None], None]
"""Told the mentorship, the activity it was named from (None: from none) and who did it (None: a
guest), in the transaction that names the mentor."""

_on_named: list[OnNamed] = []


def on_named(act: OnNamed) -> None:
    """Have something done whenever a mentor is named."""
    if act not in _on_named:
        _on_named.append(act)


class MentorChanged(Conflict):
    """Somebody else named or ended a mentor at the same moment."""


@dataclass(frozen=True, slots=True)
class MentorRead:
    """Somebody's mentor."""

    id: int
    """Of the mentorship."""
    person_id: int
    school_id: int
    guest_id: int
    name: str
    email: str
    role: str
    """leadership or senior_senco."""
    started_on: date
    ended_on: date | None
    end_reason: str


_MENTOR = select(
    Mentorship.id,
    Mentorship.person_id,
    Mentorship.school_id,
    Mentorship.guest_id,
    Guest.name,
    Guest.email,
    Mentorship.role,
    Mentorship.started_on,
    Mentorship.ended_on,
    Mentorship.end_reason,
).join(Guest, Guest.id == Mentorship.guest_id)


def _read(row: AnyRow) -> MentorRead:
    return MentorRead(*row)


def find_mentor(session: Session, person_id: int) -> MentorRead | None:
    """Somebody's mentor now, or None."""
    return mentors_of(session, [person_id]).get(person_id)


def mentors_of(session: Session, person_ids: Iterable[int]) -> dict[int, MentorRead]:
    """The mentors of people now, in one query."""
    rows = session.execute(
        _MENTOR.where(Mentorship.person_id.in_(set(person_ids)), Mentorship.ended_on.is_(None))
    )
    return {row.person_id: _read(row) for row in rows}


def list_mentors(session: Session, person_id: int) -> list[MentorRead]:
    """Every mentor somebody ever had, the newest first."""
    rows = session.execute(
        _MENTOR.where(Mentorship.person_id == person_id).order_by(Mentorship.id.desc())
    )
    return [_read(row) for row in rows]


@dataclass(frozen=True, slots=True)
class Named:
    """A mentor as somebody names them."""

    name: str
    email: str
    role: str


@dataclass(frozen=True, slots=True)
class By:
    """Who does something, and from where: for the audit and for what follows."""

    context_id: int
    assignment_id: int | None
    person_id: int | None = None
    """Empty where a guest did it."""

    @property
    def actor(self) -> str:
        """As the audit names it."""
        return "guest" if self.person_id is None else "person"


def name_mentor(
    session: Session,
    settings: Settings,
    person_id: int,
    school_id: int,
    named: Named,
    *,
    registration_id: int,
    started_on: date,
    by: By,
) -> int:
    """Name somebody's mentor from a day on; the mentor before ends with it.

    The same address at the same school stays the same mentorship, with the name and role as now
    said.

    :return: the mentorship's number.
    :raises MentorChanged: two named one at one moment.
    """
    before = find_mentor(session, person_id)
    guest_id = guest_links.keep_guest(session, registration_id, named.name, named.email)
    if before is not None and (before.guest_id, before.school_id) == (guest_id, school_id):
        _set_role(session, before, named.role, by)
        return before.id
    if before is not None:
        end_mentorship(session, before.id, on=started_on, reason="another mentor was named", by=by)
    made = insert_if_missing(
        session,
        Mentorship,
        (),
        {
            "person_id": person_id,
            "school_id": school_id,
            "guest_id": guest_id,
            "role": named.role,
            "started_on": started_on,
            "created_at": clock.now(),
        },
    )
    if made is None:
        raise MentorChanged("Somebody else named a mentor at this moment. Look at it again.")
    record(
        session,
        "mentor named",
        (SUBJECT, made),
        actor=by.actor,
        actor_id=by.person_id,
        context_id=by.context_id,
        became={"person": person_id, "guest": guest_id, "role": named.role},
    )
    for act in _on_named:
        act(session, settings, made, by.assignment_id, by.person_id)
    return made


def _set_role(session: Session, before: MentorRead, role: str, by: By) -> None:
    if before.role == role:
        return
    session.execute(update(Mentorship).where(Mentorship.id == before.id).values(role=role))
    record(
        session,
        "role of a mentor changed",
        (SUBJECT, before.id),
        actor=by.actor,
        actor_id=by.person_id,
        context_id=by.context_id,
        was={"role": before.role},
        became={"role": role},
    )


def end_mentorship(session: Session, mentorship_id: int, *, on: date, reason: str, by: By) -> bool:
    """End a mentorship on a day, and with it every link of the mentor's to it.

    :return: whether it had not ended before.
    """
    changed = count_changed(
        session,
        update(Mentorship)
        .where(Mentorship.id == mentorship_id, Mentorship.ended_on.is_(None))
        .values(ended_on=on, end_reason=reason),
    )
    if not changed:
        return False
    for link in guest_links.list_links(session, MENTOR, (SUBJECT, mentorship_id)):
        guest_links.revoke(session, link.id, actor_id=by.person_id, context_id=by.context_id)
    record(
        session,
        "mentorship ended",
        (SUBJECT, mentorship_id),
        actor=by.actor,
        actor_id=by.person_id,
        context_id=by.context_id,
        became={"ended_on": on.isoformat()},
        reason=reason,
    )
    return True
