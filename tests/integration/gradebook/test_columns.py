"""The gradebook column: found or made exactly once, whoever asks at the same time."""

import threading

import pytest
import time_machine
from werkzeug.wrappers import Response

from lti_tool.gradebook import columns
from lti_tool.lti.messages import AgsEndpoint
from tests.conformance.cases import case
from tests.integration.gradebook.bench import Bench, Killed, dying
from tests.support import builders

_AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"


def _until_settled(bench: Bench, clock: time_machine.Traveller, workers: int = 1) -> None:
    for _ in range(12):
        bench.drain_in_threads(workers)
        if "waiting" not in bench.states().values():
            return
        clock.shift(3)


@case(163, "no line item in the claim: found, else made once")
def test_made_once_under_parallel_releases_and_workers(
    bench: Bench, clock: time_machine.Traveller
) -> None:
    """Link 2 of the demo has no column of its own, so its launches name none."""
    assignment = bench.set_work(None, link="2")
    for sub in ("5", "6", "7"):
        bench.work_of(sub, assignment)
    problems: list[BaseException] = []

    def release_and_work(number: int) -> None:
        try:
            bench.release(40 + number, ("5", "6", "7")[number % 3], assignment)
            bench.drain()
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=release_and_work, args=(n,)) for n in range(3)]
    threads += [threading.Thread(target=bench.drain) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems
    _until_settled(bench, clock, 3)
    assert set(bench.states().values()) == {"delivered"}
    (column,) = bench.platform.columns_of_link("2")
    assert (column.resource_id, column.maximum) == (assignment.resource_id, 100)
    assert column.label == assignment.title
    url = bench.platform.column_url(column.id)
    assert bench.line_item(assignment).url == url
    assert [bench.shown(sub, url) for sub in ("5", "6", "7")] == [40, 41, 42]


@case(163, "no line item in the claim: found, else made once")
def test_an_existing_column_is_found_and_not_doubled(bench: Bench) -> None:
    """Link 1 has a column; an assignment that does not know its address looks by the link."""
    assignment = bench.set_work(None, link="1")
    delivery_id = bench.release(62, assignment=assignment)
    bench.drain()
    assert bench.row(delivery_id).state == "delivered"
    assert bench.line_item(assignment).url == bench.column
    assert len(bench.platform.columns_of_link("1")) == 1
    made = [one for one in bench.platform.asked("service") if one["method"] == "POST"]
    assert made == []


@case(163, "no line item in the claim: found, else made once")
@pytest.mark.parametrize("lost", ["answer", "worker"])
def test_a_column_whose_making_was_not_heard_of(
    bench: Bench, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    assignment = bench.set_work(None, link="2")
    delivery_id = bench.release(62, assignment=assignment)
    if lost == "worker":
        with monkeypatch.context() as patched:
            patched.setattr(
                columns.ags_columns,
                "make_line_item",
                dying(columns.ags_columns.make_line_item, after=True),
            )
            patched.setattr(columns, "_keep", lambda *_: None)
            with pytest.raises(Killed):
                bench.drain()
    else:
        for _ in range(2):  # both lists pass untroubled
            bench.platform.trouble("columns")
        bench.platform.trouble("columns", passes_on=True, drops=True)
        bench.drain()
        assert bench.attempts(delivery_id)[0].reason == "unreachable"
    assert len(bench.platform.columns_of_link("2")) == 1
    clock.shift(61)
    _until_settled(bench, clock)
    assert bench.row(delivery_id).state == "delivered"
    assert len(bench.platform.columns_of_link("2")) == 1


@case(167, "scopes: only score, only readonly, none")
def test_no_leave_to_make_columns(bench: Bench) -> None:
    scopes = tuple(_AGS + name for name in ("lineitem.readonly", "result.readonly", "score"))
    assignment = bench.set_work(None, link="2", scopes=scopes)
    delivery_id = bench.release(62, assignment=assignment)
    bench.drain()
    assert bench.row(delivery_id).reason == "no_column"
    assert bench.platform.columns_of_link("2") == []


@case(174, "fewer scopes granted than asked")
def test_leave_that_the_platform_takes_back(bench: Bench) -> None:
    """The launch offered the scope, the token no longer has it."""
    bench.platform.set(withhold_lineitem_scope=True)
    assignment = bench.set_work(None, link="2")
    delivery_id = bench.release(62, assignment=assignment)
    bench.drain()
    assert bench.row(delivery_id).state == "needs_person"


def test_neither_column_nor_list(bench: Bench) -> None:
    assignment = bench.set_work(None, link="2", line_items_url=None)
    delivery_id = bench.release(62, assignment=assignment)
    bench.drain()
    assert bench.row(delivery_id).reason == "no_column"
    ags = AgsEndpoint(bench.platform.columns_url(), None, builders.ALL_SCOPES)
    with bench.database.write() as session:
        builders.launch_again(session, bench.course, assignment, link="2", ags=ags)
        from lti_tool.gradebook.operations import retry

        assert retry(session, None) == 1
    bench.drain()
    assert bench.row(delivery_id).state == "delivered", "the next launch brought the list"


def test_a_later_launch_names_the_column(bench: Bench) -> None:
    assignment = bench.set_work(None, link="2", line_items_url=None)
    column = bench.platform.add_column()
    ags = AgsEndpoint(None, column, builders.ALL_SCOPES)
    with bench.database.write() as session:
        builders.launch_again(session, bench.course, assignment, link="2", ags=ags)
    bench.release(62, assignment=assignment)
    bench.drain()
    assert bench.shown("5", column) == 62


@pytest.mark.parametrize(
    ("status", "state", "reason"),
    [
        (403, "needs_person", "not_allowed"),
        (404, "needs_person", "column_gone"),
        (503, "waiting", "busy"),
        (200, "waiting", "answer_unreadable"),
    ],
)
def test_columns_that_cannot_be_read(bench: Bench, status: int, state: str, reason: str) -> None:
    assignment = bench.set_work(None, link="2")
    delivery_id = bench.release(62, assignment=assignment)
    bench.platform.trouble("columns", answer=lambda: Response("<html>", status))
    bench.drain()
    assert (bench.row(delivery_id).state, bench.row(delivery_id).reason) == (state, reason)


def test_a_column_at_another_address_is_not_believed(bench: Bench) -> None:
    """Scores and tokens go to the platform's own origin only."""
    assignment = bench.set_work(None, link="2")
    delivery_id = bench.release(62, assignment=assignment)
    listed = f'[{{"id": "https://evil.example/1", "resourceId": "{assignment.resource_id}"}}]'
    bench.platform.trouble("columns", times=2, answer=lambda: Response(listed))
    bench.drain()
    assert bench.row(delivery_id).state == "delivered"
    assert bench.line_item(assignment).url.startswith(bench.platform.url)
