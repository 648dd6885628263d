"""Holding what was sent against what the gradebook shows, and what a tutor decides about it."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from werkzeug.wrappers import Response

from lti_tool.audit.models import AuditEntry
from lti_tool.core import clock as our_clock
from lti_tool.core.errors import Conflict, NotFound
from lti_tool.gradebook import comparing, deciding, overview
from lti_tool.gradebook.models import Comparison, ShownResult
from lti_tool.lti.errors import ServiceFailed
from tests.conformance.cases import case
from tests.integration.gradebook.bench import Bench
from tests.support import builders


def _compare(bench: Bench) -> dict[str, Any]:
    """Ask as a tutor does, work as a worker does; the page's lines by name."""
    contexts = (bench.course.context_id,)
    with bench.database.write() as session:
        deciding.compare_column(
            session,
            bench.assignment.id,
            context_ids=contexts,
            actor_id=bench.course.tutor_id,
        )
    assert comparing.compare_due(bench.database, bench.settings, lambda: False) == 0
    return _lines(bench)


def _lines(bench: Bench) -> dict[str, Any]:
    with bench.database.read() as session:
        page = overview.get_page(session, bench.assignment.id, (bench.course.context_id,))
    return {line.name: line for line in page.lines}


def _decide(bench: Bench, line: Any, decision: str) -> None:
    with bench.database.write() as session:
        deciding.decide(
            session,
            line.shown_id,
            decision,
            context_ids=(bench.course.context_id,),
            actor_id=bench.course.tutor_id,
        )


def _now_s(seconds: int = 0) -> int:
    return int(our_clock.now().timestamp()) + seconds


def test_what_agrees_and_what_is_missing(bench: Bench) -> None:
    for sub in ("5", "6", "7"):
        bench.release(62, sub)
    bench.drain()
    with bench.platform._parts.store.change() as db:
        db.execute("DELETE FROM grade WHERE user_id = '6'")
    lines = _compare(bench)
    assert lines["Participant 5"].finding == "agreed" and not lines["Participant 5"].needs_you
    assert lines["Participant 5"].shown == "62 out of 100"
    assert lines["Participant 6"].finding == "missing" and lines["Participant 6"].needs_you
    assert lines["Participant 6"].shown == "no mark"
    (asked,) = [one for one in bench.platform.asked("service") if "/results" in one["url"]]
    assert asked["url"] == "/mod/lti/services/2/lineitems/1/lineitem/results?type_id=1"


