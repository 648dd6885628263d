"""The page on which people choose the messages they get by e-mail. A tick for each kind; none
is forced on anybody."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.db import session
from lti_tool.mail.choices import choose, list_unwanted
from lti_tool.mail.words import PARTICIPANT, TUTOR, Kind, load_messages
from lti_tool.people import visits
from lti_tool.people.queries import find_address
from lti_tool.web import notices
from lti_tool.web.policy import who_may

blueprint = Blueprint(
    "messages", __name__, template_folder="templates", url_prefix="/v/<handle>/messages"
)
notices.register(messages_kept=("success", "Your choice is kept."))


def _offered() -> list[Kind]:
    """The kinds for what this person is here; a preview shows the tutor's own."""
    visit = visits.current()
    audiences = {TUTOR} if visit.is_tutor or visit.is_preview else {PARTICIPANT}
    config_dir = visits.settings_of_app().config_dir
    return load_messages(config_dir).choices_for(frozenset(audiences))


@blueprint.get("/")
@who_may("anyone here")
def messages(handle: str) -> ResponseReturnValue:
    """Which messages this person gets, and where."""
    visit, settings = visits.current(), visits.settings_of_app()
    return render_template(
        "people/messages.html",
        handle=handle,
        kinds=_offered(),
        unwanted=list_unwanted(session(), visit.person_id),
        address=find_address(session(), visit.person_id),
        is_sent=bool(settings.mail_url),
    )


@blueprint.post("/")
@who_may("anyone here")
def keep(handle: str) -> ResponseReturnValue:
    """Keep the choice; kinds that were not offered stay as they are."""
    offered = {kind.key for kind in _offered()}
    wanted = offered & set(request.form.getlist("wanted"))
    choose(session(), visits.current().person_id, sorted(offered), wanted)
    return redirect(url_for("messages.messages", handle=handle, done="messages-kept"), 303)
