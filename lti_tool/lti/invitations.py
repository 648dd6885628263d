"""Invitations: one-time links by which a platform's administrator may connect it.

Only a digest is kept, so the link is shown once, to the operator who asked for it. A link that
is used or too old is refused in words; one we never made counts for nothing.
"""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.audit.operations import OPERATOR, Actor, record
from lti_tool.core import clock
from lti_tool.core.identifiers import digest, random_token
from lti_tool.db.statements import count_changed
from lti_tool.lti.models import Invitation
from lti_tool.lti.offers import RegisteringRefused
from lti_tool.lti.registrations import usable_name
from lti_tool.settings import Settings

_NEW_LINK = "Ask the tool’s operator for a new link."


def make_invitation(
    session: Session, settings: Settings, name: str, days: int, by: Actor = OPERATOR
) -> str:
    """Make a one-time link.

    :param name: of the university whose course site will use it.
    :param days: for how long it is good.
    :return: the whole address, for the platform's "add tool by URL".
    :raises RegistrationUnusable: as `usable_name`.
    """
    name = usable_name(name)
    token = random_token()
    invitation = Invitation(
        name=name,
        token_digest=digest(token),
        expires_at=clock.now() + timedelta(days=days),
        created_at=clock.now(),
    )
    session.add(invitation)
    session.flush()
    record(session, "invitation made", ("invitation", invitation.id), **by)
    return settings.url(f"/lti/register?invitation={token}")


def find_name(session: Session, token: str) -> str | None:
    """The name on a good invitation, or None where it is none of ours.

    :raises RegisteringRefused: it was ours, and has been used or is too old.
    """
    row = session.execute(
        select(Invitation.name, Invitation.used_at, Invitation.expires_at).where(
            Invitation.token_digest == digest(token)
        )
    ).first()
    if row is None:
        return None
    if row.used_at is not None:
        raise RegisteringRefused(
            "invitation_used", "This invitation has been used already.", _NEW_LINK
        )
    if row.expires_at <= clock.now():
        raise RegisteringRefused("invitation_expired", "This invitation is too old.", _NEW_LINK)
    return str(row.name)


def claim(session: Session, token: str, registration_id: int) -> bool:
    """Use an invitation up for this registration; False where it is not, or no longer, good."""
    now = clock.now()
    return bool(
        count_changed(
            session,
            update(Invitation)
            .where(
                Invitation.token_digest == digest(token),
                Invitation.used_at.is_(None),
                Invitation.expires_at > now,
            )
            .values(used_at=now, registration_id=registration_id)
            .execution_options(synchronize_session=False),
        )
    )
