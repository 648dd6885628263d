"""A process that holds a great deal for good still finds all garbage in the end."""

import re
import subprocess
import sys

import pytest

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


_THREADS = """
import ctypes, threading
from lti_tool.core.garbage import share_one_heap
{first}
def take():
    kept.append([bytearray(5000) for _ in range(100)])
    done.wait()
kept, done = [], threading.Barrier(5)
threads = [threading.Thread(target=take) for _ in range(4)]
[one.start() for one in threads]
done.wait()
ctypes.CDLL(None).malloc_stats()
"""


@pytest.mark.parametrize(("first", "most"), [("share_one_heap()", 1), ("", 5)])
def test_threads_share_one_heap(first: str, most: int) -> None:
    command = [sys.executable, "-c", _THREADS.format(first=first)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    heaps = len(re.findall(r"^Arena \d+:", said, re.MULTILINE))
    assert heaps == 1 if most == 1 else 1 < heaps <= most
