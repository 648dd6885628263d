"""Tutors see the visits of those who take part: approve and accept several together, or one."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.activities.placement_log import states
from lti_tool.activities.placement_log.confirming.queries import find_asked
from lti_tool.activities.placement_log.visits import (
    days,
    deciding,
    operations,
    planning,
    standing,
)
from lti_tool.activities.placement_log.visits.bench import Bench, open_bench, posted_revision
from lti_tool.activities.placement_log.visits.forms import CommentForm
from lti_tool.activities.placement_log.visits.queries import (
    VisitNotFound,
    VisitRead,
    get_by_id,
    hosts_of,
    list_steps,
    list_visits,
    participants_of,
)
from lti_tool.activities.placement_log.visits.release import beyond_release
from lti_tool.activities.placement_log.visits.shown import shown_of
from lti_tool.activities.placement_log.visits.tutor_list import list_for_tutor
from lti_tool.core.errors import Conflict
from lti_tool.db import session
from lti_tool.people.queries import names_of
from lti_tool.privacy.posted import Field, Posted, posted_act, read_posted
from lti_tool.programme.agreements import find_agreement
from lti_tool.programme.dbs import find_dbs
from lti_tool.web import notices
from lti_tool.web.policy import who_may
from lti_tool.web.trust import TO_A_MARKER, show_trust_line

notices.register(
    visit_approved=("success", "The visit is approved, and its participant is told."),
    visit_returned=("success", "The visit is returned with your comment."),
    visit_accepted=("success", "The visit is accepted, and its participant is told."),
    acceptance_back=("success", "The acceptance is taken back. The visit is confirmed, as before."),
    visits_decided=("success", "All that you ticked is done, and each participant is told."),
)
_APPROVE, _ACCEPT = "approve", "accept"


def list_all(handle: str) -> ResponseReturnValue:
    """Visits that wait for a tutor, and the others."""
    return _list(open_bench())


def _list(
    bench: Bench, decided: deciding.Decided | None = None, sentence: str = "", status: int = 200
) -> ResponseReturnValue:
    show_trust_line(TO_A_MARKER)
    errors = (
        [(None, f"{one.name}, visit {one.number}: {one.why}") for one in decided.refusals]
        if (decided)
        else []
    )
    if sentence:
        errors.append((None, sentence))
    return render_template(
        "placement_log/visits/tutor_list.html",
        handle=request.view_args["handle"] if request.view_args else "",
        listed=list_for_tutor(session(), bench),
        decided=decided,
        errors=errors,
        has_errors=bool(errors),
    ), status


def decide_together(handle: str) -> ResponseReturnValue:
    """Approve or accept all visits that were ticked; each refusal is said by name."""
    bench, act = open_bench(), posted_act().name
    chosen = [_ticked(one) for one in request.form.getlist("visit")]
    if not chosen:
        return _list(bench, sentence="Tick at least one visit first.", status=422)
    if act == _APPROVE:
        decided = deciding.approve_together(
            session(), bench.config_dir, bench.assignment, chosen, bench.person_id
        )
    elif act == _ACCEPT:
        decided = deciding.accept_together(session(), bench.assignment, chosen, bench.person_id)
    else:
        raise Conflict("Use the buttons below the list.")
    if decided.refusals:
        # 200: what could be done is done, and an answer of 4xx has changed nothing.
        return _list(bench, decided, status=200 if decided.done else 409)
    return redirect(url_for("placement_log.to_decide", handle=handle, done="visits-decided"), 303)


def _ticked(value: str) -> tuple[int, int]:
    """Row number and revision of a ticked box; one that cannot be read is nobody's visit."""
    visit_id, _, revision = value.partition(":")
    return max(posted_revision(visit_id), 0), posted_revision(revision)


def _one(visit_id: int) -> tuple[Bench, VisitRead]:
    """A visit of this work, of somebody who takes part.

    :raises VisitNotFound: there is none.
    """
    bench = open_bench()
    visit = get_by_id(session(), visit_id, bench.assignment.id)
    if visit.person_id not in participants_of(session(), [bench.assignment.context_id]):
        raise VisitNotFound("There is no such visit of a participant in this course.")
    return bench, visit


