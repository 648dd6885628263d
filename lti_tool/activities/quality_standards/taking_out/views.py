"""The leader's downloads, and the page to print."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from lti_tool.activities.quality_standards import progress, reading, trail
from lti_tool.activities.quality_standards.document import Document, standards_of
from lti_tool.activities.quality_standards.door import Book
from lti_tool.activities.quality_standards.moving import document_now
from lti_tool.activities.quality_standards.pages import config_dir, open_book
from lti_tool.activities.quality_standards.taking_out import packing
from lti_tool.activities.quality_standards.taking_out.rendering import render_document, title_of
from lti_tool.core import clock
from lti_tool.core.errors import NotFound
from lti_tool.db import session
from lti_tool.papers.downloads import as_file, as_table_file
from lti_tool.web.policy import who_may


@dataclass(frozen=True, slots=True)
class _Taken:
    """What is taken away."""

    book: Book
    document: Document
    digest: str | None
    at: datetime | None


def _take(year: int) -> _Taken:
    """What was submitted; as it stands where the team writes in it, unless `of=submitted` is
    asked for."""
    book = open_book(year, to_lead=True)
    wants_submitted = request.args.get("of") == "submitted" or not book.checklist.is_editable
    submitted = trail.find_submitted(session(), book.checklist.id) if wants_submitted else None
    if submitted is not None:
        return _Taken(book, submitted.document, submitted.digest, submitted.at)
    if request.args.get("of") == "submitted":
        raise NotFound("Nothing has been submitted yet.")
    return _Taken(book, document_now(session(), book, book.place(config_dir())), None, None)


def _name(taken: _Taken) -> str:
    return f"quality-standards-{taken.document['year']}"


def printed(handle: str, year: int) -> ResponseReturnValue:
    """The whole on one page, to print or keep as PDF."""
    taken = _take(year)
    files = {
        one["number"]: standard["id"]
        for standard in standards_of(taken.document)
        for one in standard["evidence"]
        if one["digest"]
    }

    def file_url(number: int) -> str:
        if taken.digest or number not in files:
            return ""
        item_id = files[number]
        return url_for(
            "quality_standards.file", handle=handle, year=year, item_id=item_id, number=number
        )

    return render_template(
        "quality_standards/print.html",
        handle=handle,
        book=taken.book,
        title=title_of(taken.document),
        line=packing.line_of(taken.digest, taken.at),
        body=render_document(session(), taken.document, file_url),
    )


def take_away(handle: str, year: int, form: str) -> ResponseReturnValue:
    """The submission as docx or zip, the table as csv or xlsx."""
    if form not in ("docx", "zip", "csv", "xlsx"):
        raise NotFound("The checklist can be taken away as docx, zip, csv or xlsx.")
    taken = _take(year)
    if form == "zip":
        pack = packing.write_pack(
            session(), taken.book.desk.programme.id, taken.document, taken.digest, taken.at
        )
        answer = send_file(pack, "application/zip")
        name = f"{_name(taken)}-{clock.today():%Y-%m-%d}.zip"
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        answer.headers["Cache-Control"] = "no-store"
        return answer
    if form == "docx":
        body = packing.as_word(session(), taken.document, taken.digest, taken.at)
        return as_file(body, _name(taken), form)
    return as_table_file(packing.tables_of(session(), taken.document), _name(taken), form)


def take_areas(handle: str, year: int, form: str) -> ResponseReturnValue:
    """How far each area is, as csv or xlsx."""
    book = open_book(year)
    entries = reading.entries_of(session(), book.checklist.id)
    said = {item_id: one.said for item_id, one in entries.items()}
    look = progress.look_over(book.framework, said)
    table = packing.areas_table(book.framework, look)
    return as_table_file([table], f"quality-standards-{year}-areas", form)


def add_to(blueprint: Blueprint) -> None:
    """Put the pages under the checklist's address."""
    blueprint.add_url_rule("/<int:year>/print", "printed", who_may("leader")(printed))
    blueprint.add_url_rule("/<int:year>/areas.<form>", "take_areas", who_may("tutor")(take_areas))
    blueprint.add_url_rule(
        "/<int:year>/submission.<form>", "take_away", who_may("leader")(take_away)
    )
