"""The administrator's page of the connection: how it stands, a check of it, values to copy.

For those whose signed launch says that they administer the platform. A check is a POST to the
page's own address, limited for each registration, and answered by the page itself.
"""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lti_tool.db import database, session
from lti_tool.launch.connection import Connection, check_connection, get_connection
from lti_tool.launch.registering_words import manual_values, scope_words
from lti_tool.lti import doctor, limits
from lti_tool.lti.doctor_words import CHECK_TITLES
from lti_tool.people import visits
from lti_tool.web.errors import error_page
from lti_tool.web.logs import log
from lti_tool.web.policy import who_may

blueprint = Blueprint(
    "connection", __name__, template_folder="templates", url_prefix="/v/<handle>/connection"
)


def _page(handle: str, connection: Connection, findings: list[doctor.Finding] | None = None) -> str:
    settings = visits.settings_of_app()
    found = findings or []
    return render_template(
        "launch/connection.html",
        handle=handle,
        connection=connection,
        granted=scope_words(connection.granted),
        withheld=scope_words(connection.withheld),
        findings=findings,
        problems=sum(one.state == doctor.PROBLEM for one in found),
        doubts=sum(one.state == doctor.UNKNOWN for one in found),
        titles=CHECK_TITLES,
        groups=manual_values(settings),
    )


@blueprint.get("/")
@who_may("admin")
def show(handle: str) -> ResponseReturnValue:
    """How the connection stands, as far as we know without asking."""
    return _page(handle, get_connection(session(), visits.current()))


@blueprint.post("/")
@who_may("admin")
def check(handle: str) -> ResponseReturnValue:
    """Ask the platform, and say what to change. No transaction is open while it is asked."""
    visit, settings = visits.current(), visits.settings_of_app()
    wait_s = limits.count_check(database(), settings, visit.registration_id)
    if wait_s:
        return error_page(
            429,
            "This connection was checked several times in the last minute.",
            "Then go back and check again.",
            "too_often",
            wait_s=wait_s,
        )
    findings = check_connection(database(), settings, visit)
    with database().read() as reading:
        connection = get_connection(reading, visit)
    log.info("connection checked", registration=visit.registration_id)
    return _page(handle, connection, findings)
