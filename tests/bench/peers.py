"""Our tool beside other LTI tools: the same launches and the same scores, on one machine.

The load generator, the peers' smallest applications and their set-up stand beside this project, in
`../shared/bench`; LTI_BENCH names another place. Where they are not found, the section says so.
What it installs and writes goes to BENCH_DIR (`lti-bench` in the temporary folder).
"""

import json
import os
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.bench import Bench, Columns, Found
from tests.bench.peers_ours import describe

_ROOT = Path(__file__).resolve().parents[2]
_THEIRS = Path(os.environ.get("LTI_BENCH") or _ROOT.parent / "shared" / "bench")
_RUN = Path(os.environ.get("BENCH_DIR") or Path(tempfile.gettempdir()) / "lti-bench")
_PEERS = ("pylti/tool", "pylti/tool-keycache", "ltijs/tool", "django/tool")
_POSTGRES_PORT = 54329
_KNOWN = 500
"""People who launch; all are known before the measuring begins."""
_FAULTS = {
    "none": (),
    "none, ten times as many": ("--students", "600"),
    "one post in ten fails": ("--error-rate", "0.1"),
    "two seconds down": ("--pace", "15", "-c", "16", "--outage", "1,2"),
    "one reply in ten is lost": ("--lost-reply-rate", "0.1"),
}
_PATIENCE_S = {"ours": 45, "peers": 8}
"""Quiet seconds at the platform after which nothing more is awaited: the peers try no second time,
and our pauses between tries grow to twenty seconds."""


@dataclass
class _Tool:
    name: str
    description: Path
    is_ours: bool
    lacking: str = ""
    """Why it cannot be measured."""
    runs: list[dict[str, Any]] = field(default_factory=list)


def _ours(*, is_scored: bool) -> list[_Tool]:
    kind = "-scores" if is_scored else ""
    url = f"postgresql://postgres@127.0.0.1:{_POSTGRES_PORT}/ours"
    found = []
    for name, database in ((f"ours-sqlite{kind}", ""), (f"ours-postgresql{kind}", url)):
        path = _RUN / f"{name}.json"
        path.write_text(json.dumps(describe(name, database, is_scored=is_scored), indent=1))
        found.append(_Tool(name, path, is_ours=True))
    return found


def _theirs() -> list[_Tool]:
    found = []
    for peer in _PEERS:
        path = _THEIRS / "peers" / f"{peer}.json"
        said = json.loads(path.read_text())
        program = said["start"].split()[0].replace("{run}", str(_RUN))
        modules = said["env"].get("NODE_MODULES", "").replace("{run}", str(_RUN))
        missing = [one for one in (modules,) if one and not Path(one, "ltijs").exists()]
        if "/" in program and not Path(program).exists():
            missing.append(program)
        lacking = f"not installed ({missing[0]} is missing)" if missing else ""
        found.append(_Tool(said["name"], path, is_ours=False, lacking=lacking))
    return found


def _is_up() -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", _POSTGRES_PORT)) == 0


@contextmanager
def _installed() -> Iterator[str]:
    """The peers and their servers, for as long as the block runs; what went wrong, if anything."""
    was_up = _is_up()
    setup = ["bash", str(_THEIRS / "setup_peers.sh")]
    env = {**os.environ, "BENCH_DIR": str(_RUN)}
    done = subprocess.run(setup, env=env, capture_output=True, text=True, check=False)
    lines = (done.stderr or done.stdout).strip().splitlines() or ["it said nothing"]
    try:
        yield "" if done.returncode == 0 else f"The peers’ set-up ended early: {lines[-1][:300]}"
    finally:
        if not was_up:
            subprocess.run([*setup, "stop"], env=env, capture_output=True, check=False)


def _drive(program: str, tool: _Tool, *options: str) -> None:
    """One run of the load generator; its report is added to the tool's, or why there is none."""
    python = _RUN / "venvs" / "gen" / "bin" / "python"
    with tempfile.NamedTemporaryFile("r", suffix=".jsonl") as out:
        done = subprocess.run(
            [python, _THEIRS / program, tool.description, *options, "--out", out.name],
            env={**os.environ, "BENCH_DIR": str(_RUN)},
            capture_output=True,
            text=True,
            check=False,
        )
        reports = [json.loads(line) for line in out.read().splitlines()]
    if reports:
        tool.runs += reports
    else:
        said = (done.stderr or done.stdout).strip().splitlines() or ["no report"]
        tool.lacking = said[-1][:200]


def _middle(tool: _Tool, *path: str) -> float:
    values = []
    for run in tool.runs:
        value: Any = run
        for name in path:
            value = value[name] if isinstance(value, dict) else value
        values.append(float(value))
    return median(values)


def _cpu(run: dict[str, Any], key: str) -> tuple[float, float]:
    """Milliseconds of the tool, and of the servers that it leans on."""
    cost = {k: v for k, v in run[key].items() if k not in {"platform", "generator"}}
    return cost.pop("tool"), sum(cost.values())


def _cost(tool: _Tool, key: str) -> str:
    costs = [_cpu(run, key) for run in tool.runs]
    return f"{median(a for a, _ in costs):.1f} + {median(b for _, b in costs):.1f}"


