"""The launch: login initiation, authorisation, id token, way back.

Follows the OpenID Connect third-party login of LTI's security framework, with
Moodle's answers to each fault. Claims are in claims.py, keys in tokens.py.
"""

import json
import re
import secrets
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request
from joserfc import jwt
from joserfc.jwk import RSAKey

from lti_tool.demo_platform.claims import (
    CONTAINER_IFRAME,
    CONTAINER_WINDOW,
    Addresses,
    LaunchFacts,
    as_review,
    deep_linking_claims,
    resource_link_claims,
)
from lti_tool.demo_platform.faults import moodle_error_page
from lti_tool.demo_platform.people import Course, Link, Person, may_enter
from lti_tool.demo_platform.platform import get_platform
from lti_tool.demo_platform.store import Launch, Session
from lti_tool.demo_platform.tokens import granted_scopes
from lti_tool.demo_platform.tools import (
    ACTIVE,
    Tool,
    default_tool,
    find_tool_by_id,
    note_launch,
    tool_of_launch,
)
from lti_tool.demo_platform.visitors import find_session, find_visitor, need_visitor

blueprint = Blueprint("oidc", __name__, url_prefix="/mod/lti")
EXPIRED_BY_S = 600
COURSE_PREFIX = "course:"
"""Begins what a deep linking launch opens, in place of a link's id."""


def find_open_link(person: Person, link_id: str | None) -> tuple[Course, Link] | None:
    """A link this person may open: enrolled, and not forgotten."""
    link = get_platform().courses.find_link(link_id)
    course = get_platform().courses.find_course(link.course_id) if link else None
    if link is None or course is None or not may_enter(person, course):
        return None
    if get_platform().switches.is_unenrolled(person.id):
        return None
    return course, link


@blueprint.get("/launch")
def launch() -> Response:
    """Step 1: sends the browser to the tool with a hint that works once."""
    session, person = need_visitor()
    opened = find_open_link(person, request.args.get("id"))
    if opened is None:
        return moodle_error_page("You are not enrolled in this course.")
    _, link = opened
    tool = find_tool_by_id(request.args.get("tool") or link.tool_id or default_tool().id)
    if tool is None or tool.state != ACTIVE:
        return moodle_error_page("This tool is not active.")
    asked = request.args.get("container")
    container = CONTAINER_WINDOW if asked == CONTAINER_WINDOW else CONTAINER_IFRAME
    platform = get_platform()
    started = platform.store.start_launch(session.user_id, link.id, container)
    if request.args.get("action") == "gradeReport":
        # As in Moodle, nothing checks whose work the address asks for.
        asked_for = request.args.get("user", "")
        platform.store.set_setting(f"review_{started.id}", {"user": asked_for})
    note_launch(started.id, tool)
    hint = json.dumps({"cmid": int(link.id), "launchid": started.id}, separators=(",", ":"))
    return initiate_login(tool, person.id, hint, link.url)


def initiate_login(tool: Tool, user_id: str, hint: str, url: str) -> Response:
    """Sends the browser to the tool's login address, by a form as Moodle does."""
    return autopost(
        "ltiInitiateLoginForm",
        tool.login_url,
        {
            "iss": get_platform().platform_url,
            "target_link_uri": url or tool.target_url,
            "login_hint": user_id,
            "lti_message_hint": hint,
            "client_id": tool.client_id,
            "lti_deployment_id": tool.id,
        },
    )


@dataclass(frozen=True)
class Refusal:
    """Why an authorisation request was refused; no `error` means Moodle's 404 page."""

    error: str | None = None
    description: str | None = None


@blueprint.route("/auth", methods=["GET", "POST"])
def auth() -> Response:
    """Step 2: checks the tool's request and posts an id token back."""
    session, person = find_session(), find_visitor()
    asked = request.values
    always = get_platform().switches.get("always_repost")
    if (session is None or always) and "repost" not in asked:
        return repost()
    if session is None or person is None:
        return moodle_error_page("Sign in to the demo platform first.")
    started = _spend_hint(asked.get("lti_message_hint"))
    tool = (tool_of_launch(started.id) if started else None) or default_tool()
    refusal = _judge(asked, started, person, tool)
    if refusal and refusal.error is None:
        return moodle_error_page("Invalid request")
    # Moodle's cleaning takes tags out of the state.
    fields = {"state": re.sub(r"<[^>]*>", "", asked.get("state", ""))}
    if refusal:
        described = {"error_description": refusal.description} if refusal.description else {}
        fields = {"error": refusal.error or "", **described, **fields}
    else:
        assert started is not None
        opened = _opened(person, started)
        if opened is None:
            return moodle_error_page("You are not enrolled in this course.")
        token = _id_token(session, person, opened, started, asked["nonce"], tool)
        fields = {"id_token": token, **fields}
    return autopost("ltiAuthForm", asked["redirect_uri"], fields)


