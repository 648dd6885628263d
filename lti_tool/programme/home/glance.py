"""All that the first page shows of a cohort, in a fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from lti_tool.catalogue.measures import Figure, Measure, list_measures
from lti_tool.catalogue.needs import Glance, NeedLine, Panel, Whose, list_panels
from lti_tool.core import clock
from lti_tool.frameworks.framework import Framework
from lti_tool.marking.spread import list_out_marks
from lti_tool.programme.cohorts.needs import needs_in
from lti_tool.programme.cohorts.numbers import load_near_days
from lti_tool.programme.cohorts.outcome_sets import outcome_set_of
from lti_tool.programme.cohorts.overview import look_over
from lti_tool.programme.cohorts.results.shown import Result
from lti_tool.programme.cohorts.signed_off import SignedOff
from lti_tool.programme.cohorts.standing import day_to_look_at, people_in
from lti_tool.programme.home.marks import Distribution, read_distribution
from lti_tool.programme.home.people import People, count_by_status, people_of
from lti_tool.programme.home.reach import Place
from lti_tool.programme.home.waiting import Waiting, list_waiting
from lti_tool.programme.home.work import Work, list_work
from lti_tool.programme.outcomes.coverage import AreaCovered
from lti_tool.programme.outcomes.matrix import cells_of, list_people
from lti_tool.programme.outcomes.tally import Tally, areas_of, count_cells, tally

Figures = tuple[tuple[Measure, Figure], ...]
OwnNeeds = Mapping[str, Sequence[NeedLine]]


@dataclass(frozen=True, slots=True)
class Seen:
    """The people of a cohort, and what is known of them beside their work."""

    people: People
    own_needs: OwnNeeds
    results: tuple[Result, ...]
    """Of the registry's lists."""


@dataclass(frozen=True, slots=True)
class AtAGlance:
    """A cohort at a glance."""

    place: Place
    statuses: dict[str, int]
    people: int
    waiting: tuple[Waiting, ...]
    work: tuple[Work, ...]
    marks: Distribution
    figures: Figures
    """Those that are to be seen at once."""
    more_figures: int
    """How many others there are, on a page of their own."""
    outcomes: Framework
    areas: tuple[AreaCovered, ...]
    counted: int
    """How many people the outcomes are counted for."""
    panels: tuple[tuple[Panel, Glance | None], ...]


def read_people(
    session: Session, config_dir: Path, place: Place, signed: SignedOff | None = None
) -> Seen:
    """The people of a cohort by name. Its own needs and the registry's results are for who leads
    it as a whole.

    :param signed: the outcomes that are signed off, where they are counted already.
    """
    if not place.leads:
        return Seen(people_of(list_people(session, place.cohort, place.person_ids)), {}, ())
    lines = look_over(session, config_dir, place.programme, place.cohort, signed)
    own = needs_in(place.cohort, lines, load_near_days(config_dir))
    results = tuple(result for line in lines for result in line.results)
    return Seen(people_of(lines), own, results)


def _with_outcomes(
    session: Session, config_dir: Path, place: Place, outcomes: Framework
) -> tuple[Seen, Tally, set[int]]:
    """The people, how their outcomes stand, and who counts for that."""
    if not place.leads:
        seen = read_people(session, config_dir, place)
        counted = {one for one, who in seen.people.items() if who.standing.can_be_awarded}
        return seen, count_cells(cells_of(session, place.cohort.id, counted)), counted
    on = day_to_look_at(place.cohort.starts_on, clock.today())
    standings = people_in(session, place.cohort.id, on)
    counted = {one for one, standing in standings.items() if standing.can_be_awarded}
    items = [item.id for item in outcomes.judged]
    found = tally(session, place.cohort.id, items, standings.keys() - counted)
    signed = SignedOff(len(items), found.met)
    return read_people(session, config_dir, place, signed), found.by_item, counted


def _panels(session: Session, config_dir: Path, place: Place) -> list[tuple[Panel, Glance | None]]:
    """How far the programme is as a whole, for who leads it."""
    if not place.leads:
        return []
    whose = Whose(config_dir, place.programme.registration_id, place.programme.id)
    return [(one, one.find(session, whose)) for one in list_panels()]


def look(session: Session, config_dir: Path, place: Place) -> AtAGlance:
    """Everything at once."""
    outcomes = outcome_set_of(session, config_dir, place.cohort)
    seen, begun, counted = _with_outcomes(session, config_dir, place, outcomes)
    people = seen.people
    scope = place.scope(config_dir, people)
    marks = list_out_marks(session, place.context_ids, people)
    return AtAGlance(
        place=place,
        statuses=count_by_status(people),
        people=len(people),
        waiting=tuple(list_waiting(session, scope, people, seen.own_needs)),
        work=tuple(list_work(session, place, people, marks)),
        marks=read_distribution(session, config_dir, place, seen.results, marks),
        figures=tuple(
            (one, one.find(session, scope)) for one in list_measures() if one.at_a_glance
        ),
        more_figures=sum(not one.at_a_glance for one in list_measures()),
        outcomes=outcomes,
        areas=areas_of(outcomes, begun, len(counted)),
        counted=len(counted),
        panels=tuple(_panels(session, config_dir, place)),
    )


def read_figures(session: Session, config_dir: Path, place: Place) -> Figures:
    """Every figure there is of a cohort, by title."""
    people = read_people(session, config_dir, place).people
    scope = place.scope(config_dir, people)
    return tuple((one, one.find(session, scope)) for one in list_measures())
