"""Step 5 of a launch: which assignment a link stands for.

By the link's own record; else by our resource id within this course; else, in a course that the
platform says is a copy, by a copy of the set-up the resource id names. Custom parameters can be
edited by teachers, so they only ever choose among what this launch's own signature covers.
"""

from pathlib import Path

from sqlalchemy.orm import Session

from lti_tool.catalogue.register import find_activity
from lti_tool.coursework.copying import (
    Relative,
    copy_set_up,
    list_relatives,
    lock_assignment,
)
from lti_tool.coursework.operations import set_assignment
from lti_tool.coursework.queries import AssignmentRead, find_by_resource_id
from lti_tool.launch.versions import versions_for
from lti_tool.lti.messages import LaunchMessage
from lti_tool.lti.places import Link, list_choosing, list_earlier, lock_link, point_link

_LONGEST_RESOURCE_ID = 64
"""What a column of ours holds; a longer one was never ours, and a database would refuse it."""
_HINTS = ("resource_id", "line_item_resource_id")
"""Custom parameters that may carry our resource id; the second for platforms that fill in
`$LineItem.resourceId.value`."""


def _resource_ids(message: LaunchMessage) -> list[str]:
    said = [message.custom.get(name, "") for name in _HINTS]
    return [one for one in dict.fromkeys(said) if 0 < len(one) <= _LONGEST_RESOURCE_ID]


def find_assignment(
    session: Session,
    config_dir: Path,
    message: LaunchMessage,
    context_id: int,
    link: Link,
    *,
    is_look: bool = False,
) -> int | None:
    """The assignment a link stands for, set or copied now where there is none yet.

    :param is_look: a tutor only looks as a participant would: nothing is set or copied.
    :return: its row number, or None where the link says nothing of what it is.
    """
    if link.assignment_id is not None:
        return link.assignment_id
    activity = find_activity(message.custom.get("activity", ""))
    resource_ids = _resource_ids(message)
    if activity is None and not resource_ids:
        return None
    set_meanwhile = lock_link(session, link.id)
    if set_meanwhile is not None:
        return set_meanwhile
    found = None
    for resource_id in resource_ids:
        found = found or find_by_resource_id(session, resource_id, context_id)
        if not is_look:
            found = found or _follow(session, message, context_id, resource_id)
    if found is None and activity is not None and not is_look:
        versions = versions_for(session, config_dir, activity)
        found = set_assignment(
            session,
            context_id=context_id,
            activity=activity,
            title=message.resource_link_title,
            rubric_version=versions.rubric,
            rules_version=versions.rules,
        )
    if found is not None:
        point_link(session, link.id, found)
    return found


def _newest_open(relatives: list[Relative], context_id: int) -> Relative | None:
    """The one of a context that is still open, else the last that was closed there."""
    there = [one for one in relatives if one.context_id == context_id]
    return next((one for one in reversed(there) if not one.is_closed), there[-1] if there else None)


def _follow(
    session: Session, message: LaunchMessage, context_id: int, resource_id: str
) -> int | None:
    """What became of a resource id in this course: a copy that is here, or one made now.

    Copied only from courses that this very launch names as earlier ones, within the same
    deployment, or from where a tutor chose without a course. Anything else is unknown to us.
    """
    relatives = list_relatives(session, resource_id)
    if not relatives:
        return None
    here = _newest_open(relatives, context_id)
    if here is not None and not here.is_closed:
        return here.id
    earlier = list_earlier(session, message.deployment_id, message.context_history)
    among = {one.context_id for one in relatives}
    chosen = list_choosing(session, message.deployment_id, among)
    for place in (*earlier, *chosen):
        source = _newest_open(relatives, place)
        if source is None or place == context_id:
            continue
        lock_assignment(session, source.id)
        made = _newest_open(list_relatives(session, resource_id), context_id)
        if made is not None and not made.is_closed:
            return made.id
        without_course = place in chosen
        return copy_set_up(
            session,
            source.id,
            context_id,
            act="chosen set-up placed" if without_course else "set-up copied with the course",
            is_decided=without_course,
            with_dates=without_course,
        )
    return None


def column_resource_id(session: Session, message: LaunchMessage, assignment: AssignmentRead) -> str:
    """The resource id that the assignment's column carries on the platform.

    A copied course keeps the ids of its columns, so a copied assignment's column is known by
    the id the link came with, if that names an ancestor of it.
    """
    if assignment.copied_from_id is not None:
        for resource_id in _resource_ids(message):
            if any(one.id == assignment.id for one in list_relatives(session, resource_id)):
                return resource_id
    return assignment.resource_id
