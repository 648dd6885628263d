"""What is typical of a group's audits, as a tutor sees it: a picture and tables, nobody's name."""

from collections.abc import Sequence

from flask import render_template
from markupsafe import Markup

from lti_tool.activities.provision_map_audit.document import Document
from lti_tool.activities.provision_map_audit.framework import Framework, load_framework
from lti_tool.activities.provision_map_audit.rows import SCALE_WORDS, TIERS
from lti_tool.activities.provision_map_audit.tutor.patterns import (
    SHOWN_AREAS,
    Patterns,
    Range,
    load_limits,
    look_at,
    patterns_of,
)
from lti_tool.activities.provision_map_audit.words import Words
from lti_tool.activities.provision_map_audit.workbench import shipped_rates, words_in_force
from lti_tool.people import visits

HIDDEN = "hidden"
Cell = tuple[int | None, str]


def _count(value: int | None) -> str:
    return HIDDEN if value is None else str(value)


def _gap_cells(patterns: Patterns) -> dict[tuple[int, int], Cell]:
    """The cells of the picture, by place; a hidden one is drawn as nothing known."""
    cells: dict[tuple[int, int], Cell] = {}
    for r, area in enumerate(SHOWN_AREAS):
        for c, tier in enumerate(TIERS):
            found = patterns.gaps[area, tier]
            cells[r, c] = (found or None, "?" if found is None else str(found))
    return cells


def _gap_lines(patterns: Patterns, words: Words) -> list[list[str]]:
    return [
        [words.area_labels.get(area, area)] + [_count(patterns.gaps[area, tier]) for tier in TIERS]
        for area in SHOWN_AREAS
    ]


def _range_line(label: str, found: Range | None, sign: str, unit: str = "") -> list[str]:
    if found is None:
        return [label, HIDDEN, HIDDEN, HIDDEN]
    return [label, *(f"{sign}{value:,}{unit}" for value in (found.low, found.middle, found.high))]


def _cost_lines(patterns: Patterns, words: Words) -> list[list[str]]:
    return [
        _range_line("Whole map", patterns.total_cost, "£"),
        _range_line("Per pupil place", patterns.cost_per_place, "£"),
        *(
            _range_line(words.area_labels.get(area, area), found, "£")
            for area, found in patterns.cost_by_area.items()
        ),
    ]


def _short_lines(patterns: Patterns, framework: Framework) -> list[tuple[str, int | None]]:
    """Parts by how many left them short, the most first; those hidden at the end."""
    titles = {part.id: part.title for part in framework.parts}
    lines = [(titles[part], count) for part, count in patterns.short_parts.items()]
    return sorted(lines, key=lambda one: -1 if one[1] is None else one[1], reverse=True)


def render_cohort(works: Sequence[Document]) -> Markup:
    """The patterns of these pieces, or why there is nothing to show; headings begin at level 2."""
    config_dir = visits.settings_of_app().config_dir
    framework, words = load_framework(config_dir), words_in_force(config_dir)
    limits, rates = load_limits(config_dir), shipped_rates(config_dir)
    pieces = [look_at(work, framework, rates, limits) for work in works]
    patterns = patterns_of(pieces, [part.id for part in framework.parts], limits)
    shown: dict[str, object] = {"patterns": patterns, "limits": limits, "hidden": HIDDEN}
    if patterns is not None:
        shown |= {
            "areas": [words.area_labels.get(area, area) for area in SHOWN_AREAS],
            "tiers": [words.tier_labels.get(tier, tier) for tier in TIERS],
            "gap_cells": _gap_cells(patterns),
            "gap_lines": _gap_lines(patterns, words),
            "cost_lines": _cost_lines(patterns, words),
            "short_lines": _short_lines(patterns, framework),
            "scale_lines": [
                [SCALE_WORDS[scale].capitalize(), _count(count)]
                for scale, count in patterns.scales.items()
            ],
            "measured": _range_line("", patterns.not_measured, "", "%")[1:],
            "count": _count,
        }
    return Markup(render_template("provision_map_audit/patterns.html", **shown))
