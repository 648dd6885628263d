"""Places at which processes of one machine count: each holds one for as long as it lives.

The next process goes on at a place that has become free, with the counts that were there. So there
are no more places than there ever were processes at the same time, though a web process is
replaced every some thousand requests.
"""

import fcntl
import hashlib
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import IO

_held: list[IO[str]] = []
"""The one that this process holds. The system lets go of it when the process ends, however that
comes about."""


@cache
def host() -> str:
    """A name for this machine or container without what a file name may not hold."""
    return hashlib.sha256(socket.gethostname().encode()).hexdigest()[:8]


def _hold(folder: Path, place: str) -> IO[str] | None:
    file = (folder / f"{place}.lock").open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def take(folder: Path) -> str:
    """Hold the first free place of a folder until this process ends.

    :return: its name: the machine's and a number.
    """
    _let_go()
    names = (f"{host()}-{number}" for number in count(1))
    place, held = next((one, held) for one in names if (held := _hold(folder, one)) is not None)
    _held.append(held)
    return place


@contextmanager
def holding(folder: Path, place: str) -> Iterator[bool]:
    """Hold a place for a moment, so that no process begins to count there: whether it was free.
    Of places of other machines nothing is known; none of them is free."""
    held = _hold(folder, place) if place.startswith(f"{host()}-") else None
    try:
        yield held is not None
    finally:
        if held is not None:
            held.close()


def _let_go() -> None:
    while _held:
        _held.pop().close()


os.register_at_fork(after_in_child=_let_go)  # it stays that of the process that forked
