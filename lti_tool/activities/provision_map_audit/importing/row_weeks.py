"""For how many weeks a row runs, where no cell gives the weeks: from terms, dates or a title.

Called by `row_combining.py`. What was taken is always said; a span that cannot be told is a problem
at its cell.
"""

from __future__ import annotations

from lti_tool.activities.provision_map_audit.importing.gathered import Gathered, RowContext
from lti_tool.activities.provision_map_audit.importing.heading_values import TICKS
from lti_tool.activities.provision_map_audit.importing.preview import ReadAs
from lti_tool.activities.provision_map_audit.readings.dates import read_date, weeks_between
from lti_tool.activities.provision_map_audit.readings.terms import term_title
from lti_tool.activities.provision_map_audit.readings.time import read_time
from lti_tool.activities.provision_map_audit.words import Words
from lti_tool.core.numerals import plain

_ABOUT_WEEKS = frozenset({"weeks", "terms", "half_terms", "period", "start_on", "end_on"})


def settle_terms(got: Gathered, words: Words) -> None:
    """'Spring 1' under Start and 'Spring 2' under End are one span; 'Autumn' alone is one term."""
    start, end = got.term_cells.get("start_on"), got.term_cells.get("end_on")
    if start and (end or "end_on" not in got.dates):
        column, cell = start
        text = f"{cell.text} - {end[1].text}" if end else cell.text
        same = end and end[1].text.strip().casefold() == cell.text.strip().casefold()
        timed = read_time(cell.text if same else text, "period", words)
        if timed.value and timed.value.weeks:
            got.times.append((column, cell, timed.value))
            got.said(column, cell, timed.said, timed.note)
            return
    for name, (column, cell) in got.term_cells.items():
        reading = read_date(cell.text, words, end_of_month=name == "end_on")
        got.keep_unread(column, cell, reading.problem or "Type the date, for example 07/09/2026.")


def settle_weeks(got: Gathered, words: Words, context: RowContext) -> None:
    """Weeks from the dates, else from the term that the sheet or a heading above is about."""
    start, end = got.values.get("start_on"), got.values.get("end_on")
    if start and end and end < start:
        column, cell = got.dates.get("end_on", (None, None))
        got.problem(column, cell, "The end date is before the start date. Correct one of them.")
        return
    if got.values.get("weeks") or "weeks" in got.unread:
        return
    if start and end:
        _weeks_from_dates(got, words)
    elif got.ticks:
        _weeks_from_ticks(got, words)
    elif context.term:
        _weeks_from_title(got, words, context)


def _weeks_from_dates(got: Gathered, words: Words) -> None:
    reading = weeks_between(got.values["start_on"], got.values["end_on"], words.year)
    column, cell = got.dates.get("end_on", (None, None))
    if reading.problem:
        got.problem(column, cell, reading.problem)
    elif reading.value is not None:
        got.values["weeks"] = reading.value
        got.problem(None, None, reading.note or "")
        got.readings.append(ReadAs("Weeks", "", "", reading.said, reading.note))


def _weeks_from_title(got: Gathered, words: Words, context: RowContext) -> None:
    term = context.term
    asked = {problem.field for problem in got.problems if problem.kind == "unread"}
    timed = got.values.get("minutes_per_session") or got.values.get("sessions_per_week")
    in_all = got.total_sessions and got.values.get("sessions_per_week")
    if term is None or asked & _ABOUT_WEEKS or in_all or not (timed or got.lengths):
        return
    got.values["weeks"] = term.weeks
    said = f"{plain(term.weeks)} weeks, from {context.term_where}"
    got.readings.append(ReadAs("Weeks", "", "", said, term.note))


def _weeks_from_ticks(got: Gathered, words: Words) -> None:
    """Columns headed by a term and ticked; a lone 'x' is counted and asked about."""
    ticked = [item for item in got.ticks if item[1].text.strip().casefold() in TICKS]
    if not ticked:
        return
    crossed = [item for item in ticked if item[1].text.strip().casefold() == "x"]
    column, cell = ticked[0]
    if 0 < len(crossed) < len(ticked):
        got.problem(
            column, cell, "Some terms are ticked and some have an x. Type the weeks.", "unread"
        )
        return
    terms = " and ".join(c.heading for c, _ in ticked)
    found = term_title(terms, words.year)
    if found is None:
        got.problem(
            column, cell, "We cannot tell which terms are ticked. Type the weeks.", "unread"
        )
        return
    got.values["weeks"] = found.weeks
    said = f"{plain(found.weeks)} weeks, from the ticked terms"
    got.readings.append(ReadAs("Weeks", cell.coordinate, "", said, found.note))
    if crossed:
        got.problem(
            column,
            cell,
            f"We took x as a tick, which makes {plain(found.weeks)} weeks. Type the weeks if it "
            "means no.",
        )
