"""Ill fortune while a message is being sent: it is never sent twice without being asked."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import update

from lti_tool.core import clock as our_clock
from lti_tool.core.errors import Conflict
from lti_tool.coursework.letters import find_facts
from lti_tool.lti.keys import ensure_key
from lti_tool.mail import smtp, worker
from lti_tool.mail.models import Message
from lti_tool.mail.settling import send_again
from lti_tool.mail.verdicts import MessageNotFound
from tests.integration.gradebook.bench import Killed, dying
from tests.integration.mail.bench import Bench
from tests.support.mail_sink import MailSink

LEASE_S = worker.LEASE_FOR.total_seconds()
_ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("after", [False, True])
def test_a_worker_that_dies_leaves_it_unsure(
    bench: Bench,
    sink: MailSink,
    clock: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
    after: bool,
) -> None:
    """Before the send and after it: nobody can tell which, so neither is repeated."""
    number = bench.tell()
    with monkeypatch.context() as patched:
        patched.setattr(smtp, "send", dying(smtp.send, after=after))
        with pytest.raises(Killed):
            bench.work()
    assert bench.state(number)[0] == "waiting", "its claim still holds"
    bench.work()
    clock.shift(LEASE_S + 1)
    bench.work()
    assert bench.state(number) == ("unsure", "worker_lost")
    clock.shift(30 * 24 * 3600)
    bench.work()
    assert len(sink.taken) == int(after), "not again by itself, however long"


def test_a_connection_that_breaks_after_the_text(bench: Bench, sink: MailSink) -> None:
    sink.closes = True
    number = bench.tell()
    bench.work()
    assert bench.state(number) == ("unsure", "answer_lost")
    sink.closes = False
    bench.work()
    assert len(sink.taken) == 1


def test_a_server_that_never_answers(
    bench: Bench, sink: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "TAKEN_WITHIN_S", 0.4)
    sink.hangs = True
    number = bench.tell()
    bench.work()
    assert bench.state(number) == ("unsure", "answer_lost")


def test_a_person_may_ask_for_it_again(bench: Bench, sink: MailSink) -> None:
    sink.closes = True
    number = bench.tell()
    bench.work()
    sink.closes = False
    with bench.database.write() as session:
        send_again(session, number)
    bench.work()
    assert bench.state(number) == ("sent", None)
    first, second = (one.message["Message-ID"] for one in sink.taken)
    assert first == second, "so that a mail system can tell a repeat"
    with bench.database.write() as session, pytest.raises(Conflict):
        send_again(session, number)
    with bench.database.write() as session, pytest.raises(MessageNotFound):
        send_again(session, 999)


def test_a_worker_that_comes_back_late_tells_the_truth(
    bench: Bench,
    sink: MailSink,
    clock: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its claim ran out and the message was doubted, but it did arrive."""
    number, real = bench.tell(), smtp.send

    def slow(*arguments: object) -> object:
        verdict = real(*arguments)  # type: ignore[arg-type]
        clock.shift(LEASE_S + 1)
        with bench.database.write() as session:
            worker._doubt_lapsed(session)
        assert bench.state(number) == ("unsure", "worker_lost")
        return verdict

    monkeypatch.setattr(smtp, "send", slow)
    bench.work()
    assert bench.state(number) == ("sent", None)


def test_a_fault_of_ours_in_one_does_not_stop_the_others(
    bench: Bench, sink: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, fine = bench.tell("handed_in", about={}), bench.tell()
    bench.work()
    assert bench.state(broken) == ("waiting", "our_fault")
    assert bench.state(fine) == ("sent", None)

    def fails(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(smtp, "send", fails)
    doubted = bench.tell()
    bench.work()
    assert bench.state(doubted) == ("unsure", "our_fault")


def test_two_workers_share_without_a_double(bench: Bench, sink: MailSink) -> None:
    numbers = [bench.tell() for _ in range(20)]
    problems: list[BaseException] = []

    def run() -> None:
        try:
            post = worker.read_post(bench.settings)
            assert post is not None
            while (
                worker._work(bench.database, bench.settings, post, find_facts, lambda: False) == 0
            ):
                pass
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not problems, problems
    assert {bench.state(one)[0] for one in numbers} == {"sent"}
    assert len({one.message["Message-ID"] for one in sink.taken}) == len(sink.taken) == 20


def test_a_worker_process_killed_while_the_server_has_the_text(
    bench: Bench, sink: MailSink, tmp_path: Path
) -> None:
    sink.hangs = True
    number = bench.tell()
    ensure_key(tmp_path / "keys")
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("LTI_TOOL_")}
    given = {
        "DEMO": "1",
        "DATABASE_URL": bench.settings.database_url,
        "QUEUE_URL": f"sqlite:///{tmp_path}/queue.sqlite",
        "INSTANCE_DIR": str(tmp_path),
        "KEYS_DIR": str(tmp_path / "keys"),
        "MAIL_URL": sink.url,
        "MAIL_FROM": "senco@example.ac.uk",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "lti_tool.cli", "worker"],
        cwd=_ROOT,
        env=inherited | {f"LTI_TOOL_{name}": value for name, value in given.items()},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        assert sink.has_text.wait(60)
    finally:
        process.kill()
        process.wait()
    time.sleep(0.1)
    assert bench.state(number)[0] == "waiting"
    with bench.database.write() as session:
        session.execute(
            update(Message).where(Message.id == number).values(leased_until=our_clock.now())
        )
    sink.hangs = False
    bench.work()
    assert bench.state(number) == ("unsure", "worker_lost") and len(sink.taken) == 1
