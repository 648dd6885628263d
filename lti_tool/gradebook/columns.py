"""The gradebook column of an assignment: found, else made, once.

One worker at a time looks, under a lease on the row, so that parallel releases make no second
column. Looked for by our own resource id first, then by the link it belongs to.
"""

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.core.identifiers import random_token
from lti_tool.db import Database
from lti_tool.db.statements import AnyRow, count_changed
from lti_tool.gradebook.models import Delivery, LineItem
from lti_tool.gradebook.outbox import hold_columns
from lti_tool.gradebook.queries import Parcel
from lti_tool.gradebook.states import NEEDS_PERSON, WAITING
from lti_tool.gradebook.verdicts import longest_try
from lti_tool.jobs.queue import SCORES, wake
from lti_tool.lti import ags_columns
from lti_tool.lti import vocabulary as v
from lti_tool.lti.errors import ServiceFailed
from lti_tool.settings import Settings


def _lease(database: Database, settings: Settings, line_item_id: int) -> str:
    """Take the column's lease.

    :raises ServiceFailed: another worker is looking for it.
    """
    lease, now = random_token(22), clock.now()
    with database.write() as session:
        taken = count_changed(
            session,
            update(LineItem)
            .where(
                LineItem.id == line_item_id,
                or_(LineItem.leased_until.is_(None), LineItem.leased_until <= now),
            )
            .values(lease=lease, leased_until=now + longest_try(settings))
            .execution_options(synchronize_session=False),
        )
    if not taken:
        raise ServiceFailed("column_being_found")
    return lease


def _bring_forward(session: Session, line_item_id: int) -> None:
    """What waited for the column to be found is due now."""
    moved = count_changed(
        session,
        update(Delivery)
        .where(
            Delivery.line_item_id == line_item_id,
            Delivery.state == WAITING,
            Delivery.reason == "column_being_found",
        )
        .values(due_at=clock.now())
        .execution_options(synchronize_session=False),
    )
    if moved:
        wake(session, SCORES)


def note_gone(session: Session, line_item: AnyRow) -> None:
    """The platform says that the column is no longer there: note it once, and let everything
    else that waits for this column ask a person too, without a call for each."""
    if line_item.url is None:
        return
    now = clock.now()
    noted = count_changed(
        session,
        update(LineItem)
        .where(
            LineItem.id == line_item.id, LineItem.url == line_item.url, LineItem.gone_at.is_(None)
        )
        .values(gone_at=now)
        .execution_options(synchronize_session=False),
    )
    if not noted:
        return
    session.execute(
        update(Delivery)
        .where(
            Delivery.line_item_id == line_item.id,
            Delivery.state == WAITING,
            or_(Delivery.leased_until.is_(None), Delivery.leased_until <= now),
        )
        .values(state=NEEDS_PERSON, reason="column_gone", updated_at=now)
        .execution_options(synchronize_session=False)
    )


def _keep(database: Database, line_item_id: int, lease: str, url: str | None) -> None:
    values: dict[str, object] = {"lease": None, "leased_until": None}
    if url is not None:
        values |= {"url": url, "gone_at": None}
    with database.write() as session:
        if url is not None:
            hold_columns(session, [line_item_id])
            _bring_forward(session, line_item_id)
        session.execute(
            update(LineItem)
            .where(LineItem.id == line_item_id, LineItem.lease == lease)
            .values(**values)
            .execution_options(synchronize_session=False)
        )


def _look(database: Database, settings: Settings, parcel: Parcel) -> str:
    """Ask the platform for the column, and make it where there is none."""
    item, registration = parcel.line_item, parcel.registration
    scopes = item.scopes.split()
    if item.line_items_url is None:
        raise ServiceFailed("no_column")
    scope = v.SCOPE_LINE_ITEM if v.SCOPE_LINE_ITEM in scopes else v.SCOPE_LINE_ITEM_READONLY
    if scope not in scopes:
        raise ServiceFailed("no_column")
    ways = ({"resource_id": item.resource_id}, {"resource_link_id": item.resource_link_id})
    for wanted in ways:
        found = ags_columns.list_line_items(
            database, settings, registration, item.line_items_url, scope, **wanted
        )
        ours = [
            one
            for one in found
            if one.resource_id == item.resource_id or one.resource_link_id == item.resource_link_id
        ]
        if ours:
            return ours[0].url
    if item.gone_at is not None:
        raise ServiceFailed("column_gone")  # made again only on a person's word
    if scope != v.SCOPE_LINE_ITEM:
        raise ServiceFailed("no_column")
    return _make(database, settings, parcel)


def _make(database: Database, settings: Settings, parcel: Parcel) -> str:
    """Make the column, tied to its link while the platform knows that: Moodle answers 403 to a
    column of an activity that was deleted, and takes one that belongs to none."""
    item, registration = parcel.line_item, parcel.registration
    parts = (database, settings, registration, item.line_items_url)
    about = {"label": item.label, "maximum": item.maximum, "resource_id": item.resource_id}
    link = item.resource_link_id
    try:
        return ags_columns.make_line_item(*parts, **about, resource_link_id=link).url
    except ServiceFailed as failure:
        if failure.status != 403 or link is None:
            raise
    return ags_columns.make_line_item(*parts, **about, resource_link_id=None).url


def column_url(database: Database, settings: Settings, parcel: Parcel) -> str:
    """The column's address, looked for or made where it is not known yet.

    :raises ServiceFailed: it is not to be had now, or a person must help.
    """
    if parcel.line_item.url is not None:
        return str(parcel.line_item.url)
    lease = _lease(database, settings, parcel.line_item.id)
    url = None
    try:
        with database.read() as session:
            url = session.execute(
                select(LineItem.url).where(LineItem.id == parcel.line_item.id)
            ).scalar_one()
        if url is None:
            url = _look(database, settings, parcel)
        return url
    finally:
        _keep(database, parcel.line_item.id, lease, url)
