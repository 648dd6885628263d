"""docs/figures.md: one section for each bench, each with its machine, date and command.

A run replaces the sections of what it measured and leaves the others as they stand; a section
that no bench claims any more is taken out.
"""

import os
import platform
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.bench import Bench

FIGURES = Path(__file__).resolve().parents[2] / "docs" / "figures.md"
_TOP = """# Figures

Measured by `make bench`, which replaces a section when it measures it again. The tool, the \
database, the platform and the measuring itself share the cores, and other machines share them \
too: within an hour the same launches cost from 4.7 to 7 ms of processor. What stands in one table \
can be compared, and little else.
"""


def machine() -> str:
    """What this is measured on, and how busy it is."""
    model = "processor unknown"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    return (
        f"{os.cpu_count()} cores ({model}), Linux, Python {platform.python_version()}, "
        f"load {os.getloadavg()[0]:.1f} at the start"
    )


def section(bench: Bench, where: str, command: str, lines: Iterable[str]) -> str:
    """A section as it is written.

    :param where: the machine, as it was when the bench began.
    """
    day = datetime.now(UTC)
    return "\n".join(
        [
            f"## {bench.title}",
            bench.about,
            "",
            f"Measured on {day.day} {day:%B %Y} by `{command}`: {where}.",
            "",
            *lines,
            "",
        ]
    )


def replaced(text: str, title: str, new: str, titles: list[str]) -> str:
    """The document with one section put in or replaced.

    :param titles: of all benches, in the order in which they stand.
    """
    parts = text.split("\n## ")[1:]
    there = {part.partition("\n")[0]: "## " + part.rstrip() + "\n" for part in parts}
    there[title] = new
    return "\n".join([_TOP, *(there[one] for one in titles if one in there)])
