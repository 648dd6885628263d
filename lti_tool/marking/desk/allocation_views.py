"""The page on which work is shared out among markers: evenly, by hand, or all at once to another
when a tutor leaves. Every tutor of the course may read it; where a programme leader is named, only
they change it."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from lti_tool.core.errors import NotAllowed, Unusable
from lti_tool.coursework.queries import AssignmentRead, get_assignment, list_assignments
from lti_tool.coursework.resetting import require_open
from lti_tool.coursework.rules import get_rules
from lti_tool.db import session
from lti_tool.marking.desk.markers import Marker, list_everybody, list_markers, list_page
from lti_tool.marking.desk.turns import allocate, hand_over, list_turns, share_out_rest
from lti_tool.marking.queries import FIRST, hides_names
from lti_tool.people import grants, visits
from lti_tool.people.access import contexts_of
from lti_tool.people.queries import count_participants, list_leader_names
from lti_tool.web import notices
from lti_tool.web.forms import Choice, Choices, Form
from lti_tool.web.policy import who_may

blueprint = Blueprint(
    "allocation", __name__, template_folder="../templates", url_prefix="/v/<handle>/allocation"
)
notices.register(
    shared_out=("success", "The work is shared out. Each marker finds theirs under Mine."),
    handed_over=("success", "The unmarked work went over. What was marked stays where it is."),
    nothing_moved=("info", "Nothing had to change."),
)
PAGE = 100


class ShareForm(Form):
    """Whom to share the work out among."""

    markers = Choices("Share the work out among", required="Tick at least one tutor.")


class LeavingForm(Form):
    """Whose work goes to whom."""

    leaves = Choice("Tutor who leaves", as_list=True)
    takes = Choice("Tutor who takes over", as_list=True)


def _may_change() -> bool:
    """Whether this person shares the work out: a leader, or anybody where no leader is named."""
    visit = visits.current()
    if visit.is_leader:
        return True
    held = grants.holders(session(), visit.context_id, visit.registration_id)
    return not any(role == grants.LEADER for roles in held.values() for role, _ in roles)


def _assignment() -> AssignmentRead:
    """The assignment of this visit's link."""
    visit = visits.current()
    return get_assignment(session(), visit.assignment_id, contexts_of(visit))


def _to_change() -> AssignmentRead:
    """The same, for those who may share its work out.

    :raises NotAllowed: a leader is named here, and this is not one.
    """
    if not _may_change():
        raise NotAllowed(
            "Your programme leader shares the work out among markers. Ask them for a change."
        )
    return _assignment()


def _is_nameless(assignment: AssignmentRead) -> bool:
    """Whether a marker is not to know whose work is theirs; who shares it out cannot but know."""
    config_dir = visits.settings_of_app().config_dir
    rules = get_rules(session(), config_dir, assignment.rules_key, assignment.rules_version)
    return hides_names(assignment, rules)


def _number(raw: str) -> int:
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 7 else 1


def _forms(markers: list[Marker], posted: Any = None) -> tuple[ShareForm, LeavingForm]:
    here = [(str(one.membership_id), one.name) for one in markers if one.is_here]
    leaving = [
        (str(one.membership_id), f"{one.name} ({one.left} to mark)") for one in markers if one.left
    ]
    share, over = ShareForm(posted, prefix="share-"), LeavingForm(posted, prefix="over-")
    share.markers.offer(here)
    over.leaves.offer(leaving)
    over.takes.offer(here)
    return share, over


def _name_of(marker: Marker | None) -> str:
    return marker.name if marker else "Nobody yet"


