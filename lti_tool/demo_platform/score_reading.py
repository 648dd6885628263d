"""Reads a posted score and says whether Moodle would take it.

Everything Moodle calls an "incorrect score" comes out as None. What a good
score does to a grade is in gradebook.py.
"""

import json
import math
from datetime import UTC, datetime
from typing import Any

from lti_tool.demo_platform.gradebook import LineItem, Score
from lti_tool.demo_platform.people import find_person
from lti_tool.demo_platform.platform import get_platform


def read_score(text: str, item: LineItem) -> Score | None:
    """None for everything Moodle calls an incorrect score."""
    body = read_object(text)
    needed = ("userId", "timestamp", "activityProgress", "gradingProgress")
    if body is None or any(body.get(name) is None for name in needed):
        return None
    at = _read_timestamp(body["timestamp"])
    given, maximum = as_number(body.get("scoreGiven")), as_number(body.get("scoreMaximum"))
    for name, number in (("scoreGiven", given), ("scoreMaximum", maximum)):
        if body.get(name) is not None and number is None:
            return None
    user_id = str(body["userId"])
    if at is None or not _is_gradable(user_id, item) or (given is not None and maximum is None):
        return None
    # Anything but FullyGraded clears the grade that is there.
    if body["gradingProgress"] != "FullyGraded":
        given = None
    comment = body.get("comment")
    return Score(user_id, given, maximum, None if comment is None else str(comment), at)


def read_object(text: str) -> dict[str, Any] | None:
    try:
        body = json.loads(text)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def as_number(value: Any) -> float | None:
    """A number, or text that is one; PHP makes no difference."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _read_timestamp(value: Any) -> int | None:
    """Whole seconds; a time without a zone counts as UTC."""
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())


def _is_gradable(user_id: str, item: LineItem) -> bool:
    person, course = find_person(user_id), get_platform().courses.find_course(item.course_id)
    if person is None or course is None or person.id not in course.members:
        return False
    return person.gradable and not get_platform().switches.is_unenrolled(user_id)
