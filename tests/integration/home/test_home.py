"""The leader's home: what it counts, that each number leads to its list, who sees how much."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from lti_tool.catalogue import measures
from lti_tool.core import clock
from lti_tool.coursework.models import Assignment
from lti_tool.db import Database
from lti_tool.people import grants
from lti_tool.people.models import Person
from lti_tool.programme.cohorts.models import Participation
from lti_tool.programme.models import Eligibility
from tests.support.checklists import make_checklist, measure_of
from tests.support.homes import HANDED_IN, JUDGED, OUT, Home, fill_home, make_home
from tests.support.programmes import bring_list, lead, record_list
from tests.support.statements import heard
from tests.support.visiting import World, make_world

_LINK = re.compile(
    r'href="[^"]*/list/([\w.-]+)"[^>]*>(?:<strong>)?(?:<rect.*?<text[^>]*>)?(\d+)', re.S
)


def _rows(home: Home, key: str) -> list[dict[str, str]]:
    """A list as its CSV has it."""
    text = home.leader.get(f"{home.url}list/{key}/csv").get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def _to_do(home: Home, key: str) -> int:
    return sum(not row["In order for now"] for row in _rows(home, key))


def _names(home: Home, key: str) -> set[str]:
    return {row["Person"] for row in _rows(home, key)}


def _change(home: Home, name: str, status: str) -> None:
    with home.world.database.write() as session:
        person = session.scalars(select(Person.id).where(Person.name == name)).one()
        values = {"status": status, "since_on": date(2026, 10, 1)}
        session.execute(
            update(Participation).where(Participation.person_id == person).values(**values)
        )


def test_thirty_people_take_as_many_queries_as_three(tmp_path: Path, database: Database) -> None:
    home = make_home(make_world(tmp_path, database))
    paths = ("", "list/late", "list/visits-dbs", "take-away/xlsx")
    counts = []
    for more in (range(10, 13), range(13, 40)):
        fill_home(home, more)
        for path in paths:
            with heard(database) as said:
                assert home.leader.get(home.url + path).status_code == 200
            counts.append(len(said))
    assert counts[: len(paths)] == counts[len(paths) :]
    wanted = {
        "late": 27,  # not begun: 6 of 30 in 3 courses; begun, without an extension: 3
        "integrity": 9,
        "feedback": 27,
        "gradebook": 9,
        "visits-host": 23,
        "visits-wrong": 22,
        "visits-tutor": 22,
        "visits-dbs": 23,
    }
    assert {key: _to_do(home, key) for key in wanted} == wanted
    late = [row["In order for now"] for row in _rows(home, "late") if row["In order for now"]]
    assert len(late) == 9 and all(one.startswith("Extension until ") for one in late)


def test_each_number_leads_to_its_list(home: Home) -> None:
    page = home.page()
    found = _LINK.findall(page)
    kinds = {key.split("-")[0] for key, _ in found}
    assert {"late", "people", "work", "marks", "gradebook"} <= kinds, kinds
    for key, number in found:
        assert _to_do(home, key) == int(number), key
    for key in dict(found):
        assert home.page(f"list/{key}")
        answer = home.leader.get(f"{home.url}list/{key}/xlsx")
        assert answer.status_code == 200 and answer.get_data().startswith(b"PK")
    assert home.leader.get(f"{home.url}take-away/pdf").status_code == 404
    for key in ("nothing", "work-1-lost", "people-lost", "marks-m999", "figure-none", "marks-t1-x"):
        assert home.leader.get(f"{home.url}list/{key}").status_code == 404, key


def test_only_released_marks_are_tied_to_anybody(home: Home) -> None:
    page = home.page()
    keys = {key for key, _ in _LINK.findall(page) if key.startswith("marks-")}
    tied = set().union(*(_names(home, key) for key in keys))
    assert tied == {f"P {number:04}" for number in range(30) if number % 5 == OUT}
    with home.world.database.write() as session:
        session.execute(update(Assignment).values(is_anonymous=True))
    hidden = {f"P {number:04}" for number in range(30) if number % 5 in (HANDED_IN, JUDGED)}
    for key in ("feedback", "integrity"):
        assert _names(home, key) == {""}, key
        codes = [row["What"].split(":")[0] for row in _rows(home, key)]
        assert all(re.fullmatch(r"C\d+", code) for code in codes)
        shown = home.page(f"list/{key}")
        assert not any(name in shown for name in hidden)
        for course in {row["Course"] for row in _rows(home, key)}:
            of_course = [row["What"] for row in _rows(home, key) if row["Course"] == course]
            assert of_course == sorted(of_course), "not in the order of handing in"


def test_who_intermits_or_left_is_told_apart(home: Home) -> None:
    assert "P 0000" in {row["Person"] for row in _rows(home, "late") if not row["In order for now"]}
    before = _to_do(home, "late")
    _change(home, "P 0000", "intermitting")
    _change(home, "P 0004", "withdrawn")
    rows = [row for row in _rows(home, "late") if row["Person"] == "P 0000"]
    assert {row["In order for now"] for row in rows} == {"Intermitting since 1 October 2026"}
    assert _to_do(home, "late") == before - 3
    assert "P 0004" in _names(home, "gradebook"), "a mark that did not arrive is still a matter"
    assert "Withdrawn since 1 October 2026" in home.page("list/gradebook")
    page = home.page()
    assert len(_rows(home, "people-intermitting")) == len(_rows(home, "people-withdrawn")) == 1
    work = [key for key, _ in _LINK.findall(page) if key.startswith("work-")]
    assert f"work-{home.log}-in_hand" in work, "who has entered visits has begun the log"
    assert f"work-{home.log}-not_begun" not in work
    assert work and not any({"P 0000", "P 0004"} & _names(home, key) for key in work)


def test_a_line_opens_here_or_says_from_where(home: Home) -> None:
    page = home.page("list/gradebook")
    here = re.findall(r'href="(/v/\w+/gradebook/of/\d+)"', page)
    assert (
        here
        and home.leader.client.get(
            here[0],
            headers={"Cookie": f"visit={home.leader.secret}"},
            base_url="https://tool.example",
        ).status_code
        == 200
    )
    assert "Open it from the course Module 2." in page
    for key in ("late", "feedback", "integrity", "visits-dbs"):
        for address in dict.fromkeys(
            re.findall(r'href="/v/\w+/([^"]+)">Open<', home.page(f"list/{key}"))
        ):
            assert home.leader.get(address.replace("&amp;", "&")).status_code == 200, address
    assert "from its own activity" in home.page("list/visits-wrong")
    log = lead(home.world, custom={"activity": "placement-log"}, resource_link_id="log")
    shown = log.get(f"{home.url}list/visits-wrong").get_data(as_text=True)
    address = re.search(r'href="/v/\w+/(placement/[^"]+)">Open<', shown)
    assert address and log.get(address[1]).status_code == 200


def test_days_that_close_and_results_that_are_missing(home: Home) -> None:
    near = clock.today() + timedelta(days=30)
    with home.world.database.write() as session:
        person = session.scalars(select(Person.id).where(Person.name == "P 0001")).one()
        since = near.replace(year=near.year - 3)
        session.add(
            Eligibility(
                person_id=person,
                has_qts=True,
                is_aspiring=False,
                senco_since=since,
                revision=1,
                updated_at=clock.now(),
            )
        )
    assert _names(home, "deadlines") == {"P 0001"}
    assert "3 years after becoming a SENCO" in home.page("list/deadlines")
    assert _rows(home, "results") == []
    listed = "Student number,E-mail,Module,Mark,Passed,Board,Date\n"
    with home.world.database.write() as session:
        session.execute(
            update(Person).where(Person.name == "P 0002").values(email="two@school.example")
        )
    listed += "77001,two@school.example,ed1,61,yes,confirmed,2026-11-10\n"
    looked = bring_list(home.course, listed).get_data(as_text=True)
    assert record_list(home.course, looked).status_code == 303
    assert len(_rows(home, "results")) == 29 and "P 0002" not in _names(home, "results")
    assert "registry’s list" in home.page()


@pytest.fixture
def measure(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A figure that somebody announces."""
    monkeypatch.setattr(measures, "_measures", dict(measures._measures))
    one = measure_of("S1")
    measures.announce(replace(one, at_a_glance=True))
    measures.announce(replace(one, key="tried-too", title="Another figure"))
    yield


