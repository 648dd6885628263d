"""What provision costs: pure functions from rows and rates to hours and pounds.

Formulas follow the course's notes on costed provision maps. Nothing is computed from what is not
there: a missing number makes the result None and names what is missing. Money is rounded to pence
only when it is shown (`pounds`), never in between.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

from lti_tool.activities.provision_map_audit.rates import RoleRate, RoleRates, load_rates
from lti_tool.activities.provision_map_audit.rows import ProvisionRow, StaffShare

__all__ = [
    "MapCost",
    "RoleRate",
    "RoleRates",
    "RowCost",
    "Totals",
    "cost_map",
    "cost_row",
    "load_rates",
    "pounds",
]

ZERO = Decimal(0)
Key = TypeVar("Key")


def session_hours(
    minutes: Decimal, sessions_per_week: Decimal, weeks: Decimal, groups: Decimal
) -> Decimal:
    """Hours of sessions held: minutes / 60 x sessions a week x weeks x groups."""
    return minutes * sessions_per_week * weeks * groups / 60


def staff_hours(hours: Decimal, staff: Iterable[StaffShare]) -> Decimal:
    """Hours of adults: session hours x the number of adults, over all roles."""
    return sum((hours * share.count for share in staff), ZERO)


def staff_cost(hours: Decimal, staff: Iterable[StaffShare], rates: RoleRates) -> Decimal | None:
    """Pounds: session hours x count x rate, over all roles. A row's own rate comes first.

    None when a role has neither a rate of its own nor one in the table.
    """
    total = ZERO
    for share in staff:
        rate = share.hourly_rate if share.hourly_rate is not None else rates.rate_for(share.role)
        if rate is None:
            return None
        total += hours * share.count * rate
    return total


def total_cost(staff: Decimal, other: Decimal) -> Decimal:
    """Pounds: staff cost + other cost."""
    return staff + other


def pupils_reached(row: ProvisionRow) -> Decimal | None:
    """Pupils: the number given, else group size x groups, else None."""
    if row.pupils_reached is not None:
        return row.pupils_reached
    return None if row.group_size is None else row.group_size * row.groups


def cost_per_pupil(total: Decimal, pupils: Decimal) -> Decimal | None:
    """Pounds a pupil: total cost / pupils reached. None for no pupils."""
    return total / pupils if pupils > 0 else None


def cost_per_hour_received(total: Decimal, pupils: Decimal, hours_each: Decimal) -> Decimal | None:
    """Pounds for one hour that one pupil receives: total / (pupils x hours each receives)."""
    received = pupils * hours_each
    return total / received if received > 0 else None


@dataclass(frozen=True)
class RowCost:
    """Hours and pounds of one row; None where something is missing, and `missing` says what."""

    session_hours: Decimal | None
    staff_hours: Decimal | None
    staff_cost: Decimal | None
    other_cost: Decimal | None
    total_cost: Decimal | None
    pupils_reached: Decimal | None
    cost_per_pupil: Decimal | None
    cost_per_hour_received: Decimal | None
    missing: tuple[str, ...]


def cost_row(row: ProvisionRow, rates: RoleRates) -> RowCost:
    """Work out one row.

    A row with no staff and no session times at all is bought in: its staff cost is nothing, if it
    has an other cost. Otherwise whatever is missing is named.
    """
    hours = _hours(row)
    adults, cost, missing = _staffing(row, rates, hours)
    if row.other_cost is None:
        missing.append("other cost")
    total = None if cost is None or row.other_cost is None else total_cost(cost, row.other_cost)
    pupils = pupils_reached(row)
    if pupils is None:
        missing.append("number of pupils")
    each = hours / row.groups if hours is not None and row.groups else None
    per_pupil = per_hour = None
    if total is not None and pupils is not None:
        per_pupil = cost_per_pupil(total, pupils)
        per_hour = None if each is None else cost_per_hour_received(total, pupils, each)
    return RowCost(
        session_hours=hours,
        staff_hours=adults,
        staff_cost=cost,
        other_cost=row.other_cost,
        total_cost=total,
        pupils_reached=pupils,
        cost_per_pupil=per_pupil,
        cost_per_hour_received=per_hour,
        missing=tuple(missing),
    )


def _staffing(
    row: ProvisionRow, rates: RoleRates, hours: Decimal | None
) -> tuple[Decimal | None, Decimal | None, list[str]]:
    """Hours of adults, their cost, and what is missing to know them."""
    if _is_bought_in(row):
        return ZERO, ZERO, []
    missing = _missing_time(row)
    if not row.staff:
        return None, None, [*missing, "who delivers it"]
    if _is_unpaid(row, rates):
        # Whatever the times are, no pay comes to nothing.
        return None if hours is None else staff_hours(hours, row.staff), ZERO, []
    if hours is None:
        return None, None, missing
    cost = staff_cost(hours, row.staff, rates)
    if cost is None:
        missing.append("an hourly rate for each role")
    return staff_hours(hours, row.staff), cost, missing


def _missing_time(row: ProvisionRow) -> list[str]:
    needed = (
        (row.minutes_per_session, "minutes of a session"),
        (row.sessions_per_week, "sessions a week"),
        (row.weeks, "weeks"),
    )
    return [words for value, words in needed if value is None]


def _hours(row: ProvisionRow) -> Decimal | None:
    minutes, sessions, weeks = row.minutes_per_session, row.sessions_per_week, row.weeks
    if minutes is None or sessions is None or weeks is None:
        return None
    return session_hours(minutes, sessions, weeks, row.groups)


def _is_unpaid(row: ProvisionRow, rates: RoleRates) -> bool:
    paid = (
        rates.rate_for(share.role) if share.hourly_rate is None else share.hourly_rate
        for share in row.staff
    )
    return all(rate == 0 for rate in paid)


def _is_bought_in(row: ProvisionRow) -> bool:
    no_times = row.minutes_per_session is None and row.sessions_per_week is None
    return not row.staff and no_times and bool(row.other_cost)


@dataclass(frozen=True)
class Totals:
    """Sums over rows whose total is known; the two row counts tell the rest.

    `pupil_places` counts a pupil once for each provision, so it is not a number of pupils.
    `cost_per_place` covers only the costed rows whose pupils are known, `staff_hours` not the
    `rows_without_hours`: costed rows of unpaid staff whose times are not known.
    """

    rows: int
    rows_costed: int
    staff_hours: Decimal
    staff_cost: Decimal
    other_cost: Decimal
    total_cost: Decimal
    pupil_places: Decimal
    cost_per_place: Decimal | None
    rows_without_hours: int = 0


@dataclass(frozen=True)
class NotCosted:
    """A row left out of the totals: its place in the map counted from 0, and what is missing."""

    index: int
    name: str
    missing: tuple[str, ...]


@dataclass(frozen=True)
class MapCost:
    """A whole map: totals, the same by area, tier and both (None: not stated), rows left out."""

    total: Totals
    by_area: Mapping[str | None, Totals]
    by_tier: Mapping[str | None, Totals]
    by_area_and_tier: Mapping[tuple[str | None, str | None], Totals]
    rows: tuple[RowCost, ...]
    rows_not_costed: tuple[NotCosted, ...]


def cost_map(rows: Sequence[ProvisionRow], rates: RoleRates) -> MapCost:
    """Cost every row and add up; sums by area and by tier each add up to the total."""
    costs = tuple(cost_row(row, rates) for row in rows)
    pairs = list(zip(rows, costs, strict=True))
    areas = _in_order(row.area for row in rows)
    tiers = _in_order(row.tier for row in rows)
    both = _in_order((row.area, row.tier) for row in rows)
    return MapCost(
        total=_totals(costs),
        by_area={a: _totals([c for r, c in pairs if r.area == a]) for a in areas},
        by_tier={t: _totals([c for r, c in pairs if r.tier == t]) for t in tiers},
        by_area_and_tier={
            key: _totals([c for r, c in pairs if (r.area, r.tier) == key]) for key in both
        },
        rows=costs,
        rows_not_costed=tuple(
            NotCosted(index, row.name, cost.missing)
            for index, (row, cost) in enumerate(pairs)
            if cost.total_cost is None
        ),
    )


def _in_order(values: Iterable[Key]) -> list[Key]:
    return list(dict.fromkeys(values))


def _totals(costs: Sequence[RowCost]) -> Totals:
    costed = [cost for cost in costs if cost.total_cost is not None]
    placed = [cost for cost in costed if cost.pupils_reached is not None]
    places = sum((cost.pupils_reached or ZERO for cost in placed), ZERO)
    spent = sum((cost.total_cost or ZERO for cost in placed), ZERO)
    return Totals(
        rows=len(costs),
        rows_costed=len(costed),
        staff_hours=sum((cost.staff_hours or ZERO for cost in costed), ZERO),
        staff_cost=sum((cost.staff_cost or ZERO for cost in costed), ZERO),
        other_cost=sum((cost.other_cost or ZERO for cost in costed), ZERO),
        total_cost=sum((cost.total_cost or ZERO for cost in costed), ZERO),
        pupil_places=places,
        cost_per_place=cost_per_pupil(spent, places),
        rows_without_hours=sum(cost.staff_hours is None for cost in costed),
    )


def pounds(amount: Decimal | None) -> str:
    """Show money: '£1,234.50', rounded half up to the penny; 'not known' for None."""
    if amount is None:
        return "not known"
    return f"£{amount.quantize(Decimal('0.01'), rounding=ROUND_HALF_UP):,}"
