"""The gradebook as people see it, and what a tutor may do to it.

A participant sees their own row. Every act is a form with the sesskey. The
rules for grades are in gradebook.py.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, make_response, redirect, render_template, request

from lti_tool.demo_platform.faults import moodle_error_page
from lti_tool.demo_platform.gradebook import BY_TOOL, Grade, LineItem, TypedGrade
from lti_tool.demo_platform.people import Course, Person, find_person, list_members
from lti_tool.demo_platform.platform import get_platform
from lti_tool.demo_platform.services import moodle_number
from lti_tool.demo_platform.visitors import need_sesskey, need_staff, need_visitor

blueprint = Blueprint("gradebook", __name__, url_prefix="/gradebook")
LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Cell:
    """One grade as shown."""

    score: str
    feedback: list[str]
    at: str
    by: str
    overridden: bool


@blueprint.app_template_filter("tidy")
def tidy(value: float) -> str:
    """At most two decimals, and none where there is no need."""
    return str(moodle_number(round(value, 2)))


def _need_course() -> Course:
    return get_platform().courses.find_course(
        request.values.get("course", "2")
    ) or get_platform().courses.find_course("2")  # type: ignore[return-value]


@blueprint.get("")
def gradebook() -> str:
    session, person = need_visitor()
    course = _need_course()
    sees_all = person.staff and not session.switched
    switches, book = get_platform().switches, get_platform().gradebook
    rows = [
        p
        for p in list_members(course)
        if p.gradable
        and (sees_all or p.id == person.id)
        and (sees_all or not switches.is_unenrolled(p.id))
    ]
    items = [item for item in book.list_items(course.id) if sees_all or not item.hidden]
    grades = {(g.item_id, g.user_id): _cell(g) for g in book.list_grades()}
    return render_template(
        "demo_platform/gradebook.html",
        course=course,
        items=items,
        rows=rows,
        grades=grades,
        sees_all=sees_all,
        unenrolled=switches.get("unenrolled"),
        notice=request.args.get("done"),
    )


def _cell(grade: Grade) -> Cell:
    at = datetime.fromtimestamp(grade.modified_at, UTC).astimezone(LONDON)
    return Cell(
        score="no mark" if grade.final is None else tidy(grade.final),
        feedback=(grade.feedback or "").splitlines(),
        at=f"{at.day} {at:%B %Y, %H:%M:%S}",
        by="sent by the tool" if grade.changed_by == BY_TOOL else f"typed by {grade.changed_by}",
        overridden=grade.overridden,
    )


def _start_act() -> tuple[Person, Course]:
    session, person = need_staff()
    need_sesskey(session)
    return person, _need_course()


def _find_item(course: Course) -> LineItem | None:
    text = request.form.get("item", "")
    return get_platform().gradebook.find_item(course.id, int(text)) if text.isdigit() else None


def _back(course: Course, done: str) -> Response:
    from_here = redirect(f"/gradebook?course={course.id}&done={done}", 303)
    return make_response(from_here)


@blueprint.post("/override")
def override() -> Response:
    """Types a grade over what is there; an empty grade means no mark."""
    person, course = _start_act()
    item, participant = _find_item(course), find_person(request.form.get("person"))
    if item is None or participant is None or not participant.gradable:
        return moodle_error_page("Choose a person and a column that exist.")
    text = request.form.get("grade", "").strip()
    try:
        final = float(text) if text else None
        if final is not None and not math.isfinite(final):
            raise ValueError(text)
    except ValueError:
        return moodle_error_page("A grade is a number, such as 62.5.")
    platform = get_platform()
    feedback = request.form.get("feedback", "").strip() or None
    platform.gradebook.override(
        item,
        TypedGrade(participant.id, final, feedback, person.display_name, platform.now),
    )
    return _back(course, "override")


@blueprint.post("/column")
def column() -> Response:
    """Locks, hides or deletes one column."""
    _, course = _start_act()
    item = _find_item(course)
    if item is None:
        return moodle_error_page("That column is gone.")
    act, book = request.form.get("act"), get_platform().gradebook
    marks: dict[str, dict[str, Any]] = {
        "lock": {"locked": True, "hidden": item.hidden},
        "unlock": {"locked": False, "hidden": item.hidden},
        "hide": {"locked": item.locked, "hidden": True},
        "show": {"locked": item.locked, "hidden": False},
    }
    if act == "delete":
        book.delete_item(item)
    elif act in marks:
        book.mark_item(item, **marks[act])
    else:
        return moodle_error_page("There is no such act.")
    return _back(course, act)


@blueprint.post("/enrolment")
def enrolment() -> Response:
    """Takes a participant out of the course, or back in. Grades are kept."""
    _, course = _start_act()
    participant, act = find_person(request.form.get("person")), request.form.get("act")
    if participant is None or not participant.gradable or act not in ("unenrol", "enrol"):
        return moodle_error_page("There is no such participant.")
    switches = get_platform().switches
    gone = set(switches.get("unenrolled"))
    gone = gone | {participant.id} if act == "unenrol" else gone - {participant.id}
    switches.set({"unenrolled": sorted(gone)})
    return _back(course, act)
