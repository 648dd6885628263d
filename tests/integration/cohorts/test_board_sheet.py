"""The board's sheet: what is released, the gradebook and the registry's list, line by line."""

import csv
import io
import re
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select, update

from lti_tool.core import clock
from lti_tool.coursework.models import Assignment, Candidate
from lti_tool.db import Database
from lti_tool.programme.cohorts.board.reading import gather
from lti_tool.programme.cohorts.board.sheet import Sheet, make_sheet
from lti_tool.programme.cohorts.models import ModuleResult
from lti_tool.programme.cohorts.queries import find_cohort, list_modules
from tests.support.boards import Module
from tests.support.programmes import (
    add_people,
    begin_cohort,
    entry_of,
    lead,
    make_course,
    number_in,
)
from tests.support.statements import heard
from tests.support.visiting import World, make_world

PEOPLE = {"5": "Amara Okafor", "6": "Ben Ashworth", "7": "Cerys Hughes", "8": "Dev Patel"}
HEAD = "Student number,Platform user id,Module,Attempt,Mark,Passed,Board,Date\n"


def _module(world: World) -> Module:
    leader = lead(world)
    for sub, name in PEOPLE.items():
        world.let_in(sub, "participant", name=name)
    return Module(world, make_course(leader, starts_on="2025-09-08", title="September 2025"))


@pytest.fixture
def module(world: World) -> Module:
    return _module(world)


def _sheet(module: Module) -> Sheet:
    with module.world.database.read() as session:
        cohort = find_cohort(session, int(module.course.cohort))
        assert cohort is not None
        found = list_modules(session, cohort.programme_id)[0]
        return make_sheet(gather(session, module.world.settings.config_dir, cohort, found))


def _said(module: Module) -> dict[str, str]:
    """What differs, by name and attempt."""
    return {
        f"{one.person.name} {one.piece.attempt}": " ".join(one.differences)
        for one in _sheet(module).lines
    }


def _read_csv(module: Module, more: str = "") -> list[dict[str, str]]:
    data = module.course.leader.get(f"{module.course.url}/board.csv{more}").data
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def test_three_sources_that_agree_and_each_that_does_not(
    tmp_path: Path, database: Database
) -> None:
    module = _module(make_world(tmp_path, database))
    for sub, mark in (("5", "62"), ("6", "48"), ("7", "71")):
        module.hand_in(sub, mark)
    said = _said(module)
    assert "On its way" in said["Amara Okafor 1"] and said["Dev Patel None"] == ""
    module.deliver()
    assert not any(_said(module).values()), "without a list of the registry it is not missed"
    module.show("6", "55", "overridden")
    module.list_results(
        HEAD + "77005,5,ed1,1,62,yes,provisional,\n"
        "77006,6,ed1,1,48,no,confirmed,2025-11-10\n"
        "77008,8,ed1,2,40,no,provisional,\n"
    )
    said = _said(module)
    assert said["Amara Okafor 1"] == ""
    assert "The gradebook shows 55 out of 100" in said["Ben Ashworth 1"]
    assert "Keep the gradebook’s mark" in said["Ben Ashworth 1"]
    assert "says confirmed by the board; here the mark is provisional" in said["Ben Ashworth 1"]
    assert "has no result of this attempt" in said["Cerys Hughes 1"]
    assert "nothing was handed in here" in said["Dev Patel 2"]
    module.list_results(HEAD + "77005,5,ed1,1,64,yes,provisional,\n")
    assert "says 64, the mark here is 62" in _said(module)["Amara Okafor 1"]


def test_the_page_filters_and_the_file_says_the_same(module: Module) -> None:
    module.hand_in("5", "62")
    module.hand_in("6")
    module.deliver()
    module.list_results(HEAD + "77005,5,ed1,1,62,yes,provisional,\n,6,ed1,1,50,yes,provisional,\n")
    page = module.course.page("/board")
    assert "All lines (4)" in page and "Only what differs (1)" in page
    assert "Was sent 62 out of 100" in page and "no mark is released here" in page
    only = module.course.page("/board?only=differs")
    assert "Ben Ashworth" in only and "Amara Okafor" not in only
    rows = {row["Name"]: row for row in _read_csv(module)}
    assert len(rows) == 4 and rows["Amara Okafor"]["Student number"] == "77005"
    assert rows["Amara Okafor"]["Agree"] == "yes" and rows["Amara Okafor"]["Final mark"] == "62"
    assert rows["Ben Ashworth"]["Agree"] == "no" and rows["Ben Ashworth"]["Final mark"] == ""
    assert [row["Name"] for row in _read_csv(module, "?only=differs")] == ["Ben Ashworth"]
    data = module.course.leader.get(f"{module.course.url}/board.xlsx?only=differs").data
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet["A2"].value == "Ben Ashworth" and sheet["L1"].value == "Board"
    assert module.course.leader.get(f"{module.course.url}/board.pdf").status_code == 404
    assert module.course.leader.get(f"{module.course.url}/board?module=99").status_code == 404


