"""Where an outcome stands, what may be decided, and what of a distribution is hidden."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.programme.outcomes.small_numbers import SMALLEST, hide_small
from lti_tool.programme.outcomes.standing import Cell, Decided, cell_of, list_decisions, why_not
from lti_tool.programme.outcomes.words import MET, NOT_STARTED, OFFERED, QUERIED, REOPENED

THEN = datetime(2026, 11, 2, 9, tzinfo=UTC)
LATER = THEN + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("pieces", "changed_at", "decided", "state"),
    [
        (0, None, None, NOT_STARTED),
        (2, THEN, None, OFFERED),
        (1, THEN, Decided(7, QUERIED, LATER), QUERIED),
        (1, LATER, Decided(7, QUERIED, THEN), OFFERED),
        (0, None, Decided(7, QUERIED, THEN), QUERIED),
        (1, LATER, Decided(7, MET, THEN), MET),
        (0, None, Decided(7, MET, THEN), MET),
        (0, None, Decided(7, REOPENED, THEN), NOT_STARTED),
        (1, THEN, Decided(7, REOPENED, LATER), OFFERED),
    ],
)
def test_evidence_and_the_last_decision_tell_where_it_stands(
    pieces: int, changed_at: datetime | None, decided: Decided | None, state: str
) -> None:
    assert cell_of(pieces, changed_at, decided) == Cell(state, pieces, decided.id if decided else 0)


@pytest.mark.parametrize(
    ("cell", "decision", "reason", "is_good"),
    [
        (Cell(OFFERED, 1), MET, "", True),
        (Cell(NOT_STARTED), MET, " ", False),
        (Cell(NOT_STARTED), MET, "Seen in the viva.", True),
        (Cell(OFFERED, 1), QUERIED, "", False),
        (Cell(OFFERED, 1), QUERIED, "Which of the two?", True),
        (Cell(OFFERED, 1), REOPENED, "Why not", False),
        (Cell(MET, 1), REOPENED, "", False),
        (Cell(MET, 1), REOPENED, "Signed by mistake.", True),
        (Cell(MET, 1), QUERIED, "Which?", False),
        (Cell(OFFERED, 1), "nonsense", "x", False),
    ],
)
def test_what_a_decision_needs(cell: Cell, decision: str, reason: str, is_good: bool) -> None:
    assert (why_not(cell, decision, reason) == "") is is_good


def test_only_what_can_follow_is_offered() -> None:
    assert list_decisions(Cell(MET)) == (REOPENED,)
    assert list_decisions(Cell(QUERIED)) == (MET, QUERIED)


COUNTS = st.lists(st.integers(0, 12), min_size=5, max_size=5)


@given(COUNTS)
def test_no_count_under_five_is_shown_nor_told_by_the_total(counts: list[int]) -> None:
    shown = hide_small(counts)
    hidden = [count for count, said in zip(counts, shown, strict=True) if said is None]
    assert all(said == count for count, said in zip(counts, shown, strict=True) if said is not None)
    assert not any(said is not None and 0 < said < SMALLEST for said in shown)
    if sum(counts) < SMALLEST:
        assert len(hidden) == len(counts)
    elif hidden:
        assert len(hidden) > 1 and sum(hidden) >= SMALLEST


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([0, 0, 5, 6, 7], [0, 0, 5, 6, 7]),
        ([0, 3, 5, 6, 7], [0, None, None, 6, 7]),
        ([1, 1, 0, 0, 8], [None, None, 0, 0, None]),
        ([0, 0, 4, 0, 0], [None] * 5),
    ],
)
def test_which_counts_are_hidden(counts: list[int], shown: list[int | None]) -> None:
    assert hide_small(counts) == shown
