"""One cell about time: its length, how often, for how long, or several of these at once."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from lti_tool.activities.provision_map_audit.importing.columns import ColumnMatch
from lti_tool.activities.provision_map_audit.importing.gathered import Gathered
from lti_tool.activities.provision_map_audit.importing.readers import (
    read_length,
    read_span,
    read_time,
)
from lti_tool.activities.provision_map_audit.readings.reading import Reading, parse_number
from lti_tool.activities.provision_map_audit.readings.time_parts import TimeParts
from lti_tool.activities.provision_map_audit.sheets.cells import Cell
from lti_tool.activities.provision_map_audit.words import Words

_EACH = re.compile(r"\b(?:per|each) (?:pupil|child|student)\b", re.I)
_TIMES = {
    "minutes_per_session": "minutes",
    "sessions_per_week": "sessions",
    "weeks": "weeks",
    "schedule": "schedule",
}


def time_cell(
    got: Gathered, column: ColumnMatch, cell: Cell, words: Words, put: Callable[..., None]
) -> None:
    """Read one cell about time into what was gathered; `put` keeps a reading that failed."""
    name = column.field or ""
    if name in ("time_per_week", "time_per_day", "total_time"):
        length = read_length(cell.text, words, column.unit, cell.value)
        if length.value is None:
            put(got, column, cell, length)
        else:
            got.lengths.append((column, cell, length.value))
            got.said(column, cell, length.said, length.note)
        return
    if name == "period" and (span := read_span(cell.text, words)):
        got.values["start_on"], got.values["end_on"] = span[0].value, span[1].value
        got.said(column, cell, f"{span[0].said} to {span[1].said}")
        return
    reading = _time_parts(name, column, cell, words)
    if reading.value is None:
        put(got, column, cell, reading)
        return
    got.each_pupil = got.each_pupil or bool(_EACH.search(cell.text))
    got.times.append((column, cell, reading.value))
    got.said(column, cell, reading.said, reading.note)


def _time_parts(name: str, column: ColumnMatch, cell: Cell, words: Words) -> Reading[TimeParts]:
    number = parse_number(cell.text)
    year = words.year
    if name == "total_sessions" and number is not None and number > 0:
        parts = TimeParts(total_sessions=number)
        return Reading(parts, parts.said())
    if name in ("terms", "half_terms") and number is not None:
        unit = "terms" if name == "terms" else "half terms"
        return read_time(f"{number} {unit}", "period", words)
    if name == "period" and isinstance(cell.value, dt.date):
        return Reading(None, problem="One date does not say how long. Type the weeks.")
    if name == "period" and number is not None:
        return Reading(
            None,
            problem=f"'{cell.text}' may be a term or a number of weeks. Type it in full, "
            f"for example {year.a_term} weeks.",
        )
    expected: Any = _TIMES.get(name, "period")
    return read_time(cell.text, expected, words, column.unit, cell.value)
