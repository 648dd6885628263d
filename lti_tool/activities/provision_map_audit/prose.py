"""Long writing: a small part of Markdown, kept as typed, shown as headings, lists and italics.

What was typed before there was markup means the same. Nothing here lets HTML through: markdown-it
writes only its own tags and nh3 looks at them once more. Word's pasted pages come in through
`pasted.py`, uploaded documents through `commentary.py`; both are shown by the functions here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup

TAGS = frozenset(
    (
        *("p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "hr", "sup", "sub"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
    )
)
_ATTRIBUTES = {"ol": {"start"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
_NOT_OURS = ("code", "fence", "backticks", "reference", "lheading", "entity", "autolink", "image")
_HEADING = re.compile(r"<(/?)h([1-6])>")
_NUMBER_OF_LIST = re.compile(r"^[ \t>]*\d{1,9}[.)](?=[ \t])", re.MULTILINE)


class _Renderer(RendererHTML):
    """Writes a link as its words and its address: there is nothing to press in an essay."""

    def link_open(
        self,
        tokens: list[Token],
        at: int,
        options: Mapping[str, Any],
        env: MutableMapping[str, Any],
    ) -> str:
        """Nothing before the words of a link."""
        return ""

    def link_close(
        self,
        tokens: list[Token],
        at: int,
        options: Mapping[str, Any],
        env: MutableMapping[str, Any],
    ) -> str:
        """The address after the words, unless they are the same."""
        opened = next(one for one in reversed(tokens[:at]) if one.type == "link_open")
        words = "".join(one.content for one in tokens[tokens.index(opened) : at])
        address = str(opened.attrGet("href") or "")
        known = {words, f"http://{words}", f"https://{words}", f"mailto:{words}"}
        return "" if not address or address in known else Markup(" ({})").format(address)


def _reader() -> MarkdownIt:
    reader = MarkdownIt(
        "commonmark", {"html": False, "breaks": True, "maxNesting": 20}, renderer_cls=_Renderer
    )
    return reader.disable(list(_NOT_OURS))


_READER = _reader()


def clean_html(html: str) -> str:
    """HTML with nothing but harmless tags of text, and no address to go to."""
    return nh3.clean(html, tags=set(TAGS), attributes=_ATTRIBUTES, link_rel=None)


def under(html: str, top_level: int) -> Markup:
    """Clean HTML whose headings begin at `top_level` and never skip a level on the way down."""
    ranks = {level: rank for rank, level in enumerate(sorted(set(_HEADING.findall(html))))}
    levels = sorted({level for _, level in ranks})
    before = [-1]

    def move(found: re.Match[str]) -> str:
        if not found[1]:
            before[0] = min(levels.index(found[2]), before[0] + 1)
        return f"<{found[1]}h{min(top_level + before[0], 6)}>"

    return Markup(_HEADING.sub(move, html))


def to_html(text: str, top_level: int = 4) -> Markup:
    """Light markup as HTML that is safe to show.

    :param top_level: the level that the highest heading of the text gets, 2 to 6.
    """
    return under(clean_html(_READER.render(text)), top_level)


def count_words(text: str) -> int:
    """How many words a text has, markup not counted: runs between gaps that hold a letter or a
    digit. `web/static/writing.js` counts in the same way.
    """
    plain = _NUMBER_OF_LIST.sub(" ", text).replace("\ufeff", " ")
    return sum(1 for run in plain.split() if run.isalnum() or any(map(str.isalnum, run)))


def text_of(html: str) -> str:
    """The bare text of clean HTML, block by block on a line: for counting and looking for names."""
    spaced = re.sub(r"</(?:p|li|h[1-6]|td|th|tr|blockquote)>|<br\s*/?>|<hr\s*/?>", "\n", html)
    bare = nh3.clean(spaced, tags=set(), attributes={})
    return Markup(bare).unescape().strip()


def references_of(text: str) -> list[str]:
    """The works cited, one a line; empty lines are none."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def in_order(references: list[str]) -> list[str]:
    """Works cited from A to Z, whatever marks stand before the first letter."""
    return sorted(references, key=lambda line: re.sub(r"^\W+", "", line).casefold())
