"""The participant's pages around the work: overview, handing in, receipt, taking back."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.activities.provision_map_audit import workbench
from lti_tool.activities.provision_map_audit.document import map_rows
from lti_tool.activities.provision_map_audit.framework import load_declarations
from lti_tool.activities.provision_map_audit.pages import page
from lti_tool.activities.provision_map_audit.progress import list_missing, progress
from lti_tool.activities.provision_map_audit.tutor.marking_view import render_for_marking
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.core.numerals import plain
from lti_tool.coursework.extensions import deadline_for
from lti_tool.coursework.handing_in import hand_in, take_back
from lti_tool.coursework.lateness import Deadline
from lti_tool.coursework.queries import due_for, get_copy
from lti_tool.db import session
from lti_tool.gradebook.queries import list_standings
from lti_tool.marking.queries import is_being_marked
from lti_tool.marking.results import get_own_results
from lti_tool.web import notices
from lti_tool.web.policy import who_may

notices.register(
    handed_in=("success", "Your work is handed in. Keep the receipt below."),
    taken_back=(
        "success",
        "You have your work back and can go on with it. Hand it in again before the due date.",
    ),
)


def overview(handle: str) -> ResponseReturnValue:
    """Where the work stands: due date, what is done, and the mark once it is released."""
    bench = workbench.open_workbench()
    assignment = bench.assignment
    own = get_own_results(session(), bench.config_dir, assignment, bench.person_id)
    standing = None
    if own.results:
        standing = list_standings(
            session(), (assignment.context_id,), (assignment.id,), bench.person_id
        ).get((assignment.id, bench.person_id))
    return page(
        "overview.html",
        bench,
        progress=progress(bench.document),
        missing=list_missing(bench.document),
        own=own,
        plain=plain,
        standing=standing,
        deadline=_deadline(bench),
        now=clock.now(),
        row_count=len(map_rows(bench.document)),
        may_take_back=_may_take_back(bench),
    )


def _may_take_back(bench: workbench.Workbench) -> bool:
    if not bench.work.is_handed_in:
        return False
    due_at = due_for(session(), bench.assignment, bench.person_id)
    in_time = due_at is None or clock.now() <= due_at
    return in_time and not is_being_marked(session(), bench.work.submission_id)


def _deadline(bench: workbench.Workbench) -> Deadline | None:
    return deadline_for(session(), bench.config_dir, bench.assignment, bench.person_id)


def _hand_in_page(
    bench: workbench.Workbench,
    ticked: set[str],
    *,
    errors: list[tuple[str | None, str]] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    return page(
        "hand_in.html",
        bench,
        declarations=load_declarations(bench.config_dir),
        ticked=ticked,
        missing=list_missing(bench.document),
        errors=errors or [],
        has_errors=bool(errors),
        deadline=_deadline(bench),
        now=clock.now(),
        is_empty=bench.work.submission_id is None,
    ), status


def hand_in_page(handle: str) -> ResponseReturnValue:
    """What is missing, the declarations, and the button."""
    bench = workbench.open_workbench()
    if bench.work.is_handed_in:
        return redirect(url_for("provision_map_audit.receipt", handle=handle), 303)
    return _hand_in_page(bench, set())


def hand_in_now(handle: str) -> ResponseReturnValue:
    """Hand in: every declaration is needed; the wording shown is kept with the work."""
    bench = workbench.open_workbench()
    declarations = load_declarations(bench.config_dir)
    ticked = set(request.form.getlist("declaration"))
    errors: list[tuple[str | None, str]] = [
        (f"declaration-{key}", f"Tick “{text.rstrip('.')}” to hand in.")
        for key, text in declarations.items()
        if key not in ticked
    ]
    if request.form.get("revision", "") != str(bench.work.revision):
        errors.append(
            (
                None,
                "Your work was changed in another tab since this page was opened. "
                "Look at it again before you hand it in.",
            )
        )
    if errors:
        return _hand_in_page(bench, ticked, errors=errors, status=422)
    try:
        hand_in(
            session(),
            bench.assignment,
            bench.person_id,
            bench.activity,
            bench.work,
            declarations,
            _deadline(bench),
        )
    except Conflict as error:
        return _hand_in_page(bench, ticked, errors=[(None, error.sentence)], status=409)
    return redirect(url_for("provision_map_audit.receipt", handle=handle, done="handed-in"), 303)


def receipt(handle: str) -> ResponseReturnValue:
    """The dated receipt with the frozen copy beneath it."""
    bench = workbench.open_workbench()
    if bench.work.copy_id is None:
        return redirect(url_for("provision_map_audit.overview", handle=handle), 303)
    copy = get_copy(session(), bench.work.copy_id)
    deadline = _deadline(bench)
    return page(
        "receipt.html",
        bench,
        copy=copy,
        rendered=render_for_marking(copy.document),
        may_take_back=_may_take_back(bench),
        due_at=deadline.due_at if deadline else None,
        days_late=deadline.days_late(copy.handed_in_at) if deadline else 0,
    )


def take_back_now(handle: str) -> ResponseReturnValue:
    """Take the work back to go on with it, until the due date."""
    bench = workbench.open_workbench()
    take_back(
        session(),
        bench.assignment,
        bench.person_id,
        bench.work,
        is_being_marked=is_being_marked(session(), bench.work.submission_id),
    )
    return redirect(url_for("provision_map_audit.overview", handle=handle, done="taken-back"), 303)


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into the activity's blueprint."""
    may = who_may("participant")
    blueprint.get("/")(may(overview))
    blueprint.get("/hand-in")(may(hand_in_page))
    blueprint.post("/hand-in")(may(hand_in_now))
    blueprint.get("/receipt")(may(receipt))
    blueprint.post("/take-back")(may(take_back_now))
