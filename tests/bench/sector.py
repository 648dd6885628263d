"""Measuring a sector's load: thirty universities before a deadline, then ten thousand marks.

Two web processes and two workers as an operator starts them, over PostgreSQL; the universities'
platforms are one process that answers each score after 50 ms and takes so many in a second.
"""

import itertools
import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from lti_tool.settings import load_settings
from tests.bench.bench import Bench, Columns, Found
from tests.bench.course import wait_for
from tests.bench.launching import Burst, Launcher, open_loop
from tests.bench.processes import group_memory
from tests.bench.sector_stage import MOST_PER_S, Connections, Stage, staged
from tests.bench.sector_world import MARK, launch_of, release, table_bytes
from tests.bench.sending import judge
from tests.support.door import STUDENT_VIEW
from tests.support.signing import rsa_key

_LAUNCHES, _WITHIN_S = 2000, 60
_WITHIN_HOUR_S = 3600


def due_moments(count: int, within_s: float) -> list[float]:
    """When launches are due: by chance, ever more of them up to twice the middle rate."""
    chance = random.Random(228)
    return sorted(within_s * chance.random() ** 0.5 for _ in range(count))


def before_the_deadline(stage: Stage, count: int, within_s: float) -> Burst:
    """Launches in an open loop, one for each participant, each to their first page."""
    launcher = Launcher(stage.tool.url.removeprefix("http://"), rsa_key("sector"), "sector")
    everyone = list(stage.sector.participants())

    def launch(number: int) -> str:
        module, sub = everyone[number % len(everyone)]
        return launcher.launch(*launch_of(module, sub, stage.tool.url))

    return open_loop(due_moments(count, within_s), launch, STUDENT_VIEW)


@dataclass(frozen=True)
class Delivered:
    """What came of all marks."""

    count: int
    release_s: float
    sent_s: float
    """From the first release to the last mark delivered."""
    lags_s: list[float]
    """For each mark: from the commit of its course's release to the platform."""
    once: bool
    """Each mark is there once, and is the right one."""
    too_many: int
    """Answered 429."""


def release_all(stage: Stage) -> Delivered:
    """Release all marks, course by course, and wait until the last is delivered."""
    settings = load_settings(stage.tool.env)
    began, committed = time.time(), {}
    for module in stage.sector.modules:
        release(stage.database, settings, module)
        committed |= dict.fromkeys(module.subs, time.time())
    released = time.time()

    def is_done() -> bool:
        undelivered = "SELECT count(*) FROM delivery WHERE state <> 'delivered'"
        return stage.tool.execute(undelivered)[0][0] == 0

    assert wait_for(is_done, _WITHIN_HOUR_S, 0.5), "marks are left after an hour"
    report = stage.platform()
    out = judge(report, dict.fromkeys(committed, float(MARK)))
    return Delivered(
        len(committed),
        released - began,
        report["last_at"] - began,
        [max(0.0, at - committed[sub]) for sub, _, _, at in report["taken"]],
        (out.right, out.lost, out.doubled, out.out_of_order) == (len(committed), 0, 0, 0),
        report["answers"].get("429", 0),
    )


def _ranks(seconds: list[float]) -> tuple[float, float, float]:
    """The middle, 95 of 100 and 99 of 100."""
    cuts = quantiles(seconds, n=100, method="inclusive")
    return cuts[49], cuts[94], cuts[98]


def _used(before: dict[str, float], after: dict[str, float], count: int) -> str:
    """Milliseconds for each, by part."""
    return " / ".join(f"{(after[part] - before[part]) * 1000 / count:.1f}" for part in before)


