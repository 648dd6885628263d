"""The staff's first page: how the installation stands, and an examination of all of it."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lti_tool.db import database
from lti_tool.gradebook import states
from lti_tool.lti import limits
from lti_tool.lti.registrations import list_registrations
from lti_tool.mail import outbox
from lti_tool.monitoring.doctor import examine
from lti_tool.monitoring.findings import Finding
from lti_tool.monitoring.parts import count_wake_ups
from lti_tool.monitoring.readings import LATE_S, OK, look_at_parts, take_glance
from lti_tool.people.visits import settings_of_app
from lti_tool.staff.provider import look
from lti_tool.web.errors import error_page
from lti_tool.web.policy import who_may

blueprint = Blueprint("staff", __name__, template_folder="templates", url_prefix="/staff")
_PARTS = {
    "database": ("Database", "It answers."),
    "migrations": ("Tables", "They fit this release."),
    "queue": ("Queue", "It takes wake-ups for the worker."),
    "keys": ("Signing keys", "They can be read."),
}
"""What each part is called, and what is said where it is well."""


def ago(seconds: float) -> str:
    """A time in words, roughly: "3 minutes", "2 days"."""
    for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
        count = int(seconds // length)
        if count:
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return "less than a minute"


def _page(findings: list[Finding] | None = None) -> str:
    settings, wake_ups = settings_of_app(), count_wake_ups()
    parts = look_at_parts(database(), settings, wake_ups)
    with database().read() as reading:
        glance = take_glance(reading)
        registrations = list_registrations(reading)
    found = [one for one in findings or [] if not one.is_ok]
    return render_template(
        "staff/overview.html",
        parts=[(*_PARTS[name], words, words == OK) for name, words in parts.items()],
        glance=glance,
        waiting=glance.deliveries.get(states.WAITING, 0),
        needing=glance.deliveries.get(states.NEEDS_PERSON, 0),
        delivered=glance.deliveries.get(states.DELIVERED, 0),
        is_late=glance.oldest_delivery_s >= LATE_S,
        oldest=ago(glance.oldest_delivery_s),
        wake_ups=wake_ups,
        has_mail=bool(settings.mail_url),
        mail_waiting=glance.mail.get(outbox.WAITING, 0),
        mail_failed=glance.mail.get(outbox.FAILED, 0) + glance.mail.get(outbox.UNSURE, 0),
        oldest_mail=ago(glance.oldest_mail_s),
        registrations=registrations,
        pending=sum(not one["is_approved"] for one in registrations),
        findings=findings,
        problems=found,
    )


@blueprint.get("/")
@who_may("staff")
def overview() -> ResponseReturnValue:
    """How the tool stands at this moment."""
    return _page()


@blueprint.post("/examine")
@who_may("staff")
def examine_all() -> ResponseReturnValue:
    """What `lti-tool doctor` finds, with no transaction open: it asks the mail server too."""
    settings = settings_of_app()
    wait_s = limits.count_examination(database(), settings)
    if wait_s:
        return error_page(
            429,
            "The tool was examined several times in the last minute.",
            "Then go back and examine it again.",
            "too_often",
            wait_s=wait_s,
        )
    return _page([*examine(settings), look(settings)])
