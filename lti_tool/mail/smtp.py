"""Handing one message to a mail server (RFC 5321), knowing at each point what a failure means.

Until the message's own text is sent, a failure means that it was not sent. From then until the
server's last answer nobody knows, and the verdict is *lost*. After that answer nothing matters.
"""

import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from lti_tool.mail.posts import MailServer
from lti_tool.mail.verdicts import LOST, REFUSED, SENT, WAIT, Verdict

ANSWER_WITHIN_S = 15.0
"""Seconds for one answer of the server."""
TAKEN_WITHIN_S = 60.0
"""Seconds for the answer to the message's text: servers look into it before they take it."""
TRY_WITHIN_S = 90.0
"""Seconds for a whole try; then the connection is cut."""
LONGEST_TRY = timedelta(seconds=ANSWER_WITHIN_S * 2 + TRY_WITHIN_S)
_BYE_WITHIN_S = 2.0
_FIRST_DOT = re.compile(rb"^\.", re.MULTILINE)


class _Stop(Exception):
    """The server's answer ends this try."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.reason)
        self.verdict = verdict


def _require(code: int, reason: str, *, is_server: bool = False) -> None:
    """Go on where the answer is good; a 4xx waits, a 5xx is for good unless it is about us."""
    if 200 <= code < 400:
        return
    if is_server or code == 421:
        raise _Stop(Verdict(WAIT, reason if code >= 500 else "busy", code, is_server=True))
    raise _Stop(Verdict(REFUSED, reason, code) if code >= 500 else Verdict(WAIT, "busy", code))


def _connect(server: MailServer) -> smtplib.SMTP:
    if server.tls == "implicit":
        context = ssl.create_default_context(cafile=server.ca)
        return smtplib.SMTP_SSL(
            server.host, server.port, server.our_name, timeout=ANSWER_WITHIN_S, context=context
        )
    return smtplib.SMTP(server.host, server.port, server.our_name, timeout=ANSWER_WITHIN_S)


@contextmanager
def _cut_off(smtp: smtplib.SMTP) -> Iterator[None]:
    """Cut the connection when a try takes too long: a server may answer drop by drop."""

    def cut() -> None:
        with suppress(OSError, AttributeError):
            smtp.sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]

    timer = threading.Timer(TRY_WITHIN_S, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _introduce(smtp: smtplib.SMTP, server: MailServer) -> None:
    _require(smtp.ehlo()[0], "unreachable", is_server=True)
    if server.tls == "starttls":
        if not smtp.has_extn("starttls"):
            raise _Stop(Verdict(WAIT, "tls_refused", is_server=True))
        context = ssl.create_default_context(cafile=server.ca)
        _require(smtp.starttls(context=context)[0], "tls_refused", is_server=True)
        _require(smtp.ehlo()[0], "unreachable", is_server=True)
    if server.user is not None:
        try:
            smtp.login(server.user, server.password or "")
        except smtplib.SMTPAuthenticationError as error:
            reason = "login_refused" if error.smtp_code >= 500 else "busy"
            raise _Stop(Verdict(WAIT, reason, error.smtp_code, is_server=True)) from None
        except smtplib.SMTPNotSupportedError:
            raise _Stop(Verdict(WAIT, "login_refused", is_server=True)) from None


def _address(smtp: smtplib.SMTP, sender: str, recipient: str) -> None:
    _require(smtp.mail(sender)[0], "sender_refused", is_server=True)
    _require(smtp.rcpt(recipient)[0], "address_refused")
    _require(smtp.docmd("data")[0], "refused")


def _hand_over(smtp: smtplib.SMTP, message: bytes) -> Verdict:
    """Send the text; from here on only the server's answer tells what became of it."""
    try:
        smtp.sock.settimeout(TAKEN_WITHIN_S)  # type: ignore[union-attr]
        smtp.send(_FIRST_DOT.sub(b"..", message.rstrip(b"\r\n") + b"\r\n") + b".\r\n")
        code, _ = smtp.getreply()
        _require(code, "refused")
    except _Stop as stop:
        return stop.verdict
    except (smtplib.SMTPException, OSError):
        return Verdict(LOST, "answer_lost")
    return Verdict(SENT, code=code)


def _say_goodbye(smtp: smtplib.SMTP) -> None:
    with suppress(smtplib.SMTPException, OSError, AttributeError):
        smtp.sock.settimeout(_BYE_WITHIN_S)  # type: ignore[union-attr]
        smtp.quit()
    smtp.close()


def _open(server: MailServer) -> smtplib.SMTP:
    try:
        return _connect(server)
    except ssl.SSLError:
        raise _Stop(Verdict(WAIT, "tls_refused", is_server=True)) from None
    except smtplib.SMTPConnectError as error:
        raise _Stop(Verdict(WAIT, "unreachable", error.smtp_code, is_server=True)) from None
    except (smtplib.SMTPException, OSError):
        raise _Stop(Verdict(WAIT, "unreachable", is_server=True)) from None


@contextmanager
def _introduced(server: MailServer) -> Iterator[smtplib.SMTP]:
    """A connection on which the server knows us.

    :raises _Stop: the server could not be reached, or will not have us; nothing was sent.
    """
    smtp = _open(server)
    try:
        with _cut_off(smtp):
            try:
                _introduce(smtp, server)
            except ssl.SSLError:
                raise _Stop(Verdict(WAIT, "tls_refused", is_server=True)) from None
            except (smtplib.SMTPException, OSError):
                raise _Stop(Verdict(WAIT, "unreachable", is_server=True)) from None
            yield smtp
    finally:
        _say_goodbye(smtp)


def send(server: MailServer, sender: str, recipient: str, message: bytes) -> Verdict:
    """Hand one message to the server.

    :param message: the whole message with CRLF line ends, in ASCII.
    """
    try:
        with _introduced(server) as smtp:
            try:
                _address(smtp, sender, recipient)
            except (smtplib.SMTPException, OSError):
                return Verdict(WAIT, "unreachable", is_server=True)
            return _hand_over(smtp, message)
    except _Stop as stop:
        return stop.verdict


def try_out(server: MailServer) -> Verdict:
    """Introduce ourselves to the server and send nothing, for `lti-tool doctor`."""
    try:
        with _introduced(server):
            return Verdict(SENT)
    except _Stop as stop:
        return stop.verdict
