"""The tutor's first page of a placement log, and the same as a file."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.activities.placement_log import said
from lti_tool.activities.placement_log.cohort.grid import TABS, Grid, make_grid
from lti_tool.activities.placement_log.cohort.lines import TURNS
from lti_tool.activities.placement_log.cohort.table import to_table
from lti_tool.activities.placement_log.links import (
    COHORT_FACTS,
    DECIDE,
    FACTS_OF,
    MENTORING_OF,
    place_of,
)
from lti_tool.activities.placement_log.log import get_log_assignment
from lti_tool.activities.placement_log.marking_view import STATE_WORDS
from lti_tool.activities.placement_log.numbers import load_numbers
from lti_tool.coursework.particulars import get_set_at
from lti_tool.db import session
from lti_tool.papers.downloads import as_table_file
from lti_tool.people import visits
from lti_tool.web.policy import who_may


def _grid() -> Grid:
    assignment = get_log_assignment(visits.current().assignment_id)
    return make_grid(
        session(),
        assignment,
        get_set_at(session(), assignment.id),
        visits.settings_of_app().config_dir,
        request.args.get("show", ""),
    )


def cohort(handle: str) -> ResponseReturnValue:
    """Everybody with what they have, what waits for the tutor, and who is stuck and why."""
    grid = _grid()
    return render_template(
        "placement_log/cohort.html",
        handle=handle,
        grid=grid,
        tabs=TABS,
        turns=TURNS,
        states=STATE_WORDS,
        numbers=load_numbers(visits.settings_of_app().config_dir),
        said=said,
        approve_url=url_for(DECIDE, handle=handle),
        eligibility_url=url_for(COHORT_FACTS, handle=handle),
        record_at=place_of("placement_log.record_of", handle),
        facts_at=place_of(FACTS_OF, handle),
        mentoring_at=place_of(MENTORING_OF, handle),
        assignment_id=visits.current().assignment_id,
    )


def take_cohort(handle: str, form: str) -> ResponseReturnValue:
    """The lines under the filter as a file."""
    return as_table_file([to_table(_grid().lines)], "cohort", form)


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into the activity's blueprint."""
    may = who_may("tutor")
    blueprint.get("/cohort")(may(cohort))
    blueprint.get("/cohort.<form>")(may(take_cohort))
