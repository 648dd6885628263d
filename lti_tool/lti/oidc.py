"""Step 2 of a launch: the platform sent the browser; we send it on to be authenticated.

Security Framework 1.0, 5.1.1. State and nonce are made as one, tied to the registration and to the
browser by a cookie, and kept nowhere (`states.py`). Where the browser is in a frame it is probed
before, and the platform's hint waits meanwhile (`waiting_logins.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from lti_tool.core import clock
from lti_tool.core.identifiers import digest, random_token
from lti_tool.db import Database
from lti_tool.db.statements import AnyRow
from lti_tool.lti import limits
from lti_tool.lti.errors import LaunchRefused
from lti_tool.lti.login_registration import find_for_login
from lti_tool.lti.states import LOGIN_LASTS, State, digest_hint, new_reference, nonce_of, seal
from lti_tool.lti.storage import usable_target
from lti_tool.lti.waiting_logins import end_waiting, keep_waiting
from lti_tool.settings import Settings
from lti_tool.web.logs import carry

COOKIE_PREFIX = "lti-login-"
_LIMITS = {
    "iss": 1000,
    "login_hint": 2000,
    "target_link_uri": 2000,
    "client_id": 255,
    "lti_deployment_id": 255,
    "lti_message_hint": 8000,
    "lti_storage_target": 255,
}
_REQUIRED = ("iss", "login_hint", "target_link_uri")


@dataclass(frozen=True, slots=True)
class LoginStarted:
    """A login in flight: what the browser must keep, and where it goes next."""

    reference: str
    binding: str
    auth_url: str | None
    """None where the login waits until the browser was probed."""


def read_parameters(pairs: Mapping[str, list[str]]) -> dict[str, str]:
    """The login's parameters, each at most once.

    :raises LaunchRefused: one is missing, repeated, too long or unreadable.
    """
    found: dict[str, str] = {}
    for name, limit in _LIMITS.items():
        values = pairs.get(name, [])
        if len(values) > 1 or f"{name}[]" in pairs:
            raise LaunchRefused("login_parameter_unusable", f"{name} repeated")
        if values and (len(values[0]) > limit or "\x00" in values[0]):
            raise LaunchRefused("login_parameter_unusable", f"{name} too long or unreadable")
        if values and (values[0] or name == "lti_message_hint"):
            found[name] = values[0]
    for name in _REQUIRED:
        if name not in found:
            raise LaunchRefused("login_parameter_missing", name)
    return found


@lru_cache(maxsize=1000)
def _begun(address: str, client_id: str, redirect_uri: str) -> tuple[str, str]:
    """What every authentication request to an address begins with, and ends with."""
    parameters = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
    }
    parts = urlsplit(address)
    query = "&".join(filter(None, (parts.query, urlencode(parameters, quote_via=quote))))
    whole = urlunsplit(parts._replace(query=query, fragment=""))
    return whole, parts.fragment and f"#{parts.fragment}"


def _auth_url(
    settings: Settings,
    registration: AnyRow,
    state: State,
    login_hint: str,
    message_hint: str | None,
) -> str:
    """The authentication request (Security Framework 1.0, 5.1.1.2), the hints byte for byte.

    :param registration: a row with its `auth_login_url` and `client_id`.
    """
    begun, end = _begun(
        registration.auth_login_url, registration.client_id, settings.url("/lti/launch")
    )
    sealed = seal(settings.secret_key, state)
    parameters = {"login_hint": login_hint, "state": sealed, "nonce": nonce_of(sealed)}
    if message_hint is not None:
        parameters["lti_message_hint"] = message_hint
    if state.storage_target:
        parameters["lti_storage_target"] = state.storage_target
    return f"{begun}&{urlencode(parameters, quote_via=quote)}{end}"


def begin_login(
    database: Database, settings: Settings, parameters: dict[str, str], *, is_sent: bool
) -> LoginStarted:
    """Make state and nonce, or let the login wait until the browser was probed.

    :param parameters: as `read_parameters` gave them.
    :param is_sent: whether the browser goes on to the platform at once, unprobed.
    :raises LaunchRefused: unknown, ambiguous or disabled registration or deployment; or
        `logins_unfinished`: the browser's address has too many that wait.
    """
    hint = parameters.get("lti_deployment_id")
    registration = find_for_login(database, parameters["iss"], parameters.get("client_id"), hint)
    reference, binding = new_reference(), random_token()
    carry(launch=reference)
    login_hint, message_hint = parameters["login_hint"], parameters.get("lti_message_hint")
    expires_at = clock.now() + LOGIN_LASTS
    if is_sent:
        state = State(
            reference,
            registration.platform_id,
            registration.id,
            expires_at,
            digest(binding),
            digest_hint(hint),
        )
        auth_url = _auth_url(settings, registration, state, login_hint, message_hint)
        return LoginStarted(reference, binding, auth_url)
    row = {
        "binding_digest": digest(binding),
        "registration_id": registration.id,
        "deployment_hint": hint,
        "login_hint": login_hint,
        "message_hint": message_hint,
        "storage_target": usable_target(parameters.get("lti_storage_target")),
        "expires_at": expires_at,
        **limits.logins_of_place(settings, LOGIN_LASTS),
    }
    keep_waiting(database, reference, row)
    return LoginStarted(reference, binding, None)


def continue_login(
    database: Database, settings: Settings, row: AnyRow, stored: str | None = None
) -> str:
    """Spend the hint: the address of the authentication request that the browser goes on to.

    :param row: as `find_waiting` found it, proved by its cookie or by `stored`.
    :param stored: the value that the platform's storage keeps in place of a cookie; the login
        is bound to it and to no cookie any more.
    :raises LaunchRefused: another window was faster.
    """
    state = State(
        row.reference,
        row.platform_id,
        row.registration_id,
        row.expires_at,
        row.binding_digest if stored is None else digest(stored),
        digest_hint(row.deployment_hint),
        "" if stored is None else row.storage_target,
    )
    end_waiting(database, row)
    return _auth_url(settings, row, state, row.login_hint, row.message_hint)
