"""What a participant sees first is small, and stands there without any script."""

import re
from io import BytesIO

import pytest

from lti_tool.activities.provision_map_audit import word_counts
from lti_tool.activities.provision_map_audit.rows import ProvisionRow
from tests.integration.pages import work
from tests.support.visiting import Visitor, World, words_of
from tests.unit.provision_map_audit.test_commentary import make_docx

MOST_BYTES = 60_000
_FILES = re.compile(r'(?:href|src)="(/assets/[^"]+)"')
_SCRIPTS = re.compile(r"<script\b[^>]*>")
_NEVER_SHORTER = 300
"""Bytes of headers, at least, of each answer."""


@pytest.mark.parametrize("activity", ["provision-map-audit", "placement-log", "quality-standards"])
def test_a_first_page_is_under_60_kb_over_the_wire(world: World, activity: str) -> None:
    visitor = world.let_in(
        "5",
        "participant",
        custom={"activity": activity},
        resource_link_id=activity,
        resource_link_title=activity,
    )
    answer = visitor.get("")
    while answer.status_code == 303:
        answer = visitor.get(answer.headers["Location"].removeprefix(visitor.url("")))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200 and "<h1>" in page and '<div class="content">' in page
    for script in _SCRIPTS.findall(page):
        assert 'type="module"' in script or " defer" in script, f"holds the page up: {script}"
    files = set(_FILES.findall(page))
    assert any(name.endswith(".css") for name in files)
    sizes = {"page": len(answer.data) + _NEVER_SHORTER}
    for name in files:
        got = world.app.test_client().get(
            name, base_url="https://tool.example", headers={"Accept-Encoding": "gzip, br"}
        )
        assert got.status_code == 200 and got.headers["Content-Encoding"] == "gzip"
        assert "immutable" in got.headers["Cache-Control"]
        sizes[name] = len(got.data) + _NEVER_SHORTER
    assert sum(sizes.values()) < MOST_BYTES, sizes


def test_the_first_page_reads_no_rows_and_counts_each_text_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A finished audit has hundreds of rows and thousands of words; to go through them again for
    every sentence of the page took five times as long as all the rest of a launch's page."""
    author = world.let_in("5", "participant")
    work.bring_in(author)
    text = "Pupils read better after ten weeks, and it costs less. " * 3
    answers = {"evidence-context": text, "evidence-fit": f"Once more. {text}"}
    author.get("audit/writing")
    assert author.post("audit/writing", answers).status_code == 303
    counted: list[str] = []
    count = word_counts.count_words

    def counting(text: str) -> int:
        counted.append(text)
        return count(text)

    def unwanted(stored: object) -> ProvisionRow:
        raise AssertionError("a row was read")

    monkeypatch.setattr(word_counts, "count_words", counting)
    monkeypatch.setattr(ProvisionRow, "from_dict", unwanted)
    page = author.get("audit/")
    assert page.status_code == 200 and "parts done" in page.get_data(as_text=True)
    assert sorted(one for one in counted if one) == sorted(map(str.strip, answers.values()))


def test_the_first_page_says_what_counts_as_a_part(world: World) -> None:
    author = world.let_in("5", "participant")
    work.bring_in(author)
    said = words_of(author.get("audit/").get_data(as_text=True))
    assert "1 of 12 parts done. The parts are your map, the 10 written parts and your" in said


def test_each_step_says_how_far_it_is(world: World) -> None:
    author = world.let_in("5", "participant")
    work.bring_in(author)
    assert _steps(author) == {
        "Your school": "Not given yet",
        "Your map": "Done: 4 rows",
        "Figures": "Worked out from your map",
        "Written parts": "0 of 10 written",
        "Action plan": "No actions yet",
        "Hand in": "Not handed in yet",
    }
    text = "Pupils read better after ten weeks, and it costs less than what we did before. " * 3
    author.get("audit/writing")
    assert author.post("audit/writing", {"evidence-context": text}).status_code == 303
    assert _steps(author)["Written parts"] == "1 of 10 written"
    files = {"file": (BytesIO(make_docx()), "essay.docx")}
    author.get("audit/writing/commentary")
    assert author.post("audit/writing/commentary", files).status_code == 303
    assert _steps(author)["Written parts"] == "Done: brought in from Word"


def _steps(visitor: Visitor) -> dict[str, str]:
    """What the first page says of each step."""
    listed = visitor.get("audit/").get_data(as_text=True).partition('class="task-list"')[2]
    listed = re.sub(r"<svg.*?</svg>", "", listed.partition("</ol>")[0], flags=re.DOTALL)
    pairs = re.findall(r"<a [^>]*>(.*?)</a>\s*<span class=\"task-said\">(.*)</span>", listed)
    return {name: re.sub(r"<[^>]*>", "", said).strip() for name, said in pairs}
