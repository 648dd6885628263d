"""The acts around an external examiner: inviting, revoking, commenting, replying."""

from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict, NotFound
from lti_tool.coursework.queries import AssignmentRead
from lti_tool.db.statements import count_changed
from lti_tool.mail.outbox import EXAMINER_LINK, tell
from lti_tool.marking.models import ExaminerComment
from lti_tool.people import guest_links
from lti_tool.people.guest_links import EXAMINER, LinkRead
from lti_tool.settings import Settings


class RepliedElsewhere(Conflict):
    """Somebody else replied to a comment in between."""


def invite(
    session: Session,
    settings: Settings,
    assignment: AssignmentRead,
    *,
    registration_id: int,
    name: str,
    email: str,
    days: int,
    actor_id: int,
) -> int:
    """Give an external examiner a link to one activity, and promise them the message with it.

    :return: the link's number.
    """
    guest_id = guest_links.keep_guest(session, registration_id, name, email)
    link_id = guest_links.give_link(
        session,
        settings,
        guest_id,
        purpose=EXAMINER,
        subject=("assignment", assignment.id),
        expires_at=clock.now() + timedelta(days=days),
        actor_id=actor_id,
        context_id=assignment.context_id,
    )
    link = _get_link(session, assignment, link_id)
    tell(
        session,
        EXAMINER_LINK,
        once=f"link:{link_id}",
        guest_id=guest_id,
        context_id=assignment.context_id,
        assignment_id=assignment.id,
        about={"link": link_id, "expires_at": link.expires_at.isoformat()},
    )
    return link_id


def _get_link(session: Session, assignment: AssignmentRead, link_id: int) -> LinkRead:
    for link in guest_links.list_links(session, EXAMINER, ("assignment", assignment.id)):
        if link.id == link_id:
            return link
    raise NotFound("There is no such link for this activity.")


def revoke(session: Session, assignment: AssignmentRead, link_id: int, *, actor_id: int) -> None:
    """Take a link back: it opens nothing from now on, and closes what it opened.

    :raises NotFound: it is none of this activity's.
    """
    link = _get_link(session, assignment, link_id)
    guest_links.revoke(session, link.id, actor_id=actor_id, context_id=assignment.context_id)


def comment(session: Session, assignment: AssignmentRead, guest_id: int, text: str) -> None:
    """Keep what an examiner says of the marking."""
    said = ExaminerComment(
        assignment_id=assignment.id, guest_id=guest_id, text=text, created_at=clock.now()
    )
    session.add(said)
    session.flush()
    record(
        session,
        "examiner commented",
        ("examiner_comment", said.id),
        actor="guest",
        context_id=assignment.context_id,
        became={"guest": guest_id},
    )


def reply(
    session: Session, assignment: AssignmentRead, comment_id: int, text: str, *, actor_id: int
) -> None:
    """Answer an examiner's comment, once.

    :raises RepliedElsewhere: there is an answer already, or no such comment of this activity.
    """
    changed = count_changed(
        session,
        update(ExaminerComment)
        .where(
            ExaminerComment.id == comment_id,
            ExaminerComment.assignment_id == assignment.id,
            ExaminerComment.replied_at.is_(None),
        )
        .values(reply=text, replied_by_id=actor_id, replied_at=clock.now()),
    )
    if not changed:
        raise RepliedElsewhere(
            "This comment has a reply already. It is shown below; yours was not kept."
        )
    record(
        session,
        "examiner answered",
        ("examiner_comment", comment_id),
        actor_id=actor_id,
        context_id=assignment.context_id,
    )
