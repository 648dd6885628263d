"""Writes of the gradebook that others call: the column at launch, the score at release."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, and_, bindparam, exists, or_, select, update
from sqlalchemy.orm import Session

from lti_tool.audit.operations import OPERATOR, Actor, record
from lti_tool.core import clock
from lti_tool.core.errors import NotFound
from lti_tool.db.statements import AnyRow, insert_if_missing, place_like, run
from lti_tool.gradebook import outbox
from lti_tool.gradebook.changing import change_column
from lti_tool.gradebook.findings import on_scale
from lti_tool.gradebook.models import Delivery, LineItem
from lti_tool.gradebook.states import NEEDS_PERSON
from lti_tool.gradebook.withdrawing import (
    Withdrawal,
    clear_mark,
    describe_withdrawal,
    require_open,
    require_released,
    withdraw,
)
from lti_tool.lti.messages import AgsEndpoint
from lti_tool.people.models import Person

__all__ = [
    "Withdrawal",
    "change_column",
    "clear_mark",
    "close_column",
    "column_changes",
    "describe_withdrawal",
    "keep_line_item",
    "record_score",
    "retry",
    "send_again",
    "withdraw",
]

_KEPT = select(
    LineItem.id,
    LineItem.resource_link_id,
    LineItem.url,
    LineItem.line_items_url,
    LineItem.scopes,
).where(LineItem.assignment_id == bindparam("its_assignment"))


_URL = place_like(LineItem.url, "said_url")
_ITEMS = place_like(LineItem.line_items_url, "said_line_items_url")
COLUMN_AS_SAID = or_(
    bindparam("says_column", type_=Boolean).is_(False),
    and_(LineItem.resource_link_id != bindparam("its_link"), LineItem.url.is_not(None)),
    and_(
        LineItem.line_items_url.is_not_distinct_from(_ITEMS),
        LineItem.scopes == bindparam("said_scopes"),
        or_(_URL == "", LineItem.url == _URL),
    ),
)
"""Where a launch of a link says nothing of a column, or `column_changes` finds none: the same, for
a query."""


def said_of_column(resource_link_id: str, ags: AgsEndpoint | None) -> dict[str, Any]:
    """The values of `COLUMN_AS_SAID`."""
    return {
        "its_link": resource_link_id,
        "says_column": ags is not None,
        "said_line_items_url": ags and ags.line_items_url,
        "said_scopes": " ".join(ags.scopes) if ags else "",
        "said_url": (ags and ags.line_item_url) or "",
    }


def column_changes(row: AnyRow, resource_link_id: str, ags: AgsEndpoint) -> dict[str, str | None]:
    """What a launch says of a column that is kept otherwise. The first link's column is the
    assignment's; a later launch of the same link may move it."""
    if row.resource_link_id != resource_link_id and row.url is not None:
        return {}
    said = {"line_items_url": ags.line_items_url, "scopes": " ".join(ags.scopes)}
    if ags.line_item_url is not None:
        said["url"] = ags.line_item_url
    return {name: value for name, value in said.items() if value != getattr(row, name)}


def keep_line_item(
    session: Session,
    *,
    assignment_id: int,
    context_id: int,
    registration_id: int,
    resource_id: str,
    resource_link_id: str,
    label: str,
    maximum: Decimal,
    ags: AgsEndpoint,
) -> bool:
    """Keep what a launch says of the assignment's column: its address and our scopes.

    Nothing is written where nothing changed.

    :return: whether the assignment had no column until now.
    """
    row = run(session, _KEPT, its_assignment=assignment_id).first()
    if row is None:
        made = insert_if_missing(
            session,
            LineItem,
            ["assignment_id"],
            {
                "url": ags.line_item_url,
                "line_items_url": ags.line_items_url,
                "scopes": " ".join(ags.scopes),
                "assignment_id": assignment_id,
                "context_id": context_id,
                "registration_id": registration_id,
                "resource_id": resource_id,
                "resource_link_id": resource_link_id,
                "label": label,
                "maximum": maximum,
                "due_at": clock.now(),
                "tries": 0,
            },
        )
        return made is not None
    changed = column_changes(row, resource_link_id, ags)
    if changed:
        moved = {"gone_at": None} if "url" in changed else {}
        session.execute(update(LineItem).where(LineItem.id == row.id).values(**changed, **moved))
    return False


