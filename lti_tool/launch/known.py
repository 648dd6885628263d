"""Step 5 of a launch as most are: a participant comes again, and nothing is new.

One query finds all that such a launch names. Where anything is missing, or was said otherwise
before, there is nothing to find here and the long way is gone (`operations.py`), which makes or
changes it.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, bindparam, select
from sqlalchemy.orm import Session, aliased

from lti_tool.db.statements import AnyRow, run
from lti_tool.gradebook.models import LineItem
from lti_tool.gradebook.operations import column_changes
from lti_tool.lti.messages import LaunchMessage
from lti_tool.lti.models import Context, ResourceLink
from lti_tool.lti.places import context_changes, is_retitled
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
    LineItem.resource_link_id,
    LineItem.url,
    LineItem.line_items_url,
    LineItem.scopes,
)
_named_course, _named_person = aliased(Context), aliased(Person)
_KNOWN = (
    select(*_ALL)
    .select_from(Membership)
    .join(Context, Context.id == Membership.context_id)
    .join(Person, Person.id == Membership.person_id)
    .join(ResourceLink, ResourceLink.context_id == Membership.context_id)
    .join(LineItem, LineItem.assignment_id == ResourceLink.assignment_id)
    .where(
        Membership.context_id
        == select(_named_course.id)
        .where(
            _named_course.deployment_id == bindparam("its_deployment"),
            _named_course.context_id == bindparam("its_course"),
        )
        .scalar_subquery(),
        Membership.person_id
        == select(_named_person.id)
        .where(
            _named_person.platform_id == bindparam("its_platform"),
            _named_person.sub == bindparam("its_sub"),
        )
        .scalar_subquery(),
        ResourceLink.resource_link_id == bindparam("its_link"),
        Membership.roles == PARTICIPANT,
        Membership.is_active,
        # With a grant they are a tutor who only looks.
        ~grants.holds(
            grants.ROLES,
            Person.id,
            Context.id,
            bindparam("its_registration", type_=BigInteger),
            Context.programme_key,
        ),
    )
)
"""Course and person are found first, each by its own key. Joined alike, PostgreSQL may go through
all members of a course for one of them: to a plan made while there were few it is the same."""


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


def find_known(session: Session, message: LaunchMessage) -> Known | None:
    """What a launch names, where all of it is kept and nothing of it changed; else None.

    Only for participants in marked work with a column: others are fewer, and each needs more.
    """
    if message.roles != _ONLY or message.deep_linking is not None:
        return None
    row = run(
        session,
        _KNOWN,
        its_deployment=message.deployment_id,
        its_course=message.context_id,
        its_link=message.resource_link_id,
        its_platform=message.platform_id,
        its_sub=message.sub,
        its_registration=message.registration_id,
    ).first()
    if row is None or not _says_nothing_new(row, message):
        return None
    return Known(row.its_id, row.link_id, row.person_id, row.assignment_id)
