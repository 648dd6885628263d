"""Writes of a visit's participant: plan it, change it, mark it done, put it right, remove it."""

import json
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lti_tool.activities.placement_log import states, visit_document
from lti_tool.activities.placement_log.confirming.seals import break_seal
from lti_tool.activities.placement_log.log import CLOSED, is_handed_in, keep_begun, require_open
from lti_tool.activities.placement_log.models import PartnerVisit
from lti_tool.activities.placement_log.moving import CannotMove, move
from lti_tool.activities.placement_log.visits import changes
from lti_tool.activities.placement_log.visits.queries import (
    VisitRead,
    columns_of,
    get_by_id,
    get_visit,
    latest_steps,
)
from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.coursework.queries import AssignmentRead
from lti_tool.db.statements import count_changed, insert_if_missing

LARGEST = 400_000
"""Characters of a visit's document."""
MOST_VISITS = 60
"""Visits that one person can have in a log, removed ones too."""


class ChangedElsewhere(Conflict):
    """The visit was saved on another device or in another tab in between."""


class AskFirst(Conflict):
    """Saving this has a consequence that nobody agreed to yet; the sentence says which."""


def _next_number(session: Session, assignment_id: int, person_id: int) -> int:
    """:raises Conflict: there are too many already."""
    highest = session.scalar(
        select(func.max(PartnerVisit.number)).where(
            PartnerVisit.assignment_id == assignment_id, PartnerVisit.person_id == person_id
        )
    )
    number = 1 + (highest or 0)
    if number > MOST_VISITS:
        raise Conflict(f"A log holds {MOST_VISITS} visits at most. Speak to your tutor.")
    return number


def plan_visit(
    session: Session, assignment: AssignmentRead, person_id: int, values: dict[str, Any]
) -> VisitRead:
    """Begin a visit in a person's log.

    :param values: the columns that a participant fills in, the document among them.
    :raises Conflict: the log is handed in, or there are too many already.
    """
    require_open(session, assignment.id, person_id)
    now = clock.now()
    columns = {
        **values,
        "assignment_id": assignment.id,
        "person_id": person_id,
        "document_version": visit_document.VERSION,
        "state": states.PLANNED,
        "state_since": now,
        "revision": 1,
        "created_at": now,
        "updated_at": now,
    }
    made = None
    while made is None:  # two tabs may take the same number
        number = _next_number(session, assignment.id, person_id)
        made = insert_if_missing(
            session,
            PartnerVisit,
            ["assignment_id", "person_id", "number"],
            {**columns, "number": number},
        )
    record(
        session,
        "visit planned",
        ("partner_visit", made),
        actor_id=person_id,
        context_id=assignment.context_id,
    )
    keep_begun(session, assignment, person_id)
    return get_visit(session, assignment.id, person_id, number)


def why_closed(session: Session, visit: VisitRead) -> str | None:
    """Why nothing of a visit can be changed now, or None."""
    if is_handed_in(session, visit.assignment_id, visit.person_id):
        return CLOSED
    if visit.state == states.ACCEPTED:
        return (
            "Your tutor has accepted this visit, so it can no longer be changed. If something in "
            "it is wrong, ask your tutor to take the acceptance back."
        )
    return None


def save_visit(
    session: Session,
    visit: VisitRead,
    values: dict[str, Any],
    *,
    revision: int,
    context_id: int,
    agreed: bool = False,
) -> VisitRead:
    """Save what a participant changed of their visit, with what follows from it.

    :param visit: as it was read in this request.
    :param revision: the revision the page was filled in from.
    :param agreed: whether they were told what follows and said yes.
    :return: the visit as it stands now.
    :raises ChangedElsewhere: it was saved elsewhere in between; nothing is overwritten.
    :raises AskFirst: it was approved or confirmed as it is, and nobody agreed to lose that.
    """
    closed = why_closed(session, visit)
    if closed:
        raise CannotMove(closed)
    if len(json.dumps(values.get("document", {}))) > LARGEST:
        raise Conflict("This visit has become too long to save. Shorten what you wrote.")
    if revision != visit.revision:
        raise _moved()
    latest = latest_steps(session, [visit.id]).get(visit.id)
    back_to = changes.goes_back_to(visit, changes.stands_as(visit, latest), values)
    if back_to and not agreed:
        raise AskFirst(changes.ASKED_BEFORE[back_to])
    saved = count_changed(
        session,
        update(PartnerVisit)
        .where(
            PartnerVisit.id == visit.id,
            PartnerVisit.revision == revision,
            PartnerVisit.state == visit.state,
            PartnerVisit.removed_at.is_(None),
        )
        .values(
            **values,
            document_version=visit_document.VERSION,
            revision=revision + 1,
            updated_at=clock.now(),
        ),
    )
    if not saved:
        raise _moved()
    _follow(session, visit, values, back_to, context_id)
    return get_by_id(session, visit.id)


