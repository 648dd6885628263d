"""The cohort's grid: who has what, who is stuck and why, what is the tutor's to do; its cost."""

import csv
import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest

from lti_tool.activities.placement_log import states
from lti_tool.core import clock
from lti_tool.db import Database
from tests.support.logs import CUSTOM, logs_of
from tests.support.statements import heard
from tests.support.visiting import Visitor, World, make_world


def text_of(answer) -> str:
    return answer.get_data(as_text=True)


def people(world: World, start: int, end: int) -> None:
    for number in range(start, end):
        world.let_in(str(100 + number), "participant", **CUSTOM, name=f"P{number:02} Person")


def fill(world: World) -> None:
    people(world, 0, 4)
    now = clock.now()
    with world.database.write() as session:
        logs = logs_of(world, session)
        complete, stuck, waiting, _ = (logs.person(str(100 + number)) for number in range(4))
        for number in range(3):
            logs.may_visit(logs.person(str(100 + number)))
        logs.complete(complete)
        late = logs.visit(stuck, states.DONE, since=now - timedelta(days=30))
        logs.asked(late.id, now - timedelta(days=1))
        logs.attended(logs.held("=HYPERLINK(1)"), stuck, "absent")
        logs.visit(waiting, states.PLANNED)
        logs.visit(waiting, states.CONFIRMED, half_days=1)


@pytest.fixture
def tutor(world: World) -> Visitor:
    visitor = world.let_in("3", "tutor", **CUSTOM)
    fill(world)
    return visitor


def line_of(page: str, name: str) -> str:
    return page.split(f">{name}</a></th>")[1].split("</tr>")[0]


def test_the_grid_says_who_has_what(tutor: Visitor) -> None:
    page = text_of(tutor.get("placement/cohort"))
    assert "All (4)" in page and "Stuck (2)" in page and "Yours to do (1)" in page
    assert "Complete (1)" in page
    complete = line_of(page, "P00 Person")
    assert "1 of 1 day" in complete and "1 accepted" in complete and "2 of 2 online" in complete
    assert "3 of 3 with mentor" in complete and "Complete" in complete
    stuck = line_of(page, "P01 Person")
    assert "did not answer in time: ask again" in stuck and "The participant’s turn" in stuck
    assert "Missed and not made up: “=HYPERLINK(1)”" in stuck
    assert ">Yes<" in stuck
    lacking = line_of(page, "P03 Person")
    assert "5 missing" in lacking and "The participant’s turn" in lacking
    assert "Missing before a visit: school, school’s agreement, mentor, DBS check" in lacking
    waiting = line_of(page, "P02 Person")
    assert "1 visit to approve, 1 visit to accept" in waiting
    assert "½ of 1 day" in waiting and "(+ 1 to come)" in waiting


def test_a_filter_shows_only_its_own(tutor: Visitor) -> None:
    page = text_of(tutor.get("placement/cohort?show=stuck"))
    assert "P01 Person" in page and "P00 Person" not in page
    assert "Nobody is under “Handed in”" in text_of(tutor.get("placement/cohort?show=handed-in"))
    assert "P00 Person" in text_of(tutor.get("placement/cohort?show=nonsense"))


def test_the_list_is_safe_to_open_in_a_spreadsheet(world: World, tutor: Visitor) -> None:
    world.let_in("200", "participant", **CUSTOM, name="=cmd|' /C calc'!A1")
    rows = list(
        csv.DictReader(io.StringIO(tutor.get("placement/cohort.csv").data.decode("utf-8-sig")))
    )
    assert {row["Participant"] for row in rows} > {"'=cmd|' /C calc'!A1", "P00 Person"}
    book = openpyxl.load_workbook(io.BytesIO(tutor.get("placement/cohort.xlsx").data))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    stuck = tutor.get("placement/cohort.csv?show=stuck").data.decode()
    assert "P01 Person" in stuck and "P00 Person" not in stuck


def test_queries_stay_the_same_on_both_databases(tmp_path: Any, database: Database) -> None:
    world = make_world(tmp_path, database)
    tutor = world.let_in("3", "tutor", **CUSTOM)
    fill(world)
    counts = []
    for more in (4, 12):
        people(world, 4, more)
        with heard(database) as seen:
            page = text_of(tutor.get("placement/cohort"))
        assert f"All ({more})" in page
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 24
