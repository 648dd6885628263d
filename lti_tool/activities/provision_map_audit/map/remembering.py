"""What a person has told us about their spreadsheets: columns by heading, and what is no child.

Kept in the work itself, used at every import, and forgotten on a word. A heading or a text is
remembered only after the person has brought the map in with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lti_tool.activities.provision_map_audit.document import (
    LONGEST_WORD,
    MOST_WORDS,
    Document,
    with_not_a_child,
)
from lti_tool.activities.provision_map_audit.importing.columns import ColumnMatch
from lti_tool.activities.provision_map_audit.importing.preview import ImportPreview
from lti_tool.activities.provision_map_audit.sheets.cells import Workbook
from lti_tool.activities.provision_map_audit.words import Words, heading_key
from lti_tool.privacy.guard import clear_key, is_clear_key, suspect_text


@dataclass(frozen=True, slots=True)
class Remembered:
    """One thing remembered, as a page shows it: what is posted to forget it, and its words."""

    key: str
    shown: str


def columns(document: Document) -> dict[str, str]:
    """Codes of columns by heading key."""
    return dict(document["remembered"]["columns"])


def shown_columns(document: Document, labels: dict[str, str]) -> list[Remembered]:
    """The headings remembered and what each holds."""
    return [
        Remembered(key, f"{key}: {labels.get(code, code)}")
        for key, code in columns(document).items()
    ]


def shown_words(document: Document) -> list[Remembered]:
    """The texts that are no child. Long ones are kept as a key alone."""
    return [
        Remembered(word, word if not is_clear_key(word) else "a longer text")
        for word in document["remembered"]["not_a_child"]
    ]


def with_told(
    document: Document,
    found: ImportPreview,
    workbook: Workbook,
    cleared: frozenset[str],
    words: Words,
) -> Document:
    """The document with what the person chose and cleared in this import."""
    kept = columns(document)
    for column in (column for sheet in found.sheets for column in sheet.columns):
        if column.heading and column.suggested and _says_more(column):
            if not suspect_text(column.heading, words, frozenset()):
                kept[heading_key(column.heading)[:LONGEST_WORD]] = column.code
    newest = dict(list(kept.items())[-MOST_WORDS:])
    made = {**document, "remembered": {**document["remembered"], "columns": newest}}
    return with_not_a_child(made, _cleared_texts(workbook, cleared))


def _says_more(column: ColumnMatch) -> bool:
    """Whether the choice is another than what we would have read."""
    return column.code != column.suggested


def _cleared_texts(workbook: Workbook, cleared: frozenset[str]) -> Iterator[str]:
    """The texts behind the keys; the key itself where a text is too long to keep."""
    if not cleared:
        return
    left = set(cleared)
    for text in _texts(workbook):
        key = clear_key(text)
        if key in left:
            left.discard(key)
            yield text if len(text) <= LONGEST_WORD else key


def _texts(workbook: Workbook) -> Iterator[str]:
    for sheet in workbook.sheets:
        yield sheet.name
        for row in sheet.cells:
            for cell in row:
                if cell.text and isinstance(cell.value, str):
                    yield cell.text


def without(document: Document, headings: Iterable[str], texts: Iterable[str]) -> Document:
    """The document without what is to be forgotten."""
    gone, words = set(headings), set(texts)
    told = document["remembered"]
    return {
        **document,
        "remembered": {
            **told,
            "columns": {k: v for k, v in told["columns"].items() if k not in gone},
            "not_a_child": [word for word in told["not_a_child"] if word not in words],
        },
    }
