"""What is different between an earlier copy of an audit and a later one. Pure: data in, data out.

Rows are the same row where their id is, as a further attempt keeps the ids it began with; else,
where a map was brought in afresh, where their name is. A change of order alone is no change.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from lti_tool.activities.provision_map_audit.document import Document, MapRow, current, map_rows
from lti_tool.activities.provision_map_audit.figures.costing import pounds
from lti_tool.activities.provision_map_audit.framework import Framework
from lti_tool.activities.provision_map_audit.rows import ProvisionRow
from lti_tool.activities.provision_map_audit.words import Words
from lti_tool.core.numerals import plain
from lti_tool.core.text_changes import Piece, text_changes


@dataclass(frozen=True, slots=True)
class CellChange:
    """One field of a row, before and after, as people read it; empty for nothing."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that is in both maps and differs."""

    name: str
    cells: tuple[CellChange, ...]


@dataclass(frozen=True, slots=True)
class TextChange:
    """A written text that differs."""

    title: str
    pieces: tuple[Piece, ...]

    @property
    def words(self) -> tuple[int, int]:
        """How many words were added and how many removed."""
        found = {kind: 0 for kind in ("added", "removed", "same")}
        for one in self.pieces:
            found[one.kind] += len(one.text.split())
        return found["added"], found["removed"]


@dataclass(frozen=True, slots=True)
class Changes:
    """All that differs."""

    added: tuple[str, ...]
    """Names of rows that are new."""
    removed: tuple[str, ...]
    changed: tuple[RowChange, ...]
    rows_alike: int
    answers: tuple[CellChange, ...]
    """Judgements and other answers that are no text."""
    texts: tuple[TextChange, ...]
    plan: TextChange | None
    """The action plan, a line each action."""

    @property
    def is_none(self) -> bool:
        """Whether nothing differs."""
        return not (
            self.added or self.removed or self.changed or self.answers or self.texts or self.plan
        )


_BLOCK_ENDS = re.compile(r"</(?:p|li|h[1-6]|tr)>")
UNNAMED = "Name not given"
_LABELS = {
    "name": "Name",
    "area": "Area of need",
    "tier": "Tier",
    "target_group": "For whom",
    "start_on": "Start",
    "end_on": "End",
    "weeks": "Weeks",
    "sessions_per_week": "Sessions a week",
    "minutes_per_session": "Minutes of a session",
    "group_size": "Pupils in a group",
    "groups": "Groups",
    "pupils_reached": "Pupils reached",
    "staff": "Staff",
    "other_cost": "Other cost in pounds",
    "aim": "Aim",
    "evidence_base": "Evidence base",
    "delivered_percent": "Delivered, per cent",
    "measure": "Measure",
    "scale": "Kind of measure",
    "entry_score": "Score at entry",
    "exit_score": "Score at exit",
    "pupils_measured": "Pupils measured",
    "met_target": "Met their target",
    "months_between": "Months between",
    "confidence_band": "Confidence band",
    "more_measures": "Further measures",
    "pupil_view": "Pupils’ view",
    "parent_view": "Parents’ view",
    "rating": "Rating",
    "decision": "Decision",
    "review_on": "Review",
    "notes": "Notes",
}


def _said(name: str, value: Any, words: Words) -> str:
    """A field's value as people read it."""
    if value is None or value == "" or value == ():
        return ""
    if name == "area":
        return words.area_labels.get(value, str(value))
    if name == "tier":
        return words.tier_labels.get(value, str(value))
    if name == "staff":
        return ", ".join(
            f"{plain(one.count)} × {words.role_labels.get(one.role, one.role)}"
            + ("" if one.hourly_rate is None else f" at {pounds(one.hourly_rate)}")
            for one in value
        )
    if name == "more_measures":
        return "; ".join(
            f"{one.measure or 'not named'} {one.entry_score}–{one.exit_score}".strip(" –")
            for one in value
        )
    if isinstance(value, Decimal):
        return plain(value)
    if hasattr(value, "isoformat"):
        return f"{value.day} {value:%B %Y}"
    return str(value).replace("_", " ") if name == "scale" else str(value)


def _cells(before: ProvisionRow, after: ProvisionRow, words: Words) -> tuple[CellChange, ...]:
    found = []
    for item in fields(ProvisionRow):
        old, new = getattr(before, item.name), getattr(after, item.name)
        if old == new:
            continue
        shown = _said(item.name, old, words), _said(item.name, new, words)
        label = _LABELS.get(item.name, item.name.replace("_", " ").capitalize())
        if shown[0] == shown[1]:
            shown = (shown[0], f"{shown[1]} (changed in a detail)".strip())
        found.append(CellChange(label, *shown))
    return tuple(found)


def _key(row: MapRow) -> str:
    return " ".join(row.row.name.casefold().split())


