"""Step 5 of a launch as most are: a participant comes again, and nothing is new.

All that such a launch names is found, compared with what it says, and its visit begun at once.
Where anything is missing, or was said otherwise before, there is nothing to find here and the long
way is gone (`operations.py`), which makes or changes it.
"""

from typing import Any

from sqlalchemy import bindparam, select

from lti_tool.gradebook.models import LineItem
from lti_tool.gradebook.operations import COLUMN_AS_SAID, said_of_column
from lti_tool.lti.messages import LaunchMessage
from lti_tool.lti.models import Context, ResourceLink
from lti_tool.lti.places import CONTEXT_AS_SAID, LINK_AS_SAID, said_of_places
from lti_tool.lti.roles import PARTICIPANT
from lti_tool.people import grants
from lti_tool.people.models import Membership, Person
from lti_tool.people.operations import PROFILE_AS_SAID, profile_of, said_of_person

_ONLY = frozenset({PARTICIPANT})
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
_GRANT = grants.held(Person.id, Context.id, bindparam("its_registration"), Context.programme_key)
KNOWN: Any = (
    select(
        Person.id.label("person_id"),
        Context.id.label("context_id"),
        ResourceLink.id.label("resource_link_id"),
    )
    .select_from(Context)
    .join(ResourceLink, ResourceLink.context_id == Context.id)
    .join(LineItem, LineItem.assignment_id == ResourceLink.assignment_id)
    .join(Person, Person.platform_id == bindparam("its_platform"))
    .where(
        Context.deployment_id == bindparam("its_deployment"),
        Context.context_id == bindparam("its_course"),
        ResourceLink.resource_link_id == bindparam("its_link"),
        Person.sub == bindparam("its_sub"),
        Person.erased_at.is_(None),
        CONTEXT_AS_SAID,
        LINK_AS_SAID,
        PROFILE_AS_SAID,
        COLUMN_AS_SAID,
        _MEMBERSHIP.is_not(None),
        _GRANT.is_(None),  # with a grant they are a tutor who only looks
    )
)
"""The rows that a launch names, where all of them are kept and say what it says."""


def may_be_known(message: LaunchMessage) -> bool:
    """Whether a launch is worth looking for: only of participants. Others are fewer, and each
    needs more."""
    return message.roles == _ONLY and message.deep_linking is None


def named(message: LaunchMessage) -> dict[str, Any]:
    """The values of `KNOWN`."""
    return {
        "its_registration": message.registration_id,
        "its_platform": message.platform_id,
        "its_deployment": message.deployment_id,
        "its_course": message.context_id,
        "its_sub": message.sub,
        **said_of_places(message),
        **said_of_person(profile_of(message)),
        **said_of_column(message.resource_link_id, message.ags),
    }
