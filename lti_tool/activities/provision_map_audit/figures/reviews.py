"""When provision is to be reviewed: what is overdue, what comes next, what has no date.

Pure functions. A day is a day in England. A review whose date has passed is overdue until a
decision is written into its row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from lti_tool.activities.provision_map_audit.rows import ProvisionRow

OVERDUE, TO_COME, DECIDED, NO_DATE = "overdue", "to_come", "decided", "no_date"


@dataclass(frozen=True)
class Review:
    """One row's review: its place in the map from 0, the day, and how it stands.

    `days` counts from today: negative for a day that has passed, None without a date.
    """

    index: int
    name: str
    on: dt.date | None
    days: int | None
    state: str
    decision: str


def list_reviews(rows: Sequence[ProvisionRow], today: dt.date) -> list[Review]:
    """Every row's review: by day, rows without a date last."""
    found = [_review(index, row, today) for index, row in enumerate(rows)]
    return sorted(found, key=lambda one: (one.on is None, one.on or today, one.index))


def _review(index: int, row: ProvisionRow, today: dt.date) -> Review:
    decision = row.decision.strip()
    if row.review_on is None:
        return Review(index, row.name, None, None, DECIDED if decision else NO_DATE, decision)
    days = (row.review_on - today).days
    state = TO_COME if days >= 0 else DECIDED if decision else OVERDUE
    return Review(index, row.name, row.review_on, days, state, decision)
