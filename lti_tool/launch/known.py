"""Step 5 of a launch as most are: a participant comes again, and nothing is new.

The query that finds the registration finds all that such a launch names too, before the message
is proved; what was found is believed once it is. Where anything is missing, or was said otherwise
before, there is nothing to find here and the long way is gone (`operations.py`), which makes or
changes it.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, select

from lti_tool.db.statements import AnyRow
from lti_tool.gradebook.models import LineItem
from lti_tool.gradebook.operations import column_changes
from lti_tool.lti.login_registration import OF_STATE
from lti_tool.lti.messages import LaunchMessage
from lti_tool.lti.models import Context, Deployment, Registration, ResourceLink
from lti_tool.lti.places import context_changes, is_retitled
from lti_tool.lti.proving import Proved
from lti_tool.lti.roles import PARTICIPANT
from lti_tool.people import grants
from lti_tool.people.models import Membership, Person
from lti_tool.people.operations import PROFILE, profile_changes

_ONLY = frozenset({PARTICIPANT})
_ALL: tuple[Any, ...] = (
    Context.id.label("its_id"),
    Context.title,
    Context.label,
    Context.history,
    Context.memberships_url,
    ResourceLink.id.label("link_id"),
    ResourceLink.title.label("link_title"),
    ResourceLink.assignment_id,
    Person.id.label("person_id"),
    *(getattr(Person, name) for name in PROFILE),
    LineItem.id.label("column_id"),
    LineItem.resource_link_id,
    LineItem.url,
    LineItem.line_items_url,
    LineItem.scopes,
)
_MEMBERSHIP = (
    select(Membership.id)
    .where(
        Membership.context_id == Context.id,
        Membership.person_id == Person.id,
        Membership.roles == PARTICIPANT,
        Membership.is_active,
    )
    .scalar_subquery()
)
"""Joined, PostgreSQL may go through all members of the course for it."""
ASKS = (
    OF_STATE.add_columns(
        *_ALL,
        _MEMBERSHIP.label("membership_id"),
        # With a grant they are a tutor who only looks.
        grants.holds(
            grants.ROLES, Person.id, Context.id, Registration.id, Context.programme_key
        ).label("has_grant"),
    )
    .outerjoin(
        Context,
        and_(
            Context.deployment_id == Deployment.id,
            Context.context_id == bindparam("its_course"),
        ),
    )
    .outerjoin(
        Person,
        and_(
            Person.platform_id == Registration.platform_id,
            Person.sub == bindparam("its_sub"),
        ),
    )
    .outerjoin(
        ResourceLink,
        and_(
            ResourceLink.context_id == Context.id,
            ResourceLink.resource_link_id == bindparam("its_link"),
        ),
    )
    .outerjoin(LineItem, LineItem.assignment_id == ResourceLink.assignment_id)
)
"""The registration that a state was made for, and what the message names. Each is found by its own
key from what was found before it."""


@dataclass(frozen=True, slots=True)
class Known:
    """The rows that a launch names, all as it says."""

    context_id: int
    link_id: int
    person_id: int
    assignment_id: int | None


def _says_nothing_new(row: AnyRow, message: LaunchMessage) -> bool:
    ags = message.ags
    return not (
        context_changes(row, message)
        or is_retitled(row.link_title, message)
        or profile_changes(row, {name: getattr(message, name) for name in PROFILE})
        or (ags is not None and column_changes(row, message.resource_link_id, ags))
    )


def find_known(proved: Proved) -> Known | None:
    """What a launch names, where all of it is kept and nothing of it changed; else None.

    Only for participants in marked work with a column: others are fewer, and each needs more.

    :param proved: what was found as `ASKS` asks for it.
    """
    message, row = proved.message, proved.found
    if message.roles != _ONLY or message.deep_linking is not None:
        return None
    is_there = row.membership_id is not None and row.column_id is not None
    if not is_there or row.has_grant or not _says_nothing_new(row, message):
        return None
    return Known(row.its_id, row.link_id, row.person_id, row.assignment_id)
