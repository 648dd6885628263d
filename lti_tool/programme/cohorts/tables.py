"""The tables of a cohort's pages to take away, with the same words as on the pages. Pure."""

from collections.abc import Sequence

from lti_tool.core import clock
from lti_tool.papers.tables import Cell, Table
from lti_tool.programme.cohorts.overview import PersonLine
from lti_tool.programme.cohorts.queries import ProgrammeRead
from lti_tool.programme.cohorts.results.shown import Result
from lti_tool.programme.cohorts.words import AWARDS, BOARD_STATES, NO_AWARD, STATUSES

_PEOPLE = (
    *("Name", "Student number", "Status", "Since", "On a course’s list now"),
    *("Credits", "Credits asked for", "Outcomes signed off", "Outcomes asked for"),
    *("Award", "Decided on", "Could get", "Missing", "Closes on", "To watch"),
)
_RESULTS = ("Module", "Attempt", "Mark", "Result", "Board", "Day of the board", "Recorded")


def _person(line: PersonLine, asks_credits: bool) -> list[Cell]:
    facts, awarded = line.facts, line.awarded
    could = line.forecast.kind if line.forecast.kind != NO_AWARD and not awarded else ""
    return [
        line.name,
        line.number,
        STATUSES[line.standing.status],
        line.standing.since_on,
        line.is_listed,
        facts.credits if asks_credits else None,
        facts.credits_asked if asks_credits else None,
        facts.outcomes_met,
        facts.outcomes_asked,
        AWARDS[awarded.kind] if awarded else None,
        awarded.decided_on if awarded else None,
        AWARDS.get(could, ""),
        "\n".join(line.forecast.missing),
        "\n".join(f"{clock.plain_day(one.day)}, {one.words}" for one in line.deadlines),
        "\n".join(line.warnings),
    ]


def people_table(lines: Sequence[PersonLine], programme: ProgrammeRead) -> Table:
    """Everybody's standing, a row a person."""
    asks_credits = bool(programme.credits)
    return Table("People", _PEOPLE, [_person(one, asks_credits) for one in lines])


def results_table(results: Sequence[Result]) -> Table:
    """A person's results of modules, as they are given."""
    passed = {True: "passed", False: "not passed", None: "not decided"}
    rows: list[list[Cell]] = [
        [
            one.module_title,
            one.attempt,
            one.mark,
            passed[one.is_passed],
            BOARD_STATES[one.board_state],
            one.decided_on,
            one.recorded_at,
        ]
        for one in results
    ]
    return Table("Results of modules", _RESULTS, rows)
