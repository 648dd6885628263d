"""Everything worked out about one map, once: what the pages, the statements and exports draw from.

A picture is made for one request and kept nowhere. It knows no page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lti_tool.activities.provision_map_audit.document import MapRow, current, map_rows
from lti_tool.activities.provision_map_audit.figures.budget import (
    BudgetShare,
    Threshold,
    share_of_budget,
    threshold_for,
)
from lti_tool.activities.provision_map_audit.figures.by_role import RoleTotal, cost_by_role
from lti_tool.activities.provision_map_audit.figures.completeness import FieldCount, count_fields
from lti_tool.activities.provision_map_audit.figures.costing import MapCost, cost_map
from lti_tool.activities.provision_map_audit.figures.coverage import Gap, find_gaps
from lti_tool.activities.provision_map_audit.figures.impact import Impact, impact_of
from lti_tool.activities.provision_map_audit.figures.profile import Profile
from lti_tool.activities.provision_map_audit.figures.rates import RoleRates
from lti_tool.activities.provision_map_audit.figures.reviews import Review, list_reviews
from lti_tool.activities.provision_map_audit.figures.rules import FigureRules
from lti_tool.activities.provision_map_audit.figures.when import MapToDate, map_to_date
from lti_tool.activities.provision_map_audit.rows import ProvisionRow
from lti_tool.activities.provision_map_audit.words import Words


@dataclass(frozen=True)
class MapPicture:
    """A map, its school, the rules and rates in force, and the day it is looked at (in England).

    Each figure is worked out when it is first asked for.
    """

    rows: list[MapRow]
    profile: Profile
    words: Words
    rates: RoleRates
    rules: FigureRules
    today: dt.date

    @cached_property
    def provisions(self) -> list[ProvisionRow]:
        """The rows as provisions."""
        return [one.row for one in self.rows]

    @cached_property
    def cost(self) -> MapCost:
        """Hours and pounds of the full plan."""
        return cost_map(self.provisions, self.rates)

    @cached_property
    def to_date(self) -> MapToDate:
        """Pounds so far."""
        return map_to_date(self.provisions, self.cost.rows, self.today, self.rules.holidays)

    @cached_property
    def impacts(self) -> list[tuple[Impact, ...]]:
        """What each row's measures say, row by row."""
        return [impact_of(row, self.rules) for row in self.provisions]

    @cached_property
    def by_role(self) -> Mapping[str, RoleTotal]:
        """Hours and pounds by staff role."""
        return cost_by_role(self.provisions, self.cost.rows, self.rates)

    @cached_property
    def gaps(self) -> list[Gap]:
        """Broad areas and tiers without provision."""
        return find_gaps(self.cost, self.profile.by_area(self.rules.need_areas))

    @cached_property
    def reviews(self) -> list[Review]:
        """Every row's review."""
        return list_reviews(self.provisions, self.today)

    @cached_property
    def completeness(self) -> list[FieldCount]:
        """How many rows have each field."""
        return count_fields(self.provisions)

    @property
    def budget_share(self) -> BudgetShare | None:
        """The whole map against the notional budget."""
        total = self.cost.total
        return share_of_budget(total.total_cost if total.rows_costed else None, self.profile)

    @property
    def threshold(self) -> Threshold | None:
        """The threshold in force; None where the school has none."""
        return threshold_for(self.profile, self.rules.threshold)

    @property
    def not_measured(self) -> list[MapRow]:
        """Rows whose measures give no figure at all."""
        return [
            row
            for row, found in zip(self.rows, self.impacts, strict=True)
            if not any(one.says_something for one in found)
        ]


def picture_of(
    document: Mapping[str, Any],
    words: Words,
    rates: RoleRates,
    rules: FigureRules,
    today: dt.date,
) -> MapPicture:
    """The picture of a document.

    :param rates: those in force for it (`document.rates_in_force`).
    :param today: the day in England.
    """
    newest = current(document)
    return MapPicture(map_rows(newest), Profile.from_document(newest), words, rates, rules, today)
