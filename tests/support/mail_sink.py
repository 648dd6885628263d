"""A real mail server on this machine that keeps what it takes, and can be told to misbehave."""

import asyncio
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "tool", "p:ss@word"


@dataclass
class Taken:
    """One message that the server took."""

    sender: str
    recipients: list[str]
    message: EmailMessage
    is_encrypted: bool


@dataclass
class MailSink:
    """The server's handler. Set an answer, and it is given instead of 250."""

    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    """Every step that was asked of the server, in order."""
    to_sender: str | None = None
    to_recipient: str | None = None
    to_text: str | None = None
    hangs: bool = False
    """Take the text and never answer."""
    closes: bool = False
    """Take the text and close the connection instead of answering."""
    slow_s: float = 0.0
    """How long it takes to answer each text."""
    has_text: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """The setting for it, without encryption."""
        return f"smtp://127.0.0.1:{self.port}?tls=none"

    async def handle_MAIL(self, _s: Any, _n: Any, envelope: Any, address: str, _o: Any) -> str:
        self.asked.append("mail")
        envelope.mail_from = address
        return self.to_sender or "250 OK"

    async def handle_RCPT(self, _s: Any, _n: Any, envelope: Any, address: str, _o: Any) -> str:
        self.asked.append("rcpt")
        if self.to_recipient:
            return self.to_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.asked.append("data")
        if self.to_text:
            return self.to_text
        found = message_from_bytes(envelope.content, policy=default)
        assert isinstance(found, EmailMessage)
        self.taken.append(
            Taken(envelope.mail_from, list(envelope.rcpt_tos), found, session.ssl is not None)
        )
        self.has_text.set()
        if self.slow_s:
            await asyncio.sleep(self.slow_s)
        if self.hangs:
            await asyncio.sleep(600)
        if self.closes:
            server.transport.abort()
        return "250 taken"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    is_right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=is_right, handled=is_right)


@contextmanager
def mail_sink(certificate: Path | None = None, **options: Any) -> Iterator[MailSink]:
    """A running server.

    :param certificate: a file with key and certificate: the server then insists on STARTTLS,
        a user name and a password.
    """
    sink = MailSink(port=_free_port())
    if certificate is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        options |= {
            "tls_context": context,
            "require_starttls": True,
            "authenticator": _check,
            "auth_required": True,
        }
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port, **options)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


def make_certificate(folder: Path, *, name: str = "127.0.0.1") -> Path:
    """Key and self-made certificate for an address, in one file; it vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a test's mail server")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(name))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"mail-{name}.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path