def _page(
    handle: str, assignment: AssignmentRead, forms: tuple[ShareForm, LeavingForm] | None = None
) -> ResponseReturnValue:
    visit = visits.current()
    turns = list_turns(session(), [assignment.id], FIRST)
    markers = list_markers(session(), assignment, turns, FIRST)
    share, over = forms or _forms(markers)
    count = count_participants(session(), (assignment.context_id,)).get(assignment.context_id, 0)
    pages = max(1, -(-count // PAGE))
    number = min(max(_number(request.args.get("page", "1")), 1), pages)
    by_person = {one.person_id: one for one in markers}
    given = {turn.person_id: by_person.get(turn.marker_id) for turn in turns}
    people = list_page(session(), assignment, number, PAGE)
    return render_template(
        "marking/allocation.html",
        handle=handle,
        assignment=assignment,
        markers=markers,
        share=share,
        over=over,
        has_errors=bool(share.errors or over.errors),
        people=people,
        given={person: one.membership_id for person, one in given.items() if one},
        pairs=[(one.name, _name_of(given.get(one.person_id))) for one in people],
        number=number,
        pages=pages,
        is_limited=visit.requires_grant,
        may_change=_may_change(),
        is_nameless=_is_nameless(assignment),
        leaders=list_leader_names(session(), visit.context_id, visit.registration_id),
    ), 422 if share.errors or over.errors else 200


def _back(handle: str, done: str, page: int = 1) -> ResponseReturnValue:
    return redirect(url_for("allocation.allocation", handle=handle, page=page, done=done), 303)


@blueprint.get("/")
@who_may("tutor")
def allocation(handle: str) -> ResponseReturnValue:
    """Who has whose work, and for those who may the ways to change it."""
    return _page(handle, _assignment())


def _read(assignment: AssignmentRead) -> tuple[list[Marker], tuple[ShareForm, LeavingForm]]:
    require_open(assignment)
    turns = list_turns(session(), [assignment.id], FIRST)
    markers = list_markers(session(), assignment, turns, FIRST)
    return markers, _forms(markers, request.form)


@blueprint.post("/share-out")
@who_may("tutor")
def share_out(handle: str) -> ResponseReturnValue:
    """Share out evenly those without a marker, or everybody whose work is not marked yet."""
    assignment = _to_change()
    markers, (share, _) = _read(assignment)
    if not share.validate():
        return _page(handle, assignment, (share, _forms(markers)[1]))
    chosen = set(share.markers.data)
    count = share_out_rest(
        session(),
        assignment,
        list_everybody(session(), assignment),
        [one.person_id for one in markers if str(one.membership_id) in chosen],
        anew=request.form.get("act") == "anew",
        actor_id=visits.current().person_id,
    )
    return _back(handle, "shared-out" if count else "nothing-moved")


@blueprint.post("/hand-over")
@who_may("tutor")
def leave(handle: str) -> ResponseReturnValue:
    """A tutor leaves: all their work that is not marked, in every activity here, goes over."""
    assignment = _to_change()
    markers, (_, over) = _read(assignment)
    is_good = over.validate()
    if is_good and over.leaves.data == over.takes.data:
        over.problem("takes", "Choose another tutor to take the work over.")
        is_good = False
    if not is_good:
        return _page(handle, assignment, (_forms(markers)[0], over))
    people = {str(one.membership_id): one.person_id for one in markers}
    count = hand_over(
        session(),
        list_assignments(session(), contexts_of(visits.current())),
        from_id=people[str(over.leaves.data)],
        to_id=people[str(over.takes.data)],
        actor_id=visits.current().person_id,
    )
    return _back(handle, "handed-over" if count else "nothing-moved")


def _wanted(
    posted: MultiDict[str, str], markers: list[Marker], assignment: AssignmentRead, page: int
) -> dict[int, int | None]:
    """The marker by participant, of the rows of a page that were changed on it.

    :raises Unusable: a row names somebody who cannot be given work here.
    """
    known: dict[str, int | None] = {str(one.membership_id): one.person_id for one in markers}
    known[""] = None
    wanted: dict[int, int | None] = {}
    for one in list_page(session(), assignment, page, PAGE):
        given = posted.get(f"marker_{one.membership_id}")
        if given is None or given == posted.get(f"was_{one.membership_id}", ""):
            continue
        if given not in known:
            raise Unusable("One of the markers no longer teaches here. Open the page again.")
        wanted[one.person_id] = known[given]
    return wanted


@blueprint.post("/by-hand")
@who_may("tutor")
def by_hand(handle: str) -> ResponseReturnValue:
    """Give single participants to a marker. Only rows that were changed on the page count."""
    assignment = _to_change()
    markers, _ = _read(assignment)
    page = _number(request.form.get("page", "1"))
    wanted = _wanted(request.form, markers, assignment, page)
    count = allocate(session(), assignment, wanted, kind=FIRST, actor_id=visits.current().person_id)
    return _back(handle, "shared-out" if count else "nothing-moved", page)
