"""What the kernel says of processes: their time, their memory."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text

_TICKS = os.sysconf("SC_CLK_TCK")


def _words(pid: int) -> list[str]:
    """The kernel's words on a process, those after its name."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _all() -> Iterator[tuple[int, list[str]]]:
    for path in Path("/proc").glob("[0-9]*"):
        try:
            yield int(path.name), _words(int(path.name))
        except OSError:
            continue  # it ended meanwhile


def cpu_s(pid: int) -> float:
    """Processor seconds a process has used so far, its own threads included."""
    words = _words(pid)
    return (int(words[11]) + int(words[12])) / _TICKS


def group_pids(group: int) -> list[int]:
    """The processes of a group."""
    return [pid for pid, words in _all() if int(words[2]) == group]


def group_cpu_s(group: int) -> float:
    """Processor seconds of a group so far."""
    return sum(cpu_s(pid) for pid in group_pids(group))


def family_cpu_s(pid: int) -> float:
    """Processor seconds of a process and its children so far, those that ended included."""
    return sum(
        sum(map(int, words[11:15])) / _TICKS
        for one, words in _all()
        if one == pid or int(words[1]) == pid
    )


def postgres_pid(url: str) -> int:
    """The first process of the PostgreSQL server behind an address on this machine."""
    engine = create_engine(url)
    with engine.connect() as connection:
        data = Path(str(connection.scalar(text("SHOW data_directory"))))
    engine.dispose()
    return int((data / "postmaster.pid").read_text().split("\n", 1)[0])


@dataclass(frozen=True, slots=True)
class Memory:
    """Memory of one process in MB."""

    resident: float
    proportional: float
    """Its share: pages that several processes hold are divided among them."""
    own: float
    """What would be free if it ended."""

    def __str__(self) -> str:
        return f"{self.resident:.0f} / {self.proportional:.0f}"


def memory(pid: int) -> Memory:
    """What a process holds now."""
    kinds: dict[str, float] = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, _, rest = line.partition(":")
        kinds[name] = int(rest.split()[0]) / 1024
    own = kinds["Private_Clean"] + kinds["Private_Dirty"]
    return Memory(kinds["Rss"], kinds["Pss"], own)


def group_memory(group: int) -> list[Memory]:
    """Of each process of a group, the largest first."""
    return sorted(map(memory, group_pids(group)), key=lambda one: one.resident, reverse=True)
