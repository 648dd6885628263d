"""What every participant does around their work: hand it in, keep the receipt, take it back.

The acts are the same for each activity, so they stand once. An activity says what is its own in
a `HandIn` and puts the pages into its blueprint by `add_to`; its templates `hand_in.html` and
`receipt.html` use the macros of `marking/handing_in.html`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from lti_tool.catalogue.contract import Activity
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.core.numerals import plain
from lti_tool.coursework.extensions import deadline_at, deadline_for
from lti_tool.coursework.handing_in import hand_in, take_back
from lti_tool.coursework.lateness import Deadline
from lti_tool.coursework.own_work import Work
from lti_tool.coursework.queries import AssignmentRead, get_copy
from lti_tool.db import session
from lti_tool.gradebook.queries import list_standings
from lti_tool.marking.queries import is_being_marked, lock_submission
from lti_tool.marking.results import foresee_own, get_own_results
from lti_tool.people import visits
from lti_tool.web import notices
from lti_tool.web.policy import who_may

Problems = list[tuple[str | None, str]]
"""Id of a field, or None, and what is wrong there."""
notices.register(
    handed_in=("success", "Your work is handed in. Keep the receipt below."),
    taken_back=(
        "success",
        "You have your work back and can go on with it. Hand it in again before the due date.",
    ),
)
CHANGED = (
    "Your work was changed in another tab since this page was opened. "
    "Look at it again before you hand it in."
)


class OwnWork(Protocol):
    """A participant's own work in this request, whatever the activity."""

    @property
    def activity(self) -> Activity:
        """The kind of work."""
        ...

    @property
    def assignment(self) -> AssignmentRead:
        """The work that was set."""
        ...

    @property
    def person_id(self) -> int:
        """Whose it is."""
        ...

    @property
    def work(self) -> Work:
        """The draft in hand, and the copy in force."""
        ...

    @property
    def config_dir(self) -> Path:
        """Where the settings are."""
        ...


Own = TypeVar("Own", bound=OwnWork)


@dataclass(frozen=True, slots=True)
class HandIn(Generic[Own]):
    """What an activity says of its own handing in."""

    name: str
    """Of its blueprint, which has a page `overview`."""
    open_own: Callable[[], Own]
    page: Callable[..., str]
    """Makes a page of the activity from a template's name, the own work and values."""
    declarations: Callable[[Path], dict[str, str]]
    """Key to wording of what is declared, from `config/`."""
    missing: Callable[[Own], Sequence[Any]]
    """What is still to do. It is shown, and forbids nothing."""
    revision: Callable[[Own], int]
    """Tells whether the work is still what the page was made from."""
    is_empty: Callable[[Own], bool]
    freeze: Callable[[Own], Work]
    """The work as it is to be frozen, saved by now."""


def deadline_of(own: OwnWork) -> Deadline | None:
    """The due date that applies to whose work this is."""
    return deadline_for(session(), own.config_dir, own.assignment, own.person_id)


def _may_take_back(own: OwnWork, due_at: datetime | None) -> bool:
    if not own.work.is_handed_in:
        return False
    in_time = due_at is None or clock.now() <= due_at
    return in_time and not is_being_marked(session(), own.work.submission_id)


@dataclass(frozen=True, slots=True)
class OwnStanding:
    """Where a participant's own work stands, for the head of an activity's first page."""

    own: Any
    standing: Any
    deadline: Deadline | None
    may_take_back: bool
    now: datetime
    plain: Callable[..., str]


def foresee_own_standing() -> None:
    """Say first that `standing_of` comes after the visit's own work is read: both are asked at
    once."""
    visit = visits.current()
    foresee_own(session(), visit.assignment_id, visit.person_id)


def standing_of(own: OwnWork) -> OwnStanding:
    """What `marking/released.html` and `marking/handing_in.html` show of somebody's own work."""
    results = get_own_results(session(), own.config_dir, own.assignment, own.person_id)
    standing = None
    if results.results:
        standing = list_standings(
            session(), (own.assignment.context_id,), (own.assignment.id,), own.person_id
        ).get((own.assignment.id, own.person_id))
    deadline = deadline_at(session(), own.config_dir, own.assignment, results.due_at)
    may_take_back = _may_take_back(own, results.due_at)
    return OwnStanding(results, standing, deadline, may_take_back, clock.now(), plain)


