"""The moderator's page: a piece of the sample beside its first marks, or before them."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from lti_tool.core.errors import Conflict, NotAllowed, NotFound
from lti_tool.core.numerals import plain
from lti_tool.coursework.queries import get_copy
from lti_tool.db import session
from lti_tool.db.statements import AnyRow
from lti_tool.marking.deciding import get_judgement
from lti_tool.marking.moderation import queries, rounds, words
from lti_tool.marking.moderation.forms import look_form, looked_of
from lti_tool.marking.moderation.places import Place, get_place
from lti_tool.marking.moderation.record import is_hidden_from
from lti_tool.marking.moderation.remarks_seen import list_shown_of
from lti_tool.marking.remarks_shown import render_with
from lti_tool.people import visits
from lti_tool.people.queries import names_of
from lti_tool.web.forms import Form
from lti_tool.web.policy import who_may
from lti_tool.web.trust import TO_A_MARKER, show_trust_line

blueprint = Blueprint(
    "moderation_piece",
    __name__,
    template_folder="../templates",
    url_prefix="/v/<handle>/moderation/<int:assignment_id>/<int:number>/piece",
)


def _piece(one: queries.RoundRead, at: int) -> tuple[queries.PieceRead, int]:
    pieces = queries.list_pieces(session(), one.id)
    if not 0 < at <= len(pieces):
        raise NotFound("There is no such piece in this sample.")
    return pieces[at - 1], len(pieces)


def _rendered(place: Place, judgement: AnyRow, person_id: int) -> Markup:
    """The work with the remarks this person may see; a blind moderator sees none yet."""
    number, assignment = int(judgement.submission_id), place.assignment
    shown = list_shown_of(session(), assignment, place.rules, [number], person_id).get(number, [])
    names = names_of(session(), {one.author_id for one in shown})
    copy = get_copy(session(), judgement.copy_id)
    return render_with(assignment.activity, copy.document, shown, names)


def _page(
    handle: str,
    place: Place,
    one: queries.RoundRead,
    at: int,
    form: Form | None = None,
    *,
    clash: queries.PieceRead | None = None,
    sentence: str | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    show_trust_line(TO_A_MARKER)
    piece, count = _piece(one, at)
    person_id = visits.current().person_id
    if form is None:
        form = look_form(one, piece)(obj=piece)
    judgement = get_judgement(session(), piece.judgement_id)
    return render_template(
        "moderation/piece.html",
        handle=handle,
        place=place,
        one=one,
        piece=piece,
        at=at,
        count=count,
        form=form if one.is_open and one.moderator_id == person_id else None,
        judgement=None if is_hidden_from(one, piece, person_id) else judgement,
        rendered=_rendered(place, judgement, person_id),
        clash=clash,
        sentence=sentence,
        has_errors=bool(form.errors or sentence),
        plain=plain,
        words=words,
    ), status


@blueprint.get("/<int:at>")
@who_may("tutor")
def piece(handle: str, assignment_id: int, number: int, at: int) -> ResponseReturnValue:
    """One piece of the sample."""
    place = get_place(session(), assignment_id)
    one = queries.get_round(session(), assignment_id, number)
    return _page(handle, place, one, at)


@blueprint.post("/<int:at>")
@who_may("tutor")
def save(handle: str, assignment_id: int, number: int, at: int) -> ResponseReturnValue:
    """Keep what the moderator makes of it; its mark stays as it is."""
    place = get_place(session(), assignment_id)
    one = queries.get_round(session(), assignment_id, number)
    found, count = _piece(one, at)
    person_id = visits.current().person_id
    if one.moderator_id != person_id:
        raise NotAllowed("Only the moderator of this sample says what they make of it.")
    form = look_form(one, found)(request.form)
    if not form.validate():
        return _page(handle, place, one, at, form, status=422)
    try:
        rounds.keep_view(
            session(),
            place.assignment,
            one,
            found,
            looked_of(form, found),
            version=form["version"].data or 0,
            actor_id=person_id,
        )
    except rounds.LookedAtElsewhere as error:
        form["version"].process(None, found.version)
        return _page(handle, place, one, at, form, clash=found, sentence=error.sentence, status=409)
    except Conflict as error:
        return _page(handle, place, one, at, form, sentence=error.sentence, status=409)
    return _onwards(handle, one, found, at, count)


def _onwards(
    handle: str, one: queries.RoundRead, found: queries.PieceRead, at: int, count: int
) -> ResponseReturnValue:
    """To the same piece where both marks are to be compared now, else to the next one."""
    where: dict[str, Any] = {
        "handle": handle,
        "assignment_id": one.assignment_id,
        "number": one.number,
    }
    if one.is_blind and found.mark is None:
        return redirect(url_for("moderation_piece.piece", **where, at=at, done="piece-kept"), 303)
    if at < count:
        address = url_for("moderation_piece.piece", **where, at=at + 1, done="piece-kept")
        return redirect(address, 303)
    return redirect(url_for("moderation.show_round", **where, done="piece-kept"), 303)
