"""The examiner's pages, reached by a link: read-only but for comments."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.core.numerals import plain
from lti_tool.db import session
from lti_tool.marking.examiner import operations
from lti_tool.marking.examiner.forms import CommentForm
from lti_tool.marking.examiner.pack import make_zip
from lti_tool.marking.examiner.queries import (
    Pack,
    get_document,
    get_pack,
    list_comments,
    list_judgements,
)
from lti_tool.marking.moderation import words
from lti_tool.marking.moderation.scaling import in_words
from lti_tool.marking.remarks import list_remarks
from lti_tool.marking.remarks_shown import render_with
from lti_tool.people import guest_purposes, guests, visits
from lti_tool.people.guest_links import EXAMINER
from lti_tool.web import notices
from lti_tool.web.policy import who_may

blueprint = Blueprint(
    "examiner", __name__, template_folder="../templates", url_prefix="/g/<handle>/examiner"
)
guest_purposes.register(
    guest_purposes.Purpose(
        key=EXAMINER,
        role_label="External examiner",
        asked="to look at the marking of a course",
        nav=(("The marking", "examiner.overview"), ("Rubric and rules", "examiner.rubric")),
    )
)
notices.register(
    comment_kept=("success", "Your comment is kept. The course’s markers can read it."),
)


def _pack() -> Pack:
    guest = guests.current()
    return get_pack(session(), visits.settings_of_app().config_dir, guest.subject_id)


def _page(handle: str, pack: Pack, form: CommentForm, status: int = 200) -> ResponseReturnValue:
    guest = guests.current()
    return render_template(
        "examiner/overview.html",
        handle=handle,
        pack=pack,
        comments=list_comments(session(), pack.assignment.id, guest.guest_id),
        expires_at=guest.expires_at,
        form=form,
        has_errors=bool(form.errors),
        plain=plain,
        words=words,
        in_words=in_words,
    ), status


@blueprint.get("/")
@who_may("examiner")
def overview(handle: str) -> ResponseReturnValue:
    """The sample, the spread of marks, the record of moderation, comments and replies."""
    return _page(handle, _pack(), CommentForm())


@blueprint.get("/rubric")
@who_may("examiner")
def rubric(handle: str) -> ResponseReturnValue:
    """The rubric and the rules that the work was marked by."""
    return render_template("examiner/rubric.html", handle=handle, pack=_pack(), plain=plain)


@blueprint.get("/work/<int:at>")
@who_may("examiner")
def work(handle: str, at: int) -> ResponseReturnValue:
    """One piece of the sample with its marks and feedback."""
    pack = _pack()
    piece = pack.get_piece(at)
    document = get_document(session(), piece)
    return render_template(
        "examiner/work.html",
        handle=handle,
        pack=pack,
        piece=piece,
        at=at,
        judgements=list_judgements(session(), piece),
        rendered=render_with(
            pack.assignment.activity,
            document,
            list_remarks(session(), piece.work.submission_id),
            {},
        ),
        plain=plain,
        words=words,
    )


@blueprint.get("/pack.zip")
@who_may("examiner")
def download(handle: str) -> ResponseReturnValue:
    """All of it as a zip file: pages to read in any browser, and the figures as a workbook."""
    data = make_zip(session(), _pack())
    answer = Response(data, mimetype="application/zip")
    answer.headers["Content-Disposition"] = 'attachment; filename="examiner-pack.zip"'
    return answer


@blueprint.post("/comments")
@who_may("examiner")
def comment(handle: str) -> ResponseReturnValue:
    """Keep a comment."""
    pack = _pack()
    form = CommentForm(request.form)
    if not form.validate():
        return _page(handle, pack, form, 422)
    operations.comment(session(), pack.assignment, guests.current().guest_id, form.text.data)
    return redirect(url_for("examiner.overview", handle=handle, done="comment-kept"), 303)
