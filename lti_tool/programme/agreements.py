"""Reads of schools' agreements: who was asked, what they said, and whether it still stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.db.statements import AnyRow
from lti_tool.lti.models import Context
from lti_tool.people.models import Guest, GuestLink
from lti_tool.programme.models import School, SchoolAgreement

HEAD, SUBJECT = "head", "school_agreement"
"""The purpose of a head's links, and the kind of what they open."""
WAITING, LAPSED, AGREED, REFUSED, CLOSED = "waiting", "lapsed", "agreed", "refused", "closed"


@dataclass(frozen=True, slots=True)
class AgreementRead:
    """A head who was asked, or an agreement that came another way."""

    id: int
    person_id: int
    context_id: int
    course: str
    assignment_id: int | None
    school_id: int
    school_name: str
    guest_id: int | None
    link_id: int | None
    head_name: str | None
    head_email: str | None
    source: str
    asked_at: datetime
    answered_at: datetime | None
    is_agreed: bool | None
    release_days: int | None
    answer: dict[str, Any]
    closed_at: datetime | None
    expires_at: datetime | None
    """When the head's link ends."""
    sent_at: datetime | None
    """When that link was given."""
    revoked_at: datetime | None

    @property
    def state(self) -> str:
        """Where it stands now; one of the words above."""
        if self.closed_at is not None:
            return CLOSED
        if self.answered_at is not None:
            return AGREED if self.is_agreed else REFUSED
        is_over = self.revoked_at is not None or (
            self.expires_at is not None and self.expires_at <= clock.now()
        )
        return LAPSED if is_over else WAITING

    @property
    def reason(self) -> str:
        """Why it was refused, as the head said it."""
        return str(self.answer.get("reason", ""))

    @property
    def wording(self) -> list[str]:
        """What was agreed to, as it was shown; empty where it came another way."""
        return [str(one) for one in self.answer.get("wording", ())]


_AGREEMENT = (
    select(
        SchoolAgreement.id,
        SchoolAgreement.person_id,
        SchoolAgreement.context_id,
        func.coalesce(Context.title, "the course").label("course"),
        SchoolAgreement.assignment_id,
        SchoolAgreement.school_id,
        School.name.label("school_name"),
        SchoolAgreement.guest_id,
        SchoolAgreement.guest_link_id,
        Guest.name.label("head_name"),
        Guest.email,
        SchoolAgreement.source,
        SchoolAgreement.asked_at,
        SchoolAgreement.answered_at,
        SchoolAgreement.is_agreed,
        SchoolAgreement.release_days,
        SchoolAgreement.answer,
        SchoolAgreement.closed_at,
        GuestLink.expires_at,
        GuestLink.created_at,
        GuestLink.revoked_at,
    )
    .join(School, School.id == SchoolAgreement.school_id)
    .join(Context, Context.id == SchoolAgreement.context_id)
    .outerjoin(Guest, Guest.id == SchoolAgreement.guest_id)
    .outerjoin(GuestLink, GuestLink.id == SchoolAgreement.guest_link_id)
)


def _read(row: AnyRow) -> AgreementRead:
    return AgreementRead(*row)


def find_agreement(session: Session, person_id: int) -> AgreementRead | None:
    """The latest agreement of somebody that was not closed, answered or not, or None."""
    return agreements_of(session, [person_id]).get(person_id)


def agreements_of(session: Session, person_ids: Iterable[int]) -> dict[int, AgreementRead]:
    """The same for many people, in one query."""
    latest = (
        select(func.max(SchoolAgreement.id))
        .where(SchoolAgreement.person_id.in_(set(person_ids)), SchoolAgreement.closed_at.is_(None))
        .group_by(SchoolAgreement.person_id)
    )
    rows = session.execute(_AGREEMENT.where(SchoolAgreement.id.in_(latest)))
    return {row.person_id: _read(row) for row in rows}


def list_agreements(session: Session, person_id: int) -> list[AgreementRead]:
    """Everything ever asked or recorded for somebody, the newest first."""
    rows = session.execute(
        _AGREEMENT.where(SchoolAgreement.person_id == person_id).order_by(SchoolAgreement.id.desc())
    )
    return [_read(row) for row in rows]


def find_by_id(session: Session, agreement_id: int) -> AgreementRead | None:
    """One agreement, for the head whose link opens it."""
    row = session.execute(_AGREEMENT.where(SchoolAgreement.id == agreement_id)).first()
    return None if row is None else _read(row)


def list_waiting(session: Session) -> list[AgreementRead]:
    """Every agreement whose head has a link that works and has not answered."""
    rows = session.execute(
        _AGREEMENT.where(
            SchoolAgreement.answered_at.is_(None),
            SchoolAgreement.closed_at.is_(None),
            GuestLink.revoked_at.is_(None),
            GuestLink.expires_at > clock.now(),
        ).order_by(SchoolAgreement.id)
    )
    return [_read(row) for row in rows]
