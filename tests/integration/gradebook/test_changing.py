"""A column's title and maximum carried over, a deleted one noticed and made again on a word."""

from decimal import Decimal

import pytest
import time_machine
from werkzeug.wrappers import Response

from lti_tool.core.errors import Conflict, NotFound
from lti_tool.gradebook.changing import change_due, percent_of
from lti_tool.gradebook.making_again import make_column_again
from lti_tool.gradebook.operations import change_column, clear_mark, send_again, withdraw
from lti_tool.gradebook.overview import get_page
from lti_tool.gradebook.restoring import hold_waiting
from tests.conformance.cases import case
from tests.integration.gradebook.bench import Bench
from tests.integration.gradebook.test_comparing import _compare, _decide, _now_s


def _change(bench: Bench, **values: object) -> bool:
    with bench.database.write() as session:
        return change_column(session, bench.assignment.id, **values)


def _work(bench: Bench) -> None:
    while change_due(bench.database, bench.settings, lambda: False) == 0:
        pass
    bench.drain()


def _make_again(bench: Bench, assignment_id: int) -> int:
    with bench.database.write() as session:
        return make_column_again(
            session,
            assignment_id,
            context_ids=(bench.course.context_id,),
            actor_id=bench.course.tutor_id,
        )


@case(165, "a line item’s id and link are never changed")
def test_a_new_title_and_maximum_leave_all_else(
    bench: Bench, clock: time_machine.Traveller
) -> None:
    item = bench.platform._parts.gradebook.find_item("2", 1)
    for sub, mark in (("5", "62"), ("6", "56")):
        bench.release(mark, sub)
    bench.drain()
    assert _change(bench, label="Provision audit, second year", maximum=Decimal(20))
    _work(bench)
    clock.shift(3)
    bench.drain()
    now = bench.platform._parts.gradebook.find_item("2", 1)
    assert (now.label, now.maximum) == ("Provision audit, second year", 20)
    assert (now.resource_id, now.tag, now.resource_link_id, now.id) == (
        item.resource_id,
        item.tag,
        item.resource_link_id,
        item.id,
    )
    sent = [
        (one["body"]["userId"], one["body"]["scoreGiven"], one["body"]["scoreMaximum"])
        for one in bench.platform.taken()[2:]
    ]
    assert sorted(sent) == [("5", 12.4, 20), ("6", 11.2, 20)]
    assert (bench.shown("5"), bench.shown("6")) == (12.4, 11.2)
    assert not _change(bench, label="Provision audit, second year"), "nothing new, nothing sent"


def test_a_title_alone_sends_no_mark_again(bench: Bench) -> None:
    bench.release(62)
    bench.drain()
    _change(bench, label="Another title")
    _work(bench)
    assert len(bench.platform.asked("score")) == 1
    (put,) = [one for one in bench.platform.asked("service") if one["method"] == "PUT"]
    assert put["status"] == 200


@pytest.mark.parametrize(
    ("given", "maximum", "percent"),
    [("10.05", "15", "67"), ("1.67", "3", "55.5"), ("16.5", "50", "33"), ("56.7", "100", "56.7")],
)
def test_the_percentage_a_score_was_rounded_from(given: str, maximum: str, percent: str) -> None:
    assert percent_of(Decimal(given), Decimal(maximum)) == Decimal(percent)


def test_the_marks_themselves_where_the_caller_knows_them(
    bench: Bench, clock: time_machine.Traveller
) -> None:
    bench.release(62)
    bench.drain()
    marks = {bench.work_of("5").person_id: Decimal("61.7")}
    _change(bench, maximum=Decimal(200), marks=marks)
    _work(bench)
    clock.shift(3)
    bench.drain()
    assert bench.shown() == 123.4


def test_a_mark_taken_out_is_no_zero_after_another_maximum(
    bench: Bench, clock: time_machine.Traveller
) -> None:
    bench.release(72)
    bench.drain()
    who = bench.work_of("5").person_id
    courses = (bench.course.context_id,)
    with bench.database.write() as session:
        withdraw(session, bench.assignment.id, who)
        clear_mark(
            session,
            bench.assignment.id,
            who,
            context_ids=courses,
            actor_id=bench.course.tutor_id,
        )
    clock.shift(5)
    bench.drain()
    assert bench.shown() is None
    clock.shift(5)
    _change(bench, maximum=Decimal(50))
    _work(bench)
    assert bench.shown() == 0, "Moodle puts a 0 where no mark was"
    clock.shift(3)
    bench.drain()
    assert bench.shown() is None


