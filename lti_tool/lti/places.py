"""Contexts and resource links as launches name them: found, made, brought up to date.

Prepared Core statements; nothing is written where nothing changed.
"""

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.db.statements import insert_if_missing
from lti_tool.lti.messages import LaunchMessage
from lti_tool.lti.models import Context, ResourceLink


def keep_context(session: Session, message: LaunchMessage) -> int:
    """The row of the launch's context, with title, label and roster address as they are now."""
    said = {
        "title": message.context_title,
        "label": message.context_label,
        "history": message.context_history,
        "memberships_url": message.memberships_url,
    }
    columns = [Context.id, *(getattr(Context, name) for name in said)]
    where = (
        Context.deployment_id == message.deployment_id,
        Context.context_id == message.context_id,
    )
    row = session.execute(select(*columns).where(*where)).first()
    if row is None:
        made = insert_if_missing(
            session,
            Context,
            ["deployment_id", "context_id"],
            {
                **said,
                "deployment_id": message.deployment_id,
                "context_id": message.context_id,
                "created_at": clock.now(),
            },
        )
        if made is not None:
            return made
        row = session.execute(select(*columns).where(*where)).one()
    changed = {name: value for name, value in said.items() if value != getattr(row, name)}
    if changed:
        session.execute(update(Context).where(Context.id == row.id).values(**changed))
    return int(row.id)


@dataclass(frozen=True, slots=True)
class Link:
    """A resource link's row and the assignment it points to, if any yet."""

    id: int
    assignment_id: int | None


def keep_link(session: Session, context_id: int, message: LaunchMessage) -> Link:
    """The row of the link that was clicked, with its title as it is now."""
    columns = (ResourceLink.id, ResourceLink.assignment_id, ResourceLink.title)
    where = (
        ResourceLink.context_id == context_id,
        ResourceLink.resource_link_id == message.resource_link_id,
    )
    row = session.execute(select(*columns).where(*where)).first()
    if row is None:
        made = insert_if_missing(
            session,
            ResourceLink,
            ["context_id", "resource_link_id"],
            {
                "context_id": context_id,
                "resource_link_id": message.resource_link_id,
                "title": message.resource_link_title,
                "created_at": clock.now(),
            },
        )
        if made is not None:
            return Link(made, None)
        row = session.execute(select(*columns).where(*where)).one()
    if message.resource_link_title and message.resource_link_title != row.title:
        session.execute(
            update(ResourceLink)
            .where(ResourceLink.id == row.id)
            .values(title=message.resource_link_title)
        )
    return Link(int(row.id), row.assignment_id)


def point_link(session: Session, link_id: int, assignment_id: int) -> None:
    """Let a link stand for an assignment."""
    session.execute(
        update(ResourceLink).where(ResourceLink.id == link_id).values(assignment_id=assignment_id)
    )


def lock_link(session: Session, link_id: int) -> int | None:
    """Hold a link's row for this transaction; the assignment it stands for by now, if any."""
    return session.execute(
        select(ResourceLink.assignment_id).where(ResourceLink.id == link_id).with_for_update()
    ).scalar_one()
