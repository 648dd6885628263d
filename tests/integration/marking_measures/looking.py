"""Asking the measures of marking about a cohort, and bringing its work into a state."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from lti_tool.catalogue.measures import Figure, Scope, find_measure
from lti_tool.core import clock
from lti_tool.coursework.extensions import EXTENSION, grant_extension
from lti_tool.coursework.models import Assignment, HandedInCopy
from lti_tool.coursework.queries import HandedIn, get_assignment, get_handed_in
from lti_tool.marking.decisions import Decision, record_decision
from lti_tool.marking.models import Release
from lti_tool.marking.queries import AGREED, FIRST, find_judgement
from lti_tool.marking.releasing import release_mark, take_back_release
from lti_tool.marking.terms import Terms, get_terms
from tests.support.cohorts import Cohort


def scope_of(cohort: Cohort, **changes: Any) -> Scope:
    """Everybody of the cohort, over a year around now."""
    today = clock.today()
    values: dict[str, Any] = {
        "config_dir": cohort.world.settings.config_dir,
        "context_ids": (cohort.course.context_id,),
        "person_ids": tuple(work.person_id for work in cohort.works),
        "first": today - timedelta(days=180),
        "last": today + timedelta(days=180),
    }
    return Scope(**{**values, **changes})


def ask(cohort: Cohort, key: str, **changes: Any) -> Figure:
    """What a measure finds; what it says of itself holds together."""
    measure = find_measure(key)
    assert measure is not None
    with cohort.world.database.read() as session:
        figure = measure.find(session, scope_of(cohort, **changes))
    assert figure.count == sum(one.is_good for one in figure.lines)
    assert figure.count <= figure.of <= len(figure.lines)
    assert figure.how and (figure.of or figure.words.startswith("Nothing to look at yet"))
    return figure


def write(cohort: Cohort, act: Callable[[Session], Any]) -> Any:
    """Do something in a transaction of its own."""
    with cohort.world.database.write() as session:
        return act(session)


def terms_of(cohort: Cohort, session: Session) -> Terms:
    """How the marks of the cohort's assignment are counted."""
    return get_terms(session, cohort.world.settings.config_dir, cohort.assignment)


def release(cohort: Cohort, *works: HandedIn, days_ago: int = 0) -> None:
    """Release the marks of these pieces, as if so many days ago."""
    kind = AGREED if cohort.rules().is_double_marked else FIRST
    with cohort.world.database.write() as session:
        for work in works:
            found = find_judgement(session, work.submission_id, kind)
            assert found is not None
            contexts = (cohort.course.context_id,)
            now = get_handed_in(session, work.assignment_id, work.candidate_code, contexts)
            release_mark(
                session,
                cohort.assignment,
                now,
                terms_of(cohort, session),
                number=found.number,
                actor_id=cohort.course.tutor_id,
            )
            session.flush()
            session.execute(
                update(Release)
                .where(Release.submission_id == work.submission_id)
                .values(released_at=clock.now() - timedelta(days=days_ago))
            )


def take_back(cohort: Cohort, work: HandedIn) -> None:
    """Take a release back."""
    write(
        cohort,
        lambda session: take_back_release(
            session,
            cohort.assignment,
            work,
            reason="A slip.",
            actor_id=cohort.course.tutor_id,
        ),
    )


def decide(cohort: Cohort, work: HandedIn, decision: Decision) -> None:
    """Record what others decided about a piece."""
    with cohort.world.database.write() as session:
        terms = terms_of(cohort, session)
        record_decision(
            session, cohort.assignment, work, terms, decision, actor_id=cohort.course.tutor_id
        )


def set_due(cohort: Cohort, due_at: datetime | None) -> None:
    """Move the due date of the assignment."""
    with cohort.world.database.write() as session:
        session.execute(
            update(Assignment).where(Assignment.id == cohort.assignment.id).values(due_at=due_at)
        )
        session.flush()
        contexts = (cohort.course.context_id,)
        cohort.assignment = get_assignment(session, cohort.assignment.id, contexts)


def hand_in_on(cohort: Cohort, work: HandedIn, on: datetime, due_at: datetime | None) -> None:
    """Let a piece have been handed in at another time, under this due date."""
    write(
        cohort,
        lambda session: session.execute(
            update(HandedInCopy)
            .where(HandedInCopy.id == work.copy_id)
            .values(handed_in_at=on, due_at=due_at)
        ),
    )


def extend(cohort: Cohort, person_id: int, due_at: datetime) -> None:
    """Agree a later date with somebody."""
    write(
        cohort,
        lambda session: grant_extension(
            session,
            cohort.assignment,
            person_id=person_id,
            kind=EXTENSION,
            due_at=due_at,
            reason="Illness.",
            actor_id=cohort.course.tutor_id,
        ),
    )


def labels(figure: Figure, person_id: int | None) -> list[str]:
    """What a figure's list says of somebody."""
    return [one.label for one in figure.lines if one.person_id == person_id]


def days(count: int) -> datetime:
    """So many days from now."""
    return clock.now() + timedelta(days=count)
