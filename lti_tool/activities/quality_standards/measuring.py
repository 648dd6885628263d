"""The live measures beside the standards: which belong to which, and what they find for a year.

Each measure is asked once, whatever the number of standards it is evidence for.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from lti_tool.activities.quality_standards.reading import Evidence
from lti_tool.activities.quality_standards.years import days_of
from lti_tool.catalogue.measures import Figure, Measure, Scope, find_measure, measures_for
from lti_tool.frameworks.framework import Item
from lti_tool.programme.cohorts.scoping import read_scope

MEASURE = "measure"
"""The form of evidence that names a measure."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a measure found."""

    measure: Measure
    figure: Figure


@dataclass(frozen=True, slots=True)
class Place:
    """Which programme's data in which year a measure looks at."""

    config_dir: Path
    programme_id: int
    year: int


def measures_of(item: Item, evidence: Iterable[Evidence] = ()) -> list[Measure]:
    """The measures of a standard: those made for it, and those that the team chose for it."""
    chosen = (
        find_measure(one.measure_key)
        for one in evidence
        if one.item_id == item.id and one.form == MEASURE
    )
    made_for = measures_for(item.id) if item.auto else []
    return list({one.key: one for one in (*made_for, *filter(None, chosen))}.values())


def scope_of(session: Session, place: Place) -> Scope:
    """The courses and people of the programme's cohorts that lie in a year, by two queries."""
    first, last = days_of(place.year)
    return read_scope(session, place.config_dir, place.programme_id, first, last)


def read_figures(
    session: Session, place: Place, items: Iterable[Item], evidence: Iterable[Evidence]
) -> dict[str, list[Found]]:
    """What the measures of these standards find now, by the id of the standard."""
    given = list(evidence)
    wanted = {item.id: measures_of(item, given) for item in items}
    asked = {one.key: one for found in wanted.values() for one in found}
    if not asked:
        return {item_id: [] for item_id in wanted}
    scope = scope_of(session, place)
    figures = {key: measure.find(session, scope) for key, measure in asked.items()}
    return {
        item_id: [Found(one, figures[one.key]) for one in found]
        for item_id, found in wanted.items()
    }