def _pairs(before: list[MapRow], after: list[MapRow]) -> list[tuple[MapRow | None, MapRow | None]]:
    """Rows that are the same row, then those of only one map."""
    old_ids = {one.id: one for one in before}
    pairs: list[tuple[MapRow | None, MapRow | None]] = []
    left: list[MapRow] = []
    taken: set[str] = set()
    for one in after:
        if one.id in old_ids:
            pairs.append((old_ids[one.id], one))
            taken.add(one.id)
        else:
            left.append(one)
    by_name: dict[str, list[MapRow]] = defaultdict(list)
    for one in before:
        if one.id not in taken:
            by_name[_key(one)].append(one)
    for one in left:
        same = by_name.get(_key(one))
        if same and _key(one):
            pairs.append((same.pop(0), one))
        else:
            pairs.append((None, one))
    pairs += [(one, None) for rest in by_name.values() for one in rest]
    return pairs


def _words_of_html(html: str) -> str:
    """The words of a brought-in document, a line for each of its blocks."""
    lines = (Markup(one).striptags() for one in _BLOCK_ENDS.split(html))
    return "\n".join(line for line in lines if line)


def _text_of(value: Any) -> str:
    """The words of an answer that may be plain text or a document with its text inside."""
    if isinstance(value, Mapping):
        return str(value.get("text") or "") or _words_of_html(str(value.get("html") or ""))
    return str(value or "")


def _texts(document: Document, framework: Framework) -> dict[str, str]:
    """Every written text by its title."""
    found = {
        part.title: _text_of(document["answers"].get(part.id, {}).get("evidence"))
        for part in framework.parts
    }
    found["Commentary"] = _text_of(document["commentary"])
    found["References"] = _text_of(document["references"])
    for key, value in document["reflections"].items():
        found[f"Reflection: {str(key).replace('_', ' ')}"] = _text_of(value)
    return found


def _answers(document: Document, framework: Framework) -> dict[str, str]:
    """Every judgement, by its title."""
    titles = {one.id: one.title for one in framework.judgements}
    found = {}
    for part in framework.parts:
        given = document["answers"].get(part.id, {}).get("judgement", "")
        found[f"Judgement: {part.title}"] = titles.get(given, given)
        picked = document["answers"].get(part.id, {}).get("picked", ())
        found[f"Evidence picked: {part.title}"] = "; ".join(
            f"{one.get('label', '')}: {one.get('text', '')}" for one in picked
        )
    found["Set of outcomes"] = str(document["outcome_set"])
    for role, rate in document["rates"].items():
        found[f"Own rate: {role.replace('_', ' ')}"] = str(rate)
    return found | _flat(document["profile"], "School:")


def _flat(value: Any, name: str) -> dict[str, str]:
    """Figures of the school by name, however deep they lie."""
    if isinstance(value, Mapping):
        found: dict[str, str] = {}
        for key, one in value.items():
            found |= _flat(one, f"{name} {str(key).replace('_', ' ')}")
        return found
    return {name: "" if value is None else str(value)}


def _plan(document: Document) -> str:
    lines = [
        "; ".join(str(value) for name, value in action.items() if value and name != "picked")
        for action in document["actions"]
    ]
    return "\n".join(lines)


def changes_between(
    before: Document, after: Document, framework: Framework, words: Words
) -> Changes:
    """What differs between two copies, of any version each."""
    before, after = current(before), current(after)
    pairs = _pairs(map_rows(before), map_rows(after))
    both = [(old, new) for old, new in pairs if old and new]
    changed = [
        RowChange(new.row.name or UNNAMED, cells)
        for old, new in both
        if (cells := _cells(old.row, new.row, words))
    ]
    old_texts, new_texts = _texts(before, framework), _texts(after, framework)
    old_answers, new_answers = _answers(before, framework), _answers(after, framework)
    old_plan, new_plan = _plan(before), _plan(after)
    return Changes(
        added=tuple(new.row.name or UNNAMED for old, new in pairs if new and not old),
        removed=tuple(old.row.name or UNNAMED for old, new in pairs if old and not new),
        changed=tuple(changed),
        rows_alike=len(both) - len(changed),
        answers=tuple(
            CellChange(title, old_answers.get(title, ""), new_answers.get(title, ""))
            for title in dict.fromkeys((*old_answers, *new_answers))
            if old_answers.get(title, "") != new_answers.get(title, "")
        ),
        texts=tuple(
            TextChange(title, text_changes(old_texts.get(title, ""), new_texts.get(title, "")))
            for title in dict.fromkeys((*old_texts, *new_texts))
            if old_texts.get(title, "") != new_texts.get(title, "")
        ),
        plan=None
        if old_plan == new_plan
        else TextChange("Action plan", text_changes(old_plan, new_plan)),
    )