def _ratio(tool: _Tool, to: _Tool, key: str) -> str:
    """Within a round, since the machine is shared; the middle of all rounds."""
    pairs = [a[key] / b[key] for a, b in zip(tool.runs, to.runs, strict=False) if b[key]]
    return f"{median(pairs):.2f}" if pairs else "–"


def _refusals(tool: _Tool) -> str:
    """What it took that must be refused, and what a rotated key does to it."""
    said = dict(tool.runs[0].get("guards", {}))
    rotated = said.pop("platform rotates its key", "")
    taken = [case for case, verdict in said.items() if verdict == "ACCEPTED"]
    return f"{rotated}; takes {', '.join(taken) or 'none of ' + str(len(said))}"


def _launches(tools: list[_Tool], rounds: int, launches: int) -> Iterator[Found]:
    for number in range(rounds):
        guards = ("--guards",) if number == 0 else ()
        for tool in tools:
            if not tool.lacking:
                _drive(
                    "launchload.py",
                    tool,
                    *("-n", str(launches), "-c", "8", "--warmup", str(_KNOWN)),
                    *("--users", str(_KNOWN)),
                    *guards,
                )
    if not rounds:
        return
    held = next(one for one in tools if one.name == "pylti1p3-keycache")
    for tool in tools:
        if tool.lacking or not tool.runs:
            yield tool.name, tool.lacking, *[""] * 8
            continue
        yield (
            tool.name,
            f"{_middle(tool, 'launches_per_s'):.0f}",
            _cost(tool, "cpu_ms_per_launch"),
            _ratio(tool, held, "launches_per_cpu_s"),
            _ratio(tool, held, "launches_per_s"),
            f"{_middle(tool, 'whole_ms', 'p50'):.0f}",
            f"{_middle(tool, 'whole_ms', 'p99'):.0f}",
            f"{_middle(tool, 'jwks_fetches_per_launch'):g}",
            sum(run["errors"] for run in tool.runs),
            _refusals(tool),
        )


def _scores(tools: list[_Tool], students: int) -> Iterator[Found]:
    for fault, options in _FAULTS.items():
        for tool in tools:
            if tool.lacking:
                yield fault, tool.name, tool.lacking, *[""] * 5
                continue
            patience = _PATIENCE_S["ours" if tool.is_ours else "peers"]
            tool.runs = []
            _drive(
                "scoreload.py",
                tool,
                *("--students", str(students), "--answers", "2"),
                *("--settle", str(patience), "--max-wait", "150", *options),
            )
            if not tool.runs:
                yield fault, tool.name, tool.lacking, *[""] * 5
                tool.lacking = ""
                continue
            run = tool.runs[0]
            yield (
                fault,
                tool.name,
                f"{run['final_lost']} of {run['final_of']}",
                run["final_lost_yet_student_told_ok"],
                f"{run['doubled']} / {run['out_of_order']} / {run['equal_timestamps']}",
                f"{run['student_wait_ms']['p99']:.0f}",
                _cost(tool, "cpu_ms_per_score"),
                f"{run['last_recorded_s']:.1f}",
            )


def measure(rounds: int, launches: int, students: int) -> Iterator[Found]:
    """Launches in rounds, then scores through each fault."""
    if not (_THEIRS / "launchload.py").exists():
        yield "Not measured here: the load generator and the peers are not beside this project."
        return
    _RUN.mkdir(parents=True, exist_ok=True)
    with _installed() as trouble:
        if trouble:
            yield trouble
        theirs = _theirs()
        yield from _launches([*_ours(is_scored=False), *theirs], rounds, launches)
        yield Columns(
            (
                "Fault",
                "Tool",
                "Final scores lost",
                "Of these told that all is well",
                "Doubled / out of order / same second",
                "Participant waits, 99 of 100, ms",
                "CPU ms a score: tool + servers",
                "Last one there after, s",
            ),
            f"{students} participants send two scores each; the platform takes 50 ms. Each tool "
            "has just started, and what it does once weighs on few scores: hence the row with ten "
            "times as many. Ours keeps "
            "the mark and a worker sends it; the peers send while the participant waits. A score "
            "whose reply is lost goes out again with the same timestamp: this platform counts it "
            "as doubled, one that compares timestamps refuses it. Wanted: none lost, under 5 ms.",
        )
        yield from _scores([*_ours(is_scored=True), *theirs], students)


BENCH = Bench(
    "peers",
    "Beside other LTI tools",
    "The same load generator acts as the platform for each in turn, eight at a time, rounds in "
    "turn; the figures are the middle of the rounds, ratios are taken within a round. Five "
    "hundred people launch, all of them known before. The peers end on a page of one line and "
    "keep nothing of people; ours ends on the participant’s real first page. Each has two web "
    "processes. The last column: whether a platform’s new key is followed, and what was taken "
    "that must be refused. Wanted of ours: at most 6 ms a launch, at least 0.85 of PyLTI1p3 with "
    "a key cache by processor, ahead of every other.",
    (
        "Tool",
        "Launches a second",
        "CPU ms a launch: tool + servers",
        "By processor, to PyLTI1p3 with key cache",
        "By time, to the same",
        "Middle, ms",
        "99 of 100, ms",
        "Key fetches a launch",
        "Failed",
        "Guards",
    ),
    measure,
    {"rounds": 5, "launches": 1000, "students": 60},
)
