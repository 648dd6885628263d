"""Step 9 of a grade: tutors see where marks stand, in words, and what they can do.

The page Gradebook shows a column with everyone in it; a piece of a page shows one mark's
standing elsewhere. Addresses hold no person's id.
"""

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.core.numerals import plain
from lti_tool.db import session
from lti_tool.gradebook import (
    counting,
    deciding,
    history,
    making_again,
    operations,
    overview,
    queries,
    withdrawing,
)
from lti_tool.gradebook.forms import ClearForm
from lti_tool.people import visits
from lti_tool.people.access import contexts_of
from lti_tool.web import notices
from lti_tool.web.policy import who_may

blueprint = Blueprint(
    "gradebook", __name__, template_folder="templates", url_prefix="/v/<handle>/gradebook"
)
notices.register(
    sent_again=("info", "The mark is on its way to the gradebook again."),
    all_sent_again=("info", "The marks that needed you are on their way to the gradebook again."),
    compare_asked=(
        "info",
        "The gradebook is being read. Reload this page in a moment to see what it shows.",
    ),
    mark_being_cleared=("info", "The mark is being taken out of the gradebook."),
    kept_theirs=("success", "Kept. The gradebook’s mark stays as it is."),
    column_asked=(
        "info",
        "The gradebook column is made again, and its marks are on their way to it.",
    ),
)


def _acting() -> dict[str, Any]:
    """Who acts, and where."""
    visit = visits.current()
    return {"context_ids": contexts_of(visit), "actor_id": visit.person_id}


def _number(raw: str) -> int:
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 16 else 0


def _back(handle: str, assignment_id: int, done: str) -> ResponseReturnValue:
    place = url_for("gradebook.column", handle=handle, assignment_id=assignment_id, done=done)
    return redirect(place, 303)


@blueprint.app_context_processor
def _summary() -> dict[str, Any]:
    """For the tutor's home page: how all marks of the course stand, asked for only if shown."""

    def gradebook_counts() -> counting.Counts:
        contexts = contexts_of(visits.current())
        return counting.add_up(counting.count_columns(session(), contexts))

    return {"gradebook_counts": gradebook_counts}


@blueprint.get("/")
@who_may("tutor")
def columns(handle: str) -> ResponseReturnValue:
    """The gradebook columns of this course, and how the marks of each stand."""
    found = overview.list_columns(session(), contexts_of(visits.current()))
    return render_template("gradebook/columns.html", handle=handle, columns=found)


@blueprint.get("/of/<int:assignment_id>")
@who_may("tutor")
def column(handle: str, assignment_id: int) -> ResponseReturnValue:
    """One column with everyone in it."""
    page = overview.get_page(
        session(),
        assignment_id,
        contexts_of(visits.current()),
        _number(request.args.get("page", "")),
    )
    return render_template(
        "gradebook/column.html", handle=handle, page=page, column=page.column, plain=plain
    )


@blueprint.post("/of/<int:assignment_id>/compare")
@who_may("tutor")
def compare(handle: str, assignment_id: int) -> ResponseReturnValue:
    """Have the gradebook read and held against what was sent."""
    deciding.compare_column(session(), assignment_id, **_acting())
    return _back(handle, assignment_id, "compare-asked")


@blueprint.post("/of/<int:assignment_id>/send-all")
@who_may("tutor")
def send_all(handle: str, assignment_id: int) -> ResponseReturnValue:
    """Send all marks again that need a person."""
    deciding.send_all(session(), assignment_id, **_acting())
    return _back(handle, assignment_id, "all-sent-again")


@blueprint.post("/of/<int:assignment_id>/make-column")
@who_may("tutor")
def make_column(handle: str, assignment_id: int) -> ResponseReturnValue:
    """Make a deleted column again."""
    making_again.make_column_again(session(), assignment_id, **_acting())
    return _back(handle, assignment_id, "column-asked")


@blueprint.post("/of/<int:assignment_id>/decide")
@who_may("tutor")
def decide(handle: str, assignment_id: int) -> ResponseReturnValue:
    """Keep the gradebook's mark, or send ours."""
    decision = request.form.get("act", "")
    deciding.decide(session(), _number(request.form.get("shown", "")), decision, **_acting())
    done = "kept-theirs" if decision == "keep" else "sent-again"
    return _back(handle, assignment_id, done)


@blueprint.get("/<int:delivery_id>")
@who_may("tutor")
def standing(handle: str, delivery_id: int) -> ResponseReturnValue:
    """Where one mark stands, as a piece of a page that a script shows in place."""
    found = queries.get_standing(session(), delivery_id, contexts_of(visits.current()))
    response = make_response(
        render_template("gradebook/fragment.html", handle=handle, standing=found)
    )
    response.headers["X-Standing"] = found.state
    return response


@blueprint.get("/<int:delivery_id>/tries")
@who_may("tutor")
def tries(handle: str, delivery_id: int) -> ResponseReturnValue:
    """Every try to send one person's mark."""
    return _tries_page(handle, delivery_id, ClearForm())


def _tries_page(
    handle: str, delivery_id: int, form: ClearForm, status: int = 200
) -> ResponseReturnValue:
    found = history.get_tries(session(), delivery_id, contexts_of(visits.current()))
    page = render_template(
        "gradebook/tries.html",
        handle=handle,
        found=found,
        form=form,
        has_errors=bool(form.errors),
        delivery_id=delivery_id,
    )
    return page, status


@blueprint.post("/<int:delivery_id>/clear")
@who_may("tutor")
def clear(handle: str, delivery_id: int) -> ResponseReturnValue:
    """Take a mark out of the gradebook whose release was taken back, on the tutor's word."""
    form = ClearForm(request.form)
    if not form.validate():
        return _tries_page(handle, delivery_id, form, 422)
    withdrawing.clear_delivery(session(), delivery_id, **_acting())
    place = url_for(
        "gradebook.tries", handle=handle, delivery_id=delivery_id, done="mark-being-cleared"
    )
    return redirect(place, 303)


@blueprint.post("/<int:delivery_id>/send-again")
@who_may("tutor")
def send_again(handle: str, delivery_id: int) -> ResponseReturnValue:
    """Send a mark again with a later time."""
    operations.send_again(session(), delivery_id, **_acting())
    target = visits.page_of(handle, request.form.get("next", ""))
    return redirect(target or url_for("marking.queue", handle=handle, done="sent-again"), 303)
