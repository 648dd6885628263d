"""The texts of messages: checked at start, one line in headers, nothing of a mark in them."""

import re
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.core.errors import Unusable
from lti_tool.duties import declare_letters, find_activities
from lti_tool.mail.letters import Facts, write_letter
from lti_tool.mail.words import PLACEHOLDERS, load_messages
from lti_tool.settings import Settings, load_settings

declare_letters()  # as app.py does, since the texts of all kinds stand in one file
find_activities()  # they bring kinds of messages
CONFIG = Path(__file__).resolve().parents[3] / "config"
VALUES = {
    "receipt": "ABCD-EFGH",
    "handed_in_at": "Monday",
    "due_at": "Friday",
    "expires_at": "Sunday",
    "participant": "Priya Nair",
    "link": "https://tool.example/guest/abc?x=1&y=2",
}


def _settings(**more: str) -> Settings:
    return load_settings(
        {
            "LTI_TOOL_DEMO": "1",
            "LTI_TOOL_MAIL_URL": "smtp://127.0.0.1:25",
            "LTI_TOOL_MAIL_FROM": "SENCo training <senco@example.ac.uk>",
            **more,
        }
    )


def _write(kind: str, settings: Settings | None = None, **facts: Any) -> Any:
    texts = load_messages(CONFIG)
    row = SimpleNamespace(id=7, once_key=f"{kind}:p1:1")
    given_facts = {"course": "Module 1", "activity": "Audit", "values": VALUES, **facts}
    _, _, raw = write_letter(
        settings or _settings(),
        texts,
        texts.kinds[kind],
        row,
        Facts("amara@example.org", **given_facts),
    )
    return message_from_bytes(raw, policy=default)


@pytest.mark.parametrize("kind", sorted(PLACEHOLDERS))
def test_every_kind_can_be_written(kind: str) -> None:
    message = _write(kind)
    plain = message.get_body(("plain",)).get_content()
    html = message.get_body(("html",)).get_content()
    shown = re.sub(r"<[^>]+>", "", html.split("<body>")[1]).replace("&amp;", "&")
    assert "{" not in plain + html
    assert plain.replace("-- ", "").split() == shown.split(), "the same words in both"
    assert "Audit" in plain and "Module 1" in plain
    assert not re.search(r"\b(mark|marks|grade|score|pass|fail)\b", message["Subject"], re.I)


def test_a_result_is_never_told_of_as_a_mark() -> None:
    for kind in ("mark_released", "release_withdrawn"):
        words = _write(kind, course="Leading SEND").get_body(("plain",)).get_content()
        assert not re.search(r"\d|\b(mark|grade|pass|passed|fail|failed)\b", words, re.I), words


def test_a_link_can_be_followed_and_nothing_else_is_fetched() -> None:
    html = _write("examiner_link").get_body(("html",)).get_content()
    assert 'href="https://tool.example/guest/abc?x=1&amp;y=2"' in html
    assert re.findall(r"(?:src|href)=", html) == ["href="]


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_title_can_begin_a_header(course: str, activity: str) -> None:
    message = _write("mark_released", course=course, activity=activity)
    assert sorted(message.keys()) == sorted(
        [
            "Subject",
            "From",
            "To",
            "Date",
            "Message-ID",
            "Auto-Submitted",
            "X-Auto-Response-Suppress",
            "Content-Language",
            "MIME-Version",
            "Content-Type",
        ]
    )
    assert message["To"] == "amara@example.org"
    assert str(message["Subject"]) == str(message["Subject"]).lstrip()


def test_a_long_subject_stays_whole() -> None:
    course = "PG Certificate SEN and Inclusion: Module 1"
    for activity in ("Provision-map audit", "Prüfung der Größe", "Audit " * 15):
        said = _write("handed_in", course=course, activity=activity)["Subject"]
        assert str(said) == f"Handed in: {activity.strip()} ({course})"


def test_a_title_with_line_ends_stays_one_line() -> None:
    message = _write("mark_released", course="Module 1\r\nBcc: everyone@example.org\r\n\r\nHello")
    assert message["Bcc"] is None
    assert message["Subject"].endswith("(Module 1 Bcc: everyone@example.org Hello)")


def test_a_title_with_markup_or_braces_is_only_text() -> None:
    message = _write("mark_released", course="<script>alert(1)</script> {receipt}")
    assert "<script>" not in message.get_body(("html",)).get_content()
    assert "{receipt}" in message.get_body(("plain",)).get_content()


def test_the_message_id_stays_the_same() -> None:
    assert _write("mark_released")["Message-ID"] == _write("mark_released")["Message-ID"]
    assert _write("mark_released")["Message-ID"].endswith("@example.ac.uk>")


def _changed(tmp_path: Path, change: Any) -> Path:
    document = yaml.safe_load((CONFIG / "words" / "messages.yaml").read_text("utf-8"))
    change(document)
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "messages.yaml").write_text(yaml.safe_dump(document), "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda d: d["messages"].pop("due_soon"), "due_soon is missing"),
        (lambda d: d["messages"].update(x={}), "x is not known"),
        (lambda d: d["messages"]["due_soon"].update(subject="{mark}"), "names {mark}"),
        (lambda d: d["messages"]["due_soon"].update(subject="{due_at}"), "names {due_at}"),
        (lambda d: d["messages"]["mark_released"].update(body=["{receipt}"]), "names {receipt}"),
        (lambda d: d["messages"]["due_soon"].update(body=["{due_at.year}"]), "due_at.year"),
        (lambda d: d["messages"]["due_soon"].update(body=["{"]), "brace"),
        (lambda d: d["messages"]["due_soon"].update(body="text"), "list of paragraphs"),
        (lambda d: d["messages"]["due_soon"].update(body=[]), "list of paragraphs"),
        (lambda d: d["messages"]["due_soon"].update(subject=" "), "needs a text"),
        (lambda d: d["messages"]["due_soon"].update(extra=1), "nothing else"),
        (lambda d: d["messages"]["due_soon"].update({"for": "all"}), "participant, tutor"),
        (lambda d: d["messages"]["due_soon"].pop("choice"), "choice"),
        (lambda d: d["closing"].pop("guest"), "closing: guest"),
        (lambda d: d.pop("messages"), "cannot be read"),
    ],
)
def test_a_wrong_text_stops_the_start(tmp_path: Path, change: Any, says: str) -> None:
    with pytest.raises(Unusable, match=re.escape(says)):
        load_messages(_changed(tmp_path, change))
