"""Remarks that a marker pins to a place in a piece of work: a row of a map, a written part.

The activity says which places there are. Who may see whose remarks is not decided here: markers
ask `moderation/remarks_seen.py`, and the author of the work reads them once the mark is released.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.catalogue.contract import Anchor
from lti_tool.core import clock
from lti_tool.core.errors import Conflict, Unusable
from lti_tool.coursework.queries import HandedIn
from lti_tool.db.statements import count_changed
from lti_tool.marking.models import Remark
from lti_tool.marking.standing import lock_in_hand

LONGEST = 3000
MOST = 500
"""Remarks in force on one piece of work."""


class RemarkGone(Conflict):
    """The remark was changed or taken away elsewhere."""


@dataclass(frozen=True, slots=True)
class RemarkRead:
    """A remark in force."""

    id: int
    submission_id: int
    copy_id: int
    author_id: int
    anchor: str
    text: str
    created_at: datetime


_REMARK: tuple[Any, ...] = (
    Remark.id,
    Remark.submission_id,
    Remark.copy_id,
    Remark.author_id,
    Remark.anchor,
    Remark.text,
    Remark.created_at,
)
_IN_FORCE = select(*_REMARK).where(Remark.removed_at.is_(None)).order_by(Remark.id)


def list_remarks(session: Session, submission_id: int) -> list[RemarkRead]:
    """Every remark in force on a piece of work, the oldest first, whoever made it."""
    rows = session.execute(_IN_FORCE.where(Remark.submission_id == submission_id))
    return [RemarkRead(*tuple(row)) for row in rows]


def list_remarks_of(session: Session, submission_ids: Iterable[int]) -> dict[int, list[RemarkRead]]:
    """The same for many pieces, by submission. One query."""
    found: dict[int, list[RemarkRead]] = {}
    for row in session.execute(_IN_FORCE.where(Remark.submission_id.in_(set(submission_ids)))):
        found.setdefault(row.submission_id, []).append(RemarkRead(*tuple(row)))
    return found


def find_places(
    session: Session, submission_id: int, remark_ids: Iterable[int], author_id: int
) -> dict[int, str]:
    """Where remarks of one's own were pinned, also those that are changed or removed by now."""
    rows = session.execute(
        select(Remark.id, Remark.anchor).where(
            Remark.id.in_(set(remark_ids)),
            Remark.submission_id == submission_id,
            Remark.author_id == author_id,
        )
    )
    return {number: anchor for number, anchor in rows}


def _check(anchors: Sequence[Anchor], anchor: str, text: str) -> None:
    if anchor not in {one.id for one in anchors}:
        raise Unusable("This place is not part of the work.")
    if not text:
        raise Unusable("Write the remark first, then save it.")


def _say(session: Session, act: str, work: HandedIn, anchor: str, author_id: int) -> None:
    record(
        session,
        act,
        ("submission", work.submission_id),
        actor_id=author_id,
        context_id=work.context_id,
        became={"place": anchor},
    )


def _add(
    session: Session, work: HandedIn, anchor: str, text: str, author_id: int, replaces: int | None
) -> None:
    session.add(
        Remark(
            submission_id=work.submission_id,
            copy_id=work.copy_id,
            author_id=author_id,
            anchor=anchor,
            text=text,
            replaces_id=replaces,
            created_at=clock.now(),
        )
    )
    session.flush()


def add_remark(
    session: Session,
    work: HandedIn,
    anchors: Sequence[Anchor],
    anchor: str,
    text: str,
    *,
    author_id: int,
) -> bool:
    """Pin a remark to a place. Who may do it is for the caller to see to.

    :param text: cleaned, at most `LONGEST` characters.
    :return: False where this marker has the very same remark there already.
    :raises Unusable: there is no such place, nothing to keep, or too many are kept.
    :raises Conflict: the work was taken back.
    """
    _check(anchors, anchor, text)
    lock_in_hand(session, work)
    there = list_remarks(session, work.submission_id)
    if any((one.author_id, one.anchor, one.text) == (author_id, anchor, text) for one in there):
        return False
    if len(there) >= MOST:
        raise Unusable(f"This work has {MOST} remarks already. Remove some first.")
    _add(session, work, anchor, text, author_id, None)
    _say(session, "remark made", work, anchor, author_id)
    return True


def _end(session: Session, work: HandedIn, remark_id: int, author_id: int) -> str:
    """End a remark of one's own, and give the place it was pinned to."""
    lock_in_hand(session, work)
    anchor = session.scalar(
        select(Remark.anchor).where(
            Remark.id == remark_id,
            Remark.submission_id == work.submission_id,
            Remark.author_id == author_id,
        )
    )
    done = anchor is not None and count_changed(
        session,
        update(Remark)
        .where(Remark.id == remark_id, Remark.removed_at.is_(None))
        .values(removed_at=clock.now()),
    )
    if not done or anchor is None:
        raise RemarkGone(
            "This remark was changed or removed elsewhere since you opened the page. "
            "What you typed is still in its field."
        )
    return anchor


def change_remark(
    session: Session,
    work: HandedIn,
    anchors: Sequence[Anchor],
    remark_id: int,
    text: str,
    *,
    author_id: int,
) -> None:
    """Put other words in place of a remark of one's own.

    :raises Unusable: nothing is written.
    :raises RemarkGone: it was changed or removed elsewhere, or is somebody else's.
    """
    if not text:
        raise Unusable("Write what should stand here, or remove the remark.")
    anchor = _end(session, work, remark_id, author_id)
    _check(anchors, anchor, text)
    _add(session, work, anchor, text, author_id, remark_id)
    _say(session, "remark changed", work, anchor, author_id)


def remove_remark(session: Session, work: HandedIn, remark_id: int, *, author_id: int) -> None:
    """Take a remark of one's own away.

    :raises RemarkGone: it was changed or removed elsewhere, or is somebody else's.
    """
    anchor = _end(session, work, remark_id, author_id)
    _say(session, "remark removed", work, anchor, author_id)
