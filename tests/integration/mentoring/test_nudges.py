"""Reminders where there was no meeting for some school weeks."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select

from lti_tool.activities.placement_log.mentoring import nudges
from lti_tool.activities.placement_log.models import Meeting
from lti_tool.core import clock
from lti_tool.coursework.models import Assignment, HandedInCopy, Submission
from lti_tool.db import Database
from lti_tool.mail.models import Message
from lti_tool.people.models import Membership
from lti_tool.programme.models import Mentorship
from tests.integration.mentoring.bench import Bench, make_bench
from tests.support.visiting import make_world

START = datetime(2026, 9, 7, 9, tzinfo=UTC)
"""A Monday in term; six school weeks later it is Monday 19 October."""
SIX_WEEKS = datetime(2026, 10, 19, 9, tzinfo=UTC)
IN_HALF_TERM = datetime(2026, 10, 28, 9, tzinfo=UTC)
BOTH = {"meeting_nudge", "mentor_nudge"}


def _begin(tmp_path: Path, database: Database) -> Bench:
    """A bench that began on the first Monday of term."""
    with time_machine.travel(START, tick=False):
        mail = {"LTI_TOOL_MAIL_URL": f"file://{tmp_path}", "LTI_TOOL_MAIL_FROM": "a@uni.example"}
        bench = make_bench(make_world(tmp_path, database, **mail))
    long_ago = START - timedelta(days=90)
    bench.change(Mentorship, started_on=START.date())
    bench.change(Assignment, created_at=long_ago)
    bench.change(Membership, first_seen_at=long_ago)
    return bench


@pytest.fixture
def term(tmp_path: Path, sqlite_template: Path) -> Bench:
    """On a copy of a migrated SQLite file."""
    path = tmp_path / "tool.sqlite"
    shutil.copy(sqlite_template, path)
    return _begin(tmp_path, Database(f"sqlite:///{path}"))


@pytest.fixture
def term_on_both(tmp_path: Path, database: Database) -> Bench:
    """On each database."""
    return _begin(tmp_path, database)


def _sweep(bench: Bench, at: datetime) -> set[str]:
    """What the sweep of a moment newly promises."""
    nudges._rounds.forget()
    before = len(bench.kinds())
    with time_machine.travel(at, tick=False):
        nudges.sweep(bench.world.database, bench.world.settings)
    return set(bench.kinds()[before:])


def _meet(bench: Bench, at: datetime, kind: str = "mentor") -> None:
    with bench.world.database.write() as session:
        session.add(
            Meeting(
                assignment_id=bench.assignment_id,
                person_id=bench.person_id,
                kind=kind,
                mentorship_id=bench.mentorship_id,
                held_on=at.date(),
                minutes=30,
                mode="phone",
                document={},
                document_version=1,
                written_by="mentor",
                revision=1,
                created_at=at,
                updated_at=at,
            )
        )


def test_both_are_reminded_once_in_six_school_weeks(term_on_both: Bench) -> None:
    term = term_on_both
    assert _sweep(term, SIX_WEEKS - timedelta(days=3)) == set()
    assert _sweep(term, SIX_WEEKS) == BOTH
    assert _sweep(term, SIX_WEEKS) == _sweep(term, SIX_WEEKS + timedelta(days=1)) == set()
    with time_machine.travel(SIX_WEEKS, tick=False):
        facts = term.facts("mentor_nudge")
        assert facts.values["weeks"] == "6" and facts.values["participant"] == "Person 5"
        assert term.facts("meeting_nudge").address == "5@uni.example"
    six_more = datetime(2026, 12, 7, 9, tzinfo=UTC)
    assert _sweep(term, six_more - timedelta(days=3)) == set(), "half-term does not count"
    assert _sweep(term, six_more) == BOTH


def test_a_meeting_starts_the_count_anew(term: Bench) -> None:
    _meet(term, START + timedelta(days=21))
    assert _sweep(term, SIX_WEEKS) == set()
    later = datetime(2026, 11, 16, 9, tzinfo=UTC)
    assert _sweep(term, later) == BOTH
    _meet(term, later)
    with time_machine.travel(later, tick=False):
        assert term.facts("mentor_nudge").is_moot and term.facts("meeting_nudge").is_moot


def test_a_tutorial_is_no_meeting_with_the_mentor(term: Bench) -> None:
    _meet(term, START + timedelta(days=21), "tutorial")
    assert _sweep(term, SIX_WEEKS) == BOTH


def test_nobody_is_reminded_who_should_not_be(term: Bench) -> None:
    assert _sweep(term, IN_HALF_TERM) == set(), "holidays"
    assert _sweep(term, SIX_WEEKS + timedelta(days=5)) == set(), "a weekend"
    settings = term.world.settings
    term.world.settings = replace(settings, mail_url="")
    assert _sweep(term, SIX_WEEKS) == set(), "no mail is sent"
    term.world.settings = settings
    for table, off, on in (
        (Membership, {"is_active": False}, {"is_active": True}),
        (Assignment, {"closed_at": START}, {"closed_at": None}),
        (Mentorship, {"ended_on": START.date()}, {"ended_on": None}),
    ):
        term.change(table, **off)
        assert _sweep(term, SIX_WEEKS) == set(), table
        term.change(table, **on)
    _hand_in(term)
    assert _sweep(term, SIX_WEEKS) == set(), "handed in"
    term.change(HandedInCopy, taken_back_at=SIX_WEEKS)
    assert _sweep(term, SIX_WEEKS) == BOTH, "taken back, so it is worked on again"


def _hand_in(bench: Bench) -> None:
    with bench.world.database.write() as session:
        values = {"document": {}, "document_version": 1}
        work = Submission(
            assignment_id=bench.assignment_id,
            person_id=bench.person_id,
            attempt=1,
            revision=1,
            created_at=clock.now(),
            updated_at=clock.now(),
            **values,
        )
        session.add(work)
        session.flush()
        session.add(
            HandedInCopy(
                submission_id=work.id,
                document_digest="",
                declarations={},
                receipt="ABCD",
                handed_in_at=clock.now(),
                **values,
            )
        )


def test_it_looks_at_most_once_an_hour(term: Bench) -> None:
    assert _sweep(term, SIX_WEEKS) == BOTH
    with term.world.database.write() as session:
        for message in session.scalars(select(Message)):
            session.delete(message)
    with time_machine.travel(SIX_WEEKS + timedelta(minutes=59), tick=False):
        nudges.sweep(term.world.database, term.world.settings)
    assert term.kinds() == []
