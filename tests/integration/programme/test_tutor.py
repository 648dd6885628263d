"""What tutors see and record: the cohort, one person, the file; nothing overwritten unseen."""

import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest
import time_machine
from sqlalchemy import select

from lti_tool.people.models import Membership, Person
from lti_tool.people.operations import keep_membership, keep_person
from lti_tool.programme import eligibility, schools
from lti_tool.programme.models import DbsCheck, Eligibility, School, SchoolAgreement
from lti_tool.programme.posts import school_of
from tests.integration.programme.steps import (
    AGREES,
    acts_of,
    asks,
    link_path,
    open_link,
    participant,
    rows_of,
    text_of,
)
from tests.support.statements import heard
from tests.support.visiting import Visitor, World

DBS = {"level": "enhanced", "workforce": "child", "issued_on": "2026-01-12",
       "update_service_on": "", "checked_by": "School office",
       "checked_on": "2026-01-20"}  # fmt: skip
HEADINGS = (
    "Participant,E-mail,QTS,Induction,School,URN,Working there since,School agreed,Agreed on,"
    "Days of release,Mentor,Mentor’s e-mail,Mentor’s role,DBS level,DBS workforce,DBS issued on,"
    "DBS checked by,DBS checked on\n"
)
WHOLE = (
    "Person 5,p5@ashgrove.sch.uk,yes,Completed,Ashgrove Primary,116123,1/9/2020,yes,2026-10-01,5,"
    "Owen Blake,o.blake@ashgrove.sch.uk,A senior SENCO,Enhanced,Child workforce,12/01/2026,"
    "School office,20/01/2026\n"
)


@pytest.fixture(autouse=True)
def _in_term() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 9, 10, 0, tzinfo=UTC), tick=True):
        yield


def _number(world: World, sub: str = "5") -> int:
    with world.database.read() as session:
        found = session.scalar(
            select(Membership.id)
            .join(Person, Person.id == Membership.person_id)
            .where(Person.sub == sub)
        )
    assert found is not None
    return found


def _tutor(world: World) -> Visitor:
    tutor = world.let_in("3", "tutor")
    tutor.get("programme/cohort/")
    return tutor


def _seen(page: str) -> str:
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found is not None
    return found.group(1)


def _record(tutor: Visitor, number: int, what: str, data: dict[str, str]) -> Any:
    seen = _seen(text_of(tutor.get(f"programme/cohort/{number}/{what}")))
    return tutor.post(f"programme/cohort/{number}/{what}", {"seen": seen, **data})


def test_a_tutor_records_all_by_form_and_the_other_tutor_is_told(both: World) -> None:
    participant(both)
    tutor, number = _tutor(both), _number(both)
    early = _record(tutor, number, "mentor",
                    {"name": "O", "email": "o@gmail.com", "role": "leadership"})  # fmt: skip
    assert early.status_code == 409 and "Record the school first" in text_of(early)
    school = {"name": "Ashgrove", "urn": "", "phase": "", "kind": "", "started_on": "2020-09-01"}
    assert _record(tutor, number, "school", school).status_code == 303
    mentor = {"name": "Owen", "email": "o@gmail.com", "role": "leadership"}
    assert _record(tutor, number, "mentor", mentor).status_code == 303
    agreement = {"agreed_on": "2026-10-01", "release_days": "5"}
    assert _record(tutor, number, "agreement", agreement).status_code == 303
    stale = _seen(text_of(tutor.get(f"programme/cohort/{number}/dbs")))
    assert _record(tutor, number, "dbs", DBS).status_code == 303
    second = tutor.post(f"programme/cohort/{number}/dbs", {"seen": stale, **DBS, "level": "basic"})
    assert second.status_code == 409 and "Somebody else recorded this" in text_of(second)
    assert re.search('<input checked[^>]*value="basic"', text_of(second)), "nothing typed is lost"
    standing = {"qts": "yes", "induction": "done", "senco_since": "2025-09-01", "trn": "1234567"}
    assert _record(tutor, number, "standing", standing).status_code == 303
    page = text_of(tutor.get(f"programme/cohort/{number}"))
    assert "Nothing is missing" in page and "1234567" in page and "1 September 2028" in page
    assert "o@gmail.com, is of a free mail service" in page
    assert "Recorded by a tutor: QTS, induction, the day they became a SENCO, the TRN" in page
    listed = text_of(tutor.get("programme/cohort/?lacks=any"))
    assert "Nobody under this choice" in listed
    assert "Something to look at (1)" in listed
    bad = _record(tutor, number, "standing", {**standing, "is_aspiring": "y"})
    assert bad.status_code == 422 and "not a SENCO yet has no such day" in text_of(bad)
    closed = _record(
        tutor,
        number,
        "standing",
        {**standing, "qualification": "nasenco", "course_began_on": "2025-09-01"},
    )
    assert closed.status_code == 422 and "NASENCo is closed to anyone" in text_of(closed)


