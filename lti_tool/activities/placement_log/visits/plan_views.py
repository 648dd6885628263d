"""A participant plans a visit, or changes the plan of one.

What is wrong is said at the field, at once by `act=check` and again when it is saved. What would
take an approval or a confirmation back is asked before.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.activities.placement_log import visit_document
from lti_tool.activities.placement_log.log import CLOSED
from lti_tool.activities.placement_log.visits import days, device, operations, planning
from lti_tool.activities.placement_log.visits.bench import (
    Bench,
    open_bench,
    own_visits,
    pick,
    posted_revision,
)
from lti_tool.activities.placement_log.visits.forms import PlanForm
from lti_tool.activities.placement_log.visits.framed import framed
from lti_tool.activities.placement_log.visits.queries import VisitRead, hosts_of
from lti_tool.activities.placement_log.visits.release import beyond_release
from lti_tool.core.errors import Conflict
from lti_tool.db import session
from lti_tool.privacy.posted import Act, Field, Posted, posted_act, read_posted, wants_json
from lti_tool.programme.agreements import find_agreement
from lti_tool.programme.schools import SchoolRead, suggest
from lti_tool.web import notices
from lti_tool.web.policy import who_may

notices.register(
    visit_planned=("success", "Your visit is saved."),
    visit_back=(
        "success",
        "Your change is saved. The visit has gone back a step: see below what comes next.",
    ),
)
AGREED = "agreed"
_CHECKED = ("school_urn", "host_email", "visit_on", "arrives_at", "leaves_at", "half_days")


@dataclass(slots=True)
class _Page:
    """A plan on the page: the visit, where there is one yet, beside the person's others."""

    bench: Bench
    others: list[VisitRead]
    visit: VisitRead | None
    form: PlanForm
    posted: Posted | None = None
    ask: str = ""
    """What would follow from saving, to be agreed to."""
    theirs: dict[str, str] | None = None
    """What was saved elsewhere in between, by field, in words."""

    @property
    def known(self) -> frozenset[str]:
        """What was said before to name no child."""
        return frozenset(self.visit.document["not_a_child"] if self.visit else ())


def _open(number: int | None) -> _Page:
    bench = open_bench()
    listed = own_visits(bench)
    visit = pick(listed, number) if number is not None else None
    others = [one for one in listed if visit is None or one.id != visit.id]
    form = PlanForm(request.form if request.method == "POST" else None, data=_given(bench, visit))
    form.phase.offer(bench.schools.phases)
    form.kind.offer(bench.schools.kinds)
    return _Page(bench, others, visit, form)


def _given(bench: Bench, visit: VisitRead | None) -> dict[str, Any]:
    if visit is None:
        return {"half_days": str(days.WHOLE)}
    school = planning.schools_by_id(session(), bench, [visit]).get(visit.school_id or 0)
    host = hosts_of(session(), [visit.host_guest_id]).get(visit.host_guest_id or 0)
    return planning.filled_in(visit, school, host)


def _show(page: _Page, status: int = 200) -> ResponseReturnValue:
    visit, form = page.visit, page.form
    closed = planning.why_closed(form, page.bench)
    used = days.half_days_used(page.others)
    return framed(
        "plan.html",
        page.bench,
        visit=visit,
        form=form,
        has_errors=bool(form.errors),
        posted=page.posted,
        ask=page.ask,
        theirs=page.theirs or {},
        known_schools=_known_schools(page),
        may_be_open=bool(form.school_is_open.data or (closed and closed[1])),
        used=days.in_days(used),
        most=days.in_days(page.bench.numbers.most_half_days),
        beyond=beyond_release(
            find_agreement(session(), page.bench.person_id),
            used + planning.planned(form).half_days,
        ),
        device=device.device_of(
            page.bench.settings,
            page.bench.assignment.id,
            page.bench.person_id,
            visit.number if visit else device.NEW,
            device.PLAN,
        ),
        closed=operations.why_closed(session(), visit) if visit else _why_no_more(page.bench),
        is_typed=status != 200,
    ), status


def _why_no_more(bench: Bench) -> str | None:
    return CLOSED if bench.work.is_handed_in else None


def _known_schools(page: _Page) -> list[SchoolRead]:
    """Schools of the person's own visits, to be chosen again."""
    found = planning.schools_by_id(session(), page.bench, page.others)
    return sorted(found.values(), key=lambda one: one.name.casefold())


def show_plan(handle: str, number: int | None = None) -> ResponseReturnValue:
    """The plan as it stands, or an empty one."""
    return _show(_open(number))


