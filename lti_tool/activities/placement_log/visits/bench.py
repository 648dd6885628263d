"""A participant's own visits in this request: loaded once, with the rules they are held against.

Every page of a participant begins here. Visits are reached by the visit's own assignment and
person, so no address can name somebody else's.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from lti_tool.activities.placement_log.log import get_log_assignment
from lti_tool.activities.placement_log.numbers import Numbers, load_numbers
from lti_tool.activities.placement_log.outcomes import OutcomeSet, list_sets
from lti_tool.activities.placement_log.reflection import Model, load_models
from lti_tool.activities.placement_log.snapshot import new_document
from lti_tool.activities.placement_log.visits.queries import (
    VisitNotFound,
    VisitRead,
    list_visits,
)
from lti_tool.core import clock
from lti_tool.core.numerals import whole
from lti_tool.coursework.own_work import Work, get_work
from lti_tool.coursework.queries import AssignmentRead
from lti_tool.db import session
from lti_tool.people import visits
from lti_tool.privacy.words import GuardWords, observing_words
from lti_tool.programme.school_days import Terms, load_terms
from lti_tool.programme.words import SchoolWords, load_school_words
from lti_tool.settings import Settings


@dataclass(frozen=True)
class Bench:
    """What a page needs: whose visits, on what work, held against which rules."""

    assignment: AssignmentRead
    person_id: int
    registration_id: int
    settings: Settings

    @cached_property
    def work(self) -> Work:
        """Whether the log is handed in, and so closed."""
        return get_work(session(), self.assignment.id, self.person_id, new_document())

    @property
    def config_dir(self) -> Path:
        """Where the texts and numbers stand."""
        return self.settings.config_dir

    @property
    def numbers(self) -> Numbers:
        """What the programme asks of a log."""
        return load_numbers(self.config_dir)

    @property
    def terms(self) -> Terms:
        """The school terms."""
        return load_terms(self.config_dir)

    @property
    def words(self) -> GuardWords:
        """What the guard against pupils' names knows."""
        return observing_words(self.config_dir)

    @property
    def schools(self) -> SchoolWords:
        """Phases and types of schools."""
        return load_school_words(self.config_dir)

    @property
    def models(self) -> dict[str, Model]:
        """Ways to reflect."""
        return load_models(self.config_dir)

    @property
    def outcome_sets(self) -> dict[str, OutcomeSet]:
        """Outcomes that a visit may be linked to."""
        return list_sets(self.config_dir)

    @property
    def today(self) -> date:
        """The day in England."""
        return clock.in_london(clock.now()).date()


def open_bench() -> Bench:
    """The bench of this request, for a participant or a tutor.

    :raises Conflict: the link stands for another kind of activity.
    """
    visit = visits.current()
    assignment = get_log_assignment(visit.assignment_id)
    return Bench(assignment, visit.person_id, visit.registration_id, visits.settings_of_app())


def own_visits(bench: Bench) -> list[VisitRead]:
    """All visits of the person who is here, in the order of their days."""
    return list_visits(session(), bench.assignment.id, bench.person_id)


def pick(visits: list[VisitRead], number: int) -> VisitRead:
    """One of them, by the number in the address.

    :raises VisitNotFound: there is none.
    """
    for one in visits:
        if one.number == number:
            return one
    raise VisitNotFound("There is no such visit, or it was removed: look at the list again.")


def posted_revision(raw: str) -> int:
    """The revision a form carried; one that cannot be read matches nothing."""
    return whole(raw, -1)
