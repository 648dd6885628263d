"""Settling what several columns of a row say together: times, groups, staff, then money.

Money comes last because "£40 a week" needs the weeks. An amount that only repeats what the hours
and the rate come to is compared, not counted twice. Called by `row_building.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from lti_tool.activities.provision_map_audit.importing.columns import ColumnMatch
from lti_tool.activities.provision_map_audit.importing.gathered import Gathered, RowContext
from lti_tool.activities.provision_map_audit.importing.row_groups import settle_groups
from lti_tool.activities.provision_map_audit.importing.row_hours import check_lengths, week_or_all
from lti_tool.activities.provision_map_audit.importing.row_measures import settle_measures
from lti_tool.activities.provision_map_audit.importing.row_money import settle_money
from lti_tool.activities.provision_map_audit.importing.row_weeks import settle_terms, settle_weeks
from lti_tool.activities.provision_map_audit.readings.time import MAX_MINUTES
from lti_tool.activities.provision_map_audit.rows import StaffShare
from lti_tool.activities.provision_map_audit.sheets.cells import Cell
from lti_tool.activities.provision_map_audit.words import Words, heading_tokens
from lti_tool.core.numerals import plain

_OWN = {
    "minutes_per_session": "minutes",
    "sessions_per_week": "sessions",
    "weeks": "weeks",
    "terms": "weeks",
    "half_terms": "weeks",
    "period": "weeks",
}


def settle(
    got: Gathered, words: Words, context: RowContext, has_scale_column: bool = False
) -> None:
    """Turn what was gathered into the fields of a row; adds problems where cells disagree."""
    settle_terms(got, words)
    _times(got)
    settle_weeks(got, words, context)
    _total_sessions(got)
    _lengths(got, words)
    settle_groups(got)
    _staff(got)
    check_lengths(got)
    settle_money(got, words)
    settle_measures(got, words, has_scale_column)


def _times(got: Gathered) -> None:
    """A column's own value first, then what other cells say besides."""
    for name, attribute in (
        ("minutes_per_session", "minutes"),
        ("sessions_per_week", "sessions"),
        ("weeks", "weeks"),
    ):
        stated = [
            (c, cell, value)
            for c, cell, parts in got.times
            if (value := getattr(parts, attribute)) is not None
        ]
        if not stated:
            continue
        stated.sort(key=lambda item: _OWN.get(item[0].field or "") != attribute)
        chosen = stated[0][2]
        if attribute == "weeks" and stated[0][0].field in ("period", "start_on"):
            chosen = next((v for c, _, v in stated if c.field == "weeks"), chosen)
        others = [item for item in stated[1:] if item[2] != chosen]
        if (others and _is_weekly(got, others[0][1]) is False) or (
            others and attribute != "sessions"
        ):
            column, cell, value = others[0]
            if not (attribute == "weeks" and column.field in ("period", "start_on")):
                got.problem(
                    column,
                    cell,
                    f"Two cells disagree: {plain(chosen)} and {plain(value)} {attribute}. We kept "
                    f"{plain(chosen)}. Correct one of them.",
                )
        elif others and attribute == "sessions":
            _weekly_total(got, others[0], chosen)
        got.values[name] = chosen
    for _, _, parts in got.times:
        got.total_sessions = got.total_sessions or parts.total_sessions


def _is_weekly(got: Gathered, cell: Cell) -> bool:
    return any(parts.is_weekly_total for _, other, parts in got.times if other is cell)


def _weekly_total(
    got: Gathered, other: tuple[ColumnMatch, Cell, Decimal], sessions: Decimal
) -> None:
    column, cell, value = other
    got.problem(
        column,
        cell,
        f"The cell reads as {plain(value)} a week and another says {plain(sessions)} sessions a "
        f"week. We took {plain(sessions)} sessions of this length. Correct it if this is the time "
        "of the whole week.",
    )


def _total_sessions(got: Gathered) -> None:
    """Sessions in all: spread over the weeks, or weeks worked out from sessions a week."""
    total = got.total_sessions
    if total is None:
        return
    weeks, sessions = got.values.get("weeks"), got.values.get("sessions_per_week")
    if weeks and sessions:
        if weeks * sessions != total:
            got.problem(
                None,
                None,
                f"{plain(sessions)} sessions a week for {plain(weeks)} weeks are not the "
                f"{plain(total)} sessions in all. Correct one of them.",
            )
    elif weeks:
        got.values["sessions_per_week"] = total / weeks
    elif sessions:
        got.values["weeks"] = total / sessions
    else:
        got.problem(
            None,
            None,
            f"There are {plain(total)} sessions in all, but not over how many weeks. Type the "
            "weeks and the sessions in one week.",
            "unread",
        )
        got.unread["total_sessions"] = plain(total)


