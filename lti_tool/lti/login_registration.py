"""Which registration a login means: asked by every launch, in one query."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lti_tool.db.statements import AnyRow, run
from lti_tool.lti.errors import LaunchRefused
from lti_tool.lti.models import Deployment, Platform, Registration
from lti_tool.lti.registrations import COLUMNS

_OF_ISSUER = (
    select(
        *COLUMNS,
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


def find_for_login(
    session: Session, issuer: str, client_id: str | None, deployment_id: str
) -> AnyRow:
    """The registration a login means (LTI Core 1.3, 4.1.3).

    :param deployment_id: the deployment it names, or nothing.
    :return: its row, and `hinted_enabled`: the switch of that deployment, None where there is none.
    :raises LaunchRefused: none, several where no client id tells them apart, switched off, or
        waiting for the operator's approval.
    """
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
    if not rows[0].is_enabled:
        raise LaunchRefused("registration_disabled")
    if not rows[0].is_approved:
        raise LaunchRefused("registration_pending")
    return rows[0]
