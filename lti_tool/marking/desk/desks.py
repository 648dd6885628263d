"""All that lies on a marker's desk for one piece of work, read and checked: whose it is to see,
the rubric and rules it was set with, the marks as last saved."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from lti_tool.core.identifiers import keyed
from lti_tool.coursework.queries import AssignmentRead, HandedIn, get_assignment, get_handed_in
from lti_tool.coursework.rules import MARKS, Rules
from lti_tool.marking import queries
from lti_tool.marking.desk.reach import require_reach
from lti_tool.marking.desk.timing import feedback_day
from lti_tool.marking.marks import mark_in_words
from lti_tool.marking.moderation.blindness import list_hidden_first
from lti_tool.marking.out_of_date import is_out_of_date
from lti_tool.marking.queries import AGREED, FIRST
from lti_tool.marking.rubrics import Rubric
from lti_tool.marking.terms import Terms, get_terms
from lti_tool.people.access import contexts_of
from lti_tool.people.queries import names_of
from lti_tool.people.visits import CurrentVisit
from lti_tool.settings import Settings


@dataclass(frozen=True, slots=True)
class Desk:
    """One piece of work with everything a marker needs beside it."""

    assignment: AssignmentRead
    work: HandedIn
    terms: Terms
    judgement: dict[str, Any] | None
    released: queries.ReleasedMark | None
    name: str
    hides_name: bool
    feedback_on: date
    is_kept_apart: bool
    """Whether this marker must not meet the first marks yet: its blind second or third marker,
    or its blind moderator."""
    is_out_of_date: bool
    """Whether the released mark is not what counts now."""

    @property
    def rubric(self) -> Rubric:
        """What the work is marked by."""
        return self.terms.rubric

    @property
    def rules(self) -> Rules:
        """How its marks are counted."""
        return self.terms.rules

    @property
    def has_marks(self) -> bool:
        """Whether marks are asked for, and not only an answer such as Pass."""
        return self.rules.mode == MARKS

    @property
    def mark(self) -> str | None:
        """The mark as last saved, in words."""
        if self.judgement is None or self.judgement["overall"] is None:
            return None
        return mark_in_words(self.rules, self.judgement["overall"])

    @property
    def can_release(self) -> bool:
        """Whether what was saved last is whole and not what is released already. Agreed marks are
        released on the page of releases, since no single marker's view is the mark."""
        if self.rules.is_double_marked:
            return False
        if self.judgement is None or self.judgement["overall"] is None:
            return False
        return self.released is None or self.is_out_of_date


def _is_second(own_kinds: frozenset[str]) -> bool:
    """Whether this marker has a turn at it, and not as the first: they have a page of their own."""
    return bool(own_kinds) and FIRST not in own_kinds


def load_desk(
    session: Session, visit: CurrentVisit, config_dir: Path, assignment_id: int, code: str
) -> Desk:
    """The desk for the work under a candidate code.

    :raises NotFound: there is no such work in this course.
    :raises NotAllowed: it was given to another marker.
    """
    contexts = contexts_of(visit)
    assignment = get_assignment(session, assignment_id, contexts)
    work = get_handed_in(session, assignment_id, code, contexts)
    own_kinds = require_reach(session, visit, work)
    terms = get_terms(session, config_dir, assignment)
    rules = terms.rules
    row = queries.find_judgement(session, work.submission_id)
    released = queries.find_released(session, work.submission_id)
    counting = row
    if released is not None and rules.is_double_marked:
        counting = queries.find_judgement(session, work.submission_id, AGREED)
    hides_name = False
    if queries.hides_names(assignment, rules) and released is None:
        agreed = queries.find_judgement(session, work.submission_id, AGREED)
        hides_name = agreed is None or agreed.overall is None
    names = names_of(session, {work.person_id})
    return Desk(
        assignment=assignment,
        work=work,
        terms=terms,
        judgement=dict(row._mapping) if row else None,
        released=released,
        name=queries.name_to_show(
            assignment,
            names.get(work.person_id),
            work.candidate_code,
            rules=rules,
            is_agreed=not hides_name,
        ),
        hides_name=hides_name,
        feedback_on=feedback_day(
            work.due_at, work.handed_in_at, rules.feedback_days, terms.calendar
        ),
        is_kept_apart=_is_second(own_kinds)
        or bool(list_hidden_first(session, assignment, rules, [work], visit.person_id)),
        is_out_of_date=is_out_of_date(released, counting, partial(terms.reckon, work)),
    )


def device_key(settings: Settings, person_id: int, submission_id: int) -> str:
    """The name under which a browser keeps what was typed and not saved yet. It says nothing of
    the person or the work, and is another one for everybody who uses the same device."""
    return keyed(settings.secret_key, f"desk:{person_id}:{submission_id}").hex()[:32]
