"""The laws of a framework's items, the same for YAML, CSV, Excel and Word.

Every id once, every parent an area that is there, no area within itself, texts that people can see
and a spreadsheet will not take for a formula; then reading order.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lti_tool.core.located import has_unseen_signs
from lti_tool.frameworks.framework import Item

MOST_ITEMS = 1000
LONGEST_TITLE = LONGEST_SOURCE = 1000
_LONGEST = {"title": LONGEST_TITLE, "label": 20, "points": LONGEST_TITLE, "source": LONGEST_SOURCE}
_MOST_POINTS = 40
_DEEPEST = 4
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", re.ASCII)
ID_WANTED = "use letters, digits, full stops and hyphens, at most 40, such as Q1.2."
_LIKE_A_FORMULA = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one item."""

    number: int
    """Which item, counted from 0 in the order of the file."""
    field: str
    sentence: str


def is_id(text: str) -> bool:
    """Whether a text can be the id of an item."""
    return _ID.fullmatch(text) is not None


def text_problem(text: str, most: int = LONGEST_TITLE) -> str:
    """What is wrong with a text, or nothing.

    :param most: characters allowed.
    """
    if has_unseen_signs(text):
        return "this holds a sign that cannot be seen. Type it again."
    if "\n" in text:
        return "write this on one line."
    if len(text) > most:
        return f"this is longer than {most:,} characters."
    if text.startswith(_LIKE_A_FORMULA):
        return f"this begins like a formula, with “{text[0]}”. Begin with a word."
    return ""


def problems_of(items: Sequence[Item]) -> list[Problem]:
    """What is wrong with the items, in their order."""
    found = []
    by_id = {item.id: item for item in items}
    seen: set[str] = set()
    for number, item in enumerate(items):
        if item.id in seen:
            found.append(Problem(number, "id", f"another entry has the id {item.id} too."))
        seen.add(item.id)
        found.extend(Problem(number, field, said) for field, said in _own_problems(item))
        if sentence := _parent_problem(item, by_id):
            found.append(Problem(number, "parent", sentence))
    if items and all(item.is_area for item in items):
        found.append(Problem(0, "kind", "every entry is an area, so nothing could be judged."))
    return found


def _own_problems(item: Item) -> Iterator[tuple[str, str]]:
    """What is wrong with an item whatever the others are: field and sentence."""
    if not is_id(item.id):
        yield "id", ID_WANTED
    if not item.title.strip():
        yield "title", "write words here."
    if len(item.points) > _MOST_POINTS:
        yield "points", f"these are more than {_MOST_POINTS}."
    texts = (("title", item.title), ("label", item.label), ("source", item.source))
    for field, text in (*texts, *(("points", point) for point in item.points)):
        if sentence := text_problem(text, _LONGEST[field]):
            yield field, sentence


def _parent_problem(item: Item, by_id: Mapping[str, Item]) -> str:
    """What is wrong above an item, or nothing. What is wrong further up is said there."""
    steps, above = 0, item.parent
    while above:
        parent = by_id.get(above)
        if parent is None:
            return f"there is no entry with the id {above[:40]}." if steps == 0 else ""
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
