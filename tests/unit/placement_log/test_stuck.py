"""Who is stuck, why, and whose turn it is: judged by school days, never by holidays."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from lti_tool.activities.placement_log import states
from lti_tool.activities.placement_log.cohort.lines import (
    HOST,
    PARTICIPANT,
    SCHOOL,
    TUTOR,
    Gathered,
    LeanMeeting,
    LeanVisit,
)
from lti_tool.activities.placement_log.cohort.stuck import Rule, to_do, why_stuck
from lti_tool.activities.placement_log.eligibility import Missing
from lti_tool.activities.placement_log.numbers import load_numbers
from lti_tool.programme.school_days import load_terms

CONFIG = Path(__file__).parents[3] / "config"
TODAY = date(2026, 11, 27)
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
LONG_AGO, LATELY = NOW - timedelta(days=40), NOW - timedelta(days=3)
AGREED = tuple(LeanMeeting("mentor", TODAY, True) for _ in range(3))


def rule(begun_on: date = TODAY) -> Rule:
    return Rule(load_numbers(CONFIG), load_terms(CONFIG), NOW, TODAY, begun_on)


def visit(state: str, since: datetime = LATELY, **more) -> LeanVisit:
    return LeanVisit(1, state, since, more.pop("visit_on", TODAY), 2, **more)


def reasons(*visits: LeanVisit, meetings=AGREED, **more) -> list[tuple[str, str]]:
    known = Gathered(visits=visits, meetings=meetings, **more)
    return [(one.turn, one.sentence) for one in why_stuck(known, rule())]


@pytest.mark.parametrize(
    ("one", "turn", "words"),
    [
        (visit(states.WRONG), PARTICIPANT, "something is wrong"),
        (visit(states.RETURNED, LONG_AGO), PARTICIPANT, "nothing came back"),
        (visit(states.PLANNED, LONG_AGO), TUTOR, "waited long for your approval"),
        (visit(states.CONFIRMED, LONG_AGO), TUTOR, "waited long to be accepted"),
        (
            visit(states.APPROVED, visit_on=LONG_AGO.date()),
            PARTICIPANT,
            "has not been written up",
        ),
        (visit(states.DONE, LONG_AGO), PARTICIPANT, "has not been asked"),
        (
            visit(states.DONE, LONG_AGO, asked_until=NOW + timedelta(days=1), was_asked=True),
            HOST,
            "has not answered yet",
        ),
        (
            visit(states.DONE, asked_until=NOW - timedelta(days=1), was_asked=True),
            PARTICIPANT,
            "did not answer in time",
        ),
        (visit(states.DONE, was_asked=True), PARTICIPANT, "did not answer in time"),
    ],
)
def test_why_somebody_is_stuck(one: LeanVisit, turn: str, words: str) -> None:
    (found,) = reasons(one)
    assert found[0] == turn and words in found[1]


@pytest.mark.parametrize("state", list(states.WORDS))
def test_what_has_just_moved_is_not_stuck(state: str) -> None:
    asked = {"asked_until": NOW + timedelta(days=9)} if state == states.DONE else {}
    assert bool(reasons(visit(state, **asked))) is (state == states.WRONG)


def test_holidays_do_not_count() -> None:
    """From the last day of term to the first of the next nothing is late."""
    numbers, terms = load_numbers(CONFIG), load_terms(CONFIG)
    today = date(2027, 1, 4)
    now = datetime(2027, 1, 4, 12, tzinfo=UTC)
    over_christmas = Rule(numbers, terms, now, today, today)
    known = Gathered((visit(states.PLANNED, datetime(2026, 12, 17, 9, tzinfo=UTC)),), AGREED)
    assert why_stuck(known, over_christmas) == ()


def test_what_is_missing_missed_or_not_begun_is_said() -> None:
    lacks = (Missing("dbs", "your school", "No DBS check is recorded."),)
    stuck = reasons(visit(states.APPROVED), missing=lacks)
    assert stuck == [(SCHOOL, "No DBS check is recorded.")]
    lacks = (Missing("agreement", "you", "Send the link."), *lacks)
    stuck = reasons(visit(states.PLANNED, LONG_AGO), missing=lacks)
    assert stuck == [(PARTICIPANT, "Missing before a visit: school’s agreement and DBS check.")]
    assert to_do(Gathered((visit(states.PLANNED),), missing=lacks)) == (), "it cannot be approved"
    assert "“Online 1”" in reasons(visit(states.APPROVED), missed=("Online 1",))[0][1]
    nothing = why_stuck(Gathered(), rule(begun_on=date(2026, 9, 7)))
    assert [one.sentence for one in nothing] == [
        "No visit is planned yet.",
        "No meeting with the mentor for 10 school weeks.",
    ]
    assert why_stuck(Gathered(), rule()) == (), "a cohort that has just begun is not stuck"


def test_who_has_handed_in_is_not_stuck_and_is_the_tutors_to_mark() -> None:
    known = Gathered((visit(states.WRONG),), handed_in_at=NOW)
    assert why_stuck(known, rule()) == ()
    assert [one.sentence for one in to_do(known)] == ["Log to mark"]


def test_what_waits_for_the_tutor_is_listed_however_new() -> None:
    known = Gathered((visit(states.PLANNED), visit(states.PLANNED), visit(states.CONFIRMED)))
    assert [one.sentence for one in to_do(known)] == ["2 visits to approve", "1 visit to accept"]
