"""Comparing hours that the sheet worked out with the sessions, minutes and weeks beside them.

Called by `row_combining.py`; where they disagree the sessions are kept and the cell is named.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import product

from lti_tool.activities.provision_map_audit.importing.columns import ColumnMatch
from lti_tool.activities.provision_map_audit.importing.gathered import Gathered
from lti_tool.activities.provision_map_audit.sheets.cells import Cell
from lti_tool.core.numerals import plain

MOST_WEEKLY = Decimal(32 * 60)
MOST_SESSIONS = Decimal(25)
_PLAIN_HOURS = frozenset({"hours", "time", "hrs", "hour"})


def check_lengths(got: Gathered) -> None:
    """Name a cell of hours that fits neither one group nor all groups, one adult nor all adults."""
    minutes, sessions = got.values.get("minutes_per_session"), got.values.get("sessions_per_week")
    if not minutes or not sessions:
        return
    for column, cell, stated in got.lengths:
        if stated and not column.role:
            _check_one(got, column, cell, stated, minutes * sessions)


def _check_one(
    got: Gathered, column: ColumnMatch, cell: Cell, stated: Decimal, weekly: Decimal
) -> None:
    weeks: Decimal | None = got.values.get("weeks")
    spans: list[Decimal] = []
    if column.field == "time_per_week":
        spans.append(Decimal(1))
    elif column.field == "time_per_day":
        spans.append(Decimal(1) / 5)
    if weeks and (column.field == "total_time" or _is_plain(column)):
        spans.append(weeks)
    if not spans:
        return
    groups = Decimal(got.values.get("groups") or 1)
    adults = sum((share.count for share in got.values.get("staff", ())), Decimal(0)) or Decimal(1)
    one = Decimal(1)
    fits = (weekly * s * g * a for s, g, a in product(spans, (one, groups), (one, adults)))
    if any(abs(time - stated) <= max(one, time / 50) for time in fits):
        return
    ours = plain(round(weekly * spans[-1] / 60, 2))
    got.problem(
        column,
        cell,
        f"The sheet gives {plain(round(stated / 60, 2))} hours, and we make it {ours} from the "
        "sessions and minutes. We kept ours. Check which is right.",
    )


def _is_plain(column: ColumnMatch) -> bool:
    """A heading such as 'Hours', which does not say whether a week or the whole is meant."""
    return column.heading.strip(" :?*").casefold() in _PLAIN_HOURS


def week_or_all(got: Gathered, column: ColumnMatch, cell: Cell, stated: Decimal) -> Decimal:
    """Time a week from 'Hours' beside a session's minutes or number; always asked about."""
    weeks, minutes = got.values.get("weeks"), got.values.get("minutes_per_session")
    taken = stated
    too_much = stated > MOST_WEEKLY or (minutes and stated / minutes > MOST_SESSIONS)
    if too_much and weeks:
        what, taken = "the time in all", stated / Decimal(weeks)
    else:
        what = "the time of one week"
    got.problem(
        column,
        cell,
        f"We took this as {what}. Check it, or type the sessions in one week and the minutes of "
        "one session.",
    )
    return taken
