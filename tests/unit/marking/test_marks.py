"""Marks as numbers: the laws of weighing and rounding, and rubrics that are wrong."""

import copy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.core.errors import Unusable
from lti_tool.marking.feedback import LONGEST, feedback_text
from lti_tool.marking.marks import overall_mark, rounded
from lti_tool.marking.rubrics import check_rubric, read_rubric

CONFIG = Path(__file__).parents[3] / "config"
RUBRIC = check_rubric(CONFIG, "provision-map-audit")
IDS = [one.id for one in RUBRIC.criteria]
WHOLE, HALF = Decimal(1), Decimal("0.5")

marks = st.decimals(min_value=0, max_value=100, places=2)


def test_the_worked_example() -> None:
    given_marks = dict(zip(IDS, map(Decimal, (60, 62, 58, 70, 65, 50)), strict=True))
    # 20% of 60 + 15% of 62 + 20% of 58 + 20% of 70 + 15% of 65 + 10% of 50 = 61.65
    assert overall_mark(RUBRIC, given_marks, WHOLE) == 62
    assert overall_mark(RUBRIC, given_marks, HALF) == Decimal("61.5")


def test_a_half_is_rounded_up() -> None:
    assert rounded(Decimal("49.5"), Decimal(1)) == 50
    assert rounded(Decimal("49.25"), Decimal("0.5")) == Decimal("49.5")


@given(st.lists(marks, min_size=len(IDS), max_size=len(IDS)))
def test_the_overall_mark_lies_between_the_lowest_and_the_highest(given_marks: list) -> None:
    overall = overall_mark(RUBRIC, dict(zip(IDS, given_marks, strict=True)), WHOLE)
    assert overall is not None
    assert min(given_marks) - Decimal("0.5") <= overall <= max(given_marks) + Decimal("0.5")
    assert overall == overall.to_integral_value()


@given(st.lists(marks, min_size=len(IDS), max_size=len(IDS)), st.sampled_from(IDS), marks)
def test_a_better_mark_never_lowers_the_overall(given_marks: list, which: str, more) -> None:
    before = dict(zip(IDS, given_marks, strict=True))
    after = {**before, which: max(before[which], more)}
    assert overall_mark(RUBRIC, after, WHOLE) >= overall_mark(RUBRIC, before, WHOLE)


@given(marks)
def test_equal_marks_everywhere_give_that_mark(mark: Decimal) -> None:
    assert overall_mark(RUBRIC, dict.fromkeys(IDS, mark), WHOLE) == rounded(mark, Decimal(1))


def test_a_missing_mark_gives_none_and_never_a_zero() -> None:
    assert overall_mark(RUBRIC, dict.fromkeys(IDS[1:], Decimal(60)), WHOLE) is None
    assert overall_mark(RUBRIC, {**dict.fromkeys(IDS, Decimal(60)), IDS[0]: None}, WHOLE) is None
    assert overall_mark(RUBRIC, dict.fromkeys(IDS, Decimal(0)), WHOLE) == 0


@given(st.integers(0, 100))
def test_every_whole_mark_has_a_band(mark: int) -> None:
    assert RUBRIC.band_of(Decimal(mark)) is not None


def _document() -> dict[str, Any]:
    return yaml.safe_load((CONFIG / "rubrics" / "provision-map-audit.yaml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda d: d["criteria"][0].update(weight=21), "add up to 100"),
        (lambda d: d["criteria"][0].update(weight="many"), "many"),
        (lambda d: d["criteria"][0].pop("title"), "criterion 1"),
        (lambda d: d["criteria"][0].update(id="impact"), "same id"),
        (lambda d: d["bands"][0].update({"from": "x"}), "band 1"),
        (lambda d: d.pop("key"), "key"),
        (lambda d: d.clear(), "100"),
    ],
)
def test_a_wrong_rubric_is_refused_by_name(spoil: Any, said: str) -> None:
    document = copy.deepcopy(_document())
    spoil(document)
    with pytest.raises(Unusable, match=said):
        read_rubric(document, "rubric.yaml")


def test_feedback_is_plain_text_with_headings_as_lines() -> None:
    given_marks = {one: {"mark": "60", "comment": "Sound."} for one in IDS}
    text = feedback_text(RUBRIC, Decimal(60), given_marks, "Well argued.", "Provisional.")
    assert text.startswith("Mark: 60 out of 100 (Merit).\n\nProvisional.\n\nWell argued.")
    assert "Analysis of need and fit of provision (weight 20%): 60\nSound." in text
    assert "<" not in text


def test_very_long_feedback_is_cut_and_says_so() -> None:
    given_marks = {one: {"mark": "60", "comment": "word " * 5000} for one in IDS}
    text = feedback_text(RUBRIC, Decimal(60), given_marks, "", None)
    assert len(text) <= LONGEST + 100 and text.endswith("is in the activity.")
