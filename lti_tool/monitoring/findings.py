"""What the doctor of the installation reports; its look at who else may read or change a file."""

import stat
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    what: str
    is_ok: bool
    words: str
    """What was found; where it is a problem, with what to do."""


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def is_private(folder: Path) -> bool:
    """Whether nobody else gets into a folder, whatever the files in it allow."""
    return not _mode(folder) & 0o077


def problem_of_mode(path: Path) -> str | None:
    """What is wrong with who may read or change it, with what to do; None where nothing is."""
    mode = _mode(path)
    if path.is_dir() and mode & 0o022:
        return f"{path} may be changed by others (mode {mode:o}). Run `chmod go-w {path}`."
    if path.is_file() and mode & 0o077:
        return f"{path} may be read by others (mode {mode:o}). Run `chmod go= {path}`."
    return None
