"""Pages for people: who you are, the course, an activity in its frame.

The gradebook has its own module, and so have the switches. Nothing here speaks
LTI; the frame's address does.
"""

from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, redirect, render_template, request

from lti_tool.demo_platform.faults import moodle_error_page
from lti_tool.demo_platform.oidc import find_open_link
from lti_tool.demo_platform.people import (
    COHORT,
    COHORT_COURSE,
    PEOPLE,
    Person,
    find_person,
    may_enter,
)
from lti_tool.demo_platform.platform import get_platform
from lti_tool.demo_platform.store import Session
from lti_tool.demo_platform.tools import ACTIVE, default_tool, find_tool_by_id, list_registered
from lti_tool.demo_platform.visitors import (
    COOKIE,
    find_session,
    find_visitor,
    need_sesskey,
    need_staff,
    need_visitor,
    set_cookie,
)

blueprint = Blueprint("pages", __name__)


@blueprint.app_context_processor
def page_values() -> dict[str, Person | Session | str | None]:
    """What the page frame shows on every page."""
    return {
        "visitor": find_visitor(),
        "session": find_session(),
        "tool_url": get_platform().tool_url,
        "cohort_course": COHORT_COURSE,
    }


def not_found(_error: Exception) -> Response:
    return moodle_error_page("There is no such page here.")


@blueprint.get("/healthz")
def healthz() -> Response:
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/")
def home() -> str:
    return render_template("demo_platform/home.html", people=PEOPLE, cohort=COHORT)


@blueprint.post("/sign-in")
def sign_in() -> Response:
    person = find_person(request.form.get("person"))
    if person is None:
        return moodle_error_page("There is nobody of that name here.")
    store = get_platform().store
    store.end_session(request.cookies.get(COOKIE, ""))
    response = make_response(redirect("/course", 303))
    set_cookie(response, store.start_session(person.id))
    return response


@blueprint.post("/sign-out")
def sign_out() -> Response:
    get_platform().store.end_session(request.cookies.get(COOKIE, ""))
    response = make_response(redirect("/", 303))
    response.delete_cookie(COOKIE, path="/")
    return response


@blueprint.get("/course")
def course() -> str | Response:
    _, person = need_visitor()
    shown = get_platform().courses.find_course(request.args.get("id", "2"))
    if shown is None:
        return moodle_error_page("There is no such course.")
    forgotten = get_platform().switches.is_unenrolled(person.id)
    return render_template(
        "demo_platform/course.html",
        course=shown,
        courses=[c for c in get_platform().courses.list_courses() if may_enter(person, c)],
        links=get_platform().courses.list_links(shown),
        enrolled=may_enter(person, shown) and not forgotten,
        tools=[tool for tool in list_registered() if tool.state == ACTIVE],
    )


@blueprint.post("/switch-role")
def switch_role() -> Response:
    """A tutor looks at the course as a student does; Moodle then says Learner."""
    session, _ = need_staff()
    need_sesskey(session)
    get_platform().store.switch_role(session.token, not session.switched)
    return make_response(redirect("/course", 303))


def _review_query() -> str:
    """What a link of the gradebook adds to the frame's address, for whomever it names."""
    if request.args.get("action") != "gradeReport":
        return ""
    asked = {"triggerview": "0", "action": "gradeReport", "user": request.args.get("user", "")}
    return "&" + urlencode({name: value for name, value in asked.items() if value})


@blueprint.get("/mod/lti/view")
def view() -> str | Response:
    _, person = need_visitor()
    opened = find_open_link(person, request.args.get("id"))
    if opened is None:
        return moodle_error_page("You are not enrolled in this course.")
    shown, link = opened
    tool = find_tool_by_id(request.args.get("tool", default_tool().id))
    if tool is None or tool.state != ACTIVE:
        return moodle_error_page("This tool is not active.")
    features = ("microphone", "camera", "geolocation", "midi", "encrypted-media", "autoplay")
    return render_template(
        "demo_platform/view.html",
        course=shown,
        link=link,
        review=_review_query(),
        tool_query="" if tool.id == default_tool().id else f"&tool={tool.id}",
        allow="; ".join(f"{feature} {tool.origin}" for feature in features),
    )
