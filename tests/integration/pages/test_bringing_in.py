"""Bringing a map in over HTTP: pasting, what is remembered, and names hidden in many places."""

import html
import io
import re
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment

from tests.integration.pages import work
from tests.support.visiting import Visitor, World

HEADED = "Provision\tMins\tTimes a week\tWeeks\tStaff\tBlob\nLexia\t20\t3\t10\tTA\t2\n"


def _text(answer: Any) -> str:
    return html.unescape(answer.get_data(as_text=True))


def _fields(page: str) -> dict[str, Any]:
    """The hidden fields and chosen columns of a preview, as a browser would send them."""
    sent: dict[str, Any] = {}
    for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page):
        if name not in ("csrf_token", "revision"):
            sent.setdefault(name, []).append(value)
    for name, inside in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        found = re.search(r'value="([^"]+)" selected', inside)
        sent[name] = found.group(1) if found else "ignore"
    return sent


def _preview(visitor: Visitor, pasted: str) -> str:
    visitor.get("audit/map/bring-in")
    answer = visitor.post("audit/map/bring-in", {"pasted": pasted})
    assert answer.status_code == 200, _text(answer)
    return _text(answer)


def _stored(world: World) -> bytes:
    paths = world.settings.instance_dir.glob("lti_tool.sqlite*")
    return b"".join(path.read_bytes() for path in paths)


def test_rows_are_pasted_corrected_kept_and_remembered(world: World) -> None:
    visitor = world.let_in("5", "participant")
    page = _preview(visitor, HEADED)
    assert "the rows you pasted" in page and "Blob" in page
    sent = {**_fields(page), "column|0|5": "groups", "act": "again"}
    page = _text(visitor.post("audit/map/bring-in", sent))
    assert 'value="groups" selected' in page
    kept = visitor.post("audit/map/bring-in", {**_fields(page), "act": "keep"})
    assert kept.status_code == 303, _text(kept)
    assert "Lexia" in _text(visitor.get("audit/map"))
    page = _preview(visitor, HEADED)
    assert "what you told us last time for Blob" in page
    page = _text(visitor.get("audit/map/bring-in"))
    assert "blob: Groups" in page
    answer = visitor.post("audit/map/bring-in/forget", {"column": "blob"})
    assert answer.status_code == 303
    assert "last time" not in _preview(visitor, HEADED)


def test_what_was_told_can_be_forgotten_in_the_preview(world: World) -> None:
    visitor = world.let_in("5", "participant")
    page = _preview(visitor, HEADED)
    sent = {**_fields(page), "column|0|5": "groups", "act": "keep"}
    assert visitor.post("audit/map/bring-in", sent).status_code == 303
    page = _preview(visitor, HEADED)
    answer = visitor.post("audit/map/bring-in", {**_fields(page), "act": "forget"})
    page = _text(answer)
    assert answer.status_code == 200 and "last time" not in page
    assert visitor.post("audit/map/bring-in", {**_fields(page), "act": "keep"}).status_code == 303


def test_not_a_child_is_said_once_and_can_be_taken_back(world: World) -> None:
    visitor = world.let_in("5", "participant")
    text = "Provision\tMins\tWeeks\tStaff\nOliver Club\t20\t10\tTA\n"
    page = _preview(visitor, text)
    keys = re.findall(r'type="checkbox" name="cleared"[^>]*value="(\w+)"', page)
    assert len(keys) == 1
    sent = {**_fields(page), "cleared": keys[0], "act": "keep"}
    assert visitor.post("audit/map/bring-in", sent).status_code == 303
    assert "Oliver Club" in _text(visitor.get("audit/map"))
    assert 'name="cleared"' not in _preview(visitor, text)
    page = _text(visitor.get("audit/map/bring-in"))
    assert "Oliver Club" in page
    visitor.post("audit/map/bring-in/forget", {"word": "Oliver Club"})
    assert 'name="cleared"' in _preview(visitor, text)


def test_nothing_chosen_and_nothing_pasted_gets_a_sentence(world: World) -> None:
    visitor = world.let_in("5", "participant")
    answer = visitor.post("audit/map/bring-in", {"pasted": "  "})
    assert answer.status_code == 422 and "or paste its rows" in _text(answer)
    again = visitor.post("audit/map/bring-in", {"pasted": "x" * 1_000_001})
    assert again.status_code in (413, 422)


def test_the_template_can_be_downloaded(world: World) -> None:
    visitor = world.let_in("5", "participant")
    answer = visitor.get("audit/map/template.xlsx")
    assert answer.status_code == 200 and answer.data.startswith(b"PK")
    assert "provision-map-template.xlsx" in answer.headers["Content-Disposition"]
    assert "template.xlsx" in _text(visitor.get("audit/map/bring-in"))


