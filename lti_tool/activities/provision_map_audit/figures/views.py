"""The participant's pages of figures: costs, coverage, impact, reviews, completeness."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from lti_tool.activities.provision_map_audit import workbench
from lti_tool.activities.provision_map_audit.figures import charted, said
from lti_tool.activities.provision_map_audit.figures.costing import Totals, pounds
from lti_tool.activities.provision_map_audit.figures.coverage import Gap
from lti_tool.activities.provision_map_audit.figures.picture import MapPicture, picture_of
from lti_tool.activities.provision_map_audit.figures.shown import labels_of
from lti_tool.activities.provision_map_audit.figures.statements import field_label
from lti_tool.activities.provision_map_audit.pages import page
from lti_tool.activities.provision_map_audit.rows import AREAS, TIERS
from lti_tool.core import clock
from lti_tool.people import visits
from lti_tool.web.policy import who_may

# One provision in a cell is pale, however few the map has.
PALEST = 4
SECTIONS = (
    ("costs", "Costs", "figures"),
    ("coverage", "Coverage", "coverage"),
    ("impact", "Impact", "impact"),
    ("reviews", "Reviews", "reviews"),
    ("completeness", "Completeness", "completeness"),
    ("what-if", "What if", "what_if"),
)


def draw(bench: workbench.Workbench) -> MapPicture:
    """The picture of the work in hand, as of today in England."""
    today = clock.in_london(clock.now()).date()
    return picture_of(bench.document, bench.words, bench.rates, bench.rules, today)


def section_page(
    key: str, template: str, bench: workbench.Workbench, picture: MapPicture, **values: Any
) -> str:
    """A page of one section, with the way to the others."""
    handle = visits.current().handle
    sections = [
        (one == key, label, url_for(f"provision_map_audit.{endpoint}", handle=handle))
        for one, label, endpoint in SECTIONS
    ]
    return page(
        template, bench, sections=sections, picture=picture, pounds=pounds, said=said, **values
    )


def _named(by: Any, labels: dict[str | None, str]) -> dict[str, Totals]:
    return {label: by[key] for key, label in labels.items() if key in by}


def figures(handle: str) -> ResponseReturnValue:
    """What the map costs: in all, so far, by area, tier and staff role, and row by row."""
    bench = workbench.open_workbench()
    picture = draw(bench)
    cost, words = picture.cost, bench.words
    return section_page(
        "costs",
        "figures.html",
        bench,
        picture,
        by_area=_named(cost.by_area, labels_of(AREAS, words.area_labels, cost.by_area)),
        by_tier=_named(cost.by_tier, labels_of(TIERS, words.tier_labels, cost.by_tier)),
        bars_of=charted.bars_of,
        year_weeks=picture.profile.weeks or words.year.weeks,
    )


def coverage(handle: str) -> ResponseReturnValue:
    """Where provision lies by area and tier, and the gaps."""
    bench = workbench.open_workbench()
    picture = draw(bench)
    by = picture.cost.by_area_and_tier
    areas = labels_of(AREAS, bench.words.area_labels, {area for area, _ in by})
    tiers = labels_of(TIERS, bench.words.tier_labels, {tier for _, tier in by})
    names: dict[tuple[str | None, str | None], list[str]] = {}
    for row in picture.provisions:
        names.setdefault((row.area, row.tier), []).append(row.name or "Name not given")
    pupils = picture.profile.by_area(bench.rules.need_areas)
    gaps: dict[str, list[Gap]] = {}
    for gap in picture.gaps:
        gaps.setdefault(gap.area, []).append(gap)
    return section_page(
        "coverage",
        "figures_coverage.html",
        bench,
        picture,
        gaps=gaps,
        heat_top=max(PALEST, *(total.rows for total in by.values()), 0),
        areas=areas,
        tiers=tiers,
        names=names,
        pupils=pupils,
    )


def impact(handle: str) -> ResponseReturnValue:
    """What each measure says, cost against impact, and what was not measured."""
    bench = workbench.open_workbench()
    picture = draw(bench)
    lines = charted.impact_lines(picture)
    plots = [
        (
            "gain",
            "Cost per pupil against months gained per month",
            "Months gained per month",
            charted.gain_points(lines),
            "",
        ),
        (
            "target",
            "Cost per pupil against pupils who met their target",
            "Percent who met the target",
            charted.target_points(lines),
            "%",
        ),
    ]
    return section_page(
        "impact",
        "figures_impact.html",
        bench,
        picture,
        lines=lines,
        plots=plots,
        marks_along=charted.marks_along,
    )


def reviews(handle: str) -> ResponseReturnValue:
    """When provision is to be reviewed; what is overdue."""
    bench = workbench.open_workbench()
    picture = draw(bench)
    return section_page(
        "reviews",
        "figures_reviews.html",
        bench,
        picture,
        months=charted.review_months(picture.reviews),
    )


def completeness(handle: str) -> ResponseReturnValue:
    """How many rows have each field."""
    bench = workbench.open_workbench()
    picture = draw(bench)
    labels = {one.key: field_label(one.key, bench.words) for one in picture.completeness}
    return section_page("completeness", "figures_complete.html", bench, picture, labels=labels)


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into the activity's blueprint."""
    may = who_may("participant")
    blueprint.get("/figures")(may(figures))
    blueprint.get("/figures/coverage")(may(coverage))
    blueprint.get("/figures/impact")(may(impact))
    blueprint.get("/figures/reviews")(may(reviews))
    blueprint.get("/figures/completeness")(may(completeness))