def _look(page: _Page, act: Act) -> None:
    """Say at each field what is wrong with it."""
    form = page.form
    form.validate()
    said: dict[str, list[str]] = defaultdict(list)
    planning.say_of_days(form, page.bench, page.others, lambda name, one: said[name].append(one))
    planning.say_of_school(session(), form, page.bench, lambda name, one: said[name].append(one))
    planning.say_of_host(form, lambda name, one: said[name].append(one))
    before = page.visit.document["focus"] if page.visit else ""
    field = Field("focus", "Agreed focus", form.focus.max_length, before)
    page.posted = read_posted([field], page.bench.words, page.known, act)
    held = page.posted.held.get("focus")
    if held is not None and held.found:
        said["focus"].append(held.sentence)
    elif held is None:
        form.focus.data = page.posted.typed["focus"]
        form.focus.raw_data = [form.focus.data]
    for name, sentences in said.items():
        if not form[name].errors:
            for sentence in sentences:
                form.problem(name, sentence)


def save_plan(handle: str, number: int | None = None) -> ResponseReturnValue:
    """Keep the plan, where nothing is wrong with it."""
    page, act = _open(number), posted_act()
    _look(page, act)
    if act.name == "check":
        said = {name: list(page.form[name].errors) for name in _CHECKED}
        closed = planning.why_closed(page.form, page.bench)
        return jsonify(said=said, may_be_open=bool(closed and closed[1]))
    if page.form.errors:
        return _refuse(page, _first_sentence(page.form), 422)
    try:
        kept, was = _keep(page, act), page.visit
    except operations.AskFirst as asked:
        page.ask = asked.sentence
        return _refuse(page, asked.sentence, 422)
    except operations.ChangedElsewhere as moved:
        page.theirs = _theirs(page)
        return _refuse(page, moved.sentence, 409)
    except Conflict as closed:
        return _refuse(page, closed.sentence, 409)
    if wants_json():
        there = url_for("placement_log.change_plan", handle=handle, number=kept.number)
        return jsonify(revision=kept.revision, action=there)
    done = "visit-planned" if was is None or was.state == kept.state else "visit-back"
    return redirect(
        url_for("placement_log.visit", handle=handle, number=kept.number, done=done), 303
    )


def _first_sentence(form: PlanForm) -> str:
    return next(str(sentence) for field in form for sentence in field.errors)


def _refuse(page: _Page, sentence: str, status: int) -> ResponseReturnValue:
    if wants_json():
        return jsonify(sentence=sentence), status
    if status == 409:
        page.form.form_errors.append(sentence)
    return _show(page, status)


def _keep(page: _Page, act: Act) -> VisitRead:
    document = page.visit.document if page.visit else visit_document.new_document()
    if page.posted is not None:
        document = visit_document.with_not_a_child(document, page.posted.cleared)
    values = planning.values_of(session(), page.bench, page.form, document)
    if page.visit is None:
        return operations.plan_visit(session(), page.bench.assignment, page.bench.person_id, values)
    return operations.save_visit(
        session(),
        page.visit,
        values,
        revision=posted_revision(request.form.get("revision", "")),
        context_id=page.bench.assignment.context_id,
        agreed=act.name == AGREED,
    )


def _theirs(page: _Page) -> dict[str, str]:
    """What stands saved in the fields that were typed differently, in words."""
    now = PlanForm(data=_given(page.bench, page.visit))
    now.phase.offer(page.bench.schools.phases)
    now.kind.offer(page.bench.schools.kinds)
    return {
        field.label.text: _in_words(field)
        for field in now
        if (field.data or "") != (page.form[field.name].data or "")
    }


def _in_words(field: Any) -> str:
    if getattr(field, "choices", None):
        return next(
            (str(one.label) for one in field.choices if one.value == field.data), "not said"
        )
    if field.name == "visit_on":
        return days.in_words(field.data) if field.data else "not given"
    if field.name == "school_is_open":
        return "yes" if field.data else "no"
    return str(field.data or "not given")


def list_schools(handle: str) -> ResponseReturnValue:
    """Schools known already that begin like what is being typed, for the script of the page."""
    bench = open_bench()
    found = suggest(session(), bench.registration_id, request.args.get("q", "")[:200])
    return jsonify(
        schools=[
            {"name": one.name, "urn": one.urn or "", "phase": one.phase, "kind": one.kind}
            for one in found
        ]
    )


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into the activity's blueprint."""
    may = who_may("participant")
    blueprint.get("/visits/new", endpoint="plan")(may(show_plan))
    blueprint.post("/visits/new", endpoint="plan_new")(may(save_plan))
    blueprint.get("/visits/<int:number>/plan", endpoint="change_plan")(may(show_plan))
    blueprint.post("/visits/<int:number>/plan", endpoint="save_plan")(may(save_plan))
    blueprint.get("/schools")(may(list_schools))
