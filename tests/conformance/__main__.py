"""`make conformance`: runs the numbered cases and prints their state, block by block.

Exit 1 where a case fails. A case counts as passed only if every test that stands for it passed.
"""

import sys
from collections import defaultdict
from pathlib import Path

import pytest

from tests.conformance.cases import NOT_TESTED, TESTED_IN_PART

BLOCKS = (
    ("A  login", 1, 17),
    ("B  known-bad payloads", 18, 29),
    ("C  teacher launches", 30, 39),
    ("D  student launches", 40, 50),
    ("E  token, state and claims", 51, 108),
    ("F  deep linking", 109, 129),
    ("G  names and roles", 130, 147),
    ("H  assignment and grades", 148, 169),
    ("I  service tokens and keys", 170, 179),
    ("J  dynamic registration", 180, 187),
    ("K  cookies and sessions", 188, 199),
    ("L  attacks", 205, 216),
    ("M  Moodle’s habits", 224, 239),
)


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
    for name, first, last in BLOCKS:
        numbers = range(first, last + 1)
        passed = [number for number in numbers if collector.state(number) == "passed"]
        print(f"{name:30} {len(passed)} of {len(numbers)}")
        for number in numbers:
            state = collector.state(number)
            if state != "passed" and (state != "untested" or passed):
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
            str(root / "tests" / "conformance"),
            str(root / "tests" / "integration"),
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
