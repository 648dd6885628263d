"""The tutor's first page of a placement log, and the same as a file."""

from flask import Blueprint, Response, current_app, render_template, request
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
    find_url,
)
from lti_tool.activities.placement_log.log import get_log_assignment
from lti_tool.activities.placement_log.marking_view import STATE_WORDS
from lti_tool.activities.placement_log.numbers import load_numbers
from lti_tool.activities.placement_log.taking_out.views import as_file
from lti_tool.coursework.particulars import get_set_at
from lti_tool.db import session
from lti_tool.papers.tables import to_csv, to_xlsx
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
    grid, there = _grid(), current_app.view_functions
    return render_template(
        "placement_log/cohort.html",
        handle=handle,
        grid=grid,
        tabs=TABS,
        turns=TURNS,
        states=STATE_WORDS,
        numbers=load_numbers(visits.settings_of_app().config_dir),
        said=said,
        approve_url=find_url(DECIDE, handle),
        eligibility_url=find_url(COHORT_FACTS, handle),
        find_url=find_url,
        facts_of=FACTS_OF if FACTS_OF in there else "",
        mentoring_of=MENTORING_OF if MENTORING_OF in there else "",
        assignment_id=visits.current().assignment_id,
    )


def cohort_as_csv(handle: str) -> Response:
    """The lines under the filter as CSV."""
    return as_file(to_csv(to_table(_grid().lines)), "cohort", "csv", "text/csv; charset=utf-8")


def cohort_as_workbook(handle: str) -> Response:
    """The lines under the filter as an Excel workbook."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return as_file(to_xlsx([to_table(_grid().lines)]), "cohort", "xlsx", kind)


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into the activity's blueprint."""
    may = who_may("tutor")
    blueprint.get("/cohort")(may(cohort))
    blueprint.get("/cohort.csv")(may(cohort_as_csv))
    blueprint.get("/cohort.xlsx")(may(cohort_as_workbook))
