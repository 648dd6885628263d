"""Measuring a large map brought in: 2,000 rows on six sheets, in a process of its own.

The page is asked for through the application itself, so that reading, guarding and drawing all
count. Run as a module it prints seconds, CPU seconds and megabytes; `measure` starts it, so that
the memory is that of one import.
"""

import io
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter

from tests.bench.bench import Bench, Found
from tests.support.visiting import Visitor, World, make_world

ROWS, SHEETS = 2_000, 6
_AREAS = ("C&L", "C&I", "SEMH", "S&P")
_NAMES = ("Toe by Toe", "Lego Therapy", "Sensory Circuits", "Talk Boost", "Precision Teaching")
_HEADINGS = (
    *("Intervention", "Area of need", "Wave", "Target group", "Length of session", "How often"),
    *("Duration", "Group size", "Staff", "Rate", "Resources", "Reading age entry"),
    *("Reading age exit", "Aim", "Evidence base", "Pupil voice", "Notes"),
)


@dataclass(frozen=True, slots=True)
class Import:
    """What one import costs: the preview, keeping it and the first picture of the figures."""

    preview_s: float
    keep_s: float
    figures_s: float
    cpu_s: float
    more_mb: float
    most_mb: float
    rows: int


def workbook() -> bytes:
    """2,000 rows on six sheets, as a large school trust might keep them."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for sheet_number in range(SHEETS):
            sheet = book.add_worksheet(f"Year {sheet_number + 1}")
            sheet.write_row(0, 0, _HEADINGS)
            for line, number in enumerate(range(sheet_number, ROWS, SHEETS), 1):
                sheet.write_row(line, 0, _row(number))
    return out.getvalue()


def _row(number: int) -> list[str | int]:
    return [
        f"{_NAMES[number % 5]} {number}",
        _AREAS[number % 4],
        f"Wave {number % 3 + 1}",
        f"Y{number % 6 + 1}",
        f"{10 + number % 5 * 5} mins",
        ("daily", "2x week", "x3 weekly")[number % 3],
        f"{6 + number % 7} wks",
        number % 6 + 1,
        ("TA", "TA x2", "TA + HLTA", "ELSA")[number % 4],
        ("£16.50", "", "", "£17.50")[number % 4],
        number % 50,
        f"{6 + number % 4}y {number % 12}m",
        f"{7 + number % 4}y {number % 11}m",
        f"Read {number % 9 + 3} more words a minute by the end of the programme",
        f"Studied in {2005 + number % 15} by its authors; see our policy on reading",
        "Pupils say the sessions are short and that they like the games",
        f"In room {number % 30}; books are kept on shelf {number % 7}",
    ]


def _bring_in(visitor: Visitor, data: bytes) -> tuple[float, float]:
    """Seconds for the preview and for keeping it."""
    visitor.get("audit/map/bring-in")
    begun = time.perf_counter()
    answer = visitor.post(
        "audit/map/bring-in",
        {"file": (io.BytesIO(data), "map.xlsx")},
        content_type="multipart/form-data",
    )
    page = answer.get_data(as_text=True)
    seen = time.perf_counter() - begun
    carried = re.search(r'name="file_data" value="([^"]+)"', page)
    if answer.status_code != 200 or carried is None:
        raise RuntimeError(f"The preview answered {answer.status_code}.")
    form = {"act": "keep", "file_data": carried.group(1), "file_name": "map.xlsx"}
    begun = time.perf_counter()
    kept = visitor.post("audit/map/bring-in", form)
    if kept.status_code != 303:
        raise RuntimeError(f"Bringing it in answered {kept.status_code}.")
    return seen, time.perf_counter() - begun


def _megabytes() -> float:
    """The most that this process held; getrusage would count its parent's memory too."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _measure_here(world: World, data: bytes) -> Import:
    visitor = world.let_in("5", "participant")
    visitor.get("audit/map")
    before, cpu = _megabytes(), time.process_time()
    preview_s, keep_s = _bring_in(visitor, data)
    begun = time.perf_counter()
    answer = visitor.get("audit/figures")
    figures_s = time.perf_counter() - begun
    if answer.status_code != 200:
        raise RuntimeError(f"The figures answered {answer.status_code}.")
    most, cpu = _megabytes(), time.process_time() - cpu
    return Import(preview_s, keep_s, figures_s, cpu, most - before, most, ROWS)


def measure() -> Iterator[Found]:
    """Measure in a fresh process."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.bench.importing"], capture_output=True, text=True, check=True
    )
    one = Import(**json.loads(run.stdout.splitlines()[-1]))
    yield "Reading the file and showing the preview", f"{one.preview_s:.1f}"
    yield f"Keeping the {one.rows:,} rows", f"{one.keep_s:.1f}"
    yield "The first picture of the figures", f"{one.figures_s:.1f}"
    yield "CPU of all three", f"{one.cpu_s:.1f}"
    yield (
        f"Memory: {one.more_mb:.0f} MB more than before the import, {one.most_mb:.0f} MB in all."
    )


BENCH = Bench(
    "import",
    "A large map brought in",
    "A workbook of 2,000 rows on six sheets, through the application itself on SQLite, in a "
    "process of its own. Wanted: the import and the first picture under 3 s and 200 MB.",
    ("What", "Seconds"),
    measure,
)


def main() -> int:
    """Print one measurement as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "map.xlsx"
        made.write_bytes(workbook())
        found = _measure_here(make_world(Path(folder)), made.read_bytes())
    numbers = {name: getattr(found, name) for name in Import.__dataclass_fields__}
    sys.stdout.write(json.dumps(numbers) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
