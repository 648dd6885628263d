"""Changes that the grid sends, put into the document: cells, rows added, removed and moved.

Each cell says what its page last knew (`from`); a cell that somebody else changed meanwhile is a
conflict and stays as it is. Sending a change twice does no harm, so a lost answer may be repeated.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lti_tool.activities.provision_map_audit import document as documents
from lti_tool.activities.provision_map_audit.document import Document, MapRow
from lti_tool.activities.provision_map_audit.map.cells import Typed, shown_cells, type_cells
from lti_tool.activities.provision_map_audit.map.limits import Limits
from lti_tool.activities.provision_map_audit.map.merging import is_conflict
from lti_tool.activities.provision_map_audit.map.row_form import ALL_FIELDS
from lti_tool.activities.provision_map_audit.rows import ProvisionRow
from lti_tool.activities.provision_map_audit.words import Words
from lti_tool.core.errors import Unusable
from lti_tool.privacy.guard import clear_key
from lti_tool.web.cleaning import clean_text

MOST_CHANGES = 1000
_OWN_ID = re.compile(r"n[0-9a-z]{8,16}", re.ASCII)
_COUNTED_ID = re.compile(r"r([1-9][0-9]{0,8})", re.ASCII)
_LINES = frozenset({"notes", "aim", "evidence_base", "pupil_view", "parent_view"})


@dataclass
class Outcome:
    """What came of changes: ids of rows they touched, and what the page must show or ask."""

    touched: dict[str, None] = field(default_factory=dict)
    said: list[dict[str, str]] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)
    conflicts: list[dict[str, str]] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    removed: int = 0


class GridChanges:
    """A document under change. Ask for `document` when all changes are in."""

    def __init__(self, document: Document, words: Words, limits: Limits) -> None:
        self._before, self._words, self._limits = document, words, limits
        self._rows = {str(one["id"]): one for one in document["rows"]}
        self._order = list(self._rows)
        self._known = documents.not_a_child(document)
        self.outcome = Outcome()

    @property
    def document(self) -> Document:
        """The document with the changes in it; the one given is left as it was."""
        if len(self._order) > documents.MOST_ROWS:
            raise Unusable(f"A map may have up to {documents.MOST_ROWS} rows.")
        made = {**self._before, "rows": [self._rows[row_id] for row_id in self._order]}
        new = self._known - documents.not_a_child(self._before)
        return documents.with_not_a_child(made, new) if new else made

    def apply(self, changes: object) -> None:
        """Put changes in, in their order.

        :raises Unusable: they are not what the grid sends.
        """
        if not isinstance(changes, list) or len(changes) > MOST_CHANGES:
            raise _not_ours()
        acts = {
            "cells": self._cells,
            "add": self._add,
            "remove": self._remove,
            "move": self._move,
        }
        for change in changes:
            act = acts.get(change.get("kind", "")) if isinstance(change, dict) else None
            if act is None or not isinstance(change.get("row"), str):
                raise _not_ours()
            act(change)

    def _cells(self, change: Mapping[str, Any]) -> None:
        """Cells of one row: {field: {from, to}}, and `clear` where the text is no child's name."""
        row_id, cells = change["row"], change.get("cells")
        if not isinstance(cells, dict) or not all(_is_cell(*item) for item in cells.items()):
            raise _not_ours()
        if row_id not in self._rows:
            self.outcome.gone.append(row_id)
            return
        one = self._row(row_id)
        self.outcome.touched[row_id] = None
        mine = self._clean(
            row_id,
            {
                name: cell["to"]
                for name, cell in cells.items()
                if cell["to"] != cell["from"] or cell.get("clear") is True
            },
        )
        cleared = {clear_key(mine[name]) for name in mine if cells[name].get("clear") is True}
        self._known |= cleared
        theirs = shown_cells(one, self._words, self._limits)
        both = {
            name
            for name, text in mine.items()
            if is_conflict(cells[name]["from"], text, theirs.get(name, ""))
        }
        if both:
            read = shown_cells(self._typed(one, mine).row, self._words, self._limits)
            both = {name for name in both if read.get(name, "") != theirs.get(name, "")}
        for name in sorted(both):
            found = {"mine": mine[name], "theirs": theirs.get(name, "")}
            self.outcome.conflicts.append({"row": row_id, "field": name, **found})
        self._keep(self._typed(one, {name: mine[name] for name in mine if name not in both}))

    def _clean(self, row_id: str, texts: Mapping[str, str]) -> dict[str, str]:
        """The texts without what no database keeps; a text that cannot be cleaned is refused."""
        made: dict[str, str] = {}
        for name, text in texts.items():
            try:
                made[name] = clean_text(text, lines=name in _LINES)
            except ValueError as error:
                self._refuse(row_id, name, str(error), can_clear=False)
        return made

    def _add(self, change: Mapping[str, Any]) -> None:
        """A new row, or one brought back by undo. One that is there already has its cells typed."""
        row_id, cells = change["row"], change.get("cells")
        if not isinstance(cells, dict) or not self._may_be_new(row_id):
            raise _not_ours()
        if not all(name in ALL_FIELDS and isinstance(cells[name], str) for name in cells):
            raise _not_ours()
        if row_id not in self._rows:
            if len(self._order) >= documents.MOST_ROWS:
                raise Unusable(f"A map may have up to {documents.MOST_ROWS} rows.")
            self._rows[row_id] = {"id": row_id, "row": ProvisionRow().to_dict(), "unread": {}}
            self._place(row_id, change.get("after"))
        self.outcome.touched[row_id] = None
        self._keep(self._typed(self._row(row_id), self._clean(row_id, cells)))

    def _remove(self, change: Mapping[str, Any]) -> None:
        """Remove a row as the page knew it; a row changed elsewhere meanwhile is a conflict."""
        row_id, was = change["row"], change.get("was")
        if not isinstance(was, dict):
            raise _not_ours()
        if row_id not in self._rows:
            return
        now = shown_cells(self._row(row_id), self._words, self._limits)
        if now != was:
            self.outcome.touched[row_id] = None
            theirs = now.get("name", "")
            self.outcome.conflicts.append(
                {"row": row_id, "field": "", "mine": "", "theirs": theirs}
            )
            return
        self._order.remove(row_id)
        del self._rows[row_id]
        self.outcome.touched.pop(row_id, None)
        self.outcome.removed += 1

    def _move(self, change: Mapping[str, Any]) -> None:
        if change["row"] in self._rows:
            self._order.remove(change["row"])
            self._place(change["row"], change.get("after"))

    def _place(self, row_id: str, after: object) -> None:
        """After another row; first where that is None, last where it is not there any more."""
        if after is None:
            self._order.insert(0, row_id)
        elif after in self._order:
            self._order.insert(self._order.index(str(after)) + 1, row_id)
        else:
            self._order.append(row_id)

    def _may_be_new(self, row_id: str) -> bool:
        counted = _COUNTED_ID.fullmatch(row_id)
        if counted:
            return int(counted[1]) <= int(self._before["counter"])
        return bool(_OWN_ID.fullmatch(row_id))

    def _row(self, row_id: str) -> MapRow:
        one = self._rows[row_id]
        return MapRow(row_id, ProvisionRow.from_dict(one["row"]), one.get("unread", {}))

    def _typed(self, one: MapRow, texts: Mapping[str, str]) -> Typed:
        return type_cells(one, texts, self._words, self._limits, frozenset(self._known))

    def _refuse(self, row_id: str, name: str, sentence: str, *, can_clear: bool) -> None:
        self.outcome.refused.append(
            {"row": row_id, "field": name, "sentence": sentence, "can_clear": can_clear}
        )

    def _keep(self, typed: Typed) -> None:
        one = typed.row
        self._rows[one.id] = {"id": one.id, "row": one.row.to_dict(), "unread": dict(one.unread)}
        for name, said in typed.said.items():
            self.outcome.said.append({"row": one.id, "field": name, "said": said})
        for name, found in typed.refused.items():
            can_clear = found is not None and found.can_clear
            self._refuse(one.id, name, typed.sentences[name], can_clear=can_clear)


def _is_cell(name: object, cell: object) -> bool:
    if name not in ALL_FIELDS or not isinstance(cell, dict):
        return False
    return isinstance(cell.get("from"), str) and isinstance(cell.get("to"), str)


def _not_ours() -> Unusable:
    return Unusable("These changes could not be read. Reload the page; what was saved is kept.")
