"""Pages before the mentor's door: what a link opens, what stands there once it opens nothing any
more, and where a mentor without a link asks for a fresh one.

All of these are public. A link goes only to an address on file, and nothing here tells whether an
address or a link is known.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.activities.placement_log.mentoring import doors, fresh_links
from lti_tool.activities.placement_log.mentoring.forms import AddressForm
from lti_tool.activities.placement_log.mentoring.wording import load_mentor_words
from lti_tool.core.errors import NotAllowed
from lti_tool.db import database, session
from lti_tool.db.statements import AnyRow
from lti_tool.lti import limits
from lti_tool.lti.addresses import origin
from lti_tool.people import guest_links, guest_purposes, visits
from lti_tool.people.queries import names_of
from lti_tool.web.errors import error_page
from lti_tool.web.policy import PUBLIC, who_may

blueprint = Blueprint(
    "mentor_door", __name__, template_folder="../templates", url_prefix="/mentor/link"
)
_ASKED = "mentor link"
_MOST_A_MINUTE = 5
"""Requests for links from one place, whatever address they name."""


def look(link: AnyRow, token: str) -> ResponseReturnValue:
    """What the link is for, with a button; a mail scanner that follows it changes nothing."""
    door = doors.find_door(session(), link.id)
    if door is None or not door.is_open:
        return over(link, token)
    person_id = door.mentorship.person_id
    return render_template(
        "mentoring/door.html",
        name=link.name,
        participant=names_of(session(), (person_id,))[person_id],
        expires_at=link.expires_at,
        words=load_mentor_words(visits.settings_of_app().config_dir),
    )


def over(link: AnyRow, token: str) -> ResponseReturnValue:
    """A link that opens nothing any more: thanks where the mentorship has ended, else a way to a
    fresh one."""
    door = doors.find_door(session(), link.id)
    return render_template(
        "mentoring/door_over.html",
        is_running=door is not None and door.is_open,
        token=token,
        words=load_mentor_words(visits.settings_of_app().config_dir),
    ), 410


def _count() -> ResponseReturnValue | None:
    """Count a request for a link; the page that says it was too often, or None."""
    settings = visits.settings_of_app()
    own = origin(settings.base_url)
    if request.headers.get("Origin", own) != own:
        raise NotAllowed("Open the page itself, then press the button there.")
    wait_s = limits.count(database(), settings, _ASKED, limits.client_place(), _MOST_A_MINUTE)
    if not wait_s:
        return None
    return error_page(
        429,
        "Links were asked for from here several times.",
        "Then ask again.",
        "too_often",
        wait_s=wait_s,
    )


@blueprint.get("")
@who_may(
    PUBLIC, because="a mentor without a link has nothing to show; it goes to the address on file"
)
def ask(form: AddressForm | None = None) -> ResponseReturnValue:
    """Where a mentor types their address."""
    return render_template("mentoring/ask_link.html", form=form or AddressForm())


@blueprint.post("")
@who_may(
    PUBLIC, because="a mentor without a link has nothing to show; it goes to the address on file"
)
def ask_by_address() -> ResponseReturnValue:
    """Send links to an address, if it is a mentor's; the answer is the same if it is not."""
    refused = _count()
    if refused is not None:
        return refused
    form = AddressForm(request.form)
    if not form.validate():
        page = render_template("mentoring/ask_link.html", form=form, has_errors=True)
        return page, 422
    fresh_links.send_to_address(session(), visits.settings_of_app(), form.email.data)
    return redirect(url_for("mentor_door.sent"), 303)


@blueprint.post("/<token>")
@who_may(
    PUBLIC, because="a link that was given says whose; the fresh one goes to the address on file"
)
def ask_by_link(token: str) -> ResponseReturnValue:
    """Send a fresh link in place of one that opens nothing any more."""
    refused = _count()
    if refused is not None:
        return refused
    settings = visits.settings_of_app()
    try:
        link = guest_links.find_link(session(), settings, token)
    except guest_links.LinkOver as error:
        link = error.link
    door = doors.find_door(session(), link.id) if link is not None else None
    if door is not None:
        fresh_links.send_again(session(), settings, door)
    return redirect(url_for("mentor_door.sent"), 303)


@blueprint.get("/sent")
@who_may(PUBLIC, because="it says the same to everybody")
def sent() -> ResponseReturnValue:
    """What happens next, alike for every address."""
    return render_template(
        "web/message.html",
        title="Look in your mailbox",
        text=[
            "If this address is the one on file for a mentor, a link is on its way to it. It can "
            "take a few minutes; look among unwanted mail too.",
            "No message? Then the address on file is another one, or several links were sent "
            "today already. Ask the participant whom you mentor, or their tutor.",
        ],
        links=[{"label": "Ask again", "url": url_for("mentor_door.ask")}],
    )


guest_purposes.register(
    guest_purposes.Purpose(
        key=doors.PURPOSE,
        role_label="Mentor",
        nav=(("Your participant", "mentoring.overview"), ("Ask the tutor", "mentoring.ask")),
        look=look,
        over=over,
        opened=fresh_links.end_older,
    )
)
