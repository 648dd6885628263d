"""What stands here of staff. They are nobody a course site knows, so no request about a person of
a course finds them: `lti-tool staff list` shows all that is held, and it is deleted by time."""

from sqlalchemy import Select, false, select
from sqlalchemy.orm import Session

from lti_tool.privacy.holdings import Goes, Holding, Keeps, Subject, hold
from lti_tool.staff.models import StaffMember, StaffSession


def _no_member(_session: Session, _subject: Subject) -> Select[int]:
    return select(StaffMember.id).where(false())


def _no_session(_session: Session, _subject: Subject) -> Select[int]:
    return select(StaffSession.id).where(false())


hold(
    Holding(
        StaffMember,
        "Staff who may sign in without a course site",
        _no_member,
        Goes(),
        only=("role", "added_at", "signed_in_at", "removed_at"),
        keeps=Keeps("audit", "removed_at", unlinks=True),
    ),
    Holding(StaffSession, "Where staff are signed in", _no_session, Goes(), only=("started_at",)),
)
