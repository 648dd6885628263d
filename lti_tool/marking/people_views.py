"""The tutor's page of people, and where a link from the gradebook lands without work to show.

Names are shown to tutors of the course alone. Addresses hold no person's id.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.coursework.queries import get_assignment
from lti_tool.db import session
from lti_tool.marking.participants import list_people
from lti_tool.people import problems, roster, visits
from lti_tool.people.access import contexts_of
from lti_tool.people.operations import put_tutor_aside
from lti_tool.people.queries import list_tutors
from lti_tool.web import notices
from lti_tool.web.policy import who_may

blueprint = Blueprint(
    "participants", __name__, template_folder="templates", url_prefix="/v/<handle>/people"
)
notices.register(
    roster_asked=("info", "The list is being read. Reload this page in a moment to see it."),
    put_aside=(
        "success",
        "Kept. When they next open the activity as a participant, their work counts.",
    ),
)


def _number(raw: str) -> int:
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 7 else 0


@blueprint.get("/")
@who_may("tutor")
def people(handle: str) -> ResponseReturnValue:
    """Who takes part, how far they have got, and how the list came about."""
    visit = visits.current()
    standing = roster.get_standing(session(), visit.context_id)
    code = standing.problem if standing.is_offered else "not_offered"
    return render_template(
        "marking/people.html",
        handle=handle,
        people=list_people(
            session(),
            contexts_of(visit),
            visits.settings_of_app().config_dir,
            _number(request.args.get("page", "")),
        ),
        tutors=list_tutors(session(), contexts_of(visit)),
        roster=standing,
        problem=problems.describe(code) if code else None,
        own_id=visit.person_id,
    )


@blueprint.post("/read-again")
@who_may("tutor")
def read_again(handle: str) -> ResponseReturnValue:
    """Have the course site's list of members read again."""
    roster.ask_for_reading(session(), visits.current().context_id)
    return redirect(url_for("participants.people", handle=handle, done="roster-asked"), 303)


@blueprint.post("/takes-part-now")
@who_may("tutor")
def put_aside(handle: str) -> ResponseReturnValue:
    """Somebody no longer teaches here and takes part."""
    visit = visits.current()
    put_tutor_aside(
        session(),
        _number(request.form.get("membership", "")),
        visit.context_id,
        actor_id=visit.person_id,
    )
    return redirect(url_for("participants.people", handle=handle, done="put-aside"), 303)


@blueprint.get("/not-handed-in")
@who_may("tutor")
def not_handed_in(handle: str) -> ResponseReturnValue:
    """The gradebook asked for work that is not there to be seen."""
    visit = visits.current()
    return render_template(
        "marking/not_handed_in.html",
        handle=handle,
        has_begun=request.args.get("begun") == "1",
        assignment=get_assignment(session(), visit.assignment_id, contexts_of(visit)),
    )