def test_every_figure_that_is_announced_is_shown(home: Home, measure: None) -> None:
    assert "3 of 4 had it checked" in home.page()
    assert "Not begun yet." in home.page(), "the checklist"
    shown = home.page("list/figure-tried")
    assert "checked. Counted from the log. As of" in shown and "0 not counted, 1 counted" in shown
    assert "DBS checked before the visit" in shown
    assert "Another figure" not in home.page() and "Another figure" in home.page("figures")
    assert "DBS before every visit" in home.page("figures")
    for form in ("csv", "xlsx"):
        assert home.leader.get(f"{home.url}figures/{form}").status_code == 200
    assert home.page("list/figure-tried-too")
    text = home.leader.get(f"{home.url}take-away/csv").get_data().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert ["Figures", "DBS before every visit", "In words", "3 of 4 had it checked"] in rows
    parts = {row[0] for row in rows}
    assert {"What needs a person", "People", "Work", "Marks by module", "Outcomes"} <= parts


def test_the_checklist_is_seen_with_its_label(world: World) -> None:
    checking = make_checklist(world)
    home = Home(world, checking.course, [], [], 0)
    page = home.page()
    assert "Not ready for" in page and "standards are in place or do not apply" in page
    assert page.count("Placeholder, not the official text") == 2, "outcomes and standards"
    assert re.search(r'href="/v/\w+/standards/">Open quality standards', page)
    text = home.leader.get(f"{home.url}take-away/csv").get_data(as_text=True)
    assert text.count("Placeholder, not the official text") == 2
    assert ">The cohort at a glance</a>" in checking.page()
    elsewhere = lead(world, "9", context_id="44", context_title="Elsewhere")
    shown = elsewhere.get(home.url).get_data(as_text=True)
    assert "Open it from a course of SENCo training." in shown


