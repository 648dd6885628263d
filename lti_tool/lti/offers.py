"""First step of registering: what a platform says about itself (Dynamic Registration 1.0, 3.1).

The document at `openid_configuration` is read, each address in it is judged by the same rule
as any address of a platform, and what we need becomes a frozen value. Nothing is sent yet.
"""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lti_tool.core.errors import Sentence
from lti_tool.lti.addresses import check_address, origin
from lti_tool.lti.calls import call
from lti_tool.lti.errors import RegistrationUnusable, ServiceFailed
from lti_tool.lti.vocabulary import PLATFORM_CONFIGURATION
from lti_tool.settings import Settings

LONGEST_ADDRESS = 1000
_HOST = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+")
_AGAIN = "Close this window, and add the tool by its link again."
_ADDRESS = (
    "A setting that begins with LTI_TOOL_ is the tool’s operator’s: send them this sentence. Else "
    "look at your platform’s own address, in Moodle $CFG->wwwroot. Then add the link again."
)
_TELL = "Ask those who run your platform to look at its LTI settings."


class RegisteringRefused(Sentence):
    """Registering cannot go on.

    :param code: a stable reason code.
    :param what_to_do: for the administrator who reads the page.
    """

    def __init__(self, code: str, happened: str, what_to_do: str = _AGAIN) -> None:
        self.code = code
        self.what_to_do = what_to_do
        super().__init__(happened)


@dataclass(frozen=True, slots=True)
class PlatformOffer:
    """What a platform says about itself, checked."""

    configuration_url: str
    issuer: str
    registration_endpoint: str
    auth_login_url: str
    auth_token_url: str
    jwks_url: str
    auth_audience: str | None
    scopes: tuple[str, ...]
    claims: tuple[str, ...]
    messages: tuple[str, ...]
    product: str
    """Its family and version, as it calls itself; "unknown" where it does not say."""

    @property
    def origin(self) -> str:
        """The platform's pages, in whose frame registering takes place."""
        return origin(self.configuration_url)


def _words(value: Any, longest: int = 100) -> str:
    """One line of printable text, or nothing."""
    if not isinstance(value, str):
        return ""
    return "".join(c for c in value if c.isprintable()).strip()[:longest]


def _texts(value: Any) -> tuple[str, ...]:
    found = value if isinstance(value, list) else []
    return tuple(dict.fromkeys(x for x in found if isinstance(x, str) and 0 < len(x) <= 300))[:100]


def check_host(url: str) -> None:
    """Refuse a host that could not stand in a frame policy as it is.

    :raises RegisteringRefused: it is no plain host name or address.
    """
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        host = ""
    if not _HOST.fullmatch(host):
        raise RegisteringRefused(
            "configuration_address", "The platform’s address is no web address."
        )


