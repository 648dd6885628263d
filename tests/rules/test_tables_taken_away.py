"""Every table that a programme leader sees can be taken away as Excel or CSV."""

import re
from pathlib import Path

import pytest

import lti_tool

PACKAGE = Path(lti_tool.__file__).parent
FOLDERS = (
    "programme/cohorts/templates",
    "programme/home/templates",
    "programme/outcomes/templates",
    "programme/templates",
    "activities/quality_standards/templates",
)
PAGES = [path for folder in FOLDERS for path in sorted((PACKAGE / folder).rglob("*.html"))]
PAGES.append(PACKAGE / "activities/placement_log/templates/placement_log/cohort.html")
_TABLE = re.compile(r"<table\b|\bui\.data_table\(")
PREVIEWS = {
    "programme/file.html": "it shows the leader’s own file before it is kept",
}
"""Pages whose table is nothing that the tool holds, and why."""
TOGETHER = {"home/home.html"}
"""Pages with one file for all of their tables."""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.name}")
def test_beside_each_table_stands_how_to_take_it(page: Path) -> None:
    text = page.read_text("utf-8")
    tables = len(_TABLE.findall(text))
    if f"{page.parent.name}/{page.name}" in PREVIEWS:
        assert tables, "strike it from the list of previews: it has no table"
        return
    files = text.count("ui.take_away(")
    assert files >= (1 if f"{page.parent.name}/{page.name}" in TOGETHER else tables)
