"""A portfolio as one document: the same words on the printed page and in Word."""

from flask import render_template
from markupsafe import Markup

from lti_tool.core import clock
from lti_tool.papers.documents import to_docx
from lti_tool.programme.cohorts.queries import CohortRead
from lti_tool.programme.outcomes import words
from lti_tool.programme.outcomes.portfolio import Portfolio
from lti_tool.programme.outcomes.sets import words_of

TITLE = "Portfolio of outcomes"


def lines_of(portfolio: Portfolio, cohort: CohortRead, name: str) -> list[str]:
    """What stands below the title: whose it is, the set, how far, and whether it is official."""
    outcomes = portfolio.outcomes
    met = portfolio.count(words.MET)
    lines = [
        f"{name}. {cohort.title}. Made on {clock.day(clock.now())}.",
        f"{outcomes.title}, version {outcomes.version}. "
        f"{met} of {len(portfolio.lines)} signed off as met.",
    ]
    return [*lines, outcomes.placeholder_note] if outcomes.placeholder_note else lines


def render_portfolio(portfolio: Portfolio) -> Markup:
    """The portfolio, a fragment whose headings begin at level 2."""
    return Markup(
        render_template(
            "outcomes/portfolio_body.html", portfolio=portfolio, words=words, words_of=words_of
        )
    )


def make_document(portfolio: Portfolio, cohort: CohortRead, name: str) -> bytes:
    """The portfolio as a Word document."""
    lines = lines_of(portfolio, cohort, name)
    return to_docx(TITLE, lines, str(render_portfolio(portfolio)), top_level=2)
