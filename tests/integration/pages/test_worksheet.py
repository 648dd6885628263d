"""A queue taken away and brought back: documents, the worksheet, the preview, what is refused."""

import io
import re
import zipfile
from typing import Any

import docx
import openpyxl
import pytest
from sqlalchemy import func, select

from lti_tool.audit.models import AuditEntry
from lti_tool.marking.models import Judgement
from tests.integration.pages import work
from tests.integration.pages.test_desk import author, codes, set_up
from tests.support.visiting import Visitor, World


def _text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def _take(tutor: Visitor, query: str = "") -> zipfile.ZipFile:
    tutor.get("marking/")
    answer = tutor.post(f"worksheet/1/take-away{query}")
    assert answer.status_code == 200 and answer.mimetype == "application/zip", _text(answer)
    return zipfile.ZipFile(io.BytesIO(answer.data))


def _fill(archive: zipfile.ZipFile, rows: dict[int, dict[str, Any]]) -> bytes:
    """The worksheet with cells filled in, by row from 0 and column key."""
    book = openpyxl.load_workbook(io.BytesIO(archive.read("marking-worksheet.xlsx")))
    sheet = book.active
    keys = {cell.value: cell.column for cell in sheet[1]}
    for row, cells in rows.items():
        for key, value in cells.items():
            sheet.cell(row + 3, keys[key]).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _read(tutor: Visitor, data: bytes) -> Any:
    tutor.get("worksheet/1")
    return tutor.post(
        "worksheet/1",
        {"file": (io.BytesIO(data), "marks.xlsx")},
        content_type="multipart/form-data",
    )


def _keep(tutor: Visitor, page: str) -> Any:
    data = re.search(r'name="file_data" value="([^"]+)"', page)
    assert data is not None
    return tutor.post("worksheet/1", {"act": "keep", "file_data": data[1]})


def _marks(value: Any) -> dict[str, Any]:
    return {f"mark_{one}": value for one in work.CRITERIA}


def _count(world: World) -> int:
    with world.database.read() as session:
        return session.scalar(select(func.count()).select_from(Judgement)) or 0


def test_a_queue_goes_away_and_comes_back(world: World) -> None:
    author(world, "5", name="Amara Okafor"), author(world, "6", name="Ben Whitlock")
    tutor = world.let_in("3", "tutor")
    first, second = codes(_text(tutor.get("marking/")))
    archive = _take(tutor)
    assert set(archive.namelist()) == {"marking-worksheet.xlsx", f"{first}.docx", f"{second}.docx"}
    paper = docx.Document(io.BytesIO(archive.read(f"{first}.docx")))
    headings = [one.text for one in paper.paragraphs if one.style.name.startswith("Heading")]
    assert "Written parts" in headings and "Action plan" in headings and paper.tables
    sheet = openpyxl.load_workbook(io.BytesIO(archive.read("marking-worksheet.xlsx"))).active
    assert [sheet.cell(row, 1).value for row in (3, 4)] == [first, second]
    assert sheet.row_dimensions[1].hidden and sheet.data_validations.dataValidation

    filled = {**_marks(62), "comment_impact": "=1+1", "feedback": "Clear.\nWell argued."}
    page = _text(_read(tutor, _fill(archive, {0: filled})))
    assert "1 would change, 1 would not, 0 cannot be taken" in page
    assert "Well argued." in page and _count(world) == 0, "a preview saves nothing"
    assert _keep(tutor, page).status_code == 303 and _count(world) == 1
    shown = _text(tutor.get(f"marking/1/{first}"))
    assert "62 out of 100" in shown and "Clear.\nWell argued." in shown.replace("\r\n", "\n")
    with world.database.read() as session:
        acts = list(session.scalars(select(AuditEntry.act)))
    assert "work taken away" in acts and "mark saved" in acts
    again = _keep(tutor, page)
    assert again.status_code == 409 and "Nothing was saved" in _text(again) and _count(world) == 1


def test_what_cannot_be_taken_says_why_and_the_rest_is_saved(world: World) -> None:
    for sub in ("5", "6", "7", "8"):
        author(world, sub)
    tutor = world.let_in("3", "tutor")
    _, second, third, _ = codes(_text(tutor.get("marking/")))
    archive = _take(tutor)
    tutor.get(f"marking/1/{second}")
    since = {**work.marks(*["70"] * 6), "number": "0", "feedback": "Saved since."}
    assert tutor.post(f"marking/1/{second}", since).status_code == 303
    data = _fill(
        archive,
        {
            0: {**_marks(55), "mark_impact": 101},
            1: {**_marks(60), "feedback": "From the train."},
            2: _marks(58),
            3: {"code": "NOSUCH", "mark_impact": 50.5},
            4: {"code": third, "mark_impact": 40},
        },
    )
    page = _text(_read(tutor, data))
    assert "1 would change, 0 would not, 4 cannot be taken" in page
    assert "Enter a mark from 0 to 100" in page and "no work under this code" in page
    assert "version 1 was saved" in page and "Saved since." in page and "From the train." in page
    assert "earlier row" in page
    assert _keep(tutor, page).status_code == 303
    assert "Saved since." in _text(tutor.get(f"marking/1/{second}"))
    assert _count(world) == 2