def _meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Let something happen once, between the reading of the results and their keeping."""
    left, real = [act], comparing.read_column

    def read_then_act(*values: Any) -> Any:
        shown = real(*values)
        if left:
            left.pop()()
        return shown

    monkeypatch.setattr(comparing, "read_column", read_then_act)


def test_a_mark_that_lands_while_the_gradebook_is_read_is_not_missed(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.release(62)
    _meanwhile(monkeypatch, bench.drain)
    line = _compare(bench)["Participant 5"]
    assert bench.shown() == 62
    assert (line.finding, line.needs_you) == (None, False), "not compared since it was sent"
    with bench.database.read() as session:
        assert session.scalars(select(ShownResult.finding)).one() == "unsent"
    assert _compare(bench)["Participant 5"].finding == "agreed"


@pytest.mark.parametrize("status", [200, 403])
def test_what_is_asked_for_during_a_comparison_is_compared_too(
    bench: Bench, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    """Also where the reading in hand fails."""
    bench.release(62)
    bench.drain()
    ask = {"context_ids": (bench.course.context_id,), "actor_id": bench.course.tutor_id}

    def ask_again() -> None:
        with bench.database.write() as session:
            deciding.compare_column(session, bench.assignment.id, **ask)
        if status != 200:
            raise ServiceFailed("not_allowed", status)

    _meanwhile(monkeypatch, ask_again)
    _compare(bench)
    clock.shift(60)
    assert comparing.compare_due(bench.database, bench.settings, lambda: False) == 0
    assert _lines(bench)["Participant 5"].finding == "agreed"
    assert comparing.compare_due(bench.database, bench.settings, lambda: False) is None


@case(229, "results leave a grade of 0 out")
def test_a_mark_of_nought_that_is_not_shown_agrees(bench: Bench) -> None:
    bench.release(0)
    bench.drain()
    assert _compare(bench)["Participant 5"].finding == "agreed"


@case(228, "an overridden grade: 200, and the tutor’s own mark stays")
def test_a_grade_typed_over_ours_is_seen_and_decided(
    bench: Bench, clock: time_machine.Traveller
) -> None:
    """Moodle answers 200 to our score and keeps the grade that was typed in."""
    bench.release(62)
    bench.drain()
    clock.shift(5)
    bench.platform.type_in(bench.column, "5", 58, _now_s())
    line = _compare(bench)["Participant 5"]
    assert (line.finding, line.shown) == ("newer_elsewhere", "58 out of 100")
    clock.shift(5)
    _decide(bench, line, "send")
    bench.drain()
    assert bench.platform.asked("score")[-1]["status"] == 200, "the platform says it took it"
    assert bench.shown() == 58, "and shows the tutor’s own mark all the same"
    assert _lines(bench)["Participant 5"].shown is None, "not compared since it was sent"
    assert comparing.compare_due(bench.database, bench.settings, lambda: False) == 0
    line = _lines(bench)["Participant 5"]
    assert (line.finding, line.needs_you, line.may_decide) == ("overridden", True, True), "unasked"
    assert "somebody put over" in line.words and "typed in by hand" in line.next_step
    _decide(bench, line, "keep")
    line = _lines(bench)["Participant 5"]
    assert (line.needs_you, line.next_step) == (
        False,
        "You decided to keep the gradebook’s mark.",
    )
    assert not _compare(bench)["Participant 5"].needs_you, "the decision stands"
    bench.platform.type_in(bench.column, "5", 59, _now_s(5))
    assert _compare(bench)["Participant 5"].may_decide, "until the gradebook shows another mark"
    with bench.database.read() as session:
        entries = session.execute(
            select(AuditEntry.became, AuditEntry.actor_id).where(
                AuditEntry.act == "gradebook difference decided"
            )
        ).all()
    assert [one.became["decision"] for one in entries] == ["send", "keep"]
    assert {one.actor_id for one in entries} == {bench.course.tutor_id}


def test_only_a_mark_sent_over_the_gradebooks_is_looked_for(
    bench: Bench, clock: time_machine.Traveller
) -> None:
    """All others are compared when somebody asks, as ever: a column may have hundreds."""
    for sub in ("5", "6"):
        bench.release(62, sub)
    bench.drain()
    _compare(bench)
    clock.shift(5)
    for sub in ("5", "6"):
        bench.release(64, sub)
    bench.drain()
    assert bench.shown() == 64
    assert comparing.compare_due(bench.database, bench.settings, lambda: False) is None


def test_a_newer_mark_that_stopped_ours_can_be_kept(
    bench: Bench, clock: time_machine.Traveller
) -> None:
    delivery_id = bench.release(62)
    bench.platform.type_in(bench.column, "5", 58, _now_s(60))
    bench.drain()
    assert bench.row(delivery_id).reason == "newer_elsewhere"
    line = _compare(bench)["Participant 5"]
    assert line.finding == "newer_elsewhere" and line.needs_you
    _decide(bench, line, "keep")
    assert bench.row(delivery_id).state == "superseded"
    line = _compare(bench)["Participant 5"]
    assert (line.finding, line.needs_you) == ("newer_elsewhere", False)


def test_a_locked_grade(bench: Bench, clock: time_machine.Traveller) -> None:
    delivery_id = bench.release(62)
    bench.platform.set(lock_all=True)
    for _ in range(4):
        bench.drain()
        clock.shift(21)
    assert bench.row(delivery_id).reason == "locked"
    line = _compare(bench)["Participant 5"]
    assert line.finding == "locked" and "Unlock" in line.next_step


def test_a_mark_that_was_not_sent_from_here(bench: Bench) -> None:
    bench.release(62, "5")
    bench.drain()
    with bench.database.write() as session:
        builders.build_person(session, bench.course, "6")
    bench.platform.type_in(bench.column, "6", 40, _now_s())
    line = _compare(bench)["Participant 6"]
    assert (line.finding, line.standing) == ("newer_elsewhere", None)
    with pytest.raises(Conflict):
        _decide(bench, line, "send")
    _decide(bench, line, "keep")


def test_another_courses_difference_is_out_of_reach(bench: Bench) -> None:
    bench.release(62)
    bench.drain()
    bench.platform.type_in(bench.column, "5", 58, _now_s(9))
    line = _compare(bench)["Participant 5"]
    with bench.database.write() as session:
        other = builders.build_course(
            session, bench.settings, bench.platform.registration(), context="9"
        )
    who = {"context_ids": (other.context_id,), "actor_id": other.tutor_id}
    with pytest.raises(NotFound), bench.database.write() as session:
        deciding.decide(session, line.shown_id, "keep", **who)
    for act in (deciding.compare_column, deciding.send_all):
        with pytest.raises(NotFound), bench.database.write() as session:
            act(session, bench.assignment.id, **who)
    assert _lines(bench)["Participant 5"].may_decide


@case(168, "results of one person, scaled")
def test_results_in_pages_on_another_scale(bench: Bench) -> None:
    """Other platforms page by Link; a link to elsewhere is not asked."""
    bench.release(62, "5")
    bench.release(70, "6")
    bench.drain()
    base = f"{bench.platform.url}/mod/lti/services/2/lineitems/1/lineitem/results?type_id=1"
    pages = [
        Response(
            json.dumps([{"userId": "5", "resultScore": 0.62, "resultMaximum": 1}]),
            headers={"Link": f'<{base}&page=2>; rel="next"'},
        ),
        Response(json.dumps([{"userId": "6", "resultScore": 12.4, "resultMaximum": 20}])),
    ]
    bench.platform.trouble("results", times=2, answer=lambda: pages.pop(0))
    lines = _compare(bench)
    assert lines["Participant 5"].finding == "agreed"
    assert lines["Participant 6"].finding == "overridden"
    foreign = {"Link": '<https://evil.example/r>; rel="next"'}
    bench.platform.trouble("results", times=9, answer=lambda: Response("[]", headers=foreign))
    assert _compare(bench)["Participant 6"].finding == "overridden", "the last good reading stands"


@pytest.mark.parametrize(
    ("status", "problem", "is_over"),
    [
        (503, "results_unreadable", False),
        (403, "not_allowed", True),
        (404, "column_gone", True),
    ],
)
def test_a_gradebook_that_cannot_be_read(
    bench: Bench, status: int, problem: str, is_over: bool
) -> None:
    bench.release(62)
    bench.drain()
    bench.platform.trouble("results", answer=lambda: Response("no", status))
    _compare(bench)
    with bench.database.read() as session:
        row = session.execute(select(Comparison.problem, Comparison.asked_at)).one()
        page = overview.get_page(session, bench.assignment.id, (bench.course.context_id,))
        assert session.scalars(select(ShownResult)).all() == []
    assert (row.problem, row.asked_at is None) == (problem, is_over)
    assert page.column.problem and page.column.problem.endswith(".")


def test_it_is_tried_again_by_itself_and_then_given_up(
    bench: Bench, clock: time_machine.Traveller
) -> None:
    bench.release(62)
    bench.drain()
    trouble = bench.platform.trouble("results", times=99, answer=lambda: Response("", 503))
    _compare(bench)
    for _ in range(20):
        clock.shift(25)
        comparing.compare_due(bench.database, bench.settings, lambda: False)
    assert trouble.happened == 6
    with bench.database.read() as session:
        assert session.scalars(select(Comparison.asked_at)).one() is None


def test_no_leave_to_read(bench: Bench) -> None:
    scope = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
    assignment = bench.set_work(bench.column, link="no-results", scopes=(scope,))
    bench.release(62, assignment=assignment)
    bench.drain()
    before = len(bench.platform.asked("token"))
    with bench.database.write() as session:
        comparing.ask_to_compare(session, bench.line_item(assignment).id, None)
    comparing.compare_due(bench.database, bench.settings, lambda: False)
    with bench.database.read() as session:
        page = overview.get_page(session, assignment.id, (bench.course.context_id,))
    assert page.column.problem and "read its gradebook" in page.column.problem
    assert len(bench.platform.asked("token")) == before, "no call without its scope"


def test_a_worker_that_died_while_reading_is_replaced(
    bench: Bench, clock: time_machine.Traveller
) -> None:
    bench.release(62)
    bench.drain()
    with bench.database.write() as session:
        comparing.ask_to_compare(session, bench.line_item(bench.assignment).id, None)
        session.query(Comparison).update(
            {"lease": "dead", "leased_until": our_clock.now() + timedelta(seconds=100)}
        )
    assert comparing.compare_due(bench.database, bench.settings, lambda: False) != 0
    clock.shift(101)
    assert comparing.compare_due(bench.database, bench.settings, lambda: False) == 0
    assert _lines(bench)["Participant 5"].finding == "agreed"


def test_comparing_with_a_deleted_column_offers_to_make_it_again(bench: Bench) -> None:
    column = bench.platform.add_column()
    assignment = bench.set_work(column, link="2")
    courses = (bench.course.context_id,)
    bench.release(62, "5", assignment)
    bench.drain()
    bench.platform.delete_column(column)
    with bench.database.write() as session:
        deciding.compare_column(
            session, assignment.id, context_ids=courses, actor_id=bench.course.tutor_id
        )
    assert comparing.compare_due(bench.database, bench.settings, lambda: False) == 0
    with bench.database.read() as session:
        page = overview.get_page(session, assignment.id, courses)
    assert page.column.is_gone
    assert page.column.problem == "The gradebook column is no longer there."