def test_a_code_stands_only_beside_a_released_mark_without_names(module: Module) -> None:
    module.hand_in("5", "62")
    module.hand_in("6")
    with module.world.database.write() as session:
        codes = set(session.scalars(select(Candidate.code)))
        session.execute(update(Assignment).values(is_anonymous=True))
    shown = {row["Name"]: row["Candidate code"] for row in _read_csv(module)}
    assert shown["Amara Okafor"] in codes and shown["Ben Ashworth"] == ""
    page = module.course.page("/board")
    assert sum(code in page for code in codes) == 1


def test_who_is_on_one_list_and_not_on_another_has_a_line(module: Module) -> None:
    module.world.let_in("11", "participant", name="Late Comer")
    said = _said(module)
    assert "not in the cohort. Bring them in" in said["Late Comer None"]
    page = module.course.page()
    built = module.course.page(f"/people/{entry_of(module.course, 'Dev Patel')}")
    assert "Late Comer" not in page
    form = {
        "status": "withdrawn",
        "since_on": "2026-01-12",
        "reason": "Left.",
        "built_on": re.findall(r'name="built_on" value="(\d+)"', built)[0],
    }
    place = f"{module.course.url}/people/{entry_of(module.course, 'Dev Patel')}/status"
    assert module.course.leader.post(place, form).status_code == 303
    line = next(one for one in _sheet(module).lines if one.person.name == "Dev Patel")
    assert line.status == "Withdrawn" and line.agrees


def test_who_comes_back_goes_on_counting_attempts(module: Module) -> None:
    module.hand_in("5", "62")
    module.deliver()
    leader, person = module.course.leader, module.person("5")
    earlier = number_in(begin_cohort(leader, module.course.programme, "Before", "2024-09-09"))
    with module.world.database.write() as session:
        for cohort_id, attempt, mark in ((int(earlier), 1, 30), (int(module.course.cohort), 2, 62)):
            session.add(
                ModuleResult(
                    person_id=person,
                    cohort_id=cohort_id,
                    module_id=1,
                    attempt=attempt,
                    mark=Decimal(mark),
                    is_passed=mark >= 50,
                    board_state="provisional",
                    recorded_by_id=person,
                    recorded_at=clock.now(),
                )
            )
    (line,) = [one for one in _sheet(module).lines if one.person.person_id == person]
    assert line.piece.attempt == 2 and line.agrees and line.registry.startswith("62, passed")


def test_a_mark_of_several_pieces_is_held_against_none(module: Module) -> None:
    module.hand_in("5", "62")
    module.deliver()
    module.list_results(HEAD + "77005,5,ed1,1,64,yes,provisional,\n")
    assert "says 64" in _said(module)["Amara Okafor 1"]
    module.set_more("Reflective essay")
    sheet = _sheet(module)
    assert sheet.has_parts and not any("64" in " ".join(one.differences) for one in sheet.lines)
    page = module.course.page("/board")
    assert "several pieces of work in this module" in page and "Provision-map audit" in page


def test_five_hundred_people_take_as_many_queries_as_four(
    tmp_path: Path, database: Database
) -> None:
    module = _module(make_world(tmp_path, database))
    module.hand_in("5", "62")
    module.deliver()
    module.list_results(HEAD + "77005,5,ed1,1,62,yes,provisional,\n")
    with module.world.database.read() as session:
        assert session.scalars(select(ModuleResult.module_id)).all() == [1]
    took = []
    for more in (range(0), range(500)):
        if more:
            add_people(module.world, int(module.course.cohort), more)
            module.spread("5", [f"many{n}" for n in more])
        with heard(module.world.database) as said:
            sheet = _sheet(module)
        took.append(len(said))
    assert took[0] == took[1] and took[0] <= 25, took
    assert len(sheet.lines) == 504 and not sheet.differing
    page = module.course.page("/board?page=2")
    assert "Page 2 of 6" in page and "P 0150" in page
    assert "Page 1 of 6" in module.course.page(f"/board?page={'9' * 5000}")
    assert module.course.page("/board?page=all").count("Was sent 62 out of 100") == 501