def _form_page(
    its: HandIn[Own],
    own: Own,
    ticked: set[str],
    errors: Problems | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    return its.page(
        "hand_in.html",
        own,
        declarations=its.declarations(own.config_dir),
        ticked=ticked,
        missing=its.missing(own),
        errors=errors or [],
        has_errors=bool(errors),
        deadline=deadline_of(own),
        now=clock.now(),
        is_empty=its.is_empty(own),
        revision=its.revision(own),
    ), status


def _hand_in(handle: str, its: HandIn[Own]) -> ResponseReturnValue:
    """Every declaration is needed; the wording shown is kept with the work."""
    own = its.open_own()
    declarations = its.declarations(own.config_dir)
    ticked = set(request.form.getlist("declaration"))
    errors: Problems = [
        (f"declaration-{key}", f"Tick “{text.rstrip('.')}” to hand in.")
        for key, text in declarations.items()
        if key not in ticked
    ]
    if request.form.get("revision", "") != str(its.revision(own)):
        errors.append((None, CHANGED))
    if errors:
        return _form_page(its, own, ticked, errors, 422)
    try:
        with session().begin_nested():
            hand_in(
                session(),
                own.assignment,
                own.person_id,
                own.activity,
                its.freeze(own),
                declarations,
                deadline_of(own),
            )
    except Conflict as error:
        return _form_page(its, own, ticked, [(None, error.sentence)], 409)
    return redirect(url_for(f"{its.name}.receipt", handle=handle, done="handed-in"), 303)


def _receipt(handle: str, its: HandIn[Own]) -> ResponseReturnValue:
    own = its.open_own()
    if own.work.copy_id is None:
        return redirect(url_for(f"{its.name}.overview", handle=handle), 303)
    copy = get_copy(session(), own.work.copy_id)
    deadline = deadline_of(own)
    rendered: Markup = own.activity.render_for_marking(copy.document)
    return its.page(
        "receipt.html",
        own,
        copy=copy,
        rendered=rendered,
        may_take_back=_may_take_back(own, deadline.due_at if deadline else None),
        due_at=deadline.due_at if deadline else None,
        days_late=deadline.days_late(copy.handed_in_at) if deadline else 0,
    )


def _take_back(handle: str, its: HandIn[Own]) -> ResponseReturnValue:
    own = its.open_own()
    if own.work.submission_id is not None:
        lock_submission(session(), own.work.submission_id)  # a marker may be saving right now
    take_back(
        session(),
        own.assignment,
        own.person_id,
        own.work,
        is_being_marked=is_being_marked(session(), own.work.submission_id),
    )
    return redirect(url_for(f"{its.name}.overview", handle=handle, done="taken-back"), 303)


def add_to(blueprint: Blueprint, its: HandIn[Own]) -> None:
    """Put the pages into an activity's blueprint."""
    may = who_may("participant")

    @blueprint.get("/hand-in")
    @may
    def hand_in_page(handle: str) -> ResponseReturnValue:
        """What is missing, the declarations, and the button."""
        own = its.open_own()
        if own.work.is_handed_in:
            return redirect(url_for(f"{its.name}.receipt", handle=handle), 303)
        return _form_page(its, own, set())

    @blueprint.post("/hand-in")
    @may
    def hand_in_now(handle: str) -> ResponseReturnValue:
        """Hand in."""
        return _hand_in(handle, its)

    @blueprint.get("/receipt")
    @may
    def receipt(handle: str) -> ResponseReturnValue:
        """The dated receipt with the frozen copy beneath it."""
        return _receipt(handle, its)

    @blueprint.post("/take-back")
    @may
    def take_back_now(handle: str) -> ResponseReturnValue:
        """Take the work back to go on with it, until the due date."""
        return _take_back(handle, its)
