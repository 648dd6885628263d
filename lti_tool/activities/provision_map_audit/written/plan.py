"""The action plan: lines with ids of their own, put in order, and looked at as SMART asks.

Plain functions over plain lines. What is said about a line is a gentle prompt and stops nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from lti_tool.activities.provision_map_audit.words import Words
from lti_tool.privacy.person_shapes import has_person

TEXTS = ("action", "success", "owner", "by", "evidence")
"""What is typed in a line."""
CHOICES = ("priority", "picked")
"""What is chosen in a line: a priority, and the id of a figure picked in a part."""
PRIORITIES = {"1": "1: first", "2": "2: next", "3": "3: when these are done"}
MOST_FIRST = 3
Line = dict[str, str]


def empty_line(line_id: str) -> Line:
    """A line in which nothing is typed yet."""
    return {"id": line_id, **dict.fromkeys((*TEXTS, *CHOICES), "")}


def with_ids(actions: Sequence[Mapping[str, str]]) -> list[Line]:
    """The lines of a plan with every field there is; older ones get ids by their place."""
    taken = {one["id"] for one in actions if one.get("id")}
    lines = []
    for number, one in enumerate(actions, 1):
        line_id = one.get("id") or _free(taken, number)
        taken.add(line_id)
        lines.append({**empty_line(line_id), **one, "id": line_id})
    return lines


def _free(taken: set[str], number: int) -> str:
    while f"a{number}" in taken:
        number += 1
    return f"a{number}"


def new_ids(lines: Sequence[Line], count: int) -> list[str]:
    """Ids for lines to come."""
    taken = {line["id"] for line in lines}
    made: list[str] = []
    while len(made) < count:
        made.append(_free(taken, len(taken) + 1))
        taken.add(made[-1])
    return made


def is_filled(line: Line) -> bool:
    """Whether anything is typed in a line; a priority alone says nothing."""
    return any(line[name] for name in TEXTS)


def moved(lines: list[Line], line_id: str, by: int) -> list[Line]:
    """The lines with one moved up (-1) or down (1); at the end of the plan it stays."""
    at = next((place for place, line in enumerate(lines) if line["id"] == line_id), None)
    if at is None or not 0 <= at + by < len(lines):
        return lines
    made = list(lines)
    made[at], made[at + by] = made[at + by], made[at]
    return made


def without(lines: list[Line], line_id: str) -> list[Line]:
    """The lines without one."""
    return [line for line in lines if line["id"] != line_id]


def by_priority(lines: list[Line]) -> list[Line]:
    """The lines with the first priority first; those without one last; else as they were."""
    return sorted(lines, key=lambda line: line["priority"] or "9")


def prompts_for(line: Line, words: Words, today: date) -> list[str]:
    """What would make a line more specific, measurable and timed, as sentences."""
    if not is_filled(line):
        return []
    said = []
    if not line["action"]:
        said.append("Say what will change.")
    elif len(line["action"].split()) < 4:
        said.append("Say a little more: who will do what, with whom, where?")
    if not line["success"]:
        said.append("Say how you will know that it worked.")
    elif not re.search(r"\d|\b(?:all|every|none|no|half|third|quarter|each)\b", line["success"]):
        said.append("Could you measure it? Give a figure, a share or a scale, and where it is now.")
    if not line["owner"]:
        said.append("Say which role leads it.")
    elif has_person(line["owner"], words):
        said.append("Name a role, not a person, such as phase leader.")
    said.extend(_about_day(line["by"], today))
    return said


def _about_day(by: str, today: date) -> list[str]:
    if not by:
        return ["Give a day by which it is done."]
    try:
        return ["This day has passed."] if date.fromisoformat(by) < today else []
    except ValueError:
        return []


def count_first(lines: Sequence[Line]) -> int:
    """How many lines are a first priority."""
    return Counter(line["priority"] for line in lines)["1"]
