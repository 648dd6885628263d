"""Scaling a cohort: its laws."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.coursework.rules import list_rules
from lti_tool.marking.moderation.scaling import FACTOR, SHIFT, in_words, scaled

RULES = list_rules(Path(__file__).parents[3] / "config")[0]
STEPS = st.sampled_from([Decimal(1), Decimal("0.5"), Decimal("0.1"), Decimal(5), Decimal(7)])
RAW = st.decimals(0, 100, places=2)
SCALINGS = st.one_of(
    st.builds(lambda n: {"kind": SHIFT, "amount": str(n)}, st.decimals(-30, 30, places=2)),
    st.builds(lambda n: {"kind": FACTOR, "amount": str(n)}, st.decimals("0.5", "1.5", places=3)),
)


@given(RAW, SCALINGS, STEPS)
def test_a_scaled_mark_stays_a_mark(raw, scaling, step) -> None:
    found = scaled(raw, scaling, replace(RULES, round_to=step))
    assert 0 <= found <= 100
    assert found % step == 0 or found == 100


@given(RAW, RAW, SCALINGS, STEPS)
def test_scaling_never_changes_the_order_of_two_marks(one, other, scaling, step) -> None:
    rules = replace(RULES, round_to=step)
    low, high = sorted((one, other))
    assert scaled(low, scaling, rules) <= scaled(high, scaling, rules)


@given(st.integers(0, 100).map(Decimal))
def test_nothing_added_and_times_one_change_nothing(raw) -> None:
    assert scaled(raw, {"kind": SHIFT, "amount": "0"}, RULES) == raw
    assert scaled(raw, {"kind": FACTOR, "amount": "1"}, RULES) == raw


@pytest.mark.parametrize(
    ("raw", "kind", "amount", "step", "found"),
    [
        ("48", SHIFT, "3", "1", "51"),
        ("2", SHIFT, "-5", "1", "0"),
        ("98", SHIFT, "3", "1", "100"),
        ("61", FACTOR, "1.05", "1", "64"),
        ("61", FACTOR, "1.05", "0.5", "64"),
        ("50.5", FACTOR, "0.95", "0.5", "48"),
        ("70", FACTOR, "1.05", "0.5", "73.5"),
        ("96", FACTOR, "1.05", "1", "100"),
    ],
)
def test_scaled_marks_worked_out_by_hand(raw, kind, amount, step, found) -> None:
    rules = replace(RULES, round_to=Decimal(step))
    assert scaled(Decimal(raw), {"kind": kind, "amount": amount}, rules) == Decimal(found)


def test_a_scaling_in_words() -> None:
    assert in_words({"kind": SHIFT, "amount": "3"}) == "3 marks added to every mark"
    assert in_words({"kind": SHIFT, "amount": "-1"}) == "1 mark taken from every mark"
    assert in_words({"kind": FACTOR, "amount": "1.05"}) == "every mark times 1.05"
