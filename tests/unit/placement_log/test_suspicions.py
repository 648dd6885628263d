"""Hints about a host's address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.activities.placement_log.confirming.suspicions import is_same_place, list_hints

FREE = {"gmail.com"}


@pytest.mark.parametrize(
    ("email", "own", "school", "others", "said"),
    [
        ("jo@hillside.sch.uk", "a@oak.sch.uk", {"oak.sch.uk"}, 0, []),
        ("jo@GMAIL.com", None, set(), 0, ["free mail"]),
        ("A@oak.sch.uk", "a@oak.sch.uk", {"oak.sch.uk"}, 3, ["own address"]),
        ("jo@oak.sch.uk", None, {"oak.sch.uk"}, 0, ["own school"]),
        ("jo@north.oak.sch.uk", None, {"oak.sch.uk"}, 0, ["own school"]),
        ("jo@notoak.sch.uk", None, {"oak.sch.uk"}, 0, []),
        ("jo@gmail.com", None, {"gmail.com"}, 2, ["free mail", "2 other participants"]),
        ("jo@x.uk", None, {""}, 1, ["another participant"]),
    ],
)
def test_hints(email: str, own: str | None, school: set[str], others: int, said: list[str]) -> None:
    found = list_hints(email, own=own, school_domains=school, others=others, free=FREE)
    assert len(found) == len(said)
    assert all(words in hint for words, hint in zip(said, found, strict=True))


@given(st.text("ab.", max_size=6), st.text("ab.", max_size=6))
def test_places_are_the_same_both_ways(one: str, other: str) -> None:
    assert is_same_place(one, other) == is_same_place(other, one)
