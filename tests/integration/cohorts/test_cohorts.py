"""Programmes and cohorts on the leader's pages: made, joined, people, status, results, awards."""

import io
import re
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from lti_tool.audit.models import AuditEntry
from lti_tool.core import clock
from lti_tool.db import Database
from lti_tool.lti.models import Context
from lti_tool.people.models import Person
from lti_tool.programme.cohorts import signed_off
from lti_tool.programme.cohorts.models import Award, ModuleResult, Participation, StudentNumber
from lti_tool.programme.cohorts.participation import bring_in_due
from lti_tool.programme.cohorts.queries import cohort_of, find_programme, runs_of
from lti_tool.programme.cohorts.signed_off import SignedOff
from lti_tool.programme.cohorts.standing import people_in
from lti_tool.programme.models import Eligibility
from tests.support import programmes
from tests.support.programmes import (
    Course,
    begin_cohort,
    entry_of,
    lead,
    make_course,
    make_programme,
)
from tests.support.visiting import World, make_world


def _text(answer) -> str:
    return answer.get_data(as_text=True)


def _person(world: World, sub: str) -> int:
    with world.database.read() as session:
        return session.scalars(select(Person.id).where(Person.sub == sub)).one()


def _count(world: World, model) -> int:
    with world.database.read() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def course(world: World) -> Course:
    """A cohort that began, with Amara and Ben in it."""
    leader = lead(world)
    world.let_in("5", "participant", name="Amara Okafor", email="amara@school.example")
    world.let_in("6", "participant", name="Ben Ashworth", email="ben@school.example")
    return make_course(leader, starts_on="2025-09-08", title="September 2025")


def test_a_whole_programme_on_both_databases(tmp_path: Path, database: Database) -> None:
    world = make_world(tmp_path, database)
    leader = lead(world)
    world.let_in("5", "participant", name="Amara Okafor", email="amara@school.example")
    made = make_course(leader, starts_on="2025-09-08", title="September 2025")
    page = made.page()
    assert "Amara Okafor" in page and "0 of 40" in page
    with world.database.read() as session:
        context_id = session.scalars(select(Context.id)).one()
        programme, cohort = find_programme(session, context_id), cohort_of(session, context_id)
        assert programme is not None and cohort is not None
        assert [run.context_id for run in runs_of(session, cohort.id)] == [context_id]
        assert list(people_in(session, cohort.id, clock.today())) == [_person(world, "5")]
        key = session.scalars(select(Context.programme_key)).one()
    assert key == f"{world.registration_id}:pg-certificate"
    listed = (
        "Student number,E-mail,Module,Mark,Passed,Board,Date\n"
        "77001,amara@school.example,ed1,61,yes,confirmed,2025-11-10\n"
        "77001,,Provision,44,no,confirmed,2025-11-10\n"
        "99999,,ed1,50,yes,confirmed,2025-11-10\n"
    )
    looked = _text(programmes.bring_list(made, listed))
    assert "<strong>2</strong> new results" in looked and "Nobody of this cohort" in looked
    assert _text(programmes.record_list(made, looked)).count("mend the rows") == 2
    assert programmes.record_list(made, looked, leave_out="y").status_code == 303
    page = made.page()
    assert "20 of 40" in page and "20 of 40 credits are not yet confirmed" in page
    again = _text(programmes.bring_list(made, listed))
    assert "<strong>0</strong> new results" in again and "There is nothing new" in again
    changed = listed.replace("44,no", "52,yes")
    looked = _text(programmes.bring_list(made, changed))
    assert "<strong>1</strong> changed" in looked
    assert programmes.record_list(made, looked, leave_out="y").status_code == 303
    assert _count(world, ModuleResult) == 3, "a changed result is a further row"
    assert "Could get: Postgraduate Certificate" in made.page()
    entry = entry_of(made, "Amara Okafor")
    form = {"kind": "pg_certificate", "decided_on": "2025-11-10", "people": [entry], "reason": ""}
    assert leader.post(f"{made.url}/award", form).status_code == 303
    assert "decided 10 November 2025" in made.page(f"/people/{entry}")


def test_a_programmes_page_has_its_modules_and_cohorts(course: Course) -> None:
    page = _text(course.leader.get(f"programme/cohorts/programmes/{course.programme}"))
    for shown in ("SENCo training", "Context", "Provision", "September 2025", "Begin a cohort"):
        assert shown in page, shown


