"""What the service doors share: media types, tokens, faults on purpose.

The order is Moodle's: is there a handler for this media type (400), may this
token do it (401), is the thing there (404). ags.py and nrps.py build on it.
"""

import json
from typing import Any

from flask import Response, abort, request

from lti_tool.demo_platform.claims import DEPLOYMENT_ID
from lti_tool.demo_platform.faults import service_error
from lti_tool.demo_platform.people import Course
from lti_tool.demo_platform.platform import get_platform
from lti_tool.demo_platform.tools import find_tool_by_id


def need_accept(media_type: str, anything: bool = True) -> None:
    """Moodle takes one exact media type, nothing at all, or sometimes */*."""
    asked = request.headers.get("Accept", "")
    if asked in ("", media_type) or (anything and asked == "*/*"):
        return
    if asked == "*/*":
        abort(service_error(400, "No context or unsupported content type"))
    abort(service_error(400, f"No handler found for {_door()} {asked} "))


def need_content_type(media_type: str) -> None:
    """The exact media type; a charset behind it is fine."""
    sent = request.headers.get("Content-Type", "").split(";")[0].strip()
    if sent != media_type:
        abort(service_error(400, f"No handler found for {_door()}  {sent}"))


def _door() -> str:
    return request.path.removeprefix("/mod/lti/services")


def need_token(*scopes: str, type_id: str | None = None) -> None:
    """A live token with one of the scopes. Any fault is the same 401."""
    kind, _, value = request.headers.get("Authorization", "").partition(" ")
    platform = get_platform()
    held = platform.store.find_token_scopes(value.strip(), platform.now)
    wrong_tool = find_tool_by_id(type_id or DEPLOYMENT_ID) is None
    if kind.lower() != "bearer" or wrong_tool or not held.intersection(scopes):
        abort(service_error(401, "Unauthorized"))


def need_course(course_id: str) -> Course:
    course = get_platform().courses.find_course(course_id)
    if course is None:
        abort(service_error(404, f"Not Found: Course {course_id} doesn't exist"))
    return course


def answer_json(body: Any, media_type: str, status: int = 200) -> Response:
    """JSON as PHP writes it: compact, slashes escaped."""
    text = json.dumps(body, separators=(",", ":")).replace("/", "\\/")
    return Response(text, status, content_type=f"{media_type}; charset=utf-8")


def moodle_number(value: float) -> int | float:
    """70.0 goes out as 70."""
    return int(value) if float(value).is_integer() else value


def read_count(name: str) -> int | None:
    """A whole number from the query, or None where there is no sensible one."""
    text = request.args.get(name, "")
    return int(text) if text.isdigit() else None
