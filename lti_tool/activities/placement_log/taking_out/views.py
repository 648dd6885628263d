"""The record of a log to print or to keep as Word: for its participant, and for their tutor."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from lti_tool.activities.placement_log.log import Log, get_log_assignment, open_log, read_log
from lti_tool.activities.placement_log.pages import page
from lti_tool.activities.placement_log.taking_out.record import (
    TITLE,
    lines_of,
    make_record,
    render_record,
)
from lti_tool.db import session
from lti_tool.papers.downloads import as_file
from lti_tool.people import visits
from lti_tool.people.access import contexts_of
from lti_tool.people.queries import Listed, get_participant
from lti_tool.web.policy import who_may


def own_record(handle: str) -> ResponseReturnValue:
    """The participant's own record, to look at and print."""
    log, visit = open_log(), visits.current()
    return page(
        "record.html",
        log,
        title=TITLE,
        lines=lines_of(log, visit.person_name, visit.context_title),
        body=render_record(log),
        word_url=url_for("placement_log.own_record_as_word", handle=handle),
        back=("Your log", url_for("placement_log.overview", handle=handle)),
    )


def own_record_as_word(handle: str) -> ResponseReturnValue:
    """The same as a Word document."""
    log, visit = open_log(), visits.current()
    body = make_record(log, visit.person_name, visit.context_title)
    return as_file(body, "placement-log", "docx")


def _of(membership_id: int) -> tuple[Log, Listed]:
    visit = visits.current()
    found = get_participant(session(), contexts_of(visit), membership_id)
    return read_log(get_log_assignment(visit.assignment_id), found.person_id), found


def record_of(handle: str, membership_id: int) -> ResponseReturnValue:
    """A participant's record, for a tutor of their course."""
    log, found = _of(membership_id)
    course = visits.current().context_title
    return render_template(
        "placement_log/record_of.html",
        handle=handle,
        title=f"{TITLE}: {found.name}",
        lines=lines_of(log, found.name, course),
        body=render_record(log),
        word_url=url_for(
            "placement_log.record_of_as_word", handle=handle, membership_id=membership_id
        ),
        back=("The cohort", url_for("placement_log.cohort", handle=handle)),
    )


def record_of_as_word(handle: str, membership_id: int) -> ResponseReturnValue:
    """The same as a Word document."""
    log, found = _of(membership_id)
    body = make_record(log, found.name, visits.current().context_title)
    return as_file(body, "placement-log", "docx")


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into the activity's blueprint."""
    participant, tutor = who_may("participant"), who_may("tutor")
    blueprint.get("/record")(participant(own_record))
    blueprint.get("/record.docx")(participant(own_record_as_word))
    blueprint.get("/cohort/<int:membership_id>/record")(tutor(record_of))
    blueprint.get("/cohort/<int:membership_id>/record.docx")(tutor(record_of_as_word))
