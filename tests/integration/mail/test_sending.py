"""Sending by a real mail server: what arrives, what is refused, what is tried again."""

from pathlib import Path

import pytest
import time_machine

from lti_tool.mail import outbox, smtp
from lti_tool.mail.choices import choose
from tests.integration.mail.bench import ADDRESS, Bench
from tests.support.mail_sink import PASSWORD, USER, MailSink, mail_sink, make_certificate

DAY = 24 * 3600


def test_a_message_arrives_once(bench: Bench, sink: MailSink) -> None:
    number = bench.tell()
    assert bench.work() is None
    row = bench.row(number)
    assert (row.state, row.lease, row.sent_at is not None) == ("sent", None, True)
    bench.work()
    (taken,) = sink.taken
    assert (taken.sender, taken.recipients) == ("senco@example.ac.uk", [ADDRESS])
    message = taken.message
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Subject"] == "News about your work: Provision-map audit (Module 1)"
    assert message["From"] == "SENCo training <senco@example.ac.uk>"
    assert f"message-{number}-" in message["Message-ID"]
    assert message["List-Unsubscribe"] is None, "there is none to offer"
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None and html is not None
    assert "choose “Provision-map audit”" in plain.get_content()
    assert '<html lang="en-GB">' in html.get_content() and "src=" not in html.get_content()


def test_the_same_promise_is_kept_once(bench: Bench, sink: MailSink) -> None:
    bench.tell(once="17")
    with bench.database.write() as session:
        again = outbox.tell(session, outbox.RELEASED, once="17", person_id=bench.person_id)
    assert again is None
    bench.work()
    assert len(sink.taken) == 1


def test_a_hand_in_tells_the_receipt(bench: Bench, sink: MailSink) -> None:
    work = bench.hand_in()
    bench.work()
    (taken,) = sink.taken
    body = taken.message.get_body(("plain",))
    assert body is not None and work.receipt in body.get_content()


def test_a_server_that_is_busy_is_tried_again(
    bench: Bench, sink: MailSink, clock: time_machine.Traveller
) -> None:
    number = bench.tell()
    sink.to_recipient = "450 4.2.1 not just now"
    assert 40 < (bench.work() or 0) < 80
    assert bench.state(number) == ("waiting", "busy")
    bench.work()
    assert sink.asked.count("rcpt") == 1, "it waits before it tries again"
    clock.shift(70)
    bench.work()
    first, second = bench.row(number).tries, bench.row(number).due_at
    clock.shift(150)
    sink.to_recipient = None
    bench.work()
    assert first == 2 and second is not None
    assert bench.state(number) == ("sent", None) and len(sink.taken) == 1


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ({"to_recipient": "550 5.1.1 no such person"}, ("failed", "address_refused")),
        ({"to_text": "554 5.7.1 no"}, ("failed", "refused")),
        ({"to_text": "451 4.3.0 later"}, ("waiting", "busy")),
        ({"to_sender": "550 5.7.1 not from there"}, ("waiting", "sender_refused")),
        ({"to_sender": "421 4.3.2 closing"}, ("waiting", "busy")),
    ],
)
def test_what_the_server_answers(
    bench: Bench, sink: MailSink, answers: dict[str, str], state: tuple[str, str]
) -> None:
    number = bench.tell()
    for name, answer in answers.items():
        setattr(sink, name, answer)
    bench.work()
    assert bench.state(number) == state and sink.taken == []


def test_one_refused_address_does_not_stop_the_others(bench: Bench, sink: MailSink) -> None:
    wrong = bench.tell(person_id=bench.add_person("6", "no address at all"))
    right = bench.tell()
    bench.work()
    assert bench.state(wrong) == ("failed", "bad_address")
    assert bench.state(right) == ("sent", None)


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example\r\nBcc: x@y.example",
        "a@b.example\nX: y",
        "<a@b.example>, c@d.example",
        "@",
        "ä@b.example",
    ],
)
def test_an_address_that_is_more_than_one_address(
    bench: Bench, sink: MailSink, address: str
) -> None:
    number = bench.tell(person_id=bench.add_person("6", address))
    bench.work()
    assert bench.state(number) == ("failed", "bad_address") and sink.asked == []


def test_where_no_address_is_shared_nothing_is_sent(bench: Bench, sink: MailSink) -> None:
    number = bench.tell(person_id=bench.add_person("6", None))
    bench.work()
    assert bench.state(number) == ("unwanted", "no_address") and sink.asked == []


