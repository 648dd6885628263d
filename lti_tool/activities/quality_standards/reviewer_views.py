"""The reviewer's pages, reached by a link: what was submitted, its files, room for comments."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.activities.quality_standards import commenting, reading, trail
from lti_tool.activities.quality_standards.document import standards_of
from lti_tool.activities.quality_standards.forms import CommentForm
from lti_tool.activities.quality_standards.pages import as_download
from lti_tool.activities.quality_standards.reviewing import open_submitted
from lti_tool.activities.quality_standards.taking_out.rendering import render_document, title_of
from lti_tool.core.errors import NotFound
from lti_tool.db import session
from lti_tool.people import guests
from lti_tool.people.queries import names_of
from lti_tool.web import notices
from lti_tool.web.policy import who_may

blueprint = Blueprint(
    "reviewing", __name__, template_folder="templates", url_prefix="/g/<handle>/reviewer"
)
notices.register(review_kept=("success", "Your comment is with the programme team."))


def _page(
    handle: str, *, form: CommentForm | None = None, wanted: str = "", status: int = 200
) -> ResponseReturnValue:
    guest = guests.current()
    _, submitted = open_submitted(session(), guest)
    comments = trail.comments_of(session(), guest.subject_id)
    people = reading.ids_of(
        (one.person_id for one in comments),
    )
    choices = [
        (one["id"], f"{one['label']} {one['title']}") for one in standards_of(submitted.document)
    ]
    return render_template(
        "quality_standards/review.html",
        handle=handle,
        guest=guest,
        document=submitted.document,
        title=title_of(submitted.document),
        submitted=submitted,
        body=render_document(
            session(),
            submitted.document,
            lambda number: url_for("reviewing.file", handle=handle, number=number),
            lambda item_id: url_for(
                "reviewing.submission", handle=handle, about=item_id, _anchor="standard"
            ),
        ),
        comments=comments,
        labels=dict(choices),
        choices=choices,
        wanted=wanted,
        names=names_of(session(), people),
        form=form or CommentForm(),
        has_errors=bool(form and form.errors),
    ), status


@blueprint.get("/")
@who_may("reviewer")
def submission(handle: str) -> ResponseReturnValue:
    """What was submitted; `about` names the standard that a comment is to be about."""
    return _page(handle, wanted=request.args.get("about", ""))


@blueprint.get("/files/<int:number>")
@who_may("reviewer")
def file(handle: str, number: int) -> ResponseReturnValue:
    """A file of the submission, by its number there."""
    programme_id, submitted = open_submitted(session(), guests.current())
    for standard in standards_of(submitted.document):
        for one in standard["evidence"]:
            if one["number"] == number and one["digest"]:
                content = reading.get_file(session(), programme_id, one["digest"])
                return as_download(content, one["file_name"], one["media_type"])
    raise NotFound("There is no such file in what was submitted.")


@blueprint.post("/comments")
@who_may("reviewer")
def comment(handle: str) -> ResponseReturnValue:
    """Say something of a standard, or of the whole."""
    guest, form = guests.current(), CommentForm(request.form)
    _, submitted = open_submitted(session(), guest)
    wanted = request.form.get("standard", "")
    known = {one["id"] for one in standards_of(submitted.document)}
    if wanted and wanted not in known:
        raise NotFound("There is no such standard in what was submitted.")
    if not form.validate():
        return _page(handle, form=form, wanted=wanted, status=422)
    commenting.comment(
        session(), guest.subject_id, wanted, form["text"].data, guest_id=guest.guest_id
    )
    return redirect(url_for("reviewing.submission", handle=handle, done="review-kept"), 303)
