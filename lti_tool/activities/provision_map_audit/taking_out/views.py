"""The participant's pages and files to take away, from the work in hand or the copy handed in.

`?of=copy` means the handed-in copy. Nothing here changes anything.
"""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from lti_tool.activities.provision_map_audit import workbench
from lti_tool.activities.provision_map_audit.figures.costing import pounds
from lti_tool.activities.provision_map_audit.pages import page
from lti_tool.activities.provision_map_audit.taking_out import example_views
from lti_tool.activities.provision_map_audit.taking_out.map_lines import to_table
from lti_tool.activities.provision_map_audit.taking_out.map_workbook import make_workbook
from lti_tool.activities.provision_map_audit.taking_out.report import (
    TITLE,
    Choices,
    made_on,
    make_report,
    render_body,
)
from lti_tool.activities.provision_map_audit.taking_out.request_workbook import (
    make_request_workbook,
    notes_for,
)
from lti_tool.activities.provision_map_audit.taking_out.taken import Taken, gather
from lti_tool.coursework.queries import get_copy
from lti_tool.db import session
from lti_tool.papers.downloads import as_file
from lti_tool.papers.tables import to_csv
from lti_tool.web.policy import who_may


def _taken() -> tuple[workbench.Workbench, Taken, dict[str, str]]:
    """The work asked for, and what an address has to carry to mean the same."""
    bench = workbench.open_workbench()
    if request.args.get("of") == "copy" and bench.work.copy_id is not None:
        copy = get_copy(session(), bench.work.copy_id)
        return bench, gather(copy.document, bench.config_dir), {"of": "copy"}
    return bench, gather(bench.document, bench.config_dir), {}


def take_away(handle: str) -> ResponseReturnValue:
    """What there is to take away, each with what it is for."""
    bench, taken, of = _taken()
    return page(
        "take_away.html",
        bench,
        of=of,
        row_count=len(taken.rows),
        illustrative=taken.has_illustrative_rates,
    )


def map_as_workbook(handle: str) -> ResponseReturnValue:
    """The map as an Excel workbook with live formulas."""
    return as_file(make_workbook(_taken()[1]), "provision-map", "xlsx")


def map_as_csv(handle: str) -> ResponseReturnValue:
    """The map as a plain table with its figures."""
    return as_file(to_csv(to_table(_taken()[1])), "provision-map", "csv")


def report(handle: str) -> ResponseReturnValue:
    """The report on the page, to be looked at and printed."""
    bench, taken, of = _taken()
    choices = Choices.read(request.args)
    return page(
        "report.html",
        bench,
        of=of,
        ticked={"school": choices.school, "rows": choices.rows, "written": choices.written},
        query={**choices.as_query(), **of},
        report_title=TITLE,
        made_on=made_on(),
        body=render_body(taken, choices),
    )


def report_as_word(handle: str) -> ResponseReturnValue:
    """The report as a Word document, with the same choices."""
    choices = Choices.read(request.args)
    return as_file(make_report(_taken()[1], choices), "provision-report", "docx")


def _request_page(
    errors: list[tuple[str | None, str]] | None = None, status: int = 200
) -> ResponseReturnValue:
    bench, taken, of = _taken()
    return page(
        "request.html",
        bench,
        of=of,
        rows=list(zip(taken.rows, taken.figures.cost.rows, strict=True)),
        notes=notes_for(taken.picture.threshold, is_illustrative=taken.has_illustrative_rates),
        pounds=pounds,
        errors=errors or [],
        has_errors=bool(errors),
    ), status


def request_page(handle: str) -> ResponseReturnValue:
    """The rows to tick for a request's workbook."""
    return _request_page()


def request_as_workbook(handle: str) -> ResponseReturnValue:
    """The costed workbook of the ticked rows; with none ticked, the page again."""
    taken = _taken()[1]
    chosen = set(request.args.getlist("row")) & {one.id for one in taken.rows}
    if not chosen:
        first = f"row-{taken.rows[0].id}" if taken.rows else None
        return _request_page([(first, "Tick at least one provision.")], 422)
    return as_file(make_request_workbook(taken, chosen), "costed-provision", "xlsx")


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into the activity's blueprint."""
    may = who_may("participant")
    blueprint.get("/take-away")(may(take_away))
    blueprint.get("/take-away/map.xlsx")(may(map_as_workbook))
    blueprint.get("/take-away/map.csv")(may(map_as_csv))
    blueprint.get("/take-away/report")(may(report))
    blueprint.get("/take-away/report.docx")(may(report_as_word))
    blueprint.get("/take-away/request")(may(request_page))
    blueprint.get("/take-away/request.xlsx")(may(request_as_workbook))
    example_views.add_to(blueprint)
