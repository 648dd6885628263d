"""The head's answer: kept once, with the words as they were shown.

One act writes all that the page asks: agreement, mentor, DBS facts, the day they became a SENCO.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.db.statements import count_changed
from lti_tool.mail.outbox import tell
from lti_tool.people.models import GuestSignature
from lti_tool.programme.agreement_words import load_wording
from lti_tool.programme.agreements import SUBJECT, AgreementRead
from lti_tool.programme.asking import HEAD_ANSWERED
from lti_tool.programme.mentors import By, Named, name_mentor
from lti_tool.programme.models import SchoolAgreement
from lti_tool.programme.recording import SCHOOL, DbsFacts, record_dbs
from lti_tool.programme.standing import get_standing, keep_standing
from lti_tool.settings import Settings


class AnsweredAlready(Conflict):
    """Somebody answered before, or the question was withdrawn."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a head says."""

    is_agreed: bool
    signed_name: str
    signed_role: str
    reason: str = ""
    release_days: int | None = None
    mentor: Named | None = None
    dbs: DbsFacts | None = None
    senco_since: date | None = None


def answer_once(
    session: Session,
    settings: Settings,
    asked: AgreementRead,
    answer: Answer,
    *,
    registration_id: int,
    today: date,
) -> None:
    """Keep a head's answer and what follows from it, and tell the participant that there is one.

    :raises AnsweredAlready: there is an answer, or the question was withdrawn.
    """
    by = By(asked.context_id, asked.assignment_id)
    _write(session, settings, asked, answer)
    record(
        session,
        "head answered",
        (SUBJECT, asked.id),
        actor="guest",
        context_id=asked.context_id,
        became={"is_agreed": answer.is_agreed, "release_days": answer.release_days},
    )
    if answer.is_agreed:
        _keep_facts(session, settings, asked, answer, registration_id, today, by)
    tell(
        session,
        HEAD_ANSWERED,
        once=f"agreement:{asked.id}",
        person_id=asked.person_id,
        context_id=asked.context_id,
        assignment_id=asked.assignment_id,
        about={"agreement": asked.id},
    )


def _write(session: Session, settings: Settings, asked: AgreementRead, answer: Answer) -> None:
    wording = load_wording(settings.config_dir)
    kept: dict[str, Any] = {"version": wording.version}
    if answer.is_agreed:
        kept["wording"] = wording.agreed_to
        kept["is_example"] = wording.is_example
    else:
        kept["reason"] = answer.reason
    signature = GuestSignature(
        guest_id=asked.guest_id,
        name=answer.signed_name,
        role=answer.signed_role,
        signed_at=clock.now(),
    )
    session.add(signature)
    session.flush()
    changed = count_changed(
        session,
        update(SchoolAgreement)
        .where(
            SchoolAgreement.id == asked.id,
            SchoolAgreement.answered_at.is_(None),
            SchoolAgreement.closed_at.is_(None),
        )
        .values(
            answered_at=clock.now(),
            is_agreed=answer.is_agreed,
            release_days=answer.release_days,
            answer={**kept, "signature": signature.id},
        ),
    )
    if not changed:
        raise AnsweredAlready(
            "This question has been answered already, or was withdrawn. Nothing was changed."
        )


def _keep_facts(
    session: Session,
    settings: Settings,
    asked: AgreementRead,
    answer: Answer,
    registration_id: int,
    today: date,
    by: By,
) -> None:
    person_id = asked.person_id
    if answer.mentor is not None:
        name_mentor(
            session,
            settings,
            person_id,
            asked.school_id,
            answer.mentor,
            registration_id=registration_id,
            started_on=today,
            by=by,
        )
    if answer.dbs is not None:
        record_dbs(session, person_id, answer.dbs, source=SCHOOL, by=by, guest_id=asked.guest_id)
    if answer.senco_since is not None:
        values = {"senco_since": answer.senco_since, "is_aspiring": False}
        keep_standing(session, get_standing(session, person_id), values, by=by, source=SCHOOL)
