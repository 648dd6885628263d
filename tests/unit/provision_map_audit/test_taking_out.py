"""What is taken away: formulas with our figures, nothing run, and the way back in."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from dataclasses import fields
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from docx import Document as Document_

from lti_tool.activities.provision_map_audit.document import Document, new_document, with_rows
from lti_tool.activities.provision_map_audit.importing.our_workbook import BESIDE_THE_MAP, MAP
from lti_tool.activities.provision_map_audit.importing.read_map import read_map
from lti_tool.activities.provision_map_audit.rows import (
    SCALES,
    Measure,
    ProvisionRow,
    StaffShare,
)
from lti_tool.activities.provision_map_audit.sheets.opening import open_workbook
from lti_tool.activities.provision_map_audit.taking_out.example import load_example
from lti_tool.activities.provision_map_audit.taking_out.map_lines import to_table
from lti_tool.activities.provision_map_audit.taking_out.map_sheet import staff_in_words
from lti_tool.activities.provision_map_audit.taking_out.map_workbook import make_workbook
from lti_tool.activities.provision_map_audit.taking_out.report import (
    Choices,
    make_report,
    render_body,
)
from lti_tool.activities.provision_map_audit.taking_out.request_workbook import (
    make_request_workbook,
    notes_for,
)
from lti_tool.activities.provision_map_audit.taking_out.taken import Taken, gather, role_name
from lti_tool.activities.provision_map_audit.words import Words, WordsUnusable
from lti_tool.activities.provision_map_audit.written.plan_shown import plan_of
from lti_tool.papers.tables import to_csv
from tests.recalculation.maps import awkward_map, made_map
from tests.support.visiting import make_world

CONFIG = Path(__file__).parents[3] / "config"
D = Decimal
EVIL = ("=1+1", "+44 20", "-2", "@SUM(A1)", '=HYPERLINK("http://x.example","y")', "\t=1")


def _row(**given: object) -> ProvisionRow:
    usual = {
        "name": "Phonics catch-up",
        "area": "cognition_learning",
        "tier": "targeted",
        "weeks": D(12),
        "sessions_per_week": D(3),
        "minutes_per_session": D(30),
        "group_size": D(4),
        "staff": (StaffShare("ta", D(1), D("16.50")),),
        "other_cost": D(40),
    }
    return ProvisionRow(**{**usual, **given})  # type: ignore[arg-type]


def _taken(*rows: ProvisionRow, **more: object) -> Taken:
    document = with_rows(new_document(), [(row, {}) for row in rows], replace=True)
    return gather({**document, **more}, CONFIG)


def _book(data: bytes, *, values: bool = True) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data), data_only=values)


def _cells(data: bytes, sheet: str, row: int, *, values: bool = True) -> dict[str, object]:
    page = _book(data, values=values)[sheet]
    headings = [cell.value for cell in page[1]]
    return dict(zip(headings, (cell.value for cell in page[row]), strict=True))


def test_the_worked_example_of_the_course_stands_in_the_workbook() -> None:
    """30 min x 3 x 12 weeks, four pupils, one TA at £16.50, £40 books: 18 h, £297, £337, £84.25."""
    found = _cells(make_workbook(_taken(_row())), MAP, 2)
    assert found["Session hours (worked out)"] == 18
    assert found["Staff cost (worked out)"] == 297
    assert found["Total cost (worked out)"] == 337
    assert found["Cost per pupil (worked out)"] == 84.25
    assert round(float(str(found["Cost per hour a pupil receives (worked out)"])), 4) == 4.6806


def test_figures_are_live_formulas_that_look_the_rates_up() -> None:
    data = make_workbook(_taken(_row(staff=(StaffShare("ta", D(1)),))))
    found = _cells(data, MAP, 2, values=False)
    assert str(found["Rate used for role 1 (worked out)"]).startswith("=IF(")
    assert "Rates!" in str(found["Rate used for role 1 (worked out)"])
    for heading, value in found.items():
        if heading.endswith("(worked out)"):
            assert str(value).startswith("="), heading
    totals = _book(data, values=False)["Totals"]
    assert str(totals["G5"].value).startswith("=IF($C5=0") and "SUMIFS" in str(totals["G5"].value)


def test_the_sheet_of_impact_counts_months_by_the_dates_too() -> None:
    days = {"start_on": dt.date(2026, 9, 7), "end_on": dt.date(2027, 7, 20)}
    score = {"scale": "reading_age", "entry_score": "7y 6m", "exit_score": "8y 0m"}
    data = make_workbook(_taken(_row(weeks=D(38), **days, **score)))
    formula, value = (_book(data, values=values)["Impact"]["K5"].value for values in (False, True))
    assert "('Provision map'!$F$2-'Provision map'!$E$2)/7*12/52" in formula
    assert round(value, 4) == round(316 / 7 * 12 / 52, 4)


@pytest.mark.parametrize("text", EVIL)
def test_nothing_typed_becomes_a_formula(text: str) -> None:
    row = _row(
        name=text, target_group=text, aim=text, measure=text, entry_score=text, exit_score=text,
        notes=text, rating=text, staff=(StaffShare(text, D(1)),), review_on=dt.date(2027, 1, 4),
    )  # fmt: skip
    taken = _taken(row, actions=[{"action": text, "owner": text, "by": "", "success": text}])
    for data in (make_workbook(taken), make_request_workbook(taken, {"r1"})):
        for sheet in _book(data, values=False).worksheets:
            for line in sheet.iter_rows():
                for cell in line:
                    assert cell.data_type != "f" or text.strip("\t") != cell.value, cell.coordinate
                    assert cell.hyperlink is None
    cells = next(csv.reader(to_csv(to_table(taken)).decode("utf-8-sig").splitlines()[1:]))
    assert cells[0] == "'" + text and not [one for one in cells if one.startswith(tuple("=+-@\t"))]


def test_what_is_not_known_is_never_a_nought() -> None:
    taken = _taken(_row(weeks=None), _row(other_cost=None), _row(staff=()))
    data = make_workbook(taken)
    for row in (2, 3, 4):
        found = _cells(data, MAP, row)
        assert found["Total cost (worked out)"] == "not known"
        assert found["Cost per pupil (worked out)"] == "not known"
    assert _cells(data, MAP, 2)["Weeks"] is None
    assert _cells(data, MAP, 3)["Other cost"] == "not known"
    lines = [[cell.value for cell in line] for line in _book(data)["Totals"].iter_rows()]
    assert next(line for line in lines if line[0] == "All")[:4] == ["All", 3, 0, "not known"]
    csv_line = to_csv(to_table(taken)).decode("utf-8-sig").splitlines()[1]
    assert csv_line.count("not known") >= 3


def _came_back(taken: Taken, words: Words) -> list[ProvisionRow]:
    preview = read_map(open_workbook("map.xlsx", make_workbook(taken)), words)
    assert not preview.left_out and [sheet.name for sheet in preview.sheets] == [MAP]
    assert not [c.heading for c in preview.sheets[0].columns if c.field is None or not c.sure]
    return [one.row for one in preview.rows]


def test_the_workbook_comes_back_in_with_the_same_rows(words: Words) -> None:
    taken = gather(load_example(CONFIG).document, CONFIG)
    assert _came_back(taken, words) == [one.row for one in taken.rows]


def test_all_that_a_row_can_hold_comes_back(words: Words) -> None:
    second = Measure("Spelling", "standard_score", "84", "91", D(4), D(3), D(3), D(5))
    row = _row(
        target_group="Year 4", start_on=dt.date(2026, 9, 7), end_on=dt.date(2026, 12, 18),
        groups=D(2), pupils_reached=D(8), aim="Read a page aloud", evidence_base="One trial",
        delivered_percent=D(85), measure="Reading", scale="reading_age", entry_score="7y 6m",
        exit_score="8y 3m", pupils_measured=D(8), met_target=D(5), months_between=D(3),
        confidence_band=D(4), more_measures=(second,), pupil_view="Most like it",
        parent_view="Asked for more", rating="3 expected", decision="Continue",
        review_on=dt.date(2027, 1, 8), notes="",
        staff=tuple(StaffShare(role, D(1), None) for role in ("ta", "therapist", "unspecified")),
    )  # fmt: skip
    back = _came_back(_taken(row), words)[0]
    for item in fields(ProvisionRow):
        assert getattr(back, item.name) == getattr(row, item.name), item.name


def test_rates_are_pounds_and_pence_in_words_and_come_back_exactly(words: Words) -> None:
    odd = D("20.60526")
    rows = [_row(staff=(StaffShare("ta", D(1), rate),)) for rate in (D("16.5"), odd)]
    taken = _taken(*rows)
    said = [staff_in_words(row, words) for row in rows]
    assert [one.rpartition(" at ")[2] for one in said] == ["£16.50 an hour", "£20.61 an hour"]
    assert "£20.61 an hour" in str(
        _book(make_request_workbook(taken, {"r2"}))["Costed provision"]["E2"].value
    )
    found = [_cells(make_workbook(taken), MAP, row)["Staff"] for row in (2, 3)]
    assert [str(one).rpartition(" at ")[2] for one in found] == [
        "£16.50 an hour",
        "£20.60526 an hour",
    ]
    assert [one.staff for one in _came_back(taken, words)] == [row.staff for row in rows]


@pytest.mark.parametrize("scale", SCALES)
def test_every_scale_comes_back(scale: str, words: Words) -> None:
    row = _row(measure="A test", scale=scale, entry_score="84", exit_score="90")
    assert _came_back(_taken(row), words)[0].scale == scale


def test_every_role_comes_back_as_itself(words: Words) -> None:
    rows = [_row(staff=(StaffShare(role, D(2)),)) for role in words.role_labels]
    back = [one.staff for one in _came_back(_taken(*rows), words)]
    assert back == [one.staff for one in rows]
    names = {role_name(role, words) for role in words.role_labels}
    assert len(names) == len(words.role_labels)


def test_a_map_of_strangers_with_such_sheets_is_read_as_ever(words: Words) -> None:
    """Only a workbook with all of our sheets is taken for ours."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = BESIDE_THE_MAP[0]
    for line in (["Provision", "Weeks", "Staff"], ["Phonics", 12, "TA"]):
        sheet.append(line)
    out = io.BytesIO()
    book.save(out)
    assert len(read_map(open_workbook("m.xlsx", out.getvalue()), words).rows) == 1


