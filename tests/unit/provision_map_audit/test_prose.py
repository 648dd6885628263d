"""Long writing: markup shown safely, words counted, pasted Word pages cleaned."""

import re

import pytest

from lti_tool.activities.provision_map_audit.prose import (
    count_words,
    in_order,
    text_of,
    to_html,
    under,
)
from lti_tool.activities.provision_map_audit.written.pasted import LARGEST, to_markup
from lti_tool.core.errors import Unusable

WORD = """<html xmlns:o="urn:office"><head><style>p.MsoNormal {mso-style-unhide:no}</style>
<!--[if gte mso 9]><xml><o:AllowPNG/>HIDDEN JUNK</xml><![endif]--></head><body lang=EN-GB>
<!--StartFragment--><h1 style='mso-x:1'>Findings<o:p></o:p></h1>
<p class=MsoNormal style='margin:0cm'>Some <i style='mso-bidi-font-style:normal'>italic</i> and
<b style='mso-bidi-font-weight:normal'>bold</b> in <st1:City w:st="on">Leeds</st1:City>, see
<a href="https://example.org/a">the guide</a>.<o:p></o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18pt;mso-list:l0 level1 lfo1'>
<![if !supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>·
<span style='font:7pt "Times New Roman"'>&nbsp;&nbsp; </span></span></span><![endif]>First</p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>o
<span>&nbsp;</span></span>Nested</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>1.
<span>&nbsp;</span></span>Numbered</p>
<script>alert(1)</script><p><img src="file:///c:/x.png" onerror="x()">After</p><!--EndFragment-->
</body></html>"""


def test_a_page_of_word_keeps_its_structure_and_loses_its_clutter() -> None:
    markup = to_markup(WORD)
    assert markup.startswith("# Findings\n\nSome *italic* and\n**bold** in Leeds")
    assert "[the guide](https://example.org/a)" in markup
    assert re.search(r"^- First\n +- Nested\n1\. Numbered$", markup, re.MULTILINE), markup
    for junk in ("mso", "o:p", "JUNK", "alert", "<", "·", "onerror", "file:", "Mso"):
        assert junk not in markup, junk
    assert markup.endswith("After")
    html = to_html(markup)
    assert "<h4>Findings</h4>" in html and html.count("<ul>") == 2 and "<ol>" in html


@pytest.mark.parametrize(
    ("html", "markup"),
    [
        (
            '<b style="font-weight:normal" id="docs-internal-guid-1"><p><span '
            'style="font-weight:700">Bold</span> <span style="font-style:italic">it</span></p></b>',
            "**Bold** *it*",
        ),
        ("<ul><li>a<ul><li>b</li></ul></li></ul>", "- a\n  - b"),
        ("<blockquote><p>q</p></blockquote>", "> q"),
        (
            "<table><tr><td>a</td><td>b</td></tr><tr><td>1</td><td>2</td></tr></table>",
            "a | b\n1 | 2",
        ),
        ('<a href="javascript:alert(1)">x</a>', "x"),
        ("<p class=MsoTitle>My audit</p>", "# My audit"),
        ("", ""),
    ],
)
def test_pasted(html: str, markup: str) -> None:
    assert to_markup(html) == markup


@pytest.mark.parametrize("html", ["x" * (LARGEST + 1), "<div>" * 100_000, "<b>" * 101])
def test_too_much_to_paste_is_refused_with_a_sentence(html: str) -> None:
    with pytest.raises(Unusable, match="plain text"):
        to_markup(html)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# A\n\n### C\n\n## B", "<h4>A</h4>\n<h5>C</h5>\n<h5>B</h5>\n"),
        ("*a* **b** > c", "<p><em>a</em> <strong>b</strong> &gt; c</p>\n"),
        ("one\ntwo", "<p>one<br>\ntwo</p>\n"),
        (
            "<script>x</script><b onclick=x>",
            "<p>&lt;script&gt;x&lt;/script&gt;&lt;b onclick=x&gt;</p>\n",
        ),
        ("[see](https://a.b)", "<p>see (https://a.b)</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("![i](https://a.b/c.png)", "<p>!i (https://a.b/c.png)</p>\n"),
        ("Old text\n---", "<p>Old text</p>\n<hr>\n"),
        ("    indented & &amp;", "<p>indented &amp; &amp;amp;</p>\n"),
        ("[a]: https://x.y", "<p>[a]: https://x.y</p>\n"),
        ("", ""),
    ],
)
def test_shown(text: str, html: str) -> None:
    assert to_html(text) == html


def test_headings_never_go_below_the_sixth_nor_skip_a_level() -> None:
    shown = under("<h2>a</h2><h5>b</h5><h6>c</h6><h3>d</h3>", 5)
    assert re.findall(r"<h(\d)>", shown) == ["5", "6", "6", "6"]
    assert re.findall(r"<h(\d)>", under("<h3>a</h3><h1>b</h1><h3>c</h3>", 3)) == ["3", "3", "4"]


COUNTED = [
    ("", 0),
    ("one two", 2),
    ("1. one\n2) two\n- three\n> four", 4),
    ("**bold** — *it* … (2020)", 3),
    ("[see the guide](https://x.y/a b)", 4),
    ("don’t co-ordinate 7.5 £12", 4),
    ("# A heading\n\u00a0next\u2003gap", 4),
    ("12. is a number at the start", 6),
    ("naïve Ångström 漢字 ½", 4),
]
"""Texts with their words; the journey of the writing page counts the same ones in the browser."""


@pytest.mark.parametrize(("text", "words"), COUNTED)
def test_words(text: str, words: int) -> None:
    assert count_words(text) == words


def test_the_bare_text_of_html_keeps_words_apart() -> None:
    assert text_of("<p>Jack</p><p>Carter &amp; co</p><ul><li>a<br>b</li></ul>").split() == [
        *("Jack", "Carter", "&", "co", "a", "b"),
    ]


def test_references_from_a_to_z() -> None:
    assert in_order(["zeta", "‘Beta’", "alpha"]) == ["alpha", "‘Beta’", "zeta"]
