"""Link headers: whatever a platform writes is read, or passed over, and never fails."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lti_tool.lti.links import find_link, parse_links

BASE = "https://p.example/Course/2/Members?a=1&b="


@pytest.mark.parametrize(
    ("header", "url"),
    [
        ('<https://p.example/X?Y=z>; rel="next"', "https://p.example/X?Y=z"),
        ("<https://p.example/x>;rel=next", "https://p.example/x"),
        ("<https://p.example/x>;  REL = Next ; x", "https://p.example/x"),
        ('<https://p.example/x;y,z>; a; b="c,;<d>"; rel="prev next"', "https://p.example/x;y,z"),
        ('</a>; rel=first,</b>; rel="next"', "https://p.example/b"),
        ("<?from=2>; rel=next", "https://p.example/Course/2/Members?from=2"),
        ("<more#part>; rel=next", "https://p.example/Course/2/more"),
        ("<>; rel=next", BASE),
        ('<https://p.example/x>; rel="prev"; rel="next"', None),
        ('<https://p.example/x>; anchor="#y"; rel="next"', None),
        ('<https://p.example/x>; title="rel=next"', None),
        ("https://p.example/x; rel=next", None),
        ("<https://p.example/x; rel=next", None),
        ("<http://[>; rel=next", ""),
        ("", None),
    ],
)
def test_links_in_any_form(header: str, url: str | None) -> None:
    assert find_link(header, BASE, "next") == url


_TOKEN = st.text("abcXYZ019-_", min_size=1, max_size=8)
_QUOTED = st.text("abc ,;<>=\\'", max_size=10).map(
    lambda text: '"' + text.replace("\\", "\\\\") + '"'
)
_OTHER = st.tuples(_TOKEN.filter(lambda x: x.lower() not in {"rel", "anchor"}), _TOKEN | _QUOTED)
_URL = st.from_regex(r"https://p\.example/[A-Za-z0-9/?=&;,.%-]{0,30}", fullmatch=True)


@given(
    links=st.lists(st.tuples(_URL, _TOKEN, st.lists(_OTHER, max_size=3), st.booleans()), max_size=4)
)
def test_what_is_written_by_the_book_is_read_back(
    links: list[tuple[str, str, list[tuple[str, str]], bool]],
) -> None:
    written = []
    for url, relation, others, is_quoted in links:
        rel = f'rel="{relation}"' if is_quoted else f"rel={relation}"
        written.append("; ".join([f"<{url}>", *(f"{k}={v}" for k, v in others), rel]))
    read = parse_links(", ".join(written), BASE)
    assert [(one.url, one.relations) for one in read] == [
        (url, frozenset({relation.lower()})) for url, relation, _, _ in links
    ]


@settings(max_examples=300)
@given(
    st.text(st.characters(max_codepoint=0x2FF), max_size=300) | st.text('<>;=", \\ab', max_size=80)
)
def test_no_header_makes_it_fail(header: str) -> None:
    parse_links(header, BASE)


@pytest.mark.parametrize("piece", ["<", ";", '"', "<a>;", "\\", " ", ',<a>;b="'])
def test_long_headers_are_read_in_no_time(piece: str) -> None:
    parse_links(piece * 60_000, BASE)
