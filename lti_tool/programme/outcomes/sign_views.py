"""One person's outcomes as their tutor sees them: the portfolio, and deciding on an outcome."""

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.core.errors import NotFound
from lti_tool.db import session
from lti_tool.papers.downloads import as_file
from lti_tool.people import visits
from lti_tool.people.queries import names_of
from lti_tool.programme.cohorts.queries import CohortRead
from lti_tool.programme.outcomes import words
from lti_tool.programme.outcomes.forms import DecisionForm, Guarded, look_through
from lti_tool.programme.outcomes.pages import blueprint, config_dir
from lti_tool.programme.outcomes.paper import TITLE, lines_of, make_document, render_portfolio
from lti_tool.programme.outcomes.portfolio import Line, Portfolio, read_portfolio
from lti_tool.programme.outcomes.reach import get_person, is_taking_part, see_cohort
from lti_tool.programme.outcomes.sets import words_of
from lti_tool.programme.outcomes.signing import DecidedElsewhere, NotLikeThis, decide
from lti_tool.programme.outcomes.standing import list_decisions
from lti_tool.programme.outcomes.whose import Whose
from lti_tool.web.policy import who_may


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a cohort whose outcomes the visit may see."""

    cohort: CohortRead
    entry: int
    name: str
    portfolio: Portfolio
    is_open: bool
    """Whether their outcomes can still be decided on."""


def _address(page: str, handle: str, cohort_id: int, entry: int, done: str | None = None) -> str:
    """A page about one person."""
    return url_for(f"outcomes.{page}", handle=handle, cohort_id=cohort_id, entry=entry, done=done)


def _open(cohort_id: int, entry: int) -> Person:
    seen = see_cohort(session(), visits.current(), cohort_id)
    person_id = get_person(session(), seen, entry)
    return Person(
        seen.cohort,
        entry,
        names_of(session(), [person_id]).get(person_id, ""),
        read_portfolio(session(), config_dir(), seen.cohort, person_id),
        is_taking_part(session(), seen.cohort, person_id),
    )


@blueprint.get("/cohort/<int:cohort_id>/people/<int:entry>")
@who_may("tutor")
def person(handle: str, cohort_id: int, entry: int) -> ResponseReturnValue:
    """One person's portfolio, with a way to decide on each outcome."""
    here = _open(cohort_id, entry)
    return render_template(
        "outcomes/person.html", handle=handle, here=here, words=words, words_of=words_of
    )


@blueprint.get("/cohort/<int:cohort_id>/people/<int:entry>/portfolio")
@who_may("tutor")
def print_of(handle: str, cohort_id: int, entry: int) -> ResponseReturnValue:
    """A person's portfolio to look at and print."""
    here = _open(cohort_id, entry)
    return render_template(
        "outcomes/print.html",
        handle=handle,
        title=TITLE,
        lines=lines_of(here.portfolio, here.cohort, here.name),
        body=render_portfolio(here.portfolio),
        word_url=_address("word_of", handle, cohort_id, entry),
        back=(here.name, _address("person", handle, cohort_id, entry)),
    )


@blueprint.get("/cohort/<int:cohort_id>/people/<int:entry>/portfolio.docx")
@who_may("tutor")
def word_of(handle: str, cohort_id: int, entry: int) -> ResponseReturnValue:
    """The same as a Word document."""
    here = _open(cohort_id, entry)
    body = make_document(here.portfolio, here.cohort, here.name)
    return as_file(body, "outcomes-portfolio", "docx")


def _line(here: Person, item_id: str) -> Line:
    found = here.portfolio.line(item_id)
    if found is None:
        raise NotFound("There is no such outcome in the cohort’s set.")
    return found


def _form(line: Line, *, is_posted: bool) -> DecisionForm:
    form = DecisionForm(request.form if is_posted else None)
    form.decision.offer({key: words.DECISIONS[key] for key in list_decisions(line.cell)})
    return form


def _page(
    handle: str,
    here: Person,
    line: Line,
    form: DecisionForm,
    *,
    guarded: Guarded | None = None,
    sentence: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    lines = here.portfolio.lines
    at = lines.index(line)
    return render_template(
        "outcomes/decide.html",
        handle=handle,
        here=here,
        line=line,
        previous=lines[at - 1] if at else None,
        following=lines[at + 1] if at + 1 < len(lines) else None,
        form=form,
        guarded=guarded or Guarded(),
        sentence=sentence,
        words=words,
        words_of=words_of,
        has_errors=bool(form.errors or sentence),
    ), status


@blueprint.get("/cohort/<int:cohort_id>/people/<int:entry>/outcomes/<item_id>")
@who_may("tutor")
def outcome(handle: str, cohort_id: int, entry: int, item_id: str) -> ResponseReturnValue:
    """One outcome of a person: evidence, history, and what to decide."""
    here = _open(cohort_id, entry)
    line = _line(here, item_id)
    return _page(handle, here, line, _form(line, is_posted=False))


@blueprint.post("/cohort/<int:cohort_id>/people/<int:entry>/outcomes/<item_id>")
@who_may("tutor")
def decide_outcome(handle: str, cohort_id: int, entry: int, item_id: str) -> ResponseReturnValue:
    """Sign an outcome off, ask a question, or open it again."""
    here, visit = _open(cohort_id, entry), visits.current()
    line = _line(here, item_id)
    form = _form(line, is_posted=True)
    built_on = form.built_on.data or 0
    if not here.is_open:
        sentence = f"{here.name} no longer takes part in this cohort, so nothing is decided here."
        return _page(handle, here, line, form, sentence=sentence, status=409)
    is_good = form.validate() or built_on != line.cell.built_on
    guarded = look_through(form, ("reason",), config_dir())
    if not is_good or guarded.held:
        return _page(handle, here, line, form, guarded=guarded, status=422)
    whose = Whose(here.cohort.id, here.portfolio.person_id, visit.context_id)
    try:
        decide(
            session(),
            whose,
            item_id,
            form.decision.data or "",
            form.reason.data or "",
            built_on=built_on,
            actor_id=visit.person_id,
        )
    except DecidedElsewhere as error:
        here = _open(cohort_id, entry)  # with what the other wrote
        line = _line(here, item_id)
        return _page(handle, here, line, form, sentence=error.sentence, status=409)
    except NotLikeThis as error:
        form.problem("reason", error.sentence)
        return _page(handle, here, line, form, status=422)
    done = "outcome-decided"
    return redirect(_address("person", handle, cohort_id, entry, done=done), 303)
