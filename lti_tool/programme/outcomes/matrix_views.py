"""The tutor's pages of a whole cohort: the matrix with its filters, and what is covered."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.core.errors import NotFound
from lti_tool.db import session
from lti_tool.frameworks.framework import Framework, Item
from lti_tool.papers.downloads import as_table_file
from lti_tool.people import visits
from lti_tool.programme.cohorts.outcome_sets import outcome_set_of
from lti_tool.programme.cohorts.queries import cohort_of
from lti_tool.programme.outcomes import words
from lti_tool.programme.outcomes.confidence import Summed, sum_up
from lti_tool.programme.outcomes.coverage import coverage
from lti_tool.programme.outcomes.matrix import (
    Matrix,
    PersonRow,
    fill_rows,
    list_people,
    read_matrix,
)
from lti_tool.programme.outcomes.pages import PAGE, blueprint, config_dir
from lti_tool.programme.outcomes.reach import Seen, see_cohort
from lti_tool.programme.outcomes.sets import number_of, words_of
from lti_tool.programme.outcomes.tables import confidence_table, coverage_table, matrix_table
from lti_tool.web.policy import who_may


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the matrix is filtered by; empty for everything."""

    person: str
    outcome: str
    state: str

    def names(self, row: PersonRow) -> bool:
        """Whether a person is one of those asked for."""
        return self.person in ("", str(row.entry))

    def keeps(self, row: PersonRow, outcomes: Framework) -> bool:
        """Whether a person has an outcome that stands as asked for."""
        items = [self.outcome] if self.outcome else [one.id for one in outcomes.judged]
        return any(row.cell(item).state == self.state for item in items)


def _wanted(outcomes: Framework) -> Wanted:
    outcome, state = request.args.get("outcome", ""), request.args.get("state", "")
    known = {one.id for one in outcomes.judged}
    return Wanted(
        person=request.args.get("person", ""),
        outcome=outcome if outcome in known else "",
        state=state if state in words.STATES else "",
    )


def _page_number(pages: int) -> int:
    asked = request.args.get("page", "1")
    good = asked.isascii() and asked.isdigit() and len(asked) < 7
    return min(max(1, int(asked)), pages) if good else 1


@blueprint.get("/cohort")
@who_may("tutor")
def own_cohort(handle: str) -> ResponseReturnValue:
    """The matrix of the cohort that this course is a run for."""
    cohort = cohort_of(session(), visits.current().context_id)
    if cohort is None:
        sentence = (
            "This course is not joined to a cohort of a programme yet. Whoever leads the "
            "programme joins it on the page Programme."
        )
        return render_template("outcomes/no_place.html", handle=handle, sentence=sentence)
    return redirect(url_for("outcomes.matrix", handle=handle, cohort_id=cohort.id), 303)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What of a cohort's matrix is asked for."""

    seen: Seen
    outcomes: Framework
    wanted: Wanted
    everyone: list[PersonRow]
    rows: list[PersonRow]
    """The people under the filter; with their outcomes where it is by state."""

    @property
    def items(self) -> list[Item]:
        """The outcomes under the filter."""
        return [one for one in self.outcomes.judged if self.wanted.outcome in ("", one.id)]

    def fill(self, rows: Sequence[PersonRow]) -> Sequence[PersonRow]:
        """These people with their outcomes."""
        if self.wanted.state:
            return rows
        return fill_rows(session(), self.seen.cohort, self.outcomes, rows)


def _asked(cohort_id: int) -> _Asked:
    seen = see_cohort(session(), visits.current(), cohort_id)
    outcomes = outcome_set_of(session(), config_dir(), seen.cohort)
    everyone = list_people(session(), seen.cohort, seen.person_ids)
    wanted = _wanted(outcomes)
    rows = [one for one in everyone if wanted.names(one)]
    if wanted.state:  # only then has everybody's standing to be known
        filled = fill_rows(session(), seen.cohort, outcomes, rows)
        rows = [one for one in filled if wanted.keeps(one, outcomes)]
    return _Asked(seen, outcomes, wanted, everyone, rows)


@blueprint.get("/cohort/<int:cohort_id>")
@who_may("tutor")
def matrix(handle: str, cohort_id: int) -> ResponseReturnValue:
    """Every outcome of every person, filtered by person, outcome and state."""
    asked = _asked(cohort_id)
    seen, outcomes, wanted, rows = asked.seen, asked.outcomes, asked.wanted, asked.rows
    pages = max(1, -(-len(rows) // PAGE))
    number = _page_number(pages)
    return render_template(
        "outcomes/matrix.html",
        handle=handle,
        cohort=seen.cohort,
        sees_all=seen.person_ids is None,
        outcomes=outcomes,
        everyone=asked.everyone,
        items=asked.items,
        rows=asked.fill(rows[(number - 1) * PAGE : number * PAGE]),
        found=len(rows),
        wanted=wanted,
        page=number,
        pages=pages,
        words=words,
        words_of=words_of,
        number_of=number_of,
    )


@blueprint.get("/cohort/<int:cohort_id>/matrix.<form>")
@who_may("tutor")
def take_matrix(handle: str, cohort_id: int, form: str) -> ResponseReturnValue:
    """The matrix under its filters as a file, all pages of it."""
    asked = _asked(cohort_id)
    table = matrix_table(asked.outcomes, asked.items, asked.fill(asked.rows))
    return as_table_file([table], "outcomes", form)


def _covered(cohort_id: int) -> tuple[Seen, Matrix, dict[tuple[str, str], Summed]]:
    """A cohort's matrix, and how sure those who count for it feel."""
    seen = see_cohort(session(), visits.current(), cohort_id)
    found = read_matrix(session(), config_dir(), seen.cohort, seen.person_ids)
    items = [one.id for one in found.outcomes.judged]
    people = [one.person_id for one in found.counted]
    return seen, found, sum_up(session(), seen.cohort.id, people, items)


@blueprint.get("/cohort/<int:cohort_id>/<what>.<form>")
@who_may("tutor")
def take_coverage(handle: str, cohort_id: int, what: str, form: str) -> ResponseReturnValue:
    """A table of the page of coverage as a file."""
    _, found, summed = _covered(cohort_id)
    if what == "coverage":
        table = coverage_table(found.outcomes, coverage(found))
    elif what == "confidence":
        table = confidence_table(found.outcomes, summed)
    else:
        raise NotFound("There is no such table of this cohort.")
    return as_table_file([table], f"outcomes-{what}", form)


@blueprint.get("/cohort/<int:cohort_id>/coverage")
@who_may("tutor")
def covered(handle: str, cohort_id: int) -> ResponseReturnValue:
    """Gaps across the cohort, how far each area is, and how sure people feel."""
    seen, found, summed = _covered(cohort_id)
    return render_template(
        "outcomes/coverage.html",
        handle=handle,
        cohort=seen.cohort,
        matrix=found,
        coverage=coverage(found),
        confidence=summed,
        words=words,
        words_of=words_of,
    )