def test_without_names_none_goes_away(world: World) -> None:
    author(world, "5", name="Amara Okafor")
    set_up(world, is_anonymous=True)
    tutor = world.let_in("3", "tutor")
    archive = _take(tutor, "?show=to-mark")
    for name in archive.namelist():
        inner = zipfile.ZipFile(io.BytesIO(archive.read(name)))
        assert not any(b"Amara" in inner.read(part) for part in inner.namelist()), name


def test_bands_and_answers_come_back_in_words(world: World) -> None:
    author(world, "5")
    set_up(world, rubric_key="provision-map-audit-bands")
    tutor = world.let_in("3", "tutor")
    page = _text(_read(tutor, _fill(_take(tutor), {0: _marks("high merit")})))
    assert "1 would change" in page and "High merit" in page
    assert _keep(tutor, page).status_code == 303
    assert "67 out of 100" in _text(tutor.get(work.desk_of(tutor)))
    page = _text(_read(tutor, _fill(_take(tutor), {0: {"mark_impact": "splendid"}})))
    assert "Choose one of the answers" in page
    set_up(world, rules_key="pass-or-fail", rules_version=0)
    page = _text(_read(tutor, _fill(_take(tutor), {0: {"judgement": "Not yet"}})))
    assert _keep(tutor, page).status_code == 303
    assert "<strong>Not yet</strong>" in _text(tutor.get(work.desk_of(tutor)))


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (20 * 1024 * 1024))
    return out.getvalue()


def _entities(good: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                doctype = b'<!DOCTYPE worksheet [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
                content = content.replace(b"<worksheet", doctype + b"<worksheet", 1)
                assert b"<t>code</t>" in content
                content = content.replace(b"<t>code</t>", b"<t>&x;</t>", 1)
            new.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    "kind", ["nothing", "text", "bomb", "empty book", "entities", "large", "cut short", "another"]
)
def test_a_file_that_is_no_worksheet_gets_a_sentence(world: World, kind: str) -> None:
    author(world, "5")
    tutor = world.let_in("3", "tutor")
    good = _fill(_take(tutor), {0: _marks(60)})
    book = openpyxl.Workbook()
    empty = io.BytesIO()
    book.save(empty)
    data = {
        "nothing": b"",
        "text": b"code,number\n",
        "bomb": _bomb(),
        "empty book": empty.getvalue(),
        "entities": _entities(good),
        "large": b"PK" + b"0" * (3 * 1024 * 1024),
        "cut short": good[: len(good) // 2],
        "another": good,
    }[kind]
    if kind == "another":
        set_up(world, rules_key="pass-or-fail", rules_version=0)
    answer = _read(tutor, data)
    page = _text(answer)
    assert answer.status_code == 422 and 'id="file-error"' in page, page[-3000:]
    assert "root:" not in page and _count(world) == 0


def test_another_courses_tutor_and_a_participant_take_nothing(world: World) -> None:
    visitor = author(world, "5")
    other = world.let_in("9", "tutor", context_id="77", resource_link_id="9")
    other.get("marking/")
    for what in ("take-away", "print"):
        assert other.post(f"worksheet/1/{what}").status_code == 404
    assert other.get("worksheet/1").status_code == 404
    visitor.get("audit/receipt")
    for what in ("take-away", "print"):
        assert visitor.post(f"worksheet/1/{what}").status_code == 403


def test_a_queue_goes_on_paper_with_a_sheet_to_write_on_for_each_piece(world: World) -> None:
    author(world, "5", name="Amara Okafor"), author(world, "6", name="Ben Whitlock")
    set_up(world, is_anonymous=True)
    tutor = world.let_in("3", "tutor")
    queue = _text(tutor.get("marking/"))
    page = _text(tutor.post("worksheet/1/print"))
    assert page.count('<article class="paper"') == 2
    for code in codes(queue):
        assert f"Marking sheet for {code}" in page
    assert '<details class="more"' not in page, "nothing stays folded on paper"
    assert "Amara" not in page, "names stay out while they are hidden"
    with world.database.read() as session:
        assert session.scalar(select(func.count()).where(AuditEntry.act == "work taken away")) == 1
