"""What measures look at: each person once, in the cohort where they are now."""

from datetime import date

from lti_tool.core import clock
from lti_tool.programme.cohorts.models import Programme
from tests.support.measured import Measured


def test_each_person_counts_once_where_they_are_now(measured: Measured) -> None:
    january = measured.cohort("January 2027", date(2027, 1, 11))
    stays, done = measured.person(), measured.person("completed", date(2026, 11, 1))
    gone = measured.person("withdrawn", date(2026, 10, 1))
    back = measured.person("intermitting", date(2026, 10, 1))
    moved = measured.person("transferred", date(2026, 10, 1))
    measured.take_part(moved, "active", date(2026, 10, 1), january)
    will_go = measured.person("transferred", date(2027, 1, 11))
    measured.take_part(will_go, "active", date(2027, 1, 11), january)
    will_leave = measured.person("withdrawn", date(2026, 11, 29))
    to_come = measured.person(since_on=date(2027, 1, 11), cohort_id=january)
    scope = measured.scope()
    everybody = (stays, done, gone, back, moved, will_go, will_leave, to_come)
    assert scope.person_ids == everybody and scope.left_ids == {gone}
    assert scope.completed_ids == {done}
    elsewhere = {one for one in everybody if scope.cohort_of[one] == january}
    assert elsewhere == {moved, to_come}
    assert gone not in scope.staying_ids and done in scope.staying_ids
    assert set(scope.present_ids) == set(everybody) - {gone, done}
    assert scope.context_ids == (measured.course.context_id,)


def test_a_year_is_looked_at_up_to_its_last_day(measured: Measured) -> None:
    early = measured.cohort("September 2025", date(2025, 9, 8), ends_on=date(2026, 8, 31))
    who = measured.person(since_on=date(2025, 9, 8), cohort_id=early)
    measured.take_part(who, "withdrawn", date(2026, 9, 15), early)
    scope = measured.scope(2025)
    assert (scope.person_ids, scope.left_ids) == ((who,), frozenset())
    open_ended = measured.cohort("Spring 2026", date(2026, 4, 13))
    measured.person(since_on=date(2026, 10, 1), cohort_id=open_ended)
    assert measured.scope(2025).person_ids == (who,), "came after that year"
    assert scope.up_to == date(2026, 8, 31) and measured.scope().up_to == date(2026, 11, 28)
    assert measured.scope(2024).person_ids == () == measured.scope(2024).context_ids


def test_another_programme_is_not_looked_at(measured: Measured) -> None:
    measured.person()
    other = measured.add(
        Programme,
        registration_id=measured.course.registration_id,
        key="other",
        title="Other",
        route="npq",
        credits=0,
        revision=1,
        created_at=clock.now(),
    )
    measured.programme_id = other
    assert measured.scope().person_ids == () == measured.scope().context_ids
