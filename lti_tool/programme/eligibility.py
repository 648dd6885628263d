"""What is missing before a participant may visit partner schools, and who can put it right.

Read together for one person or for a whole cohort, in a fixed number of queries.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.programme import agreements
from lti_tool.programme.agreements import AgreementRead, agreements_of
from lti_tool.programme.dbs import DbsRead, dbs_of, find_dbs, why_dbs_short
from lti_tool.programme.mentors import MentorRead, mentors_of
from lti_tool.programme.numbers import ProgrammeNumbers, load_programme_numbers
from lti_tool.programme.posts import PostRead, posts_of
from lti_tool.programme.standing import Standing, standings_of

__all__ = [
    "DbsRead",
    "Facts",
    "Missing",
    "facts_of",
    "find_dbs",
    "list_missing",
    "missing_in",
    "missing_of",
    "why_dbs_short",
]

YOU, SCHOOL, TUTOR, OFFICE = "you", "your school", "your tutor", "the programme office"
WHAT = {
    "school": "School",
    "agreement": "School’s agreement",
    "mentor": "Mentor",
    "dbs": "DBS check",
    "qts": "QTS",
    "induction": "Induction",
}
"""What can be missing, in the order in which it is put right."""


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing."""

    what: str
    """A key of `WHAT`."""
    who_can: str
    """Who can put it right, as the participant reads it."""
    sentence: str


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of one participant now."""

    standing: Standing
    post: PostRead | None = None
    agreement: AgreementRead | None = None
    mentor: MentorRead | None = None
    dbs: DbsRead | None = None


def facts_of(session: Session, person_ids: Iterable[int]) -> dict[int, Facts]:
    """All that is known of people, in five queries however many they are."""
    ids = list(dict.fromkeys(person_ids))
    standings, posts = standings_of(session, ids), posts_of(session, ids)
    agreed, mentors, checks = (
        agreements_of(session, ids),
        mentors_of(session, ids),
        dbs_of(session, ids),
    )
    return {
        one: Facts(
            standings.get(one, Standing(one)),
            posts.get(one),
            agreed.get(one),
            mentors.get(one),
            checks.get(one),
        )
        for one in ids
    }


def _agreement(found: AgreementRead | None) -> Missing | None:
    state = found.state if found else None
    if found is None:
        return Missing(
            "agreement", YOU, "The head has not been asked to agree: send the link to them."
        )
    if state == agreements.WAITING:
        return Missing(
            "agreement",
            SCHOOL,
            f"The head was asked on {clock.day(found.asked_at)} and has not answered yet.",
        )
    if state == agreements.LAPSED:
        return Missing(
            "agreement", YOU, "The head’s link ended without an answer: send a fresh one."
        )
    if state == agreements.REFUSED:
        return Missing(
            "agreement",
            YOU,
            "The head did not agree. Speak to them, then send the link again.",
        )
    return None


def _mentor(facts: Facts) -> Missing | None:
    if facts.mentor is not None:
        return None
    if facts.agreement is not None and facts.agreement.state == agreements.AGREED:
        return Missing("mentor", TUTOR, "No mentor is named: tell your tutor who it is.")
    return Missing("mentor", SCHOOL, "No mentor is named yet: the head names one with the link.")


def _dbs(facts: Facts, numbers: ProgrammeNumbers, on: date) -> Missing | None:
    short = why_dbs_short(facts.dbs, numbers, on)
    if short is None:
        return None
    by_link = facts.agreement is None or facts.agreement.state != agreements.AGREED
    return Missing("dbs", SCHOOL if by_link else OFFICE, short)


def _teacher(standing: Standing) -> list[Missing]:
    if standing.has_qts is None:
        return [Missing("qts", OFFICE, "Whether QTS is held is not recorded yet.")]
    if standing.has_qts and not standing.induction:
        return [Missing("induction", OFFICE, "Whether induction is completed is not recorded yet.")]
    return []


def missing_in(facts: Facts, numbers: ProgrammeNumbers, on: date) -> list[Missing]:
    """What is missing in what is known of somebody. Pure; in the order of `WHAT`.

    Nobody is asked for the day they became a SENCO: aspiring SENCOs have none. QTS that is not
    held is not missing either: the certificate is open to who has none.

    :param on: the day to judge by, in England.
    """
    school = None if facts.post else Missing("school", YOU, "The school is not recorded yet.")
    first = (
        school,
        _agreement(facts.agreement),
        _mentor(facts),
        _dbs(facts, numbers, on),
    )
    return [one for one in first if one is not None] + _teacher(facts.standing)


def missing_of(
    session: Session, config_dir: Path, person_ids: Iterable[int], on: date
) -> dict[int, list[Missing]]:
    """What each of these people lacks on a day, in a fixed number of queries."""
    numbers = load_programme_numbers(config_dir)
    facts = facts_of(session, person_ids)
    return {person_id: missing_in(one, numbers, on) for person_id, one in facts.items()}


def list_missing(session: Session, config_dir: Path, person_id: int, on: date) -> list[Missing]:
    """What one person lacks on a day."""
    return missing_of(session, config_dir, [person_id], on)[person_id]
