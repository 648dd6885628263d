"""What a worker does, joined from every folder that has something to do without being asked.

Apart from the pages, since a worker needs none of them.
"""

import importlib
import pkgutil
from collections.abc import Callable

import lti_tool.activities
from lti_tool.catalogue import register
from lti_tool.catalogue.contract import Activity
from lti_tool.core.errors import Unusable
from lti_tool.coursework.letters import find_facts
from lti_tool.coursework.reminders import remind
from lti_tool.db import Database
from lti_tool.gradebook.changing import change_due
from lti_tool.gradebook.comparing import compare_due
from lti_tool.gradebook.worker import send_due
from lti_tool.jobs.queue import EVERYTHING, MAIL, SCORES, Work
from lti_tool.mail import worker as mail_worker
from lti_tool.mail.posts import read_post
from lti_tool.mail.words import load_messages
from lti_tool.marking.scheduling import release_due
from lti_tool.parts import load_personal_data
from lti_tool.people.roster_worker import read_due
from lti_tool.people.sweep import sweep
from lti_tool.programme import letters
from lti_tool.programme.cohorts import leading
from lti_tool.programme.cohorts.participation import bring_in_due
from lti_tool.programme.keeping.deleting import carry_out_due
from lti_tool.programme.reminding import remind_heads
from lti_tool.settings import Settings
from lti_tool.staff import sessions

IsEnding = Callable[[], bool]


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


def declare_letters() -> None:
    """Let the folders that write messages say which kinds; activities bring theirs themselves."""
    letters.declare_kinds()
    leading.declare_kinds()


def make_falling_due(settings: Settings) -> Callable[[Database, IsEnding], float | None]:
    """What time brings about in the database by itself, with nothing sent to anyone: releases set
    for a time, reminders, the end of what has lapsed and of what was kept long enough."""
    activities = find_activities()
    register.fill(activities)
    load_personal_data()
    declare_letters()
    load_messages(settings.config_dir)

    def fall_due(db: Database, is_ending: IsEnding) -> float | None:
        sweep(db)
        sessions.sweep(db)
        carry_out_due(db, settings)
        remind(db, settings)
        remind_heads(db, settings)
        bring_in_due(db, settings)
        for activity in activities:
            activity.sweep(db, settings)
        return release_due(db, settings, is_ending)

    return fall_due


def make_work(settings: Settings) -> Callable[[Database], Work]:
    """What a worker does when woken: release what was set for a time, carry over changed columns,
    send the marks and messages that are due, compare gradebooks and read rosters that somebody
    asked for, remind of dates, sweep what has lapsed and delete what was kept long enough. A
    wake-up about marks or messages lets it look for those alone: they come singly, and often."""
    fall_due = make_falling_due(settings)
    read_post(settings)

    def for_database(db: Database) -> Work:
        def work(is_ending: IsEnding, about: str = EVERYTHING) -> float | None:
            if about == SCORES:
                return send_due(db, settings, is_ending)
            if about == MAIL:
                return mail_worker.send_due(db, settings, find_facts, is_ending)
            waits = (
                fall_due(db, is_ending),
                change_due(db, settings, is_ending),
                send_due(db, settings, is_ending),
                compare_due(db, settings, is_ending),
                read_due(db, settings, is_ending),
                mail_worker.send_due(db, settings, find_facts, is_ending),
            )
            return min((seconds for seconds in waits if seconds is not None), default=None)

        return work

    return for_database
