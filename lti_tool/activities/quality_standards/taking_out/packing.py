"""The submission as files: a Word document, tables, and a zip with numbered evidence."""

import tempfile
import zipfile
from datetime import datetime
from typing import IO

from sqlalchemy.orm import Session

from lti_tool.activities.quality_standards.document import Document, standards_of
from lti_tool.activities.quality_standards.evidencing import FORMS
from lti_tool.activities.quality_standards.reading import get_file
from lti_tool.activities.quality_standards.taking_out.rendering import (
    owners_of,
    render_document,
    title_of,
)
from lti_tool.activities.quality_standards.years import say_year
from lti_tool.core import clock
from lti_tool.papers.documents import to_docx
from lti_tool.papers.tables import Cell, Table, to_csv, to_xlsx

_STANDARDS = (
    *("Id", "Area", "Standard", "Core", "Judgement", "In place", "Narrative"),
    *("Why it does not apply", "Looked after by", "Action", "By", "Evidence", "Figures"),
)
_EVIDENCE = ("Number", "Standard", "Form", "Kind", "What it is", "Where", "Held on")
_IN_MEMORY = 8 * 1024 * 1024
"""Bytes of a pack that are held in memory; a larger one goes to a file."""


def line_of(digest: str | None, at: datetime | None) -> str:
    """What stands below the title: whether it is what was submitted."""
    if digest and at:
        return f"As submitted on {clock.day_and_time(at)}. Fingerprint {digest}."
    return f"Not submitted. As it stands on {clock.day_and_time(clock.now())}."


def as_word(session: Session, document: Document, digest: str | None, at: datetime | None) -> bytes:
    """The submission as a Word document."""
    fragment = str(render_document(session, document))
    return to_docx(title_of(document), [line_of(digest, at)], fragment, top_level=2)


def _pieces(standard: Document) -> str:
    return "\n".join(f"{one['number']}. {one['title']}" for one in standard["evidence"])


def table_of(session: Session, document: Document) -> Table:
    """Every standard a row."""
    names = owners_of(session, document)
    rows: list[list[Cell]] = [
        [
            one["label"],
            area["title"],
            one["title"],
            one["core"],
            one["judgement"]["title"],
            one["judgement"]["passes"],
            one["narrative"],
            one["reason"],
            names.get(one["owner_id"], ""),
            one["action"],
            one["due_on"],
            _pieces(one),
            "\n".join(figure["words"] for figure in one["figures"]),
        ]
        for area in document["areas"]
        for one in area["standards"]
    ]
    return Table(f"Standards {say_year(document['year']).replace('/', '-')}", _STANDARDS, rows)


def evidence_table(document: Document) -> Table:
    """Every piece of evidence a row, by its number."""
    rows: list[list[Cell]] = [
        [
            one["number"],
            standard["label"],
            FORMS[one["form"]],
            one["kind"],
            one["title"],
            name_in_pack(one) if one["digest"] else one["url"],
            one["held_on"],
        ]
        for standard in standards_of(document)
        for one in standard["evidence"]
    ]
    return Table("Evidence", _EVIDENCE, sorted(rows, key=lambda row: int(str(row[0]))))


def _labelled(table: Table, note: str) -> Table:
    """The label in a line above the headings."""
    if not note:
        return table
    return Table(table.title, (note,), [list(table.headings), *table.rows])


def as_csv(session: Session, document: Document) -> bytes:
    """The table of standards as CSV."""
    return to_csv(_labelled(table_of(session, document), document["framework"]["note"]))


def as_xlsx(session: Session, document: Document) -> bytes:
    """Standards and evidence as a workbook of two sheets."""
    note = document["framework"]["note"]
    tables = [table_of(session, document), evidence_table(document)]
    if note:  # beside the headings, so that filters still stand on these
        tables = [Table(one.title, (*one.headings, note), one.rows) for one in tables]
    return to_xlsx(tables)


def name_in_pack(evidence: Document) -> str:
    """Where a file lies in the zip: its number, then its own name."""
    return f"evidence/{evidence['number']:03}-{evidence['file_name']}"


def write_pack(
    session: Session,
    programme_id: int,
    document: Document,
    digest: str | None,
    at: datetime | None,
) -> IO[bytes]:
    """The zip: the Word document, the lists, and each file under its number. Files are read one
    at a time."""
    out = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 (Flask closes it)
    note = document["framework"]["note"]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("submission.docx", as_word(session, document, digest, at))
        archive.writestr("standards.csv", as_csv(session, document))
        archive.writestr("evidence.csv", to_csv(_labelled(evidence_table(document), note)))
        for standard in standards_of(document):
            for one in standard["evidence"]:
                if one["digest"]:
                    content = get_file(session, programme_id, one["digest"])
                    archive.writestr(name_in_pack(one), content)
    out.seek(0)
    return out