def test_nasenco_is_closed_to_later_cohorts_whichever_way_round(world: World) -> None:
    leader = lead(world)
    programme = make_programme(leader, "nasenco", "60")
    refused = begin_cohort(leader, programme, starts_on="2024-09-01")
    assert refused.status_code == 422
    assert "closed to cohorts that begin on or after 1 September 2024" in _text(refused)
    assert 'value="September 2026"' in _text(refused), "nothing typed is lost"
    assert begin_cohort(leader, programme, starts_on="2024-08-31").status_code == 303
    other = make_programme(lead(world, "8"), "npq", "0")
    assert begin_cohort(leader, other, starts_on="2025-09-01").status_code == 303
    form = {"title": "X", "route": "nasenco", "credits": "60", "revision": "1"}
    answer = leader.post(f"programme/cohorts/programmes/{other}", form)
    assert answer.status_code == 422 and "closed to cohorts" in _text(answer)


def test_a_status_is_dated_has_a_reason_and_never_overwrites(world: World, course: Course) -> None:
    entry = entry_of(course, "Ben Ashworth")
    place = f"{course.url}/people/{entry}"
    page = course.page(f"/people/{entry}")
    built_on = re.search(r'name="built_on" value="(\d+)"', page)
    assert built_on
    form = {"status": "intermitting", "since_on": "2026-01-12", "built_on": built_on[1]}
    refused = course.leader.post(f"{place}/status", form)
    assert refused.status_code == 422 and "“Reason”" in _text(refused)
    form["reason"] = "Agreed for a year."
    assert course.leader.post(f"{place}/status", form).status_code == 303
    conflict = course.leader.post(f"{place}/status", form)
    assert conflict.status_code == 409 and "Agreed for a year." in _text(conflict)
    page = course.page(f"/people/{entry}")
    assert "from 12 January 2026" in page and "From the course list" in page
    ben = _person(world, "6")
    with world.database.read() as session:
        cohort_id = int(course.cohort)
        before = people_in(session, cohort_id, date(2026, 1, 11)).get(ben)
        after = people_in(session, cohort_id, date(2026, 1, 12))[ben]
    assert before is None or before.status == "active"
    assert after.status == "intermitting" and not after.is_active
    assert "Intermitting (1)" in course.page()


def test_whoever_comes_later_is_brought_in_once(world: World, course: Course) -> None:
    world.let_in("7", "participant", name="Cerys Hughes")
    assert "Cerys Hughes" not in course.page()
    bring_in_due(world.database, world.settings)
    assert "Cerys Hughes" in course.page()
    assert course.leader.post(f"{course.url}/people").status_code == 303
    assert _count(world, Participation) == 3


def test_a_list_that_is_none_and_rows_that_match_nobody(course: Course) -> None:
    assert programmes.bring_list(course, "nothing,here\n1,2\n").status_code == 422
    course.page("/results")
    assert course.leader.post(f"{course.url}/results", {}).status_code == 422
    listed = (
        "Platform user id,Student number,Module,Passed,Board,Date\n"
        "5,100,ed1,yes,confirmed,2025-11-10\n"
        "6,100,ed1,yes,confirmed,2025-11-10\n"
        "6,101,ed9,yes,confirmed,2025-11-10\n"
        "3,102,ed1,yes,confirmed,2025-11-10\n"
        "5,100,ed1,no,confirmed,2025-11-10\n"
    ).replace("2025-11-10", clock.today().isoformat())
    page = _text(programmes.bring_list(course, listed))
    for said in (
        "somebody else’s, here or in this list",
        "No module of the programme is called “ed9”",
        "Nobody of this cohort has this student number",
        "two different results of this attempt",
    ):
        assert said in page
    stale = programmes.record_list(course, page, leave_out="y", shown="0" * 64)
    assert stale.status_code == 409 and "Look at the list again" in _text(stale)


def test_a_list_of_numbers_alone_and_one_typed(world: World, course: Course) -> None:
    page = _text(
        programmes.bring_list(course, "ID number,Email address\n100,amara@school.example\n")
    )
    assert "<strong>1</strong> student numbers" in page
    assert programmes.record_list(course, page).status_code == 303
    place = f"{course.url}/people/{entry_of(course, 'Ben Ashworth')}/number"
    assert course.leader.post(place, {"number": "1 0"}).status_code == 422
    taken = course.leader.post(place, {"number": "100"})
    assert taken.status_code == 409 and "somebody else" in _text(taken)
    assert course.leader.post(place, {"number": "101"}).status_code == 303
    assert _count(world, StudentNumber) == 2
    with world.database.read() as session:
        said = [
            *session.scalars(select(AuditEntry.became)),
            *session.scalars(select(AuditEntry.was)),
        ]
    assert not [one for one in said if one and "101" in str(one.values())], (
        "no numbers in the audit"
    )


