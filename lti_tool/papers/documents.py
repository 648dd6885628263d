"""A page's fragment as a Word document: headings, paragraphs, bold, italics, lists and tables.

Takes the tool's own HTML, such as a piece of work rendered for marking; pictures and hidden
words are left out. The fine print of Word's own XML is in `word_parts.py`.
"""

import io
from html.parser import HTMLParser
from typing import Any

import docx

from lti_tool.core.numerals import whole
from lti_tool.papers import word_parts

_BLOCKS = {
    *("p", "li", "dt", "dd", "summary", "caption", "td", "th", "blockquote"),
    *("h1", "h2", "h3", "h4", "h5", "h6"),
}
_VOID = {"br", "hr", "img", "input", "meta", "link", "path", "circle", "rect", "line", "use"}
_LEFT_OUT = {"svg", "script", "style", "form"}
_BOLD_BLOCKS = {"dt", "summary", "caption", "th"}
_BOLD, _ITALIC = {"strong", "b"}, {"em", "i"}
_DEEPEST_LIST = 3
Run = tuple[str, bool, bool]
"""Text, whether it is bold, whether it is in italics."""


class _Writer(HTMLParser):
    """Walks the fragment and writes what it finds into the document."""

    def __init__(self, document: Any, top_level: int) -> None:
        super().__init__(convert_charrefs=True)
        self.document, self.top_level = document, top_level
        self.runs: list[Run] = []
        self.open: list[str] = []
        self.hidden = self.bold = self.italic = 0
        self.rows: list[list[word_parts.Cell]] | None = None
        self.is_figure = False
        self.lists: list[int | None] = []
        self.is_new_item = False
        self.keeps_lines = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        classes = (given.get("class") or "").split()
        if tag == "br":
            self.runs.append(("\n", False, False))
        if tag in _VOID:
            return
        self.open.append(tag)
        if self.hidden or tag in _LEFT_OUT or "visually-hidden" in classes or "no-print" in classes:
            if tag != "caption":
                self.hidden += 1
                return
        if tag in _BLOCKS:
            self._end_block("p")
            self.keeps_lines = "as-typed" in classes
            self.is_figure = "figure-cell" in classes
        self._open_inside(tag, given)

    def _open_inside(self, tag: str, given: dict[str, str | None]) -> None:
        if tag in _BOLD:
            self.bold += 1
        elif tag in _ITALIC:
            self.italic += 1
        elif tag in ("ul", "ol"):
            self._end_block("p")
            first = whole(given.get("start"), 1)
            self.lists.append(
                word_parts.new_numbering(self.document, first) if tag == "ol" else None
            )
        elif tag == "li":
            self.is_new_item = True
        elif tag == "table":
            self.rows = []
        elif tag == "tr" and self.rows is not None:
            self.rows.append([])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.runs.append(("\n", False, False))

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID or tag not in self.open:
            return
        while self.open.pop() != tag:
            self.hidden = max(self.hidden - 1, 0)
        if self.hidden:
            self.hidden -= 1
            return
        if tag in _BOLD:
            self.bold = max(self.bold - 1, 0)
        elif tag in _ITALIC:
            self.italic = max(self.italic - 1, 0)
        elif tag in ("ul", "ol"):
            self._end_block("p")
            self.lists = self.lists[:-1]
        elif tag in {"td", "th"} and self.rows:
            cell = word_parts.Cell(self._take().strip(), tag == "th", self.is_figure)
            self.rows[-1].append(cell)
        elif tag in _BLOCKS:
            self._end_block(tag)
        elif tag == "table":
            self._end_table()

    def handle_data(self, data: str) -> None:
        if self.hidden:
            return
        text = data if self.keeps_lines else " ".join(data.split())
        if not self.keeps_lines and data:
            before, after = data[:1].isspace(), data[-1:].isspace()
            text = (" " if before else "") + text + (" " if after and text else "")
        if text:
            self.runs.append((text, self.bold > 0, self.italic > 0))

    def _take(self) -> str:
        text = "".join(text for text, _, _ in self.runs)
        self.runs, self.keeps_lines = [], False
        return text

    def _style(self, tag: str) -> str | None:
        """The paragraph's style: an item of a list, what goes on below one, or a quotation."""
        if self.lists and "li" in [*self.open, tag]:
            depth = min(len(self.lists), _DEEPEST_LIST)
            kind = "List Continue" if not self.is_new_item else "List Bullet"
            if self.is_new_item and self.lists[-1] is not None:
                kind = "List Number"
            return kind if depth == 1 else f"{kind} {depth}"
        return "Quote" if tag == "blockquote" or "blockquote" in self.open else None

    def _end_block(self, tag: str) -> None:
        if not "".join(text for text, _, _ in self.runs).strip():
            self.runs, self.keeps_lines = [], False
            return
        if self.rows:  # paragraphs within a cell are lines of it
            self.runs.append(("\n", False, False))
            return
        if tag.startswith("h") and tag[1:].isdigit():
            level = min(max(int(tag[1]) - self.top_level + 1, 1), 9)
            self.document.add_heading(self._take().strip(), level=level)
            return
        paragraph = self.document.add_paragraph(style=self._style(tag))
        if self.lists and self.is_new_item and self.lists[-1] is not None:
            word_parts.number_with(paragraph, self.lists[-1])
        self.is_new_item = False
        for number, (text, is_bold, is_italic) in enumerate(self.runs):
            run = paragraph.add_run(text.lstrip() if number == 0 else text)
            run.bold = is_bold or tag in _BOLD_BLOCKS
            run.italic = is_italic
        if tag in _BOLD_BLOCKS:
            paragraph.paragraph_format.keep_with_next = True
        self.runs, self.keeps_lines = [], False

    def _end_table(self) -> None:
        rows, self.rows = [row for row in self.rows or [] if row], None
        if rows:
            word_parts.write_table(self.document, rows)

    def finish(self) -> None:
        """Write what stands after the last tag."""
        self.close()
        self._end_block("p")


def to_docx(title: str, lines: list[str], fragment: str, *, top_level: int = 3) -> bytes:
    """A Word document on A4 with page numbers.

    :param title: its heading, and its title in the file's properties.
    :param lines: paragraphs below the heading.
    :param fragment: HTML of the tool's own.
    :param top_level: the level of the fragment's highest headings.
    """
    document = docx.Document()
    properties = document.core_properties
    properties.title, properties.author, properties.comments = title, "", ""
    word_parts.set_up_pages(document, title)
    document.add_heading(title, level=0)
    for line in lines:
        document.add_paragraph(line)
    writer = _Writer(document, top_level)
    writer.feed(fragment)
    writer.finish()
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
