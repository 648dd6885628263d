"""Columns and grades, with the habits of Moodle's gradebook.

The rules for what a score does to a grade live here; HTTP shapes are in ags.py
and the page people see is in gradebook_pages.py.
"""

import sqlite3
from dataclasses import dataclass
from typing import Any

from lti_tool.demo_platform.people import LINKS, Link
from lti_tool.demo_platform.store import Store

BY_TOOL = "the tool"


@dataclass(frozen=True)
class LineItem:
    """One column. `coupled_link_id` is the link whose own column it is."""

    id: int
    course_id: str
    label: str
    maximum: float
    resource_id: str
    tag: str
    resource_link_id: str | None
    coupled_link_id: str | None
    locked: bool
    hidden: bool


@dataclass(frozen=True)
class Grade:
    """What one person has in one column. `modified_at` is in whole seconds, UTC."""

    item_id: int
    user_id: str
    raw: float | None
    final: float | None
    feedback: str | None
    modified_at: int
    overridden: bool
    changed_by: str


@dataclass(frozen=True)
class Score:
    """A score as the tool posted it, after checks; `given` is None when it wipes."""

    user_id: str
    given: float | None
    maximum: float | None
    comment: str | None
    at: int


@dataclass(frozen=True)
class TypedGrade:
    """A grade as a tutor typed it into the gradebook."""

    user_id: str
    final: float | None
    feedback: str | None
    by: str
    at: int


class LockedItem(Exception):
    """The column is locked; nothing was changed."""


class StaleScore(Exception):
    """The column already has a grade from the same second or later."""


def _item(row: sqlite3.Row) -> LineItem:
    values = dict(row)
    values["locked"] = bool(values["locked"])
    values["hidden"] = bool(values["hidden"])
    return LineItem(**values)


def _grade(row: sqlite3.Row) -> Grade:
    values = dict(row)
    values["overridden"] = bool(values["overridden"])
    return Grade(**values)


