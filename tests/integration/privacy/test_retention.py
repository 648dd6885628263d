"""Deleting by time: each record type with the clock moved, what waits, and what is held back."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from lti_tool.core.errors import Unusable
from lti_tool.privacy.holdings import list_holdings
from lti_tool.programme.dates import add_months
from lti_tool.programme.keeping import deleting
from lti_tool.programme.keeping.terms import RECORDS, load_retention
from tests.integration.privacy.bench import Bench, on_sqlite
from tests.support.builders import CONFIG

BEGAN = datetime(2026, 9, 25, 12, 0, tzinfo=UTC)
"""When everything in these tests was written and ended."""
EXPECTED: list[tuple[str, int, set[str]]] = [
    ("messages", 6, {"message"}),
    ("dbs_facts", 6, {"dbs_check"}),
    ("drafts", 12, {"earlier_draft"}),
    ("school_facts", 12, {"eligibility", "post", "school_agreement"}),
    ("guest_links", 24, {"guest_link", "guest_visit", "mentor_door"}),
    (
        "assessed_work",
        60,
        {
            "allocation",
            "attendance",
            "banked_comment",
            "candidate",
            "confidence",
            "confirmation",
            "delivery",
            "delivery_attempt",
            "evidence_claim",
            "evidence_piece",
            "examiner_comment",
            "extension",
            "further_attempt",
            "handed_in_copy",
            "hold",
            "judgement",
            "meeting",
            "mentor_question",
            "mentorship",
            "moderation_piece",
            "outcome",
            "partner_visit",
            "release",
            "remark",
            "shown_result",
            "submission",
            "visit_step",
        },
    ),
    ("guests", 60, {"guest", "guest_signature"}),
    (
        "awards",
        72,
        {"award", "module_result", "outcome_state", "participation", "student_number"},
    ),
    ("audit", 72, {"audit_entry"}),
]
"""Record type, months after which it goes, and the tables that it takes rows from."""


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """The clock of this process, to be moved."""
    deleting._rounds.forget()
    with time_machine.travel(BEGAN, tick=False) as traveller:
        yield traveller


def _at(traveller: time_machine.Traveller, months: int, days: int) -> None:
    day = add_months(BEGAN.date(), months)
    traveller.move_to(datetime(day.year, day.month, day.day, 12, tzinfo=UTC) + timedelta(days=days))


def _delete(bench: Bench, *records: str) -> set[str]:
    terms = load_retention(CONFIG)
    with bench.world.database.write() as session:
        gone = deleting.delete_over(session, [terms[one] for one in records])
    assert {one.term.record for one in gone} <= set(records)
    return {one.table for one in gone}


def test_each_record_type_goes_when_its_time_is_over_and_not_before(
    bench: Bench, clock: time_machine.Traveller
) -> None:
    for made in (bench.anna, bench.ben):
        bench.change("message", made, state="sent")
    for record, months, tables in EXPECTED:
        # messages count in days, 180 of which are a little less than six months
        _at(clock, months, -5 if record == "messages" else 0)
        if record != "guests":  # they wait for what names them, which has just gone
            assert _delete(bench, record) == set(), record
        _at(clock, months, 2)
        gone = _delete(bench, record)
        assert gone == tables, record
        for table in tables:
            assert bench.row(table, bench.anna) is None, (record, table)
    assert {one for one, _, _ in EXPECTED} | {"people"} == set(RECORDS)
    used = {one.keeps.record for one in list_holdings() if one.keeps is not None}
    assert used == set(RECORDS) - {"people"}, "every type has rows, and every row a type"
    assert "anna" not in str(bench.everything()["submission"])


def test_people_are_erased_when_their_courses_are_long_over(
    bench: Bench, clock: time_machine.Traveller
) -> None:
    bench.change("grant", bench.anna, revoked_at=BEGAN)
    bench.change("grant", bench.ben, revoked_at=None)
    people = [load_retention(CONFIG)["people"]]
    _at(clock, 72, 0)
    assert deleting.list_people_over(bench.world.database, people) == []
    _at(clock, 72, 2)
    assert deleting.list_people_over(bench.world.database, people) == [bench.anna.person_id]
    with bench.world.database.write() as session:
        deleting.erase_person(session, bench.anna.person_id)
    assert bench.row("person", bench.anna).name is None
    assert bench.row("person", bench.ben).name == "ben-person-name", "holds a role given here"
    assert deleting.list_people_over(bench.world.database, people) == []


@on_sqlite
def test_what_is_held_back_is_kept_whatever_its_time(
    bench: Bench, clock: time_machine.Traveller
) -> None:
    bench.change("hold", bench.ben, lifted_at=None, kind="appeal")
    _at(clock, 72, 2)
    assert "submission" in _delete(bench, "assessed_work", "drafts")
    assert bench.row("submission", bench.anna) is None
    for table in ("submission", "handed_in_copy", "judgement", "delivery", "partner_visit"):
        assert bench.row(table, bench.ben) is not None, table
    people = [load_retention(CONFIG)["people"]]
    assert bench.ben.person_id not in deleting.list_people_over(bench.world.database, people)


@on_sqlite
def test_a_course_that_goes_on_keeps_everything(
    bench: Bench, clock: time_machine.Traveller
) -> None:
    _at(clock, 60, 2)
    bench.change("submission", bench.ben, updated_at=datetime.now(UTC))
    assert _delete(bench, "assessed_work") <= {"evidence_claim", "evidence_piece", "confidence"}
    assert bench.row("submission", bench.anna) is not None


@on_sqlite
def test_the_worker_carries_out_what_is_switched_on_once_a_day(
    bench: Bench, clock: time_machine.Traveller
) -> None:
    for made in (bench.anna, bench.ben):
        bench.change("message", made, state="sent")
    _at(clock, 24, 2)
    before = bench.everything()
    deleting.carry_out_due(bench.world.database, bench.world.settings)
    after = bench.everything()
    assert after["message"] == []
    differing = {name for name in before if before[name] != after[name]}
    assert differing == {"message", "audit_entry"}, "no other type is switched on as it ships"
    note = str(after["audit_entry"][-1])
    assert "records deleted by time" in note and "{'message': 2}" in note
    bench.change("person", bench.anna, name="A")
    deleting.carry_out_due(bench.world.database, bench.world.settings)
    assert bench.everything()["audit_entry"] == after["audit_entry"]


@on_sqlite
def test_the_dry_run_shows_every_type_and_changes_nothing(
    bench: Bench, clock: time_machine.Traveller
) -> None:
    _at(clock, 72, 2)
    before = bench.everything()
    shown = bench.type("retention", "--dry-run")
    assert shown.returncode == 0, shown.stderr
    assert bench.everything() == before
    for record in RECORDS:
        assert re.search(rf"^{record}: kept \d+ ", shown.stdout, re.MULTILINE), record
    assert re.search(r"^ +2  handed_in_copy$", shown.stdout, re.MULTILINE)
    assert "Switched off" in shown.stdout and "anna" not in shown.stdout
    done = bench.type("retention")
    assert done.returncode == 0
    assert bench.row("handed_in_copy", bench.anna) is not None, "it is switched off"


def test_a_wrong_file_stops_the_start_and_names_the_line(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    whole = (CONFIG / "rules" / "retention.yaml").read_text("utf-8")
    (tmp_path / "rules" / "retention.yaml").write_text(whole.replace("unit: days", "unit: hours"))
    with pytest.raises(Unusable, match="messages: “unit”"):
        load_retention(tmp_path)


def test_every_time_has_a_source() -> None:
    for term in load_retention(CONFIG).values():
        assert term.source.startswith(("Office for Students", "our suggestion")), term.record
        assert term.is_carried_out is (term.record == "messages")
