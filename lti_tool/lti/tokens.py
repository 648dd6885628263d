"""Service tokens: one for each registration, address and set of scopes, shared by processes.

Security Framework 1.0, 4.1. A token is asked for with an assertion signed by our key, kept in
the database until a minute before it lapses, and dropped when a platform no longer takes it.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from threading import Lock

from authlib.oauth2.rfc7523 import private_key_jwt_sign
from sqlalchemy import bindparam, select, update

from lti_tool.core import clock
from lti_tool.core.identifiers import random_token
from lti_tool.db import Database
from lti_tool.db.statements import AnyRow, count_changed, insert_if_missing, run
from lti_tool.lti.calls import Answer, call
from lti_tool.lti.errors import ServiceFailed
from lti_tool.lti.keys import key_id, signing_key
from lti_tool.lti.models import AccessToken
from lti_tool.lti.vocabulary import JWT_BEARER
from lti_tool.settings import Settings
from lti_tool.web.meters import token_errors

_MARGIN = timedelta(seconds=60)
_ASSERTION_LASTS_S = 120
_LONGEST_TOKEN = 8000
_asking: defaultdict[tuple[str, int], Lock] = defaultdict(Lock)
"""One request at a time in a process for each registration: a burst of scores needs one token,
and a platform that answers slowly holds up no other."""
_in_hand: ContextVar[dict[tuple[int, str, str], str] | None] = ContextVar("in_hand", default=None)


@contextmanager
def tokens_in_hand() -> Iterator[None]:
    """Within the block each token is read from the database once: a batch of scores takes
    seconds, and a token that lapses or is withdrawn meanwhile shows as 401."""
    token = _in_hand.set({})
    try:
        yield
    finally:
        _in_hand.reset(token)


def _assertion(settings: Settings, registration: AnyRow) -> str:
    key = signing_key(settings.keys_dir, settings.secret_key)
    return str(
        private_key_jwt_sign(
            key,
            client_id=registration.client_id,
            token_endpoint=registration.auth_audience or registration.auth_token_url,
            claims={
                "exp": int(clock.now().timestamp()) + _ASSERTION_LASTS_S,
                "jti": random_token(),
            },
            header={"alg": "RS256", "kid": key_id(key)},
            alg="RS256",
        )
    )


def request_token(settings: Settings, registration: AnyRow, scopes: str) -> Answer:
    """Ask the platform for a token; its answer, whatever it says.

    :raises ServiceFailed: no whole answer came.
    """
    return call(
        settings,
        "POST",
        registration.auth_token_url,
        headers={"Accept": "application/json"},
        data={
            "grant_type": "client_credentials",
            "client_assertion_type": JWT_BEARER,
            "client_assertion": _assertion(settings, registration),
            "scope": scopes,
        },
    )


def _ask(settings: Settings, registration: AnyRow, scopes: str) -> tuple[str, int]:
    """Ask the platform for a token.

    :return: the token and for how many seconds it is good.
    :raises ServiceFailed: `token_refused` where the platform said no, else why there is none.
    """
    answer = request_token(settings, registration, scopes)
    if answer.status == 429 or answer.status >= 500:
        raise ServiceFailed("busy", answer.status, answer.retry_after)
    if answer.status == 404 and answer.is_html:
        raise ServiceFailed("keys_blocked", answer.status)
    if answer.status != 200:
        raise ServiceFailed("token_refused", answer.status)
    given = answer.json()
    token = given.get("access_token") if isinstance(given, dict) else None
    if not isinstance(token, str) or not 0 < len(token) <= _LONGEST_TOKEN:
        raise ServiceFailed("token_refused", answer.status)
    lasts = given.get("expires_in")
    try:
        seconds = int(lasts) if not isinstance(lasts, bool) else 0
    except (TypeError, ValueError):
        seconds = 0
    return token, min(max(seconds, 0), 86400)


def _ask_counted(settings: Settings, registration: AnyRow, scopes: str) -> tuple[str, int]:
    try:
        return _ask(settings, registration, scopes)
    except ServiceFailed as failure:
        token_errors.labels(str(registration.id), failure.reason).inc()
        raise


_KEPT = select(AccessToken.token).where(
    AccessToken.registration_id == bindparam("registration"),
    AccessToken.token_url == bindparam("url"),
    AccessToken.scopes == bindparam("scopes"),
    AccessToken.expires_at > bindparam("good_until"),
)


def _kept(database: Database, registration: AnyRow, scopes: str) -> str | None:
    with database.read() as session:
        found = run(
            session,
            _KEPT,
            registration=registration.id,
            url=registration.auth_token_url,
            scopes=scopes,
            good_until=clock.now() + _MARGIN,
        ).first()
    return str(found.token) if found else None


def find_token(
    database: Database,
    settings: Settings,
    registration: AnyRow,
    *scopes: str,
    instead_of: str | None = None,
) -> str:
    """A token for these scopes, kept or newly asked for.

    :param registration: a row with id, client id and token address.
    :param instead_of: a token the platform just refused; dropped if it is still the kept one.
    :raises ServiceFailed: no token is to be had now.
    """
    wanted = " ".join(sorted(scopes))
    in_hand = _in_hand.get()
    place = (registration.id, registration.auth_token_url, wanted)
    if in_hand is not None and in_hand.get(place, instead_of) != instead_of:
        return in_hand[place]
    with _asking[database.place, registration.id]:
        token = _kept(database, registration, wanted)
        if token is None or token == instead_of:
            token, seconds = _ask_counted(settings, registration, wanted)
            _keep(database, registration, wanted, token, seconds)
    if in_hand is not None:
        in_hand[place] = token
    return token


def _keep(database: Database, registration: AnyRow, scopes: str, token: str, s: int) -> None:
    """Keep a token in place of the one before; of two processes that ask at the same moment,
    either's may stay."""
    place = {
        "registration_id": registration.id,
        "token_url": registration.auth_token_url,
        "scopes": scopes,
    }
    given = {"token": token, "expires_at": clock.now() + timedelta(seconds=s)}
    with database.write() as session:
        replaced = count_changed(
            session,
            update(AccessToken)
            .where(*(getattr(AccessToken, name) == value for name, value in place.items()))
            .values(**given)
            .execution_options(synchronize_session=False),
        )
        if not replaced:
            insert_if_missing(session, AccessToken, list(place), {**place, **given})
