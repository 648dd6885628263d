"""Live measures of outcomes: which have anybody's evidence, and whose are all signed off.

Counted in the database, since five hundred people have twenty thousand outcomes between them.
The queries grow with the outcome sets in question, never with the people.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import case, func, literal, select, union_all
from sqlalchemy.orm import Session

from lti_tool.catalogue.measures import (
    Figure,
    Line,
    Measure,
    Scope,
    announce,
    count_lines,
    say_people,
)
from lti_tool.frameworks.framework import Framework
from lti_tool.programme.cohorts.outcome_sets import outcome_set_of
from lti_tool.programme.cohorts.queries import CohortRead, cohorts_by_id
from lti_tool.programme.outcomes.models import EvidenceClaim, EvidencePiece, OutcomeState
from lti_tool.programme.outcomes.sets import words_of
from lti_tool.programme.outcomes.words import MET, QUERIED


@dataclass(frozen=True, slots=True)
class _Group:
    """The people who stay and work towards one outcome set, by cohort."""

    outcomes: Framework
    cohort_ids: tuple[int, ...]
    person_ids: tuple[int, ...]

    @property
    def item_ids(self) -> list[str]:
        """The outcomes that are signed off."""
        return [one.id for one in self.outcomes.judged]


def _groups(session: Session, scope: Scope) -> Iterator[_Group]:
    """Those who stay, by the outcome set of the cohort they are in; one query, and two a set."""
    staying = [one for one in scope.staying_ids if one in scope.cohort_of]
    cohorts = cohorts_by_id(session, (scope.cohort_of[one] for one in staying))
    by_set: dict[tuple[str, int], list[CohortRead]] = {}
    for cohort in cohorts.values():
        by_set.setdefault((cohort.outcome_set, cohort.outcome_set_version), []).append(cohort)
    for _, found in sorted(by_set.items()):
        ids = {one.id for one in found}
        people = tuple(one for one in staying if scope.cohort_of[one] in ids)
        yield _Group(outcome_set_of(session, scope.config_dir, found[0]), tuple(ids), people)


def _with_evidence(session: Session, group: _Group) -> dict[str, int]:
    """How many people offer evidence for an outcome; none is left out. One query."""
    rows = session.execute(
        select(EvidenceClaim.item_id, func.count(EvidencePiece.person_id.distinct()))
        .join(EvidencePiece, EvidencePiece.id == EvidenceClaim.piece_id)
        .where(
            EvidencePiece.cohort_id.in_(group.cohort_ids),
            EvidencePiece.person_id.in_(group.person_ids),
            EvidencePiece.withdrawn_at.is_(None),
        )
        .group_by(EvidenceClaim.item_id)
    )
    return {item_id: people for item_id, people in rows}


def find_covered(session: Session, scope: Scope) -> Figure:
    """For how many outcomes at least one person offers evidence."""
    groups, lines = list(_groups(session, scope)), []
    for group in groups:
        people = _with_evidence(session, group)
        where = f" ({group.outcomes.title})" if len(groups) > 1 else ""
        for item in group.outcomes.judged:
            found = people.get(item.id, 0)
            said = (
                f"evidence of {say_people(found)}" if found else "nobody has offered evidence yet"
            )
            lines.append(Line(f"{words_of(item)}{where}: {said}.", is_good=bool(found)))
    notes = "".join(f" {one.outcomes.placeholder_note}" for one in groups)
    return count_lines(
        lines,
        lambda count, of: f"At least one participant has evidence for {count} of {of} outcomes.",
        "The tool sees the evidence that participants offer, not the teaching plan: whether each "
        "outcome is taught and assessed is for you to say. An outcome counts once a participant "
        "has offered a piece of evidence for it and not withdrawn it. What participants offered "
        f"who withdrew or went elsewhere is left out.{notes.rstrip()}",
    )


@dataclass(frozen=True, slots=True)
class _Standing:
    """How many outcomes of a person are signed off, and how many are begun."""

    met: int
    begun: int


def _standings(session: Session, group: _Group) -> dict[tuple[int, int], _Standing]:
    """Where people stand, by cohort and person; who has begun nothing is left out. One query.

    Begun is what the matrix shows as anything but not started: evidence is offered, or the last
    decision is a question or a sign-off. All of the cohorts are counted, since naming five hundred
    people in a condition would cost more than leaving some out afterwards.
    """
    place = (OutcomeState.cohort_id, OutcomeState.person_id, OutcomeState.item_id)
    newest = (
        select(func.max(OutcomeState.id))
        .where(OutcomeState.cohort_id.in_(group.cohort_ids))
        .group_by(*place)
    )
    begun = union_all(
        select(
            EvidencePiece.cohort_id,
            EvidencePiece.person_id,
            EvidenceClaim.item_id,
            literal(0).label("met"),
        )
        .join(EvidenceClaim, EvidenceClaim.piece_id == EvidencePiece.id)
        .where(EvidencePiece.cohort_id.in_(group.cohort_ids), EvidencePiece.withdrawn_at.is_(None)),
        select(*place, case((OutcomeState.state == MET, 1), else_=0)).where(
            OutcomeState.id.in_(newest), OutcomeState.state.in_((MET, QUERIED))
        ),
    ).subquery()
    whose = (begun.c.cohort_id, begun.c.person_id)
    each = (
        select(*whose, func.max(begun.c.met).label("met"))
        .where(begun.c.item_id.in_(group.item_ids))
        .group_by(*whose, begun.c.item_id)
        .subquery()
    )
    rows = session.execute(
        select(each.c.cohort_id, each.c.person_id, func.sum(each.c.met), func.count()).group_by(
            each.c.cohort_id, each.c.person_id
        )
    )
    return {(cohort, person): _Standing(int(met), number) for cohort, person, met, number in rows}


def _line(person_id: int, standing: _Standing, asked: int) -> Line:
    if standing.met == asked:
        return Line(f"All {asked} outcomes are signed off.", person_id)
    parts = [
        f"{standing.met} of {asked} outcomes signed off",
        f"{standing.begun - standing.met} with evidence or a question open",
        f"{asked - standing.begun} not begun",
    ]
    return Line(f"{', '.join(parts)}.", person_id, is_good=False)


def find_signed_off(session: Session, scope: Scope) -> Figure:
    """Who has every outcome signed off, and who has begun every one."""
    lines, all_begun = [], 0
    for group in _groups(session, scope):
        asked, found = len(group.item_ids), _standings(session, group)
        for one in group.person_ids if asked else ():
            standing = found.get((scope.cohort_of[one], one), _Standing(0, 0))
            all_begun += standing.begun == asked
            lines.append(_line(one, standing, asked))
    return count_lines(
        lines,
        lambda count, of: (
            f"Every outcome is signed off for {count} of {say_people(of)}; for {all_begun} there "
            "is evidence, a question or a sign-off on every one."
        ),
        "This counts participants of whom a tutor has signed off every outcome of their cohort’s "
        "set, as the matrix of outcomes shows it. Participants who withdrew or went elsewhere are "
        "left out.",
    )


announce(Measure("outcomes-covered", "Outcomes with evidence", ("Q3.1",), find_covered))
announce(Measure("outcomes-signed-off", "Outcomes signed off", ("Q3.2",), find_signed_off))
