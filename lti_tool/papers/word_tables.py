"""The tables of a Word document as rows of text.

A cell that goes on from the one above has its text too, as it reads on paper. A cell across several
columns stands in the first of them; one across the whole table is a row of one cell. What tracked
changes took away is left out, and so are tables within a cell.
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from lti_tool.core.errors import Unusable
from lti_tool.core.numerals import whole
from lti_tool.papers.word_guard import check_word_file

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TABLE, _ROW, _CELL, _PARAGRAPH = (_W + name for name in ("tbl", "tr", "tc", "p"))
_LEFT_OUT = {_W + "del", _W + "moveFrom"}
_MOST_ROWS, _MOST_COLUMNS = 5_000, 60
Rows = list[list[str]]


def _next_within(parent: Element, wanted: str) -> Iterator[Element]:
    """The nearest elements of a name, in order; nothing within a table that lies further in."""
    for child in parent:
        if child.tag == wanted:
            yield child
        elif child.tag not in _LEFT_OUT and child.tag != _TABLE:
            yield from _next_within(child, wanted)


def _text(cell: Element) -> str:
    """The paragraphs of a cell, a line each."""
    lines = ("".join(_pieces(one)).strip() for one in _next_within(cell, _PARAGRAPH))
    return "\n".join(line for line in lines if line)


def _pieces(element: Element) -> Iterator[str]:
    for child in element:
        if child.tag == _W + "t":
            yield child.text or ""
        elif child.tag in (_W + "tab", _W + "noBreakHyphen"):
            yield " " if child.tag == _W + "tab" else "-"
        elif child.tag in (_W + "br", _W + "cr"):
            yield "\n"
        elif child.tag not in _LEFT_OUT and child.tag != _TABLE:
            yield from _pieces(child)


def _spans(cell: Element) -> int:
    found = cell.find(f"{_W}tcPr/{_W}gridSpan")
    value = found.get(_W + "val", "1") if found is not None else "1"
    return min(whole(value, 1), _MOST_COLUMNS + 1)


def _goes_on(cell: Element) -> bool:
    """Whether a cell goes on from the one above."""
    found = cell.find(f"{_W}tcPr/{_W}vMerge")
    return found is not None and found.get(_W + "val", "continue") != "restart"


def _rows(table: Element) -> Rows:
    found: Rows = []
    for row in _next_within(table, _ROW):
        cells: list[str] = []
        inside = list(_next_within(row, _CELL))
        for cell in inside:
            above = found[-1] if found else []
            if _goes_on(cell) and len(cells) < len(above):
                cells.append(above[len(cells)])
            else:
                cells.append(_text(cell))
            if len(inside) > 1:
                cells.extend([""] * (_spans(cell) - 1))
        found.append(cells)
        if len(found) > _MOST_ROWS or len(cells) > _MOST_COLUMNS:
            raise Unusable(
                f"A table in this document is too large: at most {_MOST_ROWS} rows and "
                f"{_MOST_COLUMNS} columns."
            )
    return found


def read_word_tables(data: bytes) -> list[Rows]:
    """The tables of a Word document, in order.

    :raises Unusable: it is none, cannot be read without harm, or has no table.
    """
    root = fromstring(check_word_file(data))
    found = [_rows(table) for table in _all_tables(root)]
    if not any(found):
        raise Unusable("This document has no table. Put the list into a table, a row for each.")
    return found


def _all_tables(parent: Element) -> Iterator[Element]:
    for child in parent:
        if child.tag == _TABLE:
            yield child
        else:
            yield from _all_tables(child)
