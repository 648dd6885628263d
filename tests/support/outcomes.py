"""Outcomes of a cohort with evidence and sign-offs, for tests and measurements."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlalchemy import insert, select

from lti_tool.core import clock
from lti_tool.db import Database
from lti_tool.frameworks.framework import Framework, Item
from lti_tool.people.models import Person
from lti_tool.programme.cohorts.models import Participation
from lti_tool.programme.outcomes.models import (
    Confidence,
    EvidenceClaim,
    EvidencePiece,
    OutcomeState,
)
from tests.support.visiting import World


def people_of(world: World, cohort_id: int) -> list[int]:
    """Who takes part in a cohort, in the order they came."""
    with world.database.read() as session:
        found = select(Participation.person_id).where(Participation.cohort_id == cohort_id)
        return list(session.scalars(found.order_by(Participation.id)))


def entry_of(world: World, cohort_id: int, sub: str) -> int:
    """The number by which pages name somebody."""
    with world.database.read() as session:
        found = session.scalars(
            select(Participation.id)
            .join(Person, Person.id == Participation.person_id)
            .where(Participation.cohort_id == cohort_id, Person.sub == sub)
            .order_by(Participation.id)
        ).first()
    assert found is not None, sub
    return found


def fill_outcomes(
    database: Database, cohort_id: int, person_ids: Sequence[int], items: Sequence[str]
) -> None:
    """For each person one piece that counts for all but the first outcome, every third signed off
    and every third queried, and how sure they feel."""
    now = clock.now()
    before = now - timedelta(days=1)
    with database.write() as session:
        pieces = [
            {
                "cohort_id": cohort_id,
                "person_id": person,
                "kind": "note",
                "reference": {},
                "title": "Staff training in spring",
                "revision": 1,
                "offered_at": before,
                "updated_at": before,
            }
            for person in person_ids
        ]
        session.execute(insert(EvidencePiece), pieces)
        made = session.execute(
            select(EvidencePiece.id).where(EvidencePiece.person_id.in_(person_ids))
        ).scalars()
        claims = [{"piece_id": piece, "item_id": item} for piece in made for item in items[1:]]
        session.execute(insert(EvidenceClaim), claims)
        states = [
            {
                "cohort_id": cohort_id,
                "person_id": person,
                "item_id": item,
                "state": "met" if number % 3 == 1 else "queried",
                "reason": "Which?",
                "by_id": person_ids[0],
                "at": now,
            }
            for person in person_ids
            for number, item in enumerate(items)
            if number % 3
        ]
        session.execute(insert(OutcomeState), states)
        session.execute(insert(Confidence), list(_sure(cohort_id, person_ids, items)))


def _sure(
    cohort_id: int, person_ids: Sequence[int], items: Sequence[str]
) -> Iterable[dict[str, object]]:
    for person in person_ids:
        for number, item in enumerate(items):
            yield {
                "cohort_id": cohort_id,
                "person_id": person,
                "item_id": item,
                "moment": "before",
                "rating": (person + number) % 5 + 1,
                "given_at": clock.now(),
            }


def long_set(count: int) -> Framework:
    """An outcome set with so many outcomes, in four areas."""
    areas = [Item(f"A{n}", f"Area {n}", kind="area") for n in range(4)]
    items = []
    for number, area in enumerate(areas):
        items.append(area)
        items += [
            Item(f"o{n}", f"Outcome {n}, in some words as they come", parent=area.id, label=str(n))
            for n in range(number, count, 4)
        ]
    return Framework(
        key="npq-senco",
        version=9,
        title="Forty outcomes",
        kind="outcomes",
        is_official_text=True,
        source="a test",
        kind_of_item="outcome",
        items=tuple(items),
    )
