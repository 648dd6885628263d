"""The only place that joins everything together: `create_app` makes the web application.

What a worker does is joined in `duties.py`, the database and the queue in `parts.py`.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from flask import Flask, Request
from flask.sessions import SessionInterface
from flask.typing import ResponseReturnValue
from werkzeug.middleware.proxy_fix import ProxyFix

from lti_tool import face
from lti_tool.catalogue import register
from lti_tool.catalogue.contract import Activity
from lti_tool.core import clock
from lti_tool.coursework import later_views
from lti_tool.coursework import needs as coursework_needs
from lti_tool.coursework import views as coursework_views
from lti_tool.coursework.calendar import load_calendar
from lti_tool.coursework.rules import check_rules
from lti_tool.db import Database, requests
from lti_tool.duties import declare_letters, find_activities
from lti_tool.frameworks import views as frameworks_views
from lti_tool.frameworks.shipped import load_frameworks
from lti_tool.frameworks.words import load_words as load_framework_words
from lti_tool.gradebook import needs as gradebook_needs
from lti_tool.gradebook import views as gradebook_views
from lti_tool.launch import connection_views, registering_views
from lti_tool.launch import views as launch_views
from lti_tool.launch.copies import views as copies_views
from lti_tool.launch.picker import views as picker_views
from lti_tool.lti import keys
from lti_tool.lti.errors import LaunchRefused
from lti_tool.mail import links as mail_links
from lti_tool.mail.outbox import EXAMINER_LINK
from lti_tool.mail.posts import read_post
from lti_tool.mail.words import load_messages
from lti_tool.marking import case_views, feedback_views, release_views, rubrics
from lti_tool.marking import needs as marking_needs
from lti_tool.marking import people_views as participants_views
from lti_tool.marking import views as marking_views
from lti_tool.marking.board import views as board_views
from lti_tool.marking.board.reading import load_headings
from lti_tool.marking.desk import (
    allocation_views,
    beside_views,
    print_views,
    rubric_views,
    worksheet_views,
)
from lti_tool.marking.examiner import tutor_views as examiners_views
from lti_tool.marking.examiner import views as examiner_views
from lti_tool.marking.history import views as history_views
from lti_tool.marking.moderation import agree_views, double_views
from lti_tool.marking.moderation import piece_views as moderation_piece_views
from lti_tool.marking.moderation import views as moderation_views
from lti_tool.marking.wording import load_words
from lti_tool.monitoring import health
from lti_tool.monitoring import views as monitoring_views
from lti_tool.parts import load_measures, make_parts
from lti_tool.people import (
    access,
    guest_links,
    guest_views,
    leader_views,
    message_views,
)
from lti_tool.people import views as people_views
from lti_tool.programme import cohort_views, head_views, own_views
from lti_tool.programme.agreement_words import load_wording
from lti_tool.programme.bringing_in import views as cohort_file_views
from lti_tool.programme.bringing_in.columns import load_file_words
from lti_tool.programme.cohorts import views as cohorts_views
from lti_tool.programme.cohorts.numbers import load_law, load_resubmission_days
from lti_tool.programme.cohorts.provider.columns import load_provider_words
from lti_tool.programme.cohorts.results.reading import load_words as load_result_words
from lti_tool.programme.home import views as home_views
from lti_tool.programme.keeping.terms import load_retention
from lti_tool.programme.numbers import load_programme_numbers
from lti_tool.programme.outcomes import views as outcomes_views
from lti_tool.programme.school_days import load_terms
from lti_tool.programme.words import load_school_words
from lti_tool.settings import Settings, load_settings
from lti_tool.staff import (
    access as staff_access,
)
from lti_tool.staff import (
    delivery_views,
    key_views,
    overview_views,
    registration_views,
    sign_in_views,
)
from lti_tool.staff import (
    people_views as staff_people_views,
)
from lti_tool.web import errors, faults, logs, meters, pages, row_numbers, security, static_files
from lti_tool.web.addresses import Tool
from lti_tool.web.contacts import load_contacts
from lti_tool.web.hosts import RefuseOddHosts

LARGEST_REQUEST = 12 * 1024 * 1024

_PAGES = (
    health,
    monitoring_views,
    pages,
    people_views,
    launch_views,
    registering_views,
    connection_views,
    picker_views,
    copies_views,
    coursework_views,
    later_views,
    marking_views,
    beside_views,
    feedback_views,
    allocation_views,
    rubric_views,
    print_views,
    worksheet_views,
    moderation_views,
    moderation_piece_views,
    double_views,
    agree_views,
    examiners_views,
    examiner_views,
    guest_views,
    participants_views,
    release_views,
    case_views,
    board_views,
    leader_views,
    frameworks_views,
    message_views,
    gradebook_views,
    history_views,
    own_views,
    cohort_views,
    cohort_file_views,
    head_views,
    cohorts_views,
    outcomes_views,
    home_views,
)
"""Every module of pages; activities bring their own."""
_STAFF_PAGES = (
    sign_in_views,
    overview_views,
    registration_views,
    key_views,
    staff_people_views,
    delivery_views,
)
"""Not there at all unless the university's identity provider is set."""
ANNOUNCED = (gradebook_needs, coursework_needs, marking_needs)
"""What needs a person: each announces itself as it is imported; activities import their own."""


