"""The lines that may be a header: their texts, from one line or two, and how many are known.

Called by `columns.py` and `later_tables.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

from lti_tool.activities.provision_map_audit.importing.column_codes import IGNORE
from lti_tool.activities.provision_map_audit.importing.headings import look_up
from lti_tool.activities.provision_map_audit.readings.reading import parse_number
from lti_tool.activities.provision_map_audit.sheets.cells import Cell, Sheet
from lti_tool.activities.provision_map_audit.words import Words


def header_texts(sheet: Sheet, rows: tuple[int, ...]) -> list[str] | None:
    """The heading of each column from one line or two; None when these lines are no header."""
    if len(rows) == 1:
        cells = sheet.cells[rows[0]]
        return [cell.text for cell in cells] if _is_wordy(cells) else None
    top, bottom = sheet.cells[rows[0]], sheet.cells[rows[1]]
    if not (_is_wordy(top) and _is_wordy(bottom)):
        return None
    if len({cell.text for cell in top if cell.text}) < 2:
        return None
    width = max(len(top), len(bottom))
    above = _spread(top, bottom, width)
    below = [bottom[i].text if i < len(bottom) else "" for i in range(width)]
    return [a if a == b else f"{a} {b}".strip() for a, b in zip(above, below, strict=True)]


def continues(sheet: Sheet, rows: tuple[int, ...]) -> bool:
    """Whether the second line only goes on with the first: 'by', '(mins)', 'per week', '£'."""
    if len(rows) != 2:
        return False
    below = [cell.text for cell in sheet.cells[rows[1]] if not cell.is_blank]
    above = [cell.text for cell in sheet.cells[rows[0]] if not cell.is_blank]
    return 2 <= len(below) <= len(above) and all(
        text[0].islower() or text[0] in "(£%/" for text in below
    )


def _is_wordy(cells: Sequence[Cell]) -> bool:
    """Headers hold words: no dates, and hardly any plain numbers."""
    filled = [cell for cell in cells if cell.text]
    left = len(filled) // 5
    for cell in filled:
        if not isinstance(cell.value, str) or parse_number(cell.text):
            left -= 1
            if left < 0:
                return False
    return bool(filled)


def _spread(top: Sequence[Cell], bottom: Sequence[Cell], width: int) -> list[str]:
    """Group headings reach over the blank cells to their right that have a heading below."""
    texts: list[str] = []
    for index in range(width):
        text = top[index].text if index < len(top) else ""
        own_below = index < len(bottom) and bottom[index].text
        if not text and own_below and index and texts[-1]:
            text = texts[-1]
        texts.append(text)
    return texts


def score_of(headings: list[str], words: Words) -> float:
    """How many fields the headings are known to name; near ones count a little."""
    fields: set[str] = set()
    extra = 0.0
    for heading in headings:
        field, sure = look_up(heading, words)[:2]
        if field and sure and field not in fields:
            fields.add(field)
        elif field:
            extra += 0.3
    return len(fields) + extra


def with_group_words(
    sheet: Sheet, rows: tuple[int, ...], headings: list[str], words: Words
) -> list[str]:
    """'How many' below 'Staffing' is known together with it, though not alone."""
    if len(rows) != 1 or rows[0] == 0:
        return headings
    both = header_texts(sheet, (rows[0] - 1, rows[0]))
    if both is None:
        return headings
    both += headings[len(both) :]
    return [
        joined if heading and _tells_more(joined, heading, words) else heading
        for heading, joined in zip(headings, both, strict=False)
    ]


def _tells_more(joined: str, heading: str, words: Words) -> bool:
    """Whether a heading is known only together with the one above it; a running number that
    stands below 'Staffing' is one that is known only so."""
    field, sure = look_up(heading, words)[:2]
    return (not sure or field == IGNORE) and look_up(joined, words)[1]
