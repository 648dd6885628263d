"""What a platform may answer, and what becomes of the mark: state, reason and words."""

import json
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
import time_machine
from sqlalchemy import update
from werkzeug.wrappers import Response

from lti_tool.gradebook.queries import get_standing
from lti_tool.gradebook.states import REASONS
from lti_tool.lti.models import Registration
from tests.conformance.cases import case
from tests.integration.gradebook.bench import Bench
from tests.support.graded_platform import PARTICIPANTS

_PAGE = "<!DOCTYPE html><title>Notice</title><p>Please sign in."
_HUGE = 6 * 1024 * 1024


def _answer(status: int, body: str | bytes = "", **headers: str) -> Callable[[], Response]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda: Response(body, status, headers=named)


def _words(bench: Bench, delivery_id: int) -> str:
    with bench.database.read() as session:
        return get_standing(session, delivery_id, [bench.course.context_id]).words


@pytest.mark.parametrize(
    ("answer", "state", "reason"),
    [
        (_answer(400, "[]"), "needs_person", "not_enrolled"),
        (_answer(403, "[]"), "needs_person", "not_allowed"),
        (_answer(403, _PAGE), "needs_person", "not_allowed"),
        (_answer(404, "[]"), "needs_person", "column_gone"),
        (_answer(410), "needs_person", "column_gone"),
        (_answer(422), "needs_person", "refused"),
        (_answer(302, Location="https://elsewhere.example/login"), "needs_person", "refused"),
        (_answer(200, _PAGE), "waiting", "answer_unreadable"),
        (_answer(204), "delivered", None),
        (_answer(202, "{}"), "delivered", None),
        (_answer(408), "waiting", "busy"),
        (_answer(429), "waiting", "busy"),
        (_answer(429, Retry_After="\u00b2"), "waiting", "busy"),
        (_answer(429, Retry_After="soon"), "waiting", "busy"),
        (_answer(429, Retry_After="30"), "waiting", "asked_to_wait"),
        (_answer(500, "oh dear"), "waiting", "server_error"),
        (_answer(500, "[]"), "waiting", "server_error"),
        (_answer(502, _PAGE), "waiting", "busy"),
        (_answer(503), "waiting", "busy"),
        (_answer(503, Retry_After="0"), "waiting", "busy"),
        (_answer(504), "waiting", "busy"),
        (_answer(200, b"x" * _HUGE), "waiting", "answer_too_long"),
        (_answer(400, b"x" * _HUGE), "waiting", "answer_too_long"),
    ],
)
def test_answers_to_a_score(
    bench: Bench, answer: Callable[[], Response], state: str, reason: str | None
) -> None:
    delivery_id = bench.release(62)
    bench.platform.trouble("score", answer=answer)
    seconds = bench.drain()
    row = bench.row(delivery_id)
    assert (row.state, row.reason) == (state, reason)
    if state == "waiting":
        assert seconds is not None
        assert 0.2 <= seconds <= 30
    else:
        assert seconds is None
    if reason is not None:
        assert _words(bench, delivery_id) == REASONS[reason]
        assert len(_words(bench, delivery_id)) > 30


@case(175, "a token endpoint in trouble")
@pytest.mark.parametrize(
    ("answer", "state", "reason"),
    [
        (_answer(400, '{"error": "invalid_client"}'), "needs_person", "token_refused"),
        (_answer(401), "needs_person", "token_refused"),
        (_answer(404, _PAGE), "needs_person", "keys_blocked"),
        (_answer(302, Location="/"), "needs_person", "token_refused"),
        (_answer(200, _PAGE), "waiting", "answer_unreadable"),
        (_answer(200, '{"token_type": "Bearer"}'), "needs_person", "token_refused"),
        (_answer(200, '{"access_token": "' + "x" * 9000 + '"}'), "needs_person", "token_refused"),
        (_answer(200, b"x" * _HUGE), "waiting", "answer_too_long"),
        (_answer(429, Retry_After="7"), "waiting", "asked_to_wait"),
        (_answer(500), "waiting", "server_error"),
        (_answer(503, _PAGE), "waiting", "busy"),
    ],
)
def test_answers_to_a_token_request(
    bench: Bench, answer: Callable[[], Response], state: str, reason: str
) -> None:
    delivery_id = bench.release(62)
    asked = bench.platform.trouble("token", times=50, answer=answer)
    bench.drain()
    row = bench.row(delivery_id)
    assert (row.state, row.reason, asked.happened) == (state, reason, 1)
    assert bench.platform.asked("score") == []
    assert _words(bench, delivery_id) == REASONS[reason]


@case(175, "a token endpoint in trouble")
@pytest.mark.parametrize("lasts", [None, 0, "3600", "soon", True, -5, 30, 1e300])
def test_a_tokens_odd_lifetimes(bench: Bench, lasts: Any) -> None:
    """It is used while it works; never asked for more than once for a score."""
    given = {"access_token": "odd", "token_type": "Bearer"}
    if lasts is not None:
        given["expires_in"] = lasts
    asked = bench.platform.trouble("token", times=50, answer=_answer(200, json.dumps(given)))
    for sub in PARTICIPANTS:
        bench.release(62, sub)
    bench.platform.trouble("score", times=3, answer=_answer(200))
    bench.drain()
    assert set(bench.states().values()) == {"delivered"}
    assert asked.happened <= 3


@pytest.mark.parametrize(
    "trouble",
    [
        {"wait_s": 0.6, "passes_on": True},
        {"wait_s": 0.6},
        {"drops": True},
    ],
)
def test_no_answer_in_time(bench: Bench, trouble: dict[str, Any]) -> None:
    delivery_id = bench.release(62)
    bench.platform.trouble("score", **trouble)
    bench.drain(platform_timeout_s=0.3)
    reason = "unreachable" if "drops" in trouble else "timeout"
    assert (bench.row(delivery_id).state, bench.row(delivery_id).reason) == ("waiting", reason)


