"""Step 5 of a launch: keep what a proved message says, and begin a visit.

In order: context and link; person and membership; assignment and its line item; visit. All in
one transaction, so that two first launches at the same moment make one of each.
"""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from lti_tool.catalogue.register import find_activity, get_activity
from lti_tool.core.errors import Conflict
from lti_tool.coursework.operations import set_assignment
from lti_tool.coursework.queries import find_by_resource_id, get_assignment
from lti_tool.gradebook.operations import keep_line_item
from lti_tool.lti.messages import LaunchMessage
from lti_tool.lti.places import Link, keep_context, keep_link, lock_link, point_link
from lti_tool.marking.rubrics import version_in_force
from lti_tool.people import visits
from lti_tool.people.operations import PROFILE, keep_membership, keep_person
from lti_tool.people.visits import CurrentVisit

_LONGEST_RESOURCE_ID = 64
"""What a column of ours holds; a longer one was never ours, and a database would refuse it."""


@dataclass(frozen=True, slots=True)
class Entered:
    """A visit that has begun: what goes into the address and into the cookie."""

    handle: str
    secret: str


def _find_assignment(
    session: Session, config_dir: Path, message: LaunchMessage, context_id: int, link: Link
) -> int | None:
    """The assignment a link stands for: its own record, else what its custom parameters say.

    Custom parameters can be edited by teachers, so they only choose within this context.
    """
    if link.assignment_id is not None:
        return link.assignment_id
    activity = find_activity(message.custom.get("activity", ""))
    if activity is None:
        return None
    set_meanwhile = lock_link(session, link.id)
    if set_meanwhile is not None:
        return set_meanwhile
    resource_id = message.custom.get("resource_id", "")
    is_ours = 0 < len(resource_id) <= _LONGEST_RESOURCE_ID
    found = find_by_resource_id(session, resource_id, context_id) if is_ours else None
    if found is None:
        found = set_assignment(
            session,
            context_id=context_id,
            activity=activity,
            title=message.resource_link_title,
            rubric_version=version_in_force(session, config_dir, activity.rubric_key),
        )
    point_link(session, link.id, found)
    return found


def _keep_column(
    session: Session, message: LaunchMessage, context_id: int, assignment_id: int
) -> None:
    if message.ags is None:
        return
    assignment = get_assignment(session, assignment_id, (context_id,))
    keep_line_item(
        session,
        assignment_id=assignment_id,
        context_id=context_id,
        registration_id=message.registration_id,
        resource_id=assignment.resource_id,
        resource_link_id=message.resource_link_id,
        label=assignment.title,
        maximum=assignment.maximum,
        ags=message.ags,
    )


def enter(session: Session, config_dir: Path, message: LaunchMessage) -> Entered:
    """Keep what a launch says and begin the visit.

    :param message: proved by `lti/pylti_adapter.py`.
    """
    context_id = keep_context(session, message)
    link = keep_link(session, context_id, message)
    profile = {name: getattr(message, name) for name in PROFILE}
    person_id = keep_person(session, message.platform_id, message.sub, profile)
    roles = " ".join(sorted(message.roles))
    keep_membership(session, context_id, person_id, roles)
    assignment_id = _find_assignment(session, config_dir, message, context_id, link)
    if assignment_id is not None:
        _keep_column(session, message, context_id, assignment_id)
    handle, secret = visits.begin(
        session,
        {
            "person_id": person_id,
            "registration_id": message.registration_id,
            "context_id": context_id,
            "resource_link_id": link.id,
            "assignment_id": assignment_id,
            "roles": roles,
            "is_preview": False,
            "return_url": message.return_url,
        },
    )
    return Entered(handle, secret)


def set_up_link(session: Session, config_dir: Path, visit: CurrentVisit, key: str) -> None:
    """A tutor says what a link without an activity stands for.

    :param key: the activity's key.
    :raises NotFound: there is no such activity.
    :raises Conflict: the link stands for something already.
    """
    activity = get_activity(key)
    if lock_link(session, visit.resource_link_id) is not None:
        raise Conflict("This link is set up already. Reload the page to see it.")
    assignment_id = set_assignment(
        session,
        context_id=visit.context_id,
        activity=activity,
        title=visit.resource_link_title,
        rubric_version=version_in_force(session, config_dir, activity.rubric_key),
        actor_id=visit.person_id,
    )
    point_link(session, visit.resource_link_id, assignment_id)
