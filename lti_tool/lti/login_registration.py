"""Which registration a login means, and a state: every launch asks both."""

from time import monotonic
from typing import Any

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from lti_tool.db import Database
from lti_tool.db.statements import AnyRow, run
from lti_tool.lti.errors import LaunchRefused
from lti_tool.lti.models import Deployment, Platform, Registration
from lti_tool.lti.states import State
from lti_tool.lti.used_logins import IS_USED, told_of

_OF_ISSUER = (
    select(
        Registration.id,
        Registration.platform_id,
        Registration.client_id,
        Registration.auth_login_url,
        Registration.is_enabled,
        Registration.is_approved,
        select(Deployment.is_enabled)
        .where(
            Deployment.registration_id == Registration.id,
            Deployment.deployment_id == bindparam("hint"),
        )
        .scalar_subquery()
        .label("hinted_enabled"),
    )
    .join(Platform, Platform.id == Registration.platform_id)
    .where(Platform.issuer == bindparam("its_issuer"))
)
OF_STATE: Any = (
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
        IS_USED.label("is_used"),
    )
    .join(Platform, Platform.id == Registration.platform_id)
    .outerjoin(
        Deployment,
        and_(
            Deployment.registration_id == Registration.id,
            Deployment.deployment_id == bindparam("its_deployment"),
        ),
    )
    .where(
        Registration.id == bindparam("its_registration"),
        Registration.platform_id == bindparam("its_platform"),
    )
)
"""The registration that a state was made for, its deployment that the message names, and whether
the state was used up before. The platform is asked for by number too: else PostgreSQL may go
through all people for the one that the message names."""


_NEAR_FOR_S = 0.25
_MOST_NEAR = 10_000
_near: dict[tuple[str, str, str | None, str | None], tuple[float, AnyRow]] = {}
"""By database, issuer, client id and deployment: what a process found a moment ago."""


def find_for_login(
    database: Database, issuer: str, client_id: str | None, deployment_id: str | None
) -> AnyRow:
    """The registration a login means (LTI Core 1.3, 4.1.3).

    Where a login names it in full, one look serves all logins of a process in the same quarter of
    a second: in a rush they all ask for the same. Nothing is let in by it, since each launch asks
    whether its registration and deployment are open; it only says where a browser logs in.

    :param deployment_id: the deployment it names, if it does.
    :return: its number and its platform's, client id and login address.
    :raises LaunchRefused: none, several where no client id tells them apart, switched off, or
        waiting for the operator's approval; or that deployment is switched off.
    """
    place = (database.place, issuer, client_id, deployment_id)
    until, known = _near.get(place, (0.0, None))
    now = monotonic()
    if known is not None and now < until:
        return known
    with database.read() as reading:
        found = _find(reading, issuer, client_id, deployment_id or "")
    if client_id is not None and (deployment_id is None or found.hinted_enabled):
        if len(_near) >= _MOST_NEAR:
            _near.clear()
        _near[place] = (now + _NEAR_FOR_S, found)
    return found


def must_be_open(registration: AnyRow) -> None:
    """A registration is switched on, and the operator has let it in.

    :raises LaunchRefused: `registration_disabled` or `registration_pending`.
    """
    if not registration.is_enabled:
        raise LaunchRefused("registration_disabled")
    if not registration.is_approved:
        raise LaunchRefused("registration_pending")


def find_of_state(
    session: Session, state: State, asks: Any, named: dict[str, str]
) -> AnyRow | None:
    """The registration that a state was made for, and whether the state was used up before.

    :param asks: `OF_STATE`, or more that begins with it.
    :param named: what the message names, as `asks` takes it.
    :return: None where there is none, as after a restore.
    """
    where = {"its_platform": state.platform_id, "its_registration": state.registration_id}
    return run(session, asks, **where, **told_of(state), **named).first()


def _find(session: Session, issuer: str, client_id: str | None, deployment_id: str) -> AnyRow:
    """As `find_for_login`, asked of the database."""
    rows = run(session, _OF_ISSUER, its_issuer=issuer, hint=deployment_id).all()
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
    if rows[0].hinted_enabled is False:
        raise LaunchRefused("deployment_disabled")
    return rows[0]
