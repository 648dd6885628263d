"""One provision of a map, as plain data, and its round trip through JSON.

A row tells of a provision and a group, never of a named or coded child. All numbers are Decimal;
None means not known. The form a person types into is read in `row_form.py`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

AREAS = ("communication_interaction", "cognition_learning", "semh", "sensory_physical", "other")
TIERS = ("universal", "targeted", "specialist")


@dataclass(frozen=True)
class StaffShare:
    """`count` adults of one role for the whole session; the rate in pounds an hour, if given."""

    role: str
    count: Decimal
    hourly_rate: Decimal | None = None


@dataclass(frozen=True)
class ProvisionRow:
    """One provision. Money in pounds, time in minutes, sessions a week and weeks."""

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
    measure: str = ""
    entry_score: str = ""
    exit_score: str = ""
    rating: str = ""
    decision: str = ""
    review_on: dt.date | None = None
    notes: str = ""

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready: numbers as strings, dates as ISO, staff as a list."""
        result: dict[str, Any] = {}
        for item in fields(self):
            value = getattr(self, item.name)
            result[item.name] = (
                [_share_dict(s) for s in value] if item.name == "staff" else (_plain(value))
            )
        return result

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> ProvisionRow:
        """The inverse of `to_dict`. Keys that are missing take their defaults; others are ignored.

        Raises ValueError when a stored number or date is not one.
        """
        known: dict[str, Any] = {}
        for item in fields(cls):
            if item.name in stored:
                known[item.name] = _restore(item.name, stored[item.name])
        return cls(**known)


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
    if value is None:
        return Decimal(1) if name == "groups" else None
    if name in _DATES:
        return dt.date.fromisoformat(value)
    if name in _NUMBERS:
        return _number(value)
    return str(value)