def test_sheets_print_and_read_well() -> None:
    book = _book(make_workbook(_taken(_row())), values=False)
    assert book.sheetnames == [MAP, *BESIDE_THE_MAP]
    page = book[MAP]
    assert page.freeze_panes == "B2" and page.print_title_rows == "$1:$1"
    assert {one.type for one in page.data_validations.dataValidation} == {"list", "decimal"}
    for sheet in book.worksheets:
        assert sheet.page_setup.orientation == "landscape" and int(sheet.page_setup.paperSize) == 9
    assert book.properties.creator in (None, "")


def test_the_notes_say_whose_rates_they_are() -> None:
    def said(taken: Taken) -> str:
        page = _book(make_workbook(taken))["Notes"]
        return " ".join(str(cell.value) for line in page.iter_rows() for cell in line if cell.value)

    assert "illustrative" in said(_taken(_row(staff=(StaffShare("ta", D(1)),))))
    assert "illustrative" not in said(_taken(_row()))
    own = _taken(_row(staff=(StaffShare("ta", D(1)),)), rates={"ta": "17.24"})
    assert "illustrative" not in said(own)


def test_the_workbook_for_a_request_leaves_code_and_share_to_the_school() -> None:
    taken = _taken(_row(), _row(name="Not ticked"))
    book = _book(make_request_workbook(taken, {"r1"}))
    lines = book["Costed provision"]
    assert [cell.value for cell in lines[2]][:3] == [None, None, "Phonics catch-up"]
    assert lines["N2"].value == 337 and lines["O2"].value == 84.25
    assert "Not ticked" not in {cell.value for cell in lines["C"]}
    assert book["By pupil"]["D2"].value == taken.picture.threshold.amount  # type: ignore[union-attr]
    notes = " ".join(notes_for(taken.picture.threshold, is_illustrative=False))
    assert "not an amount that comes with each pupil" in notes and "2025 to 2026" in notes


