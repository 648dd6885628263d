"""Reminding a mentor and a participant who have not met for some school weeks.

The worker's sweep promises the reminders; each is looked at again when it leaves. Weeks are school
weeks, and nothing is said on a day when schools are closed, or once the log is handed in.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from lti_tool.activities.placement_log.mentoring import doors, letters, mentorships
from lti_tool.activities.placement_log.mentoring.mentorships import today
from lti_tool.activities.placement_log.mentoring.parties import PARTICIPANT, WITH_MENTOR, Party
from lti_tool.activities.placement_log.mentoring.queries import ACTIVITY_KEY, handed_in_of
from lti_tool.activities.placement_log.models import Meeting
from lti_tool.activities.placement_log.numbers import load_numbers
from lti_tool.core import clock
from lti_tool.coursework.models import Assignment
from lti_tool.db import Database
from lti_tool.db.rounds import Rounds
from lti_tool.db.statements import AnyRow
from lti_tool.mail import kinds
from lti_tool.mail.models import Message
from lti_tool.mail.outbox import once_key, tell
from lti_tool.people.models import Membership
from lti_tool.people.queries import is_participant
from lti_tool.programme.models import Mentorship
from lti_tool.programme.school_days import load_terms, school_weeks_between
from lti_tool.settings import Settings

PARTICIPANT_KIND, MENTOR_KIND = "meeting_nudge", "mentor_nudge"
_rounds = Rounds(timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class Nudge:
    """Two people to be reminded of each other."""

    assignment_id: int
    context_id: int
    person_id: int
    mentorship_id: int
    guest_id: int
    since: date
    """The last meeting, or the beginning where there was none."""
    time: int
    """1 for the first reminder since then, 2 for the next."""

    @property
    def once(self) -> str:
        """The same reminder is promised once; a meeting starts the count anew."""
        return f"{self.assignment_id}:{self.mentorship_id}:{self.since.isoformat()}:{self.time}"

    @property
    def about(self) -> dict[str, object]:
        """What is looked at again when the message leaves."""
        return {"mentorship": self.mentorship_id, "since": self.since.isoformat()}


_PAIRS = (
    select(
        Assignment.id.label("assignment_id"),
        Assignment.context_id,
        Assignment.created_at,
        Membership.first_seen_at,
        Mentorship.person_id,
        Mentorship.id.label("mentorship_id"),
        Mentorship.guest_id,
        Mentorship.started_on,
        select(func.max(Meeting.held_on))
        .where(
            Meeting.assignment_id == Assignment.id,
            Meeting.person_id == Mentorship.person_id,
            Meeting.kind == WITH_MENTOR,
            Meeting.removed_at.is_(None),
        )
        .correlate(Assignment, Mentorship)
        .scalar_subquery()
        .label("last_on"),
    )
    .join(Membership, Membership.context_id == Assignment.context_id)
    .join(Mentorship, Mentorship.person_id == Membership.person_id)
    .where(
        Assignment.activity == ACTIVITY_KEY,
        Assignment.closed_at.is_(None),
        or_(Assignment.copied_from_id.is_(None), Assignment.version > 1),
        Mentorship.ended_on.is_(None),
        is_participant(),
    )
    .order_by(Assignment.id, Mentorship.id)
)


def _since(row: AnyRow) -> date:
    """From when weeks count: the last meeting, the naming, the course or who joined it late."""
    began = max(clock.in_london(row.created_at).date(), clock.in_london(row.first_seen_at).date())
    started: date = max(row.started_on, began)
    return started if row.last_on is None else max(row.started_on, row.last_on)


def list_nudges(
    session: Session, config_dir: Path, mentorship_id: int | None = None
) -> list[Nudge]:
    """Everybody to be reminded by today, whether or not it was promised yet.

    :param mentorship_id: only about this one; about all where left out.
    """
    on, terms = today(), load_terms(config_dir)
    after = load_numbers(config_dir).nudge_after_school_weeks
    found: list[Nudge] = []
    weeks: dict[date, int] = {}
    pairs = _PAIRS if mentorship_id is None else _PAIRS.where(Mentorship.id == mentorship_id)
    for row in session.execute(pairs):
        since = _since(row)
        if since not in weeks:
            weeks[since] = school_weeks_between(since, on, terms)
        if weeks[since] >= after:
            found.append(
                Nudge(
                    row.assignment_id,
                    row.context_id,
                    row.person_id,
                    row.mentorship_id,
                    row.guest_id,
                    since,
                    weeks[since] // after,
                )
            )
    handed_in = {one: handed_in_of(session, one) for one in {each.assignment_id for each in found}}
    return [one for one in found if one.person_id not in handed_in[one.assignment_id]]


def _unpromised(session: Session, found: list[Nudge]) -> list[Nudge]:
    promised = set(
        session.scalars(
            select(Message.once_key).where(
                Message.kind == PARTICIPANT_KIND,
                Message.assignment_id.in_({one.assignment_id for one in found}),
            )
        )
    )
    return [
        one for one in found if once_key(PARTICIPANT_KIND, one.once, one.person_id) not in promised
    ]


def sweep(database: Database, settings: Settings) -> None:
    """Promise the reminders that are due, at most once an hour in a process; none on a day when
    schools are closed, nor where no mail is sent."""
    if not settings.mail_url or not _rounds.begin(database):
        return
    if not load_terms(settings.config_dir).is_school_day(today()):
        return
    with database.read() as session:
        found = _unpromised(session, list_nudges(session, settings.config_dir))
    if found:
        with database.write() as session:
            for one in found:
                _promise(session, settings, one)


def _promise(session: Session, settings: Settings, one: Nudge) -> None:
    mentor = mentorships.find_mentorship(session, one.mentorship_id)
    if mentor is None or not mentor.is_running:
        return
    party = Party(PARTICIPANT, one.assignment_id, one.context_id, one.person_id)
    link_id = doors.ensure_link(session, settings, party, mentor)
    for kind, to, more in (
        (PARTICIPANT_KIND, {"person_id": one.person_id}, {}),
        (MENTOR_KIND, {"guest_id": one.guest_id}, {"link": link_id}),
    ):
        tell(
            session,
            kind,
            once=one.once,
            context_id=one.context_id,
            assignment_id=one.assignment_id,
            about={**one.about, **more},
            **to,
        )


def _is_due(session: Session, settings: Settings, row: AnyRow) -> bool:
    """Whether a reminder is still true when it leaves: no meeting since, and nothing closed."""
    about = (row.about["mentorship"], row.about["since"], row.assignment_id)
    return any(
        (one.mentorship_id, one.since.isoformat(), one.assignment_id) == about
        for one in list_nudges(session, settings.config_dir, row.about["mentorship"])
    )


def _of_participant(session: Session, settings: Settings, row: AnyRow) -> dict[str, str] | None:
    weeks = str(load_numbers(settings.config_dir).nudge_after_school_weeks)
    return {"weeks": weeks} if _is_due(session, settings, row) else None


def _of_mentor(session: Session, settings: Settings, row: AnyRow) -> dict[str, str] | None:
    weeks, link = (
        _of_participant(session, settings, row),
        letters.values_of_link(session, settings, row),
    )
    return None if weeks is None or link is None else weeks | link


def declare() -> None:
    """Bring the kinds of messages of this module."""
    weeks = frozenset({"weeks"})
    kinds.declare(PARTICIPANT_KIND, weeks, _of_participant)
    kinds.declare(MENTOR_KIND, weeks | {"participant", "link", "expires_at"}, _of_mentor)
