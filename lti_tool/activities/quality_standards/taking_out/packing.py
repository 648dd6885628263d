"""The submission as files: a Word document, tables, and a zip with numbered evidence."""

import tempfile
import zipfile
from datetime import datetime
from typing import IO

from sqlalchemy.orm import Session

from lti_tool.activities.quality_standards.document import Document, standards_of
from lti_tool.activities.quality_standards.evidencing import FORMS
from lti_tool.activities.quality_standards.progress import Overview
from lti_tool.activities.quality_standards.reading import get_file
from lti_tool.activities.quality_standards.taking_out.rendering import (
    owners_of,
    render_document,
    title_of,
)
from lti_tool.activities.quality_standards.years import say_year
from lti_tool.catalogue.measures import Figure
from lti_tool.core import clock
from lti_tool.frameworks.framework import Framework
from lti_tool.papers.documents import to_docx
from lti_tool.papers.tables import Cell, Table, to_csv

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
    title = f"Standards {say_year(document['year']).replace('/', '-')}"
    return Table(title, _STANDARDS, rows, document["framework"]["note"])


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
    rows.sort(key=lambda row: int(str(row[0])))
    return Table("Evidence", _EVIDENCE, rows, document["framework"]["note"])


def areas_table(framework: Framework, look: Overview) -> Table:
    """How far each area is."""
    headings = ("Area", "Standards", "Judged", "In place", "Core not in place")
    rows: list[list[Cell]] = [
        [one.title, one.standards, one.judged, one.in_place, one.core_open] for one in look.areas
    ]
    return Table("Progress by area", headings, rows, framework.placeholder_note)


def figure_table(framework: Framework, title: str, figure: Figure, names: dict[int, str]) -> Table:
    """The list behind a figure."""
    rows: list[list[Cell]] = [
        [names.get(one.person_id or 0, ""), one.label, one.is_good] for one in figure.lines
    ]
    return Table(title, ("Who", "What", "Counts"), rows, framework.placeholder_note)


def tables_of(session: Session, document: Document) -> list[Table]:
    """Standards, and the evidence for them."""
    return [table_of(session, document), evidence_table(document)]


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
    standards, evidence = tables_of(session, document)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("submission.docx", as_word(session, document, digest, at))
        archive.writestr("standards.csv", to_csv(standards))
        archive.writestr("evidence.csv", to_csv(evidence))
        for standard in standards_of(document):
            for one in standard["evidence"]:
                if one["digest"]:
                    content = get_file(session, programme_id, one["digest"])
                    archive.writestr(name_in_pack(one), content)
    out.seek(0)
    return out
