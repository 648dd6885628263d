"""The map as one plain table with its figures, for CSV."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from lti_tool.activities.provision_map_audit.document import MapRow
from lti_tool.activities.provision_map_audit.figures.costing import RowCost
from lti_tool.activities.provision_map_audit.figures.impact import Impact
from lti_tool.activities.provision_map_audit.figures.said import impact_in_words
from lti_tool.activities.provision_map_audit.rows import SCALE_WORDS
from lti_tool.activities.provision_map_audit.taking_out.map_columns import HEADINGS
from lti_tool.activities.provision_map_audit.taking_out.map_sheet import (
    exact_rate,
    staff_in_words,
)
from lti_tool.activities.provision_map_audit.taking_out.sheet_pen import NOT_KNOWN
from lti_tool.activities.provision_map_audit.taking_out.taken import Taken
from lti_tool.activities.provision_map_audit.words import Words
from lti_tool.papers.tables import Cell, Table

_FIGURES = (
    ("session_hours", "Session hours (worked out)"),
    ("staff_hours", "Staff hours (worked out)"),
    ("staff_cost", "Staff cost (worked out)"),
    ("total_cost", "Total cost (worked out)"),
    ("pupils_reached", "Pupils counted (worked out)"),
    ("cost_per_pupil", "Cost per pupil (worked out)"),
    ("cost_per_hour_received", "Cost per hour a pupil receives (worked out)"),
)
_FIELDS = (
    *("name", "area", "tier", "target_group", "start_on", "end_on", "weeks", "sessions_per_week"),
    *("minutes_per_session", "group_size", "groups", "pupils_reached", "staff", "other_cost"),
    *("aim", "evidence_base", "delivered_percent", "measure", "scale", "entry_score"),
    *("exit_score", "pupils_measured", "met_target", "months_between", "confidence_band"),
    *("pupil_view", "parent_view", "rating", "decision", "review_on", "notes"),
)
_PENNY = Decimal("0.01")


def to_table(taken: Taken) -> Table:
    """Every row as typed, then its hours, costs and impact; money and hours to two places."""
    headings = [HEADINGS[field] for field in _FIELDS]
    together = zip(taken.rows, taken.figures.cost.rows, taken.picture.impacts, strict=True)
    return Table(
        "Provision map",
        (*headings, *(heading for _, heading in _FIGURES), "Impact (worked out)"),
        [_line(one, cost, impacts, taken.words) for one, cost, impacts in together],
    )


def _line(one: MapRow, cost: RowCost, impacts: tuple[Impact, ...], words: Words) -> list[Cell]:
    row = one.row
    said = {
        "area": words.area_labels.get(row.area or "", ""),
        "tier": words.tier_labels.get(row.tier or "", ""),
        "staff": staff_in_words(row, words, exact_rate),
        "scale": SCALE_WORDS.get(row.scale, row.scale),
        "other_cost": NOT_KNOWN if row.other_cost is None else row.other_cost,
    }
    typed: list[Cell] = [said[field] if field in said else getattr(row, field) for field in _FIELDS]
    figures: list[Cell] = [_rounded(getattr(cost, name)) for name, _ in _FIGURES]
    impact = "; ".join(map(impact_in_words, impacts)) or "not measured"
    return [*typed, *figures, impact]


def _rounded(value: Decimal | None) -> Cell:
    return NOT_KNOWN if value is None else value.quantize(_PENNY, rounding=ROUND_HALF_UP)
