"""The page where a tutor chooses activities, and the page that sends the answer back.

Deep Linking 2.0, 2.3. The response is signed when the form is sent, so a page that was open for
an hour still gives a fresh one. Nothing here needs a script: the last step has a button.
"""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from lti_tool.catalogue.contract import Activity
from lti_tool.catalogue.register import list_activities
from lti_tool.core.errors import NotFound
from lti_tool.coursework.queries import list_assignments
from lti_tool.db import session
from lti_tool.launch.picker.forms import MOST_ROWS, Choosing, Offer, empty_form, read_form
from lti_tool.launch.picker.operations import choose as choose_activities
from lti_tool.lti.addresses import origin
from lti_tool.lti.deep_linking import sign_answer
from lti_tool.marking.rubrics import Rubric, check_rubric
from lti_tool.people import visits
from lti_tool.people.access import contexts_of
from lti_tool.people.visits import CurrentVisit
from lti_tool.web.policy import who_may
from lti_tool.web.security import allow_forms_to

blueprint = Blueprint("picker", __name__)
_LARGEST_ON_MOODLE, _LARGEST_ELSEWHERE = 100, 1000
_NO_LINKS = (
    "Your course site asked for another kind of content than activities, so nothing was added.",
    "accept_types holds no ltiResourceLink",
)


def _asked(visit: CurrentVisit) -> dict[str, Any]:
    """What the platform asked for.

    :raises NotFound: this visit is not for choosing.
    """
    if visit.deep_linking is None:
        raise NotFound(
            "This page opens from your course site, when you add an activity to a course there."
        )
    return visit.deep_linking


def _offer(visit: CurrentVisit) -> Offer:
    contexts = contexts_of(visit)
    there = list_assignments(session(), contexts, marked_only=False)
    in_use = list_assignments(session(), contexts, marked_only=False, in_use=True)
    activities = list_activities()
    return Offer(
        activities,
        [one for one in there if one.closed_at is None],
        {one.id for one in in_use},
        _LARGEST_ON_MOODLE if _asked(visit)["is_moodle"] else _LARGEST_ELSEWHERE,
        {key: rubric.title for one in activities for key, rubric in _rubrics_of(one)},
    )


def _rubrics_of(activity: Activity) -> list[tuple[str, Rubric]]:
    """An activity's rubrics by key, the usual one first."""
    config_dir = visits.settings_of_app().config_dir
    return [(key, check_rubric(config_dir, key)) for key in activity.rubric_keys]


def _page(
    visit: CurrentVisit, offer: Offer, form: Choosing, *, status: int = 200
) -> ResponseReturnValue:
    return render_template(
        "launch/choose.html",
        handle=visit.handle,
        asked=_asked(visit),
        form=form,
        can_add=len(form.rows) < MOST_ROWS,
        largest=offer.largest_maximum,
        rubrics=[(one.title, rubric) for one in offer.activities for _, rubric in _rubrics_of(one)],
        unmarked=[one.title for one in offer.activities if not one.is_marked],
        has_errors=bool(form.errors),
    ), status


@blueprint.get("/v/<handle>/choose")
@who_may("tutor")
def choose(handle: str) -> ResponseReturnValue:
    """What may be added to the course."""
    visit = visits.current()
    if not _asked(visit)["accepts_links"]:
        return render_template("launch/no_links.html", handle=handle)
    offer = _offer(visit)
    return _page(visit, offer, empty_form(offer))


def _send(visit: CurrentVisit, items: list[dict[str, Any]], **said: Any) -> ResponseReturnValue:
    """The page that posts the signed answer; only here may a form lead to the platform."""
    asked = _asked(visit)
    answer = sign_answer(
        session(), visits.settings_of_app(), visit.context_id, asked, items, **said
    )
    allow_forms_to(origin(asked["return_url"]))
    return render_template(
        "launch/answer.html", action=asked["return_url"], answer=answer, count=len(items)
    )


def _count_words(count: int) -> str:
    return "One activity was chosen." if count == 1 else f"{count} activities were chosen."


@blueprint.post("/v/<handle>/choose")
@who_may("tutor")
def send(handle: str) -> ResponseReturnValue:
    """Add or take away a row, send what was chosen, or go back without anything."""
    visit = visits.current()
    asked = _asked(visit)
    act = request.form.get("act", "send")
    if not asked["accepts_links"]:
        return _send(visit, [], error=_NO_LINKS)
    if act == "cancel":
        return _send(visit, [], msg="Nothing was added.")
    offer = _offer(visit)
    form = read_form(offer, request.form, accepts_many=asked["accepts_many"], act=act)
    if act in ("another", "fewer"):
        return _page(visit, offer, form)
    if not form.validate():
        return _page(visit, offer, form, status=422)
    items = choose_activities(session(), visits.settings_of_app(), visit, form.wishes())
    return _send(visit, items, msg=_count_words(len(items)))
