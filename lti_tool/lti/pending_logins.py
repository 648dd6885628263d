"""Logins in flight as the database is asked for them at every launch: kept, found, used up."""

from typing import Any

from sqlalchemy import and_, bindparam, delete, insert, literal_column, select
from sqlalchemy.orm import Session

from lti_tool.core.identifiers import (
    SPELT_LENGTH,
    number_of,
    random_number,
    random_token,
    same,
    spelt,
)
from lti_tool.db.statements import NEED_NOT_LAST, AnyRow, run
from lti_tool.lti import limits
from lti_tool.lti.models import Deployment, PendingLogin, Platform, Registration

_REFERENCE_LENGTH = SPELT_LENGTH + 11
"""128 bits: the row's number and as many more. A waiting login is bound anew by its reference."""
_COLUMNS = list(PendingLogin.__table__.c)
_FOUND: dict[str, Any] = {"registration_id": Registration.id}
_IS_MEANT = (
    Platform.issuer == bindparam("its_issuer"),
    Registration.client_id == bindparam("its_client"),
    Registration.is_enabled,
    Registration.is_approved,
    ~select(Deployment.id)
    .where(
        Deployment.registration_id == Registration.id,
        Deployment.deployment_id == bindparam("deployment_hint"),
        ~Deployment.is_enabled,
    )
    .exists(),
)
KEEP = (
    insert(PendingLogin)
    .from_select(
        _COLUMNS,
        select(*(_FOUND.get(one.name, bindparam(one.name, type_=one.type)) for one in _COLUMNS))
        .join(Platform, Platform.id == Registration.platform_id)
        .where(*_IS_MEANT, limits.IS_UNDER_LIMIT, NEED_NOT_LAST),
        include_defaults=False,
    )
    .returning(
        select(Registration.auth_login_url)
        .where(Registration.id == literal_column("pending_login.registration_id"))
        .scalar_subquery()
        .label("auth_login_url")
    )
)
"""Kept where issuer and client id name a registration that is open, unless the browser's address
has too many in flight: one question where there were six. Where a power failure takes it away, the
launch is refused and is begun again."""
CONSUME = (
    delete(PendingLogin).where(PendingLogin.id == bindparam("its_id")).returning(PendingLogin.id)
)
"""Uses up a login, state and nonce at once; no row where another launch was faster."""
PENDING = (
    select(
        PendingLogin.id,
        PendingLogin.state,
        PendingLogin.nonce,
        PendingLogin.binding_digest,
        PendingLogin.deployment_hint,
        PendingLogin.storage_target,
        PendingLogin.registration_id,
        PendingLogin.expires_at,
        Registration.platform_id,
        Registration.client_id,
        Registration.jwks_url,
        Registration.is_enabled,
        Registration.auth_login_url,
        Platform.issuer,
        Deployment.id.label("deployment_row"),
        Deployment.is_enabled.label("deployment_enabled"),
    )
    .join(Registration, Registration.id == PendingLogin.registration_id)
    .join(Platform, Platform.id == Registration.platform_id)
    .outerjoin(
        Deployment,
        and_(
            Deployment.registration_id == Registration.id,
            Deployment.deployment_id == bindparam("its_deployment"),
        ),
    )
    .where(PendingLogin.id == bindparam("its_id"))
)


def find_pending(session: Session, state: str, asks: Any = PENDING, **named: str) -> AnyRow | None:
    """The login a state belongs to, with its registration, or None where there is none.

    :param asks: `PENDING`, or more that begins with it.
    :param named: what the message names, as `asks` takes it: the row tells too whether there is
        such a deployment of this registration.
    """
    number = number_of(state[:SPELT_LENGTH])
    if number is None:
        return None
    row = run(session, asks, its_id=number, **named).first()
    return row if row is not None and same(row.state, state) else None


def new_reference() -> tuple[int, str]:
    """The number of a new login's row, and its reference."""
    number = random_number()
    return number, spelt(number) + random_token(_REFERENCE_LENGTH - SPELT_LENGTH)


def reference_of(login: AnyRow) -> str:
    """With what a login's state begins, and by what it is told from others where its state must
    not be seen: in the name of its cookie and in the address of the page that waits."""
    return str(login.state[:_REFERENCE_LENGTH])


def consume(session: Session, pending_id: int) -> bool:
    """Use up a login, state and nonce at once; False where another launch was faster."""
    return run(session, CONSUME, its_id=pending_id).first() is not None