def test_who_may_see_how_much(home: Home) -> None:
    world = home.world
    tutor, author = world.let_in("3", "tutor"), world.let_in("many0", "participant")
    for visitor in (tutor, author):
        for path in ("", "list/late", "list/late/csv", "take-away/csv", "figures", "figures/csv"):
            assert visitor.get(home.url + path).status_code == 403
    refused = tutor.get("programme/home/").get_data(as_text=True)
    assert "Here leads: Person 9" in refused and "Ask to lead this programme" in refused
    assert home.leader.get("programme/home/999/").status_code == 404
    assert home.leader.get("programme/home/").headers["Location"].endswith(f"/{home.url}")
    with world.database.write() as session:
        person = session.scalars(select(Person.id).where(Person.sub == "3")).one()
        scope = (grants.CONTEXT, str(home.contexts[0]))
        grants.give(session, person, grants.LEADER, scope, actor="operator")
    page = tutor.get(home.url).get_data(as_text=True)
    assert "You lead this course, not the programme as a whole" in page
    assert "Module 2" not in page and "Leading" not in page
    assert tutor.get(f"{home.url}list/deadlines").status_code == 404
    shown = tutor.get(f"{home.url}list/late/csv").get_data().decode("utf-8-sig")
    assert {row["Course"] for row in csv.DictReader(io.StringIO(shown))} == {"Module 1"}
    elsewhere = world.let_in("3", "tutor", context_id="c2", resource_link_id="1")
    assert elsewhere.get(home.url).status_code == 403


def test_without_a_programme_it_leads_to_setting_one_up(world: World) -> None:
    leader = lead(world)
    assert leader.get("programme/home/").headers["Location"].endswith("/programme/cohorts/")
    page = leader.get("programme/cohorts/").get_data(as_text=True)
    entry = re.search(r'<a[^>]*href="[^"]*/programme/home/"[^>]*>', page)
    assert entry and "aria-current" in entry[0], "the pages of setting up belong to it"


def test_a_cohort_can_be_chosen(home: Home) -> None:
    form = {"title": "September 2027", "starts_on": "2027-09-06", "outcome_set": "npq-senco"}
    place = f"programme/cohorts/programmes/{home.course.programme}/cohorts/new"
    home.leader.get(place)
    made = re.findall(r"\d+", home.leader.post(place, form).headers["Location"])[-1]
    page = home.page()
    assert f'<option value="{made}">September 2027' in page
    answer = home.leader.get(f"programme/home/?cohort={made}")
    assert answer.headers["Location"].endswith(f"/programme/home/{made}/")
    assert "Nobody yet." in home.leader.get(f"programme/home/{made}/").get_data(as_text=True)


def test_a_name_never_becomes_a_formula(home: Home) -> None:
    with home.world.database.write() as session:
        session.execute(update(Person).where(Person.name == "P 0000").values(name="=1+1"))
    text = home.leader.get(f"{home.url}list/late/csv").get_data(as_text=True)
    assert "'=1+1" in text and "\n=1+1" not in text
