"""Counts of pupils by need as others may see them: small numbers hidden."""

from __future__ import annotations

from dataclasses import dataclass

from lti_tool.activities.provision_map_audit.figures.profile import LEVELS, Profile
from lti_tool.activities.provision_map_audit.figures.rules import FigureRules
from lti_tool.activities.provision_map_audit.figures.suppress import (
    TOTAL,
    SuppressedTable,
    suppressed_table,
)


@dataclass(frozen=True)
class NeedLine:
    """One need, or the total: its code, its label, and its counts in words."""

    key: str
    label: str
    support: str
    ehc: str
    both: str


def suppressed_needs(profile: Profile, needs: list[str]) -> SuppressedTable:
    """The school's counts by need and level, fit for others to see."""
    counts: dict[tuple[str, str], int | None] = {}
    for level, given in zip(LEVELS, (profile.support, profile.ehc), strict=True):
        counts.update({(need, level): int(count) for need, count in given.items()})
    return suppressed_table(counts, needs, LEVELS)


def needs_table(profile: Profile, rules: FigureRules) -> list[NeedLine]:
    """Lines for the needs that have a count, and the total; empty where no count is given."""
    if profile.left_out or profile.pupils_with_sen is None:
        return []
    given = {**profile.support, **profile.ehc}
    needs = [code for code in rules.needs if code in given]
    needs += [code for code in given if code not in rules.needs]
    table = suppressed_needs(profile, needs)
    labels = {**{need: rules.needs.get(need, need) for need in needs}, TOTAL: "All needs"}
    return [
        NeedLine(
            key,
            label,
            table.shown(key, LEVELS[0]),
            table.shown(key, LEVELS[1]),
            table.shown(key, TOTAL),
        )
        for key, label in labels.items()
    ]
