"""The participant's pages for what is written: the parts of the audit, and the action plan.

Both save as one types, by script, and by a button without it; the same post serves both.
"""

from collections.abc import Callable
from datetime import date

from flask import Blueprint, jsonify, redirect, request
from flask.typing import ResponseReturnValue

from lti_tool.activities.provision_map_audit import document as documents
from lti_tool.activities.provision_map_audit import workbench
from lti_tool.activities.provision_map_audit.framework import Framework, load_framework
from lti_tool.activities.provision_map_audit.pages import page
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.web import notices
from lti_tool.web.forms import clean_text
from lti_tool.web.policy import who_may

LONGEST_PART = 20_000
LONGEST_CELL = 1_000
EMPTY_ACTIONS = 3
ACTION_FIELDS = ("action", "owner", "by", "success")
Errors = list[tuple[str | None, str]]
notices.register(saved=("success", "Saved."))


def _wants_json() -> bool:
    return request.headers.get("X-Requested-With") == "fetch"


def _text(name: str, label: str, limit: int, errors: Errors) -> str:
    """A posted text, cleaned; a problem is noted at its field and the text kept as typed."""
    typed = request.form.get(name, "")
    try:
        cleaned = clean_text(typed)
    except ValueError as error:
        errors.append((name, f"{label}: {error}"))
        return typed.replace("\x00", "")
    if len(cleaned) > limit:
        errors.append((name, f"{label} is longer than {limit:,} characters. Shorten it."))
    return cleaned


def _writing_page(
    bench: workbench.Workbench,
    answers: dict[str, dict[str, str]],
    *,
    errors: Errors | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    return page(
        "writing.html",
        bench,
        framework=load_framework(bench.config_dir),
        answers=answers,
        errors=errors or [],
        has_errors=bool(errors),
    ), status


def writing(handle: str) -> ResponseReturnValue:
    """The written parts as they stand."""
    bench = workbench.open_workbench()
    return _writing_page(bench, bench.document["answers"])


def _posted_answers(framework: Framework, errors: Errors) -> dict[str, dict[str, str]]:
    known = {one.id for one in framework.judgements}
    answers = {}
    for part in framework.parts:
        judgement = request.form.get(f"judgement-{part.id}", "")
        answers[part.id] = {
            "judgement": judgement if part.has_judgement and judgement in known else "",
            "evidence": _text(f"evidence-{part.id}", part.title, LONGEST_PART, errors),
        }
    return answers


Show = Callable[[Errors, int], ResponseReturnValue]


def _keep(
    bench: workbench.Workbench, document: documents.Document, errors: Errors, show: Show
) -> ResponseReturnValue:
    """Save what was typed, or show it again with what is wrong; nothing typed is lost.

    :param show: draws the page as typed, with errors and a status.
    """
    status = 422
    if not errors:
        revision = workbench.posted_revision(request.form.get("revision", ""))
        try:
            saved = workbench.save(bench, document, revision)
        except Conflict as error:
            errors, status = [(None, error.sentence)], 409
        else:
            if _wants_json():
                return jsonify(revision=saved, saved_at_label=clock.time_of_day(clock.now()))
            return redirect(f"{request.path}?done=saved", 303)
    return (jsonify(sentence=errors[0][1]), status) if _wants_json() else show(errors, status)


def save_writing(handle: str) -> ResponseReturnValue:
    """Keep the written parts as typed."""
    bench = workbench.open_workbench()
    errors: Errors = []
    answers = _posted_answers(load_framework(bench.config_dir), errors)
    return _keep(
        bench,
        documents.with_answers(bench.document, answers),
        errors,
        lambda wrong, status: _writing_page(bench, answers, errors=wrong, status=status),
    )


def _plan_page(
    bench: workbench.Workbench,
    actions: list[dict[str, str]],
    *,
    errors: Errors | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    lines = actions + [dict.fromkeys(ACTION_FIELDS, "")] * EMPTY_ACTIONS
    return page(
        "plan.html",
        bench,
        actions=lines[: documents.MOST_ACTIONS],
        errors=errors or [],
        has_errors=bool(errors),
    ), status


def plan(handle: str) -> ResponseReturnValue:
    """The action plan as it stands, with a few empty lines."""
    bench = workbench.open_workbench()
    return _plan_page(bench, bench.document["actions"])


def _posted_actions(errors: Errors) -> list[dict[str, str]]:
    actions = []
    for number in range(1, documents.MOST_ACTIONS + 1):
        labels = {
            "action": "Action",
            "owner": "Who leads it",
            "by": "By when",
            "success": "How we will know",
        }
        line = {
            field: _text(
                f"{field}-{number}", f"{labels[field]} in line {number}", LONGEST_CELL, errors
            )
            for field in ACTION_FIELDS
        }
        if line["by"]:
            try:
                date.fromisoformat(line["by"])
            except ValueError:
                errors.append(
                    (f"by-{number}", f"By when in line {number}: give a day, such as 2027-03-31.")
                )
        actions.append(line)
    return [line for line in actions if any(line.values())]


def save_plan(handle: str) -> ResponseReturnValue:
    """Keep the action plan as typed."""
    bench = workbench.open_workbench()
    errors: Errors = []
    actions = _posted_actions(errors)
    return _keep(
        bench,
        documents.with_actions(bench.document, actions),
        errors,
        lambda wrong, status: _plan_page(bench, actions, errors=wrong, status=status),
    )


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into the activity's blueprint."""
    may = who_may("participant")
    blueprint.get("/writing")(may(writing))
    blueprint.post("/writing")(may(save_writing))
    blueprint.get("/plan")(may(plan))
    blueprint.post("/plan")(may(save_plan))
