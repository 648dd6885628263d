"""Contexts and resource links as launches name them: found, made, brought up to date.

Prepared Core statements; nothing is written where nothing changed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from sqlalchemy import and_, bindparam, or_, select, update
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.db.statements import AnyRow, count_changed, insert_if_missing, place_like, run
from lti_tool.lti.messages import CHOOSING, LaunchMessage
from lti_tool.lti.models import Context, Deployment, ResourceLink

_LONGEST_HISTORY = 50
_CONTEXT = select(
    Context.id, Context.title, Context.label, Context.history, Context.memberships_url
).where(
    Context.deployment_id == bindparam("its_deployment"),
    Context.context_id == bindparam("its_key"),
)
_LINK = select(ResourceLink.id, ResourceLink.assignment_id, ResourceLink.title).where(
    ResourceLink.context_id == bindparam("its_context"),
    ResourceLink.resource_link_id == bindparam("its_key"),
)


def _said_of_context(message: LaunchMessage) -> dict[str, str | None]:
    return {
        "title": message.context_title,
        "label": message.context_label,
        "history": message.context_history,
        "memberships_url": message.memberships_url,
    }


CONTEXT_AS_SAID = and_(
    *(
        column.is_not_distinct_from(place_like(column, f"said_{column.name}"))
        for column in (Context.title, Context.label, Context.history, Context.memberships_url)
    )
)
"""Where `context_changes` finds none: the same, for a query."""
_LINK_TITLE = place_like(ResourceLink.title, "said_link_title")
LINK_AS_SAID = or_(_LINK_TITLE == "", ResourceLink.title == _LINK_TITLE)
"""Where a link is not `is_retitled`: the same, for a query."""


def said_of_places(message: LaunchMessage) -> dict[str, str | None]:
    """The values of `CONTEXT_AS_SAID` and `LINK_AS_SAID`."""
    said = {f"said_{name}": value for name, value in _said_of_context(message).items()}
    return {**said, "said_link_title": message.resource_link_title}


def context_changes(row: AnyRow, message: LaunchMessage) -> dict[str, str | None]:
    """What a launch says of its context that is kept otherwise."""
    said = _said_of_context(message)
    return {name: value for name, value in said.items() if value != getattr(row, name)}


def is_retitled(title: str, message: LaunchMessage) -> bool:
    """Whether the link is called otherwise now; a launch need not say what it is called."""
    return bool(message.resource_link_title) and message.resource_link_title != title


def keep_context(session: Session, message: LaunchMessage) -> int:
    """The row of the launch's context, with title, label and roster address as they are now."""
    key = {"its_deployment": message.deployment_id, "its_key": message.context_id}
    row = run(session, _CONTEXT, **key).first()
    if row is None:
        made = insert_if_missing(
            session,
            Context,
            ["deployment_id", "context_id"],
            {
                **_said_of_context(message),
                "deployment_id": message.deployment_id,
                "context_id": message.context_id,
                "created_at": clock.now(),
            },
        )
        if made is not None:
            return made
        row = run(session, _CONTEXT, **key).one()
    changed = context_changes(row, message)
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
    key = {"its_context": context_id, "its_key": message.resource_link_id}
    row = run(session, _LINK, **key).first()
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
        row = run(session, _LINK, **key).one()
    if is_retitled(row.title, message):
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


def move_links(session: Session, context_id: int, was: int, becomes: int) -> int:
    """Let every link of a context that stood for one assignment stand for another.

    :return: how many there were.
    """
    return count_changed(
        session,
        update(ResourceLink)
        .where(ResourceLink.context_id == context_id, ResourceLink.assignment_id == was)
        .values(assignment_id=becomes),
    )


def list_earlier(session: Session, deployment_id: int, history: str) -> list[int]:
    """Rows of the contexts that `Context.id.history` lists, the latest first.

    Only those of the same deployment: identifiers are unique within it and not beyond.

    :param history: ids with commas between them, each encoded as in an address.
    """
    said = [unquote(one).strip() for one in history.split(",")[:_LONGEST_HISTORY]]
    ids = [one for one in said if 0 < len(one) <= 255 and "\x00" not in one]
    if not ids:
        return []
    rows = session.execute(
        select(Context.context_id, Context.id).where(
            Context.deployment_id == deployment_id, Context.context_id.in_(ids)
        )
    )
    found = {row.context_id: int(row.id) for row in rows}
    return [found[one] for one in dict.fromkeys(ids) if one in found]


def list_choosing(session: Session, deployment_id: int, among: Iterable[int]) -> list[int]:
    """Which contexts of these we made up for deep linking requests that named none."""
    return list(
        session.scalars(
            select(Context.id).where(
                Context.deployment_id == deployment_id,
                Context.id.in_(set(among)),
                Context.context_id.startswith(CHOOSING),
            )
        )
    )


def lock_link(session: Session, link_id: int) -> int | None:
    """Hold a link's row for this transaction; the assignment it stands for by now, if any."""
    return session.execute(
        select(ResourceLink.assignment_id).where(ResourceLink.id == link_id).with_for_update()
    ).scalar_one()


def find_memberships_url(
    session: Session, registration_id: int, context_id: int | None = None
) -> str | None:
    """The roster of a registration's context, or of the one that last came to be known."""
    one = () if context_id is None else (Context.id == context_id,)
    return session.scalar(
        select(Context.memberships_url)
        .join(Deployment, Deployment.id == Context.deployment_id)
        .where(
            Deployment.registration_id == registration_id,
            Context.memberships_url.is_not(None),
            *one,
        )
        .order_by(Context.id.desc())
        .limit(1)
    )


def find_deployment(session: Session, context_id: int) -> str:
    """The deployment id, as the platform gave it, by which a context came to be known."""
    return session.scalars(
        select(Deployment.deployment_id)
        .join(Context, Context.deployment_id == Deployment.id)
        .where(Context.id == context_id)
    ).one()


def list_titles(session: Session, context_ids: Iterable[int]) -> dict[int, str]:
    """What courses are called on their course site, by context."""
    wanted = set(context_ids)
    rows = session.execute(select(Context.id, Context.title).where(Context.id.in_(wanted)))
    return {context_id: title for context_id, title in rows}
