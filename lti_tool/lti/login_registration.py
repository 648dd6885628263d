"""Which registration a login means, and a state: every launch asks both.

In a rush all ask for the same few, so one look serves whoever asks a process for the same within a
quarter of a second. Only what is open is remembered, and nothing is let in by it for longer: each
page of a visit asks whether its registration and deployment are open.
"""

from collections.abc import Callable
from time import monotonic
from typing import Any

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from lti_tool.db import Database
from lti_tool.db.statements import AnyRow, run
from lti_tool.lti.errors import LaunchRefused
from lti_tool.lti.models import Deployment, Platform, Registration
from lti_tool.lti.states import State

_REGISTRATION = (
    select(
        Registration.id,
        Registration.platform_id,
        Registration.client_id,
        Registration.jwks_url,
        Registration.is_enabled,
        Registration.is_approved,
        Registration.auth_login_url,
        Platform.issuer,
        Deployment.id.label("deployment_row"),
        Deployment.is_enabled.label("deployment_enabled"),
    )
    .join(Platform, Platform.id == Registration.platform_id)
    .outerjoin(
        Deployment,
        and_(
            Deployment.registration_id == Registration.id,
            Deployment.deployment_id == bindparam("its_deployment"),
        ),
    )
)
IS_OPEN = and_(Registration.is_enabled, Registration.is_approved, Deployment.is_enabled)
"""Whether a visit may go on, for a query that joins its registration and deployment."""
_OF_ISSUER = _REGISTRATION.where(Platform.issuer == bindparam("its_issuer"))
_OF_STATE = _REGISTRATION.where(
    Registration.id == bindparam("its_registration"),
    Registration.platform_id == bindparam("its_platform"),
)
_NEAR_FOR_S = 0.25
_MOST_NEAR = 10_000
_near: dict[tuple[Any, ...], tuple[float, AnyRow]] = {}
"""By database and what was asked: what a process found a moment ago."""


def _is_open(found: AnyRow, deployment_id: str | None) -> bool:
    is_let_in = found.is_enabled and found.is_approved
    return bool(is_let_in and (deployment_id is None or found.deployment_enabled))


def _look(
    asked: tuple[Any, ...], deployment_id: str | None, find: Callable[[], AnyRow | None]
) -> AnyRow | None:
    """What a process found a moment ago, or finds now."""
    place = (*asked, deployment_id)
    until, known = _near.get(place, (0.0, None))
    now = monotonic()
    if now < until:
        return known
    found = find()
    if found is not None and _is_open(found, deployment_id):
        if len(_near) >= _MOST_NEAR:
            _near.clear()
        _near[place] = (now + _NEAR_FOR_S, found)
    return found


def find_for_login(
    database: Database, issuer: str, client_id: str | None, deployment_id: str | None
) -> AnyRow:
    """The registration a login means (LTI Core 1.3, 4.1.3).

    :param deployment_id: the deployment it names, if it does.
    :return: its number and its platform's, client id and login address.
    :raises LaunchRefused: none, several where no client id tells them apart, switched off, or
        waiting for the operator's approval; or that deployment is switched off.
    """

    def find() -> AnyRow:
        with database.read() as reading:
            return _find(reading, issuer, client_id, deployment_id or "")

    return _look((database.place, issuer, client_id), deployment_id, find)


def must_be_open(registration: AnyRow) -> None:
    """A registration is switched on, and the operator has let it in.

    :raises LaunchRefused: `registration_disabled` or `registration_pending`.
    """
    if not registration.is_enabled:
        raise LaunchRefused("registration_disabled")
    if not registration.is_approved:
        raise LaunchRefused("registration_pending")


def find_of_state(database: Database, state: State, deployment_id: str) -> AnyRow | None:
    """The registration that a state was made for, with a deployment of it if it is known.

    :param deployment_id: as the message names it.
    :return: None where there is none, as after a restore.
    """
    whose = {"its_platform": state.platform_id, "its_registration": state.registration_id}

    def find() -> AnyRow | None:
        with database.read() as reading:
            return run(reading, _OF_STATE, **whose, its_deployment=deployment_id).first()

    return _look((database.place, *whose.values()), deployment_id, find)


def _find(session: Session, issuer: str, client_id: str | None, deployment_id: str) -> AnyRow:
    """As `find_for_login`, asked of the database."""
    rows = run(session, _OF_ISSUER, its_issuer=issuer, its_deployment=deployment_id).all()
    if not rows:
        raise LaunchRefused("issuer_unknown")
    if client_id is not None:
        rows = [row for row in rows if row.client_id == client_id]
        if not rows:
            raise LaunchRefused("client_unknown")
    if len(rows) > 1:
        rows = [row for row in rows if row.is_enabled and row.is_approved] or rows
    if len(rows) > 1:
        raise LaunchRefused("client_ambiguous")
    must_be_open(rows[0])
    if rows[0].deployment_enabled is False:
        raise LaunchRefused("deployment_disabled")
    return rows[0]
