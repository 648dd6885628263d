"""Messages to guests: the address is made when the message leaves, by whoever keeps the link."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from lti_tool.core import clock
from lti_tool.mail import links
from lti_tool.mail.outbox import EXAMINER_LINK, RELEASED, tell, withdraw
from lti_tool.people.models import Guest, GuestLink
from tests.integration.mail.bench import Bench
from tests.support.mail_sink import MailSink


@pytest.fixture
def makers() -> Iterator[None]:
    """The makers of addresses, put back afterwards."""
    before = dict(links._makers)
    yield
    links._makers.clear()
    links._makers.update(before)


def _invite(bench: Bench, *, is_revoked: bool = False) -> int:
    with bench.database.write() as session:
        guest = Guest(
            registration_id=bench.course.registration_id,
            name="Prof. Examiner",
            email="examiner@other.example",
            created_at=clock.now(),
        )
        session.add(guest)
        session.flush()
        link = GuestLink(
            guest_id=guest.id,
            token_digest="d",
            purpose="examiner",
            subject_kind="assignment",
            subject_id=bench.assignment.id,
            expires_at=clock.now() + timedelta(days=14),
            revoked_at=clock.now() if is_revoked else None,
            created_at=clock.now(),
        )
        session.add(link)
        session.flush()
        number = tell(
            session,
            EXAMINER_LINK,
            once="link:1",
            guest_id=guest.id,
            context_id=bench.course.context_id,
            assignment_id=bench.assignment.id,
            about={"link": link.id, "expires_at": clock.now().isoformat()},
        )
    assert number is not None
    return number


def test_an_examiner_gets_their_address(bench: Bench, sink: MailSink, makers: None) -> None:
    def make(_session: Any, settings: Any, about: dict[str, Any]) -> str:
        return f"{settings.base_url}/guest/{about['link']}"

    links.register(EXAMINER_LINK, make)
    number = _invite(bench)
    bench.work()
    assert bench.state(number) == ("sent", None)
    (taken,) = sink.taken
    body = taken.message.get_body(("plain",))
    assert taken.recipients == ["examiner@other.example"] and body is not None
    assert f"{bench.settings.base_url}/guest/1" in body.get_content()
    assert "Examiner" not in str(taken.message), "nobody is named"
    assert "guest" not in str(bench.row(number).about), "the address is kept nowhere"


def test_a_link_that_was_taken_back_is_not_sent(bench: Bench, sink: MailSink, makers: None) -> None:
    links.register(EXAMINER_LINK, lambda *_: "https://tool.example/guest/1")
    number = _invite(bench, is_revoked=True)
    bench.work()
    assert bench.state(number) == ("cancelled", "moot") and sink.taken == []


def test_where_nobody_makes_the_address_nothing_is_sent(
    bench: Bench, sink: MailSink, makers: None
) -> None:
    links._makers.clear()
    number = _invite(bench)
    bench.work()
    assert bench.state(number) == ("cancelled", "moot") and sink.taken == []


def test_a_promise_can_be_withdrawn_until_it_leaves(bench: Bench, sink: MailSink) -> None:
    number = bench.tell(once="9")
    for expected in (True, False):
        with bench.database.write() as session:
            was = withdraw(session, RELEASED, once="9", person_id=bench.person_id)
        assert was is expected
    bench.work()
    assert bench.state(number) == ("cancelled", "withdrawn") and sink.taken == []
    gone = bench.tell(once="10")
    bench.work()
    with bench.database.write() as session:
        assert not withdraw(session, RELEASED, once="10", person_id=bench.person_id)
    assert bench.state(gone) == ("sent", None)
