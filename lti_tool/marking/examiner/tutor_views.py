"""The markers' page about external examiners: links given, comments, replies."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.db import session
from lti_tool.marking.examiner import operations
from lti_tool.marking.examiner.forms import InviteForm, ReplyForm
from lti_tool.marking.examiner.queries import list_comments
from lti_tool.marking.moderation.places import Place, get_place
from lti_tool.people import guest_links, visits
from lti_tool.web import notices
from lti_tool.web.policy import who_may

blueprint = Blueprint(
    "examiners",
    __name__,
    template_folder="../templates",
    url_prefix="/v/<handle>/moderation/<int:assignment_id>/examiner",
)
notices.register(
    link_revoked=("success", "The link is taken back. It opens nothing any more."),
    reply_kept=("success", "Your reply is kept. The examiner can read it."),
)
_USUAL_DAYS = 28


def _page(
    handle: str,
    place: Place,
    *,
    form: InviteForm | None = None,
    replies: dict[int, ReplyForm] | None = None,
    address: str | None = None,
    sentence: str | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    form = form or InviteForm(data={"days": _USUAL_DAYS})
    comments = list_comments(session(), place.assignment.id)
    forms = {
        one.id: (replies or {}).get(one.id) or ReplyForm(prefix=f"reply{one.id}-")
        for one in comments
    }
    return render_template(
        "examiner/invite.html",
        handle=handle,
        place=place,
        links=guest_links.list_links(
            session(), guest_links.EXAMINER, ("assignment", place.assignment.id)
        ),
        comments=comments,
        form=form,
        replies=forms,
        address=address,
        sentence=sentence,
        has_errors=bool(form.errors or sentence or any(one.errors for one in forms.values())),
    ), status


@blueprint.get("")
@who_may("tutor")
def examiners(handle: str, assignment_id: int) -> ResponseReturnValue:
    """The links given, whether they were opened, and what was said."""
    return _page(handle, get_place(session(), assignment_id))


@blueprint.post("")
@who_may("tutor")
def invite(handle: str, assignment_id: int) -> ResponseReturnValue:
    """Give a link. Its address is shown on this answer only; it is kept nowhere."""
    place = get_place(session(), assignment_id)
    form = InviteForm(request.form)
    if not form.validate():
        return _page(handle, place, form=form, status=422)
    settings, visit = visits.settings_of_app(), visits.current()
    link_id = operations.invite(
        session(),
        settings,
        place.assignment,
        registration_id=visit.registration_id,
        name=form.name.data,
        email=form.email.data,
        days=form.days.data,
        actor_id=visit.person_id,
    )
    return _page(handle, place, address=guest_links.address_of(settings, link_id))


@blueprint.post("/revoke")
@who_may("tutor")
def revoke(handle: str, assignment_id: int) -> ResponseReturnValue:
    """Take a link back."""
    place = get_place(session(), assignment_id)
    operations.revoke(
        session(),
        place.assignment,
        _number(request.form.get("link", "")),
        actor_id=visits.current().person_id,
    )
    return _back(handle, assignment_id, "link-revoked")


@blueprint.post("/reply")
@who_may("tutor")
def reply(handle: str, assignment_id: int) -> ResponseReturnValue:
    """Answer a comment."""
    place = get_place(session(), assignment_id)
    number = _number(request.form.get("comment", ""))
    form = ReplyForm(request.form, prefix=f"reply{number}-")
    if not form.validate():
        return _page(handle, place, replies={number: form}, status=422)
    try:
        operations.reply(
            session(),
            place.assignment,
            number,
            form["text"].data,
            actor_id=visits.current().person_id,
        )
    except operations.RepliedElsewhere as error:
        return _page(handle, place, replies={number: form}, sentence=error.sentence, status=409)
    return _back(handle, assignment_id, "reply-kept")


def _number(raw: str) -> int:
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 16 else 0


def _back(handle: str, assignment_id: int, done: str) -> ResponseReturnValue:
    address = url_for("examiners.examiners", handle=handle, assignment_id=assignment_id, done=done)
    return redirect(address, 303)