class Gradebook:
    """All columns and grades of the demo."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._make_coupled_columns()

    def _make_coupled_columns(self) -> None:
        """Each graded link gets its column once; a deleted one stays deleted."""
        made = set(self._store.get_setting("columns_made") or [])
        for link in LINKS:
            if link.graded and link.id not in made:
                self.add_coupled(link)
                made.add(link.id)
        self._store.set_setting("columns_made", sorted(made))

    def add_coupled(self, link: Link) -> None:
        """A graded link's own column, with the tag and resource id the link was made with."""
        with self._store.change() as db:
            db.execute(
                "INSERT INTO line_item (course_id, label, maximum, resource_id, tag,"
                " resource_link_id, coupled_link_id) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    link.course_id,
                    link.title,
                    link.maximum,
                    link.resource_id,
                    link.tag,
                    link.id,
                    link.id,
                ),
            )

    def list_items(
        self,
        course_id: str,
        resource_link_id: str | None = None,
        resource_id: str | None = None,
        tag: str | None = None,
    ) -> list[LineItem]:
        rows = self._store.rows(
            "SELECT * FROM line_item WHERE course_id = ? ORDER BY id", course_id
        )
        return [
            item
            for item in map(_item, rows)
            if (
                resource_link_id is None
                or resource_link_id in (item.resource_link_id, item.coupled_link_id)
            )
            and resource_id in (None, item.resource_id)
            and tag in (None, item.tag)
        ]

    def find_item(self, course_id: str, item_id: int) -> LineItem | None:
        row = self._store.row(
            "SELECT * FROM line_item WHERE course_id = ? AND id = ?", course_id, item_id
        )
        return None if row is None else _item(row)

    def find_only_item(self, link: Link) -> LineItem | None:
        """The column for a launch claim: Moodle names it only when there is exactly one."""
        items = self.list_items(link.course_id, resource_link_id=link.id)
        return items[0] if len(items) == 1 else None

    def add_item(self, course_id: str, values: dict[str, Any]) -> LineItem:
        with self._store.change() as db:
            row = db.execute(
                "INSERT INTO line_item (course_id, label, maximum, resource_id, tag,"
                " resource_link_id) VALUES (:course_id, :label, :maximum, :resource_id,"
                " :tag, :resource_link_id) RETURNING *",
                {"course_id": course_id, **values},
            ).fetchone()
        return _item(row)

    def replace_item(self, item: LineItem, values: dict[str, Any], at: int) -> None:
        """Everything that was left out is blanked, as Moodle's PUT does. Another maximum
        scales every grade there, puts 0 where none was, and stamps them with this second."""
        with self._store.change() as db:
            db.execute(
                "UPDATE line_item SET label = :label, maximum = :maximum,"
                " resource_id = :resource_id, tag = :tag,"
                " resource_link_id = :resource_link_id WHERE id = :id",
                {"id": item.id, **values},
            )
            if values["maximum"] != item.maximum and values["maximum"] > 1:
                _scale_grades(db, item, values["maximum"] / item.maximum, at)

    def delete_item(self, item: LineItem) -> None:
        with self._store.change() as db:
            db.execute("DELETE FROM line_item WHERE id = ?", (item.id,))

    def delete_coupled(self, link: Link) -> None:
        """A deleted activity's own column goes with it; those that only name it stay."""
        with self._store.change() as db:
            db.execute("DELETE FROM line_item WHERE coupled_link_id = ?", (link.id,))

    def mark_item(self, item: LineItem, *, locked: bool, hidden: bool) -> None:
        with self._store.change() as db:
            db.execute(
                "UPDATE line_item SET locked = ?, hidden = ? WHERE id = ?",
                (locked, hidden, item.id),
            )

    def list_grades(self, item: LineItem | None = None) -> list[Grade]:
        if item is None:
            return [_grade(r) for r in self._store.rows("SELECT * FROM grade ORDER BY 1, 2")]
        rows = self._store.rows(
            "SELECT * FROM grade WHERE item_id = ? ORDER BY CAST(user_id AS INTEGER)", item.id
        )
        return [_grade(row) for row in rows]

    def take_score(self, item: LineItem, score: Score, locked: bool) -> None:
        """Puts a score into a column. A later second wins; a tutor's override stays
        in a coupled column and is lost in any other."""
        with self._store.change() as db:
            row = db.execute(
                "SELECT * FROM grade WHERE item_id = ? AND user_id = ?", (item.id, score.user_id)
            ).fetchone()
            before = None if row is None else _grade(row)
            if before and before.modified_at >= score.at:
                raise StaleScore
            if locked or item.locked:
                raise LockedItem
            after = _after_score(item, score, before)
            db.execute("INSERT OR REPLACE INTO grade VALUES (?, ?, ?, ?, ?, ?, ?, ?)", after)

    def override(self, item: LineItem, typed: TypedGrade) -> None:
        """Puts a tutor's grade over what is there."""
        final = None if typed.final is None else min(max(typed.final, 0.0), item.maximum)
        with self._store.change() as db:
            row = db.execute(
                "SELECT raw FROM grade WHERE item_id = ? AND user_id = ?", (item.id, typed.user_id)
            ).fetchone()
            raw = None if row is None else row["raw"]
            coupled = item.coupled_link_id is not None
            db.execute(
                "INSERT OR REPLACE INTO grade VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (item.id, typed.user_id, raw, final, typed.feedback, typed.at, coupled, typed.by),
            )


def _scale_grades(db: sqlite3.Connection, item: LineItem, scale: float, at: int) -> None:
    """What Moodle 5.1 does to a column's grades when its maximum changes; a coupled column
    keeps what a tutor typed in."""
    kept = "overridden" if item.coupled_link_id is not None else "0"
    raw = "COALESCE(raw, 0) * :scale" if item.coupled_link_id is not None else "raw"
    db.execute(
        f"UPDATE grade SET raw = {raw},"
        f" final = CASE WHEN {kept} THEN final ELSE COALESCE(final, 0) * :scale END,"
        f" modified_at = CASE WHEN {kept} THEN modified_at ELSE :at END WHERE item_id = :id",
        {"scale": scale, "at": at, "id": item.id},
    )


def _after_score(item: LineItem, score: Score, before: Grade | None) -> tuple[Any, ...]:
    """The grade row that a score leaves behind."""
    raw = score.given
    if raw is not None and score.maximum:
        raw = raw * item.maximum / score.maximum
    coupled = item.coupled_link_id is not None
    if coupled and before and before.overridden:
        return (
            item.id,
            score.user_id,
            raw,
            before.final,
            before.feedback,
            score.at,
            True,
            before.changed_by,
        )
    final = None if raw is None else min(max(raw, 0.0), item.maximum)
    return (
        item.id,
        score.user_id,
        raw if coupled else None,
        final,
        score.comment,
        score.at,
        False,
        BY_TOOL,
    )
