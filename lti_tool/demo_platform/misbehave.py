"""The page of switches, their JSON door, and what tests may look at.

A form or JSON may set any switch; see switches.py for the names. `state.json`
shows what the tool asked and what it was answered, in order.
"""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request

from lti_tool.demo_platform.people import PEOPLE
from lti_tool.demo_platform.platform import get_platform
from lti_tool.demo_platform.switches import FLAG, SWITCHES, UnknownSwitch
from lti_tool.demo_platform.switches import PEOPLE as PEOPLE_KIND

blueprint = Blueprint("misbehave", __name__)


@blueprint.get("/misbehave")
def misbehave() -> str:
    return _page(None)


def _page(problem: str | None) -> str:
    groups: dict[str, list[Any]] = {}
    for switch in SWITCHES:
        groups.setdefault(switch.group, []).append(switch)
    return render_template(
        "demo_platform/misbehave.html",
        groups=groups,
        values=get_platform().switches.as_dict(),
        problem=problem,
        participants=[p for p in PEOPLE if p.gradable],
        done=request.args.get("done"),
    )


@blueprint.post("/misbehave")
def set_switches() -> Response:
    """JSON changes what it names. The page's own form sets every switch."""
    body = request.get_json() if request.is_json else None
    if body is not None and not isinstance(body, dict):
        return make_response(jsonify({"error": "Send an object."}), 400)
    changes = dict(body) if body is not None else _from_form()
    forget = bool(changes.pop("forget_tokens", False))
    platform = get_platform()
    try:
        platform.switches.set(changes)
    except UnknownSwitch as error:
        if body is not None:
            return make_response(jsonify({"error": str(error)}), 400)
        return make_response(_page(str(error)), 400)
    if forget:
        platform.store.forget_tokens()
    if body is not None:
        return jsonify(platform.switches.as_dict())
    return make_response(redirect("/misbehave?done=set", 303))


def _from_form() -> dict[str, Any]:
    """The page marks its form `whole`: a box that is missing there is an empty box."""
    form = request.form
    changes: dict[str, Any] = {k: form[k] for k in form if k not in ("whole", "unenrolled")}
    if "unenrolled" in form:
        changes["unenrolled"] = ",".join(form.getlist("unenrolled"))
    if "whole" in form:
        for switch in SWITCHES:
            if switch.kind == FLAG:
                changes.setdefault(switch.key, False)
            elif switch.kind == PEOPLE_KIND:
                changes.setdefault(switch.key, [])
    return changes


@blueprint.post("/misbehave/reset")
def reset_switches() -> Response:
    switches = get_platform().switches
    switches.reset()
    if request.form:
        return make_response(redirect("/misbehave?done=reset", 303))
    return jsonify(switches.as_dict())


@blueprint.get("/misbehave.json")
def switches_json() -> Response:
    return jsonify(get_platform().switches.as_dict())


@blueprint.get("/test/state.json")
def state_json() -> Response:
    """Everything a test may want to know. Holds no secret: no key, token or sesskey."""
    platform = get_platform()
    store, book = platform.store, platform.gradebook
    rows = store.rows("SELECT id, course_id FROM line_item ORDER BY id")
    items = [book.find_item(row["course_id"], row["id"]) for row in rows]
    return jsonify(
        {
            "token_requests": store.list_records("token"),
            "scores": store.list_records("score"),
            "service_requests": store.list_records("service"),
            "launches": store.list_records("launch"),
            "line_items": [
                {**asdict(item), "url": platform.addresses.lineitem(item.course_id, item.id)}
                for item in items
                if item
            ],
            "grades": [asdict(grade) for grade in book.list_grades()],
            "misbehave": platform.switches.as_dict(),
        }
    )
