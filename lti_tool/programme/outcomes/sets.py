"""The outcome set that a cohort works towards, in the version it keeps."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.core.errors import NotFound
from lti_tool.frameworks.framework import Framework, Item
from lti_tool.frameworks.queries import find_version
from lti_tool.frameworks.shipped import find_outcome_set
from lti_tool.programme.cohorts.models import Programme
from lti_tool.programme.cohorts.queries import CohortRead


def outcome_set_of(session: Session, config_dir: Path, cohort: CohortRead) -> Framework:
    """The outcome set of a cohort; where its version is not kept, the one that ships. Two queries.

    :raises NotFound: there is none of this key any more.
    """
    registration_id = session.scalars(
        select(Programme.registration_id).where(Programme.id == cohort.programme_id)
    ).one()
    kept = find_version(session, registration_id, cohort.outcome_set, cohort.outcome_set_version)
    found = kept.framework if kept else find_outcome_set(config_dir, cohort.outcome_set)
    if found is None:
        raise NotFound("The outcome set of this cohort is no longer kept here.")
    return found


def words_of(item: Item) -> str:
    """An outcome with its number."""
    return f"{item.label}. {item.title}" if item.label else item.title


def number_of(item: Item) -> str:
    """The shortest name of an outcome, for the head of a column."""
    return item.id


def by_area(outcomes: Framework) -> list[tuple[str, tuple[Item, ...]]]:
    """The outcomes under the titles of their areas, in reading order; those in none first."""
    found: dict[str, list[Item]] = {}
    for item in outcomes.judged:
        area = outcomes.area_of(item)
        found.setdefault(area.title if area else "", []).append(item)
    return [(title, tuple(items)) for title, items in found.items()]
