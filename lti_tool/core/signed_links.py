"""Addresses that prove themselves: a row's number, signed with the tool's secret.

Such an address can be made again whenever it is needed (by whoever sends a message, say), so it
never has to be kept. Whether it still opens anything is told by its row alone.
"""

import hashlib

from itsdangerous import BadSignature, URLSafeSerializer

_GUEST = "guest-link"


def _signer(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(
        secret_key, salt=_GUEST, signer_kwargs={"digest_method": hashlib.sha256}
    )


def guest_token(secret_key: str, link_id: int) -> str:
    """The token of a guest link."""
    return str(_signer(secret_key).dumps(link_id))


def read_guest_token(secret_key: str, token: str) -> int | None:
    """The number of the link a token was made for, or None where it is not one of ours."""
    try:
        found = _signer(secret_key).loads(token)
    except (BadSignature, ValueError):
        return None
    return found if isinstance(found, int) else None


def guest_address(base_url: str, secret_key: str, link_id: int) -> str:
    """The whole address of a guest link, as it goes into a message."""
    return f"{base_url.rstrip('/')}/g/open/{guest_token(secret_key, link_id)}"
