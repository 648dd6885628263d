"""Sense checks: what a careful colleague would ask about a row, or about the map as a whole.

Pure functions of rows and limits. Nothing here forbids: an error cannot be right, a doubt may be,
and a gap is something not said yet. Numbers come from `config/rules/sense.yaml`.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from lti_tool.activities.provision_map_audit.document import MapRow
from lti_tool.activities.provision_map_audit.map.limits import Limits
from lti_tool.activities.provision_map_audit.rows import Measure, ProvisionRow
from lti_tool.activities.provision_map_audit.words import Words
from lti_tool.core.numerals import plain

Kind = Literal["error", "doubt", "gap"]
_EVER = (dt.date.min, dt.date.max)


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing to look at: the row's id (empty where only a row was given), the field, why."""

    row: str
    field: str
    sentence: str
    kind: Kind


def check_row(row: ProvisionRow, limits: Limits) -> list[Doubt]:
    """Everything to ask about one row, taken by itself."""
    return [*_gaps(row), *_dates(row), *_times(row, limits), *_pupils(row), *_measures(row)]


def check_map(
    rows: Sequence[MapRow],
    limits: Limits,
    words: Words | None = None,
    adults: Mapping[str, Decimal] | None = None,
) -> list[Doubt]:
    """Everything to ask about a map: each row by itself, then hours of roles over all rows.

    :param words: names the roles; their codes stand in where it is left out.
    :param adults: how many adults of a role the school says it has.
    """
    found = [replace(doubt, row=one.id) for one in rows for doubt in check_row(one.row, limits)]
    return found + check_hours(rows, limits, words, adults)


def _doubt(field: str, sentence: str, kind: Kind = "doubt") -> Doubt:
    return Doubt("", field, sentence, kind)


def _gaps(row: ProvisionRow) -> Iterator[Doubt]:
    if not row.name:
        yield _doubt("name", "The provision has no name yet.", "gap")
    if row.area is None:
        yield _doubt("area", "The area of need is not stated.", "gap")
    if row.tier is None:
        yield _doubt("tier", "The tier is not stated.", "gap")
    if not row.measures:
        yield _doubt("measure", "No measure of impact yet: “not measured” is a finding too.", "gap")


def _dates(row: ProvisionRow) -> Iterator[Doubt]:
    start, end, review = row.start_on, row.end_on, row.review_on
    if start and end and end < start:
        yield _doubt("end_on", "The end date is before the start date.", "error")
    elif start and end and row.weeks is not None:
        there = Decimal((end - start).days + 1) / 7
        if row.weeks > there.to_integral_value(rounding="ROUND_CEILING"):
            yield _doubt(
                "weeks", f"There are fewer than {plain(row.weeks)} weeks between the dates."
            )
    if start and review and review < start:
        yield _doubt("review_on", "The review is before the start.")


def _times(row: ProvisionRow, limits: Limits) -> Iterator[Doubt]:
    if row.weeks is not None and row.weeks > limits.weeks_in_year:
        yield _doubt("weeks", f"A school year has {plain(limits.weeks_in_year)} weeks with pupils.")
    sessions = row.sessions_per_week
    if sessions is not None and sessions > limits.sessions_a_week:
        yield _doubt(
            "sessions_per_week", f"More than {plain(limits.sessions_a_week)} sessions in one week?"
        )
    hours = _hours_a_week(row)
    most = min(
        (limits.hours_a_week[one.role] for one in row.staff if one.role in limits.hours_a_week),
        default=None,
    )
    if hours is not None and most is not None and hours > most:
        yield _doubt(
            "minutes_per_session",
            f"This comes to {_shown(hours)} hours a week for one adult, who has {plain(most)}.",
        )
    if row.delivered_percent is not None and row.delivered_percent > 100:
        yield _doubt("delivered_percent", "More than 100% of the sessions were held?")


def _hours_a_week(row: ProvisionRow) -> Decimal | None:
    """Hours a week that each adult of the row is with pupils: groups come one after another."""
    if row.minutes_per_session is None or row.sessions_per_week is None:
        return None
    return row.minutes_per_session * row.sessions_per_week * row.groups / 60


