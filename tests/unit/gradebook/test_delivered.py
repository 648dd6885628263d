"""How a released mark stands in the gradebook, by its delivery and what a comparison showed."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from lti_tool.gradebook.findings import AGREED, KEEP, OVERRIDDEN, SEND
from lti_tool.gradebook.measures import (
    CONFLICT,
    KEPT,
    NOT_SENT,
    ON_THE_WAY,
    REFUSED,
    THERE,
    stand_of,
)

SENT = datetime(2026, 11, 2, 9, tzinfo=UTC)
BEFORE, AFTER = SENT.replace(hour=8), SENT.replace(hour=10)


@pytest.mark.parametrize(
    ("changes", "stand"),
    [
        ({}, THERE),
        ({"finding": AGREED, "read_at": AFTER}, THERE),
        ({"finding": OVERRIDDEN, "read_at": BEFORE}, THERE),
        ({"finding": OVERRIDDEN, "read_at": AFTER}, CONFLICT),
        ({"finding": OVERRIDDEN, "read_at": AFTER, "decision": SEND}, CONFLICT),
        ({"finding": OVERRIDDEN, "read_at": AFTER, "decision": KEEP}, KEPT),
        ({"state": "waiting", "reason": "busy"}, ON_THE_WAY),
        ({"state": "needs_person", "reason": "not_enrolled"}, REFUSED),
        ({"state": "needs_person", "reason": "newer_elsewhere"}, CONFLICT),
        ({"state": "needs_person", "reason": "locked"}, CONFLICT),
        ({"state": "superseded"}, KEPT),
        ({"state": "cancelled", "reason": "course_reset"}, NOT_SENT),
    ],
)
def test_each_state_has_its_word(changes: dict[str, Any], stand: str) -> None:
    row: dict[str, Any] = {"state": "delivered", "reason": None, "delivered_at": SENT}
    row |= {"finding": None, "decision": None, "read_at": None}
    assert stand_of(SimpleNamespace(**{**row, **changes})) == stand  # type: ignore[arg-type]
