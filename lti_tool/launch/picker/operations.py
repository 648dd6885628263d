"""What a tutor chose becomes assignments of the course and content items of the answer.

Deep Linking 2.0, 3.2: each item carries our own resource id three times over (custom parameter,
line item, and so the column), so that a copied course still knows what it stands for.
"""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.catalogue.register import get_activity
from lti_tool.core.errors import NotFound
from lti_tool.core.identifiers import digest
from lti_tool.coursework.operations import set_assignment
from lti_tool.coursework.queries import AssignmentRead, find_by_resource_id, get_assignment
from lti_tool.gradebook.queries import has_column
from lti_tool.launch.versions import versions_for
from lti_tool.lti.vocabulary import LTI_RESOURCE_LINK
from lti_tool.people.choosing import hold_deep_linking, keep_deep_linking
from lti_tool.people.visits import CurrentVisit
from lti_tool.settings import Settings


@dataclass(frozen=True, slots=True)
class Wish:
    """One row of the page: new work of a kind, or work that the course has already."""

    activity: str | None
    resource_id: str | None
    title: str
    text: str
    maximum: int
    due_at: datetime | None
    board_on: date | None
    rubric_key: str | None = None
    """The rubric chosen for new work; the activity's usual one where none was."""


def _set(session: Session, settings: Settings, visit: CurrentVisit, wish: Wish) -> AssignmentRead:
    """The assignment a wish means, set now if it is new."""
    if wish.resource_id is not None:
        found = find_by_resource_id(session, wish.resource_id, visit.context_id)
        if found is None:
            raise NotFound("This activity is no longer in the course. Choose again.")
    else:
        activity = get_activity(wish.activity or "")
        versions = versions_for(session, settings.config_dir, activity, wish.rubric_key)
        found = set_assignment(
            session,
            context_id=visit.context_id,
            activity=activity,
            title=wish.title,
            rubric_key=wish.rubric_key,
            rubric_version=versions.rubric,
            rules_version=versions.rules,
            maximum=Decimal(wish.maximum),
            due_at=wish.due_at if activity.is_marked else None,
            board_on=wish.board_on if activity.is_marked else None,
            actor_id=visit.person_id,
        )
    return get_assignment(session, found, (visit.context_id,))


def _line_item(assignment: AssignmentRead, title: str, url: str) -> dict[str, Any]:
    maximum = assignment.maximum
    return {
        "label": title,
        "scoreMaximum": int(maximum) if maximum == int(maximum) else float(maximum),
        "resourceId": assignment.resource_id,
        "tag": assignment.activity,
        "submissionReview": {"reviewableStatus": ["Submitted", "Completed"], "url": url},
    }


def _item(
    settings: Settings, assignment: AssignmentRead, wish: Wish, *, with_column: bool
) -> dict[str, Any]:
    url = settings.url("/lti/launch")
    title = wish.title or assignment.title
    item: dict[str, Any] = {
        "type": LTI_RESOURCE_LINK,
        "url": url,
        "title": title,
        "custom": {
            "activity": assignment.activity,
            "resource_id": assignment.resource_id,
            "context_history": "$Context.id.history",
        },
    }
    if wish.text:
        item["text"] = wish.text
    if with_column:
        item["lineItem"] = _line_item(assignment, title, url)
    if assignment.due_at is not None:
        item["submission"] = {"endDateTime": assignment.due_at.isoformat(timespec="seconds")}
    return item


def choose(
    session: Session, settings: Settings, visit: CurrentVisit, wishes: list[Wish]
) -> list[dict[str, Any]]:
    """Set what was chosen and give the content items of the answer.

    The same choice sent twice from one visit (a double click, a reload) gives the same items.
    Work that has a gradebook column already is linked without a second one.

    :raises NotFound: a kind of activity, or work of the course, is not there any more.
    """
    asked = hold_deep_linking(session, visit)
    chosen = digest(json.dumps([asdict(one) for one in wishes], default=str))
    before = asked.get("answered")
    if before is not None and before["chosen"] == chosen:
        return list(before["items"])
    items, ids = [], []
    for wish in wishes:
        assignment = _set(session, settings, visit, wish)
        with_column = (
            asked["accepts_line_item"]
            and get_activity(assignment.activity).is_marked
            and not has_column(session, assignment.id)
        )
        items.append(_item(settings, assignment, wish, with_column=with_column))
        ids.append(assignment.id)
    keep_deep_linking(session, visit, {**asked, "answered": {"chosen": chosen, "items": items}})
    record(
        session,
        "activities chosen",
        ("context", visit.context_id),
        actor_id=visit.person_id,
        context_id=visit.context_id,
        became={"assignments": ids},
    )
    return items