class _NoSessions(SessionInterface):
    """Flask's cookie session is not used: a visit is a row, and its proof a cookie of its own."""

    def open_session(self, _app: Flask, _request: Request) -> None:
        return None

    def save_session(self, *_ignored: object) -> None:
        return None


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
        MAX_FORM_PARTS=20_000,
        TRAP_HTTP_EXCEPTIONS=False,
    )
    app.session_interface = _NoSessions()
    app.extensions["lti_tool.settings"] = settings
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        day=clock.day,
        day_and_time=clock.day_and_time,
        time_of_day=clock.time_of_day,
        plain_day=clock.plain_day,
    )
    app.wsgi_app = RefuseOddHosts(app.wsgi_app)  # type: ignore[method-assign]
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )


def _platform_login(error: LaunchRefused) -> ResponseReturnValue:
    return launch_views.refuse(error)


_CONFIG: tuple[Callable[[Path], object], ...] = (
    load_contacts,
    load_messages,
    load_calendar,
    load_words,
    load_programme_numbers,
    load_retention,
    load_terms,
    load_school_words,
    load_file_words,
    load_wording,
    load_headings,
    load_frameworks,
    load_framework_words,
    load_law,
    load_resubmission_days,
    load_result_words,
    load_provider_words,
)
"""What is read from `config/` as the tool starts, so that a wrong file stops the start."""


def list_config(config_dir: Path, activities: Sequence[Activity]) -> Iterator[Callable[[], object]]:
    """What reads the files of `config/`, one after another; each raises Unusable where its own is
    wrong."""
    for load in _CONFIG:
        yield partial(load, config_dir)
    for activity in activities:
        for rubric_key in activity.rubric_keys:
            yield partial(rubrics.check_rubric, config_dir, rubric_key)
        if activity.is_marked:
            yield partial(check_rules, config_dir, activity.rules_key)
        yield partial(activity.check_config, config_dir)


def _add_parts(app: Flask, settings: Settings, db: Database) -> None:
    """Register every part. After-request steps run last part first: commit comes after them."""
    row_numbers.init_app(app)
    logs.init_app(app)
    meters.init_app(app, db)
    requests.init_app(app, db)
    security.init_app(app)
    errors.init_app(app)
    static_files.init_app(app)
    access.init_app(app)
    if settings.has_staff_sign_in:
        staff_access.init_app(app)
    faults.init_app(app, access.typed_words)
    app.register_error_handler(LaunchRefused, _platform_login)
    face.init_app(app, settings)
    for views in _PAGES + (_STAFF_PAGES if settings.has_staff_sign_in else ()):
        app.register_blueprint(views.blueprint)
    mail_links.register(EXAMINER_LINK, guest_links.address_for_message)
    declare_letters()
    activities = find_activities()  # they bring kinds of messages, whose texts are checked next
    register.fill(activities)
    for load in list_config(settings.config_dir, activities):
        load()
    read_post(settings)
    for activity in activities:
        for blueprint in (activity.blueprint, *activity.further_blueprints):
            app.register_blueprint(blueprint)
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
    load_measures()
    app = Tool("lti_tool", static_folder=None, root_path=str(Path(__file__).parent / "web"))
    _configure(app, settings)
    _add_parts(app, settings, db)
    return app