def test_a_wrong_check_is_withdrawn_and_a_mentor_ended(world: World) -> None:
    visitor = participant(world)
    asks(visitor)
    open_link(world, link_path(world)).post(AGREES)
    tutor, number = _tutor(world), _number(world)
    page = text_of(tutor.get(f"programme/cohort/{number}"))
    seen = re.findall(r'name="seen" value="(\d+)"', page)
    assert len(seen) == 2, "of the mentor and of the check"
    before = rows_of(world)
    for act in ("dbs/withdraw", "mentor/end"):
        assert tutor.post(f"programme/cohort/{number}/{act}", {"seen": "999"}).status_code == 409
    assert rows_of(world) == before
    withdrawn = tutor.post(f"programme/cohort/{number}/dbs/withdraw", {"seen": seen[1]})
    ended = tutor.post(f"programme/cohort/{number}/mentor/end", {"seen": seen[0]})
    assert withdrawn.status_code == ended.status_code == 303
    page = text_of(tutor.get(f"programme/cohort/{number}"))
    assert "was withdrawn as wrong" in page and "ended by a tutor" in page
    assert {"DBS check withdrawn", "mentorship ended"} <= set(acts_of(world))


def test_nobody_sees_another_course(world: World) -> None:
    participant(world)
    elsewhere = world.let_in("9", "tutor", context_id="77", context_title="Another")
    elsewhere.get("programme/cohort/")
    number = _number(world)
    before = rows_of(world)["dbs_check"]
    assert elsewhere.get(f"programme/cohort/{number}").status_code == 404
    assert elsewhere.get(f"programme/cohort/{number}/dbs").status_code == 404
    sent = elsewhere.post(f"programme/cohort/{number}/dbs", {"seen": "0", **DBS})
    assert sent.status_code == 404
    assert "Person 5" not in text_of(elsewhere.get("programme/file/template.csv"))
    assert rows_of(world)["dbs_check"] == before
    visitor = participant(world)
    for path in ("cohort/", f"cohort/{number}", "file/", "file/template.csv"):
        assert visitor.get(f"programme/{path}").status_code == 403
    assert _tutor(world).get("programme/").status_code == 403


def _bring(tutor: Visitor, text: str | bytes, name: str = "c.csv") -> Any:
    data = text.encode() if isinstance(text, str) else text
    return tutor.post(
        "programme/file/",
        {"file": (io.BytesIO(data), name)},
        content_type="multipart/form-data",
    )


def _keep(tutor: Visitor, preview: str) -> Any:
    file_data = re.search(r'name="file_data" value="([^"]+)"', preview)
    assert file_data is not None
    return tutor.post(
        "programme/file/",
        {"act": "keep", "file_data": file_data.group(1), "seen": _seen(preview)},
    )


def test_a_file_is_shown_row_by_row_and_kept_once_confirmed(both: World) -> None:
    for sub in ("5", "6"):
        participant(both, sub)
    tutor = _tutor(both)
    before = rows_of(both)
    rows = (
        HEADINGS + WHOLE + "Person 6,,perhaps,,,,,,,,,,,Enhanced,,,,\nNobody,,yes,,,,,,,,,,,,,,,\n"
    )
    preview = text_of(_bring(tutor, rows))
    assert "3 rows: 1 would change something, 0 nothing, 2 cannot be taken" in preview
    for line in ("Row 3, QTS: Enter yes or no", "Row 3, DBS issued on: Enter this too",
                 "Row 4, Participant: Nobody who takes part"):  # fmt: skip
        assert line in preview, line
    assert rows_of(both) == before, "nothing is written until it is confirmed"
    assert _keep(tutor, preview).status_code == 303
    page = text_of(tutor.get(f"programme/cohort/{_number(both)}"))
    assert "Nothing is missing" in page and "Ashgrove Primary" in page
    assert acts_of(both).count("facts brought in") == 1
    again = _keep(tutor, preview)
    assert again.status_code == 409 and "has changed since you looked" in text_of(again)
    same = text_of(_bring(tutor, HEADINGS + WHOLE))
    assert "0 would change something, 1 nothing" in same and "Keep" not in same


