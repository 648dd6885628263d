"""Unguessable identifiers and the digests under which secrets are kept.

Alphanumeric only: Moodle strips markup characters from `state` on its way through.
"""

import hashlib
import hmac
import secrets
import string

_ALPHABET = string.ascii_letters + string.digits
_CODE_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def random_token(length: int = 32) -> str:
    """A random alphanumeric string; 22 characters carry 128 bits, the default 190."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def short_code(length: int = 6) -> str:
    """A code people can read out: no 0/O, 1/I/L."""
    return "".join(secrets.choice(_CODE_ALPHABET) for _ in range(length))


def digest(text: str) -> str:
    """SHA-256 in hex. Enough for random secrets of full length; never used for passwords."""
    return hashlib.sha256(text.encode()).hexdigest()


def same(left: str, right: str) -> bool:
    """Whether two secrets are equal, in time that does not tell where they differ."""
    return hmac.compare_digest(left.encode(), right.encode())
