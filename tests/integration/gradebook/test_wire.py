"""What a released mark looks like on the wire, and in the gradebook."""

import re
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from lti_tool.gradebook.operations import record_score
from lti_tool.marking.releasing import NotReady
from tests.conformance.cases import case
from tests.integration.gradebook.bench import Bench
from tests.support import builders
from tests.support.graded_platform import PARTICIPANTS


@case(154, "what every score holds")
@case(155, "the timestamp’s form")
@case(162, "the participant’s own time of submission")
@case(225, "anything but FullyGraded wipes the grade")
def test_a_released_mark_reaches_the_gradebook(bench: Bench) -> None:
    delivery_id = bench.release(62, feedback="Costs are sound.\nSay more about impact. <b>&</b>")
    assert bench.drain() is None
    (sent,) = bench.platform.asked("score")
    row, body, work = bench.row(delivery_id), sent["body"], bench.work_of("5")
    assert (sent["status"], row.state, row.reason) == (200, "delivered", None)
    assert (body["userId"], body["scoreGiven"], body["scoreMaximum"]) == ("5", 62, 100)
    assert (body["activityProgress"], body["gradingProgress"]) == ("Completed", "FullyGraded")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", body["timestamp"])
    assert datetime.fromisoformat(body["timestamp"]) == row.scored_at
    handed_in = datetime.fromisoformat(body["submission"]["submittedAt"])
    assert abs(handed_in - work.handed_in_at) < timedelta(milliseconds=1)
    assert "Say more about impact. <b>&</b>" in body["comment"]
    grade = bench.platform.shown(bench.column, "5")
    assert (grade.final, grade.feedback) == (62, body["comment"])
    (attempt,) = bench.attempts(delivery_id)
    assert (attempt.verdict, attempt.http_status, attempt.scored_at) == (
        "landed",
        200,
        row.scored_at,
    )


@case(153, "a line item address with a query")
def test_addresses_keep_their_query(bench: Bench) -> None:
    bench.release(62)
    bench.drain()
    (sent,) = bench.platform.asked("score")
    assert sent["url"] == "/mod/lti/services/2/lineitems/1/lineitem/scores?type_id=1"


@case(172, "a token is kept until it lapses")
def test_one_token_serves_many_scores_and_has_the_least_scope(bench: Bench) -> None:
    bench.release_many(9)
    bench.drain()
    assert len(bench.platform.taken()) == 9
    (token,) = bench.platform.asked("token")
    assert token["scope"] == "https://purl.imsglobal.org/spec/lti-ags/scope/score"


@case(158, "a score of 0")
@pytest.mark.parametrize(
    ("mark", "maximum", "sent"),
    [
        ("0", 100, 0),
        ("62", 100, 62),
        ("100", 100, 100),
        ("55", 20, 11),
        ("67", 15, 10.05),
        ("33", 50, 16.5),
    ],
)
def test_the_mark_on_the_columns_scale(bench: Bench, mark: str, maximum: int, sent: float) -> None:
    column = bench.platform.add_column(maximum)
    assignment = bench.set_work(column, link="scale", maximum=maximum)
    delivery_id = bench.release(mark, assignment=assignment)
    bench.drain()
    (score,) = bench.platform.asked("score")
    assert (score["body"]["scoreGiven"], score["body"]["scoreMaximum"]) == (sent, maximum)
    assert bench.shown("5", column) == sent
    assert bench.row(delivery_id).state == "delivered"


@case(160, "not yet marked")
@case(225, "anything but FullyGraded wipes the grade")
def test_a_missing_mark_sends_nothing(bench: Bench) -> None:
    work = bench.work_of("5")
    with bench.database.write() as session:
        builders.judge(session, bench.settings, bench.course, bench.assignment, work, None)
    with pytest.raises(NotReady), bench.database.write() as session:
        builders.release_mark(
            session,
            bench.assignment,
            work,
            builders.get_terms(session, bench.settings.config_dir, bench.assignment),
            number=1,
            actor_id=bench.course.tutor_id,
        )
    assert bench.drain() is None
    assert bench.states() == {}
    assert bench.platform.asked("score") == []


def test_a_release_that_fails_promises_nothing(bench: Bench) -> None:
    work = bench.work_of("5")
    with pytest.raises(ZeroDivisionError), bench.database.write() as session:
        builders.release(session, bench.settings, bench.course, bench.assignment, work, Decimal(62))
        raise ZeroDivisionError
    assert bench.states() == {}


def test_without_a_gradebook_the_mark_stays_here(bench: Bench) -> None:
    with bench.database.write() as session:
        assert (
            record_score(
                session,
                assignment_id=987,
                person_id=1,
                mark=Decimal(62),
                maximum=Decimal(100),
                comment="",
                submitted_at=None,
            )
            is None
        )


def test_the_wake_comes_after_the_commit(bench: Bench) -> None:
    seen: list[tuple[str, int]] = []
    bench.database.wake = lambda about: seen.append((about, len(bench.states())))
    bench.release(62)
    assert seen == [("mail", 0), ("mail", 1), ("scores", 1)], "the mark’s row was there"


@case(168, "results of one person, scaled")
@case(230, "a limit on results crashes Moodle")
def test_results_are_read_for_one_person_and_without_a_limit(bench: Bench) -> None:
    for sub in PARTICIPANTS:
        bench.release(62, sub)
    bench.drain()
    delivery_id = bench.release(70)
    bench.platform.trouble("score", passes_on=True, drops=True)
    bench.change(delivery_id, tries=0)
    while bench.row(delivery_id).state == "waiting":
        bench.change(delivery_id, due_at=datetime.fromisoformat("2026-01-01T00:00:00+00:00"))
        bench.drain()
    (asked,) = [one for one in bench.platform.asked("service") if "/results" in one["url"]]
    assert asked["url"] == "/mod/lti/services/2/lineitems/1/lineitem/results?type_id=1&user_id=5"
    assert "limit" not in asked["url"]
