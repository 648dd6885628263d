"""Parts of a Word document that its library has no words for: numbering, tables, pages.

Numbered lists that begin again, tables whose heading line stands on every page, A4 with the page's
number at its foot. Used by `documents.py` alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm


@dataclass(frozen=True, slots=True)
class Cell:
    """A table's cell: its text, whether it is a heading, whether it holds a figure."""

    text: str
    is_heading: bool
    is_figure: bool


def _element(name: str, **attributes: str) -> Any:
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def new_numbering(document: Any, first: int) -> int:
    """A numbering of its own for one list, so that it does not go on from the list before.

    :param first: the number that it begins with.
    """
    numbering = document.part.numbering_part.element
    style = document.styles["List Number"].element
    kept = style.pPr.numPr.numId.val
    abstract = next(one for one in numbering.num_lst if one.numId == kept).abstractNumId.val
    made = numbering.add_num(abstract)
    made.add_lvlOverride(ilvl=0).add_startOverride(first)
    return int(made.numId)


def number_with(paragraph: Any, numbering: int) -> None:
    """Count a paragraph in a list's numbering."""
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = 0
    properties.get_or_add_numId().val = numbering


def write_table(document: Any, rows: Sequence[Sequence[Cell]]) -> None:
    """A table with lines; a first line of headings is repeated on every page, no row is cut.

    Its XML is written directly: through the library a table of 2,000 rows takes many seconds.
    """
    width = max(len(row) for row in rows)
    table = document.add_table(rows=0, cols=width, style="Table Grid")
    for number, row in enumerate(rows):
        is_head = number == 0 and all(cell.is_heading for cell in row)
        line = _element("w:tr")
        properties = _element("w:trPr")
        properties.append(_element("w:cantSplit"))
        if is_head:
            properties.append(_element("w:tblHeader"))
        line.append(properties)
        cells = [*row, *[Cell("", False, False)] * (width - len(row))]
        line.extend(_cell(cell) for cell in cells)
        table._tbl.append(line)
    document.add_paragraph()


def _cell(cell: Cell) -> Any:
    """A cell with one paragraph of its text in small type."""
    paragraph, run = _element("w:p"), _element("w:r")
    if cell.is_figure:
        properties = _element("w:pPr")
        properties.append(_element("w:jc", val="right"))
        paragraph.append(properties)
    looks = _element("w:rPr")
    if cell.is_heading:
        looks.append(_element("w:b"))
    looks.append(_element("w:sz", val="18"))
    run.append(looks)
    for number, text in enumerate(cell.text.split("\n")):
        if number:
            run.append(_element("w:br"))
        piece = _element("w:t")
        piece.text = "".join(sign for sign in text if sign == "\t" or sign >= " ")
        piece.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        run.append(piece)
    paragraph.append(run)
    made = _element("w:tc")
    made.append(paragraph)
    return made


def set_up_pages(document: Any, title: str) -> None:
    """A4 with room around it; the title and the page's number at the foot; British English."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(18)
    section.top_margin = section.bottom_margin = Mm(20)
    foot = section.footer.paragraphs[0]
    foot.add_run(f"{title}, page ")
    for kind in ("begin", "", "end"):
        run = foot.add_run()
        if kind:
            run._r.append(_element("w:fldChar", fldCharType=kind))
        else:
            made = _element("w:instrText")
            made.text = "PAGE"
            run._r.append(made)
    language = _element("w:lang", val="en-GB")
    document.styles["Normal"].element.get_or_add_rPr().append(language)