def test_a_special_school_has_no_threshold() -> None:
    taken = _taken(_row(), profile={"phase": "special", "threshold": "6000"})
    book = _book(make_request_workbook(taken, {"r1"}))
    assert [cell.value for cell in book["By pupil"][1]][3:] == []
    assert "does not apply to special schools" in " ".join(notes_for(None, is_illustrative=True))


def test_a_report_hides_small_counts_and_whatever_would_tell_them(tmp_path: Path) -> None:
    app = make_world(tmp_path).app
    counts = {"support.SLCN": "12", "support.SEMH": "3", "ehc.SLCN": "6", "ehc.SEMH": "2"}
    taken = _taken(_row(), profile={"phase": "primary", **counts})
    with app.test_request_context("/"):
        said = str(render_body(taken, Choices()))
        without = str(render_body(taken, Choices(school=False)))
        paper = Document_(io.BytesIO(make_report(taken, Choices())))
    line = re.search(r"Social, emotional and mental health</th>(.*?)</tr>", said, re.DOTALL)
    assert line is not None and "hidden" in line[1]
    assert not re.search(r">[235]<", line[1])
    assert "Our school" not in without and "Pupils by primary need" not in without
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    assert "hidden" in cells and "£337.00" in cells


def test_a_report_shows_the_writing_as_the_pages_do(tmp_path: Path) -> None:
    app = make_world(tmp_path).app
    document = load_example(CONFIG).document
    commentary = {
        "file_name": "audit.docx",
        "html": "<h1>Standing back</h1><p>A <em>closer</em> look.</p>",
        "words": 5,
        "left_out": ["One picture was left out."],
    }
    taken = gather({**document, "commentary": commentary}, CONFIG)
    with app.test_request_context("/"):
        page = render_body(taken, Choices(written=True)).striptags()
        paper = Document_(io.BytesIO(make_report(taken, Choices(written=True))))
    words = [one.text for one in paper.paragraphs]
    for said in (
        "Judgement: Developing",
        "Commentary",
        "Standing back",
        "References",
        "Placeholder, not the official text",
        "One picture was left out.",
    ):
        assert said in page
        assert any(said in one for one in words), said
    assert any(one.startswith("The questions are placeholders") for one in words)
    figures = [one.text for one in paper.paragraphs if one.style.name == "List Bullet"]  # type: ignore[union-attr]
    assert any(one.startswith("Impact not measured: ") and "picked on" in one for one in figures)
    headings = [one.text for one in paper.paragraphs if one.style.name.startswith("Heading")]  # type: ignore[union-attr]
    assert {"Our school", "What has changed", "Standing back"} <= set(headings)
    italic = {run.text for one in paper.paragraphs for run in one.runs if run.italic}
    assert {"can we afford it", "closer"} <= {text.strip() for text in italic}
    assert any(one.style.name == "List Number" for one in paper.paragraphs)  # type: ignore[union-attr]


