"""Measuring how marks are sent through misfortune."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from tests.bench.bench import Bench, Found
from tests.bench.course import Course, course, wait_for
from tests.bench.sending import DELAY_S, MARKS, Outcome, judge
from tests.support.postgres import new_database, postgres_server, restart


@dataclass(frozen=True, slots=True)
class Hardship:
    """One run through misfortune."""

    what: str
    seconds: float
    posts: int
    """Scores posted for a thousand marks, repeats and refusals included."""
    outcome: Outcome


def _see_through(bench: Course, within_s: float = 240) -> None:
    """Wait until all is delivered; time is moved on where marks wait for their next try."""
    deadline = time.monotonic() + within_s
    while bench.count("delivered") < MARKS and time.monotonic() < deadline:
        time.sleep(2)
        bench.move_clock(1)
    states = {state: bench.count(state) for state in ("delivered", "waiting", "needs_person")}
    assert states["delivered"] == MARKS, (states, bench.logs()[-1][-2000:])


def _hardship(what: str, bench: Course, wanted: dict[str, float], began: float) -> Hardship:
    report = bench.report()
    return Hardship(
        what, time.monotonic() - began, sum(report["answers"].values()), judge(report, wanted)
    )


def busy_now_and_then() -> Hardship:
    """One answer in ten is 503."""
    with course() as bench:
        bench.set_platform(delay_s=0.02, busy_share=0.1)
        began = time.monotonic()
        wanted = bench.release(MARKS)
        bench.begin_worker()
        _see_through(bench)
        return _hardship("one answer in ten is 503", bench, wanted, began)


def five_minutes_down() -> Hardship:
    """The platform answers 503 to everything for five minutes; the clock is moved."""
    with course() as bench:
        bench.set_platform(delay_s=0.02)
        began = time.monotonic()
        wanted = bench.release(MARKS)
        bench.begin_worker()
        assert wait_for(lambda: len(bench.report()["taken"]) > 100, 120)
        bench.set_platform(is_down=True)
        for _ in range(15):
            time.sleep(0.5)
            bench.move_clock(19.5)
        bench.set_platform(is_down=False)
        _see_through(bench)
        return _hardship("five minutes of 503", bench, wanted, began)


def killed_every_few_seconds() -> Hardship:
    """kill -9 to the worker in mid-send, five times; dead leases run out by the moved clock."""
    with course() as bench:
        bench.set_platform(delay_s=DELAY_S)
        began = time.monotonic()
        wanted = bench.release(MARKS)
        for _ in range(5):
            worker = bench.begin_worker()
            there = len(bench.report()["taken"])
            assert wait_for(lambda n=there: len(bench.report()["taken"]) > n + 60, 120, 0.02)
            worker.kill()
            worker.wait()
            bench.move_clock(100)
        bench.begin_worker()
        _see_through(bench)
        return _hardship("worker killed with -9 five times", bench, wanted, began)


def database_restarted(server_url: str) -> Hardship:
    """PostgreSQL is stopped as by a power cut and started again, three times while sending."""
    with course(new_database(server_url)) as bench:
        bench.set_platform(delay_s=DELAY_S)
        began = time.monotonic()
        wanted = bench.release(MARKS)
        bench.begin_worker()
        for _ in range(3):
            there = len(bench.report()["taken"])
            assert wait_for(lambda n=there: len(bench.report()["taken"]) > n + 60, 120, 0.02)
            bench.database.engine.dispose()
            restart(server_url)
            time.sleep(3)
            bench.move_clock(100)
        _see_through(bench)
        return _hardship("database restarted three times", bench, wanted, began)


def _row(run: Hardship) -> Found:
    out = run.outcome
    return (
        run.what,
        f"{run.seconds:.0f}",
        run.posts,
        out.refused,
        f"{out.doubled} / {out.out_of_order} / {out.lost}",
        out.right,
    )


def measure() -> Iterator[Found]:
    """Each misfortune."""
    yield _row(busy_now_and_then())
    yield _row(five_minutes_down())
    yield _row(killed_every_few_seconds())
    with postgres_server() as url:
        yield _row(database_restarted(url))


BENCH = Bench(
    "hardship",
    "A thousand marks through misfortune",
    "Posts counts repeats and refusals too. Answered 409 is a repeat of what had arrived already "
    "and changes nothing. The clock is moved by moving the times that the waiting marks hold.",
    (
        "Misfortune",
        "Seconds",
        "Posts",
        "Answered 409",
        "Doubled / out of order / lost",
        "Right of 1,000",
    ),
    measure,
)
