"""The participant offers evidence, changes it and takes it back."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.core.errors import Conflict, NotFound
from lti_tool.core.numerals import whole
from lti_tool.db import session
from lti_tool.people import visits
from lti_tool.programme.outcomes import words
from lti_tool.programme.outcomes.evidence import (
    ChangedElsewhere,
    PieceValues,
    change_piece,
    offer_piece,
    withdraw_piece,
)
from lti_tool.programme.outcomes.forms import Guarded, PieceForm, look_through
from lti_tool.programme.outcomes.offers import Offered, key_of, list_offers
from lti_tool.programme.outcomes.own_views import Own, open_own
from lti_tool.programme.outcomes.pages import blueprint, config_dir
from lti_tool.programme.outcomes.portfolio import Piece
from lti_tool.programme.outcomes.reach import contexts_of_cohort, is_taking_part
from lti_tool.programme.outcomes.sets import words_of
from lti_tool.web.policy import who_may

_TEXTS = ("title", "note")
_NO_CHILD = "no_child"
"""Where a piece remembers what its author said names no child."""


def _offers(own: Own) -> list[Offered]:
    contexts = contexts_of_cohort(session(), own.place.cohort.id)
    return list_offers(session(), config_dir(), contexts, visits.current().person_id)


def _with_outcomes(form: PieceForm, own: Own) -> PieceForm:
    form.outcomes.offer({one.item.id: words_of(one.item) for one in own.portfolio.lines})
    return form


def _form(own: Own, offers: list[Offered], *, is_posted: bool) -> PieceForm:
    """The form for a new piece, with what is not offered yet."""
    asked = request.args.get("outcome", "")
    form = PieceForm(request.form if is_posted else None, data={"outcomes": [asked]})
    there = {key_of(one.kind, _bare(one)) for one in own.portfolio.pieces}
    choices = {words.NOTE: words.KINDS[words.NOTE]}
    choices |= {
        one.key: f"{words.KINDS.get(one.offer.kind, '')}: {one.offer.title}"
        for one in offers
        if one.key not in there
    }
    form.source.offer(choices)
    return _with_outcomes(form, own)


def _bare(piece: Piece) -> dict[str, object]:
    return {key: value for key, value in piece.reference.items() if key != _NO_CHILD}


def _page(
    handle: str,
    own: Own,
    form: PieceForm,
    *,
    piece: Piece | None = None,
    guarded: Guarded | None = None,
    sentence: str = "",
    standing: str = "",
    url: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    return render_template(
        "outcomes/piece.html",
        handle=handle,
        form=form,
        piece=piece,
        guarded=guarded or Guarded(),
        sentence=sentence,
        standing=standing,
        url=url,
        note=own.portfolio.outcomes.placeholder_note,
        words=words,
        has_errors=bool(form.errors or sentence),
    ), status


def _closed(own: Own) -> str:
    """Why nothing can be changed any more; empty where it can."""
    if is_taking_part(session(), own.place.cohort, visits.current().person_id):
        return ""
    return "You no longer take part in this cohort, so your portfolio stays as it is."


@blueprint.get("/evidence/new")
@who_may("participant")
def new_piece(handle: str) -> ResponseReturnValue:
    """A form for a piece of evidence, from what the tool holds or in one's own words."""
    own = open_own()
    return _page(handle, own, _form(own, _offers(own), is_posted=False), sentence=_closed(own))


@blueprint.post("/evidence/new")
@who_may("participant")
def offer(handle: str) -> ResponseReturnValue:
    """Offer a piece of evidence."""
    own = open_own()
    offers = _offers(own)
    form = _form(own, offers, is_posted=True)
    if closed := _closed(own):
        return _page(handle, own, form, sentence=closed, status=409)
    is_good = form.check(is_note=form.is_note)
    guarded = look_through(form, _TEXTS, config_dir())
    if not is_good or guarded.held:
        return _page(handle, own, form, guarded=guarded, status=422)
    found = next((one.offer for one in offers if one.key == form.source.data), None)
    values = PieceValues(
        title=found.title[:300] if found else form.title.data,
        note=form.note.data,
        items=tuple(form.outcomes.data),
        kind=found.kind if found else words.NOTE,
        reference={**(found.reference if found else {}), _NO_CHILD: sorted(guarded.cleared)},
    )
    try:
        offer_piece(session(), own.whose, values)
    except Conflict as error:
        return _page(handle, own, form, sentence=error.sentence, status=409)
    return redirect(url_for("outcomes.mine", handle=handle, done="evidence-kept"), 303)


