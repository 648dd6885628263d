"""One piece of work with all that was decided about it, as the page of decisions shows it."""

from dataclasses import dataclass

from lti_tool.coursework.attempts import FurtherRead, find_further
from lti_tool.coursework.extensions import ExtensionRead, list_extensions
from lti_tool.coursework.queries import AssignmentRead, HandedIn, get_assignment, get_handed_in
from lti_tool.db import session
from lti_tool.marking.desk.reach import require_reach
from lti_tool.marking.holds import HoldRead, list_held
from lti_tool.marking.queries import hides_names, name_to_show
from lti_tool.marking.results import OutcomeRead, list_outcomes
from lti_tool.marking.terms import Terms, get_terms
from lti_tool.people import visits
from lti_tool.people.access import contexts_of
from lti_tool.people.queries import names_of


@dataclass(frozen=True, slots=True)
class Case:
    """One piece of work with all that was decided about it."""

    assignment: AssignmentRead
    work: HandedIn
    terms: Terms
    outcomes: list[OutcomeRead]
    hold: HoldRead | None
    further: FurtherRead | None
    extensions: list[ExtensionRead]
    name: str
    hides_name: bool
    """Whether the work is marked without names and nothing is released."""

    @property
    def released(self) -> OutcomeRead | None:
        """What the participant sees now."""
        seen = (one for one in self.outcomes if one.released_at and not one.taken_back_at)
        return next(seen, None)


def get_case(assignment_id: int, code: str) -> Case:
    """The case of the work under a candidate code, in this visit's course.

    :raises NotFound: there is no such work.
    :raises NotAllowed: it was given to another marker.
    """
    visit = visits.current()
    contexts = contexts_of(visit)
    assignment = get_assignment(session(), assignment_id, contexts)
    work = get_handed_in(session(), assignment_id, code, contexts)
    require_reach(session(), visit, work)
    terms = get_terms(session(), visits.settings_of_app().config_dir, assignment)
    outcomes = list_outcomes(session(), work.submission_id)
    is_out = any(one.released_at and not one.taken_back_at for one in outcomes)
    is_hidden = hides_names(assignment, terms.rules) and not is_out
    names = names_of(session(), {work.person_id})
    return Case(
        assignment=assignment,
        work=work,
        terms=terms,
        outcomes=outcomes,
        hold=list_held(session(), (work.submission_id,)).get(work.submission_id),
        further=find_further(session(), assignment_id, work.person_id),
        extensions=[
            one
            for one in list_extensions(session(), assignment_id, work.person_id)
            if one.person_id is None or not is_hidden
        ],
        name=name_to_show(
            assignment,
            names.get(work.person_id),
            work.candidate_code,
            rules=terms.rules,
            is_agreed=is_out,
        ),
        hides_name=is_hidden,
    )