def _address(settings: Settings, label: str, value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_ADDRESS:
        raise RegisteringRefused(
            "configuration_unusable", f"The platform does not give its {label}.", _TELL
        )
    if any(not c.isprintable() or c.isspace() for c in value):
        raise RegisteringRefused(
            "configuration_unusable", f"The platform’s {label} is no web address.", _TELL
        )
    try:
        check_address(settings, label, value)
    except RegistrationUnusable as error:
        raise RegisteringRefused("address_refused", error.sentence, _ADDRESS) from None
    return value


def _check_issuer(issuer: Any, configuration_url: str) -> str:
    """The issuer is of the host that speaks for it (Dynamic Registration 1.0, 3.1.2)."""
    foreign = RegisteringRefused(
        "issuer_foreign",
        "The platform speaks for another site than the one its settings came from.",
        _TELL,
    )
    if not isinstance(issuer, str) or not 0 < len(issuer) <= LONGEST_ADDRESS:
        raise RegisteringRefused(
            "configuration_unusable", "The platform does not give its issuer.", _TELL
        )
    try:
        theirs, here = urlsplit(issuer), urlsplit(configuration_url)
        is_same = (theirs.hostname, theirs.port) == (here.hostname, here.port)
    except ValueError:
        raise foreign from None
    if theirs.scheme not in {"http", "https"} or not is_same or theirs.query or theirs.fragment:
        raise foreign
    if issuer != issuer.strip() or not issuer.isprintable():
        raise foreign
    return issuer


def _fetch(settings: Settings, url: str) -> dict[str, Any]:
    try:
        answer = call(settings, "GET", url, headers={"Accept": "application/json"})
        document = answer.json() if answer.status == 200 else None
    except ServiceFailed as error:
        raise RegisteringRefused(
            "configuration_unreadable", _why(error), _CALL_ADVICE.get(error.reason, _REACH)
        ) from None
    if not isinstance(document, dict):
        raise RegisteringRefused(
            "configuration_unreadable",
            f"The platform’s settings could not be read: it answered with status {answer.status}.",
            _TELL,
        )
    return document


_REACH = (
    "The tool’s server must be able to call your site by https. Ask the tool’s operator whether a "
    "firewall stands between them, then add the link again."
)
_CALL_ADVICE = {
    "certificate_untrusted": "Its certificate must be for its own name, and not be out of date; "
    "the server should send the whole chain. If your university’s own authority signed it, ask the "
    "tool’s operator to set LTI_TOOL_PLATFORM_CA. Then add the link again.",
    "answer_too_long": _TELL,
    "answer_unreadable": _TELL,
    "address_private": "If that is meant, ask the tool’s operator to set "
    "LTI_TOOL_ALLOW_PRIVATE_PLATFORMS=1. Then add the link again.",
}


def _why(error: ServiceFailed) -> str:
    return {
        "timeout": "The platform took too long to answer.",
        "certificate_untrusted": "The platform’s certificate was not trusted.",
        "answer_too_long": "The platform’s answer is far too long.",
        "address_private": "The platform’s address leads to a private network.",
        "answer_unreadable": "The platform’s answer is not what registering needs.",
    }.get(error.reason, "The platform could not be reached from here.")


def explain_call(error: ServiceFailed) -> str:
    """Why a call of registering failed, for the administrator."""
    return _why(error)


def _product(configuration: dict[str, Any]) -> str:
    family = _words(configuration.get("product_family_code"), 40)
    version = _words(configuration.get("version"), 50)
    return f"{family} {version}".strip() or "unknown"


def _message_types(configuration: dict[str, Any]) -> tuple[str, ...]:
    found = configuration.get("messages_supported")
    entries = found if isinstance(found, list) else []
    return _texts([entry.get("type") for entry in entries if isinstance(entry, dict)])


def read_offer(settings: Settings, configuration_url: str) -> PlatformOffer:
    """Read what a platform says about itself.

    :param configuration_url: as it came in the address, unchecked.
    :raises RegisteringRefused: it cannot be read or used, or names an address we must not call.
    """
    url = _address(settings, "address of its settings", configuration_url)
    check_host(url)
    document = _fetch(settings, url)
    issuer = _check_issuer(document.get("issuer"), url)
    configuration = document.get(PLATFORM_CONFIGURATION)
    configuration = configuration if isinstance(configuration, dict) else {}
    audience = document.get("authorization_server")
    return PlatformOffer(
        configuration_url=url,
        issuer=issuer,
        registration_endpoint=_address(
            settings, "registration address", document.get("registration_endpoint")
        ),
        auth_login_url=_address(settings, "login address", document.get("authorization_endpoint")),
        auth_token_url=_address(settings, "token address", document.get("token_endpoint")),
        jwks_url=_address(settings, "key set address", document.get("jwks_uri")),
        auth_audience=_words(audience, LONGEST_ADDRESS) or None,
        scopes=_texts(document.get("scopes_supported")),
        claims=_texts(document.get("claims_supported")),
        messages=_message_types(configuration),
        product=_product(configuration),
    )
