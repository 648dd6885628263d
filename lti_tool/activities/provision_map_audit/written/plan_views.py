"""The participant's page of the action plan: saved as one types, put in order without script."""

from datetime import date
from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.activities.provision_map_audit import document as documents
from lti_tool.activities.provision_map_audit import workbench
from lti_tool.activities.provision_map_audit.framework import load_framework
from lti_tool.activities.provision_map_audit.pages import page
from lti_tool.activities.provision_map_audit.written import evidence, plan
from lti_tool.activities.provision_map_audit.written.posted import Errors, keep
from lti_tool.core import clock
from lti_tool.core.numerals import whole
from lti_tool.privacy.posted import Act, Field, Held, Posted, posted_act, read_posted
from lti_tool.web.policy import who_may

LONGEST_CELL = 1_000
EMPTY_AT_FIRST = 3
LABELS = {
    "action": "What will change",
    "success": "How we will know",
    "owner": "Who leads it",
    "by": "By when",
    "evidence": "Evidence in your own words",
}
REASON = "priorities_reason"


def _picked(bench: workbench.Workbench) -> dict[str, str]:
    """Evidence picked in the written parts, by id, as a choice for a line."""
    return {
        one.id: f"{one.label}: {one.text}"
        for part in load_framework(bench.config_dir).parts
        for one in evidence.picked_in(bench.document, part.id)
    }


def _plan_page(
    bench: workbench.Workbench,
    lines: list[plan.Line],
    *,
    reason: str,
    posted: Posted | None = None,
    errors: Errors | None = None,
    status: int = 200,
    more: int = 1,
) -> ResponseReturnValue:
    """The page with these lines as typed, and a few empty ones after them."""
    today = clock.in_london(clock.now()).date()
    filled = [line for line in lines if plan.is_filled(line)]
    empty = plan.new_ids(filled, more if filled else EMPTY_AT_FIRST)
    drawn = filled + [plan.empty_line(line_id) for line_id in empty]
    drawn = drawn[: documents.MOST_ACTIONS]
    held = posted.held if posted else {}
    places = {line["id"]: number for number, line in enumerate(drawn, 1)}
    return page(
        "plan.html",
        bench,
        lines=drawn,
        filled=len(filled),
        prompts={line["id"]: plan.prompts_for(line, bench.words, today) for line in filled},
        picked=_picked(bench),
        priorities=plan.PRIORITIES,
        count_first=plan.count_first(filled),
        most_first=plan.MOST_FIRST,
        reason=reason,
        held={_now_at(name, places): one for name, one in held.items()},
        errors=[_now_said(name, sentence, places) for name, sentence in errors or []],
        has_errors=bool(errors),
    ), status


def _now_at(name: str | None, places: dict[str, int]) -> str | None:
    """A field's name on the page: by the line's place, where it goes by the line's id."""
    kind, _, line_id = (name or "").partition("@")
    return f"{kind}-{places[line_id]}" if line_id in places else name


def _now_said(name: str | None, sentence: str, places: dict[str, int]) -> tuple[str | None, str]:
    """An error with the place of its action on the page, which the button may have moved."""
    number = places.get((name or "").partition("@")[2])
    said = f"Action {number}: {sentence[:1].lower()}{sentence[1:]}" if number else sentence
    return _now_at(name, places), said


def show_plan(handle: str) -> ResponseReturnValue:
    """The action plan as it stands, with a few empty lines."""
    bench = workbench.open_workbench()
    more = min(request.args.get("more", 1, type=int), EMPTY_AT_FIRST)
    lines = plan.with_ids(bench.document["actions"])
    return _plan_page(bench, lines, reason=bench.document.get(REASON, ""), more=more)


def _posted_ids(before: list[plan.Line]) -> dict[int, str]:
    """The id of every line that was posted, by its number on the page; each id once."""
    taken: set[str] = set()
    found = {}
    for number in range(1, documents.MOST_ACTIONS + 1):
        if not any(f"{name}-{number}" in request.form for name in plan.TEXTS):
            continue
        line_id = request.form.get(f"line-{number}", "")
        if not line_id.isalnum() or len(line_id) > 12 or line_id in taken:
            known = [plan.empty_line(one) for one in taken] + before
            line_id = plan.new_ids(known, 1)[0]
        taken.add(line_id)
        found[number] = line_id
    return found


