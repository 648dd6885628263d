"""Step 2 of a launch: the platform sent the browser; we send it on to be authenticated.

Security Framework 1.0, 5.1.1. State and nonce are made as one row, tied to each other, to the
registration and to the browser by a cookie. The row keeps the platform's hint, so that the
cookie probe and the new window can wait without spending it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.core.identifiers import SPELT_LENGTH, digest, number_of, random_token, same
from lti_tool.db import Database
from lti_tool.db.statements import AnyRow, count_changed
from lti_tool.lti import limits
from lti_tool.lti.errors import LaunchRefused
from lti_tool.lti.login_registration import find_for_login
from lti_tool.lti.models import PendingLogin, Registration
from lti_tool.lti.pending_logins import KEEP, new_reference, reference_of
from lti_tool.lti.storage import usable_target
from lti_tool.settings import Settings
from lti_tool.web.logs import carry

LOGIN_LASTS = timedelta(minutes=10)
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
    auth_url: str
    auth_login_url: str


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


def _auth_url(settings: Settings, address: str, client_id: str, login: Mapping[str, Any]) -> str:
    """The authentication request (Security Framework 1.0, 5.1.1.2), the hint byte for byte."""
    begun, end = _begun(address, client_id, settings.url("/lti/launch"))
    parameters = {
        "login_hint": login["login_hint"],
        "state": login["state"],
        "nonce": login["nonce"],
    }
    if login["message_hint"] is not None:
        parameters["lti_message_hint"] = login["message_hint"]
    if login.get("storage_target") is not None:
        parameters["lti_storage_target"] = login["storage_target"]
    return f"{begun}&{urlencode(parameters, quote_via=quote)}{end}"


def _find_client(database: Database, parameters: dict[str, str]) -> str:
    """The client id of the registration a login means. Reads only, so that refusals hold up no
    writer.

    :raises LaunchRefused: unknown, ambiguous or disabled registration or deployment.
    """
    with database.read() as reading:
        registration = find_for_login(
            reading,
            parameters["iss"],
            parameters.get("client_id"),
            parameters.get("lti_deployment_id", ""),
        )
    if registration.hinted_enabled is False:
        raise LaunchRefused("deployment_disabled")
    return str(registration.client_id)


def _keep(database: Database, parameters: dict[str, str], row: dict[str, Any]) -> tuple[str, str]:
    """Keep a login for the registration it means.

    Most name a client id, and PostgreSQL is asked once. SQLite is asked first whether there is
    such a registration, since on it each statement that may write holds up the others.

    :return: client id and login address of the registration.
    :raises LaunchRefused: as for `begin_login`.
    """
    client_id = parameters.get("client_id")
    if client_id is None or database.is_sqlite:
        client_id = _find_client(database, parameters)
    kept = database.do(KEEP, **row, its_client=client_id).first()
    if kept is None:
        _find_client(database, parameters)  # says what is wrong with it, or nothing is
        with database.read() as reading:
            raise limits.unfinished(reading, row["place_digest"], row["since"])
    return client_id, str(kept.auth_login_url)


def begin_login(
    database: Database, settings: Settings, parameters: dict[str, str], *, is_sent: bool
) -> LoginStarted:
    """Store state and nonce as one row.

    :param parameters: as `read_parameters` gave them.
    :param is_sent: whether the browser goes on to the platform at once, unprobed.
    :raises LaunchRefused: unknown, ambiguous or disabled registration or deployment; or
        `logins_unfinished`: the browser's address has too many in flight.
    """
    binding = random_token()
    number, reference = new_reference()
    login = {
        "state": reference + random_token(),
        "nonce": random_token(),
        "login_hint": parameters["login_hint"],
        "message_hint": parameters.get("lti_message_hint"),
    }
    target = usable_target(parameters.get("lti_storage_target"))
    row = {
        **login,
        "id": number,
        "binding_digest": digest(binding),
        "its_issuer": parameters["iss"],
        "deployment_hint": parameters.get("lti_deployment_id"),
        "storage_target": None if is_sent else target,
        "is_sent": is_sent,
        "expires_at": clock.now() + LOGIN_LASTS,
        **limits.logins_of_place(settings, LOGIN_LASTS),
    }
    client_id, address = _keep(database, parameters, row)
    carry(launch=reference)
    return LoginStarted(reference, binding, _auth_url(settings, address, client_id, login), address)


def find_waiting(session: Session, reference: str) -> AnyRow:
    """A login whose hint is not spent yet.

    :raises LaunchRefused: the login is unknown, too old, or its hint was already spent.
    """
    number = number_of(reference[:SPELT_LENGTH])
    if number is None:
        raise LaunchRefused("state_unknown")
    carry(launch=reference)
    row = session.execute(
        select(
            PendingLogin.id,
            PendingLogin.state,
            PendingLogin.nonce,
            PendingLogin.login_hint,
            PendingLogin.message_hint,
            PendingLogin.binding_digest,
            PendingLogin.is_sent,
            PendingLogin.storage_target,
            Registration.auth_login_url,
            Registration.client_id,
        )
        .join(Registration, Registration.id == PendingLogin.registration_id)
        .where(
            PendingLogin.id == number,
            PendingLogin.expires_at > clock.now(),
            Registration.is_enabled,
        )
    ).first()
    if row is None or row.is_sent or not same(reference_of(row), reference):
        raise LaunchRefused("state_unknown")
    return row


def _still_waiting(row: AnyRow) -> tuple[ColumnElement[bool], ...]:
    """The login is as it was read a moment ago.

    Else a browser that is just being sent on, and so knows the state, and another that is just
    being bound could both have it, and the first could finish the launch in the second.
    """
    return (
        PendingLogin.id == row.id,
        PendingLogin.is_sent.is_(False),
        PendingLogin.binding_digest == row.binding_digest,
    )


def is_bound(row: AnyRow, binding: str | None) -> bool:
    """Whether a cookie proves the browser that a waiting login is bound to."""
    return binding is not None and digest(binding) == row.binding_digest


def _change(session: Session, row: AnyRow, **values: Any) -> None:
    changed = count_changed(
        session, update(PendingLogin).where(*_still_waiting(row)).values(values)
    )
    if not changed:
        raise LaunchRefused("state_unknown")


def continue_login(
    session: Session, settings: Settings, row: AnyRow, stored: str | None = None
) -> str:
    """Spend the hint: the address of the authentication request that the browser goes on to.

    :param row: as `find_waiting` found it, proved by its cookie or by `stored`.
    :param stored: the value that the platform's storage keeps in place of a cookie; the login
        is bound to it and to no cookie any more.
    :raises LaunchRefused: another window was faster.
    """
    login = dict(row._mapping)
    if stored is None:
        _change(session, row, is_sent=True, storage_target=None)
        login["storage_target"] = None
    else:
        _change(session, row, is_sent=True, binding_digest=digest(stored))
    return _auth_url(settings, row.auth_login_url, row.client_id, login)


def rebind_login(session: Session, row: AnyRow) -> str:
    """Tie a waiting login to the window that asks now; the hint is still unspent.

    :return: the new cookie's value; the old one proves nothing any more.
    :raises LaunchRefused: another window was faster.
    """
    binding = random_token()
    _change(session, row, binding_digest=digest(binding))
    return binding
