"""A queue on paper: each piece with a marking sheet after it, to print or to save as PDF.

The same pieces as the Word documents of `worksheet_views.py`; the browser makes the PDF.
"""

import re
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from lti_tool.audit.operations import record
from lti_tool.coursework.queries import get_copy
from lti_tool.coursework.rules import MARKS
from lti_tool.db import database, session
from lti_tool.marking.desk.pieces import Piece, Shelf
from lti_tool.marking.desk.worksheet_views import chosen_pieces
from lti_tool.marking.moderation.remarks_seen import list_shown_of
from lti_tool.marking.queries import rubric_of
from lti_tool.marking.remarks_shown import render_with
from lti_tool.people import visits
from lti_tool.web.policy import who_may

blueprint = Blueprint(
    "marking_print", __name__, template_folder="../templates", url_prefix="/v/<handle>/worksheet"
)


def _unfolded(rendered: Markup) -> Markup:
    """The work with everything that opens on a click lying open, since paper has no clicks."""
    return Markup(str(rendered).replace("<details class", "<details open class"))


def _apart(rendered: Markup, number: int, code: str) -> Markup:
    """The work with ids and spoken names of its own, since many pieces with the same places share
    this page.

    :param code: what a spoken name is told apart by.
    """

    def renamed(found: re.Match[str]) -> str:
        ids = [f"{found[2]}piece-{number}-{one}" for one in found[3].split()]
        if found[1] == "aria-labelledby":
            ids.insert(0, f"piece-{number}")
        return f'{found[1]}="{" ".join(ids)}"'

    whole = _NAMED.sub(renamed, str(rendered))
    return Markup(_SPOKEN.sub(rf'aria-label="\1, {code}"', whole))


_NAMED = re.compile(
    r'((?<= )(?:id|for|aria-labelledby|aria-describedby|href(?==\"#)))="(#?)([^"]+)"'
)
_SPOKEN = re.compile(r'(?<= )aria-label="([^"]+)"')


def _sheets(reading: Any, shelf: Shelf, pieces: list[Piece]) -> list[dict[str, Any]]:
    """Each piece as paper shows it, with the remarks that this marker may see."""
    assignment, ids = shelf.assignment, [one.work.submission_id for one in pieces]
    me = visits.current().person_id
    shown = list_shown_of(reading, assignment, shelf.rules, ids, me)
    sheets = []
    for number, one in enumerate(pieces, start=1):
        document = get_copy(reading, one.work.copy_id).document
        remarked = shown.get(one.work.submission_id, [])
        rendered = _unfolded(render_with(assignment.activity, document, remarked, {}))
        sheets.append({"piece": one, "rendered": _apart(rendered, number, one.work.candidate_code)})
    return sheets


@blueprint.post("/<int:assignment_id>/print")
@who_may("tutor")
def to_print(handle: str, assignment_id: int) -> ResponseReturnValue:
    """The pieces of a page of the queue on one long page, a new sheet of paper for each."""
    with database().read() as reading:
        shelf, pieces = chosen_pieces(reading, assignment_id)
        sheets = _sheets(reading, shelf, pieces)
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
