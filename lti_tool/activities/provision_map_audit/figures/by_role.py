"""Cost by staff role: hours of adults and pounds, from the same rows as the totals.

Pure functions. Only rows whose total cost is known count, so that roles add up to the staff cost
of the map. Roles are posts, never people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from lti_tool.activities.provision_map_audit.figures.costing import RowCost
from lti_tool.activities.provision_map_audit.rates import RoleRates
from lti_tool.activities.provision_map_audit.rows import ProvisionRow, StaffShare

ZERO = Decimal(0)


@dataclass(frozen=True)
class RoleTotal:
    """Hours of adults and pounds of one role, and the rows it works in.

    `rows_without_hours` are rows of unpaid staff whose times are not known; `rows_with_own_rate`
    are those whose rate is not the role's, so that hours times the role's rate is not the cost.
    """

    rows: int = 0
    hours: Decimal = ZERO
    cost: Decimal = ZERO
    rows_without_hours: int = 0
    rows_with_own_rate: int = 0


def cost_by_role(
    rows: Iterable[ProvisionRow], costs: Iterable[RowCost], rates: RoleRates
) -> Mapping[str, RoleTotal]:
    """Totals by role code, dearest first."""
    found: dict[str, RoleTotal] = {}
    for row, cost in zip(rows, costs, strict=True):
        if cost.total_cost is None:
            continue
        for role in dict.fromkeys(share.role for share in row.staff):
            shares = [share for share in row.staff if share.role == role]
            found[role] = _added(found.get(role, RoleTotal()), shares, cost.session_hours, rates)
    return dict(sorted(found.items(), key=lambda one: (-one[1].cost, one[0])))


def _added(
    before: RoleTotal, shares: list[StaffShare], hours: Decimal | None, rates: RoleRates
) -> RoleTotal:
    own = any(_rate(share, rates) != (rates.rate_for(share.role) or ZERO) for share in shares)
    now = replace(
        before, rows=before.rows + 1, rows_with_own_rate=before.rows_with_own_rate + int(own)
    )
    if hours is None:
        return replace(now, rows_without_hours=before.rows_without_hours + 1)
    worked = sum((hours * share.count for share in shares), ZERO)
    paid = sum((hours * share.count * _rate(share, rates) for share in shares), ZERO)
    return replace(now, hours=before.hours + worked, cost=before.cost + paid)


def _rate(share: StaffShare, rates: RoleRates) -> Decimal:
    rate = share.hourly_rate if share.hourly_rate is not None else rates.rate_for(share.role)
    return ZERO if rate is None else rate
