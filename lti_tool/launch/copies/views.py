"""The page on which a tutor decides about a set-up that came with a copied course.

Until then participants work with the copied set-up, without dates. Never with earlier work.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.catalogue.register import get_activity
from lti_tool.core.errors import Conflict
from lti_tool.coursework.copying import find_source, keep_copied, start_afresh
from lti_tool.coursework.queries import AssignmentRead, get_assignment
from lti_tool.db import session
from lti_tool.launch.versions import versions_for
from lti_tool.people import visits
from lti_tool.people.access import contexts_of
from lti_tool.web import notices
from lti_tool.web.policy import who_may

blueprint = Blueprint("copies", __name__)
notices.register(
    copy_kept=("success", "The copied set-up is in use. Set the dates: they are not copied."),
    copy_dropped=("success", "The activity starts afresh. Set its dates next."),
)


def _assignment() -> AssignmentRead:
    visit = visits.current()
    return get_assignment(session(), visit.assignment_id, contexts_of(visit))


def _page(
    handle: str, assignment: AssignmentRead, sentence: str | None = None, status: int = 200
) -> ResponseReturnValue:
    return render_template(
        "launch/copied.html",
        handle=handle,
        assignment=assignment,
        source=find_source(session(), assignment),
        sentence=sentence,
        has_errors=sentence is not None,
    ), status


@blueprint.get("/v/<handle>/copied")
@who_may("tutor")
def copied(handle: str) -> ResponseReturnValue:
    """What came with the copied course, and the two ways to go on."""
    assignment = _assignment()
    if not assignment.is_undecided_copy:
        return redirect(url_for("marking.queue", handle=handle), 303)
    return _page(handle, assignment)


@blueprint.post("/v/<handle>/copied")
@who_may("tutor")
def decide(handle: str) -> ResponseReturnValue:
    """Keep the copied set-up, or begin with the activity's own."""
    visit, assignment = visits.current(), _assignment()
    afresh = request.form.get("act") == "afresh"
    try:
        if afresh:
            activity = get_activity(assignment.activity)
            versions = versions_for(session(), visits.settings_of_app().config_dir, activity)
            start_afresh(
                session(),
                assignment,
                title=visit.resource_link_title or activity.title,
                rubric_key=activity.rubric_key,
                rubric_version=versions.rubric,
                rules_version=versions.rules,
                actor_id=visit.person_id,
            )
        else:
            keep_copied(session(), assignment, actor_id=visit.person_id)
    except Conflict as error:
        return _page(handle, assignment, error.sentence, 409)
    done = "copy-dropped" if afresh else "copy-kept"
    return redirect(url_for("coursework.set_up", handle=handle, done=done), 303)
