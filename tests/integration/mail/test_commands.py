"""`lti-tool mail` and the doctor's look at mail: numbers and kinds, never an address."""

import json
import os
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from sqlalchemy import select, update

from lti_tool.audit.models import AuditEntry
from lti_tool.mail.models import Message
from lti_tool.monitoring.doctor import _mail
from lti_tool.settings import Settings, load_settings
from tests.integration.mail.bench import ADDRESS, Bench
from tests.support.command import run_command
from tests.support.mail_sink import MailSink, mail_sink, make_certificate


def _run(bench: Bench, *arguments: str) -> CompletedProcess[str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("LTI_TOOL_")}
    given = {
        "LTI_TOOL_DEMO": "1",
        "LTI_TOOL_DATABASE_URL": bench.settings.database_url,
        "LTI_TOOL_INSTANCE_DIR": str(bench.settings.instance_dir),
        "LTI_TOOL_KEYS_DIR": str(bench.settings.keys_dir),
    }
    return run_command(inherited | given, "mail", *arguments)


def test_an_operator_sees_what_needs_them_and_asks_again(bench: Bench, sink: MailSink) -> None:
    sink.closes = True
    unsure = bench.tell()
    bench.work()
    sink.closes = False
    shown = _run(bench, "status")
    assert shown.returncode == 0, shown.stderr
    assert f"Message {unsure} (mark released), unsure:" in shown.stdout
    assert ADDRESS not in shown.stdout
    (listed,) = json.loads(_run(bench, "status", "--json").stdout)["need_a_person"]
    assert (listed["message"], listed["reason"]) == (unsure, "answer_lost")
    assert _run(bench, "retry", "--message", str(unsure)).returncode == 0
    bench.work()
    assert bench.state(unsure) == ("sent", None)
    for number in (str(unsure), "999"):
        refused = _run(bench, "retry", "--message", number)
        assert refused.returncode == 1 and len(refused.stderr.strip().splitlines()) == 1
    assert _run(bench, "retry").returncode == 2


def test_a_message_that_nobody_can_mend_is_left_and_needs_nobody(bench: Bench) -> None:
    number = bench.tell()
    with bench.database.write() as session:
        session.execute(update(Message).values(state="failed", reason="address_refused"))
    assert _run(bench, "leave", "--message", str(number)).returncode == 0
    assert bench.state(number) == ("cancelled", "left")
    shown = json.loads(_run(bench, "status", "--json").stdout)
    assert shown["need_a_person"] == [] and shown["counts"] == {"cancelled": 1}
    with bench.database.read() as session:
        kept = session.execute(
            select(AuditEntry.act, AuditEntry.subject_id).where(
                AuditEntry.subject_kind == "message"
            )
        ).all()
    assert [tuple(one) for one in kept] == [("message left", number)]
    for other in (str(number), "999"):
        refused = _run(bench, "leave", "--message", other)
        assert refused.returncode == 1 and len(refused.stderr.strip().splitlines()) == 1


def _settings(url: str) -> Settings:
    return load_settings(
        {
            "LTI_TOOL_DEMO": "1",
            "LTI_TOOL_MAIL_URL": url,
            "LTI_TOOL_MAIL_FROM": "senco@example.ac.uk",
        }
    )


def test_the_doctor_says_hello_and_sends_nothing(sink: MailSink, tmp_path: Path) -> None:
    (good,) = _mail(_settings(sink.url))
    assert good.is_ok and sink.asked == []
    (away,) = _mail(_settings("smtp://127.0.0.1:9?tls=none"))
    assert not away.is_ok and "could not be reached" in away.words
    (folder,) = _mail(_settings(tmp_path.as_uri()))
    assert folder.is_ok and str(tmp_path) in folder.words
    with mail_sink(make_certificate(tmp_path)) as secure:
        (strange,) = _mail(_settings(f"smtp://127.0.0.1:{secure.port}"))
    assert not strange.is_ok and "certificate" in strange.words


def test_the_doctor_says_where_no_mail_is_sent() -> None:
    settings = load_settings(
        {"LTI_TOOL_SECRET_KEY": "x" * 40, "LTI_TOOL_BASE_URL": "https://tool.example"}
    )
    (none,) = _mail(settings)
    assert none.is_ok and "no e-mail is sent and none is kept for later" in none.words


@pytest.mark.parametrize("url", ["smtp://", "nonsense"])
def test_the_doctor_says_what_cannot_be_understood(url: str) -> None:
    (wrong,) = _mail(_settings(url))
    assert not wrong.is_ok and "LTI_TOOL_MAIL_URL" in wrong.words
