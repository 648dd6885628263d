"""`make conformance`: runs the numbered cases and prints their state, block by block.

Exit 1 where a case fails. A case counts as passed only if every test that stands for it passed.
"""

import sys
from collections import defaultdict
from pathlib import Path

import pytest

from tests.conformance.cases import NOT_TESTED, TESTED_IN_PART

BLOCKS: tuple[tuple[str, tuple[int, ...]], ...] = (
    ("A  login", tuple(range(1, 18))),
    ("B  known-bad payloads", tuple(range(18, 30))),
    ("C  teacher launches", tuple(range(30, 40))),
    ("D  student launches", tuple(range(40, 51))),
    ("E  token, state and claims", tuple(range(51, 109))),
    ("F  deep linking", tuple(range(109, 130))),
    ("G  names and roles", tuple(range(130, 148))),
    ("H  assignment and grades", tuple(range(148, 170))),
    ("I  service tokens and keys", tuple(range(170, 180))),
    ("J  dynamic registration", tuple(range(180, 188))),
    ("K  cookies and sessions", tuple(range(188, 200))),
    ("L  attacks, what stands", (*range(205, 210), *range(213, 217))),
    ("M  Moodle’s habits", tuple(range(224, 240))),
)
FOLDERS = ("conformance", "integration", "unit/provision_map_audit", "journeys")
"""Where tests of numbered cases lie, below tests/."""


class _Collector:
    """Gathers which numbered cases ran and how they ended."""

    def __init__(self) -> None:
        self.numbers: dict[str, set[int]] = {}
        self.titles: dict[int, str] = {}
        self.outcomes: dict[int, set[str]] = defaultdict(set)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            marks = list(item.iter_markers("case"))
            self.numbers[item.nodeid] = {mark.args[0] for mark in marks}
            self.titles.update({mark.args[0]: mark.args[1] for mark in marks})

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.outcome != "passed":
            for number in self.numbers.get(report.nodeid, ()):
                self.outcomes[number].add(report.outcome)

    def state(self, number: int) -> str:
        """passed, failed, skipped, or untested."""
        found = self.outcomes.get(number)
        if not found:
            return "untested"
        return "failed" if "failed" in found else "passed" if found == {"passed"} else "skipped"


def _print(collector: _Collector) -> None:
    for name, numbers in BLOCKS:
        passed = [number for number in numbers if collector.state(number) == "passed"]
        print(f"{name:30} {len(passed)} of {len(numbers)}")
        for number in numbers:
            state = collector.state(number)
            if state != "passed":
                title = collector.titles.get(number, NOT_TESTED.get(number, "not tested yet"))
                print(f"    {number:>3}  {state}: {title}")
    for number, reason in sorted(TESTED_IN_PART.items()):
        print(f"    {number:>3}  passed in part: {reason}")


def main(arguments: list[str]) -> int:
    """Run the cases and print their state."""
    collector = _Collector()
    root = Path(__file__).resolve().parents[2]
    code = pytest.main(
        [
            *(str(root / "tests" / folder) for folder in FOLDERS),
            "-m",
            "case",
            "-q",
            "--no-header",
            *arguments,
        ],
        plugins=[collector],
    )
    _print(collector)
    return int(code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
