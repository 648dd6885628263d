"""Platform storage: where a frame keeps no cookie, the platform keeps the login's proof for us.

LTI Client Side postMessages 0.1 and its Storage and OIDC parts. The proof is a value made for
one rendering of the probe page: whoever spends the login binds it to the value that their own
page put into their own platform's storage, so it is as strong as the cookie it stands for.
"""

import re
from dataclasses import dataclass

from lti_tool.core.identifiers import digest, keyed, random_token, same
from lti_tool.lti.addresses import origin
from lti_tool.lti.errors import LaunchRefused
from lti_tool.lti.states import State
from lti_tool.settings import Settings

_SALT_LENGTH = 22
_TARGET = re.compile(r"[A-Za-z0-9_.:-]{1,255}")


@dataclass(frozen=True, slots=True)
class Storage:
    """What a page's script needs to reach the platform's storage."""

    target: str
    """The name of the frame that answers, beside ours; `_parent` for the one around us."""
    origin: str
    """The only origin that is asked and believed: that of the registered login address."""
    key: str
    value: str = ""


class ProofInStorage(LaunchRefused):
    """A launch without its cookie, whose proof the platform's storage should hold."""

    def __init__(self, storage: Storage) -> None:
        super().__init__("browser_mismatch", "asking the platform’s storage")
        self.storage = storage


def usable_target(raw: str | None) -> str | None:
    """The frame a platform offers, or None where the name cannot be one."""
    return raw if raw and _TARGET.fullmatch(raw) else None


def where(target: str, auth_login_url: str, reference: str, value: str = "") -> Storage:
    """The place in a platform's storage that belongs to one login."""
    return Storage(target, origin(auth_login_url), f"lti-login-{reference}", value)


def _sealed(settings: Settings, reference: str, salt: str) -> str:
    return salt + keyed(settings.secret_key, f"storage:{reference}:{salt}").hex()


def new_value(settings: Settings, reference: str) -> str:
    """A value for one rendering of the probe page; nothing is kept until it comes back."""
    return _sealed(settings, reference, random_token(_SALT_LENGTH))


def is_ours(settings: Settings, reference: str, value: str) -> bool:
    """Whether a value was made for this login."""
    return same(value, _sealed(settings, reference, value[:_SALT_LENGTH]))


def check_browser(
    state: State, auth_login_url: str, cookie: str | None, stored: str | None
) -> None:
    """This browser is the one that began a login: by its cookie, or by what the platform's
    storage keeps where the login was bound to that.

    :param auth_login_url: the login address of the state's registration.
    :raises ProofInStorage: the storage was not asked yet.
    :raises LaunchRefused: `browser_mismatch`.
    """
    proofs = (cookie, stored if state.storage_target else None)
    if any(one is not None and same(digest(one), state.binding_digest) for one in proofs):
        return
    if state.storage_target and stored is None:
        raise ProofInStorage(where(state.storage_target, auth_login_url, state.reference))
    raise LaunchRefused("browser_mismatch")
