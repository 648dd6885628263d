"""The sheet for an assessment board: every released result, with headings that can come back."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.coursework.queries import AssignmentRead, list_handed_in
from lti_tool.marking.board.results import list_results
from lti_tool.marking.out_of_date import OUT_OF_DATE, list_out_of_date
from lti_tool.marking.terms import Terms
from lti_tool.papers.tables import Table, to_xlsx
from lti_tool.people.models import Person
from lti_tool.people.queries import names_of

HEADINGS = (
    "Candidate code",
    "Platform user id",
    "Name",
    "Attempt",
    "Raw mark",
    "Penalty",
    "Cap",
    "Final mark",
    "Standing",
    "Note",
)


def make_sheet(session: Session, assignment: AssignmentRead, terms: Terms) -> bytes:
    """Released results of an assignment as a workbook, by candidate code; what is no longer as it
    was released says so beside it."""
    works = [
        work
        for work in list_handed_in(session, (assignment.context_id,))
        if work.assignment_id == assignment.id
    ]
    out = list_results(session, {work.submission_id for work in works})
    stale = list_out_of_date(session, terms, works)
    people = {work.person_id for work in works}
    names = names_of(session, people)
    told = select(Person.id, Person.sub).where(Person.id.in_(people))
    subs = {person_id: sub for person_id, sub in session.execute(told)}
    lines = [
        (
            work.candidate_code,
            subs.get(work.person_id, ""),
            names.get(work.person_id, ""),
            work.attempt,
            result.raw,
            result.penalty,
            result.cap,
            result.final,
            result.standing,
            OUT_OF_DATE if work.submission_id in stale else "",
        )
        for work in sorted(works, key=lambda one: one.candidate_code)
        if (result := out.get(work.submission_id)) is not None
    ]
    return to_xlsx([Table("Results", HEADINGS, lines)])
