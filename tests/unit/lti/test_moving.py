"""How one address changes when a platform moves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.lti.moving import Move


def _move(*beginnings: tuple[str, str]) -> Move:
    return Move([1], beginnings, {}, {})


@pytest.mark.parametrize(
    ("url", "becomes"),
    [
        ("https://old.example/mod/lti/token.php", "https://new.example/m/mod/lti/token.php"),
        ("https://OLD.example:443/a?b=1&c#d", "https://new.example/m/a?b=1&c#d"),
        ("https://old.example", "https://new.example/m"),
        ("https://old.example?x=https://old.example/", "https://new.example/m?x=https://old.example/"),
        ("http://old.example/a", "http://old.example/a"),
        ("https://old.example.evil/a", "https://old.example.evil/a"),
        ("https://old.example:8443/a", "https://old.example:8443/a"),
        ("https://elsewhere.example/old.example", "https://elsewhere.example/old.example"),
        ("https://[broken/a", "https://[broken/a"),
        ("not an address", "not an address"),
    ],
)  # fmt: skip
def test_an_address_under_the_old_beginning_moves_and_no_other(url: str, becomes: str) -> None:
    assert _move(("https://old.example/", "https://new.example/m/")).of(url) == becomes


def test_a_path_of_the_old_site_counts_whole() -> None:
    move = _move(("https://uni.example/moodle", "https://moodle.uni.example"))
    assert move.of("https://uni.example/moodle/a") == "https://moodle.uni.example/a"
    assert move.of("https://uni.example/moodle2/a") == "https://uni.example/moodle2/a"


_PATHS = st.lists(st.sampled_from(["a", "moodle", "x.php", "2"]), max_size=4).map("/".join)


@given(_PATHS, st.sampled_from(["", "?type_id=1"]))
def test_a_move_made_twice_changes_nothing_more(path: str, query: str) -> None:
    """Also where the new place lies below the old one."""
    url = f"https://old.example/{path}{query}"
    for new in ("https://new.example", "https://old.example/moodle", "https://old.example"):
        move = _move(("https://old.example", new))
        assert move.of(move.of(url)) == move.of(url)
