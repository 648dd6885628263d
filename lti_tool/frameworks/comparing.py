"""What is different between two versions of a framework, item by item.

An item is known by its id. Beside added and removed there are other words, another place, and
other marks such as core; one item may have several of these.
"""

from dataclasses import dataclass, fields
from difflib import SequenceMatcher

from lti_tool.frameworks.framework import Framework, Item

_WORDS = ("title", "label", "points")
_PLACE = ("parent",)
SAID = {
    "title": "wording",
    "label": "number",
    "points": "points",
    "kind": "kind",
    "core": "core",
    "evidence": "evidence",
    "auto": "the tool’s own figures",
    "status": "status",
    "source": "source",
}
"""What a field is called on the page."""


@dataclass(frozen=True, slots=True)
class Changed:
    """An item as it was and as it would be, and the fields that differ but for its place."""

    before: Item
    after: Item
    fields: tuple[str, ...]

    @property
    def said(self) -> str:
        """What differs, in words."""
        return ", ".join(SAID[name] for name in self.fields)


@dataclass(frozen=True, slots=True)
class Difference:
    """What putting `after` in the place of `before` would change."""

    added: tuple[Item, ...]
    removed: tuple[Item, ...]
    reworded: tuple[Changed, ...]
    """Other words: title, number or points; other marks may differ too."""
    marked: tuple[Changed, ...]
    """The same words with other marks: core, evidence, source and so on."""
    moved: tuple[Changed, ...]
    """In another area, or at another place among its neighbours."""
    same: int
    """How many items are as they were."""

    @property
    def is_empty(self) -> bool:
        """Whether no item differs."""
        return not (self.added or self.removed or self.reworded or self.marked or self.moved)


def _changed(before: Item, after: Item) -> Changed:
    names = (one.name for one in fields(Item) if one.name not in _PLACE)
    return Changed(
        before, after, tuple(one for one in names if getattr(before, one) != getattr(after, one))
    )


def _keeping_their_order(before: list[str], after: list[str]) -> set[str]:
    """The ids, of those in both, that stand in the same order in both."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return {
        before[at] for at, _, size in matcher.get_matching_blocks() for at in range(at, at + size)
    }


def compare(before: Framework, after: Framework) -> Difference:
    """Every item that differs, in reading order."""
    pairs = [
        _changed(old, item)
        for item in after.items
        if (old := before.find_item(item.id)) is not None
    ]
    both = {one.after.id for one in pairs}
    kept = _keeping_their_order(
        [item.id for item in before.items if item.id in both],
        [item.id for item in after.items if item.id in both],
    )
    reworded = tuple(one for one in pairs if set(one.fields) & set(_WORDS))
    marked = tuple(one for one in pairs if one.fields and not set(one.fields) & set(_WORDS))
    moved = tuple(
        one for one in pairs if one.before.parent != one.after.parent or one.after.id not in kept
    )
    touched = {one.after.id for one in (*reworded, *marked, *moved)}
    return Difference(
        added=tuple(item for item in after.items if item.id not in both),
        removed=tuple(item for item in before.items if item.id not in both),
        reworded=reworded,
        marked=marked,
        moved=moved,
        same=len(both - touched),
    )
