"""What is pasted from Word or a web page, as the light markup that is kept.

Word puts its own clutter on the clipboard: conditional comments, mso styles, smart tags, lists
that are paragraphs with a bullet typed before them. nh3 throws away what is not text;
markdownify, taught Word's lists and Google's bold spans, writes the markup. The result is never
shown as HTML.
"""

from __future__ import annotations

import re
from typing import Any

import nh3
from markdownify import ATX, MarkdownConverter

from lti_tool.activities.provision_map_audit.prose import TAGS
from lti_tool.core.errors import Unusable

LARGEST = 1_000_000
"""Characters of HTML that are looked at; Word needs about fifty for one of text."""
_TAGS = set(TAGS) | {"a", "b", "i", "span", "div", "u"}
_ATTRIBUTES = {
    "a": {"href"},
    "p": {"class", "style"},
    "span": {"style"},
    "b": {"style"},
    "ol": {"start"},
}
_DROPPED = {"script", "style", "title", "xml", "head", "svg", "math", "template", "noscript"}
_MARKER = re.compile(r"mso-list:\s*ignore", re.IGNORECASE)
_LEVEL = re.compile(r"mso-list:[^;]{0,80}?\blevel(\d)", re.IGNORECASE)
_FRAGMENT = re.compile(r"<!--\s*StartFragment\s*-->(.*)<!--\s*EndFragment\s*-->", re.DOTALL)


_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]*)")
_DEEPEST = 100
_MOST_TAGS = 20_000
_CLOSED_BY_OTHERS = frozenset(
    (
        *("p", "li", "td", "th", "tr", "thead", "tbody", "dt", "dd", "o:p"),
        *("br", "img", "hr", "meta", "link", "input", "col", "wbr"),
    )
)
"""Tags that pages leave open: they do not lie in one another by themselves."""


def _is_too_much(html: str) -> bool:
    """Whether there are more tags, or deeper ones, than text ever has: reading takes minutes."""
    depth, tags = 0, _TAG.findall(html)
    if len(tags) > _MOST_TAGS:
        return True
    for closing, name in tags:
        if name.lower() not in _CLOSED_BY_OTHERS:
            depth = max(depth - 1, 0) if closing else depth + 1
            if depth > _DEEPEST:
                return True
    return False


def _style(element: Any) -> str:
    return str(element.get("style") or "")


_Base: Any = MarkdownConverter


class _Converter(_Base):  # type: ignore[misc]
    """markdownify with Word's and Google's ways of saying list, title, bold and italic."""

    def convert_p(self, el: Any, text: str, parent_tags: set[str]) -> str:
        """A paragraph; Word's list items and titles are paragraphs by name."""
        kind = " ".join(el.get("class") or [])
        if "MsoListParagraph" in kind or _LEVEL.search(_style(el)):
            level = _LEVEL.search(_style(el))
            depth = int(level[1]) - 1 if level else 0
            marker = el.find(style=_MARKER)
            counted = marker is not None and re.match(r"\W*[\da-z]{1,3}[.)]", marker.get_text())
            bullet = "1." if counted else "-"
            return f"\n\n{'   ' * depth}{bullet} {text.strip()}\n\n"
        if text.strip() and re.search(r"\bMso(?:Sub)?[tT]itle\b", kind):
            return f"\n\n# {text.strip()}\n\n"
        return str(super().convert_p(el, text, parent_tags))

    def convert_span(self, el: Any, text: str, parent_tags: set[str]) -> str:
        """A span is its text; a bullet that Word typed is nothing."""
        style = _style(el)
        if _MARKER.search(style):
            return ""
        if re.search(r"(?<![\w-])font-style:\s*italic", style):
            return str(self.convert_em(el, text, parent_tags))
        if re.search(r"(?<![\w-])font-weight:\s*(?:bold|[6-9]00)", style):
            return str(self.convert_b(el, text, parent_tags))
        return text

    def convert_b(self, el: Any, text: str, parent_tags: set[str]) -> str:
        """Bold; Google wraps whole documents into a bold that is none."""
        if el.name == "b" and re.search(r"(?<![\w-])font-weight:\s*(?:normal|[1-4]00)", _style(el)):
            return text
        return str(super().convert_b(el, text, parent_tags))

    def convert_td(self, el: Any, text: str, parent_tags: set[str]) -> str:
        """A cell, with a line between it and the next."""
        return f"{' '.join(text.split())} | "

    convert_th = convert_td

    def convert_tr(self, el: Any, text: str, parent_tags: set[str]) -> str:
        """A row of a table on a line of its own."""
        return text.rstrip(" |") + "\n"

    def convert_table(self, el: Any, text: str, parent_tags: set[str]) -> str:
        """A table as lines; the map and its figures have their own tables."""
        return f"\n\n{text.strip()}\n\n"

    convert_thead = convert_tbody = lambda self, el, text, parent_tags: text


def _tidy(markup: str) -> str:
    lines = [line.rstrip() for line in markup.replace("\u00a0", " ").split("\n")]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
    item = r"[ ]*(?:-|1\.) "
    # Word's list items come as paragraphs; items of one list stand without a gap.
    return re.sub(rf"^({item}[^\n]*)\n\n(?={item})", r"\1\n", text, flags=re.MULTILINE).strip("\n")


def to_markup(html: str) -> str:
    """Pasted HTML as light markup: headings, lists, italics, bold, quotes and addresses are kept.

    :raises Unusable: there is too much of it to look at.
    """
    if len(html) > LARGEST or _is_too_much(html):
        raise Unusable("This is too much to paste at once, so it was pasted as plain text.")
    inside = _FRAGMENT.search(html)
    plain = re.sub(r"<!\[.*?\]>", "", inside[1] if inside else html)
    clean = nh3.clean(
        plain,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        clean_content_tags=_DROPPED,
        link_rel=None,
        url_schemes={"http", "https", "mailto"},
    )
    made = _Converter(
        heading_style=ATX, bullets="-", strip=["u"], autolinks=False, escape_misc=False
    ).convert(clean)
    return _tidy(made)
