"""The programme leader's page of markers: who may mark in this course, and who must be named.

For those with a leader's grant. Forms name a membership of this course, never a person.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.core.errors import NotAllowed, NotFound
from lti_tool.db import session
from lti_tool.people import grants, visits
from lti_tool.people.access import contexts_of
from lti_tool.people.queries import list_tutors
from lti_tool.web import notices
from lti_tool.web.policy import who_may

blueprint = Blueprint(
    "leaders", __name__, template_folder="templates", url_prefix="/v/<handle>/markers"
)
notices.register(markers_kept=("success", "Kept."))


@blueprint.get("/")
@who_may("leader")
def markers(handle: str) -> ResponseReturnValue:
    """Everyone who teaches here, with what they may do."""
    visit = visits.current()
    held = grants.holders(session(), visit.context_id, visit.registration_id)
    programme = _programme_scope(visit, held)
    return render_template(
        "people/markers.html",
        handle=handle,
        tutors=list_tutors(session(), contexts_of(visit)),
        held=held,
        named=(grants.TUTOR, grants.CONTEXT),
        named_for_all=(grants.TUTOR, grants.PROGRAMME),
        may_name_for_all=programme is not None,
        is_required=visit.requires_grant,
    )


@blueprint.post("/required")
@who_may("leader")
def require(handle: str) -> ResponseReturnValue:
    """Say whether markers must be named."""
    visit = visits.current()
    wanted = request.form.get("required") == "1"
    grants.require_grants(session(), visit.context_id, wanted, actor_id=visit.person_id)
    return _back(handle)


@blueprint.post("/name")
@who_may("leader")
def name(handle: str) -> ResponseReturnValue:
    """Name somebody as a marker of this course, or take that back."""
    visit = visits.current()
    wanted = request.form.get("membership", "")
    found = [x for x in list_tutors(session(), contexts_of(visit)) if str(x.id) == wanted]
    if not found:
        raise NotFound("There is no such tutor in this course.")
    act = grants.take_back if request.form.get("act") == "take-back" else grants.give
    scope: tuple[str, str] | None = (grants.CONTEXT, str(visit.context_id))
    if request.form.get("reaches") == grants.PROGRAMME:
        held = grants.holders(session(), visit.context_id, visit.registration_id)
        scope = _programme_scope(visit, held)
    if scope is None:
        raise NotAllowed(
            "Only who leads the whole programme names markers for all of it. Name them for this "
            "course."
        )
    act(session(), found[0].person_id, grants.TUTOR, scope, actor_id=visit.person_id)
    return _back(handle)


def _programme_scope(
    visit: visits.CurrentVisit, held: dict[int, frozenset[tuple[str, str]]]
) -> tuple[str, str] | None:
    """The scope of the programme this course is a run of, where the visit's person leads it."""
    key = grants.programme_of(session(), visit.context_id)
    reaches = {scope for role, scope in held.get(visit.person_id, ()) if role == grants.LEADER}
    if not key or not reaches & {grants.PROGRAMME, grants.REGISTRATION}:
        return None
    return grants.PROGRAMME, key


def _back(handle: str) -> ResponseReturnValue:
    return redirect(url_for("leaders.markers", handle=handle, done="markers-kept"), 303)
