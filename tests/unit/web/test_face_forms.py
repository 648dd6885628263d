"""The fields of the form base: what they accept, what they refuse, and in which words."""

from __future__ import annotations

import warnings
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, cast

import pytest
import wtforms
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from lti_tool.web import forms


class Small(forms.Form):
    """One field of each kind, none required."""

    line = forms.Text("Line", required=False, max_length=10)
    lines = forms.LongText("Lines", max_length=20, required=False)
    mark = forms.Mark("Mark", required=False)
    amount = forms.Amount("Cost", required=False, maximum=100_000)
    whole = forms.Whole("Pupils", required=False)
    when = forms.LocalDateTime("When", required=False)
    day = forms.Day("Day", required=False)
    tick = forms.Tick("Sure")
    one = forms.Choice("Tier", ["Universal", "Targeted"], required=False)
    listed = forms.Choice("Area", {"ci": "Communication"}, as_list=True, required=False)
    many = forms.Choices("Evidence", [("a", "Alpha"), ("b", "Beta")], required=False)
    plain = wtforms.StringField("Plain")


def ask(field: str, typed: str | list[str]) -> tuple[Any, list[str]]:
    """Post one value and give the data and the errors of its field."""
    form = Small(MultiDict({field: typed}))
    form.validate()
    return form[field].data, list(form[field].errors)


def test_nothing_typed_is_fine_where_nothing_is_required() -> None:
    form = Small(MultiDict())
    assert form.validate(), form.errors
    assert form.data["mark"] is None
    assert form.data["many"] == []
    assert form.data["one"] is None
    assert form.data["tick"] is False


def test_each_required_field_says_one_thing() -> None:
    class Needed(forms.Form):
        line = forms.Text("Title?")
        own = forms.LongText("Why", required="Write why you chose this school.")
        mark = forms.Mark("Mark")
        when = forms.LocalDateTime("Hand in by")
        tick = forms.Tick("I agree", required=True)
        one = forms.Choice("Tier", ["Universal"])
        listed = forms.Choice("Area", ["Cognition"], as_list=True)
        many = forms.Choices("Evidence", ["Visit"])

    form = Needed(MultiDict({"line": "   ", "listed": ""}))
    assert not form.validate()
    assert form.errors == {
        "line": ["Enter an answer for “Title”."],
        "own": ["Write why you chose this school."],
        "mark": ["Enter an answer for “Mark”."],
        "when": ["Enter an answer for “Hand in by”."],
        "tick": ["Tick the box “I agree” to go on."],
        "one": ["Choose an answer for “Tier”."],
        "listed": ["Choose an answer for “Area”."],
        "many": ["Choose at least one answer for “Evidence”."],
    }


def test_text_is_trimmed_and_line_ends_made_alike() -> None:
    assert ask("line", "  a\tb\u00a0") == ("a b", [])
    assert ask("lines", "one\r\ntwo\rthree\u000bx") == ("one\ntwo\nthree\nx", [])
    assert ask("plain", " x ") == ("x", [])


@pytest.mark.parametrize("field", ["line", "lines", "plain", "mark", "amount", "when", "day"])
@pytest.mark.parametrize("bad", ["\x00", "\x07", "\x1b", "\x7f", "\ud800"])
def test_characters_that_cannot_be_kept_are_refused(field: str, bad: str) -> None:
    _, errors = ask(field, f"a{bad}b")
    assert len(errors) == 1
    assert errors[0].startswith("Take out the hidden characters")


@pytest.mark.parametrize("field", ["line", "lines", "mark", "amount", "when", "day"])
def test_what_was_refused_can_be_drawn_again(field: str) -> None:
    form = Small(MultiDict({field: "a\x00b"}))
    form.validate()
    assert "\x00" not in str(form[field]())


def test_text_over_the_limit_says_by_how_much() -> None:
    assert ask("line", "x" * 11)[1] == [
        "Shorten this by 1 character: it can be 10 characters long at most."
    ]
    data, errors = ask("lines", "y" * 1_030)
    assert errors == ["Shorten this by 1,010 characters: it can be 20 characters long at most."]
    assert data == "y" * 1_030
    assert ask("plain", "z" * 10_001)[1]


def test_a_line_end_counts_once() -> None:
    assert ask("lines", "ab\r\n" * 6 + "abcd")[1] == [
        "Shorten this by 2 characters: it can be 20 characters long at most."
    ]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("62", "62"),
        (" 62.5 ", "62.5"),
        ("0", "0"),
        ("-0", "0"),
        ("100", "100"),
        ("62.500", "62.50"),
    ],
)
def test_marks(typed: str, kept: str) -> None:
    data, errors = ask("mark", typed)
    assert not errors
    assert data == Decimal(kept)
    assert str(data) == kept


@pytest.mark.parametrize(
    "typed",
    ["NaN", "Infinity", "-inf", "1e2", "1E1", "0x10", "62,5", "٦٢", "1_0", "+5", ".5", "5.", "--1"],
)
def test_marks_are_figures_only(typed: str) -> None:
    data, errors = ask("mark", typed)
    assert data is None
    assert errors == ["Enter a mark in figures, such as 62 or 62.5."]


def test_marks_out_of_range_or_too_fine() -> None:
    assert ask("mark", "100.01")[1] == ["Enter a mark from 0 to 100."]
    assert ask("mark", "-1")[1] == ["Enter a mark from 0 to 100."]
    assert ask("mark", "50.125")[1] == [
        "Enter a mark with at most 2 digits after the decimal point."
    ]
    assert ask("whole", "2.5")[1] == ["Enter a whole number without a decimal point, such as 6."]
    assert ask("whole", "-2")[1] == ["Enter a whole number of 0 or more."]
    assert ask("whole", "12") == (12, [])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("£1,234.50", "1234.50"), ("1234.5", "1234.5"), ("£ 12", "12"), ("12,000", "12000")],
)
def test_amounts(typed: str, kept: str) -> None:
    assert ask("amount", typed) == (Decimal(kept), [])