def test_the_template_comes_back_without_a_change_and_holds_no_formula(world: World) -> None:
    participant(world, name="=HYPERLINK(1)")
    tutor = _tutor(world)
    name = HEADINGS + WHOLE.replace("Person 5", "")
    assert _keep(tutor, text_of(_bring(tutor, name))).status_code == 303
    for ending in ("csv", "xlsx"):
        answer = tutor.get(f"programme/file/template.{ending}")
        assert "attachment" in answer.headers["Content-Disposition"]
        preview = text_of(_bring(tutor, answer.data, f"c.{ending}"))
        assert "1 row: 0 would change" in preview, ending
    book = openpyxl.load_workbook(io.BytesIO(tutor.get("programme/file/template.xlsx").data))
    cell = book.worksheets[0]["A2"]
    assert cell.value == "=HYPERLINK(1)" and cell.data_type == "s"
    assert b"'=HYPERLINK" in tutor.get("programme/file/template.csv").data


def test_files_that_do_not_fit_the_people(world: World) -> None:
    for sub in ("5", "6"):
        participant(world, sub, name="Kim Lee")
    tutor = _tutor(world)
    for rows, sentence in (
        ("Participant,QTS\nKim Lee,yes\n", "Several participants have this name"),
        ("E-mail,QTS\np5@ashgrove.sch.uk,yes\nP5@ashgrove.sch.uk,no\n", "Two rows are about"),
        ("E-mail,Mentor,Mentor’s e-mail,Mentor’s role\np5@ashgrove.sch.uk,O,o@x.org,Deputy\n",
         "Enter one of: A member of the leadership team"),
        ("E-mail,DBS certificate number\np5@ashgrove.sch.uk,0012\n", "Never read, because"),
        ("E-mail,School\np5@ashgrove.sch.uk,Ashgrove\n", "Enter since when they work there"),
        ("E-mail,School agreed,Agreed on\np5@ashgrove.sch.uk,yes,1/10/2026\n",
         "Enter the school too"),
    ):  # fmt: skip
        answer = _bring(tutor, rows)
        assert answer.status_code == 200 and sentence in text_of(answer), sentence
    assert _bring(tutor, b"\x00").status_code == 422
    assert tutor.post("programme/file/").status_code == 422


def _fill(world: World, context_id: int, first: int, last: int) -> None:
    with world.database.write() as session:
        for number in range(first, last):
            person_id = keep_person(session, 1, f"x{number}", {"name": f"Someone {number}"})
            keep_membership(session, context_id, person_id, "participant")


def test_a_cohort_of_any_size_takes_as_many_queries(world: World) -> None:
    participant(world)
    tutor = _tutor(world)
    with world.database.read() as session:
        context_id = session.scalars(select(Membership.context_id)).first() or 0
    _fill(world, context_id, 0, 3)
    with heard(world.database) as few:
        tutor.get("programme/cohort/")
    _fill(world, context_id, 3, 500)
    with heard(world.database) as many:
        page = text_of(tutor.get("programme/cohort/?lacks=dbs&page=2"))
    assert "Page 2 of 6" in page and len(many) == len(few) <= 20, len(many)


def test_schools_are_known_by_urn_and_filled_in_never_overwritten(both: World) -> None:
    with both.database.write() as session:
        first = schools.keep_school(session, both.registration_id, urn="116123",
                                    name="Ashgrove", phase="", kind="")  # fmt: skip
        again = schools.keep_school(session, both.registration_id, urn="116123",
                                    name="Another name", phase="primary", kind="")  # fmt: skip
        bare = schools.keep_school(session, both.registration_id, urn=None, name="ASHGROVE",
                                   phase="", kind="")  # fmt: skip
        assert first == again != bare
        found = schools.find_school(session, first, both.registration_id)
        assert found is not None and (found.name, found.phase) == ("Ashgrove", "primary")
        assert schools.find_school(session, first, both.registration_id + 1) is None
        assert [one.id for one in schools.suggest(session, both.registration_id, "ash")] == [
            first,
            bare,
        ]
        assert schools.suggest(session, both.registration_id, "as") == []
        assert schools.suggest(session, both.registration_id, "%%%") == []
        assert len(session.scalars(select(School)).all()) == 2


def test_what_other_parts_ask(world: World) -> None:
    visitor = participant(world)
    asks(visitor)
    open_link(world, link_path(world)).post(AGREES)
    config_dir = world.settings.config_dir
    with world.database.read() as session:
        person_id = session.scalars(select(DbsCheck.person_id)).one()
        assert eligibility.find_dbs(session, person_id) is not None
        missing = eligibility.list_missing(session, config_dir, person_id, date(2026, 11, 9))
        assert [one.what for one in missing] == ["qts"]
        later = eligibility.list_missing(session, config_dir, person_id, date(2031, 1, 1))
        assert [one.what for one in later] == ["dbs", "qts"]
        assert school_of(session, person_id, date(2019, 1, 1)) is None
        found = school_of(session, person_id, date(2026, 1, 1))
        assert found is not None and found.urn == "116123"
        assert session.scalars(select(Eligibility.senco_since)).one() == date(2025, 9, 1)
        assert session.scalars(select(SchoolAgreement.source)).one() == "school"
