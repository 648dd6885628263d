"""The frozen work as a marker, and its author on the receipt, read it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask import render_template
from markupsafe import Markup

from lti_tool.activities.provision_map_audit.document import (
    Document,
    current,
    rates_in_force,
)
from lti_tool.activities.provision_map_audit.figures import said
from lti_tool.activities.provision_map_audit.figures.costing import pounds
from lti_tool.activities.provision_map_audit.figures.impact import NOT_CONTROLLED
from lti_tool.activities.provision_map_audit.figures.picture import picture_of
from lti_tool.activities.provision_map_audit.figures.said import number as hours
from lti_tool.activities.provision_map_audit.figures.shown import shown_of
from lti_tool.activities.provision_map_audit.figures.shown_needs import needs_table
from lti_tool.activities.provision_map_audit.framework import load_framework
from lti_tool.activities.provision_map_audit.places import (
    FIGURES,
    MAP,
    PLAN,
    places,
    row_anchor,
)
from lti_tool.activities.provision_map_audit.rows import SCALE_WORDS, Measure, ProvisionRow
from lti_tool.activities.provision_map_audit.workbench import (
    rules_in_force,
    shipped_rates,
    words_in_force,
)
from lti_tool.activities.provision_map_audit.written.ledger import statements_in
from lti_tool.activities.provision_map_audit.written.plan_shown import plan_of
from lti_tool.activities.provision_map_audit.written.shown import written_of
from lti_tool.catalogue.contract import Anchor, Slot, nothing_beside
from lti_tool.core import clock
from lti_tool.people import visits


def anchors(work: Document) -> tuple[Anchor, ...]:
    """The places of the work that can be remarked on."""
    return places(work, load_framework(visits.settings_of_app().config_dir))


def _number(value: Decimal | None) -> str:
    return "?" if value is None else hours(value)


def time_in_words(row: ProvisionRow) -> list[str]:
    """When and how much, a line each: 30 min × 3 a week × 10 weeks; 2 groups; dates."""
    lines = []
    if row.minutes_per_session is not None or row.sessions_per_week is not None:
        minutes, sessions = _number(row.minutes_per_session), _number(row.sessions_per_week)
        lines.append(f"{minutes} min × {sessions} a week × {_number(row.weeks)} weeks")
    elif row.weeks is not None:
        lines.append(f"{_number(row.weeks)} weeks")
    if row.groups != 1:
        lines.append(f"{hours(row.groups)} groups")
    if row.start_on or row.end_on:
        ends = [f"{one.day} {one:%b %Y}" if one else "?" for one in (row.start_on, row.end_on)]
        lines.append(" to ".join(ends))
    if row.delivered_percent is not None:
        lines.append(f"{hours(row.delivered_percent)}% delivered")
    return lines


def staff_in_words(row: ProvisionRow, labels: Mapping[str, str]) -> list[str]:
    """Who delivers it: 2 × teaching assistant."""
    return [
        f"{hours(share.count)} × {labels.get(share.role, share.role)}"
        + ("" if share.hourly_rate is None else f" at {pounds(share.hourly_rate)} an hour")
        for share in row.staff
    ]


def measure_in_words(one: Measure) -> str:
    """A measure with its two scores: Salford (reading age): 7y 6m to 8y 1m; 5 measured."""
    kind = SCALE_WORDS.get(one.scale, one.scale)
    name = " ".join(filter(None, (one.measure, f"({kind})" if kind else ""))) or "Measure not named"
    parts = []
    if one.entry_score or one.exit_score:
        parts.append(f"{one.entry_score or '?'} to {one.exit_score or 'not yet'}")
    if one.pupils_measured is not None:
        parts.append(f"{hours(one.pupils_measured)} measured")
    if one.met_target is not None:
        parts.append(f"{hours(one.met_target)} met their target")
    if one.months_between is not None:
        parts.append(f"{hours(one.months_between)} months between")
    if one.confidence_band is not None:
        parts.append(f"band ±{hours(one.confidence_band)}")
    return f"{name}: {'; '.join(parts)}" if parts else name


def render_for_marking(work: Document, slot: Slot = nothing_beside) -> Markup:
    """The work as a fragment whose headings begin at level 3: map, figures, parts, plan.

    :param slot: what stands beside a row, a part, the plan.
    """
    document = current(work)
    config_dir = visits.settings_of_app().config_dir
    words = words_in_force(config_dir)
    rates = rates_in_force(document, shipped_rates(config_dir))
    today = clock.in_london(clock.now()).date()
    picture = picture_of(document, words, rates, rules_in_force(config_dir), today)
    shown: dict[str, Any] = {
        "time_in_words": time_in_words,
        "staff_in_words": staff_in_words,
        "measure_in_words": measure_in_words,
        "row_anchor": row_anchor,
        "at": {"figures": FIGURES, "map": MAP, "plan": PLAN},
    }
    return Markup(
        render_template(
            "provision_map_audit/work.html",
            rows=picture.rows,
            picture=picture,
            figures=shown_of(picture.cost, picture.rows, words),
            needs=needs_table(picture.profile, picture.rules),
            said=said,
            not_controlled=NOT_CONTROLLED,
            plan=plan_of(document),
            written=written_of(document, config_dir, statements_in(document, config_dir)),
            pounds=pounds,
            hours=hours,
            words=words,
            slot=slot,
            **shown,
        )
    )
