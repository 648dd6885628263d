"""Deciding what an ambiguous heading means from the cells below it.

'Duration' over "30 mins" is the length of a session, over "6 weeks" the weeks; over bare numbers
it stays a question. Called by `columns.py`.
"""

from __future__ import annotations

import re

from lti_tool.activities.provision_map_audit.readings.reading import parse_number
from lti_tool.activities.provision_map_audit.sheets.cells import Cell
from lti_tool.activities.provision_map_audit.words import Words, fold

_LENGTH = re.compile(r"\d\s*(?:m|min|mins|minutes|h|hr|hrs|hours?)\b|\bhour\b|^\d?\d:\d\d$")
_WEEKS = re.compile(r"\d\s*-?\s*(?:weeks?|wks?)\b|\bterms?\b|\byear\b|autumn|spring|summer")
_OFTEN = re.compile(r"\bx ?\d|\d ?x\b|daily|weekly|per week|a week|twice|once|times")

_SIZE = re.compile(
    r"\b\d+ ?(?:pupils?|children|chn|students?)\b|\b1 ?(?::|-|to) ?\d|^(?:in )?pairs?$"
    r"|groups? ?(?:of|\() ?\d|^\d+ ?groups?\b|^\d+ ?[-–] ?\d+$|\bmax(?:imum)? ?\d"
)
_SCORE = re.compile(r"\d+y(?:rs?)? ?\d+m?|\d+[:.]\d+|\d+ months")


def decide_by_values(
    fields: tuple[str, ...], below: list[Cell], words: Words
) -> tuple[str, bool, str]:
    """Pick one of `fields` (or another time field the values prove): field, sure, why."""
    texts = [fold(cell.text) for cell in below if fold(cell.text) not in words.unknown]
    if not texts:
        return fields[0], False, "This heading can mean more than one thing."
    numbers = _share(texts, lambda text: parse_number(text.strip("£ ")) is not None)
    because = "We judged by what stands in the column."
    first = fields[0]
    if first in ("minutes_per_session", "sessions_per_week", "schedule", "time_per_week"):
        proved = _time_field(texts, first)
        return (
            (proved, True, because)
            if proved
            else (first, False, "This heading can mean more than one thing. Please check.")
        )
    if first == "pupils_reached":
        if numbers >= 0.5:
            return first, True, because
        return fields[-1], numbers == 0, because
    sizes = numbers or _share(texts, lambda text: _SIZE.search(text))
    if first == "target_group" and "group_size" in fields and sizes >= 0.5:
        return "group_size", False, because
    if first == "exit_score":
        scores = numbers or _share(texts, lambda text: _SCORE.fullmatch(text))
        return (first, False, because) if scores >= 0.5 else (fields[-1], True, because)
    if first == "staff" and _share(texts, lambda text: _names_role(text, words)) < 0.4:
        return fields[-1], False, "This heading can mean more than one thing. Please check."
    sure = first in ("name", "staff", "target_group", "group_size")
    return first, sure, because if sure else "This heading can mean more than one thing."


_LENGTHS = ("minutes_per_session", "weeks")


def proved_otherwise(field: str | None, below: list[Cell], words: Words) -> str | None:
    """The other length of time, where the cells below a known heading plainly hold that one.

    'How long' is the length of a session to most schools, and over "6 wks" it is the weeks.
    """
    if field not in _LENGTHS:
        return None
    texts = [fold(cell.text) for cell in below if fold(cell.text) not in words.unknown]
    proved = _time_field(texts, field) if texts else None
    return proved if proved in _LENGTHS and proved != field else None


TICKS = frozenset({"✓", "✔", "√", "☑", "✅", "y", "yes", "tick", "ticked", "●", "•", "*", "x"})
NOT_TICKED = frozenset({"n", "no", "-", "✗", "✘", "✖", "❌", "☐"})


def are_ticks(below: list[Cell], words: Words) -> bool:
    """Whether a column only says yes or no."""
    texts = [fold(cell.text) for cell in below]
    return bool(texts) and all(
        text in TICKS or text in NOT_TICKED or text in words.unknown for text in texts
    )


def _share(texts: list[str], test: object) -> float:
    assert callable(test)
    return sum(1 for text in texts if test(text)) / len(texts)


def _names_role(text: str, words: Words) -> bool:
    return any(token in words.roles for token in re.findall(r"[a-z]+", text))


def _time_field(texts: list[str], first: str) -> str | None:
    length = _share(texts, lambda text: _LENGTH.search(text))
    often = _share(texts, lambda text: _OFTEN.search(text))
    weeks = _share(texts, lambda text: _WEEKS.search(text) and "per week" not in text)
    if first == "time_per_week":
        return None
    if length >= 0.5 and (often >= 0.3 or weeks >= 0.3):
        return "schedule"
    if length >= 0.5:
        return "minutes_per_session"
    if weeks >= 0.5 and often < 0.3:
        return "weeks"
    if often >= 0.5:
        return "sessions_per_week"
    return None
