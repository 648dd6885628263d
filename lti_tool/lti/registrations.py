"""Registrations: adding, finding, switching on and off.

Called by the command line and the staff's pages; a login finds its own by `login_registration.py`.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.audit.operations import OPERATOR, Actor, record
from lti_tool.core import clock
from lti_tool.db.statements import AnyRow, insert_if_missing
from lti_tool.lti.addresses import check_address
from lti_tool.lti.errors import RegistrationNotFound, RegistrationUnusable
from lti_tool.lti.models import Deployment, Platform, Registration
from lti_tool.settings import Settings

_LONGEST_NAME = 200
MOST_PARALLEL_CALLS = 64
COLUMNS = (
    Registration.id,
    Registration.platform_id,
    Registration.client_id,
    Registration.name,
    Registration.auth_login_url,
    Registration.auth_token_url,
    Registration.auth_audience,
    Registration.jwks_url,
    Registration.is_enabled,
    Registration.is_approved,
    Registration.scopes,
    Registration.product,
    Registration.parallel_calls,
    Platform.issuer,
)


@dataclass(frozen=True, slots=True)
class RegistrationValues:
    """What connects us with a platform, as its administrator's page shows it."""

    name: str
    issuer: str
    client_id: str
    deployment_ids: tuple[str, ...]
    auth_login_url: str
    auth_token_url: str
    jwks_url: str
    auth_audience: str | None = None


def _check(settings: Settings, values: RegistrationValues) -> None:
    for label, text in (
        ("name", values.name),
        ("issuer", values.issuer),
        ("client id", values.client_id),
        *(("deployment id", d) for d in values.deployment_ids),
    ):
        if not text.strip() or text != text.strip():
            raise RegistrationUnusable(f"The {label} is empty or has spaces around it.")
    if not values.deployment_ids:
        raise RegistrationUnusable("Give at least one deployment id.")
    check_address(settings, "login address", values.auth_login_url)
    check_address(settings, "token address", values.auth_token_url)
    check_address(settings, "key set address", values.jwks_url)


def keep_platform(session: Session, issuer: str) -> int:
    """The number of the platform with this issuer, made where there is none."""
    values = {"issuer": issuer, "created_at": clock.now()}
    made = insert_if_missing(session, Platform, ["issuer"], values)
    return made or session.scalars(select(Platform.id).where(Platform.issuer == issuer)).one()


def add_registration(
    session: Session, settings: Settings, values: RegistrationValues
) -> tuple[int, bool]:
    """Register the tool with a platform, or update the registration that is there. The
    operator's own word: it is approved, whatever it was before.

    :return: the registration's number, and whether it is new.
    :raises RegistrationUnusable: a value that cannot be used.
    """
    _check(settings, values)
    now = clock.now()
    platform_id = keep_platform(session, values.issuer)
    registration = session.scalar(
        select(Registration).where(
            Registration.platform_id == platform_id, Registration.client_id == values.client_id
        )
    )
    is_new = registration is None
    if registration is None:
        registration = Registration(
            platform_id=platform_id, client_id=values.client_id, is_enabled=True, created_at=now
        )
        session.add(registration)
    for field in ("name", "auth_login_url", "auth_token_url", "auth_audience", "jwks_url"):
        setattr(registration, field, getattr(values, field))
    registration.is_approved = True
    registration.updated_at = now
    session.flush()
    add_deployments(session, registration.id, values.deployment_ids)
    record(
        session,
        "registration added" if is_new else "registration updated",
        ("registration", registration.id),
        actor="operator",
    )
    return registration.id, is_new


def add_deployments(
    session: Session, registration_id: int, deployment_ids: tuple[str, ...]
) -> None:
    """Add those deployments of a registration that are not there yet."""
    there = set(
        session.scalars(
            select(Deployment.deployment_id).where(Deployment.registration_id == registration_id)
        )
    )
    for deployment_id in dict.fromkeys(deployment_ids):
        if deployment_id not in there:
            session.add(
                Deployment(
                    registration_id=registration_id,
                    deployment_id=deployment_id,
                    is_enabled=True,
                    created_at=clock.now(),
                )
            )


def _not_there(registration_id: int) -> RegistrationNotFound:
    return RegistrationNotFound(
        f"There is no registration {registration_id}. "
        "`lti-tool registration list` shows those there are."
    )


def get_for_change(session: Session, registration_id: int) -> Registration:
    """One registration, to be changed.

    :raises RegistrationNotFound: there is none with this number.
    """
    registration = session.get(Registration, registration_id, with_for_update=True)
    if registration is None:
        raise _not_there(registration_id)
    return registration


