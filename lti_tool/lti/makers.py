"""Platforms whose course sites stand elsewhere than the addresses they are registered with.

Canvas and Blackboard have one issuer and one login address for all customers; each customer's
pages have a host of their own. Which hosts may frame us and take answers is worked out here, from
the maker's own domain and from what the platform signed. Used by `deep_linking.py` and by
whoever serves a page that stands in a frame.
"""

import re
from typing import Any
from urllib.parse import urlsplit

from lti_tool.lti import vocabulary as v
from lti_tool.lti.addresses import origin

_CANVAS, _BLACKBOARD = ".instructure.com", ".blackboard.com"
_ISSUERS = {
    "https://canvas.instructure.com": _CANVAS,
    "https://canvas.beta.instructure.com": _CANVAS,
    "https://canvas.test.instructure.com": _CANVAS,
    "https://blackboard.com": _BLACKBOARD,
}
"""Issuers that stand for all customers of a maker, and how those customers' hosts usually end."""
_LOGIN_HOSTS = {
    "sso.canvaslms.com": _CANVAS,
    "sso.beta.canvaslms.com": _CANVAS,
    "sso.test.canvaslms.com": _CANVAS,
    "canvas.instructure.com": _CANVAS,
    "canvas.beta.instructure.com": _CANVAS,
    "canvas.test.instructure.com": _CANVAS,
    "developer.blackboard.com": _BLACKBOARD,
}
WANTS_A_SUBJECT = frozenset({"https://blackboard.com"})
"""Issuers that refuse a deep linking answer without `sub` (Blackboard's page on the answer)."""
_PLAIN_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]")


def _origin(url: Any) -> str | None:
    """The origin of a web address whose host can stand in a header as it is, or None."""
    if not isinstance(url, str):
        return None
    try:
        found = origin(url)
        host = found.partition("://")[2]
        plain = _PLAIN_HOST.fullmatch(re.sub(r":\d+$", "", host))
    except ValueError:
        return None
    return found if plain and found.startswith(("https://", "http://")) else None


def is_shared(issuer: str) -> bool:
    """Whether an issuer stands for all customers of a maker, not for one site."""
    return issuer in _ISSUERS


def frame_origins(auth_login_url: str, *signed: str | None) -> tuple[str, ...]:
    """Whose pages may hold a page of ours.

    :param auth_login_url: the registration's login address.
    :param signed: addresses of the platform in the launch it signed; may be missing.
    """
    ending = _LOGIN_HOSTS.get(urlsplit(auth_login_url).hostname or "")
    known = [origin(auth_login_url), *([f"https://*{ending}"] if ending else [])]
    named = [one for one in map(_origin, signed) if one is not None]
    return tuple(dict.fromkeys((*known, *named)))


def _signed_site(claims: dict[str, Any]) -> set[str]:
    """Origins of the course site's own addresses in a signed message: its services and itself."""
    found: set[str] = set()
    for claim, names in (
        (v.TOOL_PLATFORM, ("url",)),
        (v.AGS_ENDPOINT, ("lineitems", "lineitem")),
        (v.NRPS, ("context_memberships_url",)),
        (v.LAUNCH_PRESENTATION, ("return_url",)),
    ):
        holder = claims.get(claim)
        if isinstance(holder, dict):
            found |= {one for name in names if (one := _origin(holder.get(name)))}
    return found


def is_customers_site(url: str, issuer: str, claims: dict[str, Any]) -> bool:
    """Whether an https address is of a customer of a maker with one issuer for all: below the
    maker's domain, or where the same signed message says the course's services are.
    """
    ending = _ISSUERS.get(issuer)
    parts = urlsplit(url)
    if not ending or parts.scheme != "https":
        return False
    return (parts.hostname or "").endswith(ending) or _origin(url) in _signed_site(claims)