def _growth(stages: dict[str, tuple[dict[str, int], int]]) -> Iterator[Found]:
    """What each stage added to the largest tables.

    :param stages: bytes by table after each stage, and how many things happened in it.
    """
    names = list(stages)
    yield Columns(
        ("Table", *(f"{name}, MB" for name in names[1:]), "Now, MB"),
        "What each stage added to the database on the disk, indexes included; the ten largest "
        "tables, then all.",
    )
    sizes = [found for found, _ in stages.values()]
    largest = sorted(sizes[-1], key=lambda name: sizes[-1][name], reverse=True)[:10]
    for name in [*largest, None]:
        mb = [(found[name] if name else sum(found.values())) / 1e6 for found in sizes]
        steps = (f"{b - a:.1f}" for a, b in itertools.pairwise(mb))
        yield (name or "all tables", *steps, f"{mb[-1]:.1f}")
    for stage in names[1:]:
        added = sum(stages[stage][0].values()) - sum(sizes[names.index(stage) - 1].values())
        yield f"{stage}: {added / stages[stage][1] / 1000:.1f} kB each."


def measure(scale: float) -> Iterator[Found]:
    """Fill, launch, release."""
    launches, within_s = round(_LAUNCHES * scale), max(5.0, _WITHIN_S * scale)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, staged(Path(folder), scale) as on:
        people = sum(len(module.subs) for module in on.sector.modules)
        sizes = {"Empty": (on.empty, 1), "Filled": (table_bytes(on.tool.engine), people)}
        before = on.cpu_s()
        with Connections(on.tool.settings["DATABASE_URL"]) as connections:
            burst = before_the_deadline(on, launches, within_s)
        after = on.cpu_s()
        sizes["Launches"] = (table_bytes(on.tool.engine), launches)
        busy = sum(after.values()) - sum(before.values())
        yield (
            launches,
            f"{burst.seconds:.0f}",
            len(burst.failures),
            " / ".join(f"{one * 1000:.0f}" for one in _ranks(burst.took_s)),
            _used(before, after, launches),
            f"{busy / burst.seconds:.1f}",
            str(group_memory(on.tool.process_group)[0]),
            on.platform()["key_fetches"],
            connections.most,
        )
        yield from [f"Failed, for example: {one}" for one in burst.failures[:1]]
        before = on.cpu_s()
        with Connections(on.tool.settings["DATABASE_URL"]) as connections:
            done = release_all(on)
        after = on.cpu_s()
        sizes["Marks"] = (table_bytes(on.tool.engine), done.count)
        yield Columns(
            (
                "Marks",
                "Released in, s",
                "The last one there after, s",
                "From release to platform, s: middle / 95 / 99 of 100",
                "Each once, and right",
                "Answered 429",
                "CPU ms a mark: web / workers / database",
                "Database connections, most",
            ),
            f"All marks released, course by course, by the tool’s own operation; each platform "
            f"takes {MOST_PER_S} scores a second and answers 429 to more.",
        )
        yield (
            done.count,
            f"{done.release_s:.0f}",
            f"{done.sent_s:.0f}",
            " / ".join(f"{one:.1f}" for one in _ranks(done.lags_s)),
            "yes" if done.once else "no",
            done.too_many,
            _used(before, after, done.count),
            connections.most,
        )
        # Counted by the server; what a mark should take is four: promised, claimed, settled, and
        # little else. Each answer of 429 puts off all marks of its platform that wait.
        written = on.tool.execute(
            "SELECT n_tup_ins + n_tup_upd FROM pg_stat_user_tables WHERE relname = 'delivery'"
        )[0][0]
        yield f"Rows of `delivery` written for each mark: {written / done.count:.1f}."
        yield from _growth(sizes)


BENCH = Bench(
    "sector",
    "A sector before a deadline",
    "Thirty universities, 150 courses, 10,000 participants who have handed in. 2,000 launches are "
    "due within a minute, by chance and ever more of them, up to twice the middle rate; none "
    "waits for another, and lateness counts. Two web processes of four threads and two workers "
    "over PostgreSQL as it comes. Wanted: none failed, 99 of 100 under 500 ms; each mark once, "
    "within an hour.",
    (
        "Launches",
        "Seconds",
        "Failed",
        "Took, ms: middle / 95 / 99 of 100",
        "CPU ms a launch: web / workers / database",
        "Cores busy",
        "MB of the largest web process: resident / its share",
        "Key fetches",
        "Database connections, most",
    ),
    measure,
    {"scale": 1.0},
)
