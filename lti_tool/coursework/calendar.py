"""Working days: Monday to Friday, less the bank holidays of England and the university's own.

The bank holidays come from the library `holidays`; the days a university is closed from
`config/rules/calendar.yaml`. A day is one on a clock in England. Pure but for `load_calendar`.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import holidays
import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from lti_tool.core.errors import OutOfOrder, Unusable
from lti_tool.core.yaml_text import LOADER, why_unreadable

_FILE = "config/rules/calendar.yaml"
_FIELDS = ("name", "first", "last")
LONGEST_CLOSURE = 100
"""Days; a longer one is a slip of the year."""
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Closure:
    """Days in a row on which the university is closed, both ends included."""

    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days count as working days."""

    closures: tuple[Closure, ...] = ()

    def why_closed(self, day: date) -> str | None:
        """Why nobody works on a day, in words; None on a working day."""
        if day.weekday() >= 5:
            return "weekend"
        bank_holiday = _bank_holidays(day.year).get(day)
        if bank_holiday:
            return bank_holiday
        return next((one.name for one in self.closures if one.first <= day <= one.last), None)

    def is_working(self, day: date) -> bool:
        """Whether a day is a working day."""
        return self.why_closed(day) is None


@cache
def _bank_holidays(year: int) -> dict[date, str]:
    """The bank holidays of England in a year, with their names."""
    found = holidays.country_holidays("GB", subdiv="ENG", years=year)
    return {day: str(name) for day, name in found.items()}


def add_working_days(day: date, count: int, calendar: Calendar) -> date:
    """The working day that is `count` working days after a day, which itself is never counted.

    :param count: how many; 0 gives the day itself, less than 0 counts backwards.
    """
    step = _ONE_DAY if count > 0 else -_ONE_DAY
    left = abs(count)
    while left:
        day += step
        left -= calendar.is_working(day)
    return day


def working_days_between(first: date, last: date, calendar: Calendar) -> int:
    """How many working days lie after `first`, up to and with `last`.

    :return: 0 where `last` is no later; with `add_working_days(first, n)` as `last`: n.
    """
    span = (last - first).days
    return sum(calendar.is_working(first + timedelta(days=n)) for n in range(1, span + 1))


def _problem(node: Node, what: str) -> Unusable:
    return Unusable(f"{_FILE}, line {node.start_mark.line + 1}: {what}")


def _day(node: Node, field: str) -> date:
    try:
        return date.fromisoformat(node.value if isinstance(node, ScalarNode) else "")
    except ValueError:
        raise _problem(node, f"“{field}” must be a day such as 2026-12-24.") from None


def _closure(node: Node) -> Closure:
    if not isinstance(node, MappingNode):
        raise _problem(node, f"a closure needs {', '.join(_FIELDS)}.")
    given = {str(key.value): value for key, value in node.value}
    for field in _FIELDS:
        if field not in given:
            raise _problem(node, f"this closure lacks “{field}”.")
    unknown = next((field for field in given if field not in _FIELDS), None)
    if unknown is not None:
        raise _problem(node, f"“{unknown}” is not known here; use {', '.join(_FIELDS)}.")
    name = given["name"]
    if not isinstance(name, ScalarNode) or not name.value.strip():
        raise _problem(name, "“name” must be a text.")
    first, last = _day(given["first"], "first"), _day(given["last"], "last")
    if last < first:
        raise _problem(given["last"], "“last” comes before “first”.")
    if (last - first).days >= LONGEST_CLOSURE:
        raise _problem(given["last"], f"a closure of more than {LONGEST_CLOSURE} days is a slip.")
    return Closure(name.value.strip(), first, last)


@cache
def load_calendar(config_dir: Path) -> Calendar:
    """The university's calendar, read once.

    :raises Unusable: naming the line and the field of `rules/calendar.yaml` that is wrong.
    """
    path = config_dir / "rules" / "calendar.yaml"
    try:
        root = yaml.compose(path.read_text("utf-8"), LOADER)
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise OutOfOrder(f"{path}{why_unreadable(error)}") from None
    if not isinstance(root, MappingNode):
        raise Unusable(f"{_FILE} must hold “closures”.")
    given = {str(key.value): value for key, value in root.value}
    if list(given) != ["closures"]:
        raise Unusable(f"{_FILE} must hold “closures” and nothing else.")
    listed = given["closures"]
    if not isinstance(listed, SequenceNode):
        raise _problem(listed, "“closures” must be a list; use [] for none.")
    return Calendar(tuple(_closure(node) for node in listed.value))
