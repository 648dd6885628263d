"""What tutors are told of a participant beside the facts, and the history of those facts. Pure but
for the reads at the end."""

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy.orm import Session

from lti_tool.audit.queries import list_about
from lti_tool.core import clock
from lti_tool.programme.agreements import REFUSED, list_agreements
from lti_tool.programme.dates import deadline_warnings, in_words
from lti_tool.programme.dbs import list_dbs
from lti_tool.programme.eligibility import Facts
from lti_tool.programme.mailboxes import is_free_mail
from lti_tool.programme.mentors import list_mentors
from lti_tool.programme.numbers import ProgrammeNumbers
from lti_tool.programme.posts import list_posts
from lti_tool.programme.words import DBS_LEVELS, MENTOR_ROLES, SOURCES

_MOST_ENTRIES = 50
_FIELDS = {
    "has_qts": "QTS",
    "qts_checked_on": "the day QTS was checked",
    "induction": "induction",
    "senco_since": "the day they became a SENCO",
    "is_aspiring": "whether they are a SENCO yet",
    "trn": "the TRN",
    "qualification": "what they study for",
    "course_began_on": "the day the course began",
}


def notes_of(facts: Facts, numbers: ProgrammeNumbers, board_on: date | None, on: date) -> list[str]:
    """Sentences for a tutor: dates, refusals, addresses to look at.

    :param board_on: when the assessment board of the activity that is open meets.
    :param on: today, in England.
    """
    found = deadline_warnings(
        qualification=facts.standing.qualification,
        senco_since=facts.standing.senco_since,
        board_on=board_on,
        on=on,
        numbers=numbers,
    )
    agreement, mentor = facts.agreement, facts.mentor
    if agreement is not None and agreement.state == REFUSED:
        found.append(f"The head did not agree: {agreement.reason}")
    if agreement is not None and is_free_mail(agreement.head_email, numbers):
        found.append(
            f"The head’s address, {agreement.head_email}, is of a free mail service and not of a "
            "school: see that it is the head’s."
        )
    if mentor is not None and is_free_mail(mentor.email, numbers):
        found.append(
            f"The mentor’s address, {mentor.email}, is of a free mail service and not of a school: "
            "see that it is the mentor’s."
        )
    if facts.standing.induction == "not_done":
        found.append("Induction is not completed.")
    return found


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the history of somebody's facts."""

    at: datetime
    sentence: str


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(), clock.LONDON)


def _schools(session: Session, person_id: int) -> list[Happening]:
    found = []
    for one in list_posts(session, person_id):
        found.append(Happening(_morning(one.started_on), f"Began at {one.school.name}."))
        if one.ended_on is not None:
            found.append(Happening(_morning(one.ended_on), f"Last day at {one.school.name}."))
    return found


def _mentors(session: Session, person_id: int) -> list[Happening]:
    found = []
    for one in list_mentors(session, person_id):
        role = MENTOR_ROLES.get(one.role, one.role).lower()
        begin = f"{one.name}, {role}, became the mentor."
        found.append(Happening(_morning(one.started_on), begin))
        if one.ended_on is not None:
            end = f"{one.name} was mentor until this day: {one.end_reason}."
            found.append(Happening(_morning(one.ended_on), end))
    return found


def _agreements(session: Session, person_id: int) -> list[Happening]:
    found = []
    for one in list_agreements(session, person_id):
        head = one.head_name or "The head"
        if one.guest_id is not None:
            asked = f"{head} was asked to agree for {one.school_name}."
            found.append(Happening(one.asked_at, asked))
        if one.answered_at is not None:
            said = "agreed" if one.is_agreed else "did not agree"
            where = "" if one.guest_id else f" (recorded by {SOURCES.get(one.source, one.source)})"
            found.append(Happening(one.answered_at, f"{head} {said}{where}."))
        if one.closed_at is not None:
            closed = f"The question to {one.school_name}, or its agreement, was closed."
            found.append(Happening(one.closed_at, closed))
    return found


def _checks(session: Session, person_id: int) -> list[Happening]:
    found = []
    for one in list_dbs(session, person_id):
        level = DBS_LEVELS.get(one.level, one.level).lower()
        told = (
            f"DBS check recorded: {level}, issued on {in_words(one.issued_on)}, told by "
            f"{SOURCES.get(one.source, one.source)}."
        )
        found.append(Happening(one.recorded_at, told))
        if one.withdrawn_at is not None:
            back = f"The DBS check issued on {in_words(one.issued_on)} was withdrawn as wrong."
            found.append(Happening(one.withdrawn_at, back))
    return found


def _standing(session: Session, person_id: int) -> list[Happening]:
    found = []
    act = "standing of a participant recorded"
    for entry in list_about(session, ("person", person_id), act, _MOST_ENTRIES):
        said = entry.became or {}
        fields = ", ".join(_FIELDS.get(name, name) for name in said.get("fields", ()))
        source = str(said.get("source", ""))
        told = f"Recorded by {SOURCES.get(source, source)}: {fields}."
        found.append(Happening(entry.at, told))
    return found


def history_of(session: Session, person_id: int) -> list[Happening]:
    """What was recorded of somebody, the newest first."""
    found = [
        *_schools(session, person_id),
        *_mentors(session, person_id),
        *_agreements(session, person_id),
        *_checks(session, person_id),
        *_standing(session, person_id),
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)
