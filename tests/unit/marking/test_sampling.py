"""The draw of a sample: its laws, and a draw worked out by hand."""

import hashlib
import os
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from math import ceil, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.coursework.rules import (
    ALL_BORDERLINE,
    ALL_FAILS,
    ONE_PER_BAND,
    PERCENT,
    SQUARE_ROOT,
)
from lti_tool.marking.moderation.sampling import (
    SHORT,
    DrawingRule,
    count_by_lot,
    draw,
    read_rule,
)

EVERY = (SQUARE_ROOT, PERCENT, ALL_FAILS, ALL_BORDERLINE, ONE_PER_BAND)
BANDS = (
    ("distinction", Decimal(70), Decimal(100)),
    ("merit", Decimal(60), Decimal("69.99")),
    ("pass", Decimal(50), Decimal("59.99")),
    ("fail", Decimal(0), Decimal("49.99")),
)


def rule(*names: str, percent: str = "10", at_least: int = 0, borderline: str = "2") -> DrawingRule:
    return DrawingRule(names, Decimal(percent), at_least, Decimal(borderline), Decimal(50), BANDS)


MARKS = st.dictionaries(
    st.integers(1, 10**9),
    st.decimals(0, 100, places=2, allow_nan=False),
    max_size=60,
)
RULES = st.builds(
    DrawingRule,
    st.lists(st.sampled_from(EVERY), min_size=1, max_size=5, unique=True).map(tuple),
    st.decimals(0, 100, places=1),
    st.integers(0, 20),
    st.decimals(0, 20, places=1),
    st.decimals(0, 100, places=0),
    st.just(BANDS),
)
SEEDS = st.text(min_size=1, max_size=40)


@given(MARKS, RULES, SEEDS, st.randoms())
def test_the_same_seed_rule_and_marks_give_the_same_draw(marks, how, seed, random) -> None:
    shuffled = list(marks.items())
    random.shuffle(shuffled)
    assert list(draw(dict(shuffled), how, seed).items()) == list(draw(marks, how, seed).items())
    assert draw(marks, read_rule(how.as_document()), seed) == draw(marks, how, seed)


@given(MARKS, RULES, SEEDS)
def test_only_what_was_there_is_drawn_and_each_for_a_reason(marks, how, seed) -> None:
    sample = draw(marks, how, seed)
    assert set(sample) <= set(marks)
    assert all(set(why) <= set(how.rules) and why for why in sample.values())
    assert all(len(" ".join(SHORT[one] for one in why)) <= 50 for why in sample.values())


@given(MARKS, SEEDS)
def test_the_sample_is_what_each_rule_takes_together(marks, seed) -> None:
    alone = {name: draw(marks, rule(name), seed) for name in EVERY}
    together = draw(marks, rule(*EVERY), seed)
    assert set(together) == set().union(*alone.values())
    for number, why in together.items():
        assert set(why) == {name for name in EVERY if number in alone[name]}


@given(MARKS, RULES, SEEDS)
def test_every_fail_and_every_borderline_mark_is_in(marks, how, seed) -> None:
    sample = draw(marks, how, seed)
    for number, mark in marks.items():
        if ALL_FAILS in how.rules:
            assert (ALL_FAILS in sample.get(number, ())) == (mark < how.pass_mark)
        if ALL_BORDERLINE in how.rules:
            edges = (how.pass_mark, Decimal(50), Decimal(60), Decimal(70))
            near = any(abs(mark - edge) <= how.borderline for edge in edges)
            assert (ALL_BORDERLINE in sample.get(number, ())) == near


@given(MARKS, SEEDS)
def test_each_band_that_has_any_gives_exactly_one(marks, seed) -> None:
    sample = draw(marks, rule(ONE_PER_BAND), seed)
    for _, low, high in BANDS:
        held = [number for number, mark in marks.items() if low <= mark <= high]
        assert len([number for number in held if number in sample]) == min(1, len(held))


@given(st.integers(0, 5000), st.integers(0, 50))
def test_the_square_root_is_rounded_up(count: int, at_least: int) -> None:
    found = count_by_lot(SQUARE_ROOT, rule(SQUARE_ROOT, at_least=at_least), count)
    assert found == min(count, max(ceil(sqrt(count)), at_least))


@pytest.mark.parametrize(("count", "taken"), [(16, 4), (36, 6), (100, 10), (101, 11), (1, 1)])
def test_square_roots_as_universities_print_them(count: int, taken: int) -> None:
    marks = {number: Decimal(60) for number in range(1, count + 1)}
    assert len(draw(marks, rule(SQUARE_ROOT), "x")) == taken


@pytest.mark.parametrize(
    ("percent", "at_least", "count", "taken"),
    [("10", 5, 100, 10), ("10", 5, 28, 5), ("10", 5, 3, 3), ("12.5", 0, 9, 2), ("0", 0, 9, 0)],
)
def test_a_share_with_a_minimum(percent: str, at_least: int, count: int, taken: int) -> None:
    marks = {number: Decimal(60) for number in range(1, count + 1)}
    how = rule(PERCENT, percent=percent, at_least=at_least)
    assert len(draw(marks, how, "x")) == taken


@given(MARKS, RULES, SEEDS)
def test_a_piece_out_of_the_draw_changes_nothing_for_the_others(marks, how, seed) -> None:
    """Its lot is its own: leaving out a piece that was not drawn keeps all that were."""
    sample = draw(marks, how, seed)
    left_out = next((number for number in marks if number not in sample), None)
    if left_out is not None:
        fewer = {number: mark for number, mark in marks.items() if number != left_out}
        assert set(draw(fewer, how, seed)) <= set(sample)


def test_a_draw_worked_out_by_hand() -> None:
    lots = {n: hashlib.sha256(f"winter:{n}".encode()).hexdigest() for n in range(1, 10)}
    three = set(sorted(lots, key=lots.__getitem__)[:3])
    assert set(draw({n: Decimal(60) for n in lots}, rule(SQUARE_ROOT), "winter")) == three
    assert three == {1, 5, 8}, "kept as drawn once: it must never come out otherwise"


def test_the_draw_does_not_hang_on_pythons_hash_seed() -> None:
    code = (
        "from decimal import Decimal;from tests.unit.marking.test_sampling import rule, EVERY;"
        "from lti_tool.marking.moderation.sampling import draw;"
        "print(draw({n: Decimal(n) for n in range(100)}, rule(*EVERY), 'x'))"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
        ).stdout
        for hash_seed in ("0", "1", "4711")
    }
    assert len(seen) == 1


def test_everybody_has_the_same_chance() -> None:
    marks = {number: Decimal(60) for number in range(1, 26)}
    times = Counter(
        number for seed in range(2000) for number in draw(marks, rule(SQUARE_ROOT), f"s{seed}")
    )
    assert set(times) == set(marks)
    assert all(320 <= count <= 480 for count in times.values()), "each about 400 times in 2,000"