def _fields(before: list[plan.Line], ids: dict[int, str]) -> list[Field]:
    stored = {line["id"]: line for line in before}
    return [
        Field(
            f"{name}-{number}",
            LABELS[name],
            LONGEST_CELL,
            stored.get(line_id, plan.empty_line(line_id))[name],
        )
        for number, line_id in ids.items()
        for name in plan.TEXTS
    ]


def _hold_odd_days(posted: Posted, ids: dict[int, str]) -> None:
    for number in ids:
        name = f"by-{number}"
        try:
            if posted.typed[name]:
                date.fromisoformat(posted.typed[name])
        except ValueError:
            label = posted.fields[name].label
            posted.held[name] = Held(f"{label}: give a day, such as 2027-03-31.")


def _lines(posted: Posted, ids: dict[int, str], *, as_typed: bool) -> list[plan.Line]:
    """The lines posted: as typed for the page, or with what may be stored."""
    lines = []
    for number, line_id in ids.items():
        line = plan.empty_line(line_id)
        for name in plan.TEXTS:
            field = f"{name}-{number}"
            line[name] = posted.typed[field] if as_typed else posted.kept(field)
        priority = request.form.get(f"priority-{number}", "")
        line["priority"] = priority if priority in plan.PRIORITIES else ""
        line["picked"] = request.form.get(f"picked-{number}", "")[:120]
        lines.append(line)
    return [line for line in lines if plan.is_filled(line)]


def _number(name: str) -> int:
    """The number of a field's line on the page; 0 for a field of no line."""
    return whole(name.rpartition("-")[2])


def _arranged(lines: list[plan.Line], act: Act) -> list[plan.Line]:
    if act.name in ("up", "down"):
        return plan.moved(lines, act.first, -1 if act.name == "up" else 1)
    if act.name == "remove":
        return plan.without(lines, act.first)
    return plan.by_priority(lines) if act.name == "order" else lines


def save_plan(handle: str) -> ResponseReturnValue:
    """Keep the action plan as typed, but for cells that seem to name somebody."""
    bench, act = workbench.open_workbench(), posted_act()
    before = plan.with_ids(bench.document["actions"])
    ids = _posted_ids(before)
    fields = _fields(before, ids)
    fields.append(
        Field(REASON, "Why more than three", LONGEST_CELL, bench.document.get(REASON, ""))
    )
    posted = read_posted(fields, bench.words, documents.not_a_child(bench.document), act)
    _hold_odd_days(posted, ids)
    if act.name == "remove":
        for name in [key for key in posted.held if ids.get(_number(key)) == act.first]:
            del posted.held[name]
    picked = _picked(bench)
    kept = _arranged(_lines(posted, ids, as_typed=False), act)
    for line in kept:
        line["picked"] = line["picked"] if line["picked"] in picked else ""
    document: dict[str, Any] = documents.with_actions(bench.document, kept)
    document[REASON] = posted.kept(REASON)
    typed = _arranged(_lines(posted, ids, as_typed=True), act)
    by_id = {
        f"{name}-{number}": f"{name}@{line_id}"
        for number, line_id in ids.items()
        for name in plan.TEXTS
    }

    def show(after: workbench.Workbench, errors: Errors, status: int) -> ResponseReturnValue:
        held = {by_id.get(name, name): one for name, one in posted.held.items()}
        return _plan_page(
            after,
            typed,
            reason=posted.typed[REASON],
            posted=Posted({}, {}, held, posted.cleared),
            errors=[(by_id.get(name or "", name), sentence) for name, sentence in errors],
            status=status,
        )

    return keep(bench, document, posted, show, _where_to(handle, act, kept))


def _where_to(handle: str, act: Act, kept: list[plan.Line]) -> str:
    """The page again, at the line that was moved or added."""
    at = {line["id"]: number for number, line in enumerate(kept, 1)}
    if act.name == "add":
        url = url_for("provision_map_audit.plan", handle=handle, done="saved", more=1)
        return f"{url}#action-line-{len(kept) + 1}"
    url = url_for("provision_map_audit.plan", handle=handle, done="saved")
    return f"{url}#action-line-{at[act.first]}" if act.first in at else url


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into the activity's blueprint."""
    may = who_may("participant")
    blueprint.get("/plan", endpoint="plan")(may(show_plan))
    blueprint.post("/plan")(may(save_plan))
