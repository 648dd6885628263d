"""One provision of a map, as plain data, and its round trip through JSON.

A row tells of a provision and a group, never of a named or coded child. All numbers are Decimal;
None means not known. The form a person types into is read in `row_form.py`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import cache
from typing import Any

SCALE_WORDS = {
    "reading_age": "reading age",
    "standard_score": "standard score",
    "raw_score": "raw score",
    "rating": "rating",
    "other": "another kind",
}
"""Kinds of score in words, as the work and the workbooks name them; formulas go by them."""
SCALES = tuple(SCALE_WORDS)
AREAS = ("communication_interaction", "cognition_learning", "semh", "sensory_physical", "other")
TIERS = ("universal", "targeted", "specialist")


@dataclass(frozen=True)
class StaffShare:
    """`count` adults of one role for the whole session; the rate in pounds an hour, if given."""

    role: str
    count: Decimal
    hourly_rate: Decimal | None = None


@dataclass(frozen=True)
class Measure:
    """One measure of a provision's impact. Scores stay as typed, such as 7y 6m or 92.

    `scale` is one of `SCALES`, or empty where it is not said. `pupils_measured` counts those
    measured at both ends, and `met_target` those of them who met their target. `months_between`
    lies between the two scores; where it is empty the provision's own dates stand for it, else its
    weeks.
    `confidence_band` is the points either side of a standard score that the test's manual states.
    """

    measure: str = ""
    scale: str = ""
    entry_score: str = ""
    exit_score: str = ""
    pupils_measured: Decimal | None = None
    met_target: Decimal | None = None
    months_between: Decimal | None = None
    confidence_band: Decimal | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said at all."""
        return self == Measure()


_MEASURE = tuple(item.name for item in fields(Measure))


@dataclass(frozen=True)
class ProvisionRow:
    """One provision. Money in pounds, time in minutes, sessions a week and weeks.

    The first measure lies flat in the row, as a spreadsheet has it; `measures` gives them all.
    """

    name: str = ""
    area: str | None = None
    tier: str | None = None
    target_group: str = ""
    start_on: dt.date | None = None
    end_on: dt.date | None = None
    weeks: Decimal | None = None
    sessions_per_week: Decimal | None = None
    minutes_per_session: Decimal | None = None
    group_size: Decimal | None = None
    groups: Decimal = Decimal(1)
    pupils_reached: Decimal | None = None
    staff: tuple[StaffShare, ...] = ()
    other_cost: Decimal | None = Decimal(0)
    aim: str = ""
    evidence_base: str = ""
    delivered_percent: Decimal | None = None
    measure: str = ""
    scale: str = ""
    entry_score: str = ""
    exit_score: str = ""
    pupils_measured: Decimal | None = None
    met_target: Decimal | None = None
    months_between: Decimal | None = None
    confidence_band: Decimal | None = None
    more_measures: tuple[Measure, ...] = ()
    pupil_view: str = ""
    parent_view: str = ""
    rating: str = ""
    decision: str = ""
    review_on: dt.date | None = None
    notes: str = ""

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Every measure that says anything, in order."""
        first = Measure(**{name: getattr(self, name) for name in _MEASURE})
        return tuple(one for one in (first, *self.more_measures) if not one.is_empty)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready: numbers as strings, dates as ISO, staff as a list."""
        result: dict[str, Any] = {}
        for name in _names():
            value = getattr(self, name)
            if name == "staff":
                result[name] = [_share_dict(share) for share in value]
            elif name == "more_measures":
                result[name] = [_measure_dict(one) for one in value]
            else:
                result[name] = _plain(value)
        return result

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> ProvisionRow:
        """The inverse of `to_dict`. Keys that are missing take their defaults; others are ignored.

        Raises ValueError when a stored number or date is not one.
        """
        known: dict[str, Any] = {}
        for name in _names():
            if name in stored:
                known[name] = _restore(name, stored[name])
        return cls(**known)


@cache
def _names() -> tuple[str, ...]:
    """The names of a row's fields, looked up once: a large map has thousands of rows."""
    return tuple(item.name for item in fields(ProvisionRow))


_DATES = frozenset({"start_on", "end_on", "review_on"})
_NUMBERS = frozenset(
    {
        "weeks",
        "sessions_per_week",
        "minutes_per_session",
        "group_size",
        "groups",
        "pupils_reached",
        "other_cost",
        "delivered_percent",
        "pupils_measured",
        "met_target",
        "months_between",
        "confidence_band",
    }
)


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return value


def _share_dict(share: StaffShare) -> dict[str, str | None]:
    rate = None if share.hourly_rate is None else str(share.hourly_rate)
    return {"role": share.role, "count": str(share.count), "hourly_rate": rate}


def _measure_dict(measure: Measure) -> dict[str, Any]:
    return {name: _plain(getattr(measure, name)) for name in _MEASURE}


def _number(value: object) -> Decimal:
    try:
        number = Decimal(str(value))
    except ArithmeticError as error:
        raise ValueError(f"{value!r} is not a number") from error
    if not number.is_finite():
        raise ValueError(f"{value!r} is not a number")
    return number


def _restore(name: str, value: Any) -> Any:
    if name == "staff":
        return tuple(
            StaffShare(
                str(share["role"]),
                _number(share["count"]),
                None if share.get("hourly_rate") is None else _number(share["hourly_rate"]),
            )
            for share in value
        )
    if name == "more_measures":
        return tuple(
            Measure(**{key: _restore(key, one[key]) for key in _MEASURE if key in one})
            for one in value
        )
    if value is None:
        return Decimal(1) if name == "groups" else None
    if name in _DATES:
        return dt.date.fromisoformat(value)
    if name in _NUMBERS:
        return _number(value)
    return str(value)
