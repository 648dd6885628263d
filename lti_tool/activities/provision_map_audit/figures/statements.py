"""A ledger of figures that can be cited in the written parts, each under an id that stays.

Ids are built from what a figure is of, never from its place: `cost.total`, `cost.area.semh`,
`row.r12.cost`. They go to a tutor with the work, so counts of pupils from the profile appear only
as far as small numbers allow.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lti_tool.activities.provision_map_audit.figure_rules import FigureRules
from lti_tool.activities.provision_map_audit.figures.costing import Totals, pounds
from lti_tool.activities.provision_map_audit.figures.picture import MapPicture, picture_of
from lti_tool.activities.provision_map_audit.figures.reviews import NO_DATE, OVERDUE
from lti_tool.activities.provision_map_audit.figures.said import (
    NOT_KNOWN,
    count,
    day,
    hours_known,
    impact_in_words,
    number,
    percent,
)
from lti_tool.activities.provision_map_audit.figures.shown_needs import needs_table
from lti_tool.activities.provision_map_audit.rates import RoleRates
from lti_tool.activities.provision_map_audit.words import Words


@dataclass(frozen=True)
class Statement:
    """One figure: an id that stays, what it is, and its value in words."""

    id: str
    label: str
    text: str


def list_statements(
    document: Mapping[str, Any],
    words: Words,
    rates: RoleRates,
    bands: FigureRules,
    today: dt.date,
) -> list[Statement]:
    """Every figure of a document: the map, areas, tiers, roles, gaps, the school, then each row.

    :param rates: those in force for it (`document.rates_in_force`).
    :param bands: the rules of `rules.load_rules`.
    :param today: the day in England.
    """
    picture = picture_of(document, words, rates, bands, today)
    if not picture.rows:
        return list(_of_school(picture))
    return [
        *_of_map(picture),
        *_of_parts(picture),
        *_of_gaps(picture),
        *_of_school(picture),
        *_of_rows(picture),
    ]


def _costed(total: Totals) -> str:
    """A total with how many rows it covers, where not all."""
    if not total.rows_costed:
        return NOT_KNOWN
    left = total.rows - total.rows_costed
    text = pounds(total.total_cost)
    return f"{text} ({count(left, 'row')} not costed)" if left else text


def _of_map(picture: MapPicture) -> Iterator[Statement]:
    total, to_date = picture.cost.total, picture.to_date
    yield Statement("map.rows", "Provisions in the map", str(total.rows))
    yield Statement("cost.total", "Total cost of the full plan", _costed(total))
    if total.rows_costed:
        yield Statement("cost.staff", "Staff cost of the full plan", pounds(total.staff_cost))
        yield Statement("cost.other", "Other cost of the full plan", pounds(total.other_cost))
        worked = hours_known(total.staff_hours, total.rows_costed, total.rows_without_hours)
        yield Statement("hours.staff", "Staff hours of the full plan", worked)
        yield Statement("cost.per_place", "Cost per pupil place", pounds(total.cost_per_place))
    so_far = NOT_KNOWN
    if to_date.rows_known:
        so_far = (
            f"{pounds(to_date.cost)} of {pounds(to_date.full)} by {day(picture.today)} "
            f"({to_date.rows_known} of {count(total.rows, 'row')})"
        )
    yield Statement("cost.to_date", "Cost to date", so_far)
    late = sum(one.state == OVERDUE for one in picture.reviews)
    dateless = sum(one.state == NO_DATE for one in picture.reviews)
    yield Statement("reviews.overdue", "Reviews overdue", str(late))
    yield Statement("reviews.no_date", "Rows without a review date", str(dateless))
    missed = len(picture.not_measured)
    yield Statement(
        "impact.not_measured", "Impact not measured", f"{missed} of {count(total.rows, 'row')}"
    )
    for field in picture.completeness:
        label = field_label(field.key, picture.words)
        yield Statement(
            f"complete.{field.key}",
            f"{label}: rows that have it",
            f"{field.given} of {field.rows} ({field.percent}%)",
        )


def field_label(key: str, words: Words) -> str:
    """What a field of a row is called on screen."""
    return words.labels.get(key, key.replace("_", " ").capitalize())


def _of_parts(picture: MapPicture) -> Iterator[Statement]:
    words, cost = picture.words, picture.cost
    for area, total in cost.by_area.items():
        name = words.area_labels.get(area or "", "Area not stated")
        yield Statement(f"cost.area.{area or 'none'}", f"Cost: {name}", _costed(total))
    for tier, total in cost.by_tier.items():
        name = words.tier_labels.get(tier or "", "Tier not stated")
        yield Statement(f"cost.tier.{tier or 'none'}", f"Cost: {name}", _costed(total))
    for role, found in picture.by_role.items():
        name = words.role_labels.get(role, role)
        worked = hours_known(found.hours, found.rows, found.rows_without_hours)
        hours = "hours not known" if worked == NOT_KNOWN else f"{worked} hours"
        yield Statement(
            f"cost.role.{role}", f"Staff cost: {name}", f"{pounds(found.cost)}, {hours}"
        )


def _of_gaps(picture: MapPicture) -> Iterator[Statement]:
    words = picture.words
    for gap in picture.gaps:
        area, tier = words.area_labels.get(gap.area, gap.area), words.tier_labels.get(gap.tier)
        yield Statement(f"gap.{gap.area}.{gap.tier}", f"Gap: {area}, {tier}", "no provision")


def _of_school(picture: MapPicture) -> Iterator[Statement]:
    profile, share = picture.profile, picture.budget_share
    if profile.left_out:
        return
    if profile.phase:
        label = picture.rules.phases.get(profile.phase, profile.phase)
        yield Statement("school.phase", "Phase", label)
    if profile.roll is not None:
        yield Statement("school.roll", "Pupils on roll", number(profile.roll))
    if profile.notional_budget is not None:
        year = f" for {profile.budget_year}" if profile.budget_year else ""
        yield Statement(
            "budget.notional", "Notional SEN budget", pounds(profile.notional_budget) + year
        )
    if share is not None:
        yield Statement(
            "budget.share", "Full plan as a share of the notional budget", percent(share.percent)
        )
    for line in needs_table(profile, picture.rules):
        yield Statement(f"needs.{line.key}.support", f"{line.label}, SEN support", line.support)
        yield Statement(f"needs.{line.key}.ehc", f"{line.label}, EHC plan", line.ehc)


def _of_rows(picture: MapPicture) -> Iterator[Statement]:
    together = zip(
        picture.rows, picture.cost.rows, picture.to_date.rows, picture.impacts, strict=True
    )
    for one, cost, so_far, impacts in together:
        name, key = one.row.name or "Name not given", f"row.{one.id}"
        yield Statement(f"{key}.cost", f"{name}: total cost", pounds(cost.total_cost))
        yield Statement(f"{key}.to_date", f"{name}: cost to date", pounds(so_far.cost))
        yield Statement(f"{key}.per_pupil", f"{name}: cost per pupil", pounds(cost.cost_per_pupil))
        yield Statement(
            f"{key}.per_hour",
            f"{name}: cost per hour received",
            pounds(cost.cost_per_hour_received),
        )
        yield Statement(f"{key}.hours", f"{name}: staff hours", number(cost.staff_hours))
        if not impacts:
            yield Statement(f"{key}.impact.1", f"{name}: impact", "not measured")
        for place, found in enumerate(impacts, 1):
            measure = found.measure.measure or "impact"
            yield Statement(f"{key}.impact.{place}", f"{name}: {measure}", impact_in_words(found))
