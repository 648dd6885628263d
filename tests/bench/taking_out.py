"""A map of 2,000 rows as every file there is, from the document on: how long it takes."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from lti_tool.activities.provision_map_audit.taking_out.map_lines import to_table
from lti_tool.activities.provision_map_audit.taking_out.map_workbook import make_workbook
from lti_tool.activities.provision_map_audit.taking_out.report import Choices, make_report
from lti_tool.activities.provision_map_audit.taking_out.request_workbook import (
    make_request_workbook,
)
from lti_tool.activities.provision_map_audit.taking_out.taken import Taken, gather
from lti_tool.papers.tables import to_csv
from tests.bench.bench import Bench, Found
from tests.recalculation.maps import made_map
from tests.support.visiting import make_world

CONFIG = Path(__file__).resolve().parents[2] / "config"
ROWS = 2000


def measure() -> Iterator[Found]:
    """Every file of a map of 2,000 rows."""
    document = made_map(ROWS, 5)
    kinds: tuple[tuple[str, Callable[[Taken], bytes]], ...] = (
        ("Workbook", make_workbook),
        ("Workbook for a request, all rows", lambda taken: make_request_workbook(
            taken, {one.id for one in taken.rows})),
        ("Word report, all rows", lambda taken: make_report(taken, Choices())),
        ("CSV", lambda taken: to_csv(to_table(taken))),
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        app = make_world(Path(folder)).app
        for name, make in kinds:
            best, size = 999.0, 0
            for _ in range(3):
                with app.test_request_context("/"):
                    began = time.perf_counter()
                    size = len(make(gather(document, CONFIG)))
                    best = min(best, time.perf_counter() - began)
            yield name, f"{best:.1f}", size


BENCH = Bench(
    "exports",
    "A map of 2,000 rows taken away",
    "From the document to the finished file, the best of three. Wanted: under 3 s.",
    ("File", "Seconds", "Bytes"),
    measure,
)
