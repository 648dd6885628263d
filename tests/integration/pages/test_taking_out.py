"""Taking the audit away: pages, files, the handed-in copy, the example, and what names nobody."""

import io
import re

import docx
import openpyxl
import pytest

from tests.integration.pages import work
from tests.support.visiting import Visitor, World


@pytest.fixture
def visitor(world: World) -> Visitor:
    one = world.let_in("5", "participant")
    work.bring_in(one)
    return one


def _text(answer) -> str:
    return answer.get_data(as_text=True)


def test_every_file_comes_with_a_plain_name(visitor: Visitor) -> None:
    ids = re.findall(r'name="row" value="(r\d+)"', _text(visitor.get("audit/take-away/request")))
    assert ids
    for path, name in (
        ("map.xlsx", "provision-map"),
        ("map.csv", "provision-map"),
        ("report.docx", "provision-report"),
        (f"request.xlsx?row={ids[0]}&row={ids[1]}", "costed-provision"),
    ):
        answer = visitor.get(f"audit/take-away/{path}")
        assert answer.status_code == 200, path
        kind = path.partition("?")[0].rpartition(".")[2]
        said = answer.headers["Content-Disposition"]
        assert re.fullmatch(rf'attachment; filename="{name}-\d{{4}}-\d\d-\d\d\.{kind}"', said)
        assert b"Person 5" not in answer.data


def test_the_workbook_for_a_request_has_the_ticked_rows_and_no_pupil(visitor: Visitor) -> None:
    ids = re.findall(r'name="row" value="(r\d+)"', _text(visitor.get("audit/take-away/request")))
    answer = visitor.get(f"audit/take-away/request.xlsx?row={ids[0]}")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data))["Costed provision"]
    names = [cell.value for cell in sheet["C"][1:] if cell.value]
    assert len(names) == 1
    assert not [cell.value for column in "AB" for cell in sheet[column][1:] if cell.value]
    nothing = visitor.get("audit/take-away/request.xlsx")
    assert nothing.status_code == 422 and "Tick at least one provision." in _text(nothing)
    assert visitor.get("audit/take-away/request.xlsx?row=r999").status_code == 422


def test_a_report_shows_what_is_chosen(visitor: Visitor) -> None:
    usual = _text(visitor.get("audit/take-away/report"))
    assert "Every provision" in usual and "The written audit" not in usual
    chosen = _text(visitor.get("audit/take-away/report?chosen=yes&written=yes"))
    assert "Every provision" not in chosen and "The written audit" in chosen
    answer = visitor.get("audit/take-away/report.docx?chosen=yes&rows=yes")
    paper = docx.Document(io.BytesIO(answer.data))
    headings = [one.text for one in paper.paragraphs if one.style.name.startswith("Heading")]
    assert "How the figures are worked out" in headings
    assert "The written audit" not in headings
    assert paper.core_properties.author == ""


def test_the_copy_handed_in_stays_what_it_was(visitor: Visitor) -> None:
    work.hand_in(visitor)
    assert "take-away?of=copy" in _text(visitor.get("audit/receipt"))
    page = _text(visitor.get("audit/take-away?of=copy"))
    assert "from the copy you handed in" in page and "map.xlsx?of=copy" in page
    assert visitor.get("audit/take-away/map.xlsx?of=copy").status_code == 200
    assert visitor.get("audit/take-away/report?of=copy").status_code == 200


def test_with_no_rows_there_is_an_example_to_look_at(world: World) -> None:
    visitor = world.let_in("6", "participant")
    for path in ("audit/", "audit/map", "audit/take-away"):
        assert "audit/example" in _text(visitor.get(path)), path
    page = _text(visitor.get("audit/example"))
    assert "Made up." in page and "Phonics catch-up" in page
    for path in ("map.xlsx", "map.csv", "report", "report.docx", "request"):
        assert visitor.get(f"audit/take-away/{path}").status_code == 200, path


def test_a_tutor_has_no_way_in_through_these_addresses(world: World, visitor: Visitor) -> None:
    tutor = world.let_in("3", "tutor")
    for path in ("audit/take-away", "audit/take-away/map.xlsx", "audit/example"):
        assert tutor.get(path).status_code == 403, path
        other = visitor.url(path)
        answer = tutor.client.get(
            other, headers={"Cookie": f"visit={tutor.secret}"}, base_url="https://tool.example"
        )
        assert answer.status_code in (401, 403), path
