"""Where provision lies, by area of need and tier, and where there is none: gaps with their names.

Pure functions. A gap is something to think about, not a fault: an area may have no pupils. Where
the profile gives pupils by primary need, each area's own count stands beside its gaps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from lti_tool.activities.provision_map_audit.figures.costing import MapCost
from lti_tool.activities.provision_map_audit.rows import AREAS, TIERS

# Everything that is in no broad area; it can have no gap.
OTHER = "other"


@dataclass(frozen=True)
class Gap:
    """An area of need without provision in a tier; `pupils` have it as their primary need.

    `pupils` is None where the profile does not say.
    """

    area: str
    tier: str
    pupils: Decimal | None


def find_gaps(cost: MapCost, pupils_by_area: Mapping[str, Decimal] | None = None) -> list[Gap]:
    """Every broad area and tier without a row; areas with most pupils first.

    :param pupils_by_area: pupils by broad area, where the profile gives them.
    """
    known = pupils_by_area or {}
    gaps = [
        Gap(area, tier, known.get(area, Decimal(0)) if known else None)
        for area in AREAS
        for tier in TIERS
        if area != OTHER and (area, tier) not in cost.by_area_and_tier
    ]
    return sorted(gaps, key=lambda gap: -(gap.pupils or 0))
