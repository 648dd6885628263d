"""What the base layout shows on every page: who is here and as what, where they can go, the notes
at the foot. From the visit or the guest of the request; pages themselves know nothing of it.
"""

from collections.abc import Callable
from typing import Any

from flask import g, request, url_for

from lti_tool.core import clock
from lti_tool.people import guests, visits
from lti_tool.settings import Settings
from lti_tool.web import logs, notices
from lti_tool.web.contacts import load_contacts


def show_face(settings: Settings) -> Callable[[], dict[str, Any]]:
    """What the base layout shows, from the visit of the request."""

    def face() -> dict[str, Any]:
        shown: dict[str, Any] = {
            **load_contacts(settings.config_dir),
            "notices": notices.current(),
            "reference": logs.reference(),
            "trust_line": g.get("trust_line"),
            "environment_label": "Demo" if settings.demo else None,
            "footer_links": [
                {"label": "Privacy", "url": url_for("pages.privacy")},
                {"label": "Accessibility", "url": url_for("pages.accessibility")},
            ],
        }
        visit, guest = g.get("visit"), g.get("guest")
        if guest is not None:
            shown |= _guest_face(settings, guest)
        return {"face": shown | _visit_face(settings, visit) if visit is not None else shown}

    return face


def _visit_face(settings: Settings, visit: visits.CurrentVisit) -> dict[str, Any]:
    handle = visit.handle
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
        "nav": _nav(visit),
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
    return [{"label": "Messages", "url": url_for("messages.messages", handle=visit.handle)}]


def _guest_face(settings: Settings, guest: guests.CurrentGuest) -> dict[str, Any]:
    pages = [("The marking", "examiner.overview"), ("Rubric and rules", "examiner.rubric")]
    return {
        "role_label": "External examiner",
        "csrf_token": guests.form_token(settings, guest),
        "nav": [
            {
                "label": label,
                "url": url_for(endpoint, handle=guest.handle),
                "current": request.endpoint == endpoint,
            }
            for label, endpoint in pages
        ],
    }


def _full_width(settings: Settings, visit: visits.CurrentVisit) -> dict[str, str] | None:
    """A window of one's own; not while choosing, since the answer belongs into the frame."""
    if visit.deep_linking is not None:
        return None
    return {
        "action": url_for("people.full_width"),
        "code": visits.full_width_code(settings, visit),
    }


def _nav(visit: visits.CurrentVisit) -> list[dict[str, Any]]:
    places: tuple[tuple[str, str, bool], ...] = (
        ("Work to mark", "marking.queue", visit.may_mark),
        ("People", "participants.people", visit.may_mark),
        ("Allocation", "allocation.allocation", visit.may_mark),
        ("Moderation", "moderation.overview", visit.may_mark),
        ("Release", "releases.here", visit.may_mark),
        ("Gradebook", "gradebook.columns", visit.may_mark),
        ("Dates", "coursework.set_up", visit.may_mark),
        ("History", "history.index", visit.may_mark),
        ("Markers", "leaders.markers", visit.may_mark and visit.is_leader),
    )
    found = [
        (label, url_for(endpoint, handle=visit.handle))
        for label, endpoint, is_open in places
        if is_open and visit.assignment_id is not None
    ]
    if visit.is_admin and visit.deep_linking is None:
        found.append(("Connection", url_for("connection.show", handle=visit.handle)))
    return [{"label": label, "url": url, "current": request.path == url} for label, url in found]
