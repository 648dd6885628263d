"""What a reviewer's link is, and what it opens: the checklist as it was last submitted."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.activities.quality_standards.models import Checklist
from lti_tool.activities.quality_standards.moving import begin_review
from lti_tool.activities.quality_standards.trail import Submitted, find_submitted
from lti_tool.core.errors import NotFound
from lti_tool.people import guest_links, guest_purposes
from lti_tool.people.guest_links import LinkRead
from lti_tool.people.guests import CurrentGuest

REVIEWER = "reviewer"

guest_purposes.register(
    guest_purposes.Purpose(
        key=REVIEWER,
        role_label="Reviewer",
        asked="to look at a programme’s checklist of quality standards",
        nav=(("The checklist", "reviewing.submission"),),
        opened=begin_review,
    )
)


def list_links(session: Session, checklist_id: int) -> list[LinkRead]:
    """The links given for a checklist, the newest first."""
    return guest_links.list_links(session, REVIEWER, ("checklist", checklist_id))


def get_link(session: Session, checklist_id: int, link_id: int) -> LinkRead:
    """A link given for a checklist.

    :raises NotFound: there is no such link for this one.
    """
    for link in list_links(session, checklist_id):
        if link.id == link_id:
            return link
    raise NotFound("There is no such link for this checklist.")


def open_submitted(session: Session, guest: CurrentGuest) -> tuple[int, Submitted]:
    """What a guest's link opens: the programme's row number, and what was last submitted.

    :raises NotFound: nothing is submitted.
    """
    programme_id = session.scalar(
        select(Checklist.programme_id).where(Checklist.id == guest.subject_id)
    )
    found = find_submitted(session, guest.subject_id)
    if found is None or programme_id is None:
        raise NotFound("There is nothing to review here yet.")
    return programme_id, found
