"""Step 5 of a launch: keep what a proved message says, and begin a visit.

In order: context and link; person and membership; assignment and its line item; visit. All in
one transaction, so that two first launches at the same moment make one of each.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from lti_tool.catalogue.register import find_activity, get_activity
from lti_tool.core.errors import Conflict
from lti_tool.coursework.copying import lock_assignment
from lti_tool.coursework.operations import set_assignment
from lti_tool.coursework.queries import get_assignment
from lti_tool.db import Database
from lti_tool.gradebook.operations import keep_line_item
from lti_tool.gradebook.queries import has_column
from lti_tool.launch.finding import column_resource_id, find_assignment
from lti_tool.launch.known import KNOWN, may_be_known, named
from lti_tool.launch.versions import versions_for
from lti_tool.lti.messages import LaunchMessage
from lti_tool.lti.places import Link, keep_context, keep_link, lock_link, point_link
from lti_tool.lti.proving import Proved
from lti_tool.lti.roles import TUTOR
from lti_tool.marking.promising import promise_released
from lti_tool.people import beginning
from lti_tool.people.operations import keep_membership, keep_person, profile_of
from lti_tool.people.preview import is_preview
from lti_tool.people.roster import ask_if_stale
from lti_tool.people.visits import CurrentVisit


@dataclass(frozen=True, slots=True)
class Entered:
    """A visit that has begun: what goes into the address and into the cookie."""

    handle: str
    secret: str
    context_id: int
    assignment_id: int | None


def _keep_column(
    session: Session,
    config_dir: Path,
    message: LaunchMessage,
    context_id: int,
    assignment_id: int,
) -> None:
    if message.ags is None:
        return
    assignment = get_assignment(session, assignment_id, (context_id,))
    activity = find_activity(assignment.activity)
    if activity is not None and not activity.is_marked:
        return
    if not has_column(session, assignment_id):
        lock_assignment(session, assignment_id)
    is_new = keep_line_item(
        session,
        assignment_id=assignment_id,
        context_id=context_id,
        registration_id=message.registration_id,
        resource_id=column_resource_id(session, message, assignment),
        resource_link_id=message.resource_link_id,
        label=assignment.title,
        maximum=assignment.maximum,
        ags=message.ags,
    )
    if is_new:
        promise_released(session, config_dir, assignment)


def _keep_place(
    session: Session,
    config_dir: Path,
    message: LaunchMessage,
    context_id: int,
    link: Link,
    *,
    is_look: bool,
) -> int | None:
    """The assignment a link stands for, with its column; for a look only one that is set."""
    if message.deep_linking is not None:
        return None
    assignment_id = find_assignment(session, config_dir, message, context_id, link, is_look=is_look)
    if assignment_id is not None and not is_look:
        _keep_column(session, config_dir, message, context_id, assignment_id)
    return assignment_id


def _keep_roles(session: Session, message: LaunchMessage, context_id: int, person_id: int) -> bool:
    """Keep the roles that a launch proved, and have the roster read for a tutor.

    :return: whether a tutor only looks as a participant would: then nothing is kept.
    """
    is_look = is_preview(
        session,
        message.roles,
        context_id=context_id,
        person_id=person_id,
        registration_id=message.registration_id,
    )
    if is_look:
        return True
    if not message.is_unnamed:
        keep_membership(session, context_id, person_id, " ".join(sorted(message.roles)))
    if TUTOR in message.roles and message.memberships_url is not None:
        ask_if_stale(session, context_id)
    return False


def _visit(message: LaunchMessage, *, is_look: bool = False) -> dict[str, Any]:
    """The row of a visit, but for what is drawn and where it is.

    :param is_look: whether a tutor only looks as a participant would.
    """
    return {
        "registration_id": message.registration_id,
        "roles": " ".join(sorted(message.roles)),
        "is_preview": is_look,
        "return_url": message.return_url,
        "deep_linking": message.deep_linking,
    }


def enter(session: Session, config_dir: Path, message: LaunchMessage) -> Entered:
    """Keep what a launch says, find or make all that it names, and begin the visit.

    :param message: proved by `lti/pylti_adapter.py`.
    """
    context_id = keep_context(session, message)
    link = keep_link(session, context_id, message)
    person_id = keep_person(session, message.platform_id, message.sub, profile_of(message))
    is_look = _keep_roles(session, message, context_id, person_id)
    assignment_id = _keep_place(session, config_dir, message, context_id, link, is_look=is_look)
    place = {"person_id": person_id, "context_id": context_id, "resource_link_id": link.id}
    handle, secret = beginning.begin(session, {**place, **_visit(message, is_look=is_look)})
    return Entered(handle, secret, context_id, assignment_id)


def enter_again(database: Database, proved: Proved) -> tuple[str, str] | None:
    """Use up the login of a launch that says nothing new, and begin the visit.

    :return: handle and secret; None where there is something to keep, or the login was used up
        already: nothing was done, and the long way does it or says why not.
    """
    message = proved.message
    if not may_be_known(message):
        return None
    return beginning.begin_by_login(database, proved.state, KNOWN, named(message), _visit(message))


def set_up_link(session: Session, config_dir: Path, visit: CurrentVisit, key: str) -> None:
    """A tutor says what a link without an activity stands for.

    :param key: the activity's key.
    :raises NotFound: there is no such activity.
    :raises Conflict: the link stands for something already.
    """
    if visit.deep_linking is not None:
        raise Conflict("Here you choose activities for the course; there is no link yet.")
    activity = get_activity(key)
    if lock_link(session, visit.resource_link_id) is not None:
        raise Conflict("This link is set up already. Reload the page to see it.")
    versions = versions_for(session, config_dir, activity)
    assignment_id = set_assignment(
        session,
        context_id=visit.context_id,
        activity=activity,
        title=visit.resource_link_title,
        rubric_version=versions.rubric,
        rules_version=versions.rules,
        actor_id=visit.person_id,
    )
    point_link(session, visit.resource_link_id, assignment_id)
