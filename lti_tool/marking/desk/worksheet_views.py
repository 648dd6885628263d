"""Taking a queue away as Word documents with a marking worksheet, and bringing it back.

The uploaded worksheet is never kept: between the preview and the saving it travels in the page.
"""

import base64
import io
import zipfile
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import NotFound, Sentence
from lti_tool.coursework.queries import AssignmentRead, get_assignment, get_copy
from lti_tool.coursework.resetting import require_open
from lti_tool.db import database, session
from lti_tool.marking.desk import filters
from lti_tool.marking.desk.bringing_back import CHANGED, Compared, compare, save_all
from lti_tool.marking.desk.pieces import Piece, Shelf, list_shelves
from lti_tool.marking.desk.worksheet import Line, make_worksheet, read_worksheet
from lti_tool.marking.moderation.remarks_seen import list_shown_of
from lti_tool.marking.queries import FIRST, list_judgements, rubric_of
from lti_tool.marking.remarks_shown import render_with
from lti_tool.papers.documents import to_docx
from lti_tool.papers.reading import LARGEST_FILE
from lti_tool.people import visits
from lti_tool.people.access import contexts_of
from lti_tool.web import notices
from lti_tool.web.policy import who_may
from lti_tool.web.uploads import posted_file

blueprint = Blueprint(
    "worksheet", __name__, template_folder="../templates", url_prefix="/v/<handle>/worksheet"
)
notices.register(
    worksheet_saved=("success", "The marks of the worksheet are saved. No participant sees them."),
)


def _own_first(piece: Piece, person_id: int) -> bool:
    """Whether the first marks are this marker's to give: not where they are its second marker."""
    kinds = {kind for kind, one in piece.markers if one == person_id}
    return not kinds or FIRST in kinds


def _shelf(shelves: Sequence[Shelf], assignment_id: int) -> Shelf:
    found = next((one for one in shelves if one.assignment.id == assignment_id), None)
    if found is None:
        raise NotFound("There is no such activity in this course.")
    return found


def _documents(reading: Any, shelf: Shelf, pieces: list[Piece]) -> dict[str, bytes]:
    """A Word document for each piece, by file name, with the remarks its marker may see. Names
    stay out while they are hidden."""
    assignment = shelf.assignment
    ids = [one.work.submission_id for one in pieces]
    me = visits.current().person_id
    shown = list_shown_of(reading, assignment, shelf.rules, ids, me)
    found = {}
    for piece in pieces:
        code = piece.work.candidate_code
        title = assignment.title if piece.hides_name else f"{assignment.title}: {piece.name}"
        lines = [f"Candidate code {code}.", f"Feedback is due by {piece.feedback_on:%d %B %Y}."]
        document = get_copy(reading, piece.work.copy_id).document
        own = shown.get(piece.work.submission_id, [])
        rendered = render_with(assignment.activity, document, own, {})
        found[f"{code}.docx"] = to_docx(title, lines, str(rendered))
    return found


def chosen_pieces(reading: Any, assignment_id: int) -> tuple[Shelf, list[Piece]]:
    """What a page of the queue shows of an assignment and this marker may judge first.

    :raises NotFound: the course has no such activity, or the filter leaves nothing.
    """
    visit = visits.current()
    shelves = list_shelves(reading, visit, visits.settings_of_app().config_dir)
    wanted = filters.read_filter(request.args, shelves, visit.person_id)
    shown = filters.sort_out(shelves, wanted, visit.person_id).shelves
    shelf = _shelf(shown, assignment_id)
    pieces = [one for one in shelf.pieces if _own_first(one, visit.person_id)]
    if not pieces:
        raise NotFound("There is no work of yours to take away under this filter.")
    return shelf, pieces


def _pack(reading: Any, assignment_id: int) -> tuple[bytes, list[int]]:
    """The zip of the chosen pieces of an assignment, and which pieces are in it."""
    shelf, pieces = chosen_pieces(reading, assignment_id)
    ids = [one.work.submission_id for one in pieces]
    rubric, saved = rubric_of(reading, shelf.assignment), list_judgements(reading, ids)
    lines = [Line(one.work.candidate_code, saved.get(one.work.submission_id)) for one in pieces]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("marking-worksheet.xlsx", make_worksheet(rubric, shelf.rules, lines))
        for name, content in _documents(reading, shelf, pieces).items():
            archive.writestr(name, content)
    return out.getvalue(), ids


@blueprint.post("/<int:assignment_id>/take-away")
@who_may("tutor")
def take_away(handle: str, assignment_id: int) -> ResponseReturnValue:
    """The pieces of a page of the queue as a zip: one document each, and the worksheet."""
    with database().read() as reading:  # making the documents takes seconds and writes nothing
        content, ids = _pack(reading, assignment_id)
    record(
        session(),
        "work taken away",
        ("assignment", assignment_id),
        actor_id=visits.current().person_id,
        context_id=visits.current().context_id,
        became={"submissions": ids},
    )
    headers = {
        "Content-Disposition": f'attachment; filename="work-to-mark-{clock.now():%Y-%m-%d}.zip"',
        "Cache-Control": "no-store",
    }
    return Response(content, mimetype="application/zip", headers=headers)


def _page(
    handle: str,
    assignment: AssignmentRead,
    *,
    compared: list[Compared] | None = None,
    data: bytes = b"",
    sentence: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    return render_template(
        "marking/bring_back.html",
        handle=handle,
        assignment=assignment,
        compared=compared,
        to_save=sum(one.state == CHANGED for one in compared or ()),
        file_data=base64.b64encode(data).decode(),
        sentence=sentence,
        has_errors=bool(sentence),
    ), status


def _data() -> bytes:
    """The worksheet that came with this post, from the file field or from the page.

    :raises Unusable: none came, or it is too large.
    """
    return posted_file(
        LARGEST_FILE,
        "Choose the marking worksheet that you filled in: a file ending in .xlsx.",
    )


@blueprint.get("/<int:assignment_id>")
@who_may("tutor")
def bring_back(handle: str, assignment_id: int) -> ResponseReturnValue:
    """Where a filled-in worksheet is chosen."""
    contexts = contexts_of(visits.current())
    return _page(handle, get_assignment(session(), assignment_id, contexts))


@blueprint.post("/<int:assignment_id>")
@who_may("tutor")
def read_or_save(handle: str, assignment_id: int) -> ResponseReturnValue:
    """Show what a worksheet would change; with `act=keep`, save it."""
    visit = visits.current()
    assignment = get_assignment(session(), assignment_id, contexts_of(visit))
    require_open(assignment)
    shelves = list_shelves(session(), visit, visits.settings_of_app().config_dir)
    shelf = _shelf(shelves, assignment_id)
    rubric = rubric_of(session(), assignment)
    pieces = [one for one in shelf.pieces if _own_first(one, visit.person_id)]
    try:
        data = _data()
        rows = read_worksheet(data, rubric, shelf.rules)
        compared = compare(session(), rubric, shelf.rules, rows, pieces)
        if request.form.get("act") != "keep":
            return _page(handle, assignment, compared=compared, data=data)
        count = save_all(session(), rubric, shelf.rules, compared, marker_id=visit.person_id)
    except Sentence as error:
        return _page(handle, assignment, sentence=error.sentence, status=422)
    if not count:
        sentence = "Nothing was saved: no row of this worksheet can be saved any more."
        return _page(handle, assignment, compared=compared, sentence=sentence, status=409)
    return redirect(url_for("marking.queue", handle=handle, done="worksheet-saved"), 303)