def test_who_does_not_want_it_does_not_get_it(bench: Bench, sink: MailSink) -> None:
    with bench.database.write() as session:
        choose(session, bench.person_id, [outbox.RELEASED, outbox.DUE_SOON], [outbox.DUE_SOON])
    number = bench.tell()
    bench.work()
    assert bench.state(number) == ("unwanted", "not_wanted")
    with bench.database.write() as session:
        choose(session, bench.person_id, [outbox.RELEASED], [outbox.RELEASED])
    again = bench.tell()
    bench.work()
    assert bench.state(again) == ("sent", None) and len(sink.taken) == 1


def test_a_server_that_is_not_there_stops_all_and_loses_none(
    bench: Bench, sink: MailSink, clock: time_machine.Traveller
) -> None:
    numbers = [bench.tell() for _ in range(12)]
    bench.work(mail_url="smtp://127.0.0.1:9?tls=none")
    assert {bench.state(one) for one in numbers} == {("waiting", "unreachable")}
    assert sum(bench.row(one).tries for one in numbers) == 1, "one try spoke for all"
    clock.shift(80)
    bench.work()
    assert {bench.state(one)[0] for one in numbers} == {"sent"} and len(sink.taken) == 12


def test_it_gives_up_after_days_and_says_so(
    bench: Bench, sink: MailSink, clock: time_machine.Traveller
) -> None:
    number = bench.tell()
    clock.shift(6 * DAY)
    bench.work(mail_url="smtp://127.0.0.1:9?tls=none")
    assert bench.state(number) == ("failed", "gave_up")


def test_with_no_mail_server_nothing_is_kept_for_later(bench: Bench, sink: MailSink) -> None:
    number = bench.tell()
    bench.work(mail_url="")
    assert bench.state(number) == ("unwanted", "no_mail")
    bench.work()
    assert sink.taken == []


def test_starttls_with_a_password(bench: Bench, tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path)
    with mail_sink(certificate) as secure:
        login = f"{USER}:{PASSWORD.replace(':', '%3A').replace('@', '%40')}"
        url = f"smtp://{login}@127.0.0.1:{secure.port}?ca={certificate}"
        number = bench.tell()
        bench.work(mail_url=url)
        assert bench.state(number) == ("sent", None)
        assert [one.is_encrypted for one in secure.taken] == [True]
        wrong = bench.tell()
        bench.work(mail_url=url.replace("p%3Ass", "guess"))
        assert bench.state(wrong) == ("waiting", "login_refused") and len(secure.taken) == 1


@pytest.mark.parametrize("what", ["not trusted", "another name", "no encryption"])
def test_where_the_server_cannot_be_trusted_nothing_is_said(
    bench: Bench, sink: MailSink, tmp_path: Path, what: str
) -> None:
    certificate = make_certificate(
        tmp_path, name="127.0.0.2" if what == "another name" else "127.0.0.1"
    )
    with mail_sink(certificate) as secure:
        url = f"smtp://{USER}:x@127.0.0.1:{secure.port}"
        if what == "another name":
            url += f"?ca={certificate}"
        if what == "no encryption":
            url = f"smtp://{USER}:x@127.0.0.1:{sink.port}"
        number = bench.tell()
        bench.work(mail_url=url)
        assert bench.state(number) == ("waiting", "tls_refused")
        assert (secure.asked, secure.taken, sink.asked) == ([], [], [])


def test_a_folder_instead_of_a_server(bench: Bench, tmp_path: Path) -> None:
    folder = tmp_path / "some mail"
    number = bench.tell()
    bench.work(mail_url=folder.as_uri())
    (file,) = folder.iterdir()
    assert file.name == f"message-{number}.eml" and file.stat().st_mode & 0o077 == 0
    text = file.read_bytes()
    assert b"Subject: News about your work" in text and b"\r\n" in text
    assert bench.state(number) == ("sent", None)


def test_a_folder_that_cannot_be_written(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    number = bench.tell()
    bench.work(mail_url=(tmp_path / "file" / "mail").as_uri())
    assert bench.state(number) == ("waiting", "folder_closed")


def test_a_try_ends_even_if_the_server_never_ends_its_answer(
    bench: Bench, sink: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "TRY_WITHIN_S", 0.5)
    sink.hangs = True
    number = bench.tell()
    bench.work()
    assert bench.state(number) == ("unsure", "answer_lost")