def _pupils(row: ProvisionRow) -> Iterator[Doubt]:
    if row.group_size is not None and row.group_size <= 0:
        yield _doubt("group_size", "A group has at least one pupil.", "error")
    if row.groups <= 0:
        yield _doubt("groups", "There is at least one group.", "error")
    reached, size = row.pupils_reached, row.group_size
    if reached is not None and size is not None and reached < size:
        yield _doubt("pupils_reached", "Fewer pupils are reached than one group has.")


def _measures(row: ProvisionRow) -> Iterator[Doubt]:
    flat = Measure(**{name: getattr(row, name) for name in Measure.__dataclass_fields__})
    reached = row.pupils_reached
    if reached is None and row.group_size is not None:
        reached = row.group_size * row.groups
    for number, one in enumerate((flat, *row.more_measures), start=1):
        end = "" if number == 1 else f"_{number}"
        if one.exit_score and not one.entry_score:
            yield _doubt(f"entry_score{end}", "There is a score at exit and none at entry.")
        if (one.entry_score or one.exit_score) and not one.measure:
            yield _doubt(f"measure{end}", "There are scores, but not what they measure.")
        met, measured = one.met_target, one.pupils_measured
        if met is not None and measured is not None and met > measured:
            yield _doubt(
                f"met_target{end}", "More pupils met the target than were measured.", "error"
            )
        if measured is not None and reached is not None and measured > reached:
            yield _doubt(f"pupils_measured{end}", "More pupils were measured than were reached.")


def check_hours(
    rows: Sequence[MapRow],
    limits: Limits,
    words: Words | None = None,
    adults: Mapping[str, Decimal] | None = None,
) -> list[Doubt]:
    """Roles that would need more adults than there are in the fullest week of the map.

    Counted are rows with both dates, and rows without any that run all year. The doubt stands at
    the row with which the week becomes too full.
    """
    found = []
    for role, hours in limits.hours_a_week.items():
        said = adults is not None and role in adults
        there = (adults or {}).get(role, limits.adults.get(role))
        if there is None:
            continue
        fullest, at_row, on = _fullest(rows, role, limits)
        if at_row and fullest > hours * there:
            label = words.role_labels.get(role, role) if words else role
            when = "all year" if on == dt.date.min else f"from {on.day} {on:%B %Y}"
            own = "your school has" if said else "we take a school to have at most"
            found.append(
                Doubt(
                    at_row,
                    "staff",
                    f"{label}: the rows that run at the same time {when} need {_shown(fullest)} "
                    f"hours a week. One adult has {plain(hours)}, and {own} {plain(there)}.",
                    "doubt",
                )
            )
    return found


def _fullest(rows: Iterable[MapRow], role: str, limits: Limits) -> tuple[Decimal, str, dt.date]:
    """The most hours a week of one role, the row that brings it there, and since when."""
    events: list[tuple[dt.date, int, Decimal, str]] = []
    for one in rows:
        count = sum((share.count for share in one.row.staff if share.role == role), Decimal(0))
        hours, span = _hours_a_week(one.row), _span(one.row, limits)
        if count and hours and span:
            events.append((span[0], 1, hours * count, one.id))
            if span[1] < dt.date.max:
                events.append((span[1] + dt.timedelta(1), 0, -hours * count, ""))
    fullest, at_row, on, now = Decimal(0), "", dt.date.min, Decimal(0)
    for day, _, hours, row_id in sorted(events, key=lambda event: event[:2]):
        now += hours
        if now > fullest:
            fullest, at_row, on = now, row_id, day
    return fullest, at_row, on


def _span(row: ProvisionRow, limits: Limits) -> tuple[dt.date, dt.date] | None:
    if row.start_on and row.end_on:
        return (row.start_on, row.end_on) if row.start_on <= row.end_on else None
    all_year = row.weeks is not None and row.weeks >= limits.all_year_weeks
    return _EVER if all_year and not row.start_on and not row.end_on else None


def _shown(hours: Decimal) -> str:
    return plain(hours.quantize(Decimal("0.1")).normalize())
