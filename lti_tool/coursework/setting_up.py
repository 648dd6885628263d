"""What a tutor decides about an assignment: dates, and the rules its work is marked by.

The rules can be chosen until the first work is handed in; then their version is fixed, so that
nobody's mark is counted by rules they did not work under.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core.errors import Conflict
from lti_tool.coursework.models import Assignment, HandedInCopy, Submission
from lti_tool.coursework.operations import ChangedElsewhere
from lti_tool.coursework.queries import AssignmentRead
from lti_tool.coursework.resetting import require_open
from lti_tool.coursework.rules import get_rules, rules_version_in_force
from lti_tool.db.statements import count_changed
from lti_tool.gradebook.operations import change_column


class RulesAreFixed(Conflict):
    """Work was handed in under the rules, so they stay."""


@dataclass(frozen=True, slots=True)
class SetUp:
    """What a tutor decides about an assignment."""

    due_at: datetime | None
    board_on: date | None
    rules_key: str


def has_handed_in(session: Session, assignment_id: int) -> bool:
    """Whether any work on an assignment was ever handed in."""
    count = session.scalar(
        select(func.count())
        .select_from(HandedInCopy)
        .join(Submission, Submission.id == HandedInCopy.submission_id)
        .where(Submission.assignment_id == assignment_id)
    )
    return bool(count)


def _said(
    due_at: datetime | None, board_on: date | None, key: str, version: int
) -> dict[str, str | None]:
    return {
        "due_at": due_at.isoformat() if due_at else None,
        "board_on": board_on.isoformat() if board_on else None,
        "rules": f"{key}, version {version}",
    }


def _rules_wanted(
    session: Session, config_dir: Path, assignment: AssignmentRead, key: str
) -> dict[str, Any]:
    """The columns that change with the rules; none where they stay."""
    if key == assignment.rules_key:
        return {}
    if has_handed_in(session, assignment.id):
        raise RulesAreFixed(
            "Work was handed in under these rules, so they stay as they are. You can still give "
            "anyone a later date."
        )
    version = rules_version_in_force(session, config_dir, key)
    rules = get_rules(session, config_dir, key, version)
    return {"rules_key": key, "rules_version": version, "is_anonymous": rules.anonymous}


def change_set_up(
    session: Session,
    config_dir: Path,
    assignment: AssignmentRead,
    wanted: SetUp,
    *,
    version: int,
    actor_id: int,
) -> None:
    """Change an assignment's dates and rules.

    :param version: the version the form was filled in from.
    :raises RulesAreFixed: other rules are wanted and work was handed in already.
    :raises ChangedElsewhere: another tutor changed it in between.
    """
    rules = _rules_wanted(session, config_dir, assignment, wanted.rules_key)
    done = count_changed(
        session,
        update(Assignment)
        .where(Assignment.id == assignment.id, Assignment.version == version)
        .values(due_at=wanted.due_at, board_on=wanted.board_on, version=version + 1, **rules),
    )
    if not done:
        raise ChangedElsewhere(
            "Someone else changed these dates a moment ago. They are shown below as they are "
            "now; change them again if you still want to."
        )
    was = (assignment.rules_key, assignment.rules_version)
    became = (rules["rules_key"], rules["rules_version"]) if rules else was
    record(
        session,
        "dates changed",
        ("assignment", assignment.id),
        actor_id=actor_id,
        context_id=assignment.context_id,
        was=_said(assignment.due_at, assignment.board_on, *was),
        became=_said(wanted.due_at, wanted.board_on, *became),
    )


def change_column_of(
    session: Session,
    assignment: AssignmentRead,
    *,
    title: str,
    maximum: Decimal,
    version: int,
    actor_id: int,
) -> bool:
    """Change an assignment's title and the maximum of its gradebook column. Marks that were sent
    go out again on the new scale.

    :param version: the version the form was filled in from.
    :return: whether the platform has to be told; False where it has no column yet.
    :raises ChangedElsewhere: another tutor changed it in between.
    """
    require_open(assignment)
    done = count_changed(
        session,
        update(Assignment)
        .where(Assignment.id == assignment.id, Assignment.version == version)
        .values(title=title, maximum=maximum, version=version + 1),
    )
    if not done:
        raise ChangedElsewhere(
            "Someone else changed this a moment ago. It is shown below as it is now; change it "
            "again if you still want to."
        )
    record(
        session,
        "title or maximum changed",
        ("assignment", assignment.id),
        actor_id=actor_id,
        context_id=assignment.context_id,
        was={"title": assignment.title, "maximum": str(assignment.maximum)},
        became={"title": title, "maximum": str(maximum)},
    )
    return change_column(session, assignment.id, label=title, maximum=maximum)
