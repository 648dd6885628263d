"""A process that holds a great deal for good still finds all garbage in the end."""

import subprocess
import sys

_PROCESS = """
import gc
from lti_tool.core.garbage import leave_what_is_loaded

loaded = [[number] for number in range(300_000)]
leave_what_is_loaded()
before = gc.get_stats()[2]["collections"]
for _ in range(1_000_000):  # as many as some 4,000 requests make
    ring = []
    ring.append(ring)
print(gc.get_stats()[2]["collections"] - before, gc.get_freeze_count() > 300_000)
"""


def test_a_full_look_comes_however_much_was_loaded() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _PROCESS], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.split() == ["1", "True"]