def test_nasenco_needs_qts_and_can_be_raised_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    leader = lead(world)
    world.let_in("5", "participant", name="Amara Okafor")
    made = make_course(leader, "nasenco", starts_on="2023-09-04", title="2023")
    today = clock.today().isoformat()
    rows = (f"5,{module},y,confirmed,{today}\n" for module in ("ed1", "ed2"))
    listed = "Platform user id,Module,Passed,Board,Date\n" + "".join(rows)
    page = _text(programmes.bring_list(made, listed))
    assert programmes.record_list(made, page).status_code == 303
    entry = entry_of(made, "Amara Okafor")
    form = {"kind": "nasenco", "decided_on": today, "people": [entry], "reason": "The board knew."}
    refused = leader.post(f"{made.url}/award", form)
    assert refused.status_code == 422 and "Whether they have QTS is not known." in _text(refused)
    form["kind"] = "pg_certificate"
    assert leader.post(f"{made.url}/award", form).status_code == 303
    assert leader.post(f"{made.url}/award", form).status_code == 303
    assert _count(world, Award) == 1, "the same decision again adds nothing"
    with world.database.write() as session:
        session.add(
            Eligibility(
                person_id=_person(world, "5"),
                has_qts=True,
                induction="done",
                senco_since=date(2023, 9, 1),
                is_aspiring=False,
                revision=1,
                updated_at=clock.now(),
            )
        )
    form["kind"] = "nasenco"
    if clock.today() > date(2027, 8, 31):
        assert leader.post(f"{made.url}/award", form).status_code == 422
        return
    form["reason"] = ""
    unknown = leader.post(f"{made.url}/award", form)
    assert unknown.status_code == 422 and "outcomes are not yet signed off" in _text(unknown)
    monkeypatch.setattr(signed_off, "_counting", [])
    signed_off.announce(lambda *_: SignedOff(8, {_person(world, "5"): 8}))
    assert "Can be raised to NASENCo" in made.page()
    assert leader.post(f"{made.url}/award", form).status_code == 303
    with world.database.read() as session:
        kinds = list(session.scalars(select(Award.kind).order_by(Award.id)))
        facts = session.scalars(select(Award.facts).order_by(Award.id.desc())).first()
    assert kinds == ["pg_certificate", "nasenco"]
    assert facts["has_qts"] is True and facts["credits"] == 40 and facts["replaces"] == 1


def test_who_may_not_and_what_is_not_there(world: World, course: Course) -> None:
    tutor, author = world.let_in("3", "tutor"), world.let_in("5", "participant")
    for visitor in (tutor, author):
        for path in ("", f"{course.cohort}", f"programmes/{course.programme}"):
            assert visitor.get(f"programme/cohorts/{path}").status_code == 403
    page = _text(tutor.get("programme/cohorts/"))
    assert "Ask to lead this programme" in page and "Person 9" in page
    for path in ("999", "999/results", "programmes/999", f"{course.cohort}/people/999"):
        assert course.leader.get(f"programme/cohorts/{path}").status_code == 404
    entry = entry_of(course, "Ben Ashworth")
    other = lead(world, "8", context_id="44", context_title="Elsewhere")
    assert other.get(f"programme/cohorts/{course.cohort}/people/{entry}").status_code == 200


def test_an_npq_is_what_the_lead_provider_says(world: World) -> None:
    leader = lead(world)
    world.let_in("5", "participant", name="Amara Okafor")
    made = make_course(leader, "npq", starts_on="2025-09-08", title="2025")
    entry = entry_of(made, "Amara Okafor")
    form = {"kind": "npq_passed", "decided_on": clock.today().isoformat(), "people": [entry]}
    assert "pg_certificate" not in _text(leader.get(f"{made.url}/award"))
    assert leader.post(f"{made.url}/award", {**form, "kind": "nasenco"}).status_code == 422
    assert leader.post(f"{made.url}/award", form).status_code == 303
    assert "NPQ for SENCOs: passed" in made.page()


def test_a_sheet_of_excel_is_read_too(course: Course) -> None:
    from lti_tool.papers.tables import Table, to_xlsx

    data = to_xlsx(
        [Table("S", ("Student number", "User id", "Module", "Mark"), [("100", "5", "ed1", 61)])]
    )
    course.page("/results")
    answer = course.leader.post(
        f"{course.url}/results",
        {"file": (io.BytesIO(data), "list.xlsx")},
        content_type="multipart/form-data",
    )
    assert "<strong>1</strong> new results" in _text(answer)
