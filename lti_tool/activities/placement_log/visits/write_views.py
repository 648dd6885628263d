"""A participant writes a visit up: saved as they type, with names of pupils held back.

The upper part is what the host school sees; once the host has confirmed it, a change of it is held
until the participant says that the host is to be asked again.
"""

from dataclasses import dataclass
from typing import Any

from flask import (
    Blueprint,
    get_template_attribute,
    jsonify,
    redirect,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from lti_tool.activities.placement_log import states, visit_document
from lti_tool.activities.placement_log.visits import changes, days, device, operations, written
from lti_tool.activities.placement_log.visits.bench import Bench, open_bench, posted_revision
from lti_tool.activities.placement_log.visits.framed import framed
from lti_tool.activities.placement_log.visits.queries import VisitRead, get_visit, latest_steps
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.db import session
from lti_tool.people import visits
from lti_tool.privacy.posted import Act, Posted, posted_act, read_posted, wants_json
from lti_tool.web import notices
from lti_tool.web.policy import who_may

notices.register(visit_written=("success", "What you wrote is saved."))
Errors = list[tuple[str | None, str]]
_KEEP = "keep-confirmed"
_AGREED = "agreed"


@dataclass(frozen=True, slots=True)
class _Desk:
    """A visit being written up."""

    bench: Bench
    visit: VisitRead

    def document_of(self, posted: Posted, *, as_typed: bool) -> visit_document.Document:
        """The visit's document with what was posted."""
        return written.document_of(
            self.visit.document,
            request.form,
            request.form.getlist("outcome"),
            posted,
            self.bench.models,
            self.bench.outcome_sets,
            as_typed=as_typed,
        )


def _open(number: int) -> _Desk:
    bench = open_bench()
    visit = get_visit(session(), bench.assignment.id, bench.person_id, number)
    return _Desk(bench, visit)


def _show(
    desk: _Desk,
    document: visit_document.Document,
    *,
    posted: Posted | None = None,
    errors: Errors | None = None,
    theirs: dict[str, str] | None = None,
    is_sealed: bool = False,
    status: int = 200,
) -> ResponseReturnValue:
    bench, visit = desk.bench, desk.visit
    return framed(
        "write.html",
        bench,
        visit=visit,
        day=days.in_words(visit.visit_on) if visit.visit_on else "",
        document=document,
        lines=written.lines_of(document, min(len(document["actions"]) + 1, written.MOST_ACTIONS)),
        held=posted.held if posted else {},
        errors=errors or [],
        has_errors=bool(errors),
        theirs=theirs or {},
        is_sealed=is_sealed,
        stands_confirmed=_stands(visit) == states.CONFIRMED,
        models=bench.models,
        outcome_sets=bench.outcome_sets,
        most_actions=written.MOST_ACTIONS,
        device=device.device_of(
            bench.settings, bench.assignment.id, bench.person_id, visit.number, device.WRITE
        ),
        closed=operations.why_closed(session(), visit),
        is_typed=posted is not None,
    ), status


def _stands(visit: VisitRead) -> str:
    return changes.stands_as(visit, latest_steps(session(), [visit.id]).get(visit.id))


def show_writing(handle: str, number: int) -> ResponseReturnValue:
    """The written part as it stands."""
    desk = _open(number)
    return _show(desk, desk.visit.document)


def save_writing(handle: str, number: int) -> ResponseReturnValue:
    """Keep what was typed, but for fields that seem to name somebody or were confirmed."""
    desk, act = _open(number), posted_act()
    fields = written.fields_of(desk.visit.document, desk.bench.models.values())
    known = frozenset(desk.visit.document["not_a_child"])
    posted = read_posted(fields, desk.bench.words, known, act)
    written.hold_odd_days(posted)
    errors: Errors = [(name, held.sentence) for name, held in posted.held.items()]
    if any(not held.found for held in posted.held.values()):
        sentence = next(held.sentence for held in posted.held.values() if not held.found)
        if wants_json():
            return jsonify(sentence=sentence), 422
        typed = desk.document_of(posted, as_typed=True)
        return _show(desk, typed, posted=posted, errors=errors, status=422)
    return _keep(desk, act, posted, errors)


def _keep(desk: _Desk, act: Act, posted: Posted, errors: Errors) -> ResponseReturnValue:
    kept, typed = (desk.document_of(posted, as_typed=one) for one in (False, True))
    is_sealed = _breaks_seal(desk.visit, kept) and act.name != _AGREED
    if is_sealed or act.name == _KEEP:
        kept = _as_confirmed(desk.visit, kept)
        typed = _as_confirmed(desk.visit, typed) if act.name == _KEEP else typed
        is_sealed = is_sealed and act.name != _KEEP
    try:
        now = operations.save_visit(
            session(),
            desk.visit,
            {"document": kept},
            revision=posted_revision(request.form.get("revision", "")),
            context_id=desk.bench.assignment.context_id,
            agreed=act.name == _AGREED,
        )
    except operations.ChangedElsewhere as moved:
        return _show_both(desk, typed, posted, moved.sentence)
    except Conflict as refused:
        if wants_json():
            return jsonify(sentence=refused.sentence), 409
        return _show(desk, typed, posted=posted, errors=[(None, refused.sentence)], status=409)
    if wants_json():
        return _answer(posted, now, is_sealed=is_sealed)
    if posted.held or is_sealed:
        # 200: all else is saved, and an answer of 4xx has changed nothing.
        if is_sealed:
            errors.append((written.SHARED, "The host school has confirmed this part: see below."))
        return _show(
            _Desk(desk.bench, now), typed, posted=posted, errors=errors, is_sealed=is_sealed
        )
    return redirect(_where_to(desk, act, now), 303)


def _where_to(desk: _Desk, act: Act, now: VisitRead) -> str:
    handle = visits.current().handle
    if now.state != desk.visit.state:
        return url_for("placement_log.visit", handle=handle, number=now.number, done="visit-back")
    if act.name == "close":
        return url_for(
            "placement_log.visit", handle=handle, number=now.number, done="visit-written"
        )
    page = url_for("placement_log.write", handle=handle, number=now.number, done="visit-written")
    return f"{page}#{act.first}" if act.name == "show" and act.first.isalpha() else page


def _breaks_seal(visit: VisitRead, document: visit_document.Document) -> bool:
    values = {"document": document}
    return changes.goes_back_to(visit, _stands(visit), values) == states.DONE


def _as_confirmed(visit: VisitRead, document: visit_document.Document) -> visit_document.Document:
    return {**document, **{name: visit.document[name] for name in changes.SHOWN_TEXTS}}


def _show_both(
    desk: _Desk, typed: visit_document.Document, posted: Posted, sentence: str
) -> ResponseReturnValue:
    """What was typed, with what was saved elsewhere in between beside it."""
    if wants_json():
        return jsonify(sentence=sentence), 409
    theirs = {
        name: field.before
        for name, field in posted.fields.items()
        if field.before != posted.typed[name]
    }
    errors: Errors = [
        (None, sentence),
        *((name, held.sentence) for name, held in posted.held.items()),
    ]
    return _show(desk, typed, posted=posted, errors=errors, theirs=theirs, status=409)


def _answer(posted: Posted, now: VisitRead, *, is_sealed: bool) -> ResponseReturnValue:
    notice = get_template_attribute("web/held.html", "held_notice")
    held: dict[str, Any] = {name: str(notice(name, one)) for name, one in posted.held.items()}
    said = [one.sentence for one in posted.held.values()]
    if is_sealed:
        sealed = get_template_attribute("placement_log/visits/sealed.html", "sealed_notice")
        held[written.SEALED] = str(sealed())
        said.append("what the host school confirmed stays as it was.")
    return jsonify(
        revision=now.revision,
        saved_at_label=clock.time_of_day(clock.now()),
        held=held,
        held_sentence=" ".join(said),
    )


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into the activity's blueprint."""
    may = who_may("participant")
    blueprint.get("/visits/<int:number>/write", endpoint="write")(may(show_writing))
    blueprint.post("/visits/<int:number>/write", endpoint="save_writing")(may(save_writing))
