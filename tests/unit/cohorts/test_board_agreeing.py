"""Whether a mark, its gradebook column and the registry's list agree: what is said, and when."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.gradebook.every_mark import MarkThere
from lti_tool.gradebook.overview import Line
from lti_tool.gradebook.queries import Standing
from lti_tool.programme.cohorts.board.agreeing import (
    MarkHere,
    gradebook_differs,
    registry_differs,
    say_board,
    say_gradebook,
    say_registry,
)
from lti_tool.programme.cohorts.results.shown import Result

NOW = datetime(2026, 7, 1, tzinfo=UTC)
MARKS = st.decimals(0, 100, places=2)


def _here(final: str | None = "62", standing: str = "provisional", **more: Any) -> MarkHere:
    mark = Decimal(final) if final else None
    return MarkHere.of(
        mark,
        standing,
        mark >= 50 if mark else None,
        is_held=more.get("held", False),
        is_out_of_date=more.get("out_of_date", False),
    )


def _result(
    mark: str | None = "62", passed: bool | None = True, state: str = "provisional"
) -> Result:
    value = Decimal(mark) if mark else None
    return Result(1, 1, "Context", 20, 1, value, passed, state, date(2026, 7, 1), NOW, 1)


def _there(state: str = "delivered", given: str = "62", **more: Any) -> MarkThere:
    standing = Standing(1, 1, 1, state, f"State: {state}.", NOW, None, False)
    values: dict[str, Any] = {
        "name": "",
        "standing": standing,
        "mark": f"{given} out of 100",
        "sent_at": NOW,
        "shown": None,
        "shown_id": None,
        "finding": None,
        "words": f"State: {state}.",
        "next_step": "",
        "needs_you": False,
        "may_decide": False,
        "is_decided": False,
        "has_tries": True,
    }
    return MarkThere(Line(**{**values, **more}), Decimal(given), Decimal(100))


@given(MARKS)
def test_the_same_everywhere_agrees(final: Decimal) -> None:
    mark, text = (
        MarkHere.of(final, "provisional", True, is_held=False, is_out_of_date=False),
        f"{final:f}",
    )
    assert gradebook_differs(mark, _there(given=text), has_column=True) == ""
    assert registry_differs(mark, _result(text), is_whole=True) == []


@given(MARKS, MARKS)
def test_another_mark_is_always_said(ours: Decimal, theirs: Decimal) -> None:
    mark = MarkHere.of(ours, "provisional", True, is_held=False, is_out_of_date=False)
    said = registry_differs(mark, _result(f"{theirs:f}"), is_whole=True)
    assert bool(said) == (ours != theirs)
    assert registry_differs(mark, _result(f"{theirs:f}"), is_whole=False) == []
    sent = gradebook_differs(mark, _there(given=f"{theirs:f}"), has_column=True)
    assert bool(sent) == (ours != theirs)


@pytest.mark.parametrize(
    ("mark", "result", "said"),
    [
        (
            _here(),
            _result(None, False),
            "says not passed; the mark here is a pass",
        ),
        (_here("44"), _result("44", True), "says passed; the mark here is no pass"),
        (_here(), _result(state="confirmed"), "here the mark is provisional"),
        (_here(standing="confirmed"), _result(), "Bring in its list from after the board"),
        (_here(), _result(state="deferred"), "Hold it back, or ask the registry"),
        (_here(), None, "has no result of this attempt"),
        (_here(None), _result(), "no mark is released here"),
        (MarkHere.nothing(), _result(), "nothing was handed in here"),
    ],
)
def test_what_the_registry_says_otherwise(mark: MarkHere, result: Result | None, said: str) -> None:
    assert said in " ".join(registry_differs(mark, result, is_whole=True))


@pytest.mark.parametrize(
    ("mark", "result"),
    [
        (_here(held=True), _result(state="deferred")),
        (_here(None, held=True), _result()),
        (_here(None), _result(state="deferred")),
        (_here(standing="confirmed"), _result(state="confirmed")),
        (_here(None), None),
        (MarkHere.nothing(), None),
    ],
)
def test_what_is_nobodys_fault_agrees(mark: MarkHere, result: Result | None) -> None:
    assert registry_differs(mark, result, is_whole=True) == []


def test_the_gradebook_without_a_column_without_a_mark_and_after_taking_back() -> None:
    assert "no column for this work" in gradebook_differs(_here(), None, has_column=False)
    assert "was not sent" in gradebook_differs(_here(), None, has_column=True)
    waiting = _there("waiting")
    assert gradebook_differs(_here(), waiting, has_column=True) == "State: waiting."
    stuck = _there("needs_person", needs_you=True)
    assert gradebook_differs(_here(), stuck, has_column=True) == "State: needs_person."
    assert gradebook_differs(_here(None), None, has_column=True) == ""
    back = _there("cancelled")
    assert "may still show one" in gradebook_differs(_here(None), back, has_column=True)
    never = _there("cancelled", sent_at=None)
    assert gradebook_differs(_here(None), never, has_column=True) == ""
    typed = _there(
        finding="overridden", words="Shows 58.", next_step="Keep it.", shown="58 out of 100"
    )
    assert gradebook_differs(_here(), typed, has_column=True) == "Shows 58. Keep it."
    assert "No mark is released here" in gradebook_differs(_here(None), typed, has_column=True)


def test_what_each_column_of_the_sheet_says() -> None:
    assert say_gradebook(None, has_column=False, is_newest=True) == "No column"
    assert say_gradebook(None, has_column=True, is_newest=True) == "Nothing sent"
    assert say_gradebook(_there(), has_column=True, is_newest=False) == "Shows another attempt"
    assert say_gradebook(_there(), has_column=True, is_newest=True) == "Was sent 62 out of 100"
    shown = _there(shown="58 out of 100")
    assert say_gradebook(shown, has_column=True, is_newest=True) == "Shows 58 out of 100"
    waiting = _there("waiting")
    assert say_gradebook(waiting, has_column=True, is_newest=True) == "State: waiting."
    assert say_registry(None) == "Not on the list"
    assert say_registry(_result("62.50")) == "62.5, passed, provisional on 1 July 2026"
    undecided = say_registry(_result(None, None, "deferred"))
    assert undecided == "deferred by the board on 1 July 2026"
    assert say_board(_here(standing="confirmed")).startswith("Confirmed")
    assert say_board(_here()) == "Provisional" and say_board(_here(None)) == ""
