"""The acts around a meeting: writing it down, changing, confirming, saying what is wrong, removing.

Whoever writes a record has said yes to it. A change asks the other side again. Every act names
the revision it was based on, so that no device overwrites another unseen.
"""

from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from lti_tool.activities.placement_log.mentoring import letters
from lti_tool.activities.placement_log.mentoring.entry import VERSION, Entry
from lti_tool.activities.placement_log.mentoring.parties import Party, may_write
from lti_tool.activities.placement_log.mentoring.queries import (
    MeetingRead,
    get_meeting,
    handed_in_of,
    list_for,
)
from lti_tool.activities.placement_log.models import Meeting
from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict, NotAllowed
from lti_tool.coursework.queries import get_assignment
from lti_tool.coursework.resetting import require_open
from lti_tool.db.statements import count_changed
from lti_tool.settings import Settings


class MeetingChanged(Conflict):
    """It was changed elsewhere after the page was opened."""


class LogClosed(Conflict):
    """The log is handed in, or its course has ended."""


def require_open_log(session: Session, party: Party) -> None:
    """Refuse to write where the log no longer takes anything.

    :raises LogClosed: it is handed in.
    :raises Conflict: the course was reset.
    """
    require_open(get_assignment(session, party.assignment_id, (party.context_id,)))
    if handed_in_of(session, party.assignment_id, (party.person_id,)):
        raise LogClosed(
            "This log is handed in, so its meetings stay as they are. If one is missing, the "
            "participant takes the log back first."
        )


def write_meeting(
    session: Session,
    settings: Settings,
    party: Party,
    kind: str,
    entry: Entry,
    *,
    mentorship_id: int | None = None,
    tutor_id: int | None = None,
) -> int:
    """Keep a meeting, and ask the other side to confirm it. The same one sent twice is kept once.

    :param mentorship_id: whom it was with, for a meeting with the mentor; `tutor_id` for a
        tutorial.
    :return: the meeting's number.
    :raises NotAllowed: this side writes no meetings of this kind.
    :raises Conflict: the log takes nothing any more.
    """
    if not may_write(party, kind):
        raise NotAllowed("You can write down only meetings that you were at.")
    require_open_log(session, party)
    with_whom = {"kind": kind, "mentorship_id": mentorship_id, "tutor_id": tutor_id}
    for known in list_for(session, party):
        same = all(getattr(known, name) == value for name, value in with_whom.items())
        if same and known.entry == entry and known.written_by == party.side:
            return known.id
    now = clock.now()
    meeting = Meeting(
        assignment_id=party.assignment_id,
        person_id=party.person_id,
        **with_whom,
        **_columns(entry),
        written_by=party.side,
        revision=1,
        created_at=now,
        updated_at=now,
    )
    session.add(meeting)
    session.flush()
    became = {**with_whom, **_facts(entry), "written_by": party.side, "guest": party.guest_id}
    record(session, "meeting written", ("meeting", meeting.id), became=became, **party.audit)
    letters.ask_to_confirm(session, settings, party, get_meeting(session, party, meeting.id))
    return meeting.id


def change_meeting(
    session: Session,
    settings: Settings,
    party: Party,
    meeting: MeetingRead,
    entry: Entry,
    revision: int,
) -> None:
    """Put a meeting right. What the other side confirmed or queried is asked anew.

    :raises NotAllowed: the other side wrote it.
    :raises MeetingChanged: it changed after `revision`.
    :raises Conflict: the log takes nothing any more.
    """
    if meeting.written_by != party.side:
        raise NotAllowed("Only the side that wrote a meeting down can change it.")
    require_open_log(session, party)
    if entry == meeting.entry and revision == meeting.revision:
        return
    _set(
        session,
        meeting,
        revision,
        **_columns(entry),
        confirmed_at=None,
        queried_at=None,
        query="",
    )
    record(
        session,
        "meeting changed",
        ("meeting", meeting.id),
        was={**_facts(meeting.entry), "state": meeting.state},
        became={**_facts(entry), "guest": party.guest_id},
        **party.audit,
    )
    if meeting.confirmed_at is not None or meeting.queried_at is not None:
        letters.ask_to_confirm(session, settings, party, get_meeting(session, party, meeting.id))


