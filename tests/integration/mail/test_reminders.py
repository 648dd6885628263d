"""Reminders: a week and a day before, once each, and never of what is no longer true."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import update

from lti_tool.core import clock as our_clock
from lti_tool.coursework import reminders
from lti_tool.coursework.models import Assignment, Extension, FurtherAttempt
from lti_tool.mail.outbox import DUE_SOON
from tests.integration.mail.bench import Bench
from tests.support.mail_sink import MailSink

DAY = timedelta(days=1)


def _due_in(bench: Bench, after: timedelta) -> datetime:
    due_at = our_clock.now() + after
    with bench.database.write() as session:
        session.execute(
            update(Assignment).where(Assignment.id == bench.assignment.id).values(due_at=due_at)
        )
    return due_at


def _remind(bench: Bench) -> list[Any]:
    """The sweep, as if its ten minutes had passed."""
    reminders._rounds.forget()
    reminders.remind(bench.database, bench.settings)
    return bench.rows(DUE_SOON)


def _agree(bench: Bench, person_id: int | None, due_at: datetime) -> None:
    with bench.database.write() as session:
        session.add(
            Extension(
                assignment_id=bench.assignment.id,
                person_id=person_id,
                due_at=due_at,
                reason="",
                granted_by_id=bench.course.tutor_id,
                created_at=our_clock.now(),
            )
        )


def test_a_week_and_a_day_before_once_each(
    bench: Bench, sink: MailSink, clock: time_machine.Traveller
) -> None:
    _due_in(bench, 8 * DAY)
    assert _remind(bench) == []
    clock.shift(1.5 * DAY)
    assert len(_remind(bench)) == 1
    assert len(_remind(bench)) == 1
    bench.work()
    clock.shift(5 * DAY)
    assert len(_remind(bench)) == 1
    clock.shift(0.6 * DAY)
    assert len(_remind(bench)) == 2
    bench.work()
    clock.shift(3 * DAY)
    assert len(_remind(bench)) == 2, "the date has passed"
    subjects = [one.message["Subject"] for one in sink.taken]
    assert subjects == ["Due soon: Provision-map audit (Module 1)"] * 2


def test_who_has_handed_in_is_left_alone(bench: Bench, sink: MailSink) -> None:
    _due_in(bench, 5 * DAY)
    bench.hand_in()
    other = bench.add_person("6")
    assert [row.person_id for row in _remind(bench)] == [other]


def test_handing_in_before_it_leaves_cancels_it(bench: Bench, sink: MailSink) -> None:
    _due_in(bench, 5 * DAY)
    (row,) = _remind(bench)
    bench.hand_in()
    bench.work()
    assert bench.state(row.id) == ("cancelled", "moot")
    assert [one.message["Subject"].split(":")[0] for one in sink.taken] == ["Handed in"]


def test_a_date_that_is_moved_cancels_it_and_brings_another(bench: Bench, sink: MailSink) -> None:
    _due_in(bench, 5 * DAY)
    (first,) = _remind(bench)
    _due_in(bench, 6 * DAY)
    _, second = _remind(bench)
    bench.work()
    assert bench.state(first.id) == ("cancelled", "moot")
    assert bench.state(second.id) == ("sent", None)


@pytest.mark.parametrize("is_for_all", [False, True])
def test_an_agreed_later_date_counts(bench: Bench, is_for_all: bool) -> None:
    due_at = _due_in(bench, 5 * DAY)
    other = bench.add_person("6")
    _agree(bench, None if is_for_all else bench.person_id, due_at + 20 * DAY)
    assert [row.person_id for row in _remind(bench)] == ([] if is_for_all else [other])


def test_a_further_attempt_has_a_date_of_its_own(bench: Bench) -> None:
    _due_in(bench, -30 * DAY)
    bench.hand_in()
    with bench.database.write() as session:
        session.add(
            FurtherAttempt(
                assignment_id=bench.assignment.id,
                person_id=bench.person_id,
                attempt=2,
                due_at=our_clock.now() + 5 * DAY,
                is_capped=True,
                reason="",
                opened_by_id=bench.course.tutor_id,
                opened_at=our_clock.now(),
            )
        )
    assert [row.person_id for row in _remind(bench)] == [bench.person_id]


def test_closed_work_and_copies_nobody_looked_at_remind_nobody(bench: Bench) -> None:
    for values in ({"closed_at": our_clock.now()}, {"copied_from_id": bench.assignment.id}):
        _due_in(bench, 5 * DAY)
        with bench.database.write() as session:
            session.execute(
                update(Assignment)
                .where(Assignment.id == bench.assignment.id)
                .values(closed_at=None, **values)
                if "closed_at" not in values
                else update(Assignment).where(Assignment.id == bench.assignment.id).values(**values)
            )
        assert _remind(bench) == []


def test_without_a_mail_server_none_are_promised(bench: Bench) -> None:
    from dataclasses import replace

    _due_in(bench, 5 * DAY)
    reminders._rounds.forget()
    reminders.remind(bench.database, replace(bench.settings, mail_url=""))
    assert bench.rows(DUE_SOON) == []
