"""A measure takes as many queries for two people as for forty."""

from lti_tool.catalogue.measures import list_measures
from tests.support.measured import Measured, fill

MOST = {
    "eligibility-checked": 1,
    "senco-dates": 1,
    "agreed-before-start": 3,
    "mentors-named": 1,
    "dbs-before-visits": 3,
    "visits-planned": 1,
    "visits-confirmed": 3,
    "meetings-with-actions": 1,
    "outcomes-covered": 4,
    "outcomes-signed-off": 4,
    "retention": 4,
}


def test_a_measure_takes_as_many_queries_for_two_as_for_forty(measured: Measured) -> None:
    fill(measured, 2)
    few = {key: measured.count_queries(key) for key in MOST}
    fill(measured, 38)
    many = {key: measured.count_queries(key) for key in MOST}
    assert few == many == MOST
    for key in MOST:
        found = measured.find(key)
        people = {one.person_id for one in found.lines}
        assert people == {None} or len(people) == 40
    assert set(MOST) <= {one.key for one in list_measures()}
