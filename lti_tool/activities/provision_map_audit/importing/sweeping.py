"""Reading a large workbook without Python's search for garbage, which took a quarter of the time.

A workbook is read into very many small objects that all stay; searching them again and again for
circles finds nothing. Called where a workbook is opened and read.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_sweeping() -> Iterator[None]:
    """Put the search for garbage off until the block ends; it is the process's, not a thread's."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