def show_one(handle: str, visit_id: int) -> ResponseReturnValue:
    """One visit on one page, with every step it took."""
    return _page(*_one(visit_id), CommentForm())


def _page(
    bench: Bench,
    visit: VisitRead,
    form: CommentForm,
    *,
    sentence: str = "",
    posted: Posted | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    school = planning.schools_by_id(session(), bench, [visit]).get(visit.school_id or 0)
    host = hosts_of(session(), [visit.host_guest_id]).get(visit.host_guest_id or 0)
    dbs = find_dbs(session(), visit.person_id)
    taken = days.half_days_used(list_visits(session(), bench.assignment.id, visit.person_id))
    show_trust_line(TO_A_MARKER)
    return render_template(
        "placement_log/visits/tutor_visit.html",
        handle=request.view_args["handle"] if request.view_args else "",
        visit=visit,
        name=names_of(session(), [visit.person_id])[visit.person_id],
        states=states,
        standing=standing,
        steps=standing.shown_steps(
            session(), visit, list_steps(session(), visit.id), bench.person_id
        ),
        shown=shown_of(bench, visit, school, host),
        why_not=deciding.why_not_approved(visit, dbs, bench.config_dir),
        beyond=beyond_release(find_agreement(session(), visit.person_id), taken),
        form=form,
        posted=posted,
        errors=[(None, sentence)] if sentence else [form],
        has_errors=bool(sentence or form.errors),
        asked=find_asked(session(), bench.config_dir, visit),
    ), status


def decide_one(handle: str, visit_id: int) -> ResponseReturnValue:
    """Approve, accept, or take acceptance back; what the page showed must still be so."""
    bench, visit = _one(visit_id)
    act = posted_act().name
    try:
        if posted_revision(request.form.get("revision", "")) != visit.revision:
            raise operations.ChangedElsewhere(
                "The participant has changed this visit since you opened the page. Read it again."
            )
        if act == _APPROVE:
            dbs = find_dbs(session(), visit.person_id)
            deciding.approve(
                session(), bench.config_dir, bench.assignment, visit, dbs, bench.person_id
            )
            done = "visit-approved"
        elif act == _ACCEPT:
            deciding.accept(session(), bench.assignment, visit, bench.person_id)
            done = "visit-accepted"
        else:
            deciding.take_acceptance_back(session(), visit, bench.person_id)
            done = "acceptance-back"
    except Conflict as refused:
        return _page(bench, visit, CommentForm(), sentence=refused.sentence, status=409)
    return _back(handle, visit_id, done)


def return_one(handle: str, visit_id: int) -> ResponseReturnValue:
    """Return a visit with a comment."""
    bench, visit = _one(visit_id)
    form = CommentForm(request.form)
    is_good = form.validate()
    field = Field("comment", "What is to be put right", form.comment.max_length)
    posted = read_posted([field], bench.words, frozenset(), posted_act())
    held = posted.held.get("comment")
    if held is not None and is_good:
        form.problem("comment", held.sentence)
    if form.errors:
        return _page(bench, visit, form, posted=posted, status=422)
    try:
        comment = posted.typed["comment"]
        deciding.send_back(session(), bench.assignment, visit, bench.person_id, comment)
    except Conflict as refused:
        return _page(bench, visit, form, sentence=refused.sentence, status=409)
    return _back(handle, visit_id, "visit-returned")


def _back(handle: str, visit_id: int, done: str) -> ResponseReturnValue:
    return redirect(
        url_for("placement_log.tutor_visit", handle=handle, visit_id=visit_id, done=done), 303
    )


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into the activity's blueprint."""
    may = who_may("tutor")
    blueprint.get("/tutor/visits/", endpoint="to_decide")(may(list_all))
    blueprint.post("/tutor/visits/", endpoint="decide_together")(may(decide_together))
    blueprint.get("/tutor/visits/<int:visit_id>", endpoint="tutor_visit")(may(show_one))
    blueprint.post("/tutor/visits/<int:visit_id>", endpoint="decide_visit")(may(decide_one))
    blueprint.post("/tutor/visits/<int:visit_id>/return", endpoint="return_visit")(may(return_one))
