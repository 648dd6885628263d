"""Adding activities by deep linking, and copying courses, with Moodle's habits.

The request has Moodle's shape; of the answer only what Moodle honours is kept: title, text,
address, icon, custom parameters and the line item's maximum, tag and resource id. A single item
whose maximum is no whole number from 1 to 100 cannot be saved; among several it becomes 100.
"""

import json
import secrets
from typing import Any

from flask import (
    Blueprint,
    Response,
    make_response,
    redirect,
    render_template,
    request,
)
from joserfc import jws, jwt
from joserfc.errors import JoseError

from lti_tool.demo_platform.faults import moodle_error_page
from lti_tool.demo_platform.oidc import COURSE_PREFIX, initiate_login, repost
from lti_tool.demo_platform.people import Course, Link, may_enter
from lti_tool.demo_platform.platform import get_platform
from lti_tool.demo_platform.tokens import KeysUnreachable, keys_at
from lti_tool.demo_platform.tools import Tool, default_tool, find_tool_by_id, note_launch
from lti_tool.demo_platform.visitors import find_session, need_sesskey, need_staff
from lti_tool.lti import vocabulary as v

blueprint = Blueprint("choosing", __name__, url_prefix="/mod/lti")
_SITE_MAXIMUM = 100
_BAD_GRADE = "Invalid grade value. This must be an integer between 1 and 100"


class AnswerRefused(Exception):
    """The tool's answer cannot be used, with the reason."""


def _need_course() -> tuple[Any, Course]:
    """A tutor's session, and the course they want to change."""
    session, person = need_staff()
    course = get_platform().courses.find_course(request.values.get("course"))
    if course is None or session.switched or not may_enter(person, course):
        raise LookupError
    return session, course


@blueprint.errorhandler(LookupError)
def no_course(_error: LookupError) -> Response:
    return moodle_error_page("You cannot add anything to this course.")


@blueprint.get("/add")
def add() -> str:
    """The page with the tool's picker in a frame."""
    _, course = _need_course()
    return render_template("demo_platform/add.html", course=course, tool=_need_tool("tool").id)


@blueprint.get("/contentitem")
def contentitem() -> Response:
    """Begins the deep linking launch."""
    session, course = _need_course()
    started = get_platform().store.start_launch(
        session.user_id, f"{COURSE_PREFIX}{course.id}", "iframe"
    )
    tool = _need_tool("tool")
    note_launch(started.id, tool)
    hint = json.dumps({"launchid": started.id}, separators=(",", ":"))
    return initiate_login(tool, session.user_id, hint, "")


def _need_tool(name: str) -> Tool:
    tool = find_tool_by_id(request.args.get(name) or default_tool().id)
    if tool is None:
        raise LookupError
    return tool


def _verify(token: str, tool: Tool) -> dict[str, Any]:
    """The answer's claims, if it is the tool's, for us, fresh and new."""
    platform = get_platform()
    try:
        kid = jws.extract_compact(token.encode()).headers().get("kid")
        claims = jwt.decode(token, keys_at(tool.jwks_url).get(kid), algorithms=["RS256"]).claims
    except (JoseError, ValueError, KeysUnreachable) as error:
        raise AnswerRefused("The signature does not hold.") from error
    wanted = {
        "iss": tool.client_id,
        "aud": platform.platform_url,
        v.DEPLOYMENT_ID: tool.id,
        v.MESSAGE_TYPE: v.DEEP_LINKING_RESPONSE,
        v.VERSION: v.LTI_VERSION,
    }
    for name, value in wanted.items():
        if claims.get(name) != value:
            raise AnswerRefused(f"{name} is not what it must be.")
    expires = claims.get("exp")
    if not isinstance(expires, int) or expires < platform.now:
        raise AnswerRefused("The answer has expired.")
    if not platform.store.is_new_assertion(str(claims.get("nonce")), platform.now):
        raise AnswerRefused("The answer was used before.")
    if not isinstance(claims.get(v.CONTENT_ITEMS), list):
        raise AnswerRefused("There is no list of items.")
    return claims


def _text(item: dict[str, Any], name: str) -> str:
    value = item.get(name)
    return value if isinstance(value, str) else ""


