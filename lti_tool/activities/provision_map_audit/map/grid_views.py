"""What the grid's script asks for: the whole map as cells, and its changes saved.

Answers are JSON. Figures, readings and checks are worked out here, never in the page.
"""

import json
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from lti_tool.activities.provision_map_audit import document as documents
from lti_tool.activities.provision_map_audit import workbench
from lti_tool.activities.provision_map_audit.document import MapRow
from lti_tool.activities.provision_map_audit.figures.costing import RowCost, pounds
from lti_tool.activities.provision_map_audit.figures.said import number as hours
from lti_tool.activities.provision_map_audit.figures.shown import Figures, work_out
from lti_tool.activities.provision_map_audit.map.cells import shown_cells, why_unread
from lti_tool.activities.provision_map_audit.map.checks import Doubt, check_map
from lti_tool.activities.provision_map_audit.map.grid_changes import GridChanges, Outcome
from lti_tool.activities.provision_map_audit.map.grid_columns import (
    BULK_FIELDS,
    SETS,
    list_columns,
)
from lti_tool.activities.provision_map_audit.map.limits import Limits
from lti_tool.activities.provision_map_audit.map.sense import limits_of
from lti_tool.core import clock
from lti_tool.core.errors import Unusable
from lti_tool.coursework.operations import ChangedElsewhere
from lti_tool.web.policy import who_may

_BULK_ROWS = 5
"""From so many rows on, a change in one go is worth keeping the state before."""


class _Picture:
    """A map as the grid shows it."""

    def __init__(self, bench: workbench.Workbench, document: documents.Document) -> None:
        self.bench, self.limits = bench, limits_of(bench.config_dir)
        self.rows = documents.map_rows(document)
        rates = documents.rates_in_force(document, workbench.shipped_rates(bench.config_dir))
        self.figures: Figures = work_out(self.rows, rates, bench.words)
        self.doubts: dict[str, list[Doubt]] = {}
        for doubt in check_map(self.rows, self.limits, bench.words):
            self.doubts.setdefault(doubt.row, []).append(doubt)

    def row(self, one: MapRow, cost: RowCost) -> dict[str, Any]:
        """One row: its cells, what was worked out, what cannot be read, what to look at."""
        words, limits = self.bench.words, self.limits
        return {
            "id": one.id,
            "cells": shown_cells(one, words, limits),
            "own": {
                "staff_hours": hours(cost.staff_hours),
                "total_cost": pounds(cost.total_cost),
                "per_pupil": pounds(cost.cost_per_pupil),
            },
            "unread": why_unread(one, words, limits),
            "doubts": [
                {"field": doubt.field, "sentence": doubt.sentence, "kind": doubt.kind}
                for doubt in self.doubts.get(one.id, ())
            ],
        }

    def listed(self, wanted: set[str] | None = None) -> list[dict[str, Any]]:
        """Rows in their order; only those wanted where that is said."""
        pairs = zip(self.rows, self.figures.cost.rows, strict=True)
        return [self.row(one, cost) for one, cost in pairs if wanted is None or one.id in wanted]

    def totals(self) -> dict[str, str]:
        """The totals as the page shows them."""
        total = self.figures.total
        return {
            "rows": str(total.rows),
            "staff_hours": hours(total.staff_hours),
            "staff_cost": pounds(total.staff_cost),
            "total_cost": pounds(total.total_cost),
            "cost_per_place": pounds(total.cost_per_place),
            "not_costed": str(len(self.figures.cost.rows_not_costed)),
        }


def show_grid(handle: str) -> ResponseReturnValue:
    """The whole map as cells, with its columns."""
    bench = workbench.open_workbench()
    picture = _Picture(bench, bench.document)
    return jsonify(
        revision=bench.work.revision,
        columns=list_columns(bench.words, picture.limits),
        sets=SETS,
        bulk=BULK_FIELDS,
        rows=picture.listed(),
        totals=picture.totals(),
    )


def save_changes(handle: str) -> ResponseReturnValue:
    """Save changes of cells and rows; those that somebody else made meanwhile are kept too."""
    bench = workbench.open_workbench()
    limits = limits_of(bench.config_dir)
    changes = GridChanges(bench.document, bench.words, limits)
    changes.apply(_posted())
    document, outcome = changes.document, changes.outcome
    revision = bench.work.revision
    if document != bench.document or bench.work.is_handed_in:
        try:
            revision = workbench.save(bench, document, revision, keep=_worth_keeping(outcome))
        except ChangedElsewhere:
            # Somebody else saved between our reading and our writing: the page sends it again.
            return jsonify(sentence="Another tab was saving. Trying again.", again=True), 409
    return jsonify(_answer(bench, document, limits, outcome, revision))


def _posted() -> object:
    try:
        return json.loads(request.form.get("changes", ""))
    except (ValueError, RecursionError) as error:
        raise Unusable("These changes could not be read. Reload the page.") from error


def _worth_keeping(outcome: Outcome) -> str | None:
    if outcome.removed:
        return "before rows were removed" if outcome.removed > 1 else "before a row was removed"
    if len(outcome.touched) >= _BULK_ROWS:
        return f"before {len(outcome.touched)} rows were changed at once"
    return None


def _answer(
    bench: workbench.Workbench,
    document: documents.Document,
    limits: Limits,
    outcome: Outcome,
    revision: int,
) -> dict[str, Any]:
    """What the page shows: rows touched, or all of them where somebody else saved meanwhile."""
    picture = _Picture(bench, document)
    known = workbench.posted_revision(request.form.get("revision", ""))
    moved = known != bench.work.revision
    return {
        "revision": revision,
        "saved_at_label": clock.time_of_day(clock.now()),
        "all": moved,
        "rows": picture.listed(None if moved else set(outcome.touched)),
        "said": outcome.said,
        "refused": outcome.refused,
        "conflicts": outcome.conflicts,
        "gone": outcome.gone,
        "totals": picture.totals(),
    }


def add_to(blueprint: Blueprint) -> None:
    """Put these addresses into the activity's blueprint."""
    may = who_may("participant")
    blueprint.get("/map/grid")(may(show_grid))
    blueprint.post("/map/changes")(may(save_changes))
