"""What of people stands in the tables of the placement log.

A visit that a host answered stays as it was shown to them, since the seal is held against it; what
was never for the host's eyes goes. Names are not in it: they stand with people and guests.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from lti_tool.activities.placement_log import visit_document
from lti_tool.activities.placement_log.models import (
    Attendance,
    Confirmation,
    Meeting,
    MentorDoor,
    MentorQuestion,
    PartnerVisit,
    VisitStep,
)
from lti_tool.core import clock
from lti_tool.people.models import GuestSignature
from lti_tool.privacy.holdings import (
    Changed,
    Emptied,
    Goes,
    Holding,
    Keeps,
    Stays,
    Subject,
    acts,
    hold,
)

_PRIVATE = ("private", "reflection", "change", "actions")
_WORK = Keeps("assessed_work", "assignment_id")
_VISIT, _OF_VISIT = "visit_id.person_id", Keeps("assessed_work", "visit_id.assignment_id")
_MENTORING = Keeps("assessed_work", "assignment_id")


def _answered(visit_id: Any) -> ColumnElement[bool]:
    return exists().where(Confirmation.visit_id == visit_id, Confirmation.answered_at.is_not(None))


def _was_answered() -> ColumnElement[bool]:
    return _answered(PartnerVisit.id)


def _never_answered() -> ColumnElement[bool]:
    return ~_was_answered()


def _step_of_answered() -> ColumnElement[bool]:
    return _answered(VisitStep.visit_id)


def _step_of_others() -> ColumnElement[bool]:
    return ~_step_of_answered()


def _asked_of_answered() -> ColumnElement[bool]:
    other = aliased(Confirmation)
    return exists().where(other.visit_id == Confirmation.visit_id, other.answered_at.is_not(None))


def _asked_in_vain() -> ColumnElement[bool]:
    return ~_asked_of_answered()


def _empty_private(session: Session, ids: list[int]) -> None:
    """Empty what no host saw; date, school, focus, outcomes and what was shared are sealed."""
    empty = visit_document.new_document()
    rows = session.execute(
        select(PartnerVisit.id, PartnerVisit.document).where(PartnerVisit.id.in_(ids))
    )
    for row in rows.all():
        kept = {
            **visit_document.current(row.document),
            **{name: empty[name] for name in (*_PRIVATE, "not_a_child")},
        }
        session.execute(
            update(PartnerVisit)
            .where(PartnerVisit.id == row.id)
            .values(document=kept, revision=PartnerVisit.revision + 1)
        )


def _signed_without_link(session: Session, subject: Subject) -> Select[Any]:
    """Names under answers to the person's visits that came by a code or on paper: nobody but the
    person has brought them."""
    return select(GuestSignature.id).where(
        GuestSignature.guest_id.is_(None),
        GuestSignature.id.in_(
            select(Confirmation.signature_id)
            .join(PartnerVisit, PartnerVisit.id == Confirmation.visit_id)
            .where(PartnerVisit.person_id == subject.person_id)
        ),
    )


def _sealed_by_the_erased(session: Session, subject: Subject) -> Select[Any]:
    """Answers whose signer is erased."""
    by_guest = Confirmation.guest_id.in_(subject.guest_ids)
    by_code = Confirmation.signature_id.in_(_signed_without_link(session, subject))
    return select(Confirmation.id).where(or_(by_guest, by_code))


hold(
    Holding(
        PartnerVisit,
        "Visits that a host answered for",
        "person_id",
        Changed(
            _empty_private,
            "what the host answered for is sealed and stays, with no name; reflection, private "
            "observations and actions go",
        ),
        where=_was_answered,
        guests=("host_guest_id",),
        keeps=_WORK,
    ),
    Holding(
        PartnerVisit,
        "Visits planned, or made and not confirmed",
        "person_id",
        Goes(),
        where=_never_answered,
        guests=("host_guest_id",),
        keeps=_WORK,
    ),
    Holding(
        VisitStep,
        "Steps of visits that a host answered for",
        _VISIT,
        Emptied({"comment": ""}, "they belong to the confirmation; words go"),
        where=_step_of_answered,
        guests=("guest_id",),
        keeps=_OF_VISIT,
    ),
    Holding(
        VisitStep,
        "Steps of other visits",
        _VISIT,
        Goes(),
        where=_step_of_others,
        guests=("guest_id",),
        keeps=_OF_VISIT,
    ),
    Holding(
        Confirmation,
        "What hosts answered",
        _VISIT,
        Stays("the answer is sealed; it holds no name, and the seal only a hash of one"),
        where=_asked_of_answered,
        only=("id", "visit_id", "answer", "by", "reason", "answered_at", "shown", "signature_id"),
        guests=("guest_id", "guest_link_id.guest_id", "signature_id.guest_id"),
        keeps=_OF_VISIT,
    ),
    Holding(
        Confirmation,
        "Hosts you asked who have not answered",
        _VISIT,
        Goes(),
        where=_asked_in_vain,
        only=("id", "visit_id", "asked_at", "expires_at", "closed_at", "why_closed"),
        guests=("guest_id", "guest_link_id.guest_id"),
        keeps=_OF_VISIT,
    ),
    Holding(
        Confirmation,
        "Answers whose signer’s name goes too",
        _sealed_by_the_erased,
        Emptied({"signer_salt": None}, "without it nobody can guess the name from the hash"),
        only=("id",),
    ),
    Holding(
        GuestSignature,
        "Names under answers by code or on paper",
        _signed_without_link,
        Emptied(
            {"name": None, "role": None, "erased_at": clock.now},
            "the name goes; the seal covers a salted hash of it and still holds",
        ),
        only=("name", "role", "signed_at"),
    ),
    Holding(
        Meeting,
        "Meetings with mentors and tutors",
        "person_id",
        Goes(),
        keeps=_WORK,
    ),
    Holding(
        MentorDoor,
        "Logs that your mentors’ links open",
        "mentorship_id.person_id",
        Goes(),
        only=("made_at",),
        guests=("guest_link_id.guest_id",),
        keeps=Keeps("guest_links", "guest_link_id.expires_at"),
    ),
    Holding(
        MentorQuestion,
        "What your mentors asked tutors in private",
        "mentorship_id.person_id",
        Goes("it may be about you, and only your mentor’s link led to it"),
        private=("text", "reply"),
        keeps=_MENTORING,
    ),
    Holding(
        Attendance,
        "Sessions and your attendance",
        "person_id",
        Goes("what was handed in of it stays with the copy"),
        keeps=Keeps("assessed_work", "session_id.assignment_id"),
    ),
    *acts(VisitStep, "Steps of visits that were yours", "person_id", only=("was", "became", "at")),
    *acts(Confirmation, "Answers on paper you recorded", "recorded_by_id", only=("answered_at",)),
    *acts(Meeting, "Tutorials you held", "tutor_id", only=("held_on", "minutes", "mode")),
    *acts(MentorQuestion, "Questions you answered", "replied_by_id", only=("replied_at",)),
    *acts(Attendance, "Attendance you took", "taken_by_id", only=("taken_at",)),
)