def _follow(
    session: Session, visit: VisitRead, values: dict[str, Any], back_to: str | None, context_id: int
) -> None:
    """What a save brings with it: an entry for what was settled, the seal, the way back."""
    if changes.changes_settled(visit, values):
        record(
            session,
            "visit changed",
            ("partner_visit", visit.id),
            actor_id=visit.person_id,
            context_id=context_id,
            was=_settled(columns_of(visit)),
            became=_settled({**columns_of(visit), **values}),
        )
    if back_to == states.DONE:
        break_seal(session, visit, visit.person_id)
    now = get_by_id(session, visit.id)
    if back_to and now.state != back_to:
        move(session, now, back_to, person_id=visit.person_id, comment=changes.CHANGED[back_to])


def _settled(columns: dict[str, Any]) -> dict[str, Any]:
    day = columns["visit_on"]
    return {
        "visit_on": day.isoformat() if day else None,
        "school": columns["school_id"],
        "half_days": columns["half_days"],
    }


def _moved() -> ChangedElsewhere:
    return ChangedElsewhere(
        "This visit was changed on another device or in another tab since this page was opened. "
        "Nothing was overwritten: look at both and save what you want to keep."
    )


def mark_done(session: Session, visit: VisitRead) -> VisitRead:
    """Say that a visit was made. Day and hour are looked at before.

    :raises CannotMove: it is not approved.
    :raises AlreadyHandedIn: the log is handed in; the same for the acts below.
    """
    require_open(session, visit.assignment_id, visit.person_id)
    return move(session, visit, states.DONE, person_id=visit.person_id)


def take_done_back(session: Session, visit: VisitRead) -> VisitRead:
    """Say that a visit was not made after all; whoever was asked to confirm it no longer is."""
    require_open(session, visit.assignment_id, visit.person_id)
    return move(session, visit, states.APPROVED, person_id=visit.person_id)


def put_right(session: Session, visit: VisitRead) -> VisitRead:
    """Send a visit back to where it was returned from, or to the host who said what is wrong."""
    require_open(session, visit.assignment_id, visit.person_id)
    if visit.state == states.WRONG:
        return move(session, visit, states.DONE, person_id=visit.person_id)
    latest = latest_steps(session, [visit.id]).get(visit.id)
    becomes = changes.stands_as(visit, latest)
    if becomes == states.WRONG:
        becomes = states.DONE
    return move(session, visit, becomes, person_id=visit.person_id)


def remove_visit(session: Session, visit: VisitRead, *, context_id: int) -> None:
    """Take a visit that was not made out of the log. Its row stays, emptied of what was written.

    :raises CannotMove: it is done, so it belongs to the record.
    """
    require_open(session, visit.assignment_id, visit.person_id)
    latest = latest_steps(session, [visit.id]).get(visit.id)
    gone = changes.stands_as(visit, latest) in changes.REMOVABLE and count_changed(
        session,
        update(PartnerVisit)
        .where(
            PartnerVisit.id == visit.id,
            PartnerVisit.state == visit.state,
            PartnerVisit.removed_at.is_(None),
        )
        .values(
            removed_at=clock.now(),
            document=visit_document.new_document(),
            revision=visit.revision + 1,
        ),
    )
    if not gone:
        raise CannotMove("Only a visit that was not made yet can be removed.")
    record(
        session,
        "visit removed",
        ("partner_visit", visit.id),
        actor_id=visit.person_id,
        context_id=context_id,
        was=_settled(columns_of(visit)) | {"state": visit.state},
    )
