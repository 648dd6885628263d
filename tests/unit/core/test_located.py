"""Settings files with lines: what no settings file needs is refused before anything is built."""

import time

import pytest

from lti_tool.core.errors import Unusable
from lti_tool.core.located import LARGEST, read_bytes

BOMB = b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (BOMB, "f, line 1: write it out"),
        (b"a: *a\n", "f, line 1: write it out"),
        (b"a: &a {b: *a}\n", "write it out"),
        (b"a: " + b"[" * 50_000, "f, line 1: this is nested too deeply"),
        (b"a: 1\n---\nb: 2\n", "f, line 2, cannot be read"),
        (b"a: [1\n", "f, line 2, cannot be read"),
        (b"a: \x07\n", "cannot be read"),
        (b"a: \xff\n", "UTF-8"),
        (b"- a\n", "f, line 1: write fields"),
        (b"", "f, line 1: write fields"),
        (b"a: !!python/object/apply:os.system [x]\n[b]: 1\n", "f, line 2: begin with a field"),
        (b"a: [" + b"b," * 200_000 + b"]", "f, line 1: this file holds far more"),
        (b"a: " + b"x" * LARGEST, "larger than 1 MB"),
    ],
)
def test_refused_by_line(data: bytes, said: str) -> None:
    begun = time.monotonic()
    with pytest.raises(Unusable, match=said) as refused:
        read_bytes(data, "f").allow_only("a")
    assert "\n" not in refused.value.sentence
    assert time.monotonic() - begun < 2


def test_an_empty_field_counts_as_left_out() -> None:
    place = read_bytes(b"a:\nb: null\nc: x\n", "f")
    assert place.text("a", "none") == place.text("b", "none") == "none"
    assert not place.has("a") and place.has("c")
    with pytest.raises(Unusable, match="f, line 1, a: write words here"):
        place.text("a")


@pytest.mark.parametrize("text", ["a\\0b", "a\\x1bb", "a\\u202eb", "a\\ud800b"])
def test_signs_that_cannot_be_seen_are_refused(text: str) -> None:
    with pytest.raises(Unusable, match="f, line 1"):
        read_bytes(f'a: "{text}"\n'.encode(), "f").text("a")


def test_whole_numbers_and_counts() -> None:
    place = read_bytes(b"a: 3\nb: 0\nc: -1\nd: 99999999999999999999\n", "f")
    assert (place.whole("a"), place.count("b"), place.whole("e")) == (3, 0, None)
    for field in "bcd":
        with pytest.raises(Unusable, match=field):
            place.whole(field)
    with pytest.raises(Unusable, match="line 3, c"):
        place.count("c")
