"""Rows of a brought-in table as items, whatever file they came from.

`find_columns` knows the headings, `drafts_of` reads the rows below them; every mistake is kept with
its row and column, so that all are seen at once. Areas may be rows of their own, a column beside
the items, or a heading across the table.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from lti_tool.core.errors import Unusable
from lti_tool.frameworks.checking import MOST_ITEMS, is_id
from lti_tool.frameworks.framework import AREA, FACT, ITEM, RECONSTRUCTION, Framework, Item
from lti_tool.frameworks.kinds import EvidenceKinds
from lti_tool.frameworks.words import AREA_WORD, ITEM_WORD, NO, YES, FrameworkWords
from lti_tool.papers.lists import folded

_LOOK_FOR_HEADINGS_IN = 10
KEPT_WHERE_LEFT_OUT = ("label", "points", "core", "evidence", "auto")
"""Columns that a table may lack: an item with the same id then keeps what it has."""
_BULLET = re.compile(r"^[\s•·▪*–-]+\s+")
_NUMBERED = re.compile(
    r"(?:(?:area|part|section|theme|domain)\s+)?([a-z]{0,2}\d{0,3})\s*[.:)]\s+(\S.*)", re.IGNORECASE
)
Cells = Mapping[str, str]
"""The text of a row by column."""


@dataclass(slots=True)
class Columns:
    """Where the headings of one table stand."""

    row: int
    """The row of the headings, from 0."""
    places: dict[str, int]
    headings: dict[str, str]
    """The heading of each column as it is written."""

    def cells(self, row: Sequence[str]) -> dict[str, str]:
        """A row's texts by column; what the table lacks is missing."""
        return {name: row[place] if place < len(row) else "" for name, place in self.places.items()}


@dataclass(slots=True)
class Draft:
    """A row on its way to an item."""

    where: str
    """Such as "Row 7" or "Table 2, row 5"."""
    item: Item
    columns: Columns
    area: str = ""
    """The title of the area it lies in, where that was given by words."""
    area_where: str = ""
    """Where that stands, if in a row of its own."""
    problems: list[str] = field(default_factory=list)

    def problem(self, name: str, sentence: str) -> None:
        """Keep what is wrong with a column."""
        heading = self.columns.headings.get(name, name.capitalize())
        self.problems.append(f"{self.where}, column “{heading}”: {sentence}")


def find_columns(rows: Sequence[Sequence[str]], words: FrameworkWords) -> Columns | None:
    """Where the headings stand among the first rows, or None where there are none.

    :raises Unusable: two columns mean the same.
    """
    for number, row in enumerate(rows[:_LOOK_FOR_HEADINGS_IN]):
        known = [(words.column_of(cell), place) for place, cell in enumerate(row) if cell]
        names = [name for name, _ in known if name is not None]
        if "id" not in names or "title" not in names:
            continue
        places: dict[str, int] = {}
        for name, place in known:
            if name is None:
                continue
            if name in places:
                raise Unusable(
                    f"Row {number + 1}: the columns “{row[places[name]]}” and “{row[place]}” mean "
                    "the same. Keep the one that counts."
                )
            places[name] = place
        return Columns(number, places, {name: row[at] for name, at in places.items()})
    return None


def drafts_of(
    table: str,
    rows: Sequence[Sequence[str]],
    columns: Columns,
    words: FrameworkWords,
    before: Framework,
    kinds: EvidenceKinds,
) -> list[Draft]:
    """The rows below the headings.

    :param table: what comes before "row 5" in messages: nothing, or "Table 2, ".
    :param before: the framework in force, for what the table does not have.
    :raises Unusable: there are too many.
    """
    found: list[Draft] = []
    area, area_where = "", ""
    for number, row in enumerate(rows[columns.row + 1 :], start=columns.row + 2):
        where = f"{table}row {number}" if table else f"Row {number}"
        if not any(row) or list(row) == list(rows[columns.row]):
            continue
        if heading := _heading_across(row, columns):
            area, area_where = heading, where
            continue
        if len(found) >= MOST_ITEMS:
            raise Unusable(f"{where}: a framework has at most {MOST_ITEMS:,} lines.")
        draft = _draft(where, columns.cells(row), columns, words, before, kinds)
        if not draft.area and not draft.item.parent and not draft.item.is_area:
            draft.area, draft.area_where = area, area_where
        found.append(draft)
    return found


