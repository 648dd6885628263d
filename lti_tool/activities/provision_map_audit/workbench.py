"""A participant's own work in this request: loaded once, saved under its revision.

Every view of the activity begins here. Work is reached by the visit's own assignment and person,
so no address can name somebody else's.
"""

from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path

from lti_tool.activities.provision_map_audit import document as documents
from lti_tool.activities.provision_map_audit.figure_rules import FigureRules, load_rules
from lti_tool.activities.provision_map_audit.progress import Standing, look_over
from lti_tool.activities.provision_map_audit.rates import RoleRates, load_rates
from lti_tool.activities.provision_map_audit.words import Words, load_words
from lti_tool.catalogue.contract import Activity
from lti_tool.catalogue.register import get_activity
from lti_tool.core.errors import Conflict
from lti_tool.core.numerals import whole
from lti_tool.coursework import earlier
from lti_tool.coursework.operations import save_work
from lti_tool.coursework.own_work import Work, get_work
from lti_tool.coursework.queries import AssignmentRead, get_assignment
from lti_tool.db import session
from lti_tool.people import visits
from lti_tool.people.access import contexts_of

KEY = "provision-map-audit"
shipped_rates = cache(load_rates)
words_in_force = cache(load_words)


@cache
def rules_in_force(config_dir: Path) -> FigureRules:
    """What figures are judged by: bands, threshold, holidays, needs."""
    return load_rules(config_dir, words_in_force(config_dir))


@dataclass(frozen=True)
class Workbench:
    """What a view needs: whose work, on what, and as it stands."""

    activity: Activity
    assignment: AssignmentRead
    person_id: int
    work: Work
    config_dir: Path

    @property
    def document(self) -> documents.Document:
        """The work in hand."""
        return self.work.document

    @cached_property
    def standing(self) -> Standing:
        """How far the work is: looked at once, however much of the page says so."""
        return look_over(self.document)

    @property
    def rates(self) -> RoleRates:
        """Hourly rates in force for this map."""
        return documents.rates_in_force(self.document, shipped_rates(self.config_dir))

    @property
    def words(self) -> Words:
        """The words schools use, as `config/words/` has them."""
        return words_in_force(self.config_dir)

    @property
    def rules(self) -> FigureRules:
        """What figures are judged by."""
        return rules_in_force(self.config_dir)


def open_workbench() -> Workbench:
    """Load the visit's own work.

    :raises Conflict: the link stands for another kind of activity.
    """
    visit = visits.current()
    assignment = get_assignment(session(), visit.assignment_id, contexts_of(visit))
    if assignment.activity != KEY:
        raise Conflict("This link opens another activity. Open it again from your course.")
    found = get_work(session(), assignment.id, visit.person_id, documents.new_document())
    work = replace(found, document=documents.current(found.document))
    return Workbench(
        get_activity(KEY), assignment, visit.person_id, work, visits.settings_of_app().config_dir
    )


def save(
    bench: Workbench, document: documents.Document, revision: int, *, keep: str | None = None
) -> int:
    """Save the work in hand under the revision the page was filled in from.

    :param keep: why the state before is worth keeping, where it is; now and then it is anyway.
    :return: the new revision.
    :raises Conflict: it is handed in, or was changed elsewhere in between.
    """
    return save_work(
        session(),
        bench.assignment,
        bench.person_id,
        bench.activity,
        bench.work,
        document,
        revision=revision,
        keep_earlier=keep or earlier.why_now(session(), bench.work),
    )


def posted_revision(raw: str) -> int:
    """The revision a form carried; one that cannot be read matches nothing."""
    return whole(raw, -1)
