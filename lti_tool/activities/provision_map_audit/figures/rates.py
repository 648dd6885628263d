"""Hourly rates by role, never by person, loaded from `config/rules/costing.yaml`.

The shipped rates are illustrative and say so; a school sets its own, and a row's own rate comes
before its role's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from lti_tool.activities.provision_map_audit.words import (
    WordsUnusable,
    decimal_at,
    read_yaml,
    section,
)


@dataclass(frozen=True)
class RoleRate:
    """Pounds an hour for one role; `illustrative` until a school sets its own."""

    role: str
    hourly_rate: Decimal
    illustrative: bool
    note: str


@dataclass(frozen=True)
class RoleRates:
    """The rates in force, by role code."""

    by_role: Mapping[str, RoleRate]

    def rate_for(self, role: str) -> Decimal | None:
        """Pounds an hour for a role; None when no rate is set for it."""
        found = self.by_role.get(role)
        return found.hourly_rate if found else None

    def with_rates(
        self,
        own: Mapping[str, Decimal],
        on_costs_percent: Decimal | None = None,
        without_on_costs: frozenset[str] = frozenset(),
    ) -> RoleRates:
        """The same table with a school's own rates (pounds an hour) put in.

        :param on_costs_percent: added to the own rates of the roles in `without_on_costs`.
        """
        changed = dict(self.by_role)
        for role, rate in own.items():
            before = changed.get(role) or RoleRate(role, rate, False, "")
            note = "Set for this map."
            if on_costs_percent is not None and role in without_on_costs:
                note = f"Set for this map: £{rate} and {on_costs_percent}% on-costs."
                rate = rate_with_on_costs(rate, on_costs_percent)
            changed[role] = replace(before, hourly_rate=rate, illustrative=False, note=note)
        return RoleRates(changed)


def rate_with_on_costs(rate: Decimal, percent: Decimal) -> Decimal:
    """Pounds an hour: a rate of pay with the employer's on-costs in percent added."""
    return rate * (100 + percent) / 100


def load_rates(config_dir: Path) -> RoleRates:
    """Load the rates; raises WordsUnusable naming the file and the key."""
    path = config_dir / "rules" / "costing.yaml"
    rates: dict[str, RoleRate] = {}
    for role, entry in section(read_yaml(path), "rates", path).items():
        if not isinstance(entry, dict) or not isinstance(entry.get("illustrative"), bool):
            raise WordsUnusable(f"{path}: 'rates.{role}' needs hourly_rate, illustrative and note.")
        rates[str(role)] = RoleRate(
            role=str(role),
            hourly_rate=decimal_at(entry, "hourly_rate", path),
            illustrative=entry["illustrative"],
            note=str(entry.get("note", "")),
        )
    return RoleRates(rates)
