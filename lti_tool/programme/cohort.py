"""A cohort as its tutors see it: who lacks what, in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from lti_tool.core.errors import NotFound
from lti_tool.papers.tables import Cell, Table
from lti_tool.people.queries import Listed, list_participants
from lti_tool.programme.eligibility import WHAT, Facts, Missing, facts_of, missing_in
from lti_tool.programme.numbers import load_programme_numbers
from lti_tool.programme.shown import notes_of

MOST_PEOPLE = 2_000
A_PAGE = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One participant of the cohort."""

    member: Listed
    facts: Facts
    missing: dict[str, Missing]
    notes: list[str]


@dataclass(frozen=True, slots=True)
class Cohort:
    """A page of the cohort, and how many lack what in the whole of it."""

    lines: list[Line]
    people: int
    """In the whole cohort."""
    shown: int
    """Under the filter."""
    complete: int
    lacking: dict[str, int]
    noted: int
    number: int
    pages: int


def list_cohort(
    session: Session, config_dir: Path, context_ids: Sequence[int], board_on: date | None, on: date
) -> list[Line]:
    """Everybody who takes part, by family name, with what they lack."""
    numbers = load_programme_numbers(config_dir)
    members = list_participants(session, context_ids, limit=MOST_PEOPLE)
    facts = facts_of(session, [one.person_id for one in members])
    return [
        Line(
            one,
            facts[one.person_id],
            {lack.what: lack for lack in missing_in(facts[one.person_id], numbers, on)},
            notes_of(facts[one.person_id], numbers, board_on, on),
        )
        for one in members
    ]


def page_of(lines: list[Line], lacks: str, number: int) -> Cohort:
    """A page of a cohort under a filter.

    :param lacks: a key of `WHAT`; "any", "nothing" or "notes"; anything else for everybody.
    :param number: of the page, from 1; the nearest there is.
    """
    kept = keep_lines(lines, lacks)
    pages = max(1, -(-len(kept) // A_PAGE))
    at = min(max(number, 1), pages)
    return Cohort(
        lines=kept[(at - 1) * A_PAGE : at * A_PAGE],
        people=len(lines),
        shown=len(kept),
        complete=sum(not one.missing for one in lines),
        lacking={what: sum(what in one.missing for one in lines) for what in WHAT},
        noted=sum(bool(one.notes) for one in lines),
        number=at,
        pages=pages,
    )


def keep_lines(lines: list[Line], lacks: str) -> list[Line]:
    """The people under a filter.

    :param lacks: as for `page_of`.
    """
    return [one for one in lines if _is_wanted(one, lacks)]


def to_table(lines: Sequence[Line]) -> Table:
    """Who lacks what, as a table to take away."""
    rows: list[list[Cell]] = [
        [
            one.member.name,
            one.facts.post.school.name if one.facts.post else None,
            "\n".join(WHAT[what] for what in one.missing),
            "\n".join(one.notes),
        ]
        for one in lines
    ]
    return Table("Before visits", ("Participant", "School", "Lacks", "To look at"), rows)


def _is_wanted(one: Line, lacks: str) -> bool:
    if lacks in WHAT:
        return lacks in one.missing
    wanted = {"any": bool(one.missing), "nothing": not one.missing, "notes": bool(one.notes)}
    return wanted.get(lacks, True)


def get_member(session: Session, context_ids: Sequence[int], membership_id: int) -> Listed:
    """A participant of these contexts by the number of their membership.

    :raises NotFound: nobody who takes part here.
    """
    for one in list_participants(session, context_ids, limit=MOST_PEOPLE):
        if one.membership_id == membership_id:
            return one
    raise NotFound("There is no such participant in this course.")
