"""What the base layout shows on every page: who is here and as what, where they can go, the notes
at the foot. From the visit or the guest of the request; pages themselves know nothing of it.
"""

from collections.abc import Sequence
from functools import cache
from types import SimpleNamespace
from typing import Any

from flask import Flask, g, request, url_for
from sqlalchemy.exc import SQLAlchemyError

from lti_tool.catalogue.contract import Activity, Place
from lti_tool.catalogue.register import find_activity
from lti_tool.core import clock
from lti_tool.coursework.particulars import find_kind
from lti_tool.db import session
from lti_tool.people import beginning, guest_purposes, guests, visits
from lti_tool.programme.keeping.terms import load_retention
from lti_tool.settings import Settings
from lti_tool.staff.face import staff_face
from lti_tool.web import display_menu, logs, notices
from lti_tool.web.contacts import load_contacts


class Face(SimpleNamespace):
    """What the frame around a page asks for; what is not told is nothing there.

    Attributes, since templates look for each twice in a dictionary, and for one that is missing.
    """

    assignment_title = context_title = display = display_url = full_width = nav = more_nav = None
    environment_label = here = role_label = sign_out_url = stay_url = trust_line = None
    preview = visit_ends_at = visit_ends_label = csrf_token = may_change = None
    here_links: Sequence[dict[str, str]] = ()


def init_app(app: Flask, settings: Settings) -> None:
    """Let the base layout show what it does, from the visit of the request."""
    display_menu.init_app(app)

    @cache
    def everywhere(_root_path: str) -> dict[str, Any]:
        return {
            **load_contacts(settings.config_dir),
            "retention": tuple(load_retention(settings.config_dir).values()),
            "environment_label": "Demo" if settings.demo else None,
            "footer_links": [
                {"label": "Privacy", "url": url_for("pages.privacy")},
                {"label": "Cookies", "url": url_for("pages.cookies")},
                {"label": "Accessibility", "url": url_for("pages.accessibility")},
            ],
        }

    @app.context_processor
    def face() -> dict[str, Any]:
        shown: dict[str, Any] = {
            **everywhere(request.root_path),
            "notices": notices.current(),
            "reference": logs.reference(),
            "trust_line": g.get("trust_line"),
        }
        visit, guest, staff = g.get("visit"), g.get("guest"), g.get("staff")
        if staff is not None:
            shown |= staff_face(settings, staff)
        if guest is not None:
            shown |= _guest_face(settings, guest)
        if visit is not None:
            shown |= _visit_face(settings, visit)
        return {"face": Face(**shown)}


def _visit_face(settings: Settings, visit: visits.CurrentVisit) -> dict[str, Any]:
    handle, activity = visit.handle, _activity(visit)
    own = activity.tutor_places if activity else ()
    is_marked = activity is None or activity.is_marked
    role = "Tutor" if visit.is_tutor else "Participant" if visit.is_participant else None
    return {
        "display": visit.display,
        "display_url": url_for("people.set_display", handle=handle),
        "here": request.path,
        "context_title": visit.context_title,
        "assignment_title": visit.resource_link_title,
        "role_label": role,
        "preview": visit.is_preview,
        "csrf_token": visits.form_token(settings, visit),
        "nav": _nav(visit, own[:1], is_marked=is_marked) + _connection(visit),
        "more_nav": _more_nav(visit, own[1:], is_marked=is_marked),
        "full_width": _full_width(settings, visit),
        "here_links": _here_links(visit),
        "visit_ends_at": visit.ends_at.isoformat(),
        "visit_ends_label": clock.time_of_day(visit.ends_at),
        "stay_url": url_for("people.stay", handle=handle),
    }


def _here_links(visit: visits.CurrentVisit) -> list[dict[str, str]]:
    """Pages of the visit in the footer; not while choosing, since leaving would lose the choice."""
    if visit.deep_linking is not None:
        return []
    places = [("Messages", "messages.messages")]
    if visit.is_participant and visit.is_in_programme:
        places.append(("Outcomes", "outcomes.mine"))
    return [
        {"label": label, "url": url_for(endpoint, handle=visit.handle)}
        for label, endpoint in places
    ]


