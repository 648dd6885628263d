"""The host's page, reached by a link or a code: looked at by GET, answered by POST.

No account and no cookie: the signed address is the proof, good for one visit. Looking changes
nothing, since mail scanners follow links.
"""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.activities.placement_log.confirming import operations, proofs
from lti_tool.activities.placement_log.confirming.answering import (
    Answer,
    answer,
    pass_on,
)
from lti_tool.activities.placement_log.confirming.confirmation import NOT_MINE, WRONG, YES
from lti_tool.activities.placement_log.confirming.forms import (
    WRONG_CODE,
    CodeForm,
    PassForm,
    SignForm,
    WrongForm,
)
from lti_tool.activities.placement_log.confirming.host_pages import (
    doubts_about,
    show_over,
    show_page,
)
from lti_tool.activities.placement_log.confirming.proofs import CODE, LINK, Ticket
from lti_tool.activities.placement_log.confirming.queries import find_by_code
from lti_tool.core.errors import Conflict, NotAllowed
from lti_tool.db import abandon, database, session
from lti_tool.db.statements import AnyRow
from lti_tool.lti import limits
from lti_tool.lti.addresses import origin
from lti_tool.people import guest_purposes, guests, visits
from lti_tool.web.errors import error_page
from lti_tool.web.policy import PUBLIC, who_may

blueprint = Blueprint("confirming", __name__, template_folder="../templates")
_PROOF = "the signed address or the code is the proof, and whoever has it is the host"
_FORMS: dict[str, Any] = {YES: SignForm, WRONG: WrongForm, "pass": PassForm}


def _look_at_link(link: AnyRow, token: str) -> ResponseReturnValue:
    return show_page(Ticket(link.subject_id, LINK))


def _over(link: AnyRow, token: str) -> ResponseReturnValue:
    return show_over(Ticket(link.subject_id, LINK))


guest_purposes.register(
    guest_purposes.Purpose(
        key=operations.HOST, role_label="Host school", look=_look_at_link, over=_over
    )
)


def _require_own_page() -> None:
    own = origin(visits.settings_of_app().base_url)
    if request.headers.get("Origin", own) != own:
        raise NotAllowed("Open the address from your message, then press a button there.")


def _unknown() -> ResponseReturnValue:
    """A ticket that was never given; counted, so that guessing is slow."""
    abandon()
    wait_s = limits.count_here(database(), visits.settings_of_app(), limits.LINKS)
    return error_page(
        404,
        "This is not an address that we gave to anybody.",
        "Copy the whole address from your message, or scan the code again.",
        "ticket_unknown",
        wait_s=wait_s,
        links=[{"label": "Type a code instead", "url": url_for("confirming.enter_code")}],
    )


def _code_page(form: CodeForm, status: int = 200, **headers: str) -> ResponseReturnValue:
    page = render_template(
        "placement_log/confirming/code.html", form=form, has_errors=bool(form.errors)
    )
    return page, status, headers


@blueprint.get("/confirm")
@who_may(PUBLIC, because="a field for a code; the code is the proof")
def enter_code() -> ResponseReturnValue:
    """A field for the code."""
    return _code_page(CodeForm())


@blueprint.post("/confirm")
@who_may(PUBLIC, because="the code is the proof; wrong ones are counted and soon refused")
def read_code() -> ResponseReturnValue:
    """Lead a right code to its visit. A wrong one is answered alike whatever is the matter."""
    settings, form = visits.settings_of_app(), CodeForm(request.form)
    abandon()
    with database().read() as reading:
        wait_s = limits.seconds_to_wait(reading, settings, limits.CONFIRMS)
        code = form.cleaned() if form.validate() and not wait_s else None
        digest = proofs.code_digest(settings.secret_key, code or "")
        one = find_by_code(reading, digest) if code else None
    if one is not None:
        ticket = proofs.make_ticket(settings.secret_key, Ticket(one.id, CODE))
        return redirect(url_for("confirming.look", ticket=ticket), 303)
    if not form.errors and not wait_s:
        wait_s = limits.count_here(database(), settings, limits.CONFIRMS)
        form.problem("code", WRONG_CODE)
    if wait_s:
        form = CodeForm(request.form)
        form.problem("code", "This was too often in a short time. Wait a minute, then try again.")
        return _code_page(form, 429, **{"Retry-After": str(wait_s)})
    return _code_page(form, 422)


def _ticket(text: str) -> Ticket | None:
    return proofs.read_ticket(visits.settings_of_app().secret_key, text)


@blueprint.get("/confirm/<ticket>")
@who_may(PUBLIC, because=_PROOF)
def look(ticket: str) -> ResponseReturnValue:
    """The visit with its buttons; once answered, the receipt."""
    found = _ticket(ticket)
    return show_page(found) if found is not None else _unknown()


@blueprint.post("/confirm/<ticket>")
@who_may(PUBLIC, because=_PROOF)
def take_answer(ticket: str) -> ResponseReturnValue:
    """Take one of the four answers."""
    _require_own_page()
    found = _ticket(ticket)
    if found is None:
        return _unknown()
    act = request.form.get("act", "")
    if act not in (YES, WRONG, NOT_MINE, "pass"):
        return show_page(found, sentence="Choose one of the answers.", status=422)
    form = _FORMS[act](request.form, prefix=f"{act}-") if act in _FORMS else None
    if form is not None and not form.validate():
        return show_page(found, forms={act: form}, status=422)
    doubts = doubts_about(found, form) if isinstance(form, WrongForm) else []
    if doubts:
        return show_page(found, forms={act: form}, status=422, doubts=doubts)
    try:
        _keep(found, act, form)
    except operations.NotWaiting:
        return show_over(found, status=409)
    except Conflict as error:
        abandon()  # nothing of the try is to be seen on the page
        return show_page(found, forms={act: form}, sentence=error.sentence, status=409)
    return redirect(url_for("confirming.look", ticket=ticket), 303)


def _keep(ticket: Ticket, act: str, form: Any) -> None:
    settings = visits.settings_of_app()
    if act == "pass":
        pass_on(session(), settings, ticket, name=form.name.data, email=form.email.data)
        return
    typed = {} if form is None else form.data
    answer(session(), settings, ticket, Answer(act, request.form.get("seen", "")[:64], **typed))


@blueprint.get("/g/<handle>/host/")
@who_may(operations.HOST)
def by_visit(handle: str) -> ResponseReturnValue:
    """Whoever posted the link instead of looking at it comes to the same page."""
    settings, guest = visits.settings_of_app(), guests.current()
    ticket = proofs.make_ticket(settings.secret_key, Ticket(guest.subject_id, LINK))
    return redirect(url_for("confirming.look", ticket=ticket), 303)
