"""From raw to final: laws of penalties and caps, and the words of the worked example."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.coursework.rules import LateRule, Rules, list_rules
from lti_tool.marking.marks import rounded
from lti_tool.marking.reckoning import Reckoned, explain, read_step, reckon

CONFIG = Path(__file__).parents[3] / "config"
SHIPPED = {rules.key: rules for rules in list_rules(CONFIG)}
STANDARD = SHIPPED["standard"]
HALVES = st.integers(0, 200).map(lambda n: Decimal(n) / 2)
AMOUNTS = st.integers(0, 1000).map(lambda n: Decimal(n) / 10)


def _with(**late: object) -> Rules:
    return replace(STANDARD, late=replace(STANDARD.late, **late))  # type: ignore[arg-type]


@st.composite
def any_rules(draw: st.DrawFn) -> Rules:
    late = LateRule(
        draw(st.sampled_from(["marks_per_day", "percent_per_day", "cap", "none"])),
        draw(AMOUNTS),
        draw(st.sampled_from(["working", "calendar"])),
        0,
        0,
        draw(HALVES),
    )
    step = draw(st.sampled_from([Decimal(1), Decimal("0.5")]))
    return replace(STANDARD, late=late, round_to=step, second_attempt_cap=draw(HALVES))


@given(HALVES, any_rules(), st.integers(0, 400), st.booleans(), st.none() | HALVES)
def test_the_laws_of_reckoning(
    raw: Decimal, rules: Rules, days: int, is_capped: bool, scaled: Decimal | None
) -> None:
    out = reckon(raw, rules, days_late=days, is_capped=is_capped, scaled=scaled)
    begun_from = raw if scaled is None else scaled
    assert 0 <= out.final <= begun_from, "neither a penalty nor a cap raises a mark"
    assert out.penalty >= 0
    after = begun_from - out.penalty
    assert out.final == (after if out.cap is None else min(after, out.cap))
    assert out.raw == raw and out.scaled == scaled
    if begun_from >= rules.late.floor and not is_capped:
        assert out.final >= min(rounded(rules.late.floor, rules.round_to), rules.late.floor)
    if not days and not is_capped:
        assert out.final == begun_from
    assert [read_step(one) for one in out.working["steps"]] == list(out.steps)
    assert explain(out.working).endswith(".")


@given(HALVES, HALVES, any_rules(), st.integers(0, 30), st.booleans())
def test_a_better_mark_never_comes_out_lower(
    one: Decimal, two: Decimal, rules: Rules, days: int, is_capped: bool
) -> None:
    low, high = (
        reckon(raw, rules, days_late=days, is_capped=is_capped).final
        for raw in (min(one, two), max(one, two))
    )
    assert low <= high


@given(HALVES, any_rules(), st.integers(0, 30), st.integers(0, 30))
def test_a_later_day_never_pays(raw: Decimal, rules: Rules, one: int, two: int) -> None:
    sooner = reckon(raw, rules, days_late=min(one, two)).final
    assert reckon(raw, rules, days_late=max(one, two)).final <= sooner


def _said(raw: str, rules: Rules = STANDARD, **how: object) -> tuple[str, str]:
    out: Reckoned = reckon(Decimal(raw), rules, **how)  # type: ignore[arg-type]
    return str(out.final), explain(out.working)


PERCENT = _with(kind="percent_per_day", amount=Decimal(10), days="calendar", floor=Decimal(0))


@pytest.mark.parametrize(
    ("given", "final", "words"),
    [
        (("62",), "62", "62: nothing was taken off, and no cap holds."),
        (
            ("62", STANDARD, {"days_late": 2, "is_capped": True}),
            "50",
            "62 − 2 working days late × 5 = 52; second attempts are capped at 50, so 50.",
        ),
        (
            ("62", STANDARD, {"days_late": 3}),
            "50",
            "62 − 3 working days late × 5 = 47; a penalty takes a pass no lower than 50, so 50.",
        ),
        (("45", STANDARD, {"days_late": 1}), "40", "45 − 1 working day late × 5 = 40."),
        (
            ("12", STANDARD, {"days_late": 4}),
            "0",
            "12 − 4 working days late × 5 = −8; no mark goes below 0, so 0.",
        ),
        (
            ("61", PERCENT, {"days_late": 2}),
            "49",
            "61 − 2 days late × 10% of 61 = 48.8, rounded to 49.",
        ),
        (
            ("64", SHIPPED["late-capped"], {"days_late": 2}),
            "50",
            "64; work that is 2 days late is capped at 50, so 50.",
        ),
        (
            ("64", SHIPPED["whole-marks-no-penalty"], {"days_late": 1}),
            "64",
            "64; it was 1 day late, which takes nothing off.",
        ),
        (
            ("45", STANDARD, {"is_capped": True}),
            "45",
            "45; second attempts are capped at 50, which changes nothing here.",
        ),
        (
            ("58", STANDARD, {"scaled": Decimal(61), "scaling": "3 marks added to every mark"}),
            "61",
            "58; scaled with the whole cohort (3 marks added to every mark), so 61.",
        ),
    ],
)
def test_the_worked_example(given: tuple, final: str, words: str) -> None:
    how = given[2] if len(given) > 2 else {}
    assert _said(*given[:2], **how) == (final, words)


def test_raw_penalty_cap_and_final_are_kept_apart() -> None:
    out = reckon(Decimal(62), STANDARD, days_late=2, is_capped=True)
    kept = (out.raw, out.penalty, out.cap, out.final)
    assert kept == (Decimal(62), Decimal(10), Decimal(50), Decimal(50))