def _heading_across(row: Sequence[str], columns: Columns) -> str:
    """The area of what follows: the only words of a row, across the table or where an id would
    stand. Words under "title" alone are an item whose id is missing."""
    filled = [(place, cell) for place, cell in enumerate(row) if cell]
    if len(filled) != 1 or is_id(filled[0][1]):
        return ""
    if len(row) > 1 and filled[0][0] != columns.places["id"]:
        return ""
    return _one_line(filled[0][1])


def _one_line(text: str) -> str:
    return " ".join(part.strip() for part in text.split("\n") if part.strip())


def _draft(
    where: str,
    cells: Cells,
    columns: Columns,
    words: FrameworkWords,
    before: Framework,
    kinds: EvidenceKinds,
) -> Draft:
    item = Item(
        id=cells["id"],
        title=_one_line(cells["title"]),
        parent=cells.get("parent", ""),
        label=_one_line(cells.get("label", "")),
        points=_points(cells.get("points", "")),
        source=_one_line(cells.get("source", "")),
    )
    draft = Draft(where, item, columns, _one_line(cells.get("area", "")))
    given = {
        "kind": _kind(draft, cells.get("kind", ""), words),
        "core": _flag(draft, "core", cells.get("core", ""), words),
        "auto": _flag(draft, "auto", cells.get("auto", ""), words),
        "status": _status(draft, cells.get("status", "")),
        "evidence": kinds.read(draft.problem, cells.get("evidence", "")),
    }
    known = before.find_item(item.id)
    kept = {
        name: getattr(known, name)
        for name in KEPT_WHERE_LEFT_OUT
        if known is not None and name not in cells
    }
    draft.item = replace(item, **{**given, **kept})
    return draft


def _points(cell: str) -> tuple[str, ...]:
    """A point for each line, without its bullet."""
    lines = (_BULLET.sub("", f" {line}").strip() for line in cell.split("\n"))
    return tuple(line for line in lines if line)


def _kind(draft: Draft, cell: str, words: FrameworkWords) -> str:
    value = words.value_of(cell) if cell else ITEM_WORD
    if value not in (AREA_WORD, ITEM_WORD):
        draft.problem("kind", f"“{cell[:40]}” is not known. Write area, or leave it empty.")
    return AREA if value == AREA_WORD else ITEM


def _flag(draft: Draft, name: str, cell: str, words: FrameworkWords) -> bool:
    value = words.value_of(cell) if cell else NO
    if value not in (YES, NO):
        draft.problem(name, f"“{cell[:40]}” is not known. Write yes or no.")
    return value == YES


def _status(draft: Draft, cell: str) -> str:
    status = cell.casefold()
    if status not in ("", FACT, RECONSTRUCTION):
        draft.problem("status", f"write {FACT} or {RECONSTRUCTION}, or leave it empty.")
        return ""
    return status


def with_areas(drafts: Sequence[Draft], before: Framework) -> list[Draft]:
    """The drafts with an area before the first item that names one by its words."""
    known = {draft.item.id: draft.item for draft in drafts if draft.item.is_area}
    by_title = {folded(area.title): area for area in known.values()}
    taken = {draft.item.id for draft in drafts}
    found: list[Draft] = []
    for draft in drafts:
        if draft.area and not draft.item.parent:
            area = known.get(draft.area) or by_title.get(folded(draft.area))
            if area is None:
                area = _new_area(draft, taken, before)
                taken.add(area.id)
                found.append(Draft(draft.area_where or draft.where, area, draft.columns))
                by_title[folded(draft.area)] = by_title[folded(area.title)] = area
            draft.item = replace(draft.item, parent=area.id)
        found.append(draft)
    return found


def _new_area(draft: Draft, taken: set[str], before: Framework) -> Item:
    """An area by its words: its id from the words, from the version in force, from its first
    item, or counted."""
    match = _NUMBERED.fullmatch(draft.area)
    if match is not None and match[1]:
        return Item(match[1], match[2], kind=AREA)
    for area in before.areas:
        if folded(area.title) == folded(draft.area) and area.id not in taken:
            return Item(area.id, draft.area, kind=AREA)
    stem = draft.item.id.rpartition(".")[0]
    counted = (f"area-{number}" for number in range(1, MOST_ITEMS + 2))
    free = (one for one in (stem, *counted) if is_id(one) and one not in taken)
    return Item(next(free), draft.area, kind=AREA)