_OPEN_COLUMN = select(LineItem.id).where(
    LineItem.assignment_id == bindparam("its_assignment"),
    ~exists().where(Person.id == bindparam("its_person"), Person.erased_at.is_not(None)),
)


def record_score(
    session: Session,
    *,
    assignment_id: int,
    person_id: int,
    mark: Decimal,
    maximum: Decimal,
    comment: str,
    submitted_at: datetime | None,
) -> int | None:
    """Step 3 of a grade: promise a released mark to the platform, in the release's transaction.

    :param mark: the final mark out of 100.
    :param maximum: the assignment's maximum, the scale of its column.
    :return: the delivery's row number, or None where the platform offers no gradebook or the
        person's data were erased: the platform's number for them is gone.
    """
    column = run(session, _OPEN_COLUMN, its_assignment=assignment_id, its_person=person_id).first()
    if column is None:
        return None
    given = on_scale(mark, maximum)
    return outbox.enqueue(session, column.id, person_id, given, maximum, comment, submitted_at)


def close_column(session: Session, assignment_id: int) -> int:
    """Let nothing of an assignment be sent any more, because its course was reset.

    Waiting marks are cancelled with a new revision, so that a send that began before settles
    nothing; the column's address is forgotten, since the next cohort's marks go there.

    :return: how many marks were cancelled.
    """
    line_item_id = session.scalar(
        select(LineItem.id).where(LineItem.assignment_id == assignment_id)
    )
    if line_item_id is None:
        return 0
    session.execute(
        update(LineItem)
        .where(LineItem.id == line_item_id)
        .values(url=None, line_items_url=None, scopes="")
    )
    return outbox.close_deliveries(session, line_item_id)


def send_again(
    session: Session, delivery_id: int, *, context_ids: Sequence[int], actor_id: int
) -> None:
    """A tutor asks for a mark to be sent again, with a later timestamp.

    :raises NotFound: there is no such delivery in these contexts.
    :raises Conflict: its assignment was closed by a course reset, or it was taken back.
    """
    outbox.hold_columns(session, select(Delivery.line_item_id).where(Delivery.id == delivery_id))
    row = session.execute(
        select(Delivery.state, Delivery.reason, LineItem.context_id)
        .join(LineItem, LineItem.id == Delivery.line_item_id)
        .where(Delivery.id == delivery_id, LineItem.context_id.in_(context_ids))
        .with_for_update(of=Delivery)
    ).first()
    if row is None:
        raise NotFound("There is no such mark in this course.")
    require_open(row.reason)
    require_released(row.state)
    outbox.send_again(session, delivery_id)
    record(
        session,
        "mark sent again",
        ("delivery", delivery_id),
        actor_id=actor_id,
        context_id=row.context_id,
        was={"state": row.state, "reason": row.reason},
        became={"state": "waiting"},
    )


def retry(session: Session, delivery_id: int | None, by: Actor = OPERATOR) -> int:
    """An operator or staff send marks again: one, or all that need a person.

    :return: how many are on their way again.
    :raises NotFound: there is no such delivery.
    :raises Conflict: it is one of an assignment closed by a course reset.
    """
    query = select(Delivery.id, Delivery.state, Delivery.reason).order_by(Delivery.id)
    query = (
        query.where(Delivery.state == NEEDS_PERSON)
        if delivery_id is None
        else query.where(Delivery.id == delivery_id)
    )
    outbox.hold_columns(session, query.with_only_columns(Delivery.line_item_id))
    rows = session.execute(query.with_for_update()).all()
    if delivery_id is not None and not rows:
        raise NotFound(
            f"There is no delivery {delivery_id}. `lti-tool gradebook status` lists them."
        )
    for row in rows:
        require_open(row.reason)
        require_released(row.state)
        outbox.send_again(session, row.id)
        record(
            session,
            "mark sent again",
            ("delivery", row.id),
            **by,
            was={"state": row.state},
            became={"state": "waiting"},
        )
    return len(rows)
