"""Progress counts what is there against what is asked for, and says it in words."""

from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from lti_tool.activities.placement_log import said, states
from lti_tool.activities.placement_log.numbers import load_numbers
from lti_tool.activities.placement_log.progress import (
    DAYS,
    ONLINE,
    Counts,
    is_complete,
    requirements,
)
from lti_tool.activities.placement_log.snapshot import counts_of

NUMBERS = load_numbers(Path(__file__).parents[3] / "config")
WHOLE = Counts(half_days=2, online=2, mentor=3, outcomes=3)


def visit(state: str, half_days: int = 2, seal: str = "whole", outcomes: tuple[str, ...] = ()):
    return {
        "state": state,
        "half_days": half_days,
        "answer": {"seal": seal},
        "outcomes": [{"id": one, "words": one} for one in outcomes],
    }


def test_nothing_is_there_at_first_and_each_thing_is_said() -> None:
    found = requirements(Counts(), NUMBERS)
    assert [one.shown for one in found] == [
        "0 of 1 day",
        "0 of 2",
        "0 of 3 meetings",
        "0 of 3 outcomes",
    ]
    assert all(one.missing for one in found) and not is_complete(found)


def test_all_that_is_asked_for_is_complete() -> None:
    found = requirements(WHOLE, NUMBERS)
    assert is_complete(found) and not [one.missing for one in found if one.missing]


def test_what_nobody_asks_for_is_left_out() -> None:
    none = replace(NUMBERS, online_sessions=0, least_half_days=0)
    assert not {DAYS, ONLINE} & {one.key for one in requirements(Counts(), none)}


@given(st.builds(Counts, *[st.integers(0, 12)] * 7), st.sampled_from(list(Counts.__slots__)))
def test_more_never_makes_less(counts: Counts, which: str) -> None:
    more = replace(counts, **{which: getattr(counts, which) + 1})
    before = {one.key: one for one in requirements(counts, NUMBERS)}
    for one in requirements(more, NUMBERS):
        assert one.done >= before[one.key].done
        assert one.is_met >= before[one.key].is_met
        assert bool(one.missing) is not one.is_met


def test_only_confirmed_visits_with_a_whole_seal_count() -> None:
    work = {
        "visits": [
            visit(states.ACCEPTED, outcomes=("a", "b")),
            visit(states.CONFIRMED, 1, "erased", ("b", "c")),
            visit(states.CONFIRMED, 2, "broken", ("d",)),
            visit(states.DONE, 1, outcomes=("e",)),
            visit(states.WRONG, 2),
        ],
        "sessions": [
            {"kind": "online", "mark": "present"},
            {"kind": "online", "mark": "made_up"},
            {"kind": "online", "mark": "absent"},
            {"kind": "taught_day", "mark": ""},
        ],
        "meetings": [
            {"kind": "mentor", "counts": True},
            {"kind": "mentor", "counts": False},
            {"kind": "tutorial", "counts": True},
        ],
    }
    assert counts_of(work) == Counts(
        half_days=3, half_days_to_come=1, online=2, taught=0, mentor=1, tutorials=1, outcomes=3
    )


def test_days_are_said_as_people_say_them() -> None:
    assert [said.say_days(n) for n in range(5)] == [
        "no day",
        "half a day",
        "1 day",
        "1½ days",
        "2 days",
    ]
    assert [said.number_of_days(n) for n in range(4)] == ["0", "½", "1", "1½"]
    assert said.in_list(["a", "b", "c"]) == "a, b and c" and said.in_list([]) == ""
