"""What a tutor looks at beside one piece: what changed since the copy before, and what is typical
of the whole group."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from lti_tool.catalogue.register import get_activity
from lti_tool.core.errors import NotFound
from lti_tool.coursework.queries import get_assignment, get_copy
from lti_tool.db import session
from lti_tool.marking.desk.copies import list_documents, list_earlier
from lti_tool.marking.desk.desks import load_desk
from lti_tool.people import visits
from lti_tool.people.access import contexts_of
from lti_tool.web.policy import who_may
from lti_tool.web.trust import TO_A_MARKER, show_trust_line

blueprint = Blueprint(
    "beside",
    __name__,
    template_folder="../templates",
    url_prefix="/v/<handle>/marking/<int:assignment_id>",
)


def _chosen(earlier: list[Any]) -> int:
    """Which earlier copy is asked for, counted from the latest; the latest for anything else."""
    raw = request.args.get("back", "")
    number = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 5 else 1
    return min(max(number, 1), len(earlier)) - 1


@blueprint.get("/<code>/changes")
@who_may("tutor")
def changes(handle: str, assignment_id: int, code: str) -> ResponseReturnValue:
    """What is different between the copy in hand and one handed in before."""
    visit = visits.current()
    desk = load_desk(session(), visit, visits.settings_of_app().config_dir, assignment_id, code)
    earlier = list_earlier(session(), desk.work)
    if not earlier:
        raise NotFound("This is the first copy of this work, so there is nothing to compare with.")
    chosen = _chosen(earlier)
    show_trust_line(TO_A_MARKER)
    rendered = get_activity(desk.assignment.activity).render_changes(
        get_copy(session(), earlier[chosen].id).document,
        get_copy(session(), desk.work.copy_id).document,
    )
    return render_template(
        "marking/changes.html",
        handle=handle,
        desk=desk,
        earlier=earlier,
        chosen=chosen,
        rendered=rendered,
    )


@blueprint.get("/patterns")
@who_may("tutor")
def patterns(handle: str, assignment_id: int) -> ResponseReturnValue:
    """What is typical of all the work handed in that this tutor may see."""
    visit = visits.current()
    assignment = get_assignment(session(), assignment_id, contexts_of(visit))
    works = list_documents(session(), visit, assignment)
    show_trust_line(TO_A_MARKER)
    return render_template(
        "marking/patterns.html",
        handle=handle,
        assignment=assignment,
        rendered=get_activity(assignment.activity).render_cohort(works),
    )
