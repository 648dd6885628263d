"""Which addresses of a platform we are willing to call.

Private and loopback hosts are refused unless the operator allows them, so that a registration
cannot turn the tool against its own network. A name may resolve differently later, so each
connection is judged again as it is made, in `deadlines.py`.
"""

import ipaddress
import socket
from functools import lru_cache
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from lti_tool.lti.errors import RegistrationUnusable
from lti_tool.settings import Settings


def origin(url: str) -> str:
    """Scheme, host and port of an address, as browsers compare them."""
    parts = urlsplit(url)
    return _origin_at(parts.scheme, parts.netloc)


@lru_cache(maxsize=1000)
def _origin_at(scheme: str, place: str) -> str:
    parts = SplitResult(scheme, place, "", "", "")
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    default = {"http": 80, "https": 443}.get(scheme)
    port = "" if parts.port in (None, default) else f":{parts.port}"
    return f"{scheme}://{host}{port}"


def with_query(url: str, **more: str) -> str:
    """An address with parameters added to its query, what was there kept whole."""
    parts = urlsplit(url)
    added = "&".join(f"{name}={quote(value, safe='')}" for name, value in more.items())
    return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, added)))))


_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_COMPATIBLE = ipaddress.ip_network("::/96")
_NOT_PUBLIC = tuple(
    map(ipaddress.ip_network, ("64:ff9b:1::/48", "fec0::/10", "::ffff:0:0:0/96", "5f00::/16"))
)
"""Public to Python, but for use within a network: local NAT64, site-local, translated IPv4,
segment routing."""
_REFUSED = frozenset({ipaddress.ip_address("168.63.129.16")})
"""Public by number, but a hosting firm's own service to the machines in its network."""


def _within(found: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for, by any of the ways there are."""
    if found.ipv4_mapped or found.sixtofour:
        return found.ipv4_mapped or found.sixtofour
    if found.teredo:
        return found.teredo[1]
    if found in _NAT64 or (found in _COMPATIBLE and int(found) > 1):
        return ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
    return None


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet."""
    try:
        found = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return False
    inner = _within(found) if isinstance(found, ipaddress.IPv6Address) else None
    if inner is not None and not is_public(str(inner)):
        return False
    if inner is not None and isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        return True
    if any(found in network for network in _NOT_PUBLIC):
        return False
    return found.is_global and not found.is_multicast and found not in _REFUSED


def resolve(host: str, port: int) -> list[str]:
    """The IP addresses of a host name."""
    return sorted(
        {str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    )


def check_address(settings: Settings, label: str, url: str) -> None:
    """Refuse an address we must not call.

    :param label: what the address is, as the operator knows it.
    :raises RegistrationUnusable: with what to give instead.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise RegistrationUnusable(f"The {label} “{url}” is no address. Copy it again.") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.fragment:
        raise RegistrationUnusable(
            f"The {label} “{url}” is no web address. Copy it from the platform’s page."
        )
    if parts.username or parts.password:
        raise RegistrationUnusable(f"The {label} holds a user name. Leave it out.")
    if parts.scheme == "http" and not settings.allow_http:
        raise RegistrationUnusable(f"The {label} begins with http. The platform must use https.")
    if settings.allow_private_platforms:
        return
    try:
        found = resolve(parts.hostname, port or (443 if parts.scheme == "https" else 80))
    except (OSError, ValueError):  # a label too long for a host name is a ValueError
        return  # judged again when it is called
    if not all(is_public(address) for address in found):
        raise RegistrationUnusable(
            f"The {label} leads to a private network. Set LTI_TOOL_ALLOW_PRIVATE_PLATFORMS=1 "
            "if the platform really is there."
        )
