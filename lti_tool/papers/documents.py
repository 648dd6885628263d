"""A page's fragment as a Word document: headings, paragraphs, bold, lists and tables.

Takes the tool's own HTML, such as a piece of work rendered for marking; pictures and hidden
words are left out.
"""

import io
from html.parser import HTMLParser
from typing import Any

import docx

_BLOCKS = {
    "p",
    "li",
    "dt",
    "dd",
    "summary",
    "caption",
    "td",
    "th",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
}
_VOID = {"br", "hr", "img", "input", "meta", "link", "path", "circle", "rect", "line", "use"}
_BOLD_BLOCKS = {"dt", "summary", "caption", "th"}


class _Writer(HTMLParser):
    """Walks the fragment and writes what it finds into the document."""

    def __init__(self, document: Any) -> None:
        super().__init__(convert_charrefs=True)
        self.document = document
        self.runs: list[tuple[str, bool]] = []
        self.open: list[str] = []
        self.hidden = 0
        self.bold = 0
        self.rows: list[list[str]] | None = None
        self.keeps_lines = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = (dict(attrs).get("class") or "").split()
        if tag == "br":
            self.runs.append(("\n", False))
        if tag in _VOID:
            return
        self.open.append(tag)
        if self.hidden or tag in {"svg", "script", "style"} or "visually-hidden" in classes:
            if tag != "caption":
                self.hidden += 1
                return
        if tag in _BLOCKS:
            self._end_block("p")
            self.keeps_lines = "as-typed" in classes
        if tag in {"strong", "b"}:
            self.bold += 1
        if tag == "table":
            self.rows = []
        elif tag == "tr" and self.rows is not None:
            self.rows.append([])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.runs.append(("\n", False))

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID or tag not in self.open:
            return
        while self.open.pop() != tag:
            self.hidden = max(self.hidden - 1, 0)
        if self.hidden:
            self.hidden -= 1
            return
        if tag in {"strong", "b"}:
            self.bold = max(self.bold - 1, 0)
        elif tag in {"td", "th"} and self.rows:
            self.rows[-1].append(self._take().strip())
        elif tag in _BLOCKS:
            self._end_block(tag)
        elif tag == "table":
            self._end_table()

    def handle_data(self, data: str) -> None:
        if self.hidden:
            return
        text = data if self.keeps_lines else " ".join(data.split())
        if not self.keeps_lines and text:
            before, after = data[:1].isspace(), data[-1:].isspace()
            text = (" " if before else "") + text + (" " if after else "")
        if text:
            self.runs.append((text, self.bold > 0))

    def _take(self) -> str:
        text = "".join(text for text, _ in self.runs)
        self.runs, self.keeps_lines = [], False
        return text

    def _end_block(self, tag: str) -> None:
        if not "".join(text for text, _ in self.runs).strip():
            self.runs, self.keeps_lines = [], False
            return
        if tag.startswith("h") and tag[1:].isdigit():
            self.document.add_heading(self._take().strip(), level=max(int(tag[1]) - 2, 1))
            return
        style = "List Bullet" if tag == "li" else None
        paragraph = self.document.add_paragraph(style=style)
        for number, (text, is_bold) in enumerate(self.runs):
            run = paragraph.add_run(text.lstrip() if number == 0 else text)
            run.bold = is_bold or tag in _BOLD_BLOCKS
        self.runs, self.keeps_lines = [], False

    def _end_table(self) -> None:
        rows, self.rows = [row for row in self.rows or [] if row], None
        if not rows:
            return
        width = max(len(row) for row in rows)
        table = self.document.add_table(rows=len(rows), cols=width, style="Table Grid")
        for line, row in zip(table.rows, rows, strict=True):
            for cell, text in zip(line.cells, row, strict=False):
                cell.text = text
        self.document.add_paragraph()

    def finish(self) -> None:
        """Write what stands after the last tag."""
        self.close()
        self._end_block("p")


def to_docx(title: str, lines: list[str], fragment: str) -> bytes:
    """A Word document.

    :param title: its heading, and its title in the file's properties.
    :param lines: paragraphs below the heading.
    :param fragment: HTML of the tool's own, whose headings begin at level 3.
    """
    document = docx.Document()
    properties = document.core_properties
    properties.title, properties.author, properties.comments = title, "", ""
    document.add_heading(title, level=0)
    for line in lines:
        document.add_paragraph(line)
    writer = _Writer(document)
    writer.feed(fragment)
    writer.finish()
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