def usable_name(name: str) -> str:
    """The name of a connection, without spaces around it.

    :raises RegistrationUnusable: it is empty, longer than 200 characters, or of several lines.
    """
    name = name.strip()
    if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable():
        raise RegistrationUnusable(f"Give a name of up to {_LONGEST_NAME} characters on one line.")
    return name


def set_name(session: Session, registration_id: int, name: str, by: Actor = OPERATOR) -> None:
    """Give a connection the name that people outside read: whose course they are asked about.

    :raises RegistrationNotFound: there is none with this number.
    :raises RegistrationUnusable: as `usable_name`.
    """
    name = usable_name(name)
    registration = get_for_change(session, registration_id)
    if registration.name != name:
        was, became = {"name": registration.name}, {"name": name}
        subject = ("registration", registration.id)
        record(session, "registration renamed", subject, was=was, became=became, **by)
        registration.name = name
        registration.updated_at = clock.now()


def set_enabled(
    session: Session, registration_id: int, is_enabled: bool, by: Actor = OPERATOR
) -> Registration:
    """Switch a registration on or off.

    :raises RegistrationNotFound: there is none with this number.
    """
    registration = get_for_change(session, registration_id)
    if registration.is_enabled != is_enabled:
        act = "registration enabled" if is_enabled else "registration disabled"
        was, became = {"enabled": not is_enabled}, {"enabled": is_enabled}
        record(session, act, ("registration", registration.id), was=was, became=became, **by)
        registration.is_enabled = is_enabled
        registration.updated_at = clock.now()
    return registration


def set_deployment_enabled(
    session: Session,
    registration_id: int,
    deployment_id: str,
    is_enabled: bool,
    by: Actor = OPERATOR,
) -> None:
    """Switch one deployment of a registration on or off; its others stay as they are.

    :param deployment_id: as the platform names it.
    :raises RegistrationNotFound: there is no such registration or deployment.
    """
    registration = get_for_change(session, registration_id)
    deployment = session.scalar(
        select(Deployment).where(
            Deployment.registration_id == registration.id,
            Deployment.deployment_id == deployment_id,
        )
    )
    if deployment is None:
        raise RegistrationNotFound(
            f"Registration {registration_id} has no deployment “{deployment_id}”. "
            f"`lti-tool registration show {registration_id}` shows those it has."
        )
    if deployment.is_enabled != is_enabled:
        act = "deployment enabled" if is_enabled else "deployment disabled"
        was, became = {"enabled": not is_enabled}, {"enabled": is_enabled}
        record(session, act, ("deployment", deployment.id), was=was, became=became, **by)
        deployment.is_enabled = is_enabled


def set_parallel_calls(session: Session, registration_id: int, count: int) -> None:
    """Say how many scores may be on their way to a platform at once, over all workers.

    :raises RegistrationNotFound: there is none with this number.
    :raises RegistrationUnusable: the number is not one from 1 to 64.
    """
    if not 1 <= count <= MOST_PARALLEL_CALLS:
        raise RegistrationUnusable(f"Give a number from 1 to {MOST_PARALLEL_CALLS}.")
    registration = get_for_change(session, registration_id)
    if registration.parallel_calls == count:
        return
    record(
        session,
        "registration pace changed",
        ("registration", registration.id),
        actor="operator",
        was={"parallel_calls": registration.parallel_calls},
        became={"parallel_calls": count},
    )
    registration.parallel_calls = count
    registration.updated_at = clock.now()


def list_registrations(session: Session) -> list[dict[str, Any]]:
    """All registrations with their deployments, by number."""
    rows = session.execute(
        select(*COLUMNS)
        .join(Platform, Platform.id == Registration.platform_id)
        .order_by(Registration.id)
    ).all()
    deployments: dict[int, list[AnyRow]] = {}
    for deployment in session.execute(
        select(
            Deployment.registration_id, Deployment.deployment_id, Deployment.is_enabled
        ).order_by(Deployment.id)
    ):
        deployments.setdefault(deployment.registration_id, []).append(deployment)
    return [
        {
            **{key: value for key, value in row._mapping.items() if key != "platform_id"},
            "deployment_ids": [one.deployment_id for one in deployments.get(row.id, [])],
            "disabled_deployment_ids": [
                one.deployment_id for one in deployments.get(row.id, []) if not one.is_enabled
            ],
        }
        for row in rows
    ]


def get_registration(session: Session, registration_id: int) -> AnyRow:
    """One registration with its issuer.

    :raises RegistrationNotFound: there is none with this number.
    """
    row = session.execute(
        select(*COLUMNS)
        .join(Platform, Platform.id == Registration.platform_id)
        .where(Registration.id == registration_id)
    ).first()
    if row is None:
        raise _not_there(registration_id)
    return row
