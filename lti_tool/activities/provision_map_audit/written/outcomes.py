"""The outcome set that a reflection is tied to, in the version it was tied to.

A set is chosen among those in force for the course. The work keeps that version, so a leader who
brings in other words changes nothing under anybody's hands; choosing again takes the new ones.
"""

from pathlib import Path
from typing import Any

from lti_tool.activities.provision_map_audit.document import Document
from lti_tool.db import session
from lti_tool.frameworks.framework import OUTCOMES, Framework
from lti_tool.frameworks.operations import keep_in_force
from lti_tool.frameworks.queries import digest_of, find_pinned, list_in_force
from lti_tool.frameworks.shipped import find_outcome_set
from lti_tool.people import visits


def offered_sets(config_dir: Path) -> list[Framework]:
    """The outcome sets in force for this visit, those open to starters first."""
    registration_id = visits.current().registration_id
    return [one for one, _ in list_in_force(session(), config_dir, registration_id, OUTCOMES)]


def chosen_set(document: Document, config_dir: Path) -> Framework | None:
    """The outcome set of a piece of work, where one is chosen; in work from before there were
    versions, and in the example, as it ships."""
    if document["outcome_version"] is not None:
        return find_pinned(session(), document["outcome_version"])
    return find_outcome_set(config_dir, document["outcome_set"])


def has_other_words(chosen: Framework | None, offered: list[Framework]) -> bool:
    """Whether the set a piece of work keeps is in force in other words by now."""
    return chosen is not None and any(
        one.key == chosen.key and digest_of(one) != digest_of(chosen) for one in offered
    )


def with_chosen_set(document: Document, config_dir: Path, wanted: str, *, anew: bool) -> Document:
    """The fields of the work that say which set it is tied to.

    :param wanted: the key of a set; any other word is none.
    :param anew: take the words in force even where the set stays the same.
    """
    if wanted == document["outcome_set"] and not anew:
        return {name: document[name] for name in ("outcome_set", "outcome_version")}
    found: dict[str, Any] = {"outcome_set": "", "outcome_version": None}
    if wanted in {one.key for one in offered_sets(config_dir)}:
        registration_id = visits.current().registration_id
        found["outcome_set"] = wanted
        found["outcome_version"] = keep_in_force(session(), config_dir, registration_id, wanted)
    return found
