"""Registrations on the staff's pages: which platforms may launch the tool, and whether they can."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.audit.operations import Actor, by_staff
from lti_tool.core.digests import document_digest
from lti_tool.core.errors import Conflict
from lti_tool.db import abandon, database, session
from lti_tool.gradebook.queries import find_line_items_url
from lti_tool.launch.connection import check
from lti_tool.launch.registering_words import scope_words
from lti_tool.lti import approvals, doctor, invitations, key_sets, limits, registrations
from lti_tool.lti.doctor_words import CHECK_TITLES
from lti_tool.lti.places import find_memberships_url
from lti_tool.lti.registering import SCOPES
from lti_tool.people.visits import settings_of_app
from lti_tool.staff import sessions
from lti_tool.staff.forms import InviteForm, NameForm
from lti_tool.web import notices
from lti_tool.web.errors import error_page
from lti_tool.web.logs import log
from lti_tool.web.policy import who_may

blueprint = Blueprint(
    "staff_registrations",
    __name__,
    template_folder="templates",
    url_prefix="/staff/registrations",
)
notices.register(
    staff_switched_on=("success", "Switched on."),
    staff_switched_off=("success", "Switched off. Launches are refused and its marks wait."),
    staff_renamed=("success", "The name is changed."),
    staff_approved=("success", "Approved. It may launch the tool now."),
)
_USUAL_DAYS = 7


def _by() -> Actor:
    return by_staff(sessions.current().member_id)


def _list_page(form: InviteForm, link: str | None = None) -> str:
    return render_template(
        "staff/registrations.html",
        registrations=registrations.list_registrations(session()),
        form=form,
        link=link,
        has_errors=bool(form.errors),
    )


@blueprint.get("/")
@who_may("staff")
def index() -> ResponseReturnValue:
    """All of them, with their state."""
    return _list_page(InviteForm(data={"days": _USUAL_DAYS}))


@blueprint.post("/invite")
@who_may("staff administrator")
def invite() -> ResponseReturnValue:
    """Make a one-time link and show it, this once: only a digest of it is kept."""
    form = InviteForm(request.form)
    if not form.validate():
        return _list_page(form), 422
    link = invitations.make_invitation(
        session(), settings_of_app(), form.name.data, form.days.data, _by()
    )
    return _list_page(InviteForm(data={"days": _USUAL_DAYS}), link)


def _one_page(
    number: int, findings: list[doctor.Finding] | None = None, form: NameForm | None = None
) -> str:
    with database().read() as reading:
        registrations.get_registration(reading, number)
        found = registrations.list_registrations(reading)
        proposal = approvals.find_proposal(reading, number)
        read_at, kids = key_sets.list_kept(reading, number)
    one = next(each for each in found if each["id"] == number)
    form = form or NameForm(data={"name": one["name"]})
    shown = findings or []
    return render_template(
        "staff/registration.html",
        one=one,
        form=form,
        has_errors=bool(form.errors),
        granted=scope_words(tuple(each for each in SCOPES if each in one["scopes"].split())),
        proposal=proposal,
        seen=document_digest(proposal or {}),
        read_at=read_at,
        kids=kids,
        findings=findings,
        problems=sum(each.state == doctor.PROBLEM for each in shown),
        doubts=sum(each.state == doctor.UNKNOWN for each in shown),
        titles=CHECK_TITLES,
    )


@blueprint.get("/<int:number>")
@who_may("staff")
def show(number: int) -> ResponseReturnValue:
    """One of them, as far as we know without asking."""
    return _one_page(number)


@blueprint.post("/<int:number>/check")
@who_may("staff")
def examine(number: int) -> ResponseReturnValue:
    """Ask the platform whether all works. No transaction is open while it is asked."""
    settings = settings_of_app()
    wait_s = limits.count_check(database(), settings, number)
    if wait_s:
        return error_page(
            429,
            "This connection was checked several times in the last minute.",
            "Then go back and check again.",
            "too_often",
            wait_s=wait_s,
        )
    with database().read() as reading:
        patient = doctor.Patient(
            database(),
            settings,
            registrations.get_registration(reading, number),
            find_memberships_url(reading, number),
            find_line_items_url(reading, number),
        )
    findings = check(patient, _by())
    log.info("connection checked", registration=number)
    return _one_page(number, findings)


@blueprint.post("/<int:number>/approve")
@who_may("staff administrator")
def approve(number: int) -> ResponseReturnValue:
    """Let it in, or apply what its platform proposes: what the page showed and nothing else."""
    registrations.get_for_change(session(), number)
    proposal = approvals.find_proposal(session(), number)
    if request.form.get("seen", "") != document_digest(proposal or {}):
        abandon()
        raise Conflict(
            "The platform has proposed something else since you opened this page. Go back, reload "
            "it and look again."
        )
    approvals.approve(session(), settings_of_app(), number, _by())
    return _back(number, "staff-approved")


@blueprint.post("/<int:number>/name")
@who_may("staff administrator")
def rename(number: int) -> ResponseReturnValue:
    """Change under which name people outside read of it."""
    form = NameForm(request.form)
    if not form.validate():
        return _one_page(number, form=form), 422
    registrations.set_name(session(), number, form.name.data, _by())
    return _back(number, "staff-renamed")


@blueprint.post("/<int:number>/switch")
@who_may("staff administrator")
def switch(number: int) -> ResponseReturnValue:
    """Switch it on or off, or one of its deployments."""
    on = request.form.get("to") == "on"
    deployment = request.form.get("deployment")
    if deployment is None:
        registrations.set_enabled(session(), number, on, _by())
    else:
        registrations.set_deployment_enabled(session(), number, deployment, on, _by())
    return _back(number, "staff-switched-on" if on else "staff-switched-off")


def _back(number: int, done: str) -> ResponseReturnValue:
    return redirect(url_for("staff_registrations.show", number=number, done=done), 303)
