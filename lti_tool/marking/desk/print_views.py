"""A queue on paper: each piece with a marking sheet after it, to print or to save as PDF.

The same pieces as the Word documents of `worksheet_views.py`; the browser makes the PDF.
"""

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from lti_tool.audit.operations import record
from lti_tool.catalogue.register import get_activity
from lti_tool.coursework.queries import get_copy
from lti_tool.coursework.rules import MARKS
from lti_tool.db import database, session
from lti_tool.marking.desk.pieces import Piece
from lti_tool.marking.desk.worksheet_views import chosen_pieces
from lti_tool.marking.queries import rubric_of
from lti_tool.people import visits
from lti_tool.web.policy import who_may

blueprint = Blueprint(
    "marking_print", __name__, template_folder="../templates", url_prefix="/v/<handle>/worksheet"
)


def _unfolded(rendered: Markup) -> Markup:
    """The work with everything that opens on a click lying open, since paper has no clicks."""
    return Markup(str(rendered).replace("<details class", "<details open class"))


def _sheets(reading: Any, activity: str, pieces: list[Piece]) -> list[dict[str, Any]]:
    render = get_activity(activity).render_for_marking
    return [
        {
            "piece": one,
            "rendered": _unfolded(render(get_copy(reading, one.work.copy_id).document)),
        }
        for one in pieces
    ]


@blueprint.post("/<int:assignment_id>/print")
@who_may("tutor")
def to_print(handle: str, assignment_id: int) -> ResponseReturnValue:
    """The pieces of a page of the queue on one long page, a new sheet of paper for each."""
    with database().read() as reading:
        shelf, pieces = chosen_pieces(reading, assignment_id)
        sheets = _sheets(reading, shelf.assignment.activity, pieces)
        rubric = rubric_of(reading, shelf.assignment)
    record(
        session(),
        "work taken away",
        ("assignment", assignment_id),
        actor_id=visits.current().person_id,
        context_id=visits.current().context_id,
        became={"submissions": [one.work.submission_id for one in pieces]},
    )
    return render_template(
        "marking/print.html",
        handle=handle,
        assignment=shelf.assignment,
        sheets=sheets,
        rubric=rubric,
        has_marks=shelf.rules.mode == MARKS,
    )
