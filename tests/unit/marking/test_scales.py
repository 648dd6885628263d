"""Rubrics by bands and by points, steps of marks, and judgements without a number."""

import copy
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from lti_tool.core.errors import Unusable
from lti_tool.coursework.rules import list_rules
from lti_tool.marking.desk.turns import share_out
from lti_tool.marking.feedback import feedback_text
from lti_tool.marking.forms import marking_form, view_of
from lti_tool.marking.marks import is_on_step, mark_in_words, overall_mark
from lti_tool.marking.rubrics import check_rubric, read_rubric
from lti_tool.marking.wording import load_words, say_what_next

CONFIG = Path(__file__).parents[3] / "config"
BANDS = check_rubric(CONFIG, "provision-map-audit-bands")
RULES = {rules.key: rules for rules in list_rules(CONFIG)}
POINTS = read_rubric(
    {
        "key": "p",
        "title": "By points",
        "scale": "points",
        "criteria": [
            {"id": "a", "title": "A", "points": 10},
            {"id": "b", "title": "B", "points": 5},
        ],
    },
    "p.yaml",
)


def test_points_make_a_mark_out_of_a_hundred() -> None:
    given_points = {"a": Decimal(7), "b": Decimal(4)}
    # 11 of 15 points are 73.33 of 100
    assert overall_mark(POINTS, given_points, Decimal(1)) == 73
    assert overall_mark(POINTS, given_points, Decimal("0.5")) == Decimal("73.5")
    assert overall_mark(POINTS, {"a": Decimal(10), "b": Decimal(5)}, Decimal(1)) == 100
    assert overall_mark(POINTS, {"a": Decimal(10)}, Decimal(1)) is None


@given(st.integers(0, 10), st.integers(0, 5))
def test_a_mark_from_points_stays_on_the_scale(a: int, b: int) -> None:
    overall = overall_mark(POINTS, {"a": Decimal(a), "b": Decimal(b)}, Decimal(1))
    assert overall is not None and 0 <= overall <= 100


def test_a_band_gives_its_mark() -> None:
    form = marking_form(BANDS, RULES["standard"])(
        MultiDict({f"mark_{one.id}": "merit" for one in BANDS.criteria})
    )
    assert form.validate(), form.errors
    view = view_of(BANDS, form)
    assert set(view.marks.values()) == {Decimal(62)}
    assert view.as_document()["impact"] == {"mark": "62", "comment": "", "band": "merit"}
    assert overall_mark(BANDS, view.marks, Decimal(1)) == 62


def test_a_band_that_is_none_is_refused_at_its_field() -> None:
    form = marking_form(BANDS, RULES["standard"])(MultiDict({"mark_impact": "splendid"}))
    assert not form.validate() and "Choose one of the answers" in form.errors["mark_impact"][0]


@pytest.mark.parametrize(
    ("key", "typed", "said"),
    [
        ("standard", "62.5", "a whole mark, such as 62"),
        ("half-marks-double", "62.25", "a whole or a half mark"),
        ("standard", "50.005", "two digits|at most 2 digits"),
        ("standard", "NaN", "in figures"),
        ("standard", "100.5", "from 0 to 100"),
    ],
)
def test_a_mark_off_the_step_gets_a_sentence(key: str, typed: str, said: str) -> None:
    rubric = check_rubric(CONFIG, "provision-map-audit")
    form = marking_form(rubric, RULES[key])(MultiDict({"mark_impact": typed}))
    assert not form.validate()
    (sentence,) = form.errors["mark_impact"]
    assert any(one in sentence for one in said.split("|")), sentence


def test_points_have_their_own_top() -> None:
    form = marking_form(POINTS, RULES["standard"])(MultiDict({"mark_b": "6"}))
    assert not form.validate() and "from 0 to 5" in form.errors["mark_b"][0]


def test_an_overall_mark_of_ones_own_needs_every_criterion_and_a_reason() -> None:
    kind = marking_form(POINTS, RULES["standard"])
    assert "every criterion" in _errors(kind, overall="70")["overall"][0]
    whole = {"mark_a": "7", "mark_b": "4"}
    assert "not the 73" in _errors(kind, **whole, overall="70")["overall_reason"][0]
    assert _errors(kind, **whole, overall="70", overall_reason="Strong viva.") == {}
    assert _errors(kind, **whole, overall="73") == {}


