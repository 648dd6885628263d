"""The leader's page of the assessment board: a sheet to take, a list to bring back, one act.

Between the look and the recording the file travels in the page itself; it is never kept.
"""

import base64

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.core.errors import Unusable
from lti_tool.core.numerals import plain
from lti_tool.coursework.queries import AssignmentRead, get_assignment
from lti_tool.coursework.resetting import require_open
from lti_tool.db import session
from lti_tool.marking.board.matching import Preview, look, record_board
from lti_tool.marking.board.reading import load_headings, read_lines
from lti_tool.marking.board.sheet import make_sheet
from lti_tool.marking.terms import get_terms
from lti_tool.papers.lists import open_list
from lti_tool.papers.reading import LARGEST_FILE
from lti_tool.people import visits
from lti_tool.people.access import contexts_of
from lti_tool.web import notices
from lti_tool.web.forms import Form, Text, Tick
from lti_tool.web.policy import who_may
from lti_tool.web.uploads import posted_file

blueprint = Blueprint(
    "board",
    __name__,
    template_folder="../templates",
    url_prefix="/v/<handle>/board/<int:assignment_id>",
)
notices.register(
    board_recorded=(
        "success",
        "The board’s results are recorded. Participants see them as confirmed.",
    )
)


class RecordForm(Form):
    """Which board it was, and the word that rows with a problem may stay out."""

    reason = Text("Which board, and when", max_length=500)
    leave_out = Tick("Leave out the rows with a problem")


def _assignment(assignment_id: int) -> AssignmentRead:
    return get_assignment(session(), assignment_id, contexts_of(visits.current()))


def _uploaded() -> bytes:
    """The file of this post, from the file field or from the page."""
    return posted_file(
        LARGEST_FILE, "Choose the file that holds the board’s results (.xlsx or .csv)."
    )


def _page(
    handle: str,
    assignment: AssignmentRead,
    *,
    preview: Preview | None = None,
    data: bytes = b"",
    form: RecordForm | None = None,
    sentence: str | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    return render_template(
        "marking/board.html",
        handle=handle,
        assignment=assignment,
        preview=preview,
        file_data=base64.b64encode(data).decode(),
        form=form or RecordForm(),
        sentence=sentence,
        has_errors=bool(sentence or (form and form.errors)),
        plain=plain,
    ), status


@blueprint.get("/")
@who_may("leader")
def board(handle: str, assignment_id: int) -> ResponseReturnValue:
    """The sheet to take to the board, and the place to bring its results."""
    return _page(handle, _assignment(assignment_id))


@blueprint.get("/sheet.xlsx")
@who_may("leader")
def sheet(handle: str, assignment_id: int) -> ResponseReturnValue:
    """What is released, with raw, penalty, cap and final apart, as a workbook."""
    assignment = _assignment(assignment_id)
    terms = get_terms(session(), visits.settings_of_app().config_dir, assignment)
    return Response(
        make_sheet(session(), assignment, terms),
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={
            "Content-Disposition": 'attachment; filename="assessment-board.xlsx"',
            "Cache-Control": "no-store",
        },
    )


@blueprint.post("/")
@who_may("leader")
def bring(handle: str, assignment_id: int) -> ResponseReturnValue:
    """Look at a list, or record it as it was looked at."""
    assignment = _assignment(assignment_id)
    require_open(assignment)
    try:
        data = _uploaded()
        headings = load_headings(visits.settings_of_app().config_dir)
        lines = read_lines(open_list(data), headings)
    except Unusable as error:
        return _page(handle, assignment, sentence=error.sentence, status=422)
    terms = get_terms(session(), visits.settings_of_app().config_dir, assignment)
    preview = look(session(), assignment, terms, lines)
    if request.form.get("act") != "record":
        return _page(handle, assignment, preview=preview, data=data)
    return _record(handle, assignment, preview, data)


def _record(
    handle: str, assignment: AssignmentRead, preview: Preview, data: bytes
) -> ResponseReturnValue:
    form = RecordForm(request.form)
    form.validate()
    if preview.problems and not form.leave_out.data:
        form.problem("leave_out", "Tick this, or mend the rows with a problem first.")
    if form.errors:
        return _page(handle, assignment, preview=preview, data=data, form=form, status=422)
    if request.form.get("shown") != preview.digest or not preview.recordable:
        said = (
            "Marks were changed since you looked. Look at the list again, then record it."
            if preview.recordable
            else "There is nothing in this list to record."
        )
        return _page(
            handle, assignment, preview=preview, data=data, form=form, sentence=said, status=409
        )
    terms = get_terms(session(), visits.settings_of_app().config_dir, assignment)
    record_board(
        session(),
        assignment,
        terms,
        preview,
        reason=form.reason.data,
        actor_id=visits.current().person_id,
    )
    return redirect(
        url_for("board.board", handle=handle, assignment_id=assignment.id, done="board-recorded"),
        303,
    )
