"""Reading group sizes, numbers of groups, numbers of pupils and ratios such as 1:4.

Excel turns "1:4" into a time and "4-6" into a date; both are recognised and said.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from lti_tool.activities.provision_map_audit.readings.reading import (
    Reading,
    could_not_read,
    find_range,
    is_no_figure,
    is_unknown,
    not_known,
    parse_number,
    short,
)
from lti_tool.activities.provision_map_audit.readings.time_words import tidy
from lti_tool.activities.provision_map_audit.sheets.cells import CellValue
from lti_tool.activities.provision_map_audit.words import Words
from lti_tool.core.numerals import plain

Counted = Literal["group_size", "groups", "pupils_reached"]

_WHAT = {
    "group_size": "the size of a group",
    "groups": "the number of groups",
    "pupils_reached": "the number of pupils",
}
_EXAMPLE = {
    "group_size": "for example 4",
    "groups": "for example 2",
    "pupils_reached": "for example 12",
}
_PUPILS = r"(?:pupils?|child(?:ren)?|chn|students?|learners?|ch)\b"


@dataclass
class GroupParts:
    """What one cell says about groups; None where it does not say."""

    group_size: Decimal | None = None
    groups: Decimal | None = None
    pupils: Decimal | None = None
    adults: Decimal | None = None

    def said(self) -> str:
        """The parts in words."""
        parts = []
        if self.groups is not None:
            parts.append(f"{plain(self.groups)} group" + ("" if self.groups == 1 else "s"))
        if self.group_size is not None:
            parts.append(f"{plain(self.group_size)} in a group")
        if self.pupils is not None:
            parts.append(f"{plain(self.pupils)} pupil" + ("" if self.pupils == 1 else "s"))
        if self.adults is not None and self.adults != 1:
            parts.append(f"{plain(self.adults)} adults")
        return ", ".join(parts)


def read_groups(
    text: str, counted: Counted, words: Words, value: CellValue = None
) -> Reading[GroupParts]:
    """Read a cell about pupils; `counted` says what a bare number means in this column."""
    what, example = _WHAT[counted], _EXAMPLE[counted]
    if is_unknown(text, words):
        return Reading(None, problem=not_known(text, what, example))
    if isinstance(value, dt.time) and counted == "group_size" and value.hour >= 1 and value.minute:
        parts = GroupParts(group_size=Decimal(value.minute), adults=Decimal(value.hour))
        return Reading(parts, parts.said(), f"Excel holds {value.hour}:{value.minute} as a time.")
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        return Reading(
            None,
            problem=f"Excel has turned this cell into a date or time ({short(text)}). "
            f"Type one number for {what}, {example}.",
        )
    if is_no_figure(text):
        return Reading(None, problem=could_not_read(text, what, f"a number, {example}"))
    rest, _ = tidy(text)
    if re.search(r"up to|at least|\bmax|\bmin\b|minimum|\d\s*\+(?!\s*\d)|[<>]", rest):
        return Reading(
            None,
            problem=f"'{short(text)}' gives a limit, not a number. Type {what}, {example}.",
        )
    parsed = _parse(rest, counted)
    if parsed is None:
        if found := find_range(rest):
            problem = f"'{found}' is a range. Type one number for {what}, {example}."
        else:
            problem = could_not_read(text, what, f"a number, {example}")
        return Reading(None, problem=problem)
    return _checked(parsed, text, what, example)


def _checked(parts: GroupParts, text: str, what: str, example: str) -> Reading[GroupParts]:
    for number in (parts.group_size, parts.groups, parts.pupils, parts.adults):
        if number is not None and (number <= 0 or number != number.to_integral_value()):
            return Reading(
                None, problem=f"'{short(text)}' cannot be {what}. Type a whole number, {example}."
            )
    if parts.pupils and parts.groups and parts.group_size:
        if parts.pupils != parts.groups * parts.group_size:
            return Reading(
                None,
                problem=f"In '{short(text)}' the groups and the pupils do not agree. Type the "
                "group size and the number of groups.",
            )
    return Reading(parts, said=parts.said())


def _parse(rest: str, counted: Counted) -> GroupParts | None:
    number = parse_number(rest)
    if number is not None:
        return _bare(number, counted)
    simple = _simple(rest)
    if simple is not None:
        return simple
    parts = GroupParts()
    rest = _take_groups(rest, parts)
    numbers = re.findall(r"\d+(?:\.\d+)?", rest)
    if len(numbers) == 1:
        _place(Decimal(numbers[0]), rest, parts, counted)
        numbers = []
    return None if numbers or not parts.said() else parts


def _bare(number: Decimal, counted: Counted) -> GroupParts:
    if counted == "groups":
        return GroupParts(groups=number)
    if counted == "pupils_reached":
        return GroupParts(pupils=number)
    return GroupParts(group_size=number)


def _simple(rest: str) -> GroupParts | None:
    """Ratios and words: '1:4', '1-1', 'one to one', 'pairs', 'individual'."""
    one = r"1\s*(?::|-|to|2)\s*1|1-to-1|121|individual(?:ly)?|1 on 1"
    if re.fullmatch(
        rf"(?:{one})(?:\s*(?:support|session|basis|ta|\({one}\)|/ ?individual|individual))?", rest
    ):
        return GroupParts(group_size=Decimal(1))
    if each := re.fullmatch(rf"(\d+)\s*x\s*(?:{one})", rest):
        return GroupParts(group_size=Decimal(1), groups=Decimal(each[1]))
    if re.fullmatch(r"(?:in )?(?:pair|pairs|paired|a pair)", rest):
        return GroupParts(group_size=Decimal(2))
    ratio = re.fullmatch(r"(?:ratio\s*)?(\d+)\s*(?::|to)\s*(\d+)", rest)
    if not ratio:
        return None
    adults, pupils = Decimal(ratio[1]), Decimal(ratio[2])
    if ":" not in rest and adults != 1:
        return None
    if pupils == 1 and adults > 1:
        adults, pupils = pupils, adults
    if adults > pupils:
        return None
    return GroupParts(group_size=pupils, adults=adults)


def _take_groups(rest: str, parts: GroupParts) -> str:
    patterns = (
        (r"(?<!\d)(\d+)\s*(?:x\s*)?(?:small )?groups?\s*(?:of|x|with|/|\()?\s*(\d+)\b", True),
        (r"(?<!\d)(\d+)\s*x\s*(?:small )?groups?\b", False),
        (r"(?<!\d)(\d+)\s*(?:small )?groups?\b(?!\s*size)", False),
    )
    of = re.search(r"groups?\s*of\s*(\d+)\s*x\s*(\d+)\b", rest)
    if of:
        parts.group_size, parts.groups = Decimal(of[1]), Decimal(of[2])
        return rest.replace(of[0], " ")
    times = re.search(r"(?<!\d)(\d+)\s*x\s*(\d+)\s*groups?\b", rest)
    if times:
        parts.group_size, parts.groups = Decimal(times[1]), Decimal(times[2])
        return rest.replace(times[0], " ")
    for pattern, has_size in patterns:
        found = re.search(pattern, rest)
        if found:
            parts.groups = Decimal(found[1])
            if has_size:
                parts.group_size = Decimal(found[2])
            return _drop_pupils(rest.replace(found[0], " "), has_size)
    of = re.search(r"(?:groups?|pairs?)\s*(?:of|size|:)?\s*:?\s*(\d+)\b", rest)
    if of:
        parts.group_size = Decimal(of[1])
        return rest.replace(of[0], " ")
    return rest


def _drop_pupils(rest: str, has_size: bool) -> str:
    return re.sub(rf"^\s*{_PUPILS}", " ", rest) if has_size else rest


def _place(number: Decimal, rest: str, parts: GroupParts, counted: Counted) -> None:
    """Put the one number that is left where the words or the column say."""
    in_each = re.search(r"per group|each|in (?:a|each|the) group|in group|group size", rest)
    if parts.groups is not None and parts.group_size is None and in_each:
        parts.group_size = number
    elif parts.groups is not None or parts.group_size is not None or counted == "pupils_reached":
        parts.pupils = number
    elif counted == "groups":
        parts.groups = number
    else:
        parts.group_size = number
