"""The buttons that let a whole cohort hand in, or keep its placement logs, and how far they are.

They go one after another in a thread of their own, so that the demo's tool is not swamped; the
page says where they are and loads itself again. Only staff of the course may ask for it.
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

import requests
from flask import Blueprint, Response, abort, current_app, make_response, redirect, render_template

from lti_tool.demo_platform.cohort.handing_in import hand_in_as
from lti_tool.demo_platform.cohort.keeping_logs import Place, Step, list_steps
from lti_tool.demo_platform.cohort.walker import Stuck
from lti_tool.demo_platform.people import COHORT, COHORT_COURSE, PEOPLE, TUTOR
from lti_tool.demo_platform.platform import Platform, get_platform
from lti_tool.demo_platform.visitors import need_sesskey, need_staff

blueprint = Blueprint("cohort", __name__)


def _hand_in(place: Place) -> Iterator[Step]:
    for person in COHORT:
        act = partial(hand_in_as, person, place.link_id, place.platform_url)
        yield Step(person.id, act)


@dataclass(frozen=True)
class Kind:
    """One thing that a cohort does: in which activity, in what steps, and its words."""

    activity: str
    steps: Callable[[Place], Iterator[Step]]
    title: str
    lead: str
    done: str
    button: str


KINDS = {
    "hand-in": Kind(
        "provision-map-audit",
        _hand_in,
        "A cohort that hands in",
        f"The {len(COHORT)} participants of last term’s course can hand in by themselves. Each "
        "signs in, opens the activity and fills in its forms as you would, only faster.",
        "have handed in",
        "Let them hand in",
    ),
    "logs": Kind(
        "placement-log",
        list_steps,
        "A cohort that keeps its placement logs",
        f"The {len(COHORT)} participants of last term’s course plan visits, the tutor approves, "
        "they write up, hosts confirm by a code, the tutor accepts. They end in different states, "
        "so that the tutor’s page has something to show.",
        "steps are done",
        "Let them keep their logs",
    ),
}


@dataclass
class Procession:
    """The cohort on its way: what is done, and what went wrong."""

    kind: Kind
    steps: list[Step]
    done: list[str] = field(default_factory=list)
    problem: str = ""
    thread: threading.Thread | None = None

    @property
    def is_moving(self) -> bool:
        """Whether somebody is still at it."""
        return self.thread is not None and self.thread.is_alive()


def _setting(what: str) -> str:
    return "cohort_handed_in" if what == "hand-in" else f"cohort_{what}"


def _make(platform: Platform, what: str) -> Procession:
    kind = KINDS[what]
    link = next(
        one
        for one in platform.courses.list_all_links()
        if one.course_id == COHORT_COURSE and one.custom.get("activity") == kind.activity
    )
    tutor = next(one for one in PEOPLE if one.part == TUTOR)
    steps = list(kind.steps(Place(platform.platform_url, link.id, tutor)))
    return Procession(kind, steps, list(platform.store.get_setting(_setting(what)) or []))


def _procession(what: str) -> Procession:
    """The one of this process, made when first asked for."""
    if what not in KINDS:
        abort(404)
    name = f"demo_platform.cohort.{what}"
    found = current_app.extensions.get(name)
    if not isinstance(found, Procession):
        found = current_app.extensions[name] = _make(get_platform(), what)
    return found


def _go(procession: Procession, what: str) -> None:
    store = get_platform().store

    def walk() -> None:
        for step in procession.steps:
            if step.key in procession.done:
                continue
            try:
                step.act()
            except (Stuck, requests.RequestException) as problem:
                procession.problem = str(problem)
                return
            procession.done.append(step.key)
            store.set_setting(_setting(what), procession.done)

    procession.problem = ""
    procession.thread = threading.Thread(target=walk, daemon=True)
    procession.thread.start()


@blueprint.get("/cohort")
@blueprint.get("/cohort/<what>")
def cohort(what: str = "hand-in") -> Response:
    """How far they are."""
    session, _ = need_staff()
    procession = _procession(what)
    page = make_response(
        render_template(
            "demo_platform/cohort.html",
            procession=procession,
            kind=procession.kind,
            what=what,
            course_id=COHORT_COURSE,
            session=session,
        )
    )
    if procession.is_moving:
        page.headers["Refresh"] = "2"
    return page


@blueprint.post("/cohort/<what>")
def let_them_go(what: str) -> Response:
    """Set them going; a second press while they are at it changes nothing."""
    session, _ = need_staff()
    need_sesskey(session)
    procession = _procession(what)
    if not procession.is_moving:
        _go(procession, what)
    return make_response(redirect(f"/cohort/{what}", 303))