def test_a_mark_that_waited_while_the_platform_scaled(
    bench: Bench, clock: time_machine.Traveller
) -> None:
    delivery_id = bench.release(56)
    clock.shift(5)
    bench.drain()
    clock.shift(5)
    _change(bench, maximum=Decimal(3))
    change_due(bench.database, bench.settings, lambda: False)
    bench.drain()
    clock.shift(3)
    bench.drain()
    assert bench.shown() == 1.68
    assert bench.platform.taken()[-1]["body"]["scoreMaximum"] == 3
    assert bench.row(delivery_id).state == "delivered"


def _change_to_half(bench: Bench, clock: time_machine.Traveller) -> None:
    """The maximum is halved, and carried over with all that comes of it."""
    clock.shift(5)
    _change(bench, maximum=Decimal(50))
    for _ in range(3):
        _work(bench)
        clock.shift(3)


def test_another_maximum_sends_nothing_that_needs_a_person(
    bench: Bench, clock: time_machine.Traveller
) -> None:
    """A newer mark stopped ours, or ours was held when a backup was brought back."""
    stopped, held = bench.release(62, "5"), bench.release(56, "6")
    bench.platform.score_from_elsewhere(bench.column, "5", 58, _now_s(60))
    bench.platform.trouble("score", only_for="6", answer=lambda: Response("", 503))
    bench.drain()
    with bench.database.write() as session:
        hold_waiting(session)
    before = len(bench.platform.asked("score"))
    clock.shift(60)
    _change_to_half(bench, clock)
    assert [bench.row(one).state for one in (stopped, held)] == ["needs_person"] * 2
    assert [bench.row(one).reason for one in (stopped, held)] == ["newer_elsewhere", "restored"]
    assert len(bench.platform.asked("score")) == before
    assert (bench.shown("5"), bench.shown("6")) == (29, None)
    with bench.database.write() as session:
        send_again(
            session,
            held,
            context_ids=(bench.course.context_id,),
            actor_id=bench.course.tutor_id,
        )
    bench.drain()
    assert bench.shown("6") == 28, "on the scale of today, for it says of which maximum it is"


def test_a_mark_left_as_the_gradebook_has_it_stays_so_on_another_scale(
    bench: Bench, clock: time_machine.Traveller
) -> None:
    bench.release(62)
    bench.drain()
    clock.shift(5)
    bench.platform.score_from_elsewhere(bench.column, "5", 58, _now_s())
    _decide(bench, _compare(bench)["Participant 5"], "keep")
    _change_to_half(bench, clock)
    assert bench.shown() == 29, "theirs, as the platform scaled it"
    bench.release(70)
    bench.drain()
    assert bench.shown() == 35, "a new release is another mark"


def test_a_mark_put_in_after_ours_was_taken_out_stays_on_another_scale(
    bench: Bench, clock: time_machine.Traveller
) -> None:
    bench.release(62)
    bench.drain()
    clock.shift(5)
    who = (bench.assignment.id, bench.work_of("5").person_id)
    courses = (bench.course.context_id,)
    with bench.database.write() as session:
        withdraw(session, *who)
        clear_mark(session, *who, context_ids=courses, actor_id=bench.course.tutor_id)
    bench.drain()
    clock.shift(5)
    bench.platform.score_from_elsewhere(bench.column, "5", 58, _now_s())
    _decide(bench, _compare(bench)["Participant 5"], "keep")
    _change_to_half(bench, clock)
    assert bench.shown() == 29


def test_a_change_the_platform_does_not_take(bench: Bench, clock: time_machine.Traveller) -> None:
    bench.platform.trouble("other", times=1, answer=lambda: Response("", 503))
    _change(bench, label="New")
    _work(bench)
    clock.shift(2)
    _work(bench)
    assert bench.platform._parts.gradebook.find_item("2", 1).label == "New"
    bench.platform.trouble("other", times=1, answer=lambda: Response("", 403))
    _change(bench, label="Newer")
    _work(bench)
    with bench.database.read() as session:
        page = get_page(session, bench.assignment.id, (bench.course.context_id,))
    assert page.column.change_problem and not page.column.is_changing
    bench.release(62)
    bench.drain()
    assert bench.shown() == 62, "marks go on being sent"


