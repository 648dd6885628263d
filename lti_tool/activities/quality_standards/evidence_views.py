"""What stands behind a standard: a file given as evidence, and the list behind a figure."""

from flask import render_template
from flask.typing import ResponseReturnValue

from lti_tool.activities.quality_standards import reading
from lti_tool.activities.quality_standards.door import Book
from lti_tool.activities.quality_standards.measuring import scope_of
from lti_tool.activities.quality_standards.pages import (
    as_download,
    blueprint,
    config_dir,
    open_book,
)
from lti_tool.activities.quality_standards.standard_views import open_standard
from lti_tool.activities.quality_standards.taking_out.packing import figure_table
from lti_tool.activities.quality_standards.years import say_year
from lti_tool.catalogue.measures import Figure, Measure, find_measure
from lti_tool.core.errors import NotFound
from lti_tool.db import session
from lti_tool.papers.downloads import as_table_file
from lti_tool.people.queries import names_of
from lti_tool.web.policy import who_may


@blueprint.get("/<int:year>/standard/<item_id>/files/<int:number>")
@who_may("tutor")
def file(handle: str, year: int, item_id: str, number: int) -> ResponseReturnValue:
    """A file given as evidence, as a download."""
    book, item, _ = open_standard(year, item_id)
    found = reading.evidence_of(session(), book.checklist.id, item.id)
    one = next((one for one in found if one.number == number and one.digest), None)
    if one is None:
        raise NotFound("There is no such file among the evidence of this standard.")
    content = reading.get_file(session(), book.desk.programme.id, str(one.digest))
    return as_download(content, one.file_name, str(one.media_type))


def _figure(year: int, key: str) -> tuple[Book, Measure, Figure, dict[int, str]]:
    """A figure of a year, with the names of those in the list behind it."""
    book = open_book(year, to_lead=True)
    measure = find_measure(key)
    if measure is None:
        raise NotFound("The tool has no such figure.")
    found = measure.find(session(), scope_of(session(), book.place(config_dir())))
    names = names_of(session(), reading.ids_of(one.person_id for one in found.lines))
    return book, measure, found, names


@blueprint.get("/<int:year>/figures/<key>/list.<form>")
@who_may("leader")
def take_figure(handle: str, year: int, key: str, form: str) -> ResponseReturnValue:
    """The list behind a figure as csv or xlsx."""
    book, measure, found, names = _figure(year, key)
    table = figure_table(book.framework, measure.title, found, names)
    return as_table_file([table], f"quality-standards-{year}-figure", form)


@blueprint.get("/<int:year>/figures/<key>")
@who_may("leader")
def figure(handle: str, year: int, key: str) -> ResponseReturnValue:
    """A figure, how it was worked out, and the list behind it."""
    book, measure, found, names = _figure(year, key)
    lines = sorted(found.lines, key=lambda one: names.get(one.person_id or 0, "").casefold())
    return render_template(
        "quality_standards/figure.html",
        handle=handle,
        book=book,
        framework=book.framework,
        measure=measure,
        figure=found,
        standards=[one for one in book.framework.judged if one.id in measure.standards],
        missing=[one for one in lines if not one.is_good],
        good=[one for one in lines if one.is_good],
        names=names,
        say_year=say_year,
    )
