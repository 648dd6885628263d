"""The lines of a lead provider's list, in a fixed number of queries, and the table to take away."""

from pathlib import Path

from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.papers.tables import Cell, Table
from lti_tool.people.queries import names_of
from lti_tool.programme.cohorts.overview import latest_awards
from lti_tool.programme.cohorts.provider.columns import load_provider_words
from lti_tool.programme.cohorts.provider.engagement import last_engaged
from lti_tool.programme.cohorts.queries import CohortRead, runs_of
from lti_tool.programme.cohorts.results.shown import numbers_of
from lti_tool.programme.cohorts.standing import people_in, starts_in
from lti_tool.programme.cohorts.words import COMPLETED
from lti_tool.programme.standing import standings_of


def make_list(session: Session, config_dir: Path, cohort: CohortRead) -> Table:
    """Everybody who has begun in the cohort by today, by name, those who left it too."""
    words = load_provider_words(config_dir)
    people = people_in(session, cohort.id, clock.today())
    contexts = [one.context_id for one in runs_of(session, cohort.id)]
    names, numbers = names_of(session, people), numbers_of(session, people)
    starts, awards = starts_in(session, cohort.id), latest_awards(session, (cohort.id,))
    teachers = standings_of(session, people)
    engaged = last_engaged(session, contexts, words.engagement)
    lines: list[dict[str, Cell]] = []
    for person_id, standing in people.items():
        did, award = engaged.get(person_id), awards.get(person_id)
        teacher = teachers.get(person_id)
        lines.append(
            {
                "trn": teacher.trn if teacher else None,
                "number": numbers.get(person_id),
                "name": names.get(person_id, f"Person {person_id}"),
                "started_on": starts[person_id],
                "state": words.states[standing.status],
                "state_since": standing.since_on,
                "engaged_on": clock.in_london(did.at).date() if did else None,
                "engaged_by": words.engagement[did.by] if did else None,
                "completed_on": standing.since_on if standing.status == COMPLETED else None,
                "result": words.results.get(award.kind) if award else None,
                "result_on": award.decided_on if award else None,
            }
        )
    lines.sort(key=lambda one: str(one["name"]).casefold())
    rows = [[line[key] for key in words.columns] for line in lines]
    return Table(cohort.title, tuple(words.columns.values()), rows)