@pytest.mark.parametrize(
    "typed", ["1,5", "12,34", "1,2345", "££5", "5£", "NaN", "1e5", "$5", "five"]
)
def test_amounts_that_are_unclear_are_refused(typed: str) -> None:
    assert ask("amount", typed)[1] == ["Enter an amount in figures, such as 1,250 or 1250.50."]


def test_an_amount_over_the_limit_names_it_as_money() -> None:
    assert ask("amount", "100,000.01")[1] == ["Enter an amount from £0 to £100,000."]


@given(st.text(max_size=30))
def test_no_text_whatever_gets_a_strange_number_through(typed: str) -> None:
    data, errors = ask("mark", typed)
    if errors:
        assert data is None
    else:
        assert data is None or (data.is_finite() and 0 <= data <= 100)


@given(st.decimals(min_value=0, max_value=100, places=2))
def test_a_mark_survives_being_shown_and_sent_back(value: Decimal) -> None:
    field: Any = Small(data={"mark": value})["mark"]
    shown = field._value()
    assert ask("mark", shown) == (value, [])


def test_london_time_is_kept_as_utc() -> None:
    assert ask("when", "2026-07-01T09:30")[0] == datetime(2026, 7, 1, 8, 30, tzinfo=UTC)
    assert ask("when", "14/11/2026 16:00")[0] == datetime(2026, 11, 14, 16, 0, tzinfo=UTC)
    assert ask("when", "2026-11-14 16:00:00")[0] == datetime(2026, 11, 14, 16, 0, tzinfo=UTC)


def test_times_of_the_nights_when_the_clocks_change() -> None:
    assert ask("when", "2026-03-29T01:30") == (
        None,
        [
            "The clocks change that night, so 01:30 does not happen. "
            "Enter a time before 01:00, or 02:00 or later."
        ],
    )
    assert ask("when", "2026-10-25T01:00")[1] == [
        "The clocks change that night, so 01:00 happens twice. "
        "Enter a time before 01:00, or 02:00 or later."
    ]
    assert ask("when", "2026-03-29T02:00")[0] == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert ask("when", "2026-10-25T02:00")[0] == datetime(2026, 10, 25, 2, 0, tzinfo=UTC)


def test_a_kept_time_posted_back_unchanged_is_the_same_moment() -> None:
    second_time_round = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    form = Small(MultiDict({"when": "2026-10-25T01:30"}), data={"when": second_time_round})
    assert form.validate()
    assert form.data["when"] == second_time_round


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("tomorrow", "Enter the date and the time, such as 14/11/2026 16:00."),
        ("2026-02-30T10:00", "Check the day and the month: there is no such date."),
        ("2026-02-20T24:00", "Enter the time by the 24-hour clock, such as 09:30 or 16:00."),
        ("9999-01-01T00:00", "Check the year: it has to be from 1900 to 2100."),
    ],
)
def test_times_that_are_not_times(typed: str, sentence: str) -> None:
    assert ask("when", typed) == (None, [sentence])


def test_days() -> None:
    assert ask("day", "2026-03-01")[0] == date(2026, 3, 1)
    assert ask("day", "1/3/2026")[0] == date(2026, 3, 1)
    assert ask("day", "March")[1] == ["Enter the date as day, month and year, such as 14/11/2026."]


def test_only_answers_on_offer_are_taken() -> None:
    assert ask("one", "Universal") == ("Universal", [])
    assert ask("one", "Other")[1] == ["Choose one of the answers listed for “Tier”."]
    assert ask("listed", "ci") == ("ci", [])
    assert ask("listed", "x")[1] == ["Choose one of the answers listed for “Area”."]
    assert ask("many", ["b", "a", "b"]) == (["b", "a"], [])
    assert ask("many", ["a", "z"])[1] == ["Choose from the answers listed for “Evidence”."]


def test_answers_can_be_offered_to_one_form_alone() -> None:
    form = Small(MultiDict({"one": "Special"}))
    form.one.offer({"Special": "Specialist"})
    assert form.validate()
    assert Small(MultiDict({"one": "Special"})).validate() is False


def test_kept_answers_are_drawn_as_chosen() -> None:
    form = Small(data={"one": "Targeted", "listed": "ci", "many": ["b"]})
    assert [option.checked for option in cast(Any, form.one)] == [False, True]
    assert [option.checked for option in cast(Any, form.many)] == [False, True]
    assert '<option selected value="ci">' in str(form["listed"]())


def test_a_problem_found_later_joins_its_field() -> None:
    form = Small(MultiDict({"line": "x"}))
    assert form.validate()
    form.problem("line", "Choose another title: this one is taken.")
    assert form.errors == {"line": ["Choose another title: this one is taken."]}


def test_own_validators_still_run_but_not_on_empty_answers() -> None:
    class Ruled(forms.Form):
        line = forms.Text("Line", required=False)

        def validate_line(self, field: Any) -> None:
            raise wtforms.ValidationError("Say it in other words.")

    assert Ruled(MultiDict({"line": ""})).validate()
    ruled = Ruled(MultiDict({"line": "x"}))
    assert not ruled.validate()
    assert ruled.errors == {"line": ["Say it in other words."]}


def test_no_way_of_giving_answers_is_one_that_wtforms_will_drop() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        form = Small(MultiDict({"one": "Universal", "many": ["a"]}))
        assert form.validate()
        for field in form:
            str(field())
