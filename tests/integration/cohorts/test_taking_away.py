"""What a leader's pages show, as files: under the same filters, with the same words."""

import csv
import html
import io
import re
from collections.abc import Iterator

import openpyxl
import pytest

from lti_tool.catalogue import measures
from tests.support.checklists import Checking, make_checklist, measure_of
from tests.support.outcomes import fill_outcomes, people_of
from tests.support.programmes import (
    Course,
    add_people,
    bring_list,
    entry_of,
    lead,
    make_course,
    record_list,
)
from tests.support.visiting import Visitor, World

_LINK = re.compile(r'<p class="no-print">Take [^<]*<a href="([^"]+)"')


@pytest.fixture
def course(world: World) -> Course:
    leader = lead(world)
    world.let_in("5", "participant", name="=Amara Okafor", email="amara@school.example")
    world.let_in("6", "participant", name="Ben Ashworth")
    return make_course(leader, starts_on="2025-09-08", title="September 2025")


def _taken(visitor: Visitor, page: str) -> Iterator[list[dict[str, str]]]:
    """Each table of a page, from the link beside it, as CSV; the workbook holds the same."""
    for link in _LINK.findall(visitor.get(page).get_data(as_text=True)):
        address = html.unescape(link).removeprefix(visitor.url(""))
        book = openpyxl.load_workbook(io.BytesIO(visitor.get(address).data))
        answer = visitor.get(address.replace(".xlsx", ".csv"))
        assert answer.headers["Cache-Control"] == "no-store"
        lines = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
        note = [] if len(lines[0]) > 1 else lines.pop(0)
        assert [one.value for one in book.worksheets[0][1]] == lines[0] + note
        assert book.worksheets[0].max_row == len(lines)
        assert visitor.get(address.replace(".xlsx", ".pdf")).status_code == 404
        found = [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]
        yield [{"note": "".join(note), **one} for one in found]


def test_people_and_results_under_the_filter(world: World, course: Course) -> None:
    listed = (
        "Student number,E-mail,Module,Mark,Passed,Board,Date\n"
        "77001,amara@school.example,ed1,61,yes,confirmed,2025-11-10\n"
    )
    looked = bring_list(course, listed).get_data(as_text=True)
    assert record_list(course, looked).status_code == 303
    (people,) = _taken(course.leader, course.url)
    assert [one["Name"] for one in people] == ["'=Amara Okafor", "Ben Ashworth"]
    assert (people[0]["Student number"], people[0]["Credits"]) == ("77001", "20")
    assert "credits are not yet confirmed" in people[0]["Missing"]
    (nobody,) = _taken(course.leader, f"{course.url}?show=withdrawn")
    assert nobody == []
    page = f"{course.url}/people/{entry_of(course, '=Amara Okafor')}"
    (results,) = _taken(course.leader, page)
    assert results[0]["Mark"] == "61" and results[0]["Board"] == "confirmed by the board"


def test_the_matrix_and_what_is_covered(world: World, course: Course) -> None:
    cohort_id = int(course.cohort)
    add_people(world, cohort_id, range(60))
    place = f"programme/outcomes/cohort/{cohort_id}"
    outcomes = re.findall(
        r'<option value="([^"]+)">[^<]+: ', course.leader.get(place).get_data(as_text=True)
    )
    fill_outcomes(world.database, cohort_id, people_of(world, cohort_id)[-5:], outcomes)
    (rows,) = _taken(course.leader, place)
    assert len(rows) == 62, "all pages of the matrix"
    assert "Placeholder, not the official text" in rows[0]["note"]
    (met,) = _taken(course.leader, f"{place}?state=met&outcome={outcomes[1]}")
    assert len(met) == 5 and len(met[0]) == 5 and list(met[0].values())[-1] == "Met"
    covered, sure = _taken(course.leader, f"{place}/coverage")
    assert len(covered) == len(outcomes) and covered[1]["Met"] == "5"
    assert {one["Answers"] for one in sure} <= {"5", "under 5"}
    assert "hidden" in {one["3"] for one in sure}, "small numbers stay hidden"
    assert "Placeholder" in sure[0]["note"]


def test_who_lacks_what(world: World) -> None:
    tutor = world.let_in("3", "tutor")
    world.let_in("5", "participant", name="Amara Okafor")
    (rows,) = _taken(tutor, "programme/cohort/")
    assert rows[0]["Participant"] == "Amara Okafor" and "DBS check" in rows[0]["Lacks"]
    assert list(_taken(tutor, "programme/cohort/?lacks=nothing")) == []


def test_the_checklist_its_areas_and_what_stands_behind_a_figure(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measures, "_measures", {})
    measures.announce(measure_of("Q2.5"))
    checking: Checking = make_checklist(world)
    place = f"standards/{checking.year}/"
    areas, standards = _taken(checking.leader, place)
    assert sum(int(one["Standards"]) for one in areas) == len(standards)
    assert "Placeholder" in areas[0]["note"] and "Placeholder" in standards[0]["note"]
    (behind,) = _taken(checking.leader, f"{place}figures/tried")
    assert [one["What"] for one in behind] == ["DBS checked before the visit"]
