"""`make bench`: measures, prints a small table, and writes docs/figures.md.

ARGS="queue" measures one part only, or more that are named, and writes nothing; the names are
those of `_PARTS`.
"""

import os
import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import (
    cohort_page,
    grid,
    hosts,
    importing,
    launches,
    leader_home,
    measures,
    outcome_matrix,
    queue_page,
    sending,
    taking_out,
)
from tests.support.postgres import new_database, postgres_server

_FIGURES = Path(__file__).resolve().parents[2] / "docs" / "figures.md"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _machine() -> str:
    model = "processor unknown"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores ({model}), Linux, Python {platform.python_version()}, "
        f"load {load:.1f} at the start"
    )


def _fair_row(name: str, run: sending.Run) -> str:
    out = run.outcome
    return (
        f"| {name} | {run.seconds:.1f} | {run.could_do_s:.1f} | {run.share:.0%} | "
        f"{run.bare_s:.1f} | "
        f"{run.tokens} | {run.most_in_flight} | {run.cpu_ms:.1f} | "
        f"{out.doubled} / {out.out_of_order} / {out.lost} | {out.right} |"
    )


def _fair_weather(server_url: str) -> list[str]:
    lines = [
        "| Run | Seconds | The connections alone | Share | A bare client, seconds | Tokens | "
        "Most at once | CPU ms a mark | Doubled / out of order / lost | Right of 1,000 |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    runs = (
        ("4 connections, SQLite", lambda: sending.fair_weather(4)),
        ("16 connections, SQLite", lambda: sending.fair_weather(16)),
        ("4 connections, PostgreSQL", lambda: sending.fair_weather(4, new_database(server_url))),
        (
            "4 connections, PostgreSQL, two worker processes",
            lambda: sending.fair_weather(4, new_database(server_url), 2),
        ),
    )
    for name, measure in runs:
        run = measure()
        if len(run.by_worker) > 1:
            name += f" ({' and '.join(map(str, run.by_worker))} marks)"
        lines.append(_fair_row(name, run))
        _say(lines[-1])
    return lines


def _hardships(server_url: str) -> list[str]:
    lines = [
        "| Misfortune | Seconds | Posts | Answered 409 | Doubled / out of order / lost | "
        "Right of 1,000 |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for measure in (
        sending.busy_now_and_then,
        sending.five_minutes_down,
        sending.killed_every_few_seconds,
        lambda: sending.database_restarted(server_url),
    ):
        run = measure()
        out = run.outcome
        lines.append(
            f"| {run.what} | {run.seconds:.0f} | {run.posts} | {out.refused} | "
            f"{out.doubled} / {out.out_of_order} / {out.lost} | {out.right} |"
        )
        _say(lines[-1])
    return lines


def _hosts() -> list[str]:
    one = hosts.measure()
    lines = [
        "| Hosts asked | Seconds | Workers killed | Left once | Left twice | Named as unsure | "
        "Neither | The server had of the unsure |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
        f"| {one.asked:,} | {one.seconds:.0f} | {one.killed} | {one.once:,} | {one.twice} | "
        f"{one.unsure} | {one.lost} | {one.arrived} |",
        "",
        f"Seals of {one.sealed:,} answers looked at by the doctor in {one.doctor_s:.1f} s, with "
        f"{one.doctor_mb:.0f} MB more memory.",
    ]
    for line in lines:
        _say(line)
    return lines


