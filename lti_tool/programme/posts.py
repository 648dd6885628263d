"""Where participants work, from one day to another: who changes school keeps their history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.db.statements import AnyRow, insert_if_missing
from lti_tool.programme.models import Post, School
from lti_tool.programme.schools import SCHOOL, SchoolRead, read_school


@dataclass(frozen=True, slots=True)
class PostRead:
    """Somebody's time at a school."""

    id: int
    person_id: int
    started_on: date
    ended_on: date | None
    school: SchoolRead


_POST = select(
    Post.id,
    Post.person_id,
    Post.started_on,
    Post.ended_on,
    *SCHOOL,
).join(School, School.id == Post.school_id)


def _post(row: AnyRow) -> PostRead:
    person_id, started_on, ended_on = tuple(row)[1:4]
    return PostRead(row[0], person_id, started_on, ended_on, read_school(row))


def school_of(session: Session, person_id: int, on: date) -> SchoolRead | None:
    """Where somebody works on a day, or None where that is not known."""
    row = session.execute(
        _POST.where(
            Post.person_id == person_id,
            Post.started_on <= on,
            or_(Post.ended_on.is_(None), Post.ended_on >= on),
        )
        .order_by(Post.id.desc())
        .limit(1)
    ).first()
    return None if row is None else read_school(row)


def find_post(session: Session, person_id: int) -> PostRead | None:
    """Where somebody works now, as last said, or None."""
    return posts_of(session, [person_id]).get(person_id)


def posts_of(session: Session, person_ids: Iterable[int]) -> dict[int, PostRead]:
    """Where people work now, as last said, in one query."""
    rows = session.execute(
        _POST.where(Post.person_id.in_(set(person_ids)), Post.ended_on.is_(None))
    )
    return {row.person_id: _post(row) for row in rows}


def list_posts(session: Session, person_id: int) -> list[PostRead]:
    """Every school somebody worked at, the newest first."""
    rows = session.execute(_POST.where(Post.person_id == person_id).order_by(Post.id.desc()))
    return [_post(row) for row in rows]


class PostMoved(Conflict):
    """Somebody else said at the same moment where this person works."""


def move_post(
    session: Session,
    person_id: int,
    school_id: int,
    *,
    started_on: date,
    actor_id: int,
    context_id: int,
) -> int:
    """Say where somebody works from a day on; the post before ends the day before it.

    What follows from it, such as the end of a mentorship, is `changing_school.py`'s.

    :return: the row's number; the row that is there where they work at that school already.
    :raises PostMoved: two said it at one moment.
    """
    before = find_post(session, person_id)
    if before is not None and before.school.id == school_id:
        return before.id
    if before is not None:
        last = max(before.started_on, started_on - timedelta(days=1))
        session.execute(update(Post).where(Post.id == before.id).values(ended_on=last))
    made = insert_if_missing(
        session,
        Post,
        (),
        {
            "person_id": person_id,
            "school_id": school_id,
            "started_on": started_on,
            "created_at": clock.now(),
        },
    )
    if made is None:
        raise PostMoved("Somebody else changed the school at this moment. Look at it again.")
    record(
        session,
        "school of a participant recorded",
        ("post", made),
        actor_id=actor_id,
        context_id=context_id,
        was={"school": before.school.id} if before else None,
        became={"person": person_id, "school": school_id, "started_on": started_on.isoformat()},
    )
    return made
