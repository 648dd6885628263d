"""Tables of a Word document: cells that go on, cells across, tracked changes, hostile files."""

import io
import zipfile

import docx
import pytest

from lti_tool.core.errors import Unusable
from lti_tool.papers.word_tables import read_word_tables

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def _saved(document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _raw(body: str, head: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        text = f"{head}<w:document {_W}><w:body>{body}</w:body></w:document>"
        archive.writestr("word/document.xml", text)
    return out.getvalue()


def _cell(text: str, more: str = "") -> str:
    return f"<w:tc><w:tcPr>{more}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"


_WIDE = _cell("a", '<w:gridSpan w:val="999999999"/>')


def test_cells_that_go_on_and_cells_across() -> None:
    document = docx.Document()
    table = document.add_table(rows=4, cols=3)
    for row in range(4):
        for column in range(3):
            table.cell(row, column).text = f"{row}{column}"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "down"
    table.cell(3, 0).merge(table.cell(3, 1)).text = "across"
    table.cell(0, 2).text = "two\nlines"
    assert read_word_tables(_saved(document)) == [
        [
            ["00", "01", "two\nlines"],
            ["down", "11", "12"],
            ["down", "21", "22"],
            ["across", "", "32"],
        ]
    ]


def test_what_was_taken_away_and_tables_within_are_left_out() -> None:
    inner = f"<w:tbl><w:tr>{_cell('inner')}</w:tr></w:tbl>"
    moved = "<w:p><w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom></w:p>"
    added = "<w:p><w:ins><w:r><w:t>added</w:t></w:r></w:ins></w:p>"
    row = f"<w:tr><w:tc>{added}{moved}{inner}</w:tc>{_cell('b')}</w:tr>"
    gone = f"<w:del><w:tr>{_cell('gone')}</w:tr></w:del>"
    assert read_word_tables(_raw(f"<w:tbl>{row}{gone}</w:tbl>")) == [[["added", "b"]]]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (_raw("<w:p/>"), "no table"),
        (_raw("<w:tbl/>"), "no table"),
        (_raw(f"<w:tbl><w:tr>{_cell('a')}</w:tr></w:tbl>", "<!DOCTYPE a []>"), "damaged"),
        (_raw("<w:tbl>" + f"<w:tr>{_cell('a')}</w:tr>" * 5001 + "</w:tbl>"), "at most 5000 rows"),
        (_raw(f"<w:tbl><w:tr>{_WIDE}{_cell('b')}</w:tr></w:tbl>"), "60 columns"),
        (_raw("<w:tbl>" * 200 + "</w:tbl>" * 200), "far more"),
        (b"PK\x03\x04", "damaged"),
    ],
)
def test_refused(data: bytes, said: str) -> None:
    with pytest.raises(Unusable, match=said):
        read_word_tables(data)
