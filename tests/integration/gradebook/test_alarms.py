"""A mark that needs a person: those who released marks here hear of it, once a day."""

import time_machine
from sqlalchemy import select
from werkzeug.wrappers import Response

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


def test_a_good_delivery_tells_nobody(bench: Bench) -> None:
    bench.release(62)
    bench.drain()
    assert _told(bench) == []