def _opened(person: Person, started: Launch) -> tuple[Course, Link] | None:
    """What a launch opens: a link, or a course to which something is being added."""
    if not started.link_id.startswith(COURSE_PREFIX):
        return find_open_link(person, started.link_id)
    course = get_platform().courses.find_course(started.link_id.removeprefix(COURSE_PREFIX))
    if course is None or not may_enter(person, course):
        return None
    return course, Link(id="0", course_id=course.id, title="", description="", graded=False)


def _judge(asked: Any, started: Launch | None, person: Person, tool: Tool) -> Refusal | None:
    """Moodle's checks in Moodle's order."""
    page = Refusal()
    whole = asked.get("nonce") and asked.get("login_hint") and started is not None
    checks = (
        (asked.get("scope") == "openid", page),
        (asked.get("response_type") == "id_token", page),
        (whole, page),
        (asked.get("client_id") == tool.client_id, Refusal("unauthorized_client")),
        (asked.get("login_hint") == person.id, Refusal("access_denied")),
        (started is not None and started.user_id == person.id, page),
        (asked.get("redirect_uri") in tool.redirect_urls, page),
        (
            asked.get("response_mode") == "form_post",
            Refusal("invalid_request", "Invalid response_mode"),
        ),
        (asked.get("prompt", "none") == "none", Refusal("invalid_request", "Invalid prompt")),
    )
    return next((refusal for passed, refusal in checks if not passed), None)


def _spend_hint(hint: str | None) -> Launch | None:
    """The launch a hint names. It is spent even when the request is refused later."""
    try:
        said = json.loads(hint or "")
        link_id = str(said["cmid"]) if "cmid" in said else None
        return get_platform().store.use_launch(str(said["launchid"]), link_id)
    except (ValueError, KeyError, TypeError):
        return None


def _id_token(
    session: Session,
    person: Person,
    opened: tuple[Course, Link],
    started: Launch,
    nonce: str,
    tool: Tool,
) -> str:
    platform = get_platform()
    course, link = opened
    item = platform.gradebook.find_only_item(link)
    facts = LaunchFacts(
        addresses=Addresses(platform.platform_url, tool.id),
        target_link_uri=link.url or tool.target_url,
        person=person,
        course=course,
        link=link,
        container=started.container,
        sesskey=session.sesskey,
        item_id=None if item is None else item.id,
        as_student=session.switched and person.staff,
        withhold_names=bool(platform.switches.get("withhold_names")),
        scopes=tuple(scope for scope in granted_scopes() if scope in tool.scopes),
        client_id=tool.client_id,
        tool_custom=tool.custom,
    )
    is_choosing = started.link_id.startswith(COURSE_PREFIX)
    build = deep_linking_claims if is_choosing else resource_link_claims
    claims = build(facts, nonce, platform.now)
    review = platform.store.get_setting(f"review_{started.id}")
    if review is not None:
        claims = as_review(claims, review["user"] or None)
    platform.store.record("launch", platform.now, user_id=person.id, link_id=link.id)
    return _sign(claims)


def _sign(claims: dict[str, Any]) -> str:
    """Signs, with the faults that are switched on."""
    platform = get_platform()
    if platform.switches.take("next_wrong_nonce"):
        claims["nonce"] = secrets.token_hex(16)
    if platform.switches.take("next_expired_id_token"):
        claims["iat"] -= EXPIRED_BY_S
        claims["exp"] -= EXPIRED_BY_S
    key = platform.signing_key
    if platform.switches.take("next_unknown_kid"):
        key = RSAKey.generate_key(2048, {"kid": secrets.token_hex(10)})
    return jwt.encode({"typ": "JWT", "alg": "RS256", "kid": key.kid}, claims, key)


def repost() -> Response:
    """Moodle lost its cookie on the way, so it posts the request to itself."""
    action = request.full_path.rstrip("?")
    fields = dict(request.form) | {"repost": "true"}
    return autopost("autopostme", action, fields)


def autopost(name: str, action: str, fields: dict[str, str]) -> Response:
    return make_response(
        render_template("demo_platform/autopost.html", name=name, action=action, fields=fields)
    )


@blueprint.get("/return")
def return_from_tool() -> str | Response:
    """Where a tool sends people back, with a message to show."""
    session, _ = need_visitor()
    if request.args.get("sesskey") != session.sesskey:
        return moodle_error_page("Your session has changed. Open the course again.")
    return render_template(
        "demo_platform/return.html",
        message=request.args.get("lti_msg"),
        error=request.args.get("lti_errormsg"),
        course_id=request.args.get("course", "2"),
    )
