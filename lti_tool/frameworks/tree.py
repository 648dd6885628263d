"""The laws of a framework's items, the same for a file, a CSV and a Word table.

Every id once, every parent an area that is there, no area within itself; then reading order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lti_tool.frameworks.framework import Item

MOST_ITEMS = 1000
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one item."""

    number: int
    """Which item, counted from 0 in the order of the file."""
    field: str
    sentence: str


def problems_of(items: Sequence[Item]) -> list[Problem]:
    """What is wrong with the ids and parents, in the order of the items."""
    found = []
    by_id = {item.id: item for item in items}
    seen: set[str] = set()
    for number, item in enumerate(items):
        if item.id in seen:
            found.append(Problem(number, "id", f"another entry has the id {item.id} too."))
        seen.add(item.id)
        if sentence := _parent_problem(item, by_id):
            found.append(Problem(number, "parent", sentence))
    if items and all(item.is_area for item in items):
        found.append(Problem(0, "kind", "every entry is an area, so nothing could be judged."))
    return found


def _parent_problem(item: Item, by_id: Mapping[str, Item]) -> str:
    """What is wrong above an item, or nothing."""
    steps, above = 0, item.parent
    while above:
        parent = by_id.get(above)
        if parent is None:
            # Said once, at the entry that names what is not there.
            return f"there is no entry with the id {above}." if steps == 0 else ""
        if not parent.is_area:
            return f"{above} is no area, so nothing can lie in it." if steps == 0 else ""
        if above == item.id:
            return f"{item.id} would lie within itself."
        steps += 1
        if steps > _DEEPEST:
            return f"this lies more than {_DEEPEST} areas deep, or in a circle."
        above = parent.parent
    return ""


def in_reading_order(items: Sequence[Item]) -> tuple[Item, ...]:
    """Each area before what lies in it, otherwise as they came.

    :param items: without problems.
    """
    below: dict[str, list[Item]] = {}
    for item in items:
        below.setdefault(item.parent, []).append(item)
    found: list[Item] = []
    waiting = below.get("", [])[::-1]
    while waiting:
        item = waiting.pop()
        found.append(item)
        waiting.extend(below.get(item.id, [])[::-1])
    return tuple(found)
