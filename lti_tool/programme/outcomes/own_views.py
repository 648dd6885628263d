"""The participant's own portfolio: where each outcome stands, and how sure they feel of it."""

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.core.errors import Conflict
from lti_tool.db import session
from lti_tool.papers.downloads import as_file
from lti_tool.people import visits
from lti_tool.programme.outcomes import words
from lti_tool.programme.outcomes.confidence import keep_ratings
from lti_tool.programme.outcomes.pages import OWN_LINE, blueprint, config_dir
from lti_tool.programme.outcomes.paper import TITLE, lines_of, make_document, render_portfolio
from lti_tool.programme.outcomes.portfolio import Portfolio, read_portfolio
from lti_tool.programme.outcomes.reach import OwnPlace, find_own_place
from lti_tool.programme.outcomes.sets import words_of
from lti_tool.programme.outcomes.whose import Whose
from lti_tool.web.policy import who_may
from lti_tool.web.trust import show_trust_line


@dataclass(frozen=True, slots=True)
class Own:
    """A participant's place and portfolio."""

    place: OwnPlace
    portfolio: Portfolio
    whose: Whose


class NoPlace(Conflict):
    """The participant is in no cohort yet."""


def open_own() -> Own:
    """The portfolio of who is here.

    :raises NoPlace: their course belongs to no cohort, or they were not brought into it yet.
    """
    show_trust_line(OWN_LINE)
    visit = visits.current()
    place = find_own_place(session(), visit)
    if place is None:
        raise NoPlace(
            "You have no part in a cohort of this programme yet. The course list is read every "
            "ten minutes; if this stays, ask whoever leads your programme."
        )
    whose = Whose(place.cohort.id, visit.person_id, visit.context_id)
    portfolio = read_portfolio(session(), config_dir(), place.cohort, visit.person_id)
    return Own(place, portfolio, whose)


@blueprint.get("/")
@who_may("participant")
def mine(handle: str) -> ResponseReturnValue:
    """Every outcome with its state, evidence and questions."""
    try:
        own = open_own()
    except NoPlace as none:
        return render_template("outcomes/no_place.html", handle=handle, sentence=none.sentence)
    return render_template(
        "outcomes/mine.html",
        handle=handle,
        cohort=own.place.cohort,
        portfolio=own.portfolio,
        words=words,
        words_of=words_of,
    )


@blueprint.get("/portfolio")
@who_may("participant")
def own_print(handle: str) -> ResponseReturnValue:
    """The portfolio to look at and print."""
    own = open_own()
    return render_template(
        "outcomes/print.html",
        handle=handle,
        title=TITLE,
        lines=lines_of(own.portfolio, own.place.cohort, visits.current().person_name),
        body=render_portfolio(own.portfolio),
        word_url=url_for("outcomes.own_word", handle=handle),
        back=("Your outcomes", url_for("outcomes.mine", handle=handle)),
    )


@blueprint.get("/portfolio.docx")
@who_may("participant")
def own_word(handle: str) -> ResponseReturnValue:
    """The same as a Word document."""
    own = open_own()
    name = visits.current().person_name
    body = make_document(own.portfolio, own.place.cohort, name)
    return as_file(body, "outcomes-portfolio", "docx")


def _moment() -> str:
    asked = request.args.get("moment", words.BEFORE)
    return asked if asked in words.MOMENTS else words.BEFORE


def _kept(own: Own, moment: str) -> dict[str, int | None]:
    before = moment == words.BEFORE
    return {one.item.id: one.before if before else one.after for one in own.portfolio.lines}


def _confidence_page(
    handle: str,
    own: Own,
    moment: str,
    answers: dict[str, int | None],
    sentence: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    return render_template(
        "outcomes/confidence.html",
        handle=handle,
        portfolio=own.portfolio,
        moment=moment,
        answers=answers,
        kept=_kept(own, moment),
        words=words,
        words_of=words_of,
        sentence=sentence,
        has_errors=bool(sentence),
    ), status


@blueprint.get("/confidence")
@who_may("participant")
def confidence(handle: str) -> ResponseReturnValue:
    """How sure I feel of each outcome, at the start or at the end."""
    own, moment = open_own(), _moment()
    return _confidence_page(handle, own, moment, _kept(own, moment))


def _rating(name: str) -> int | None:
    typed = request.form.get(name, "")
    return int(typed) if typed in {str(one) for one in words.CONFIDENCE} else None


@blueprint.post("/confidence")
@who_may("participant")
def keep_confidence(handle: str) -> ResponseReturnValue:
    """Keep how sure I feel; answers left open stay open."""
    own, moment = open_own(), _moment()
    items = [one.item.id for one in own.portfolio.lines]
    given = {item: _rating(f"sure-{item}") for item in items}
    shown = {item: _rating(f"was-{item}") for item in items}
    try:
        keep_ratings(session(), own.whose, moment, given, shown)
    except Conflict as error:
        return _confidence_page(handle, own, moment, given, error.sentence, 409)
    return redirect(url_for("outcomes.mine", handle=handle, done="confidence-kept"), 303)
