"""A guest's link: looked at by GET, which changes nothing; opened by POST."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lti_tool.core.errors import NotAllowed
from lti_tool.db import abandon, database, session
from lti_tool.lti import limits
from lti_tool.lti.addresses import origin
from lti_tool.people import guest_links, guest_purposes, guests, visits
from lti_tool.web.errors import error_page
from lti_tool.web.policy import PUBLIC, who_may

blueprint = Blueprint("guests", __name__, template_folder="templates")
_PROOF = "the signed address is the proof, and whoever has it is the guest"


def _unknown() -> ResponseReturnValue:
    """An address that was never given; counted, so that guessing is slow."""
    abandon()
    wait_s = limits.count_here(database(), visits.settings_of_app(), limits.LINKS)
    return error_page(
        404,
        "This is not an address that we gave to anybody.",
        "Copy the whole address from your message, to its last letter.",
        "link_unknown",
        wait_s=wait_s,
    )


def _over(error: guest_links.LinkOver, token: str) -> ResponseReturnValue:
    purpose = guest_purposes.find_purpose(error.link.purpose)
    if purpose is not None and purpose.over is not None:
        return purpose.over(error.link, token)
    return error_page(410, error.sentence, "", "link_over", title="This link has closed")


@blueprint.get("/g/open/<token>")
@who_may(PUBLIC, because=_PROOF)
def look(token: str) -> ResponseReturnValue:
    """What the link is for, with a button; a mail scanner that follows it changes nothing."""
    try:
        link = guest_links.find_link(session(), visits.settings_of_app(), token)
    except guest_links.LinkOver as error:
        return _over(error, token)
    purpose = guest_purposes.find_purpose(link.purpose) if link else None
    if link is None or purpose is None:
        return _unknown()
    if purpose.look is not None:
        return purpose.look(link, token)
    return render_template(
        "people/guest_link.html",
        name=link.name,
        asked=purpose.asked,
        expires_at=link.expires_at,
    )


@blueprint.post("/g/open/<token>")
@who_may(PUBLIC, because=_PROOF)
def open_link(token: str) -> ResponseReturnValue:
    """Turn the link into a guest visit."""
    settings = visits.settings_of_app()
    own = origin(settings.base_url)
    if request.headers.get("Origin", own) != own:
        raise NotAllowed("Open the address from your message, then press the button there.")
    try:
        link = guest_links.find_link(session(), settings, token)
        if link is None:
            return _unknown()
        handle, secret = guests.begin(session(), link)
        purpose = guest_purposes.find_purpose(link.purpose)
        if purpose is not None and purpose.opened is not None:
            purpose.opened(session(), link)
    except guest_links.LinkOver as error:
        return _over(error, token)
    response = redirect(f"/g/{handle}/{link.purpose}/", 303)
    guests.set_cookie(response, handle, secret)
    return response
