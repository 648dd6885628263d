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

    def with_rates(self, own: Mapping[str, Decimal]) -> RoleRates:
        """The same table with a school's own rates (pounds an hour) put in."""
        changed = dict(self.by_role)
        for role, rate in own.items():
            before = changed.get(role) or RoleRate(role, rate, False, "")
            changed[role] = replace(
                before, hourly_rate=rate, illustrative=False, note="Set for this map."
            )
        return RoleRates(changed)


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
