"""Signed-off outcomes as awards count them: announced to the cohorts, which know no outcomes."""

from pathlib import Path

from sqlalchemy.orm import Session

from lti_tool.programme.cohorts.outcome_sets import find_set_of
from lti_tool.programme.cohorts.queries import CohortRead
from lti_tool.programme.cohorts.signed_off import SignedOff, announce
from lti_tool.programme.outcomes.matrix import signed_off


def count_signed_off(session: Session, config_dir: Path, cohort: CohortRead) -> SignedOff:
    """How many outcomes the cohort's set has, and how many each person has met: none where the
    set is kept no more. Three queries."""
    found = find_set_of(session, config_dir, cohort)
    items = {item.id for item in found.judged} if found else set()
    return SignedOff(len(items), signed_off(session, cohort.id, items))


announce(count_signed_off)
