"""How sure people feel of each outcome, at the start and at the end: kept, and summed up.

A participant's own answers are shown to them and their tutors; across a cohort only counts are,
without the small ones.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.programme.outcomes.holding import hold_person
from lti_tool.programme.outcomes.models import Confidence
from lti_tool.programme.outcomes.small_numbers import SMALLEST, hide_small
from lti_tool.programme.outcomes.whose import Whose
from lti_tool.programme.outcomes.words import CONFIDENCE, MOMENTS

Ratings = dict[tuple[str, str], int]
"""By outcome and moment."""


class ChangedElsewhere(Conflict):
    """An answer was changed in another window since the form was made."""


@dataclass(frozen=True, slots=True)
class Summed:
    """How many gave each answer on one outcome at one moment."""

    counts: tuple[int | None, ...]
    """From 1 to 5; None where the count is hidden."""
    total: int | None
    """How many answered; None where they are too few to be shown."""


def ratings_of(session: Session, cohort_id: int, person_ids: Collection[int]) -> dict[int, Ratings]:
    """The answers of people in a cohort. One query."""
    rows = session.execute(
        select(
            Confidence.person_id, Confidence.item_id, Confidence.moment, Confidence.rating
        ).where(Confidence.cohort_id == cohort_id, Confidence.person_id.in_(person_ids))
    )
    found: dict[int, Ratings] = {}
    for person_id, item, moment, rating in rows:
        found.setdefault(person_id, {})[item, moment] = rating
    return found


def keep_ratings(
    session: Session,
    whose: Whose,
    moment: str,
    given: Mapping[str, int | None],
    shown: Mapping[str, int | None],
) -> int:
    """Keep how sure somebody feels at one moment. Only answers that were changed are written.

    :param given: the answer by outcome, None where there is none.
    :param shown: the answers as the form showed them.
    :return: how many were changed.
    :raises ChangedElsewhere: one that was changed here was changed in another window too.
    """
    hold_person(session, whose.cohort_id, whose.person_id)
    kept = ratings_of(session, whose.cohort_id, [whose.person_id]).get(whose.person_id, {})
    changed = {item: to for item, to in given.items() if to != kept.get((item, moment))}
    changed = {item: to for item, to in changed.items() if to != shown.get(item)}
    if any(kept.get((item, moment)) != shown.get(item) for item in changed):
        raise ChangedElsewhere(
            "You changed some of these answers in another window. They are as you chose them "
            "here; save again to keep them so."
        )
    if changed:
        _write(session, whose, moment, changed)
    return len(changed)


def _write(session: Session, whose: Whose, moment: str, changed: Mapping[str, int | None]) -> None:
    session.execute(
        delete(Confidence).where(
            Confidence.cohort_id == whose.cohort_id,
            Confidence.person_id == whose.person_id,
            Confidence.moment == moment,
            Confidence.item_id.in_(changed),
        )
    )
    rows = [
        {
            "cohort_id": whose.cohort_id,
            "person_id": whose.person_id,
            "item_id": item,
            "moment": moment,
            "rating": rating,
            "given_at": clock.now(),
        }
        for item, rating in changed.items()
        if rating is not None
    ]
    if rows:
        session.execute(insert(Confidence), rows)
    record(
        session,
        "confidence given",
        ("cohort", whose.cohort_id),
        actor_id=whose.person_id,
        context_id=whose.context_id,
        became={"moment": moment, "outcomes": sorted(changed)},
    )


def sum_up(
    session: Session, cohort_id: int, person_ids: Collection[int], items: Collection[str]
) -> dict[tuple[str, str], Summed]:
    """How sure people of a cohort feel, by outcome and moment, small counts hidden. One query."""
    rows = session.execute(
        select(Confidence.item_id, Confidence.moment, Confidence.rating, func.count())
        .where(Confidence.cohort_id == cohort_id, Confidence.person_id.in_(person_ids))
        .group_by(Confidence.item_id, Confidence.moment, Confidence.rating)
    )
    counted: dict[tuple[str, str], dict[int, int]] = {}
    for item, moment, rating, count in rows:
        counted.setdefault((item, moment), {})[rating] = count
    found = {}
    for item in items:
        for moment in MOMENTS:
            counts = [counted.get((item, moment), {}).get(rating, 0) for rating in CONFIDENCE]
            total = sum(counts)
            shown = total if total >= SMALLEST else None
            found[item, moment] = Summed(tuple(hide_small(counts)), shown)
    return found