def _guest_face(settings: Settings, guest: guests.CurrentGuest) -> dict[str, Any]:
    purpose = guest_purposes.find_purpose(guest.purpose)
    return {
        "role_label": purpose.role_label if purpose else None,
        "csrf_token": guests.form_token(settings, guest),
        "nav": [
            {
                "label": label,
                "url": url_for(endpoint, handle=guest.handle),
                "current": request.endpoint == endpoint,
            }
            for label, endpoint in (purpose.nav if purpose else ())
        ],
    }


def _full_width(settings: Settings, visit: visits.CurrentVisit) -> dict[str, str] | None:
    """A window of one's own; not while choosing, since the answer belongs into the frame."""
    if visit.deep_linking is not None:
        return None
    return {
        "action": url_for("people.full_width"),
        "code": beginning.full_width_code(settings, visit),
    }


_DAILY = (
    ("Work to mark", "marking.queue"),
    ("Release", "releases.here"),
    ("Gradebook", "gradebook.columns"),
)
_BELONGS = {"programme_home": "cohorts"}
"""Places whose pages are two blueprints."""
_OTHERS = (
    ("People", "participants.people"),
    ("Allocation", "allocation.allocation"),
    ("Moderation", "moderation.overview"),
    ("Dates", "coursework.set_up"),
    ("History", "history.index"),
)
"""Pages of marked work."""


def _nav(
    visit: visits.CurrentVisit, own: tuple[Place, ...], *, is_marked: bool
) -> list[dict[str, Any]]:
    """Where a marker goes day by day: these stay in sight at every width."""
    if not visit.may_mark:
        return []
    return _own_entries(visit, own) + _entries(visit, *(_DAILY if is_marked else ()))


def _activity(visit: visits.CurrentVisit) -> Activity | None:
    """What the link is, for those who see pages for tutors at the top."""
    if not visit.may_mark or visit.assignment_id is None:
        return None
    try:
        return find_activity(find_kind(session(), visit.assignment_id, (visit.context_id,)))
    except SQLAlchemyError:  # the page of a fault is drawn too, and says what happened
        return None


def _more_nav(
    visit: visits.CurrentVisit, own: tuple[Place, ...], *, is_marked: bool
) -> list[dict[str, Any]]:
    """The other pages: beside the first where there is room, else in a menu."""
    if not visit.may_mark:
        return []
    places = list(_OTHERS if is_marked else ())
    if visit.is_in_programme:
        places.append(("Outcomes", "outcomes.own_cohort"))
    if visit.is_leader:
        places += [("Markers", "leaders.markers"), ("Programme", "programme_home.index")]
        places.append(("Frameworks", "frameworks.index"))
    return _own_entries(visit, own) + _entries(visit, *places)


def _own_entries(visit: visits.CurrentVisit, own: tuple[Place, ...]) -> list[dict[str, Any]]:
    """The activity's places. They share one blueprint, so what lies below one of them is told by
    its address."""
    found = [_entry(visit, place.label, place.endpoint) for place in own]
    for one in found:
        is_below = request.path.startswith(f"{one['url'].rstrip('/')}/")
        one["current"] = "page" if request.path == one["url"] else "true" if is_below else None
    return found


def _connection(visit: visits.CurrentVisit) -> list[dict[str, Any]]:
    """The administrator's pages, which need no assignment; not while choosing."""
    if not visit.is_admin or visit.deep_linking is not None:
        return []
    return [
        _entry(visit, "Connection", "connection.show"),
        _entry(visit, "Who leads", "cohorts.requests"),
    ]


def _entries(visit: visits.CurrentVisit, *places: tuple[str, str]) -> list[dict[str, Any]]:
    if visit.assignment_id is None:
        return []
    return [_entry(visit, label, endpoint) for label, endpoint in places]


def _entry(visit: visits.CurrentVisit, label: str, endpoint: str) -> dict[str, Any]:
    """A place at the top; `current` is "page" on it and "true" on the pages that belong to it."""
    url = url_for(endpoint, handle=visit.handle)
    own = endpoint.split(".")[0]
    below = "true" if request.blueprint in (own, _BELONGS.get(own)) else None
    return {"label": label, "url": url, "current": "page" if request.path == url else below}