def _open_piece(piece_id: int) -> tuple[Own, Piece]:
    own = open_own()
    found = next((one for one in own.portfolio.pieces if one.id == piece_id), None)
    if found is None:
        raise NotFound("There is no such piece among your evidence. You may have taken it back.")
    return own, found


def _piece_form(own: Own, piece: Piece, *, is_posted: bool) -> PieceForm:
    data = {"title": piece.title, "note": piece.note, "outcomes": list(piece.items)}
    form = PieceForm(request.form if is_posted else None, data=data)
    form.source.offer({words.NOTE: words.KINDS[words.NOTE]})
    form.source.data = words.NOTE
    return _with_outcomes(form, own)


def _standing(own: Own, piece: Piece) -> tuple[str, str]:
    """Where what a piece points to stands now, and its page where this visit can open it."""
    if piece.kind == words.NOTE:
        return "", ""
    key, visit = key_of(piece.kind, _bare(piece)), visits.current()
    found = next((one.offer for one in _offers(own) if one.key == key), None)
    if found is None:
        return "no longer there", ""
    here = found.reference.get("assignment_id") == visit.assignment_id
    can_open = bool(found.endpoint) and here
    url = url_for(found.endpoint, handle=visit.handle, **found.values) if can_open else ""
    return found.standing, url


@blueprint.get("/evidence/<int:piece_id>")
@who_may("participant")
def piece(handle: str, piece_id: int) -> ResponseReturnValue:
    """A piece of evidence, to be changed."""
    own, found = _open_piece(piece_id)
    standing, url = _standing(own, found)
    form = _piece_form(own, found, is_posted=False)
    return _page(handle, own, form, piece=found, standing=standing, url=url, sentence=_closed(own))


@blueprint.post("/evidence/<int:piece_id>")
@who_may("participant")
def keep_piece(handle: str, piece_id: int) -> ResponseReturnValue:
    """Change a piece of evidence."""
    own, found = _open_piece(piece_id)
    form = _piece_form(own, found, is_posted=True)
    if closed := _closed(own):
        return _page(handle, own, form, piece=found, sentence=closed, status=409)
    is_note = found.kind == words.NOTE
    is_good = form.check(is_note=is_note)
    known = frozenset(found.reference.get(_NO_CHILD, ()))
    guarded = look_through(form, _TEXTS if is_note else ("note",), config_dir(), known)
    if not is_good or guarded.held:
        return _page(handle, own, form, piece=found, guarded=guarded, status=422)
    values = PieceValues(
        title=form.title.data if is_note else found.title,
        note=form.note.data,
        items=tuple(form.outcomes.data),
        reference={**found.reference, _NO_CHILD: sorted(guarded.cleared)},
    )
    try:
        change_piece(session(), own.whose, found, values, revision=_revision())
    except ChangedElsewhere as error:
        return _page(
            handle, own, form, piece=found, guarded=guarded, sentence=error.sentence, status=409
        )
    except Conflict as error:
        return _page(handle, own, form, piece=found, sentence=error.sentence, status=409)
    return redirect(url_for("outcomes.mine", handle=handle, done="evidence-kept"), 303)


def _revision() -> int:
    return whole(request.form.get("revision"))


@blueprint.post("/evidence/<int:piece_id>/take-back")
@who_may("participant")
def take_back(handle: str, piece_id: int) -> ResponseReturnValue:
    """Take a piece of evidence back."""
    own, found = _open_piece(piece_id)
    try:
        if closed := _closed(own):
            raise Conflict(closed)
        withdraw_piece(session(), own.whose, found, revision=_revision())
    except Conflict as error:
        form = _piece_form(own, found, is_posted=False)
        return _page(handle, own, form, piece=found, sentence=error.sentence, status=409)
    return redirect(url_for("outcomes.mine", handle=handle, done="evidence-taken-back"), 303)
