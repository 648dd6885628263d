"""A mark that needs a person: those who released marks here hear of it, once a day."""

import pytest
import time_machine
from sqlalchemy import select
from werkzeug.wrappers import Response

from lti_tool.gradebook import worker
from lti_tool.gradebook.operations import retry
from lti_tool.gradebook.queries import get_standing
from lti_tool.mail.models import Message
from lti_tool.mail.outbox import NEEDS_PERSON
from lti_tool.people.operations import keep_membership, keep_person
from tests.integration.gradebook.bench import Bench


def _told(bench: Bench) -> list[int | None]:
    with bench.database.read() as session:
        return list(
            session.scalars(
                select(Message.person_id).where(Message.kind == NEEDS_PERSON).order_by(Message.id)
            )
        )


def test_who_released_hears_once_a_day(bench: Bench, clock: time_machine.Traveller) -> None:
    with bench.database.write() as session:
        other = keep_person(session, bench.course.platform_id, "4", {"name": "Dr Other"})
        keep_membership(session, bench.course.context_id, other, "tutor")
    delivery_id = bench.release(62)
    for sub in ("6", "7"):
        bench.release(55, sub)
    bench.platform.trouble("score", times=10, answer=lambda: Response(status=403))
    bench.drain()
    assert set(bench.states().values()) == {"needs_person"}
    assert _told(bench) == [bench.course.tutor_id], "one message for three marks, to one marker"
    clock.shift(26 * 3600)
    bench.change(delivery_id, state="waiting", due_at=bench.row(delivery_id).updated_at)
    bench.platform.trouble("score", times=10, answer=lambda: Response(status=403))
    bench.drain()
    assert _told(bench) == [bench.course.tutor_id] * 2


@pytest.mark.parametrize("is_ours", [False, True])
def test_a_mark_that_fails_for_a_day_is_put_to_a_person(
    bench: Bench, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch, is_ours: bool
) -> None:
    """The platform is there, and takes other marks; or the fault is ours."""
    delivery_id = bench.release(62)
    if is_ours:
        monkeypatch.setattr(worker, "send", None)
    else:
        answer = Response("Error writing to database", 500)
        bench.platform.trouble("score", times=9, answer=lambda: answer)
    bench.drain()
    clock.shift(23 * 3600)
    bench.drain()
    assert bench.row(delivery_id).state == "waiting" and _told(bench) == []
    clock.shift(3600)
    bench.drain()
    row = bench.row(delivery_id)
    assert row.state == "needs_person" and _told(bench) == [bench.course.tutor_id]
    with bench.database.read() as session:
        words = get_standing(session, delivery_id, (bench.course.context_id,)).words
    assert "for a day" in words and "send again" in words
    monkeypatch.undo()
    bench.platform.troubles.clear()
    with bench.database.write() as session:
        retry(session, None)
    bench.drain()
    assert bench.shown() == 62


def test_a_good_delivery_tells_nobody(bench: Bench) -> None:
    bench.release(62)
    bench.drain()
    assert _told(bench) == []
