"""What it would cost if weeks, sessions, group size or staff role were other: pure functions.

A change says what becomes other; the rest of a row stays. Old and new are costed by the same rules,
and a difference is known only where both are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from lti_tool.activities.provision_map_audit.document import MapRow
from lti_tool.activities.provision_map_audit.figures.costing import RowCost, cost_row
from lti_tool.activities.provision_map_audit.figures.rates import RoleRates
from lti_tool.activities.provision_map_audit.rows import ProvisionRow


@dataclass(frozen=True)
class Change:
    """What becomes other; None leaves it as it is."""

    weeks: Decimal | None = None
    sessions_per_week: Decimal | None = None
    group_size: Decimal | None = None
    role: str | None = None

    @property
    def is_none(self) -> bool:
        """Whether nothing changes."""
        return self == Change()


@dataclass(frozen=True)
class Compared:
    """One row before and after. `difference` is new less old in pounds, None unless both known."""

    row: MapRow
    changed: ProvisionRow
    before: RowCost
    after: RowCost

    @property
    def difference(self) -> Decimal | None:
        """Pounds more (or less, below 0) than now."""
        if self.before.total_cost is None or self.after.total_cost is None:
            return None
        return self.after.total_cost - self.before.total_cost


@dataclass(frozen=True)
class WhatIf:
    """The rows compared, and totals over those whose old and new cost are both known."""

    rows: tuple[Compared, ...]
    before: Decimal
    after: Decimal
    rows_known: int

    @property
    def difference(self) -> Decimal:
        """Pounds more (or less, below 0) than now."""
        return self.after - self.before


def changed_row(row: ProvisionRow, change: Change) -> ProvisionRow:
    """The row with the change made.

    Other weeks empty its end date, which no longer fits. Another group size empties the number of
    pupils reached, so that it follows from the groups. Another role takes all staff, at its rate.
    """
    made = row
    if change.weeks is not None and change.weeks != row.weeks:
        made = replace(made, weeks=change.weeks, end_on=None)
    if change.sessions_per_week is not None:
        made = replace(made, sessions_per_week=change.sessions_per_week)
    if change.group_size is not None and change.group_size != row.group_size:
        made = replace(made, group_size=change.group_size, pupils_reached=None)
    if change.role is not None:
        staff = tuple(replace(share, role=change.role, hourly_rate=None) for share in made.staff)
        made = replace(made, staff=staff)
    return made


def compare(rows: Iterable[MapRow], change: Change, rates: RoleRates) -> WhatIf:
    """Cost the rows as they are and as they would be."""
    compared = []
    for one in rows:
        made = changed_row(one.row, change)
        compared.append(Compared(one, made, cost_row(one.row, rates), cost_row(made, rates)))
    known = [one for one in compared if one.difference is not None]
    return WhatIf(
        tuple(compared),
        sum((one.before.total_cost or Decimal(0) for one in known), Decimal(0)),
        sum((one.after.total_cost or Decimal(0) for one in known), Decimal(0)),
        len(known),
    )
