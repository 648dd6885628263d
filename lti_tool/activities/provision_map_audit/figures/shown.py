"""A map's figures ready to be shown: labels, totals, and rows for tables and charts."""

from collections.abc import Container, Mapping
from dataclasses import dataclass

from lti_tool.activities.provision_map_audit.document import MapRow
from lti_tool.activities.provision_map_audit.figures.costing import (
    MapCost,
    Totals,
    cost_map,
    pounds,
)
from lti_tool.activities.provision_map_audit.figures.said import hours_known
from lti_tool.activities.provision_map_audit.rates import RoleRates
from lti_tool.activities.provision_map_audit.rows import AREAS, TIERS
from lti_tool.activities.provision_map_audit.words import Words

NOT_STATED = "Not stated"


def _known(total: Totals) -> list[str]:
    """Staff hours, staff cost, other cost and total cost; nothing from rows that are not known."""
    if not total.rows_costed:
        return ["not known"] * 4
    return [
        hours_known(total.staff_hours, total.rows_costed, total.rows_without_hours),
        pounds(total.staff_cost),
        pounds(total.other_cost),
        pounds(total.total_cost),
    ]


@dataclass(frozen=True, slots=True)
class Figures:
    """All that the pages about figures show."""

    cost: MapCost
    total: Totals
    area_labels: dict[str | None, str]
    tier_labels: dict[str | None, str]

    def table(self, by: dict[str | None, Totals], labels: dict[str | None, str]) -> list[list[str]]:
        """Rows of a table of totals in the order of `labels`."""
        return [
            [
                labels[key],
                str(by[key].rows),
                *_known(by[key]),
                pounds(by[key].cost_per_place),
            ]
            for key in labels
            if key in by
        ]

    @property
    def coverage(self) -> dict[tuple[int, int], tuple[int | None, str]]:
        """How many provisions lie in each area and tier, by place in the two label lists."""
        cells: dict[tuple[int, int], tuple[int | None, str]] = {}
        for r, area in enumerate(self.area_labels):
            for c, tier in enumerate(self.tier_labels):
                found = self.cost.by_area_and_tier.get((area, tier))
                count = found.rows if found else 0
                cells[(r, c)] = (count or None, str(count) if count else "none")
        return cells


def labels_of(
    order: tuple[str, ...], names: Mapping[str, str], used: Container[str | None]
) -> dict[str | None, str]:
    """Codes with their labels in order; 'other' and 'not stated' only where a row has them."""
    found: dict[str | None, str] = {
        key: names.get(key, key) for key in order if key != "other" or key in used
    }
    if None in used:
        found[None] = NOT_STATED
    return found


def work_out(rows: list[MapRow], rates: RoleRates, words: Words) -> Figures:
    """Cost a map and make it ready to show."""
    return shown_of(cost_map([one.row for one in rows], rates), rows, words)


def shown_of(cost: MapCost, rows: list[MapRow], words: Words) -> Figures:
    """A map's costs, worked out before, ready to show."""
    provisions = [one.row for one in rows]
    return Figures(
        cost,
        cost.total,
        labels_of(AREAS, words.area_labels, {row.area for row in provisions}),
        labels_of(TIERS, words.tier_labels, {row.tier for row in provisions}),
    )
