"""The participant's page for one visit's confirmation: ask, show the code, send again, withdraw."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.activities.placement_log import states
from lti_tool.activities.placement_log.confirming import operations, proofs
from lti_tool.activities.placement_log.confirming.codes import code_of
from lti_tool.activities.placement_log.confirming.forms import AskForm
from lti_tool.activities.placement_log.confirming.letters import address_of_codes
from lti_tool.activities.placement_log.confirming.pictures import draw_code
from lti_tool.activities.placement_log.confirming.posted import letters_of
from lti_tool.activities.placement_log.confirming.queries import AskedRead, find_asked, find_host
from lti_tool.activities.placement_log.confirming.shown import (
    day_in_words,
    school_in_words,
    what_is_shown,
)
from lti_tool.activities.placement_log.confirming.visit_rows import get_own_visit
from lti_tool.activities.placement_log.pages import TRUST
from lti_tool.activities.placement_log.visit_reads import VisitRead
from lti_tool.core.errors import Conflict
from lti_tool.db import session
from lti_tool.people import visits
from lti_tool.web import notices
from lti_tool.web.policy import who_may
from lti_tool.web.trust import show_trust_line

notices.register(
    host_asked=("success", "The host is asked. You get a message when they answer."),
    host_asked_again=("success", "The message is sent again."),
    code_ready=("info", "Show this to the person who hosted you before you leave."),
    host_not_asked=("success", "It is taken back. The link and the code open nothing any more."),
)
_NUMBER = "/visits/<int:number>/confirm"


def _visit(number: int) -> VisitRead:
    here = visits.current()
    return get_own_visit(session(), here.assignment_id or 0, here.person_id, number)


def _code(asked: AskedRead | None) -> dict[str, object] | None:
    """The code of an open asking, as letters and as a picture."""
    if asked is None or not asked.is_waiting:
        return None
    settings = visits.settings_of_app()
    code = code_of(session(), settings, asked.latest.id)
    if code is None:
        return None
    ticket = proofs.make_ticket(settings.secret_key, proofs.Ticket(asked.latest.id, proofs.CODE))
    address = settings.base_url.rstrip("/") + url_for("confirming.look", ticket=ticket)
    return {
        "letters": proofs.in_groups(code),
        "picture": draw_code(address),
        "page": address_of_codes(settings),
    }


def _page(
    handle: str, number: int, *, form: AskForm | None = None, sentence: str = "", status: int = 200
) -> ResponseReturnValue:
    show_trust_line(TRUST)
    settings = visits.settings_of_app()
    visit = _visit(number)
    asked = find_asked(session(), settings.config_dir, visit)
    if form is None:
        form = AskForm(data=find_host(session(), visit))
    shown = what_is_shown(session(), settings.config_dir, visit)
    return render_template(
        "placement_log/confirming/participant.html",
        handle=handle,
        visit=visit,
        day=day_in_words(shown),
        school=school_in_words(shown),
        asked=asked,
        code=_code(asked),
        letter=letters_of(session(), [asked.latest]).get(asked.latest.id) if asked else None,
        may_ask=visit.state == states.DONE,
        sends_mail=bool(settings.mail_url),
        form=form,
        sentence=sentence,
        has_errors=bool(form.errors or sentence),
    ), status


def _back(handle: str, number: int, done: str) -> ResponseReturnValue:
    return redirect(
        url_for("placement_log.confirming", handle=handle, number=number, done=done), 303
    )


def confirming(handle: str, number: int) -> ResponseReturnValue:
    """Where the visit stands with its host, with the code while somebody is asked."""
    return _page(handle, number)


def ask_host(handle: str, number: int) -> ResponseReturnValue:
    """Send somebody at the host school a link."""
    form, visit = AskForm(request.form), _visit(number)
    if not form.validate():
        return _page(handle, number, form=form, status=422)
    try:
        operations.ask(
            session(),
            visits.settings_of_app(),
            visit,
            name=form.name.data,
            email=form.email.data,
            actor_id=visits.current().person_id,
        )
    except Conflict as error:
        return _page(handle, number, form=form, sentence=error.sentence, status=409)
    return _back(handle, number, "host-asked")


def show_code(handle: str, number: int) -> ResponseReturnValue:
    """Show a code on this device."""
    visit = _visit(number)
    try:
        operations.show_code(
            session(), visits.settings_of_app(), visit, actor_id=visits.current().person_id
        )
    except Conflict as error:
        return _page(handle, number, sentence=error.sentence, status=409)
    return _back(handle, number, "code-ready")


def send_again(handle: str, number: int) -> ResponseReturnValue:
    """Send the same link once more."""
    visit = _visit(number)
    try:
        operations.send_again(
            session(), visits.settings_of_app(), visit, actor_id=visits.current().person_id
        )
    except Conflict as error:
        return _page(handle, number, sentence=error.sentence, status=409)
    return _back(handle, number, "host-asked-again")


def withdraw(handle: str, number: int) -> ResponseReturnValue:
    """Take it back."""
    visit = _visit(number)
    if not operations.withdraw(session(), visit, actor_id=visits.current().person_id):
        sentence = "There was nothing to take back: nobody is asked at the moment."
        return _page(handle, number, sentence=sentence, status=409)
    return _back(handle, number, "host-not-asked")


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into the activity's blueprint."""
    blueprint.get(_NUMBER)(who_may("participant")(confirming))
    for path, view in (
        ("ask", ask_host),
        ("code", show_code),
        ("again", send_again),
        ("withdraw", withdraw),
    ):
        blueprint.post(f"{_NUMBER}/{path}")(who_may("participant")(view))
