"""Asking to lead a programme, and what an administrator of the course site answers.

Nobody gives themself the role: who asked does not answer, unless no other administrator has come
from the course site, and then the record says so.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict, NotAllowed, NotFound
from lti_tool.db.statements import AnyRow, count_changed
from lti_tool.lti.models import Context, Deployment
from lti_tool.mail import kinds
from lti_tool.mail.outbox import tell
from lti_tool.people import grants
from lti_tool.people.models import Membership
from lti_tool.people.queries import names_of
from lti_tool.people.visits import CurrentVisit
from lti_tool.programme.cohorts.models import LeaderRequest
from lti_tool.settings import Settings

ASKED, ANSWERED = "leader_asked", "leader_answered"
THIS_COURSE, THIS_PROGRAMME, EVERYWHERE = "course", "programme", "everywhere"
_WORDS = {True: "agreed", False: "declined"}


def _find_values(session: Session, settings: Settings, row: AnyRow) -> dict[str, str] | None:
    """What a message about a request says; nothing of one that was answered meanwhile."""
    found = session.execute(
        select(LeaderRequest.is_granted).where(LeaderRequest.id == row.about["request"])
    ).first()
    if found is None or (row.kind == ASKED) != (found.is_granted is None):
        return None
    return {} if row.kind == ASKED else {"answer": _WORDS[found.is_granted]}


def declare_kinds() -> None:
    """Bring these kinds of messages; `duties.py` calls it before texts are read."""
    kinds.declare(ASKED, frozenset(), _find_values)
    kinds.declare(ANSWERED, frozenset({"answer"}), _find_values)


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody who asked to lead."""

    id: int
    person_id: int
    name: str
    context_id: int
    course: str
    programme_key: str
    """The programme its course is part of, as grants name it; empty where it is none."""
    asked_at: datetime
    answered_at: datetime | None
    is_granted: bool | None
    reason: str


_REQUEST: tuple[Any, ...] = (
    LeaderRequest.id,
    LeaderRequest.person_id,
    LeaderRequest.context_id,
    Context.title,
    Context.programme_key,
    LeaderRequest.asked_at,
    LeaderRequest.answered_at,
    LeaderRequest.is_granted,
    LeaderRequest.reason,
)
_MOST_ANSWERED = 50


def _read(session: Session, query: Any) -> list[Request]:
    rows = session.execute(query).all()
    names = names_of(session, {row.person_id for row in rows})
    return [Request(row[0], row[1], names.get(row.person_id, ""), *tuple(row)[2:]) for row in rows]


def list_requests(session: Session, registration_id: int) -> list[Request]:
    """Requests at a registration: the open ones first, then the latest that were answered."""
    return _read(
        session,
        select(*_REQUEST)
        .join(Context, Context.id == LeaderRequest.context_id)
        .where(LeaderRequest.registration_id == registration_id)
        .order_by(LeaderRequest.answered_at.is_not(None), LeaderRequest.id.desc())
        .limit(_MOST_ANSWERED),
    )


def find_own(session: Session, visit: CurrentVisit) -> Request | None:
    """The last request that the visit's person made from its course."""
    found = _read(
        session,
        select(*_REQUEST)
        .join(Context, Context.id == LeaderRequest.context_id)
        .where(
            LeaderRequest.person_id == visit.person_id,
            LeaderRequest.context_id == visit.context_id,
        )
        .order_by(LeaderRequest.id.desc())
        .limit(1),
    )
    return found[0] if found else None


def list_admins(session: Session, registration_id: int) -> dict[int, str]:
    """Who has come from a registration as an administrator, with their names."""
    ids = session.scalars(
        select(Membership.person_id)
        .join(Context, Context.id == Membership.context_id)
        .join(Deployment, Deployment.id == Context.deployment_id)
        .where(
            Deployment.registration_id == registration_id,
            Membership.is_active,
            Membership.roles.contains("admin"),
        )
        .distinct()
        .order_by(Membership.person_id)
    ).all()
    return names_of(session, ids)


def ask_to_lead(session: Session, visit: CurrentVisit) -> None:
    """Ask to lead. The administrators of the course site are written to.

    :raises Conflict: they lead already, or have asked and wait for the answer.
    """
    if visit.is_leader:
        raise Conflict("You lead here already.")
    own = find_own(session, visit)
    if own is not None and own.answered_at is None:
        raise Conflict("You have asked already. An administrator of your course site will answer.")
    request = LeaderRequest(
        registration_id=visit.registration_id,
        person_id=visit.person_id,
        context_id=visit.context_id,
        asked_at=clock.now(),
        reason="",
    )
    session.add(request)
    session.flush()
    record(
        session,
        "leadership asked for",
        ("leader_request", request.id),
        actor_id=visit.person_id,
        context_id=visit.context_id,
    )
    for person_id in list_admins(session, visit.registration_id):
        if person_id != visit.person_id:
            _tell(session, ASKED, request.id, person_id, visit.context_id)


def _tell(session: Session, kind: str, request_id: int, person_id: int, context_id: int) -> None:
    tell(
        session,
        kind,
        once=str(request_id),
        person_id=person_id,
        context_id=context_id,
        about={"request": request_id},
    )


def _scope(request: Request, registration_id: int, reaches: str) -> tuple[str, str]:
    if reaches == EVERYWHERE:
        return grants.REGISTRATION, str(registration_id)
    if reaches == THIS_PROGRAMME and request.programme_key:
        return grants.PROGRAMME, request.programme_key
    return grants.CONTEXT, str(request.context_id)


def _require_another(session: Session, visit: CurrentVisit, request: Request) -> None:
    """Nobody answers their own request while another administrator can."""
    if request.person_id != visit.person_id:
        return
    others = list_admins(session, visit.registration_id)
    others.pop(visit.person_id, None)
    if others:
        raise NotAllowed(
            "Nobody answers their own request. Another administrator can: "
            f"{', '.join(sorted(others.values()))}."
        )


def answer_request(
    session: Session,
    visit: CurrentVisit,
    request_id: int,
    *,
    is_granted: bool,
    reaches: str,
    reason: str,
) -> None:
    """Say yes or no to somebody who asked to lead. They are written to.

    :param reaches: how far a yes reaches: the course, its programme, or the whole course site.
    :raises NotFound: there is no such request at this registration.
    :raises Conflict: it was answered already.
    :raises NotAllowed: it is one's own, and another administrator can answer.
    """
    found = [x for x in list_requests(session, visit.registration_id) if x.id == request_id]
    if not found:
        raise NotFound("There is no such request at this course site.")
    request = found[0]
    _require_another(session, visit, request)
    done = count_changed(
        session,
        update(LeaderRequest)
        .where(LeaderRequest.id == request.id, LeaderRequest.answered_at.is_(None))
        .values(
            answered_at=clock.now(),
            is_granted=is_granted,
            answered_by_id=visit.person_id,
            reason=reason,
        ),
    )
    if not done:
        raise Conflict("This request was answered a moment ago.")
    if is_granted:
        scope = _scope(request, visit.registration_id, reaches)
        grants.give(session, request.person_id, grants.LEADER, scope, actor_id=visit.person_id)
    own = request.person_id == visit.person_id
    record(
        session,
        "leadership agreed" if is_granted else "leadership declined",
        ("leader_request", request.id),
        actor_id=visit.person_id,
        context_id=request.context_id,
        became={"person": request.person_id, "reaches": reaches if is_granted else None},
        reason="no other administrator has come from the course site" if own else reason or None,
    )
    _tell(session, ANSWERED, request.id, request.person_id, request.context_id)
