"""A map's cost against the school's notional SEN budget, and the threshold with its year.

The notional budget is a guide inside the school's whole budget: not ring-fenced, and not the
threshold times the pupils with SEN. The threshold does not apply to special schools. Both are data:
`config/rules/costing.yaml` ships the threshold and a school puts its own figures in its profile.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from lti_tool.activities.provision_map_audit.figures.profile import Profile
from lti_tool.activities.provision_map_audit.words import (
    decimal_at,
    read_yaml,
    section,
    string_list,
)


@dataclass(frozen=True)
class Threshold:
    """Pounds a pupil and year that a mainstream school meets itself, the year, and the source."""

    amount: Decimal
    year: str
    source: str
    not_for: tuple[str, ...] = ()


@dataclass(frozen=True)
class BudgetShare:
    """A cost as a share of the notional budget: percent, the budget in pounds, its year."""

    percent: Decimal
    budget: Decimal
    year: str


def load_threshold(config_dir: Path) -> Threshold:
    """The shipped threshold; raises WordsUnusable naming the file and the key."""
    path = config_dir / "rules" / "costing.yaml"
    given = section(read_yaml(path), "threshold", path)
    return Threshold(
        decimal_at(given, "amount", path),
        str(given.get("year", "")),
        str(given.get("source", "")),
        tuple(string_list(given, "not_for", path)),
    )


def threshold_for(profile: Profile, shipped: Threshold) -> Threshold | None:
    """The threshold in force: the school's own if given, else the shipped; None where none is.

    A special school has no threshold, whatever is typed.
    """
    if profile.phase in shipped.not_for:
        return None
    if profile.threshold is None:
        return shipped
    source = profile.sources.get("threshold", "Set for this school.")
    return Threshold(profile.threshold, profile.threshold_year, source, shipped.not_for)


def share_of_budget(cost: Decimal | None, profile: Profile) -> BudgetShare | None:
    """A cost (pounds) as percent of the notional budget; None where either is not known or 0."""
    budget = profile.notional_budget
    if cost is None or profile.left_out or not budget:
        return None
    return BudgetShare(cost * 100 / budget, budget, profile.budget_year)
