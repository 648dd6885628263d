"""The button that lets a whole cohort hand in, and how far they have got.

They go one after another in a thread of their own, so that the demo's tool is not swamped; the
page says where they are and loads itself again. Only staff of the course may ask for it.
"""

import threading
from dataclasses import dataclass, field

import requests
from flask import Blueprint, Response, current_app, make_response, redirect, render_template

from lti_tool.demo_platform.cohort.handing_in import hand_in_as
from lti_tool.demo_platform.cohort.walker import Stuck
from lti_tool.demo_platform.people import COHORT, COHORT_COURSE
from lti_tool.demo_platform.platform import get_platform
from lti_tool.demo_platform.visitors import need_sesskey, need_staff

blueprint = Blueprint("cohort", __name__)
_DONE = "cohort_handed_in"


@dataclass
class Procession:
    """The cohort on its way: who has handed in, and what went wrong."""

    platform_url: str
    link_id: str
    done: list[str] = field(default_factory=list)
    problem: str = ""
    thread: threading.Thread | None = None

    @property
    def is_moving(self) -> bool:
        """Whether somebody is still at it."""
        return self.thread is not None and self.thread.is_alive()


def _procession() -> Procession:
    """The one of this process, made when first asked for."""
    platform = get_platform()
    found = current_app.extensions.get("demo_platform.cohort")
    if not isinstance(found, Procession):
        link = next(k for k in platform.courses.list_all_links() if k.course_id == COHORT_COURSE)
        found = Procession(platform.platform_url, link.id)
        found.done = list(platform.store.get_setting(_DONE) or [])
        current_app.extensions["demo_platform.cohort"] = found
    return found


def _go(procession: Procession) -> None:
    store = get_platform().store

    def walk() -> None:
        for person in COHORT:
            if person.id in procession.done:
                continue
            try:
                hand_in_as(person, procession.link_id, procession.platform_url)
            except (Stuck, requests.RequestException) as problem:
                procession.problem = str(problem)
                return
            procession.done.append(person.id)
            store.set_setting(_DONE, procession.done)

    procession.problem = ""
    procession.thread = threading.Thread(target=walk, daemon=True)
    procession.thread.start()


@blueprint.get("/cohort")
def cohort() -> Response:
    """How many have handed in."""
    session, _ = need_staff()
    procession = _procession()
    page = make_response(
        render_template(
            "demo_platform/cohort.html",
            procession=procession,
            cohort=COHORT,
            course_id=COHORT_COURSE,
            session=session,
        )
    )
    if procession.is_moving:
        page.headers["Refresh"] = "2"
    return page


@blueprint.post("/cohort")
def let_them_hand_in() -> Response:
    """Set them going; a second press while they are at it changes nothing."""
    session, _ = need_staff()
    need_sesskey(session)
    procession = _procession()
    if not procession.is_moving:
        _go(procession)
    return make_response(redirect("/cohort", 303))
