"""Unguessable identifiers and the digests under which secrets are kept.

Alphanumeric only: Moodle strips markup characters from `state` on its way through.
"""

import hashlib
import hmac
import re
import secrets
import string


class _Alphabet:
    """Draws texts from some signs, each as likely as any other: a byte beyond the last whole
    round of the alphabet is thrown away. A launch draws six; sign by sign they cost a
    twentieth of its time."""

    def __init__(self, signs: str) -> None:
        rounds = 256 // len(signs)
        self._table = (signs.encode() * (rounds + 1))[:256]
        self._beyond = bytes(range(rounds * len(signs), 256))

    def draw(self, length: int) -> str:
        """A text of so many signs."""
        drawn = b""
        while len(drawn) < length:
            drawn += secrets.token_bytes(2 * length).translate(self._table, self._beyond)
        return drawn[:length].decode()


_ANY = _Alphabet(string.ascii_letters + string.digits)
_READ_OUT = _Alphabet("ABCDEFGHJKMNPQRSTUVWXYZ23456789")


def random_token(length: int = 32) -> str:
    """A random alphanumeric string; 22 characters carry 128 bits, the default 190."""
    return _ANY.draw(length)


SPELT_LENGTH = 16
_NUMBER = re.compile("[0-7][0-9a-f]{15}")


def random_number() -> int:
    """A random number that a row may have: 63 bits."""
    return secrets.randbits(63)


def spelt(number: int) -> str:
    """A row's random number as a word of `SPELT_LENGTH` signs."""
    return f"{number:016x}"


def number_of(word: str) -> int | None:
    """The number that `spelt` wrote so, or None where it wrote no such word."""
    return int(word, 16) if _NUMBER.fullmatch(word) else None


def short_code(length: int = 6) -> str:
    """A code people can read out: no 0/O, 1/I/L."""
    return _READ_OUT.draw(length)


def digest(text: str) -> str:
    """SHA-256 in hex. Enough for random secrets of full length; never used for passwords."""
    return hashlib.sha256(text.encode()).hexdigest()


def keyed(secret_key: str, text: str) -> bytes:
    """What only the holder of the secret can make of a text: HMAC with SHA-256, 32 bytes.

    :param text: begins with a word of its own for each use, so that none passes for another.
    """
    return hmac.digest(secret_key.encode(), text.encode(), "sha256")


def same(left: str, right: str) -> bool:
    """Whether two secrets are equal, in time that does not tell where they differ."""
    return hmac.compare_digest(left.encode(), right.encode())