def confirm_meeting(session: Session, party: Party, meeting: MeetingRead, revision: int) -> None:
    """The other side says that it happened so. Twice is once.

    :param revision: the one that was shown to them.
    :raises NotAllowed: it is not theirs to confirm.
    :raises MeetingChanged: it changed after `revision`.
    :raises Conflict: the log takes nothing any more.
    """
    _require_answerer(session, party, meeting)
    if meeting.confirmed_at is not None and meeting.revision == revision + 1:
        return
    _set(session, meeting, revision, confirmed_at=clock.now(), queried_at=None, query="")
    record(
        session,
        "meeting confirmed",
        ("meeting", meeting.id),
        became={**_facts(meeting.entry), "guest": party.guest_id},
        **party.audit,
    )


def query_meeting(
    session: Session,
    settings: Settings,
    party: Party,
    meeting: MeetingRead,
    text: str,
    revision: int,
) -> None:
    """The other side says what is wrong; the side that wrote it is told.

    :raises NotAllowed: it is not theirs to answer.
    :raises MeetingChanged: it changed after `revision`.
    :raises Conflict: the log takes nothing any more.
    """
    _require_answerer(session, party, meeting)
    if meeting.query == text and meeting.revision == revision + 1:
        return
    _set(session, meeting, revision, confirmed_at=None, queried_at=clock.now(), query=text)
    record(
        session,
        "meeting queried",
        ("meeting", meeting.id),
        was={"state": meeting.state},
        became={"guest": party.guest_id},
        **party.audit,
    )
    letters.tell_of_query(session, settings, party, get_meeting(session, party, meeting.id))


def remove_meeting(session: Session, party: Party, meeting: MeetingRead, revision: int) -> None:
    """Take a meeting out that was never confirmed.

    :raises NotAllowed: the other side wrote it.
    :raises MeetingChanged: it changed after `revision`.
    :raises Conflict: it is confirmed, or the log takes nothing any more.
    """
    if meeting.written_by != party.side:
        raise NotAllowed("Only the side that wrote a meeting down can remove it.")
    require_open_log(session, party)
    if meeting.confirmed_at is not None:
        raise Conflict(
            "You have both confirmed this meeting, so it stays. If something in it is wrong, "
            "change it: the other side is then asked again."
        )
    _set(session, meeting, revision, removed_at=clock.now())
    record(session, "meeting removed", ("meeting", meeting.id), **party.audit)


def _require_answerer(session: Session, party: Party, meeting: MeetingRead) -> None:
    if meeting.waits_for != party.side:
        raise NotAllowed("This meeting is for the other side to confirm.")
    require_open_log(session, party)


def _set(session: Session, meeting: MeetingRead, revision: int, **values: Any) -> None:
    changed = count_changed(
        session,
        update(Meeting)
        .where(
            Meeting.id == meeting.id,
            Meeting.revision == revision,
            Meeting.removed_at.is_(None),
        )
        .values(revision=Meeting.revision + 1, updated_at=clock.now(), **values)
        .execution_options(synchronize_session=False),
    )
    if not changed:
        raise MeetingChanged(
            "This meeting was changed on another device after you opened it. Look at it as it is "
            "now, then decide again."
        )


def _columns(entry: Entry) -> dict[str, Any]:
    return {
        "held_on": entry.held_on,
        "minutes": entry.minutes,
        "mode": entry.mode,
        "document": entry.document,
        "document_version": VERSION,
    }


def _facts(entry: Entry) -> dict[str, Any]:
    """What audit entries hold of a meeting: no words of anybody."""
    return {"held_on": entry.held_on.isoformat(), "minutes": entry.minutes, "mode": entry.mode}
