"""Counting months and years from a day, and the deadlines that follow from law. Pure.

Two laws meet here. SEND Regulations 2014, regulation 49: a school must see to it that its SENCO
holds the qualification by the third anniversary of becoming *a* SENCO; the three years do not
begin anew at another school, and do not hold for somebody who had been a SENCO for more than
twelve months in all before. SI 2024/535: NASENCo counts only if the course began before
1 September 2024 and is completed before 1 September 2027.
"""

import calendar
from datetime import date

from lti_tool.programme.numbers import ProgrammeNumbers

NASENCO = "nasenco"


def add_months(day: date, count: int) -> date:
    """The same day so many months later; the last day of a month that is too short for it."""
    months = day.year * 12 + day.month - 1 + count
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def add_years(day: date, count: int) -> date:
    """The same day so many years later; 28 February for 29 February in a common year."""
    return add_months(day, count * 12)


def in_words(day: date) -> str:
    """A day as people say it: "7 September 2026"."""
    return f"{day.day} {day:%B %Y}"


def senco_deadline(senco_since: date | None, numbers: ProgrammeNumbers) -> date | None:
    """The day by which the school must see to it that its SENCO is qualified; None for somebody
    who is not a SENCO yet, or where the day is not known."""
    return None if senco_since is None else add_years(senco_since, numbers.senco_years)


def why_no_nasenco(began_on: date | None, numbers: ProgrammeNumbers) -> str | None:
    """A sentence where somebody cannot take NASENCo, or None where they can or it is not known."""
    if began_on is None or began_on < numbers.nasenco_closed_from:
        return None
    closed_from = in_words(numbers.nasenco_closed_from)
    return (
        f"NASENCo is closed to anyone whose course began on {closed_from} or later, and this "
        f"one began on {in_words(began_on)}. Choose another qualification, or correct the day."
    )


def deadline_warnings(
    *,
    qualification: str,
    senco_since: date | None,
    board_on: date | None,
    on: date,
    numbers: ProgrammeNumbers,
) -> list[str]:
    """Sentences on dates that are near or past, held against the board that would award.

    :param board_on: when the assessment board meets; results count from then, not from handing in.
    :param on: today, in England.
    """
    found = []
    if qualification == NASENCO:
        found += _nasenco(board_on, on, numbers.nasenco_ends_on)
    deadline = senco_deadline(senco_since, numbers)
    if deadline is not None and deadline < on:
        found.append(f"The three years of the school’s duty ended on {in_words(deadline)}.")
    elif deadline is not None and board_on is not None and board_on > deadline:
        found.append(
            f"The assessment board meets on {in_words(board_on)}, after the three years of the "
            f"school’s duty end on {in_words(deadline)}."
        )
    return found


def _nasenco(board_on: date | None, on: date, ends_on: date) -> list[str]:
    last = in_words(ends_on)
    if on > ends_on:
        return [f"NASENCo could be completed until {last}, which is past."]
    if board_on is None:
        return [f"NASENCo has to be completed by {last}, and no date of the board is known here."]
    if board_on > ends_on:
        return [
            f"NASENCo has to be completed by {last}, and the assessment board meets on "
            f"{in_words(board_on)}: too late."
        ]
    return []