HIDDEN = {
    "Provision": "Reading with Amelia",
    "Area of need": "C&L (for Oliver)",
    "Tier": "Wave 2, Isla",
    "Target group": "Y4 and Y5, with Noah",
    "Start date": "when Freya came",
    "Weeks": "12 for Leo",
    "Sessions per week": "3, Ivy only",
    "Minutes per session": "20 Theo",
    "Group size": "4 with Arthur",
    "Number of pupils": "Muhammad and 3",
    "Staff": "TA with Elsie",
    "Hourly rate": "ask Harriet Jones",
    "Other cost": "book for Luca",
    "Aim": "Thulani struggles with blending",
    "Evidence base": "It helped a boy called Zephyrin (EEF, 2021)",
    "Delivered as planned": "less for Mia",
    "Measure": "Salford of Zara",
    "Entry score": "84 Hugo",
    "Exit score": "91 J.S.",
    "Pupils measured": "5 and Nina",
    "Met target": "Reuben",
    "Pupil view": "Xanthe enjoys it",
    "Parent view": "Mrs Okonkwo is glad",
    "Impact rating": "Good for Felix",
    "Decision": "Stop for Erin",
    "Review date": "ask Poppy Nwosu",
    "Notes": "born 03/05/2016, UPN A123456789012, ring 07700 900123, a.sylvester@home.org",
    "Ottilie Marsh": "x",
}
ELSEWHERE = ("Saoirse", "Bilal", "Ngozi", "Andrei", "Rosalind", "Tariq", "Yusuf", "Chidi")
NAMES = (
    *("Amelia", "Oliver", "Isla", "Noah", "Freya", "Leo", "Ivy", "Theo", "Arthur", "Muhammad"),
    *("Elsie", "Harriet", "Luca", "Thulani", "Zephyrin", "Mia", "Zara", "Hugo", "J.S.", "Nina"),
    *("Reuben", "Xanthe", "Okonkwo", "Felix", "Erin", "Nwosu", "A123456789012", "07700"),
    *("sylvester", "03/05/2016", "Ottilie", "Marsh", *ELSEWHERE),
)


def _full_of_names() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Map for Rosalind"
    sheet.append(["Provision map of Tariq Aziz"])
    sheet.append(list(HIDDEN))
    sheet.append(["Toe by Toe", *list(HIDDEN.values())[1:]])
    sheet.append([HIDDEN["Provision"], "C&L"])
    sheet.append(["1:1 reading for Yusuf", "C&L"])
    sheet["A3"].comment = Comment("Saoirse needs this", "Bilal")
    sheet.append(["Lexia", "C&L", "Wave 2", "Ngozi Bell and Andrei Pop"])
    sheet.merge_cells("D6:E6")
    for year in ("Y1", "Y2", "Y3"):
        sheet.append(["Numicon", "C&L", "Wave 2", year])
    hidden = book.create_sheet("Lists")
    hidden.append(["Provision", "Weeks", "Staff", "Notes"])
    hidden.append(["Nessy", 3, "TA", "Chidi again"])
    hidden.sheet_state = "hidden"
    book.properties.creator = "Bilal"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_names_hidden_in_more_than_twenty_places_are_stored_nowhere(world: World) -> None:
    visitor = world.let_in("5", "participant")
    visitor.get("audit/map/bring-in")
    answer = visitor.post(
        "audit/map/bring-in",
        {"file": (io.BytesIO(_full_of_names()), "Saoirse and Bilal.xlsx")},
        content_type="multipart/form-data",
    )
    page = _text(answer)
    visible = re.sub(r'name="file_(?:data|name)" value="[^"]*"', "", page)
    visible = visible.replace("Saoirse and Bilal.xlsx", "")
    assert [name for name in NAMES if re.search(rf"\b{re.escape(name)}", visible)] == []
    sent = {**_fields(page), "act": "keep"}
    assert visitor.post("audit/map/bring-in", sent).status_code == 303
    shown = _text(visitor.get("audit/map"))
    assert "Toe by Toe" in shown and "Nessy" in shown
    stored = _stored(world)
    assert [name for name in NAMES if re.search(rb"\b" + re.escape(name.encode()), stored)] == []


@pytest.mark.parametrize("field", ["name", "target_group", "measure", "notes"])
def test_a_name_typed_into_the_form_of_a_row_is_not_kept(world: World, field: str) -> None:
    visitor = world.let_in("5", "participant")
    visitor.get("audit/map/rows/new")
    typed = {"name": "Lexia", field: "Lexia for Oliver Smith"}
    answer = visitor.post("audit/map/rows/new", typed)
    assert answer.status_code == 422
    assert b"Oliver" not in _stored(world)


def test_pasted_names_are_stored_nowhere(world: World) -> None:
    visitor = world.let_in("5", "participant")
    page = _preview(visitor, "Lexia\tC&L\tW2\tOliver Smith\nNessy\tC&L\tW2\tY4\n")
    assert visitor.post("audit/map/bring-in", {**_fields(page), "act": "keep"}).status_code == 303
    assert "Nessy" in _text(visitor.get("audit/map"))
    assert b"Oliver" not in _stored(world)


def test_a_file_fits_the_short_way_of_other_tests(world: World) -> None:
    visitor = world.let_in("5", "participant")
    work.bring_in(visitor)
