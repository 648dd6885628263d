"""A row as a person types it: the text of every field, and back to the row.

`validate_row` gives the row, or a sentence for each field that could not be read. `row_to_form`
gives the text to put into the fields. The first measure has its fields by their own names; those
of further ones carry a number: entry_score_2, entry_score_3.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

from lti_tool.activities.provision_map_audit.map.cell_reading import (
    MEASURE_FIELDS,
    MOST_MEASURES,
    NOT_KNOWN,
    CellReader,
)
from lti_tool.activities.provision_map_audit.rows import Measure, ProvisionRow, StaffShare
from lti_tool.activities.provision_map_audit.words import Words
from lti_tool.core.numerals import plain

FORM_FIELDS = (
    *(item.name for item in fields(ProvisionRow) if item.name != "more_measures"),
    "hourly_rate",
)
FURTHER_FIELDS = tuple(
    f"{name}_{number}" for number in range(2, MOST_MEASURES + 1) for name in MEASURE_FIELDS
)
ALL_FIELDS = (*FORM_FIELDS, *FURTHER_FIELDS)
_SHOWN: dict[type, Callable[[Any], str]] = {
    Decimal: plain,
    str: str,
    dt.date: lambda day: f"{day:%d/%m/%Y}",
}


def validate_row(
    form: Mapping[str, str], words: Words, cleared: frozenset[str] = frozenset()
) -> tuple[ProvisionRow | None, dict[str, str]]:
    """Read a form into a row.

    `form` holds text by field name (`ALL_FIELDS`); a missing field is an empty one. `hourly_rate`
    is pounds an hour for every adult of the row. Returns (row, {}) or (None, {field: sentence}).
    """
    reader = CellReader(form, words, cleared)
    reader.read(ALL_FIELDS)
    errors = reader.errors
    if not form.get("name", "").strip():
        errors.setdefault("name", "Type the name of the provision, for example Toe by Toe.")
    start, end = reader.values.get("start_on"), reader.values.get("end_on")
    if start and end and end < start:
        errors["end_on"] = "The end date is before the start date. Correct one of them."
    if errors:
        return None, errors
    return with_values(ProvisionRow(), reader.values), {}


def with_values(row: ProvisionRow, values: Mapping[str, Any]) -> ProvisionRow:
    """The row with values put in by field name, those of further measures among them."""
    own = {name: value for name, value in values.items() if name in _ROW_FIELDS}
    further = {name: value for name, value in values.items() if name in FURTHER_FIELDS}
    if further:
        own["more_measures"] = _with_measures(row.more_measures, further)
    return replace(row, **own)


_ROW_FIELDS = frozenset(item.name for item in fields(ProvisionRow))


def _with_measures(before: Iterable[Measure], further: Mapping[str, Any]) -> tuple[Measure, ...]:
    made = list(before)
    made += [Measure()] * (MOST_MEASURES - 1 - len(made))
    for field, value in further.items():
        name, _, number = field.rpartition("_")
        made[int(number) - 2] = replace(made[int(number) - 2], **{name: value})
    return tuple(one for one in made if not one.is_empty)


def row_to_form(row: ProvisionRow, words: Words) -> dict[str, str]:
    """The text of every field of a form; `validate_row` reads it back to the same row.

    Rates that differ between roles stand in the staff text ("1 x Teacher £40/hour"). Fields of a
    further measure are there only where it has one.
    """
    rates = {share.hourly_rate for share in row.staff}
    common = next(iter(rates)) if len(rates) == 1 else None
    form = {"hourly_rate": "" if common is None else plain(common)}
    for item in fields(row):
        value = getattr(row, item.name)
        if item.name == "staff":
            form["staff"] = " + ".join(_share_text(s, words, common is None) for s in row.staff)
        elif item.name != "more_measures":
            form[item.name] = _text(value)
    if row.other_cost is None:
        form["other_cost"] = NOT_KNOWN
    for number, one in enumerate(row.more_measures, start=2):
        form |= {f"{name}_{number}": _text(getattr(one, name)) for name in MEASURE_FIELDS}
    return form


def _text(value: Any) -> str:
    return "" if value is None else _SHOWN[type(value)](value)


def _share_text(share: StaffShare, words: Words, with_rate: bool) -> str:
    rate = ""
    if with_rate and share.hourly_rate is not None:
        rate = f" £{plain(share.hourly_rate)}/hour"
    count = "" if share.count == 1 else f"{plain(share.count)} x "
    return f"{count}{_short_label(share.role, words)}{rate}"


def _short_label(role: str, words: Words) -> str:
    """A word for a role that reads back as the same role: TA, LSA, else the role's name."""
    if len(role) <= 5 and words.roles.get(role) == role:
        return role.upper()
    word = next(
        (word for word, code in words.roles.items() if code == role and len(word) < 30), role
    )
    return word.upper() if len(word) <= 4 else word