def _read_item(item: dict[str, Any], course: Course, tool: Tool) -> Link:
    """A link as Moodle would make it; its id comes when it is saved."""
    column = item.get("lineItem")
    column = column if isinstance(column, dict) else None
    custom = item.get("custom")
    custom = custom if isinstance(custom, dict) else {}
    return Link(
        id="0",
        course_id=course.id,
        title=_text(item, "title") or "SENCo activities",
        description=_text(item, "text"),
        custom={str(key): str(value) for key, value in custom.items()},
        graded=column is not None,
        maximum=_SITE_MAXIMUM if column is None else column.get("scoreMaximum", _SITE_MAXIMUM),
        resource_id=_text(column or {}, "resourceId"),
        tag=_text(column or {}, "tag"),
        url=_text(item, "url"),
        tool_id=tool.id,
    )


def _is_good_maximum(value: Any) -> bool:
    return type(value) is int and 1 <= value <= _SITE_MAXIMUM


@blueprint.post("/contentitem_return")
def contentitem_return() -> Response:
    """Takes the tool's answer and shows what it holds; the tutor saves it."""
    if find_session() is None and "repost" not in request.form:
        return repost()
    session, course = _need_course()
    if request.args.get("sesskey") != session.sesskey:
        return moodle_error_page("Your session has changed. Open the course again.")
    platform, tool = get_platform(), _need_tool("id")
    try:
        claims = _verify(request.form.get("JWT", ""), tool)
    except AnswerRefused as error:
        platform.store.record("contentitem", platform.now, error=str(error))
        return moodle_error_page(f"The tool’s answer cannot be used: {error}")
    platform.store.record("contentitem", platform.now, claims=claims)
    links = [
        _read_item(item, course, tool)
        for item in claims[v.CONTENT_ITEMS]
        if isinstance(item, dict) and item.get("type") == v.LTI_RESOURCE_LINK
    ]
    chosen = secrets.token_hex(8)
    platform.store.set_setting(f"chosen_{chosen}", [vars(link) for link in links])
    is_bad = len(links) == 1 and not _is_good_maximum(links[0].maximum)
    return make_response(
        render_template(
            "demo_platform/chosen.html",
            course=course,
            links=links,
            chosen=chosen,
            error=claims.get(v.DEEP_LINKING_ERRORMSG) or (_BAD_GRADE if is_bad else None),
            message=claims.get(v.DEEP_LINKING_MSG),
        )
    )


@blueprint.post("/add")
def save() -> Response:
    """Makes the links that were chosen, each with its column if it has one."""
    session, course = _need_course()
    need_sesskey(session)
    platform = get_platform()
    name = f"chosen_{request.form.get('chosen', '')[:40]}"
    found = [Link(**values) for values in platform.store.get_setting(name) or []]
    platform.store.set_setting(name, [])
    if len(found) == 1 and not _is_good_maximum(found[0].maximum):
        return moodle_error_page(_BAD_GRADE)
    for link in found:
        if link.course_id != course.id:
            continue
        maximum = link.maximum if _is_good_maximum(link.maximum) else _SITE_MAXIMUM
        added = platform.courses.add_link(Link(**{**vars(link), "maximum": maximum}))
        if added.graded:
            platform.gradebook.add_coupled(added)
    return make_response(redirect(f"/course?id={course.id}", 303))


@blueprint.post("/delete")
def delete() -> Response:
    """Deletes an activity with its own column: from then on columns that name it are refused."""
    session, course = _need_course()
    need_sesskey(session)
    platform = get_platform()
    link = platform.courses.find_link(request.form.get("id"))
    if link is None or link.course_id != course.id:
        return moodle_error_page("There is no such activity.")
    platform.courses.delete_link(link)
    platform.gradebook.delete_coupled(link)
    return make_response(redirect(f"/course?id={course.id}", 303))


@blueprint.post("/copy")
def copy() -> Response:
    """Copies a course, as Moodle does."""
    session, course = _need_course()
    need_sesskey(session)
    platform = get_platform()
    made, links = platform.courses.copy_course(course)
    for link in links:
        if link.graded:
            platform.gradebook.add_coupled(link)
    return make_response(redirect(f"/course?id={made.id}", 303))
