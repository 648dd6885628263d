"""The only place that joins everything together.

`create_app` makes the web application; `make_parts` gives the worker and the command line the
same database and queue without it.
"""

import importlib
import pkgutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask, g, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.middleware.proxy_fix import ProxyFix

import lti_tool.activities
from lti_tool.catalogue import register
from lti_tool.catalogue.contract import Activity
from lti_tool.core import clock
from lti_tool.core.errors import Unusable
from lti_tool.coursework import views as coursework_views
from lti_tool.coursework.rules import check_rules
from lti_tool.db import Database, requests
from lti_tool.gradebook import views as gradebook_views
from lti_tool.gradebook.changing import change_due
from lti_tool.gradebook.comparing import compare_due
from lti_tool.gradebook.worker import send_due
from lti_tool.jobs.queue import Queue, Work
from lti_tool.launch import registering_views
from lti_tool.launch import views as launch_views
from lti_tool.launch.copies import views as copies_views
from lti_tool.launch.picker import views as picker_views
from lti_tool.lti import keys
from lti_tool.lti.errors import LaunchRefused
from lti_tool.marking import people_views as participants_views
from lti_tool.marking import rubrics
from lti_tool.marking import views as marking_views
from lti_tool.people import access, leader_views, visits
from lti_tool.people import views as people_views
from lti_tool.people.roster_worker import read_due
from lti_tool.people.sweep import sweep
from lti_tool.settings import Settings, load_settings
from lti_tool.web import errors, health, logs, notices, pages, security, static_files
from lti_tool.web.contacts import load_contacts

LARGEST_REQUEST = 12 * 1024 * 1024


def find_activities() -> list[Activity]:
    """Every activity: one folder below `activities/`, each exporting `ACTIVITY`.

    :raises Unusable: a folder exports none.
    """
    found = []
    for module in pkgutil.iter_modules(lti_tool.activities.__path__):
        folder = importlib.import_module(f"lti_tool.activities.{module.name}")
        activity = getattr(folder, "ACTIVITY", None)
        if not isinstance(activity, Activity):
            raise Unusable(f"The folder activities/{module.name} exports no ACTIVITY.")
        found.append(activity)
    return found


def make_parts(
    settings: Settings, work: Callable[[Database], Work] | None = None
) -> tuple[Database, Queue]:
    """The database and the queue, joined: a commit that promised work wakes a worker.

    :param work: makes what a worker does when woken; left out where there is no worker.
    """
    settings.instance_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    db = Database(settings.database_url)
    queue = Queue(settings.queue_url, work(db) if work else None)
    db.wake = queue.wake
    return db, queue


def make_work(settings: Settings) -> Callable[[Database], Work]:
    """What a worker does when woken: carry over changed columns, send the marks that are due,
    compare gradebooks and read rosters that somebody asked for, and sweep what has lapsed."""

    def for_database(db: Database) -> Work:
        def work(is_ending: Callable[[], bool]) -> float | None:
            sweep(db)
            waits = (
                change_due(db, settings, is_ending),
                send_due(db, settings, is_ending),
                compare_due(db, settings, is_ending),
                read_due(db, settings, is_ending),
            )
            return min((seconds for seconds in waits if seconds is not None), default=None)

        return work

    return for_database


def _face(settings: Settings) -> Callable[[], dict[str, Any]]:
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
        visit = g.get("visit")
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
        "visit_ends_at": visit.ends_at.isoformat(),
        "visit_ends_label": clock.time_of_day(visit.ends_at),
        "stay_url": url_for("people.stay", handle=handle),
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
    if not visit.may_mark or visit.assignment_id is None:
        return []
    places = [("Work to mark", "marking.queue"), ("People", "participants.people")]
    places += [("Dates", "coursework.set_up"), ("Gradebook", "gradebook.columns")]
    places += [("Markers", "leaders.markers")] if visit.is_leader else []
    return [
        {
            "label": label,
            "url": url_for(endpoint, handle=visit.handle),
            "current": request.endpoint == endpoint,
        }
        for label, endpoint in places
    ]


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
        MAX_FORM_PARTS=20_000,
        TRAP_HTTP_EXCEPTIONS=False,
    )
    app.extensions["lti_tool.settings"] = settings
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        day=clock.day, day_and_time=clock.day_and_time, time_of_day=clock.time_of_day
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )


def _platform_login(error: LaunchRefused) -> ResponseReturnValue:
    return launch_views.refuse(error)


def _add_parts(app: Flask, settings: Settings, db: Database) -> None:
    """Register every part. After-request steps run last part first: commit comes after them."""
    logs.init_app(app)
    requests.init_app(app, db)
    security.init_app(app)
    errors.init_app(app)
    static_files.init_app(app)
    access.init_app(app)
    app.register_error_handler(LaunchRefused, _platform_login)
    app.context_processor(_face(settings))
    for views in (
        health,
        pages,
        people_views,
        launch_views,
        registering_views,
        picker_views,
        copies_views,
        coursework_views,
        marking_views,
        participants_views,
        leader_views,
        gradebook_views,
    ):
        app.register_blueprint(views.blueprint)
    load_contacts(settings.config_dir)
    activities = find_activities()
    register.fill(activities)
    for activity in activities:
        rubrics.check_rubric(settings.config_dir, activity.rubric_key)
        check_rules(settings.config_dir, activity.rules_key)
        activity.check_config(settings.config_dir)
        app.register_blueprint(activity.blueprint)
    access.check_routes(app)


def create_app(settings: Settings | None = None, db: Database | None = None) -> Flask:
    """The web application.

    :param settings: read from the environment where left out.
    :param db: a database already open, for tests and the demo.
    :raises Unusable: a setting, a file in `config/` or an activity that cannot be used.
    """
    settings = settings or load_settings()
    if db is None:
        db, _queue = make_parts(settings)
    keys.ensure_key(settings.keys_dir, settings.secret_key)
    app = Flask("lti_tool", static_folder=None, root_path=str(Path(__file__).parent / "web"))
    _configure(app, settings)
    _add_parts(app, settings, db)
    return app
