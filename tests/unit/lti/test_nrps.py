"""Members of a roster: what is taken from each entry, and what is passed over."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.lti.links import may_follow
from lti_tool.lti.nrps import _member, escapes_twice
from lti_tool.lti.roles import known_roles, roster_roles

FIRST = "https://p.example/members?limit=200"


def _read(entry: Any, *, is_escaped: bool = True) -> Any:
    return _member(entry, is_escaped=is_escaped)


def test_moodles_doubled_escape_is_undone_once_and_nothing_else() -> None:
    entry = {"user_id": "5", "name": "Siân &amp; Jo &amp;amp; &lt;b&gt; &copy", "email": "a&amp;b"}
    found = _read(entry)
    assert (found.name, found.email) == ("Siân & Jo &amp; &lt;b&gt; &copy", "a&b")
    assert _read(entry, is_escaped=False).name == entry["name"]


@pytest.mark.parametrize(
    ("product", "expected"), [("", True), ("moodle 5.1", True), ("Moodle", True), ("canvas", False)]
)
def test_which_platforms_escape_twice(product: str, expected: bool) -> None:
    assert escapes_twice(product) is expected


@given(st.text(max_size=40))
def test_undoing_is_the_inverse_of_moodles_escaping(name: str) -> None:
    name = name.replace("&", "and").replace("\x00", "").strip() + " & Co"
    found = _read({"user_id": "5", "name": name.replace("&", "&amp;")})
    assert found.name == name.strip()


def test_short_role_names_count_on_a_roster() -> None:
    assert roster_roles(["Learner", "Mentor", "learner", "x#Instructor"]) == {
        "participant",
        "mentor",
    }
    assert known_roles(["Mentor"]) == set()


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(), max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)
_NAMES = st.sampled_from(["user_id", "roles", "status", "name", "given_name", "email"])


@given(_JSON | st.dictionaries(_NAMES, _JSON, max_size=6))
def test_no_entry_makes_it_fail_and_what_is_kept_can_be_kept(entry: Any) -> None:
    found = _read(entry)
    if found is not None:
        for text in (found.user_id, found.name or "", found.email or ""):
            assert "\x00" not in text and text.encode() is not None
        assert 0 < len(found.user_id) <= 255


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://p.example/other?x", True),
        ("https://P.example:443/other", True),
        (FIRST, False),
        ("http://p.example/members", False),
        ("https://p.example:8443/members", False),
        ("https://p.example.evil/members", False),
        ("https://u:p@p.example/members", False),
        ("https://p.example@evil.example/", False),
        ("", False),
        ("https://[", False),
        ("https://p.example:x/", False),
    ],
)
def test_where_the_token_may_go(url: str, expected: bool) -> None:
    assert may_follow(url, FIRST, {FIRST}) is expected