def _errors(kind: Any, **typed: str) -> Any:
    form = kind(MultiDict(typed))
    form.validate()
    return form.errors


@pytest.mark.parametrize(("key", "word"), [("pass-or-fail", "Pass"), ("complete", "Complete")])
def test_without_a_number_none_is_asked_for_or_shown(key: str, word: str) -> None:
    rules = RULES[key]
    form = marking_form(POINTS, rules)(MultiDict({"judgement": "yes", "comment_a": "Sound."}))
    assert form.validate() and not [name for name in form.data if name.startswith("mark_")]
    view = view_of(POINTS, form)
    assert view.overall == 100 and set(view.marks.values()) == {None}
    assert mark_in_words(rules, Decimal(100)) == word
    assert mark_in_words(rules, Decimal(0)) == "Not yet"
    text = feedback_text(POINTS, Decimal(100), view.as_document(), "Well done.", None, result=word)
    assert text == f"Result: {word}.\n\nWell done.\n\nA\nSound."
    assert not any(sign.isdigit() for sign in text)


def test_feedback_says_bands_and_points_in_words() -> None:
    marks = {"a": {"mark": "7", "comment": ""}, "b": {"mark": "4", "comment": "Brief."}}
    text = feedback_text(POINTS, Decimal(73), marks, "", None)
    assert "A (10 points): 7 of 10 points" in text and "B (5 points): 4 of 5 points\nBrief." in text
    chosen = {one.id: {"mark": "62", "band": "merit"} for one in BANDS.criteria}
    assert "(weight 20%): Merit (62)" in feedback_text(BANDS, Decimal(62), chosen, "", None)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda d: d.update(scale="stars"), "marks, bands, points"),
        (lambda d: d["bands"][0].pop("mark"), "band 1, mark"),
        (lambda d: d["bands"][0].update(mark=10), "between"),
        (lambda d: d["bands"][0].update(id="merit"), "same id"),
        (lambda d: d.update(bands=[]), "must list its bands"),
        (lambda d: d.update(scale="points"), "criterion 1, points"),
        (lambda d: d.update(criteria=["one"]), "list of named values"),
    ],
)
def test_a_wrong_scale_is_refused_by_name(spoil: Any, said: str) -> None:
    path = CONFIG / "rubrics" / "provision-map-audit-bands.yaml"
    document = copy.deepcopy(yaml.safe_load(path.read_text("utf-8")))
    spoil(document)
    with pytest.raises(Unusable, match=said):
        read_rubric(document, "rubric.yaml")


def test_steps() -> None:
    assert is_on_step(Decimal("62.0"), Decimal(1)) and not is_on_step(Decimal("62.5"), Decimal(1))
    assert is_on_step(Decimal("62.5"), Decimal("0.5"))
    assert replace(RULES["standard"], round_to=Decimal(5)).round_to == 5


@given(
    st.lists(st.integers(1, 10_000), unique=True, max_size=80),
    st.lists(st.integers(1, 50), unique=True, min_size=1, max_size=7),
)
def test_work_is_shared_out_evenly(people: list[int], markers: list[int]) -> None:
    given_to = share_out(people, markers, {})
    counts = [list(given_to.values()).count(marker) for marker in markers]
    assert set(given_to) == set(people) and max(counts) - min(counts) <= 1


def test_who_has_most_gets_least() -> None:
    given_to = share_out([1, 2, 3], [7, 8], {7: 5, 8: 3})
    assert list(given_to.values()) == [8, 8, 7]


def _next(rules: str, marks: dict[str, str]) -> list[str]:
    given = {name: {"mark": mark} for name, mark in marks.items()}
    words = load_words(CONFIG)
    return say_what_next(words, RULES[rules], POINTS, given, attempt=1, further=None)


def test_points_are_held_against_the_pass_mark_as_shares_of_a_hundred() -> None:
    said = " ".join(_next("standard", {"a": "10", "b": "1"}))
    assert "“B”" in said and "“A”" not in said, "10 of 10 is no weakness, 1 of 5 is one"


def test_work_without_numbers_is_told_of_no_pass_mark() -> None:
    assert not [one for one in _next("pass-or-fail", {}) if "pass mark" in one]
    assert [one for one in _next("standard", {}) if "the pass mark is 50" in one]
