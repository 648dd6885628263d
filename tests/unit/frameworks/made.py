"""Frameworks made up for tests: strategies for Hypothesis, and tables as files."""

import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import docx
from hypothesis import strategies as st

from lti_tool.frameworks.checking import in_reading_order
from lti_tool.frameworks.framework import AREA, FACT, RECONSTRUCTION, Framework, Item
from lti_tool.frameworks.shipped import load_frameworks

CONFIG = Path(__file__).parents[3] / "config"
STANDARDS = load_frameworks(CONFIG)["quality-standards"]
AWARD = load_frameworks(CONFIG)["outcomes-2014"]

_LETTERS = st.characters(
    codec="utf-8", categories=("L", "N", "P", "S", "Zs"), exclude_characters="\u2028\u2029\u00a0"
)


def _is_fit(text: str) -> bool:
    return bool(text) and text == text.strip() and not text.startswith(("=", "+", "-", "@"))


texts = st.text(_LETTERS, min_size=1, max_size=20).map(str.strip).filter(_is_fit)
"""One line of words that no spreadsheet takes for a formula."""
# A point may not begin like a bullet, which a reader takes off.
points = texts.filter(lambda text: text[0].isalnum())
ids = st.from_regex(r"[A-Z][0-9]{0,2}(\.[0-9]{1,2})?", fullmatch=True)


@st.composite
def item_lists(draw: st.DrawFn) -> tuple[Item, ...]:
    """Items in reading order: some at the top, some in areas, some areas within areas."""
    names = draw(st.lists(ids, min_size=1, max_size=8, unique=True))
    areas: list[str] = [""]
    found: list[Item] = []
    for number, name in enumerate(names):
        is_area = number + 1 < len(names) and draw(st.integers(0, 3)) == 0
        depth = {one.id: one.parent for one in found}
        parent = draw(st.sampled_from(areas))
        if is_area and len(_above(parent, depth)) < 3:
            found.append(Item(name, draw(texts), parent, AREA))
            areas.append(name)
        else:
            found.append(_item(draw, name, parent))
    return in_reading_order(found)


def _above(name: str, parents: dict[str, str]) -> list[str]:
    found = []
    while name:
        found.append(name)
        name = parents[name]
    return found


def _item(draw: st.DrawFn, name: str, parent: str) -> Item:
    kinds = st.sampled_from([one.id for one in STANDARDS.evidence_kinds])
    return Item(
        name,
        draw(texts),
        parent,
        label=draw(st.one_of(st.just(""), texts.map(lambda text: text[:20].strip()))),
        points=tuple(draw(st.lists(points, max_size=3))),
        core=draw(st.booleans()),
        evidence=tuple(draw(st.lists(kinds, max_size=3, unique=True))),
        auto=draw(st.booleans()),
        status=draw(st.sampled_from(["", FACT, RECONSTRUCTION])),
        source=draw(st.one_of(st.just(""), texts)),
    )


frameworks = st.builds(
    lambda items, title, is_official: replace(
        STANDARDS, items=items, title=title, is_official_text=is_official
    ),
    item_lists(),
    texts,
    st.booleans(),
)
"""Quality standards with the shipped scale and items of their own."""


def framework_with(*items: Item) -> Framework:
    """The outcomes of 2014 with other items."""
    return replace(AWARD, items=items)


def word_file(*tables: Sequence[Sequence[str]]) -> bytes:
    """A Word document with these tables, and words around them."""
    document = docx.Document()
    document.add_heading("National outcomes", 1)
    for rows in tables:
        made = document.add_table(rows=0, cols=max(map(len, rows)))
        for row in rows:
            cells = made.add_row().cells
            for place, text in enumerate(row):
                cells[place].text = text
            if len(row) == 1:
                cells[0].merge(cells[-1])
        document.add_paragraph("Between.")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
