"""Planning a visit through its page: said at the field, nothing typed lost, nothing half kept."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from lti_tool.activities.placement_log.models import PartnerVisit
from lti_tool.programme.models import School
from tests.integration.placement_log.visits.conftest import FETCH, PLAN, Course, text

NEW = "placement/visits/new"


def _error(page: str, field: str) -> str:
    """What is said at a field."""
    if f'id="{field}-error"' not in page:
        return ""
    return page.split(f'id="{field}-error"')[1].split("</div>")[0]


def test_a_plan_is_kept_and_shown(course: Course) -> None:
    visit = course.plan()
    assert (visit.number, visit.state, visit.half_days, visit.revision) == (1, "planned", 2, 1)
    page = text(course.let_in("5").get("placement/visits/1"))
    for said in ("Tuesday 2 March 2027", "Hillside Primary (Primary, Maintained", "URN 116123"):
        assert said in page
    assert "Ann Lee, a.lee@hillside.example" in page and "No DBS check" in page
    listed = text(course.let_in("5").get("placement/visits/"))
    assert "Your visits take 1 day of 5 days at most." in listed


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"leaves_at": "08:00"}, "leaves_at", "not after arriving"),
        ({"half_days": "1"}, "half_days", "more than half a day"),
        ({"visit_on": "2027-03-06"}, "visit_on", "at the weekend"),
        ({"visit_on": "2027-05-03"}, "visit_on", "is closed"),
        ({"visit_on": "2027-02-17"}, "visit_on", "half-term"),
        ({"visit_on": "2027-02-30"}, "visit_on", "no such date"),
        ({"visit_on": "2020-03-03"}, "visit_on", "more than two years ago"),
        ({"visit_on": "2099-03-03"}, "visit_on", "more than two years ahead"),
        ({"arrives_at": "late"}, "arrives_at", "24-hour clock"),
        ({"school_urn": "12345"}, "school_urn", "six digits"),
        ({"school_name": ""}, "school_name", "Host school"),
        ({"host_email": ""}, "host_email", "leave both empty"),
        ({"host_email": "ann at school"}, "host_email", "whole e-mail address"),
        ({"focus": "Jack Carter in Year 4 finds reading hard."}, "focus", "name somebody"),
        ({"focus": "x" * 2001}, "focus", "Shorten this"),
        ({"half_days": "9"}, "half_days", "Length"),
        ({"half_days": "NaN"}, "half_days", "Length"),
        ({"half_days": "½"}, "half_days", "Length"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    course: Course, changes: dict[str, str], field: str, said: str
) -> None:
    visitor = course.let_in("5")
    visitor.get(NEW)
    answer = visitor.post(NEW, {**PLAN, **changes})
    page = text(answer)
    assert answer.status_code == 422 and said in _error(page, field), _error(page, field)
    for name, typed in {**PLAN, **changes}.items():
        if name not in ("half_days", "phase", "kind"):
            assert typed in page, name
    assert course.visits() == []
    with course.world.database.read() as session:
        assert session.scalar(select(func.count()).select_from(School)) == 0


def test_a_holiday_can_be_said_to_be_a_school_day(course: Course) -> None:
    visit = course.plan(visit_on="2027-02-17", school_is_open="y")
    assert visit.document["school_is_open"] is True


def test_overlaps_and_too_many_days_count_every_visit_and_half_days(course: Course) -> None:
    course.plan(half_days="1", leaves_at="12:00")
    visitor = course.let_in("5")
    visitor.get(NEW)
    clash = visitor.post(
        NEW, {**PLAN, "half_days": "1", "arrives_at": "11:00", "leaves_at": "14:00"}
    )
    assert "Your visit 1 is on that day too" in _error(text(clash), "visit_on")
    course.plan(half_days="1", arrives_at="13:00", leaves_at="15:30")
    for day in ("03", "04", "05", "08"):
        course.plan(visit_on=f"2027-03-{day}")
    visitor.get(NEW)
    over = visitor.post(
        NEW, {**PLAN, "visit_on": "2027-03-09", "half_days": "1", "leaves_at": "12:00"}
    )
    assert "you would use 5½ days, and your programme allows 5 days" in _error(
        text(over), "half_days"
    )
    visitor.get("placement/visits/1/plan")
    same = {**PLAN, "half_days": "1", "leaves_at": "11:30"}
    assert visitor.post("placement/visits/1/plan", same).status_code == 303, "not against itself"


def test_days_beyond_what_the_head_agreed_to_are_said_and_not_refused(course: Course) -> None:
    course.give_release(course.plan(), 1)
    visitor, said = course.let_in("5"), "The head agreed to 1 day of release, and all visits take"
    assert said not in text(visitor.get("placement/visits/")), "one day is what was agreed to"
    assert f"{said} 2 days." in text(visitor.get(NEW)), "with the visit that is being planned"
    course.give_dbs("5")
    second = course.plan(visit_on="2027-03-03")
    for place in ("placement/", "placement/visits/", "placement/visits/2/plan"):
        assert f"{said} 2 days." in text(visitor.get(place)), place
    for place in ("", f"{second.id}"):
        assert f"{said} 2 days." in text(course.tutor.get(f"placement/tutor/visits/{place}")), place
    assert course.press(second, "approve").status_code == 303


def test_it_is_said_at_once_without_anything_being_kept(course: Course) -> None:
    visitor = course.let_in("5")
    visitor.get(NEW)
    told = visitor.post(
        NEW, {"visit_on": "2027-02-17", "leaves_at": "08:00", "arrives_at": "09:00", "act": "check"}
    ).json
    assert "half-term" in told["said"]["visit_on"][0] and told["may_be_open"] is True
    assert "not after arriving" in told["said"]["leaves_at"][0]
    assert course.visits() == []


def test_known_schools_are_offered_and_a_strange_number_is_said(course: Course) -> None:
    course.plan()
    other = course.let_in("6")
    assert other.get("placement/schools?q=hi").json == {"schools": []}
    (found,) = other.get("placement/schools?q=Hills").json["schools"]
    assert found == {
        "name": "Hillside Primary",
        "urn": "116123",
        "phase": "primary",
        "kind": "maintained",
    }
    other.get(NEW)
    page = text(other.post(NEW, {**PLAN, "school_name": "Valley School"}))
    assert "116123 is the number of “Hillside Primary”" in _error(page, "school_urn")


def test_an_approved_visit_goes_back_only_when_that_was_agreed_to(course: Course) -> None:
    course.bring_to(course.plan(), "approved")
    visitor = course.let_in("5")
    visitor.get("placement/visits/1/plan")
    small = visitor.post("placement/visits/1/plan", {**PLAN, "arrives_at": "09:00"})
    assert small.status_code == 303 and course.visit().state == "approved"
    visitor.get("placement/visits/1/plan")
    moved = {**PLAN, "arrives_at": "09:00", "visit_on": "2027-03-03"}
    asked = visitor.post("placement/visits/1/plan", moved)
    assert asked.status_code == 422 and "has to approve it anew" in text(asked)
    assert 'value="2027-03-03"' in text(asked) and course.visit().state == "approved"
    assert visitor.post("placement/visits/1/plan", {**moved, "act": "agreed"}).status_code == 303
    now = course.visit()
    assert (now.state, f"{now.visit_on}") == ("planned", "2027-03-03")
    assert "Day, school or length were changed." in text(visitor.get("placement/visits/1"))


def test_two_devices_never_overwrite_each_other_unseen(course: Course) -> None:
    course.plan()
    visitor = course.let_in("5")
    visitor.get("placement/visits/1/plan")
    assert visitor.post("placement/visits/1/plan", {**PLAN, "focus": "One"}).status_code == 303
    stale = visitor.post("placement/visits/1/plan", {**PLAN, "focus": "Two", "revision": "1"})
    page = text(stale)
    assert stale.status_code == 409 and "Saved since" in page and "One" in page and "Two" in page
    assert course.visit().document["focus"] == "One"
    assert visitor.post("placement/visits/1/plan", {**PLAN, "focus": "Two"}).status_code == 303
    assert course.visit().document["focus"] == "Two", "knowingly"


def test_a_script_sends_what_was_typed_without_a_connection(course: Course) -> None:
    visitor = course.let_in("5")
    visitor.get(NEW)
    sent = visitor.post(NEW, PLAN, headers=FETCH)
    assert sent.json["revision"] == 1 and sent.json["action"].endswith("/placement/visits/1/plan")
    wrong = visitor.post(
        NEW, {**PLAN, "visit_on": "2027-03-03", "leaves_at": "01:00"}, headers=FETCH
    )
    assert wrong.status_code == 422 and "not after arriving" in wrong.json["sentence"]


def test_a_removed_visit_leaves_nothing_that_was_written(course: Course) -> None:
    visit = course.plan()
    visitor = course.let_in("5")
    assert "cannot be brought back" in text(visitor.get("placement/visits/1/remove"))
    assert visitor.post("placement/visits/1/remove").status_code == 303
    assert course.visits() == []
    assert visitor.get("placement/visits/1").status_code == 404
    with course.world.database.read() as session:
        row = session.get(PartnerVisit, visit.id)
        assert row is not None and row.removed_at is not None and row.document["focus"] == ""
    page = text(visitor.get("placement/visits/"))
    assert page.split('data-device-clear="')[1].split('"')[0].count(" ") == 1, "two forms' names"
    assert course.plan().number == 2


def test_nobody_reaches_another_persons_visit(course: Course) -> None:
    course.plan()
    other = course.let_in("6")
    for path in ("", "/plan", "/write", "/remove"):
        assert other.get(f"placement/visits/1{path}").status_code == 404
    other.get(NEW)
    for path in ("/plan", "/write", "/remove", "/done"):
        assert other.post(f"placement/visits/1{path}", PLAN).status_code == 404
    assert course.let_in("5").get("placement/tutor/visits/").status_code == 403
    assert course.tutor.get("placement/visits/").status_code == 403


def test_done_is_refused_ahead_of_the_day(course: Course, clock: time_machine.Traveller) -> None:
    course.bring_to(course.plan(), "approved")
    visitor = course.let_in("5")
    page = text(visitor.get("placement/visits/1"))
    assert "Mark it done when you are there" in page and "Mark it done</button>" not in page
    early = visitor.post("placement/visits/1/done")
    assert early.status_code == 422 and "Tuesday 2 March 2027" in text(early)
    clock.shift(timedelta(days=1))
    visitor = course.participants["5"] = course.world.let_in(
        "5", "participant", custom={"activity": "placement-log"}, resource_link_id="9"
    )
    assert "Mark it done</button>" in text(visitor.get("placement/visits/1"))
    assert visitor.post("placement/visits/1/done").status_code == 303
    assert course.visit().state == "done"
    assert visitor.post("placement/visits/1/done").status_code == 409
    assert visitor.post("placement/visits/1/remove").status_code == 409
    assert visitor.post("placement/visits/1/not-done").status_code == 303
    assert course.visit().state == "approved"
