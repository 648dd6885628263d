"""What needs a person in a cohort itself: each thing is told once, of whom it concerns."""

from dataclasses import replace
from datetime import date, timedelta

from lti_tool.core import clock
from lti_tool.programme.cohorts.awards import Deadline, Facts, Forecast
from lti_tool.programme.cohorts.needs import DEADLINES, RAISES, RESULTS, needs_in
from lti_tool.programme.cohorts.overview import Awarded, PersonLine
from lti_tool.programme.cohorts.queries import CohortRead
from lti_tool.programme.cohorts.standing import Standing
from lti_tool.programme.cohorts.words import NASENCO, NO_AWARD, PG_CERTIFICATE

COHORT = CohortRead(4, 1, "September 2025", date(2025, 9, 1), None, "npq-senco", 1, None, 1)
LINE = PersonLine(
    person_id=7,
    entry=70,
    name="Amara Okafor",
    number="",
    standing=Standing("active", date(2025, 9, 1)),
    is_listed=True,
    facts=Facts(NASENCO, date(2023, 9, 4), 60, 60, 39, 39),
    forecast=Forecast(NO_AWARD, ()),
    awarded=None,
    can_be_raised=False,
    deadlines=(),
    warnings=(),
    not_passed=(),
)


def _words(line: PersonLine, key: str, near_days: int = 30) -> list[str]:
    found = needs_in(COHORT, [line], near_days)[key]
    assert all(one.person_id == 7 and one.values == {"cohort_id": 4, "entry": 70} for one in found)
    return [one.words for one in found]


def _closing(days: int) -> Deadline:
    return Deadline(clock.today() + timedelta(days=days), "the last day")


def test_a_day_is_near_from_so_many_days_before_it_and_not_once_it_is_over() -> None:
    for days, is_told in ((-1, False), (0, True), (30, True), (31, False)):
        line = replace(LINE, deadlines=(_closing(days),))
        assert bool(_words(line, DEADLINES.key)) is is_told, days


def test_a_day_that_a_warning_names_is_told_once() -> None:
    closing = _closing(10)
    said = f"Module 3: the board would be after {clock.plain_day(closing.day)}, the last day."
    line = replace(LINE, deadlines=(closing,), warnings=(said,))
    assert _words(line, DEADLINES.key) == [said]


def test_nothing_closes_on_who_left_or_has_their_award() -> None:
    line = replace(LINE, deadlines=(_closing(10),))
    withdrawn = replace(line, standing=Standing("withdrawn", date(2026, 1, 1)))
    assert _words(withdrawn, DEADLINES.key) == []
    assert _words(replace(line, standing=Standing("intermitting", date.min)), DEADLINES.key)
    awarded = Awarded(PG_CERTIFICATE, date(2026, 7, 1))
    assert _words(replace(line, awarded=awarded), DEADLINES.key) == []
    assert _words(replace(line, awarded=Awarded(NO_AWARD, date(2026, 7, 1))), DEADLINES.key)


def test_results_and_certificates() -> None:
    line = replace(LINE, awaits_result=("Context", "Provision"), can_be_raised=True)
    assert len(_words(line, RESULTS.key)) == 2 and len(_words(line, RAISES.key)) == 1
    assert _words(LINE, RESULTS.key) == _words(LINE, RAISES.key) == []
