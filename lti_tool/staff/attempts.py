"""One sign-in on its way: what it was begun with, carried by the browser until it comes back.

Signed, so that it can only be ours, and good for ten minutes. The answer to it counts once,
whichever process sees it.
"""

from dataclasses import astuple, dataclass
from datetime import timedelta

from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.core.identifiers import digest, random_token, same
from lti_tool.db.statements import insert_if_missing
from lti_tool.people.models import UsedCode
from lti_tool.settings import Settings
from lti_tool.staff.refusals import SignInRefused

LASTS = timedelta(minutes=10)
_VERIFIER_LENGTH = 64
"""RFC 7636, 4.1: 43 to 128 characters."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a sign-in was begun with."""

    state: str
    nonce: str
    verifier: str
    target: str
    """The page of ours that was asked for."""


def _signer(settings: Settings) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings.secret_key, salt="staff-sign-in")


def make_attempt(target: str) -> Attempt:
    """A new sign-in, to end at `target`."""
    return Attempt(random_token(), random_token(), random_token(_VERIFIER_LENGTH), target)


def pack(settings: Settings, attempt: Attempt) -> str:
    """What the browser carries. Kept nowhere here."""
    return str(_signer(settings).dumps(astuple(attempt)))


def unpack(settings: Settings, carried: str, state: str) -> Attempt:
    """The sign-in that this browser began, if the answer's state is its own.

    :raises SignInRefused: it began none, or another, or too long ago.
    """
    try:
        values = _signer(settings).loads(carried, max_age=int(LASTS.total_seconds()))
        attempt = Attempt(*(str(one) for one in values))
    except (BadSignature, ValueError, TypeError):
        raise SignInRefused("state_unknown") from None
    if not same(state, attempt.state):
        raise SignInRefused("state_unknown")
    return attempt


def use_up(session: Session, attempt: Attempt) -> None:
    """Let no second answer count.

    :raises SignInRefused: one has counted already.
    """
    values = {"code_digest": digest(attempt.state), "lapses_at": clock.now() + LASTS}
    if insert_if_missing(session, UsedCode, ["code_digest"], values) is None:
        raise SignInRefused("state_used")
