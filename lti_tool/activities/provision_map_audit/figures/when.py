"""What provision has cost so far, as of a day, beside what its full plan costs.

Time runs in school days: weekdays outside the holidays of `config/rules/costing.yaml`. Staff cost
grows with them from the first day to the last; other cost, such as books, counts in full from the
first day. A row's own weeks and costs stay as they are: only the share that has passed is worked
out here. Where dates do not tell, the cost so far is not known, and why is said.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from lti_tool.activities.provision_map_audit.figures.costing import RowCost
from lti_tool.activities.provision_map_audit.rows import ProvisionRow

ZERO, ONE = Decimal(0), Decimal(1)
Holidays = Sequence[tuple[dt.date, dt.date]]


@dataclass(frozen=True)
class ToDate:
    """The share of its time a row has run (0 to 1), its cost so far, and why it is not known."""

    share: Decimal | None
    cost: Decimal | None
    why_not: str = ""


@dataclass(frozen=True)
class MapToDate:
    """A whole map so far: pounds of the rows whose cost so far is known, and how many those are.

    `full` is the full plan of the same rows, so that the two can be set side by side.
    """

    cost: Decimal
    full: Decimal
    rows_known: int
    rows: tuple[ToDate, ...]


def school_days(first: dt.date, last: dt.date, holidays: Holidays) -> int:
    """Weekdays from `first` to `last`, both counted, outside the holidays; 0 if last is earlier."""
    away = 0
    for begins, ends in holidays:
        away += _weekdays(max(first, begins), min(last, ends))
    return _weekdays(first, last) - away


def _weekdays(first: dt.date, last: dt.date) -> int:
    if last < first:
        return 0
    return _weekdays_before(last.toordinal() + 1) - _weekdays_before(first.toordinal())


def _weekdays_before(ordinal: int) -> int:
    """Weekdays before a day counted from 1, a Monday."""
    weeks, days = divmod(ordinal - 1, 7)
    return weeks * 5 + min(days, 5)


def time_passed(
    row: ProvisionRow, day: dt.date, holidays: Holidays
) -> tuple[Decimal, Decimal] | str:
    """School days a row has run by the end of `day`, of how many in all; or why not known."""
    start, end = row.start_on, row.end_on
    if start is not None and end is not None and end < start:
        return "it ends before it starts"
    if start is not None and day < start:
        return ZERO, ONE
    if end is not None and day >= end:
        return ONE, ONE
    if start is None:
        return "no start date"
    if end is not None:
        whole = Decimal(school_days(start, end, holidays))
    elif row.weeks:
        whole = row.weeks * 5
    else:
        return "no end date and no weeks"
    gone = Decimal(school_days(start, day, holidays))
    return (min(gone, whole), whole) if whole > 0 else (ONE, ONE)


def cost_to_date(row: ProvisionRow, cost: RowCost, day: dt.date, holidays: Holidays = ()) -> ToDate:
    """What a row has cost by the end of `day` (a day in England).

    :param cost: the row's full plan, from `costing.cost_row`.
    """
    passed = time_passed(row, day, holidays)
    if isinstance(passed, str):
        return ToDate(None, None, passed)
    gone, whole = passed
    if cost.staff_cost is None or cost.other_cost is None:
        return ToDate(gone / whole, None, "its full cost is not known")
    begun = row.start_on is None or day >= row.start_on
    other = cost.other_cost if begun else ZERO
    return ToDate(gone / whole, cost.staff_cost * gone / whole + other)


def map_to_date(
    rows: Iterable[ProvisionRow],
    costs: Iterable[RowCost],
    day: dt.date,
    holidays: Holidays = (),
) -> MapToDate:
    """A whole map by the end of `day`; rows that cannot be known are counted, never guessed."""
    pairs = [
        (cost_to_date(row, cost, day, holidays), cost)
        for row, cost in zip(rows, costs, strict=True)
    ]
    known = [(so_far, cost) for so_far, cost in pairs if so_far.cost is not None]
    return MapToDate(
        cost=sum((so_far.cost or ZERO for so_far, _ in known), ZERO),
        full=sum((cost.total_cost or ZERO for _, cost in known), ZERO),
        rows_known=len(known),
        rows=tuple(so_far for so_far, _ in pairs),
    )
