"""Refused access leaves an entry in the audit: who, which kind of page, and the answer.

A page of another role, somebody else's work, a thing of another course. Entries name the route
and never what stood in its place, and are few for one person in a day, so that nobody can fill
the audit. An answer of 404 may also be a link that is out of date.
"""

from datetime import timedelta

from flask import Response, g, request
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from lti_tool.audit.operations import record
from lti_tool.audit.queries import list_since
from lti_tool.core import clock
from lti_tool.db import Database, abandon, database
from lti_tool.lti.errors import LaunchRefused
from lti_tool.people.models import Person
from lti_tool.web.logs import log

ACT = "access refused"
MOST_A_DAY, MOST_A_ROUTE = 20, 5
"""Entries for one person within 24 hours: in all, and of one route."""
_DAY = timedelta(days=1)
_AT_LAUNCH = {"review_not_yours", "staff_only"}
"""Refused launches that ask for what the person may not have, and are no fault of a set-up."""


def _keep(
    db: Database, person_id: int, route: str, status: int, context_id: int | None = None
) -> None:
    about = ("person", person_id)
    became = {"route": route, "status": status}
    with db.read() as session:
        before = list_since(session, about, ACT, clock.now() - _DAY, MOST_A_DAY)
    same_route = [one for one in before if (one or {}).get("route") == route]
    if len(before) >= MOST_A_DAY or len(same_route) >= MOST_A_ROUTE:
        return
    with db.write() as session:
        record(session, ACT, about, actor_id=person_id, context_id=context_id, became=became)


def note_page(response: Response) -> Response:
    """After a request of a visit: keep that it was refused. A failure to keep it is only logged,
    so that a refusal never becomes a fault."""
    if response.status_code not in (403, 404):
        return response
    visit, rule = g.get("visit"), request.url_rule
    if visit is None or rule is None:
        return response
    if response.status_code == 404 and len(request.view_args or {}) < 2:
        return response  # nothing was named that could be somebody else's
    abandon()
    try:
        _keep(database(), visit.person_id, rule.rule, response.status_code, visit.context_id)
    except SQLAlchemyError as error:
        log.warning("refusal not kept", kind=type(error).__name__)
    return response


def note_launch(db: Database, error: LaunchRefused) -> None:
    """A refused launch: keep that somebody we know asked for what is not theirs."""
    if error.code not in _AT_LAUNCH or error.person is None:
        return
    platform_id, sub = error.person
    try:
        with db.read() as session:
            person_id = session.scalar(
                select(Person.id).where(Person.platform_id == platform_id, Person.sub == sub)
            )
        if person_id is not None:
            _keep(db, person_id, f"launch: {error.code}", error.status)
    except SQLAlchemyError as failure:
        log.warning("refusal not kept", kind=type(failure).__name__)
