"""The mail settings: what is understood, and what is refused with a sentence."""

from pathlib import Path

import pytest

from lti_tool.core.errors import Unusable
from lti_tool.mail.posts import Folder, MailServer, read_post
from lti_tool.settings import load_settings

BASE = {
    "LTI_TOOL_SECRET_KEY": "x" * 32,
    "LTI_TOOL_BASE_URL": "https://tool.example.ac.uk",
    "LTI_TOOL_MAIL_FROM": "senco@example.ac.uk",
}


def _read(url: str, **more: str) -> MailServer | Folder | None:
    return read_post(load_settings({**BASE, "LTI_TOOL_MAIL_URL": url, **more}))


def test_a_server_is_encrypted_unless_said_otherwise() -> None:
    server = _read("smtp://tool:p%40ss@mail.example.ac.uk")
    assert server == MailServer(
        "mail.example.ac.uk", 587, "starttls", "tool", "p@ss", None, "tool.example.ac.uk"
    )
    assert "p@ss" not in repr(server)
    assert _read("smtps://mail.example.ac.uk") == MailServer(
        "mail.example.ac.uk", 465, "implicit", None, None, None, "tool.example.ac.uk"
    )
    plain = _read("smtp://mail.example.ac.uk:25?tls=none")
    assert isinstance(plain, MailServer) and (plain.port, plain.tls) == (25, "none")


def test_a_folder_and_nothing() -> None:
    assert _read("file:///var/mail%20out") == Folder(Path("/var/mail out"))
    assert _read("") is None


def test_the_demo_writes_to_a_folder_of_its_own(tmp_path: Path) -> None:
    settings = load_settings({"LTI_TOOL_DEMO": "1", "LTI_TOOL_INSTANCE_DIR": str(tmp_path)})
    assert read_post(settings) == Folder(tmp_path / "mail")


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.ac.uk",
        "http://mail.example.ac.uk",
        "smtp://",
        "smtp://mail.example.ac.uk:port",
        "smtp://mail.example.ac.uk:99999",
        "smtp://mail.example.ac.uk/path",
        "smtp://mail.example.ac.uk?tls=perhaps",
        "smtp://mail.example.ac.uk?tsl=none",
        "smtps://mail.example.ac.uk?tls=none",
        "smtp://user:word@mail.example.ac.uk?tls=none",
        "smtp://mail.example.ac.uk?ca=/not/there.pem",
        "file://folder/relative",
        "file:relative",
    ],
)
def test_what_cannot_be_used_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(Unusable, match="LTI_TOOL_MAIL_URL"):
        _read(url)


@pytest.mark.parametrize("sender", ["", "somebody", "a@", "@b", "a@b.example\nBcc: c@d.example"])
def test_a_sender_that_is_none(sender: str) -> None:
    with pytest.raises(Unusable, match="LTI_TOOL_MAIL_FROM"):
        _read("smtp://mail.example.ac.uk", LTI_TOOL_MAIL_FROM=sender)
