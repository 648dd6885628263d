"""Registrations that a platform made by itself: kept, proposed, approved.

With a good invitation a registration is let in at once. Without one a new registration waits
for the operator, and what would change an existing one is only written down as a proposal:
the registration stays as it was until the operator approves it.
"""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.audit.operations import OPERATOR, Actor, record
from lti_tool.audit.queries import find_latest
from lti_tool.core import clock
from lti_tool.db.statements import insert_if_missing
from lti_tool.lti.addresses import check_address
from lti_tool.lti.models import Deployment, Registration
from lti_tool.lti.registrations import add_deployments, get_for_change, keep_platform
from lti_tool.settings import Settings

MOST_PENDING = 100
"""So many may wait for approval; anyone may register a platform, so there must be an end."""
_PROPOSED = "registration update proposed"
_SETTLED = ("registration updated", "registration approved", "registration moved")
_FIELDS = (
    "auth_login_url",
    "auth_token_url",
    "auth_audience",
    "jwks_url",
    "scopes",
    "product",
    "registration_client_url",
)


@dataclass(frozen=True, slots=True)
class Connection:
    """What a platform's own registration came to: its addresses, and what it granted."""

    issuer: str
    client_id: str
    deployment_ids: tuple[str, ...]
    auth_login_url: str
    auth_token_url: str
    auth_audience: str | None
    jwks_url: str
    scopes: str
    product: str
    registration_client_url: str | None


def count_pending(session: Session) -> int:
    """How many registrations wait for approval."""
    waiting = select(func.count()).select_from(Registration).where(~Registration.is_approved)
    return session.scalar(waiting) or 0


def keep_new(session: Session, connection: Connection, name: str) -> tuple[Registration, bool]:
    """Find the registration of this issuer and client id, or make it, waiting for approval.

    :return: the registration, and whether it is new.
    """
    now = clock.now()
    platform_id = keep_platform(session, connection.issuer)
    values = {field: getattr(connection, field) for field in _FIELDS}
    made = insert_if_missing(
        session,
        Registration,
        ["platform_id", "client_id"],
        {
            **values,
            "platform_id": platform_id,
            "client_id": connection.client_id,
            "name": name,
            "is_enabled": True,
            "is_approved": False,
            "created_at": now,
            "updated_at": now,
        },
    )
    registration = session.scalars(
        select(Registration)
        .where(
            Registration.platform_id == platform_id,
            Registration.client_id == connection.client_id,
        )
        .with_for_update()
    ).one()
    if made is not None:
        add_deployments(session, registration.id, connection.deployment_ids)
        record(session, "registration added", ("registration", registration.id), actor="platform")
    return registration, made is not None


def _differs(session: Session, registration: Registration, connection: Connection) -> bool:
    there = set(
        session.scalars(
            select(Deployment.deployment_id).where(Deployment.registration_id == registration.id)
        )
    )
    return not set(connection.deployment_ids) <= there or any(
        getattr(registration, field) != getattr(connection, field) for field in _FIELDS
    )


def propose(session: Session, registration: Registration, connection: Connection) -> bool:
    """Write down what would change; False where nothing would."""
    if not _differs(session, registration, connection):
        return False
    about = ("registration", registration.id)
    values = {**asdict(connection), "deployment_ids": list(connection.deployment_ids)}
    latest = find_latest(session, about, (_PROPOSED, *_SETTLED))
    if latest is None or latest.act != _PROPOSED or latest.became != values:
        record(session, _PROPOSED, about, actor="platform", became=values)
    return True


def find_proposal(session: Session, registration_id: int) -> dict[str, Any] | None:
    """What a platform would like to change, where that still waits for the operator."""
    latest = find_latest(session, ("registration", registration_id), (_PROPOSED, *_SETTLED))
    return latest.became if latest is not None and latest.act == _PROPOSED else None


def apply(session: Session, registration: Registration, values: dict[str, Any], by: Actor) -> None:
    """Let the registration be as the platform says, and let it in."""
    for field in _FIELDS:
        setattr(registration, field, values[field])
    registration.is_approved = True
    registration.updated_at = clock.now()
    add_deployments(session, registration.id, tuple(values["deployment_ids"]))
    record(session, "registration updated", ("registration", registration.id), **by)


def let_in(
    session: Session, registration: Registration, connection: Connection, *, is_new: bool
) -> None:
    """An invited platform: its registration is as it says, and approved at once."""
    if is_new:
        registration.is_approved = True
        about = ("registration", registration.id)
        record(session, "registration approved", about, actor="invitation")
    else:
        apply(session, registration, asdict(connection), {"actor": "invitation"})


def approve(
    session: Session, settings: Settings, registration_id: int, by: Actor = OPERATOR
) -> str:
    """Let a waiting registration in, and apply what its platform proposed.

    :return: what was done, in one sentence.
    :raises RegistrationNotFound: there is none with this number.
    :raises RegistrationUnusable: an address in the proposal may not be called.
    """
    registration = get_for_change(session, registration_id)
    proposal = find_proposal(session, registration_id)
    was_pending = not registration.is_approved
    if proposal is not None:
        for label, field in (
            ("login address", "auth_login_url"),
            ("token address", "auth_token_url"),
            ("key set address", "jwks_url"),
        ):
            check_address(settings, label, proposal[field])
        apply(session, registration, proposal, by)
        return f"Registration {registration_id} is approved, with what its platform proposed."
    if not was_pending:
        return f"Registration {registration_id} is approved already, and no change is waiting."
    registration.is_approved = True
    registration.updated_at = clock.now()
    record(session, "registration approved", ("registration", registration_id), **by)
    return f"Registration {registration_id} is approved."
