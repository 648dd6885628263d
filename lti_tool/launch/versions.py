"""Which versions of rubric and rules work is set with, as a launch or a choice begins it."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from lti_tool.catalogue.contract import Activity
from lti_tool.coursework.rules import rules_version_in_force
from lti_tool.marking.rubrics import version_in_force


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions in force; 0 for an activity that is not marked and so has neither."""

    rubric: int
    rules: int


def versions_for(
    session: Session, config_dir: Path, activity: Activity, rubric_key: str | None = None
) -> Versions:
    """The versions in force for an activity, kept now where they were not yet.

    :param rubric_key: the activity's usual rubric where left out.
    """
    if not activity.is_marked:
        return Versions(0, 0)
    return Versions(
        version_in_force(session, config_dir, rubric_key or activity.rubric_key),
        rules_version_in_force(session, config_dir, activity.rules_key),
    )
