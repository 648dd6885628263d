"""The examiner's pack: a zip file that can be read anywhere, without the tool.

Pages hold their own style and lead only to one another. Files are named by candidate code.
"""

import io
import re
import zipfile
from pathlib import Path

from flask import render_template
from markupsafe import Markup
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.core.numerals import plain
from lti_tool.marking.examiner.queries import Pack, Piece, get_document, list_judgements
from lti_tool.marking.moderation import words
from lti_tool.marking.moderation.scaling import in_words
from lti_tool.marking.remarks import list_remarks
from lti_tool.marking.remarks_shown import render_with
from lti_tool.papers.tables import Cell, Table, to_xlsx

_STYLE = Path(__file__).with_name("pack.css")


def file_of(piece: Piece) -> str:
    """The name of a piece's file in the pack."""
    return re.sub(r"[^A-Za-z0-9]+", "-", piece.code).strip("-") + ".html"


def _sample(pack: Pack) -> Table:
    rows: list[list[Cell]] = []
    for piece in pack.pieces:
        seen = piece.moderated[-1] if piece.moderated else None
        rows.append(
            [
                piece.code,
                words.why_in_words(piece.why),
                piece.mark,
                piece.after,
                words.SHORT_VIEWS[seen.view][0] if seen else "",
                seen.mark if seen else None,
                seen.note if seen else "",
            ]
        )
    headings = (
        "Code",
        "Drawn",
        "Mark",
        "After scaling",
        "Moderator’s view",
        "Moderator’s mark",
        "Moderator’s note",
    )
    return Table("Sample", headings, rows)


def _spread(pack: Pack) -> Table:
    return Table("Spread of marks", ("Marks", "Pieces"), [row[:2] for row in pack.spread.rows])


def _rounds(pack: Pack) -> Table:
    rows: list[list[Cell]] = [
        [
            one.number,
            one.drawn_at,
            len(one.population),
            len(record.lines),
            one.is_blind,
            one.seed,
            words.DECISIONS[one.decision][0],
            in_words(one.scaling) if one.scaling else "",
            one.reason,
        ]
        for one, record in pack.rounds
    ]
    headings = (
        "Moderation",
        "Drawn",
        "From",
        "Sample",
        "Blind",
        "Seed",
        "Decision",
        "Scaling",
        "Reason",
    )
    return Table("Moderation", headings, rows)


def _rubric(pack: Pack) -> Table:
    bands = [band.title for band in pack.rubric.bands]
    rows: list[list[Cell]] = [
        [one.title, one.weight, *(one.descriptors.get(band.id, "") for band in pack.rubric.bands)]
        for one in pack.rubric.criteria
    ]
    return Table("Rubric", ("Criterion", "Weight in percent", *bands), rows)


def make_workbook(pack: Pack) -> bytes:
    """Sample, spread, record of moderation and rubric as an Excel workbook."""
    return to_xlsx([_sample(pack), _spread(pack), _rounds(pack), _rubric(pack)])


def make_zip(session: Session, pack: Pack) -> bytes:
    """The whole pack."""
    style = Markup(_STYLE.read_text("utf-8"))
    shared = {
        "pack": pack,
        "style": style,
        "plain": plain,
        "words": words,
        "in_words": in_words,
        "made_at": clock.now(),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        files = [(piece, file_of(piece)) for piece in pack.pieces]
        archive.writestr("index.html", render_template("examiner/pack.html", files=files, **shared))
        for piece, name in files:
            document = get_document(session, piece)
            page = render_template(
                "examiner/pack_work.html",
                piece=piece,
                judgements=list_judgements(session, piece),
                rendered=render_with(
                    pack.assignment.activity,
                    document,
                    list_remarks(session, piece.work.submission_id),
                    {},
                ),
                **shared,
            )
            archive.writestr(f"work/{name}", page)
        archive.writestr("marks.xlsx", make_workbook(pack))
    return out.getvalue()