def _launches(server_url: str) -> list[str]:
    lines = [
        "| Database | Launches | Failed | A second | CPU ms a launch | Middle, ms | "
        "99 of 100, ms | Key fetches | MB of the largest web process |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for one in launches.measure(server_url):
        lines.append(
            f"| {one.where} | {one.count} | {one.failed} | {one.count / one.seconds:.0f} | "
            f"{one.cpu_ms:.1f} | {one.middle_ms:.0f} | {one.slowest_ms:.0f} | {one.key_fetches} | "
            f"{one.memory_mb:.0f} |"
        )
        _say(lines[-1])
    return lines


def _queue() -> list[str]:
    lines = [
        "| Work in the queue | Server time, ms | CPU, ms | Queries |",
        "| --- | --- | --- | --- |",
    ]
    for page in queue_page.measure():
        lines.append(f"| {page.works} | {page.wall_ms:.0f} | {page.cpu_ms:.0f} | {page.queries} |")
        _say(lines[-1])
    return lines


def _matrix(server_url: str) -> list[str]:
    lines = [
        "| Database | Page | People | Outcomes | Server time, ms | CPU, ms | Queries |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for one in outcome_matrix.measure(new_database(server_url)):
        lines.append(
            f"| {one.where} | {one.page} | {one.people} | {one.outcomes} | {one.wall_ms:.0f} | "
            f"{one.cpu_ms:.0f} | {one.queries} |"
        )
        _say(lines[-1])
    return lines


def _home(server_url: str) -> list[str]:
    lines = [
        "| Database | Page | People | Server time, ms | CPU, ms | Queries |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for one in leader_home.measure(new_database(server_url)):
        lines.append(
            f"| {one.where} | {one.page} | {one.people} | {one.wall_ms:.0f} | {one.cpu_ms:.0f} | "
            f"{one.queries} |"
        )
        _say(lines[-1])
    return lines


def _measures(server_url: str) -> list[str]:
    lines = [
        "| Database | Measure | Lines behind it | Server time, ms | CPU, ms | Queries |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for one in measures.measure(new_database(server_url)):
        lines.append(
            f"| {one.where} | {one.key} | {one.lines} | {one.wall_ms:.0f} | {one.cpu_ms:.0f} | "
            f"{one.queries} |"
        )
        _say(lines[-1])
    return lines


def _cohort(server_url: str) -> list[str]:
    lines = [
        "| Database | Participants | Server time, ms | CPU, ms | Queries |",
        "| --- | --- | --- | --- | --- |",
    ]
    for page in cohort_page.measure(new_database(server_url)):
        lines.append(
            f"| {page.where} | {page.people} | {page.wall_ms:.0f} | {page.cpu_ms:.0f} | "
            f"{page.queries} |"
        )
        _say(lines[-1])
    return lines


def _grid() -> list[str]:
    times = grid.measure()
    lines = [
        "| Rows | Keys | Key to paint, ms: middle / 19 of 20 / slowest | Change to saved, ms |",
        "| --- | --- | --- | --- |",
        f"| {times.rows} | {times.keys} | {times.middle_key_ms:.0f} / {times.most_keys_ms:.0f} / "
        f"{times.slowest_key_ms:.0f} | {times.slowest_save_ms:.0f} |",
    ]
    _say(lines[-1])
    return lines


def _import() -> list[str]:
    one = importing.measure()
    lines = [
        "| What | Seconds |",
        "| --- | --- |",
        f"| Reading the file and showing the preview | {one.preview_s:.1f} |",
        f"| Keeping the {one.rows:,} rows | {one.keep_s:.1f} |",
        f"| The first picture of the figures | {one.figures_s:.1f} |",
        f"| CPU of all three | {one.cpu_s:.1f} |",
        "",
        f"Memory: {one.more_mb:.0f} MB more than before the import, {one.most_mb:.0f} MB in all.",
    ]
    for line in lines:
        _say(line)
    return lines


def _exports() -> list[str]:
    lines = ["| File | Seconds | Bytes |", "| --- | --- | --- |"]
    for made in taking_out.measure():
        lines.append(f"| {made.name} | {made.seconds:.1f} | {made.size:,} |")
        _say(lines[-1])
    return lines


def _with_server(measure: Callable[[str], list[str]]) -> list[str]:
    with postgres_server() as server_url:
        return measure(server_url)


@dataclass(frozen=True)
class _Part:
    """One thing measured: its heading, how it was measured and what is wanted, and how."""

    title: str
    about: str
    measure: Callable[[], list[str]]


_PARTS = {
    # First, while this process is small: its memory is measured too.
    "import": _Part(
        "A large map brought in",
        "A workbook of 2,000 rows on six sheets, through the application itself on SQLite, in a "
        "process of its own. Wanted: the import and the first picture under 3 s and 200 MB.",
        _import,
    ),
    "launches": _Part(
        "Whole launches",
        "The tool as an operator starts it, two web processes of four threads; four browsers "
        "launch fifty people again and again, each to the participant’s real first page. The "
        "processor time is that of the tool’s own processes; the browsers and the platform share "
        "the cores, which the seconds show. Wanted: at most 6 ms of processor a launch, no key "
        "fetched again, under 120 MB.",
        lambda: _with_server(_launches),
    ),
    "sending": _Part(
        "A thousand marks released at once",
        "The platform is a process of its own that answers each score after 50 ms. “The "
        "connections alone” is what so many connections would need if nothing came between two "
        "answers. A bare client is so many threads with a connection each and nothing else, "
        "measured just after on the same machine. Doubled, out of order and lost are told by what "
        "the platform received. Wanted: with 4 connections at least 90 %, one token, under 5 ms, "
        "none doubled, out of order or lost.",
        lambda: _with_server(_fair_weather),
    ),
    "hardship": _Part(
        "The same through misfortune",
        "Posts counts repeats and refusals too. Answered 409 is a repeat of what had arrived "
        "already and changes nothing. The clock is moved by moving the times that the waiting "
        "marks hold.",
        lambda: _with_server(_hardships),
    ),
    "hosts": _Part(
        "A thousand hosts asked by e-mail while workers are killed",
        "A mail server that takes 50 ms for each message; worker processes on SQLite, killed "
        "after every 60 messages and started again. A message whose worker was killed is never "
        "sent again by itself: it is named as unsure, and the participant is told to send it "
        "again. Wanted: none twice, and each either sent or named. Then 20,000 answers for "
        "`lti-tool doctor`.",
        _hosts,
    ),
    "queue": _Part(
        "The tutor’s queue",
        "The median of seven looks at the page through the application itself, on SQLite, half of "
        "the work marked. Wanted: under 200 ms with 500, and the same number of queries however "
        "much there is.",
        _queue,
    ),
    "cohort": _Part(
        "The cohort’s page of the placement log",
        "The median of seven looks through the application itself; each participant has five "
        "visits in different states, three meetings and two sessions, and all stand on one page. "
        "Wanted: under 300 ms with 500, and the same number of queries however many there are.",
        lambda: _with_server(_cohort),
    ),
    "matrix": _Part(
        "The matrix of outcomes",
        "The median of seven looks through the application itself at a cohort with an outcome set "
        "of forty; each participant has a piece that counts for 39 outcomes and 26 decisions. "
        "Fifty people stand on a page; all are read. Wanted: under 500 ms with 500, and the same "
        "number of queries however many there are.",
        lambda: _with_server(_matrix),
    ),
    "home": _Part(
        "The leader’s home",
        "The median of seven looks through the application itself at a cohort in three courses; "
        "each participant has work in each of them, three visits, and evidence and decisions on "
        "forty outcomes; and at the longest of its lists. Wanted: under 500 ms with 500, and the "
        "same number of queries however many there are.",
        lambda: _with_server(_home),
    ),
    "measures": _Part(
        "The live measures of the checklist",
        "The median of seven looks at each measure with 500 people, 2,500 visits and an outcome "
        "set of forty, kept as for the matrix. Wanted: under 100 ms each, and the same number of "
        "queries however many people there are.",
        lambda: _with_server(_measures),
    ),
    "grid": _Part(
        "Typing in the grid of the provision map",
        "A real browser, all columns shown, keys as fast as a quick typist’s. The browser times "
        "each key to the next paint in steps of 8 ms. Wanted: under 50 ms, and saved within 2 s.",
        _grid,
    ),
    "exports": _Part(
        "A map of 2,000 rows taken away",
        "From the document to the finished file, the best of three. Wanted: under 3 s.",
        _exports,
    ),
}


def _write(machine: str, measured: dict[str, list[str]]) -> None:
    day = datetime.now(UTC)
    lines = [
        "# Figures",
        "",
        f"Measured by `make bench` on {day.day} {day:%B %Y}: {machine}. Worker, database, platform "
        "and the measuring itself share these cores; a busy machine makes the seconds longer, and "
        "the CPU figures a little.",
        "",
    ]
    for name, found in measured.items():
        lines += [f"## {_PARTS[name].title}", _PARTS[name].about, "", *found, ""]
    _FIGURES.write_text("\n".join(lines))


def main(arguments: list[str]) -> int:
    """Measure; all parts, or those named."""
    unknown = set(arguments) - set(_PARTS)
    if unknown:
        _say(f"Not a part: {', '.join(sorted(unknown))}. There are {', '.join(_PARTS)}.")
        return 2
    machine = _machine()
    _say(machine)
    measured = {
        name: part.measure() for name, part in _PARTS.items() if not arguments or name in arguments
    }
    if len(measured) == len(_PARTS):
        _write(machine, measured)
        _say(f"Written to {_FIGURES}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
