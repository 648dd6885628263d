"""One message as it leaves: subject, plain text and the same words as simple HTML.

Holds what was looked up and the texts of `words.py`, and nothing else. A header takes one line
of visible characters, so nothing in a title can begin another.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from html import escape

from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.core.identifiers import digest
from lti_tool.db.statements import AnyRow
from lti_tool.mail.posts import read_sender
from lti_tool.mail.words import Kind, Messages
from lti_tool.settings import Settings

_SEVEN_BIT = SMTP.clone(cte_type="7bit")
_LONGEST_LINE = 990
"""Characters; RFC 5322 allows 998."""
_LONGEST_TITLE = 120
"""Characters of a course's or an activity's title; the rest is cut."""


class BadAddress(ValueError):
    """What the course site gave is no e-mail address."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a message tells of, looked up when it leaves."""

    address: str | None
    """Where it goes; None where we are not told."""
    course: str = ""
    activity: str = ""
    values: dict[str, str] = field(default_factory=dict)
    """What fills the placeholders besides course and activity."""
    is_moot: bool = False
    """Whether it is no longer true, so that it should not leave."""


FindFacts = Callable[[Session, Settings, AnyRow], Facts]


def _one_line(title: str) -> str:
    """A title on one line, without what a screen or a header could stumble over."""
    plain = " ".join("".join(sign if sign.isprintable() else " " for sign in title).split())
    return plain if len(plain) <= _LONGEST_TITLE else plain[: _LONGEST_TITLE - 1] + "…"


def _recipient(address: str) -> Address:
    """:raises BadAddress: it is no address, or one that not every mail server understands."""
    try:
        plain = address.strip()
        plain.encode("ascii")
        found = Address(addr_spec=plain)
    except Exception:
        raise BadAddress from None
    if not plain.isprintable() or not found.username or "." not in found.domain.strip("."):
        raise BadAddress
    return found


def _html(paragraphs: list[str], closing: list[str], title: str, link: str | None) -> str:
    def shown(paragraph: str) -> str:
        text = escape(paragraph)
        if link is None:
            return text
        safe = escape(link)
        return text.replace(safe, f'<a href="{safe}">{safe}</a>')

    body = "\n".join(f"<p>{shown(one)}</p>" for one in paragraphs)
    end = "\n".join(f"<p><small>{escape(one)}</small></p>" for one in closing)
    return (
        f'<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(title)}</title>\n</head>\n<body>\n{body}\n<hr>\n{end}\n</body>\n</html>\n"
    )


def _policy(subject: str) -> "EmailPolicy[EmailMessage]":
    """How headers are folded. A plain subject stays on one line, since the library would put a
    slightly long one below an empty first line; encoded words need their short lines."""
    return _SEVEN_BIT.clone(max_line_length=_LONGEST_LINE) if subject.isascii() else _SEVEN_BIT


def message_id(settings: Settings, row: AnyRow, domain: str) -> str:
    """The Message-ID: the same at each try, so that a mail system can tell a repeat."""
    proof = digest(f"{settings.secret_key}:{row.once_key}")[:24]
    return f"<message-{row.id}-{proof}@{domain}>"


def write_letter(
    settings: Settings, texts: Messages, kind: Kind, row: AnyRow, facts: Facts
) -> tuple[str, str, bytes]:
    """The message of a row.

    :return: the sender's address, the recipient's, and the message in ASCII with CRLF ends.
    :raises BadAddress: the recipient's address is none.
    :raises KeyError: a fact that the text names is missing.
    """
    recipient, sender = _recipient(facts.address or ""), read_sender(settings)
    values = {
        **facts.values,
        "course": _one_line(facts.course),
        "activity": _one_line(facts.activity),
    }
    body = [one.format_map(values) for one in kind.body]
    closing = [one.format_map(values) for one in texts.closing_of(kind)]
    subject = kind.subject.format_map(values)
    letter = EmailMessage(policy=_SEVEN_BIT)
    letter["Subject"] = subject
    letter["From"] = sender
    letter["To"] = recipient
    letter["Date"] = format_datetime(clock.now())
    letter["Message-ID"] = message_id(settings, row, sender.domain)
    letter["Auto-Submitted"] = "auto-generated"
    letter["X-Auto-Response-Suppress"] = "All"
    text = "\n\n".join([*body, "-- \n" + "\n\n".join(closing)]) + "\n"
    letter.set_content(text, cte="quoted-printable")
    html = _html(body, closing, subject, facts.values.get("link"))
    letter.add_alternative(html, subtype="html", cte="quoted-printable")
    letter["Content-Language"] = "en-GB"
    return sender.addr_spec, recipient.addr_spec, letter.as_bytes(policy=_policy(subject))