def _lengths(got: Gathered, words: Words) -> None:
    """Time a week, a day or in all, into sessions and minutes."""
    weekly = [item for item in got.lengths if item[0].field == "time_per_week"]
    roles = {item[0].role for item in weekly if item[0].role}
    if len(weekly) > 1 and len(roles) == len(weekly):
        _role_hours(got, weekly)
        return
    for column, cell, minutes in got.lengths:
        if minutes == 0:
            got.keep_unread(column, cell, "No time is given. Type the minutes of one session.")
            continue
        handler: dict[str, Callable[..., None]] = {
            "time_per_week": _per_week,
            "time_per_day": _per_day,
            "total_time": _in_all,
        }
        handler[column.field or ""](got, column, cell, minutes, words)
        if column.role and column.field == "time_per_week" and not got.staff:
            got.values.setdefault("staff", (StaffShare(column.role, Decimal(1)),))


def _per_week(
    got: Gathered, column: ColumnMatch, cell: Cell, weekly: Decimal, words: Words
) -> None:
    sessions, minutes = got.values.get("sessions_per_week"), got.values.get("minutes_per_session")
    if minutes and sessions:
        return
    if not column.sure and (sessions or minutes):
        weekly = week_or_all(got, column, cell, weekly)
    if sessions:
        got.values["minutes_per_session"] = weekly / sessions
    elif minutes:
        got.values["sessions_per_week"] = weekly / minutes
    elif "minutes_per_session" not in got.unread and "sessions_per_week" not in got.unread:
        sessions = Decimal(1) if weekly <= MAX_MINUTES else words.year.days_per_week
        got.values["sessions_per_week"] = sessions
        got.values["minutes_per_session"] = weekly / sessions
        said = f"{plain(sessions)} x {plain(weekly / sessions)} minutes a week"
        got.said(
            column, cell, said, "Only the time of a whole week is given; the cost is the same."
        )


def _per_day(got: Gathered, column: ColumnMatch, cell: Cell, daily: Decimal, words: Words) -> None:
    if got.values.get("minutes_per_session") is None:
        got.values["minutes_per_session"] = daily
        got.values.setdefault("sessions_per_week", words.year.days_per_week)


def _in_all(got: Gathered, column: ColumnMatch, cell: Cell, total: Decimal, words: Words) -> None:
    if got.values.get("minutes_per_session") or got.values.get("sessions_per_week"):
        return
    if "minutes_per_session" in got.unread or "sessions_per_week" in got.unread:
        return
    weeks = got.values.get("weeks")
    tokens = heading_tokens(column.heading)
    if weeks is None and {"year", "annual", "annum", "yearly"} & set(tokens):
        weeks = got.values["weeks"] = words.year.weeks
    if weeks is None:
        sentence = "The hours in all are given, but not over how many weeks. Type the weeks."
        got.keep_unread(column, cell, sentence)
        return
    got.values["sessions_per_week"] = Decimal(1)
    got.values["minutes_per_session"] = total / weeks
    got.said(
        column, cell, f"{plain(round(total / weeks, 2))} minutes in each of {plain(weeks)} weeks"
    )


def _role_hours(got: Gathered, weekly: list[tuple[ColumnMatch, Cell, Decimal]]) -> None:
    """'TA hours a week' beside 'Teacher hours a week': one session, adults in proportion."""
    used = [item for item in weekly if item[2] > 0]
    if not used:
        return
    longest = max(item[2] for item in used)
    got.values["sessions_per_week"] = Decimal(1)
    got.values["minutes_per_session"] = longest
    got.values["staff"] = tuple(
        StaffShare(column.role or "", minutes / longest) for column, _, minutes in used
    )


def _staff(got: Gathered) -> None:
    shares: list[StaffShare] = [s for _, _, reading in got.staff for s in reading.shares]
    if not shares:
        shares = list(got.values.pop("staff", ()))
    count = got.staff_count
    adults = got.values.pop("_adults", None)
    if count is not None and len(shares) == 1:
        if shares[0].count not in (Decimal(1), count):
            got.problem(None, None, f"Two cells disagree about the number of staff ({count}).")
        shares = [replace(shares[0], count=count)]
    elif count is not None and not shares and not any(p.field == "staff" for p in got.problems):
        shares = [StaffShare("unspecified", count)]
    elif count is not None and shares and sum((s.count for s in shares), Decimal(0)) != count:
        got.problem(
            None,
            None,
            f"The number of staff is {plain(count)}, but the roles make "
            f"{plain(sum((s.count for s in shares), Decimal(0)))}. Correct one of them.",
        )
    if adults and sum((s.count for s in shares), Decimal(0)) != adults[2]:
        got.problem(
            adults[0],
            adults[1],
            f"The ratio has {plain(adults[2])} adults. Type how many staff there are if they are "
            "all paid for this.",
        )
    got.values["staff"] = tuple(shares)
