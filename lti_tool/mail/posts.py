"""Where messages go: a mail server or a folder, as `LTI_TOOL_MAIL_URL` says.

Only reads the setting; `smtp.py` and `folder.py` do the sending.
"""

from dataclasses import dataclass, field
from email.headerregistry import Address
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from lti_tool.core.errors import Unusable
from lti_tool.settings import PREFIX, Settings

_HERE = {"127.0.0.1", "localhost", "::1"}
_PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server that takes our messages."""

    host: str
    port: int
    tls: str
    """starttls, implicit or none."""
    user: str | None
    password: str | None = field(repr=False)
    ca: str | None
    """A file of certificates to trust instead of the system's."""
    our_name: str
    """What we call ourselves when we say hello."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder into which each message is written as a file."""

    path: Path


Post = MailServer | Folder


def _wrong(sentence: str) -> Unusable:
    return Unusable(f"{PREFIX}MAIL_URL cannot be used: {sentence}")


def _options(parts: SplitResult) -> tuple[str, str | None]:
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    tls = given.pop("tls", "implicit" if parts.scheme == "smtps" else "starttls")
    allowed = {"implicit"} if parts.scheme == "smtps" else {"starttls", "none"}
    ca = given.pop("ca", None)
    if given or tls not in allowed:
        raise _wrong("after “?” only tls=starttls, tls=none (with smtp://) and ca=/file may stand.")
    if ca is not None and not Path(ca).is_file():
        raise _wrong("the file named by ca= is not there.")
    return tls, ca


def _server(parts: SplitResult, base_url: str) -> MailServer:
    try:
        port = parts.port or _PORTS[parts.scheme]
    except ValueError:
        raise _wrong("its port is no port number.") from None
    if not parts.hostname or parts.path not in ("", "/"):
        raise _wrong("write it as smtp://user:password@mail.example.ac.uk:587.")
    tls, ca = _options(parts)
    if tls == "none" and parts.username and parts.hostname not in _HERE:
        raise _wrong("a password may not travel unprotected. Leave tls=none out.")
    name = urlsplit(base_url).hostname or ""
    return MailServer(
        host=parts.hostname,
        port=port,
        tls=tls,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password or "") if parts.username else None,
        ca=ca,
        our_name="[127.0.0.1]" if name in _HERE or not name else name,
    )


def read_post(settings: Settings) -> Post | None:
    """Where messages go, or None where no mail is sent.

    :raises Unusable: the setting cannot be understood, or is not safe.
    """
    if not settings.mail_url:
        return None
    read_sender(settings)
    parts = urlsplit(settings.mail_url)
    if parts.scheme in _PORTS:
        return _server(parts, settings.base_url)
    if parts.scheme == "file" and not parts.netloc and parts.path.startswith("/"):
        return Folder(Path(unquote(parts.path)))
    raise _wrong("it must begin with smtp://, smtps:// or file:/// and a folder.")


def read_sender(settings: Settings) -> Address:
    """The sender: an address, perhaps with a name.

    :raises Unusable: it is no address.
    """
    name, address = parseaddr(settings.mail_from)
    try:
        if not address or not settings.mail_from.isprintable():
            raise ValueError
        address.encode("ascii")
        sender = Address(display_name=name, addr_spec=address)
        if not sender.domain:
            raise ValueError
        return sender
    except Exception:
        raise Unusable(
            f"{PREFIX}MAIL_FROM is no e-mail address. Write it as “senco@example.ac.uk” or "
            "“SENCo training <senco@example.ac.uk>”."
        ) from None
