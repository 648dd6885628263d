"""Roles that a course site cannot send, on the staff's pages: who holds which, given and taken.

People are shown by the course site's own id and never by name, as the command does. An id is
typed into a form and stands in no address.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.audit.operations import by_staff
from lti_tool.core.errors import Conflict, NotFound, Unusable
from lti_tool.db import abandon, session
from lti_tool.lti.registrations import list_registrations
from lti_tool.people import grants
from lti_tool.programme.cohorts.queries import require_programme
from lti_tool.staff import sessions
from lti_tool.staff.forms import ROLE_WORDS, GrantForm, WhoForm
from lti_tool.web import notices
from lti_tool.web.policy import who_may

blueprint = Blueprint(
    "staff_people", __name__, template_folder="templates", url_prefix="/staff/people"
)
notices.register(
    staff_role_given=("success", "The role is given. It holds from their next page on."),
    staff_role_there=("info", "They had this role already."),
    staff_role_taken=("success", "The role is taken back."),
)
_MOST = 200


def _page(who: WhoForm | None = None, grant: GrantForm | None = None) -> str:
    """The page with its two forms; `who` valid: only of that person."""
    known = list_registrations(session())
    names = {one["id"]: one["name"] for one in known}
    is_search = who is not None and not who.errors
    rows = (
        grants.list_grants(session(), int(who.registration.data), who.sub.data)
        if who is not None and is_search
        else grants.list_grants(session())
    )
    who = who or WhoForm(prefix="who-")
    grant = grant or GrantForm(prefix="grant-")
    if is_search:
        found = {"registration": who.registration.data, "sub": who.sub.data}
        grant = GrantForm(prefix="grant-", data=found)
    for form in (who, grant):
        form.offer(known)
    return render_template(
        "staff/people.html",
        rows=rows[:_MOST],
        left_out=max(len(rows) - _MOST, 0),
        words={name: label.partition(",")[0] for name, label in ROLE_WORDS.items()},
        names=names,
        who=who,
        grant=grant,
        is_search=is_search,
        has_errors=bool(who.errors or grant.errors),
    )


@blueprint.get("/")
@who_may("staff")
def index() -> ResponseReturnValue:
    """Roles in force."""
    return _page()


@blueprint.post("/find")
@who_may("staff")
def find() -> ResponseReturnValue:
    """Roles of one person. A form, so that no id stands in an address or a log."""
    form = WhoForm(request.form, prefix="who-")
    form.offer(list_registrations(session()))
    return (_page(who=form), 200) if form.validate() else (_page(who=form), 422)


@blueprint.post("/grant")
@who_may("staff administrator")
def give() -> ResponseReturnValue:
    """Give a role."""
    form = GrantForm(request.form, prefix="grant-")
    form.offer(list_registrations(session()))
    if not form.validate():
        return _page(grant=form), 422
    try:
        is_new = _give(form)
    except (NotFound, Unusable, Conflict) as error:
        abandon()
        place = "programme" if form.programme.data else "course" if form.course.data else "sub"
        form.problem(place, error.sentence)
        return _page(grant=form), 422
    done = "staff-role-given" if is_new else "staff-role-there"
    return redirect(url_for("staff_people.index", done=done), 303)


def _give(form: GrantForm) -> bool:
    number, programme = int(form.registration.data), form.programme.data or None
    scope = grants.find_scope(session(), number, form.course.data or None, programme)
    if programme is not None:
        require_programme(session(), number, programme)
    person_id = grants.keep_somebody(session(), number, form.sub.data)
    by = by_staff(sessions.current().member_id)
    return grants.give(session(), person_id, form.role.data, scope, **by)


@blueprint.post("/<int:number>/take-back")
@who_may("staff administrator")
def take_back(number: int) -> ResponseReturnValue:
    """Take a role back."""
    by = by_staff(sessions.current().member_id)
    if not grants.take_back_one(session(), number, **by):
        raise NotFound("This role is not in force any more. Reload the page of people.")
    return redirect(url_for("staff_people.index", done="staff-role-taken"), 303)
