"""What proves that somebody was asked to confirm a visit: a ticket, or a code that can be typed.

A ticket is the confirmation's number, signed, and stands in addresses. A code is made of the
number and the tool's secret, so it can be shown again and is kept nowhere; its row holds a keyed
digest, by which it is found. Neither opens anything once its row has ended. Pure.
"""

import hashlib
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeSerializer

from lti_tool.core.identifiers import keyed

LINK, CODE, PAPER = "link", "code", "paper"
"""How an answer comes: by the link in a message, by the code on a phone, on paper."""
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""No 0 and O, no 1, I and L."""
LENGTH = 8
"""31 to the power of 8 are 850 thousand million; `docs/decisions/0034` reckons with it."""
_SALT = "confirm-ticket"
_LONGEST_TYPED = 40


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a ticket says: which confirmation, and how its holder came."""

    confirmation_id: int
    by: str


def _signer(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(
        secret_key, salt=_SALT, signer_kwargs={"digest_method": hashlib.sha256}
    )


def make_ticket(secret_key: str, ticket: Ticket) -> str:
    """The ticket as it stands in an address."""
    return str(_signer(secret_key).dumps([ticket.confirmation_id, ticket.by]))


def read_ticket(secret_key: str, text: str) -> Ticket | None:
    """What a ticket says, or None where it is not one of ours."""
    if len(text) > 200:
        return None
    try:
        number, by = _signer(secret_key).loads(text)
    except (BadSignature, ValueError, TypeError):
        return None
    return Ticket(number, by) if isinstance(number, int) and by in (LINK, CODE) else None


def make_code(secret_key: str, confirmation_id: int, turn: int = 0) -> str:
    """The code of a confirmation.

    :param turn: another one, where the first is in use for another confirmation.
    """
    number = int.from_bytes(keyed(secret_key, f"confirm-code:{confirmation_id}:{turn}"))
    signs = []
    for _ in range(LENGTH):
        number, left = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[left])
    return "".join(signs)


def in_groups(code: str) -> str:
    """A code as people read it out: ABCD-EFGH."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def clean_code(typed: str) -> str | None:
    """A code as it was typed, without spaces and hyphens; None where it cannot be one."""
    if len(typed) > _LONGEST_TYPED:
        return None
    code = "".join(sign for sign in typed.upper() if sign.isalnum())
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None


def code_digest(secret_key: str, code: str) -> str:
    """What a row holds of its code. Keyed: a plain digest of a short code is found by trying."""
    return keyed(secret_key, f"confirm-code-digest:{code}").hex()
