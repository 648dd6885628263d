"""Which activities exist. Filled once as the application starts, read everywhere above."""

import re
from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from lti_tool.catalogue.contract import Activity
from lti_tool.core.errors import NotFound, Unusable

_KEY = re.compile(r"[a-z]+(-[a-z]+)*")
_activities: dict[str, Activity] = {}


class ActivityNotFound(NotFound):
    """No activity has this key."""


def fill(activities: list[Activity]) -> None:
    """Make these the activities that exist.

    :raises Unusable: two share a key, or a key is not made of small letters and dashes.
    """
    found: dict[str, Activity] = {}
    for activity in activities:
        if not _KEY.fullmatch(activity.key):
            raise Unusable(f"The activity key “{activity.key}” is not made of a-z and dashes.")
        if activity.key in found:
            raise Unusable(f"Two activities have the key “{activity.key}”.")
        found[activity.key] = activity
    _activities.clear()
    _activities.update(found)


def find_activity(key: str) -> Activity | None:
    """The activity with this key, or None."""
    return _activities.get(key)


def get_activity(key: str) -> Activity:
    """The activity with this key.

    :raises ActivityNotFound: there is none.
    """
    found = _activities.get(key)
    if found is None:
        raise ActivityNotFound("This kind of activity is not part of the tool.")
    return found


def list_activities() -> list[Activity]:
    """All activities by title."""
    return sorted(_activities.values(), key=lambda activity: activity.title)


def begun_in(session: Session, assignments: Mapping[str, Sequence[int]]) -> set[tuple[int, int]]:
    """Who has entered something in an activity's own tables, as (assignment, person). At most a
    query for each activity.

    :param assignments: by the key of their activity.
    """
    found: set[tuple[int, int]] = set()
    for key, ids in assignments.items():
        activity = find_activity(key)
        if activity is not None:
            found |= activity.begun(session, ids)
    return found
