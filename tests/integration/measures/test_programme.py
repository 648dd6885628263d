"""Measures of QTS, SENCO dates, agreements and mentors."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from lti_tool.catalogue.measures import NOTHING_YET
from tests.support.measured import START, Measured

BEFORE, DAY = START - timedelta(days=10), timedelta(days=1)


@pytest.mark.parametrize(
    "key", ["eligibility-checked", "senco-dates", "agreed-before-start", "mentors-named"]
)
def test_over_nobody_there_is_nothing_to_look_at(measured: Measured, key: str) -> None:
    measured.person("withdrawn", date(2026, 10, 1))
    measured.person("transferred", date(2026, 10, 1))
    found = measured.find(key)
    assert (found.count, found.of, found.words) == (0, 0, NOTHING_YET)
    assert "withdrew or went elsewhere" in found.how


def test_qts_and_induction_are_checked_and_dated(measured: Measured) -> None:
    key = "eligibility-checked"
    full, none, no_qts, undated, no_induction = (measured.person() for _ in range(5))
    measured.standing(full, has_qts=True, qts_checked_on=BEFORE, induction="exempt")
    measured.standing(no_qts, has_qts=False, qts_checked_on=BEFORE)
    measured.standing(undated, has_qts=True, induction="done")
    measured.standing(no_induction, has_qts=True, qts_checked_on=BEFORE)
    found = measured.find(key)
    assert found.words == "QTS and induction are checked and dated for 2 of 5 participants."
    assert measured.label(key, full) == "QTS and induction checked on 28 August 2026."
    assert "induction is not asked for" in measured.label(key, no_qts)
    assert measured.label(key, none) == "Not recorded: whether they hold QTS, the day of the check."
    assert measured.label(key, undated) == "Not recorded: the day of the check."
    assert measured.label(key, no_induction) == "Not recorded: whether induction is done."


def test_senco_dates_are_recorded_or_not_needed(measured: Measured) -> None:
    key = "senco-dates"
    senco, aspiring, unknown = (measured.person() for _ in range(3))
    measured.standing(senco, senco_since=date(2024, 2, 29))
    measured.standing(aspiring, is_aspiring=True)
    found = measured.find(key)
    assert (found.count, found.of) == (2, 3)
    assert found.words == (
        "Start date and deadline are recorded for 1 of 3 participants; 1 is not a SENCO yet and "
        "needs none: 2 in order."
    )
    assert "the 3 years end on 28 February 2027" in measured.label(key, senco)
    assert measured.label(key, aspiring) == "Not needed: not a SENCO yet."
    assert measured.label(key, unknown).startswith("Not recorded")


def test_agreement_and_mentor_have_to_stand_before_the_first_day(measured: Measured) -> None:
    key = "agreed-before-start"
    both, late, nobody, ended, moved, by_link = (measured.person() for _ in range(6))
    measured.agree(both, BEFORE)
    measured.mentor(both, BEFORE)
    measured.agree(late, START)
    measured.mentor(late, START + DAY)
    measured.agree(ended, BEFORE, closed_at=_noon(BEFORE + DAY))
    measured.mentor(ended, BEFORE, BEFORE + DAY)
    measured.agree(moved, BEFORE, closed_at=_noon(START + DAY))
    measured.mentor(moved, BEFORE, START + DAY)
    measured.agree(by_link, START, answer={}, answered_at=_noon(BEFORE))
    measured.mentor(by_link, BEFORE)
    measured.agree(nobody, BEFORE, is_agreed=False)
    found = measured.find(key)
    good = {one.person_id for one in found.lines if one.is_good}
    assert good == {both, moved, by_link}
    assert "for 3 of 6 participants" in found.words
    assert "agreed only on 7 September 2026" in measured.label(key, late)
    assert "named only on 8 September 2026" in measured.label(key, late)
    for one in (ended, nobody):
        assert "No agreement of the head stood then." in measured.label(key, one)
        assert "No mentor was named then." in measured.label(key, one)


def test_it_is_the_first_day_of_their_own_cohort(measured: Measured) -> None:
    january = measured.cohort("January 2027", date(2027, 1, 11))
    who = measured.person(since_on=date(2027, 1, 11), cohort_id=january)
    measured.agree(who, START + DAY)
    measured.mentor(who, START + DAY)
    assert measured.find("agreed-before-start").count == 1
    assert "begins on 11 January 2027" in measured.label("agreed-before-start", who)


def test_mentors_are_those_of_today_and_of_who_is_still_there(measured: Measured) -> None:
    key = "mentors-named"
    named, never, before = (measured.person() for _ in range(3))
    done = measured.person("completed", date(2026, 11, 1))
    measured.mentor(named, BEFORE, START)
    measured.mentor(named, START)
    measured.mentor(before, BEFORE, START)
    measured.mentor(done, BEFORE, START)
    found = measured.find(key)
    assert found.words == "A school mentor is named today for 1 of 3 participants."
    assert measured.label(key, named) == "A mentor is named, since 7 September 2026."
    assert measured.label(key, never) == "No mentor is named yet."
    assert measured.label(key, before) == "A mentor was named before; nobody is now."


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
