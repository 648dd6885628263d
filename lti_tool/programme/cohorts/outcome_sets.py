"""The outcome sets in force for a programme, and the one a cohort works towards.

A cohort keeps the version that was in force as it took the set: what a leader brings in later
is for cohorts that begin later.
"""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.core.errors import NotFound
from lti_tool.frameworks.framework import OUTCOMES, Framework
from lti_tool.frameworks.operations import keep_in_force
from lti_tool.frameworks.queries import find_version, get_version, list_in_force
from lti_tool.frameworks.shipped import find_outcome_set
from lti_tool.programme.cohorts.models import Programme
from lti_tool.programme.cohorts.queries import CohortRead


def list_offered(session: Session, config_dir: Path, registration_id: int) -> list[Framework]:
    """The outcome sets that a cohort can take, those open to starters first. One query."""
    return [one for one, _ in list_in_force(session, config_dir, registration_id, OUTCOMES)]


def take_set(session: Session, config_dir: Path, registration_id: int, key: str) -> Framework:
    """The outcome set in force of this key, in a version that is kept from now on.

    :raises NotFound: no outcome set of this key is in force.
    """
    if key not in {one.key for one in list_offered(session, config_dir, registration_id)}:
        raise NotFound("This outcome set is not in force any more. Choose another.")
    kept = keep_in_force(session, config_dir, registration_id, key)
    return get_version(session, registration_id, kept)


def find_set_of(session: Session, config_dir: Path, cohort: CohortRead) -> Framework | None:
    """The outcome set of a cohort; where its version is not kept, the one that ships; None where
    there is none of this key any more. Two queries."""
    registration_id = session.scalars(
        select(Programme.registration_id).where(Programme.id == cohort.programme_id)
    ).one()
    kept = find_version(session, registration_id, cohort.outcome_set, cohort.outcome_set_version)
    return kept.framework if kept else find_outcome_set(config_dir, cohort.outcome_set)


def outcome_set_of(session: Session, config_dir: Path, cohort: CohortRead) -> Framework:
    """As `find_set_of`, for pages that are nothing without it.

    :raises NotFound: there is none of this key any more.
    """
    found = find_set_of(session, config_dir, cohort)
    if found is None:
        raise NotFound("The outcome set of this cohort is no longer kept here.")
    return found