def test_an_answer_that_trickles_in(bench: Bench) -> None:
    """Each byte comes in time and the whole never would; time is counted in bytes, so that a
    busy machine slows both sides."""
    given: list[int] = []

    def trickle() -> Response:
        def bytes_of_it() -> Any:
            for number in range(40):
                time.sleep(0.1)
                given.append(number)
                yield b"x"

        return Response(bytes_of_it(), headers={"Content-Length": "40"})

    delivery_id = bench.release(62)
    bench.platform.trouble("score", answer=trickle)
    bench.drain(platform_timeout_s=0.4)
    assert len(given) < 20
    assert bench.attempts(delivery_id)[0].reason == "timeout"


def test_headers_that_trickle_in(bench: Bench) -> None:
    """The time limit counts for the whole answer, not between two bytes."""
    given = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def trickle() -> None:
            connection, _ = server.accept()
            with connection, suppress(OSError):
                connection.recv(65536)
                for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 40:
                    connection.sendall(bytes([byte]))
                    given.append(byte)
                    time.sleep(0.1)

        thread = threading.Thread(target=trickle)
        thread.start()
        with bench.database.write() as session:
            url = f"http://127.0.0.1:{server.getsockname()[1]}/token"
            session.execute(update(Registration).values(auth_token_url=url))
        delivery_id = bench.release(62)
        bench.drain(platform_timeout_s=0.4)
        assert len(given) < 15
        thread.join()
    assert bench.attempts(delivery_id)[0].reason == "timeout"


def test_nobody_listens(bench: Bench) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with bench.database.write() as session:
        session.execute(
            update(Registration).values(auth_token_url=f"http://127.0.0.1:{port}/token")
        )
    delivery_id = bench.release(62)
    bench.drain()
    assert (bench.row(delivery_id).state, bench.row(delivery_id).reason) == (
        "waiting",
        "unreachable",
    )


@pytest.mark.parametrize("as_date", [False, True])
def test_a_wait_that_was_asked_for_is_kept(
    bench: Bench, clock: time_machine.Traveller, as_date: bool
) -> None:
    delivery_id = bench.release(62)
    at = format_datetime(datetime.now(UTC) + timedelta(seconds=31), usegmt=True)
    wait = _answer(429, Retry_After=at if as_date else "30")
    waited = bench.platform.trouble("score", answer=wait)
    bench.drain()
    other = bench.release(70, "6")
    clock.shift(25)
    bench.drain()
    assert waited.happened == 1 and bench.platform.asked("score") == [], "nor do others ask"
    clock.shift(7)
    bench.drain()
    bench.drain()
    assert {bench.row(delivery_id).state, bench.row(other).state} == {"delivered"}


def test_busy_for_a_while(bench: Bench, clock: time_machine.Traveller) -> None:
    bench.platform.set(next_503=2, next_500=1, next_429=1, retry_after_s=1)
    delivery_id = bench.release(62)
    for _ in range(6):
        bench.drain()
        clock.shift(20)
    assert (bench.row(delivery_id).state, bench.shown()) == ("delivered", 62)
    assert len({one.scored_at for one in bench.attempts(delivery_id)}) == 1, "one timestamp"
    statuses = [one["status"] for one in bench.platform.asked("score")]
    assert statuses == [429, 500, 503, 503, 200]


@case(226, "a person who cannot be graded: 400")
def test_not_in_the_course_any_more(bench: Bench) -> None:
    bench.platform.set(unenrolled=["6"])
    numbers = {sub: bench.release(62, sub) for sub in PARTICIPANTS}
    bench.drain()
    assert bench.row(numbers["6"]).reason == "not_enrolled"
    assert "no longer enrolled" in _words(bench, numbers["6"])
    assert bench.row(numbers["5"]).state == bench.row(numbers["7"]).state == "delivered"


@case(227, "a locked grade: 500 with an empty list")
def test_a_locked_column(bench: Bench, clock: time_machine.Traveller) -> None:
    bench.platform.set(lock_all=True, next_503=2)
    delivery_id = bench.release(62)
    for _ in range(8):
        bench.drain()
        clock.shift(21)
    row = bench.row(delivery_id)
    assert (row.state, row.reason) == ("needs_person", "locked")
    statuses = [one["status"] for one in bench.platform.asked("score")]
    assert statuses == [503, 503, 500, 500, 500], "a few tries, the busy time not counted"
    assert "Unlock it there" in _words(bench, delivery_id)


@case(234, "our key set is blocked by Moodle’s cURL security")
def test_keys_that_cannot_be_fetched(bench: Bench) -> None:
    bench.platform.set(keyset_blocked=True)
    delivery_id = bench.release(62)
    bench.drain()
    assert bench.row(delivery_id).reason == "keys_blocked"
    assert "cURL blocked hosts" in _words(bench, delivery_id)


@case(167, "scopes: only score, only readonly, none")
def test_no_leave_to_send_scores(bench: Bench) -> None:
    assignment = bench.set_work(bench.column, link="no-score", scopes=())
    delivery_id = bench.release(62, assignment=assignment)
    bench.drain()
    assert bench.row(delivery_id).reason == "no_scope"
    assert bench.platform.asked("token") == []


def test_every_reason_has_its_words() -> None:
    """And the words for those that need a person say what to do."""
    for code, words in REASONS.items():
        assert words.endswith("."), code
        ours = ("by ourselves", "until it is", "We send", "is not sent again")
        is_ours = any(part in words for part in ours)
        assert is_ours or "send again" in words, code