def test_a_plan_reads_the_same_on_the_page_and_in_the_workbook() -> None:
    line = {"action": "Measure", "priority": "1", "picked": "cost.total", "evidence": "own words"}
    answers = {"cost": {"picked": [{"id": "cost.total", "label": "Cost", "text": "£1"}]}}
    taken = _taken(_row(), actions=[line], answers=answers)
    plan = plan_of(taken.document)
    assert plan.lines == [["Measure", "1: first", "", "", "", "Cost: £1; own words"]]
    sheet = _book(make_workbook(taken))["Action plan"]
    assert [cell.value for cell in sheet[3]][1:] == list(plan.fields.values())
    assert sheet["C4"].value == "1: first" and sheet["G4"].value == "Cost: £1; own words"


def test_the_csv_has_each_row_with_its_figures() -> None:
    lines = list(csv.DictReader(to_csv(to_table(_taken(_row()))).decode("utf-8-sig").splitlines()))
    assert lines[0]["Provision"] == "Phonics catch-up"
    assert lines[0]["Total cost (worked out)"] == "337.00"
    assert lines[0]["Impact (worked out)"] == "not measured"


@pytest.mark.parametrize("document", [awkward_map(), made_map(60, 7)], ids=["awkward", "drawn"])
def test_kept_figures_are_those_of_the_costing(document: Document) -> None:
    taken = gather(document, CONFIG)
    page = _book(make_workbook(taken))[MAP]
    headings = {cell.value: cell.column for cell in page[1]}
    column = headings["Total cost (worked out)"]
    for number, cost in enumerate(taken.figures.cost.rows, start=2):
        kept = page.cell(number, column).value
        wanted = "not known" if cost.total_cost is None else pytest.approx(float(cost.total_cost))
        assert kept == wanted


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("area: semh", "area: elsewhere", "area or tier"),
        ("name: Homework club", "title: Homework club", "needs a name"),
        ("weeks: 38", "weeks: many", "not a number"),
        ("  context:\n", "  contexts:\n", "no part of the audit"),
        ("outcome_set: npq-senco", "outcome_set: other", "names no set"),
        ("  S6: |", "  S99: |", "no outcome of its set"),
        ("picked_on: 2026-11-09", "picked_on: soon", "must be a day"),
        ("  fit: [gap", "  fits: [gap", "no part with an answer"),
        ("[cost.total,", "[cost.totals,", "no figure of its map"),
    ],
)
def test_a_wrong_example_stops_the_start_with_a_sentence(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    for folder in ("examples", "frameworks", "words", "rules"):
        (tmp_path / folder).mkdir()
        for path in (CONFIG / folder).glob("*.yaml"):
            (tmp_path / folder / path.name).write_text(path.read_text("utf-8"), "utf-8")
    path = tmp_path / "examples" / "provision-map-audit.yaml"
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(WordsUnusable, match=said):
        load_example(tmp_path)
