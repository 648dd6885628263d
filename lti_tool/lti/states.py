"""The state of an authentication request: what its answer must fit, sealed, and kept nowhere.

Security Framework 1.0, 5.1.1.2 and 5.1.1.3. Only the tool can have made it, so nothing of a login
has to be kept until a launch answers it; that it counts once is seen to in `used_logins.py`. Its
nonce follows from it, so that no other state goes with the nonce. Alphanumeric: Moodle strips
markup characters from `state` on its way through.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lti_tool.core import clock
from lti_tool.core.identifiers import (
    SPELT_LENGTH,
    digest,
    keyed,
    random_number,
    random_token,
    same,
    spelt,
)

REFERENCE_LENGTH = SPELT_LENGTH + 11
"""128 bits: a number and as many more. A waiting login is bound anew by its reference."""
LOGIN_LASTS = timedelta(minutes=10)
"""From its beginning until its state is believed no more."""
_NO_HINT = "0" * 64
_SHAPE = re.compile(
    "(?P<said>(?P<reference>[0-9a-f]{16}[0-9A-Za-z]{11})"
    "(?P<platform>[0-9a-f]{16})(?P<registration>[0-9a-f]{16})(?P<end>[0-9a-f]{8})"
    "(?P<binding>[0-9a-f]{64})(?P<deployment>[0-9a-f]{64})(?P<target>(?:[0-9a-f]{2}){0,255}))"
    "(?P<seal>[0-9a-f]{64})"
)


@dataclass(frozen=True, slots=True)
class State:
    """What the answer to an authentication request must fit."""

    reference: str
    """By what this login is told from others where its state must not be seen: in the name of its
    cookie, in the log, and in the address of the page that waits."""
    platform_id: int
    registration_id: int
    expires_at: datetime
    """To the second."""
    binding_digest: str
    """Digest of what proves the browser that the platform was asked for: the login's cookie, or
    what the platform's storage keeps."""
    deployment_digest: str = _NO_HINT
    """Digest of the deployment that the login named, if it did."""
    storage_target: str = ""
    """The frame that keeps the proof where a cookie is lost, as the platform offered it."""

    @property
    def number(self) -> int:
        """Under which it is noted once it was used."""
        return int(self.reference[:SPELT_LENGTH], 16)

    def fits_deployment(self, deployment_id: str) -> bool:
        """Whether the login named this deployment, or none."""
        named = self.deployment_digest
        return named == _NO_HINT or named == digest(deployment_id)


def digest_hint(deployment_id: str | None) -> str:
    """What a state says of the deployment that a login named."""
    return _NO_HINT if deployment_id is None else digest(deployment_id)


def new_reference() -> str:
    """The reference of a new login."""
    return spelt(random_number()) + random_token(REFERENCE_LENGTH - SPELT_LENGTH)


def _seal_of(secret_key: str, said: str) -> str:
    return keyed(secret_key, f"state:{said}").hex()


def seal(secret_key: str, state: State) -> str:
    """The state as it goes to the platform and comes back."""
    said = "".join(
        (
            state.reference,
            spelt(state.platform_id),
            spelt(state.registration_id),
            f"{int(state.expires_at.timestamp()):08x}",
            state.binding_digest,
            state.deployment_digest,
            state.storage_target.encode().hex(),
        )
    )
    return said + _seal_of(secret_key, said)


def unseal(secret_key: str, text: str) -> State | None:
    """What a state says, or None where the tool never made it, or too long ago to be believed."""
    found = _SHAPE.fullmatch(text)
    if found is None or not same(found["seal"], _seal_of(secret_key, found["said"])):
        return None
    expires_at = datetime.fromtimestamp(int(found["end"], 16), UTC)
    if expires_at <= clock.now():
        return None
    return State(
        found["reference"],
        int(found["platform"], 16),
        int(found["registration"], 16),
        expires_at,
        found["binding"],
        found["deployment"],
        bytes.fromhex(found["target"]).decode(),
    )


def nonce_of(sealed: str) -> str:
    """The nonce that goes with a sealed state: found by whoever has the state, and nobody else."""
    return digest(sealed)
