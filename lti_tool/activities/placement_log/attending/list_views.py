"""Attendance by a list: choose a file, look at what it would bring about, keep it.

Between the look and the keeping the file travels in the page itself; it is never kept.
"""

import base64

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.activities.placement_log import said
from lti_tool.activities.placement_log.attending import operations
from lti_tool.activities.placement_log.attending.matching import Preview, look
from lti_tool.activities.placement_log.attending.queries import SessionRead, marks_of
from lti_tool.activities.placement_log.attending.views import open_session, posted_revision
from lti_tool.activities.placement_log.attending.words import load_list_words
from lti_tool.activities.placement_log.entries import ABSENT, MARKS
from lti_tool.core.errors import Conflict, Unusable
from lti_tool.coursework.resetting import require_open
from lti_tool.db import session
from lti_tool.papers.lists import open_list
from lti_tool.papers.reading import LARGEST_FILE
from lti_tool.people import visits
from lti_tool.people.access import contexts_of
from lti_tool.people.queries import list_known
from lti_tool.web.policy import who_may
from lti_tool.web.uploads import posted_file

_NO_FILE = "Choose the list of who was there (.xlsx or .csv)."
_CHANGED = "Something changed since you looked. Look at it again, then keep it."


def _page(
    handle: str,
    held: SessionRead,
    *,
    preview: Preview | None = None,
    data: bytes = b"",
    sentence: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    before = marks_of(session(), held.id)
    changes = [
        (one, before.get(one.person.person_id, ""))
        for one in (preview.good if preview else ())
        if one.person is not None and before.get(one.person.person_id) != one.mark
    ]
    return render_template(
        "placement_log/attendance_list.html",
        handle=handle,
        held=held,
        preview=preview,
        changes=changes,
        marks=MARKS,
        file_data=base64.b64encode(data).decode(),
        sentence=sentence,
        has_errors=bool(sentence),
        said=said,
    ), status


def choose_list(handle: str, session_id: int) -> ResponseReturnValue:
    """The place to choose a file."""
    return _page(handle, open_session(session_id)[1])


def bring_list(handle: str, session_id: int) -> ResponseReturnValue:
    """Look at a list, or keep it as it was looked at."""
    assignment, held = open_session(session_id)
    require_open(assignment)
    visit = visits.current()
    try:
        data = posted_file(LARGEST_FILE, _NO_FILE)
        words = load_list_words(visits.settings_of_app().config_dir)
        preview = look(open_list(data), list_known(session(), contexts_of(visit)), words)
    except Unusable as error:
        return _page(handle, held, sentence=error.sentence, status=422)
    if request.form.get("act") != "keep":
        return _page(handle, held, preview=preview, data=data)
    if request.form.get("shown") != preview.digest:
        return _page(handle, held, preview=preview, data=data, sentence=_CHANGED, status=409)
    rest = ABSENT if request.form.get("rest") == ABSENT else ""
    try:
        operations.take_attendance(
            session(),
            assignment,
            held,
            preview.marks(rest),
            revision=posted_revision(),
            actor_id=visit.person_id,
        )
    except Conflict:
        return _page(handle, held, preview=preview, data=data, sentence=_CHANGED, status=409)
    return redirect(
        url_for(
            "placement_log.attendance", handle=handle, session_id=held.id, done="attendance-kept"
        ),
        303,
    )


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into the activity's blueprint."""
    may = who_may("tutor")
    blueprint.get("/sessions/<int:session_id>/list")(may(choose_list))
    blueprint.post("/sessions/<int:session_id>/list")(may(bring_list))
