"""Places at which processes count: one each, free again when its process has ended."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lti_tool.web import places

_HOLDER = """
import sys
from pathlib import Path
from lti_tool.web import places
print(places.take(Path(sys.argv[1])), flush=True)
{more}
sys.stdin.read()
"""


@contextmanager
def _holder(folder: Path, more: str = "") -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    command = [sys.executable, "-c", _HOLDER.format(more=more), str(folder)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip(), process
    finally:
        process.kill()
        process.communicate()


def _is_free(folder: Path, place: str) -> bool:
    with places.holding(folder, place) as is_free:
        return is_free


def test_each_process_has_its_own_and_the_next_goes_on_there(tmp_path: Path) -> None:
    with _holder(tmp_path) as (first, _), _holder(tmp_path) as (second, _):
        assert first != second
        assert not _is_free(tmp_path, first)
        with places.holding(tmp_path, second) as is_free:
            assert not is_free
    assert _is_free(tmp_path, first), "it was killed"
    with _holder(tmp_path) as (third, _):
        assert third == first


def test_a_place_held_for_a_moment_is_nobody_elses(tmp_path: Path) -> None:
    with places.holding(tmp_path, f"{places.host()}-1") as is_free:
        assert is_free
        with _holder(tmp_path) as (other, _):
            assert other == f"{places.host()}-2"


def test_what_another_machine_holds_is_not_known(tmp_path: Path) -> None:
    assert not _is_free(tmp_path, "0123abcd-1")
    assert not _is_free(tmp_path, places.host()), "no place at all"
    assert list(tmp_path.iterdir()) == []


def test_a_process_that_another_forked_holds_nothing_of_it(tmp_path: Path) -> None:
    more = "import os; os.fork() or print(places.take(Path(sys.argv[1])), flush=True)"
    with _holder(tmp_path, more) as (first, process):
        assert not _is_free(tmp_path, first)
        assert process.stdout is not None
        assert process.stdout.readline().strip() != first, "it has one of its own before we go on"
        process.kill()
        process.wait()
        assert _is_free(tmp_path, first), "the one that was forked lives on"
