"""Measures of visits and meetings."""

from datetime import date, timedelta

import pytest

from lti_tool.catalogue.measures import NOTHING_YET
from lti_tool.core import clock
from lti_tool.lti.models import Context
from tests.support.measured import Measured, add_log
from tests.support.partner_visits import VISIT_ON

DAY = timedelta(days=1)


@pytest.mark.parametrize("key", ["dbs-before-visits", "visits-planned", "visits-confirmed"])
def test_without_visits_there_is_nothing_to_look_at(measured: Measured, key: str) -> None:
    measured.person()
    found = measured.find(key)
    assert (found.count, found.of, found.words) == (0, 0, NOTHING_YET)


def test_a_check_counts_as_it_stood_on_the_day_of_the_visit(measured: Measured) -> None:
    checks = {
        "renewed": [(VISIT_ON - DAY * 400, {}), (VISIT_ON + DAY, {})],
        "good": [(VISIT_ON, {})],
        "none": [],
        "after": [(VISIT_ON - DAY, {"checked_on": VISIT_ON + DAY})],
        "old": [(date(2023, 9, 23), {})],
        "just": [(date(2023, 9, 24), {})],
        "asked": [(date(2020, 1, 6), {"update_service_on": VISIT_ON})],
        "asked too late": [(date(2020, 1, 6), {"update_service_on": VISIT_ON + DAY})],
        "low": [(VISIT_ON - DAY, {"level": "basic"})],
        "withdrawn": [(VISIT_ON - DAY, {"withdrawn_at": clock.now()})],
        "put right": [(VISIT_ON - DAY, {"workforce": "adult"}), (VISIT_ON - DAY, {})],
        "put wrong": [(VISIT_ON - DAY, {}), (VISIT_ON - DAY, {"workforce": "adult"})],
    }
    people = {}
    for name, given in checks.items():
        people[measured.person()] = name
        for issued_on, more in given:
            measured.dbs(max(people), issued_on, **more)
        measured.visit(max(people))
    found = measured.find("dbs-before-visits")
    good = {people[one.person_id or 0] for one in found.lines if one.is_good}
    assert good == {"renewed", "good", "just", "asked", "put right"}
    assert found.words == "A DBS check was in date before 5 of 12 visits."
    said = {people[one.person_id or 0]: one.label for one in found.lines}
    assert said["none"].endswith(
        "No DBS check from the school’s single central record is recorded."
    )
    assert said["after"].endswith("The DBS check was looked at only after that day.")
    assert "longer ago" in said["old"] and "longer ago" in said["asked too late"]
    assert said["good"] == "Visit 1, Thursday 24 September 2026. A DBS check was in date."


def test_visits_that_were_made_are_looked_at_whoever_left_since(measured: Measured) -> None:
    gone = measured.person("withdrawn", date(2026, 10, 1))
    measured.visit(gone)
    measured.visit(gone, state="approved")
    measured.visit(gone, removed_at=clock.now())
    measured.returned(measured.visit(gone, state="returned"), "planned")
    measured.returned(measured.visit(gone, state="returned"), "done")
    measured.visit(gone, visit_on=date(2026, 8, 31))
    found = measured.find("dbs-before-visits")
    assert [one.label[:7] for one in found.lines] == ["Visit 1", "Visit 5"]
    assert "withdrew or went elsewhere afterwards count too" in found.how
    for key in ("visits-planned", "visits-confirmed"):
        assert measured.find(key).of == 0 and "are left out" in measured.find(key).how


def test_visits_of_other_courses_are_not_looked_at(measured: Measured) -> None:
    who = measured.person()
    elsewhere = measured.add(
        Context,
        deployment_id=measured.course.deployment_id,
        context_id="77",
        title="Another",
        label="A",
        history="",
        created_at=clock.now(),
    )
    log = add_log(measured, elsewhere)
    measured.visit(who, assignment_id=log)
    measured.meeting(who, "Read it", assignment_id=log)
    for key in ("dbs-before-visits", "visits-planned", "visits-confirmed"):
        assert measured.find(key).of == 0
    assert measured.label("meetings-with-actions", who) == "No meeting is recorded."


def test_visits_need_a_focus_and_lie_within_the_days_allowed(measured: Measured) -> None:
    who = measured.person()
    for number in range(6):  # five whole days are allowed
        measured.visit(who, visit_on=VISIT_ON - DAY * number, state="planned")
    other = measured.person()
    measured.visit(other, document={"focus": "  "}, visit_on=None)
    found = measured.find("visits-planned")
    assert found.words == "5 of 7 visits have a stated focus and lie within 5 days."
    wrong = [one for one in found.lines if not one.is_good]
    assert [one.person_id for one in wrong] == [who, other]
    assert wrong[0].label == "Visit 1, Thursday 24 September 2026. Beyond the 5 days allowed."
    assert wrong[1].label == "Visit 1, no date yet. No focus is stated."


def test_visits_made_need_a_reflection_and_a_confirmation_that_holds(measured: Measured) -> None:
    who = measured.person()
    states = ("confirmed", "accepted", "done", "wrong", "returned", "done", "confirmed", "approved")
    visits = [measured.visit(who, state=state, half_days=1) for state in states]
    measured.confirm(visits[0])
    measured.confirm(visits[0], broken_at=clock.now())
    measured.confirm(visits[1])
    measured.confirm(visits[3], answer="wrong")
    measured.confirm(visits[4])
    measured.returned(visits[4], "confirmed")
    measured.confirm(visits[5], broken_at=clock.now())
    silent = {"reflection": {"model": "rolfe", "parts": {"what": " "}}}
    measured.confirm(measured.visit(who, state="accepted", document=silent))
    found = measured.find("visits-confirmed")
    assert "2 of 8 visits made are reflected on and confirmed" in found.words
    said = [one.label.partition(". ")[2] for one in found.lines]
    assert said == [
        "Reflected on and confirmed.",
        "Reflected on and confirmed.",
        "Missing: the host school has not confirmed it yet.",
        "Missing: the host school says that something is wrong.",
        "Missing: it was returned with a comment.",
        "Missing: it was changed after the host school confirmed it.",
        "Missing: the host school has not confirmed it yet.",
        "Missing: no reflection is written.",
    ]


def test_meetings_have_agreed_actions_for_each_participant(measured: Measured) -> None:
    key = "meetings-with-actions"
    good, lacking, nobody = (measured.person() for _ in range(3))
    gone = measured.person("withdrawn", date(2026, 11, 1))
    measured.meeting(good, "Read the policy", confirmed_at=clock.now())
    measured.meeting(good, "Look at the map", "Ask the head", kind="tutorial")
    measured.meeting(lacking, "Read the policy")
    measured.meeting(lacking)
    measured.meeting(gone, "Read the policy")
    measured.meeting(nobody, "Later", held_on=date(2026, 11, 29))
    measured.meeting(nobody, "Earlier", held_on=date(2026, 8, 31))
    measured.meeting(nobody, "Removed", removed_at=clock.now())
    found = measured.find(key)
    assert found.words == (
        "Meetings are recorded with agreed actions for 1 of 3 participants. Meetings with "
        "mentors: 2 of 3 with agreed actions. Tutorials: 1 of 1 with agreed actions."
    )
    said = "1 meeting with the mentor, 1 tutorial, each with agreed actions."
    assert measured.label(key, good) == said
    said = "2 meetings with the mentor, 0 tutorials; 1 without agreed actions."
    assert measured.label(key, lacking) == said
    assert measured.label(key, nobody) == "No meeting is recorded."
