"""Names and Role Provisioning as Moodle answers it (LTI-NRPS 2.0).

Short role names, a next link that forgets the role filter, `&amp;` in names:
all kept on purpose. Who is in a course is data in people.py.
"""

from typing import Any

from flask import Blueprint, Response, abort, request

from lti_tool.demo_platform.claims import (
    BASIC_OUTCOME,
    LTI,
    MEMBERSHIP,
    SCOPE_MEMBERSHIP_READONLY,
    basic_outcome,
)
from lti_tool.demo_platform.faults import planned_fault, service_error
from lti_tool.demo_platform.people import Course, Link, Person, list_members
from lti_tool.demo_platform.platform import get_platform
from lti_tool.demo_platform.roster_faults import link_header, made_up_people, roster_fault
from lti_tool.demo_platform.services import (
    answer_json,
    need_accept,
    need_course,
    need_token,
    read_count,
)

blueprint = Blueprint("nrps", __name__, url_prefix="/mod/lti/services/CourseSection")
MEMBERSHIPS = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
_ROLES = {short: short for short in ("Learner", "Instructor")}
_ROLES |= {f"{MEMBERSHIP}{short}": short for short in ("Learner", "Instructor")}


@blueprint.before_request
def fault_on_purpose() -> Response | None:
    return planned_fault("next_") or roster_fault()


@blueprint.after_request
def record(response: Response) -> Response:
    platform = get_platform()
    platform.store.record(
        "service",
        platform.now,
        method=request.method,
        url=request.full_path.rstrip("?"),
        status=response.status_code,
    )
    return response


@blueprint.get("/<course_id>/bindings/<type_id>/memberships")
def memberships(course_id: str, type_id: str) -> Response:
    need_accept(MEMBERSHIPS)
    need_token(SCOPE_MEMBERSHIP_READONLY, type_id=type_id)
    course = need_course(course_id)
    link = _read_link()
    people = _list_asked_for(course)
    limit, start = read_count("limit"), read_count("from") or 0
    most = int(get_platform().switches.get("roster_page"))
    limit = min(limit or most, most) if most else limit
    page = people[start : start + limit] if limit else people
    url = get_platform().addresses.memberships(course.id)
    response = answer_json(
        {
            "id": url,
            "context": {"id": course.id, "label": course.label, "title": course.title},
            "members": [_member(person, link) for person in page],
        },
        MEMBERSHIPS,
    )
    if limit and start + limit < len(people):
        # The role filter is lost on the way to the next page.
        response.headers["Link"] = link_header(url, f"?limit={limit}&from={start + limit}")
    return response


@blueprint.post("/<course_id>/bindings/<type_id>/memberships")
def no_posting(course_id: str, type_id: str) -> Response:
    return service_error(405, "Method Not Allowed")


def _read_link() -> Link | None:
    rlid = request.args.get("rlid")
    if rlid is None:
        return None
    if not rlid.isdigit():
        # PHP gives up and the web server answers in its place.
        abort(
            Response(
                "<html><head><title>502 Bad Gateway</title></head></html>",
                502,
                content_type="text/html",
            )
        )
    link = get_platform().courses.find_link(rlid)
    if link is None:
        abort(service_error(404, f"Not Found: LTI link {rlid} doesn't exist"))
    return link


def _list_asked_for(course: Course) -> list[Person]:
    """An unknown role filters nothing."""
    switches = get_platform().switches
    people = [p for p in list_members(course) if not switches.is_unenrolled(p.id)]
    people += made_up_people(int(switches.get("roster_extra")))
    role = _ROLES.get(request.args.get("role", ""))
    return [p for p in people if role in (None, p.roster_role)]


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;")


def _member(person: Person, link: Link | None) -> dict[str, Any]:
    platform = get_platform()
    member: dict[str, Any] = {"status": "Active", "roles": [person.roster_role]}
    if link is not None:
        outcome = basic_outcome(link, person.id, platform.now, platform.platform_url)
        member["message"] = [
            {f"{LTI}message_type": "LtiResourceLinkRequest", BASIC_OUTCOME: outcome}
        ]
    member |= {"user_id": person.id, "lis_person_sourcedid": _escaped(person.sourcedid)}
    if platform.switches.get("withhold_names"):
        return member
    return member | {
        "name": _escaped(person.name),
        "given_name": _escaped(person.given_name),
        "family_name": _escaped(person.family_name),
        "email": person.email,
        "ext_user_username": person.username,
    }
