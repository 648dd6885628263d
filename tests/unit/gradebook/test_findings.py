"""What holding a sent mark against a shown one tells, case by case, and that words exist for it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from lti_tool.gradebook import findings
from lti_tool.gradebook.findings import Sent, Shown, find

_AT = datetime(2026, 11, 21, 12, 0, 0, 400_000, tzinfo=UTC)


def _sent(state: str = "delivered", given: str = "62", **more: object) -> Sent:
    values = {"reason": None, "was_delivered": state == "delivered", **more}
    return Sent(state=state, given=Decimal(given), maximum=Decimal(100), scored_at=_AT, **values)


def _shown(score: str | None, seconds: int | None = 0, maximum: str = "100") -> Shown:
    at = None if seconds is None else _AT + timedelta(seconds=seconds)
    return Shown(None if score is None else Decimal(score), Decimal(maximum), at)


@pytest.mark.parametrize(
    ("sent", "shown", "finding"),
    [
        (_sent(), _shown("62"), "agreed"),
        (_sent(), _shown("0.62", maximum="1"), "agreed"),
        (_sent(), _shown("62.004"), "agreed"),
        (_sent(), _shown("62.01"), "overridden"),
        (_sent(), _shown("58"), "overridden"),
        (_sent(), _shown("58", seconds=None), "overridden"),
        (_sent(), _shown("58", seconds=1), "newer_elsewhere"),
        (_sent(), _shown(None), "missing"),
        (_sent(given="0"), _shown(None), "agreed"),
        (_sent(given="0"), _shown("5"), "overridden"),
        (_sent("waiting"), _shown("58"), "unsent"),
        (_sent("waiting"), _shown("62"), "agreed"),
        (_sent("needs_person", reason="not_enrolled"), _shown(None), "unsent"),
        (_sent("needs_person", reason="locked"), _shown("58"), "locked"),
        (_sent("needs_person", reason="newer_elsewhere"), _shown("58"), "newer_elsewhere"),
        (_sent("superseded", reason="locked"), _shown("58"), "locked"),
        (_sent("superseded"), _shown("58"), "newer_elsewhere"),
        (_sent("cancelled"), _shown(None), "agreed"),
        (_sent("cancelled"), _shown("62"), "newer_elsewhere"),
        (_sent("cancelled", was_delivered=True), _shown("62"), "agreed"),
        (_sent("cancelled", was_delivered=True), _shown(None), "agreed"),
        (_sent("cancelled", was_delivered=True), _shown("58"), "overridden"),
        (_sent(clears=True), _shown(None), "agreed"),
        (_sent(clears=True), _shown("62"), "overridden"),
        (None, _shown(None), "agreed"),
        (None, _shown("40"), "newer_elsewhere"),
    ],
)
def test_what_is_found(sent: Sent | None, shown: Shown, finding: str) -> None:
    assert find(sent, shown) == finding


def test_every_finding_and_decision_has_its_words() -> None:
    for finding in ("agreed", "overridden", "locked", "missing", "newer_elsewhere", "unsent"):
        assert findings.describe_finding(finding, "58 out of 100").endswith(".")
        for decision in (None, "keep", "send"):
            for is_moodle in (True, False):
                step = findings.next_step(finding, decision, is_moodle)
                assert (step != "") == (finding in findings.DIFFERENCES)
                assert "Moodle" not in step or is_moodle


@pytest.mark.parametrize("code", ["no_scope", "token_refused", "something new"])
def test_every_problem_has_a_sentence(code: str) -> None:
    assert findings.describe_problem(code, is_trying=False).endswith(".")
    assert "by ourselves" in findings.describe_problem(code, is_trying=True)
