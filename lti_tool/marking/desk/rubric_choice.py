"""Choosing the rubric of work that is set, until the first piece is handed in."""

from pathlib import Path

from sqlalchemy import update
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core.errors import Conflict
from lti_tool.coursework.copying import lock_assignment
from lti_tool.coursework.models import Assignment
from lti_tool.coursework.operations import ChangedElsewhere
from lti_tool.coursework.queries import AssignmentRead
from lti_tool.coursework.setting_up import has_handed_in
from lti_tool.db.statements import count_changed
from lti_tool.marking.rubrics import version_in_force


def choose_rubric(
    session: Session,
    assignment: AssignmentRead,
    config_dir: Path,
    key: str,
    *,
    version: int,
    actor_id: int,
) -> None:
    """Have work marked by another rubric, in the version in force.

    :param version: of the assignment, which the page was filled in from.
    :raises Conflict: work is handed in already: its authors wrote it for the rubric they saw.
    :raises ChangedElsewhere: another tutor changed the set-up in between.
    """
    lock_assignment(session, assignment.id)
    if has_handed_in(session, assignment.id):
        raise Conflict("Work is handed in already, so its rubric stays as it is.")
    rubric_version = version_in_force(session, config_dir, key)
    done = count_changed(
        session,
        update(Assignment)
        .where(Assignment.id == assignment.id, Assignment.version == version)
        .values(rubric_key=key, rubric_version=rubric_version, version=version + 1),
    )
    if not done:
        raise ChangedElsewhere(
            "Someone else changed this activity’s set-up a moment ago. Look at it again, then "
            "choose."
        )
    record(
        session,
        "rubric chosen",
        ("assignment", assignment.id),
        actor_id=actor_id,
        context_id=assignment.context_id,
        was={"rubric": assignment.rubric_key, "version": assignment.rubric_version},
        became={"rubric": key, "version": rubric_version},
    )