@case(166, "line item deleted in the LMS")
def test_a_deleted_column_is_made_again_only_on_a_word(bench: Bench) -> None:
    column = bench.platform.add_column()
    assignment = bench.set_work(column, link="2")
    numbers = [bench.release(60 + n, sub, assignment) for n, sub in enumerate(("5", "6", "7"))]
    bench.drain()
    bench.platform.delete_column(column)
    bench.release(70, "5", assignment)
    bench.release(71, "6", assignment)
    before = len(bench.platform.asked("score"))
    bench.drain()
    assert len(bench.platform.asked("score")) == before + 1, "one is told, the others need not ask"
    assert [bench.row(n).state for n in numbers] == ["needs_person", "needs_person", "delivered"]
    assert bench.line_item(assignment).gone_at is not None
    bench.release(72, "6", assignment)
    bench.drain()
    assert len(bench.platform.asked("score")) == before + 1
    who = {"context_ids": (bench.course.context_id,), "actor_id": bench.course.tutor_id}
    with bench.database.write() as session:
        send_again(session, numbers[0], **who)
    bench.drain()
    assert bench.row(numbers[0]).reason == "column_gone", "looked for anew, and not made"
    assert bench.platform.columns_of_link("2") == []
    assert _make_again(bench, assignment.id) == 3
    bench.drain()
    (made,) = bench.platform.columns_of_link("2")
    url = bench.platform.column_url(made.id)
    assert [bench.shown(sub, url) for sub in ("5", "6", "7")] == [70, 72, 62]
    assert bench.line_item(assignment).gone_at is None
    with pytest.raises(Conflict):
        _make_again(bench, assignment.id)
    with pytest.raises(NotFound):
        _make_again(bench, 4711)


@case(166, "line item deleted in the LMS")
@pytest.mark.parametrize("by", ["making the column again", "sending again"])
def test_a_column_whose_activity_was_deleted_is_made_again_without_it(
    bench: Bench, by: str
) -> None:
    """Moodle refuses a column that names an activity which is no longer there."""
    link, column = bench.platform.add_activity()
    assignment = bench.set_work(column, link=link)
    number = bench.release(62, assignment=assignment)
    bench.drain()
    bench.platform.delete_activity(link)
    bench.release(64, assignment=assignment)
    bench.drain()
    assert bench.row(number).reason == "column_gone"
    assert _make_again(bench, assignment.id) == 1
    if by == "sending again":
        bench.platform.trouble("columns", answer=lambda: Response("", 403))
        bench.drain()
        assert bench.row(number).reason == "not_allowed"
        who = {"context_ids": (bench.course.context_id,), "actor_id": bench.course.tutor_id}
        with bench.database.write() as session:
            send_again(session, number, **who)
    bench.drain()
    assert bench.row(number).state == "delivered"
    posts = [one["status"] for one in bench.platform.asked("service") if one["method"] == "POST"]
    assert posts == [403, 201]
    url = bench.line_item(assignment).url
    made = bench.platform._parts.gradebook.find_item("2", bench.platform.item_id(url))
    assert (made.resource_id, made.resource_link_id) == (assignment.resource_id, None)
    assert bench.shown("5", url) == 64


def test_a_course_that_refuses_every_column_is_asked_twice_and_no_more(bench: Bench) -> None:
    assignment = bench.set_work(None, link="2")
    number = bench.release(62, assignment=assignment)
    for _ in range(2):
        bench.platform.trouble("columns")
    refusals = bench.platform.trouble("columns", times=9, answer=lambda: Response("", 403))
    bench.drain()
    assert (bench.row(number).state, refusals.happened) == ("needs_person", 2)


def test_a_restored_column_is_found_again(bench: Bench) -> None:
    """Moodle's recycle bin brings an activity back with another column on the same link."""
    column = bench.platform.add_column()
    assignment = bench.set_work(column, link="2")
    number = bench.release(62, assignment=assignment)
    bench.platform.delete_column(column)
    bench.drain()
    values = {
        "label": "Back",
        "maximum": 100,
        "resource_id": assignment.resource_id,
        "tag": "",
        "resource_link_id": "2",
    }
    item = bench.platform._parts.gradebook.add_item("2", values)
    with bench.database.write() as session:
        send_again(
            session,
            number,
            context_ids=(bench.course.context_id,),
            actor_id=bench.course.tutor_id,
        )
    bench.drain()
    assert bench.shown("5", bench.platform.column_url(item.id)) == 62
    assert bench.line_item(assignment).gone_at is None
