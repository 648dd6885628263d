"""What may go wrong with a list of members, by switch: refusals, slowness, odd next links.

Used by nrps.py. Which switch stands how is kept in switches.py.
"""

import time

from flask import Response, request

from lti_tool.demo_platform.faults import service_error
from lti_tool.demo_platform.people import PARTICIPANT, Person
from lti_tool.demo_platform.platform import get_platform
from lti_tool.demo_platform.services import answer_json

_REASONS = {
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    429: "Too Many Requests",
    500: "Internal Server Error",
}
_FIRST_MADE_UP = 100_000


def roster_fault() -> Response | None:
    """The answer in place of a list, if a switch asks for one."""
    switches = get_platform().switches
    time.sleep(float(switches.get("slow_roster_s")))
    how = switches.get("roster")
    if how == "web_page":
        page = "<!DOCTYPE html><html><head><title>Maintenance</title></head><body></body></html>"
        return Response(page, mimetype="text/html")
    if how == "empty":
        return answer_json({"id": request.base_url, "members": []}, "application/json")
    if not how.isdigit():
        return None
    response = service_error(int(how), _REASONS[int(how)])
    if how == "429":
        response.headers["Retry-After"] = str(switches.get("retry_after_s"))
    return response


def link_header(url: str, query: str) -> str:
    """The header that names the next page, as Moodle writes it or otherwise."""
    after = url + query
    forms = {
        "as_moodle": f'<{after}>; rel="next"',
        "unquoted": f"<{after}>;rel=next",
        "other_parameters_first": f'<{after}>; title="more; people, of them"; type=x; Rel="next"',
        "several_links": f'<{url}>; rel="first", <{after}>; rel="next", <{url}?x>; rel="last"',
        "relative": f'<{query}>; rel="next"',
        "itself": f'<{request.url}>; rel="next"',
        "plain_http": f'<http://platform.example/roster{query}>; rel="next"',
        "other_site": f'<https://elsewhere.example/roster{query}>; rel="next"',
        "for_ever": f'<{url}?limit=1&from=0&again={time.time_ns()}>; rel="next"',
    }
    return forms[get_platform().switches.get("roster_link")]


def made_up_people(count: int) -> list[Person]:
    """So many participants, the same ones each time. Names are numbers in disguise."""
    return [
        Person(
            str(_FIRST_MADE_UP + number),
            f"madeup{number}",
            "",
            f"Given{number}",
            f"Family{number}",
            PARTICIPANT,
            "",
            f"M{number}",
        )
        for number in range(count)
    ]
