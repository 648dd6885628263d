"""A row as a person types it: all inputs are text, read as generously as the import reads cells.

`validate_row` gives the row, or a sentence for each field that could not be read. `row_to_form`
gives the text to put into the fields.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any

from lti_tool.activities.provision_map_audit.privacy.guard import suspect_text
from lti_tool.activities.provision_map_audit.readings.dates import read_date
from lti_tool.activities.provision_map_audit.readings.groups import read_groups
from lti_tool.activities.provision_map_audit.readings.money import read_money
from lti_tool.activities.provision_map_audit.readings.reading import read_area, read_tier
from lti_tool.activities.provision_map_audit.readings.staff import read_staff
from lti_tool.activities.provision_map_audit.readings.time import Expected, read_time
from lti_tool.activities.provision_map_audit.rows import ProvisionRow, StaffShare
from lti_tool.activities.provision_map_audit.sheets.xlsx_formats import plain
from lti_tool.activities.provision_map_audit.words import Words

FORM_FIELDS = (
    *(item.name for item in fields(ProvisionRow) if item.name != "more_measures"),
    "hourly_rate",
)
_MAX_TEXT = 2_000
_TIMES: dict[str, tuple[Expected, str]] = {
    "weeks": ("weeks", "weeks"),
    "sessions_per_week": ("sessions", "sessions"),
    "minutes_per_session": ("minutes", "minutes"),
}
_GROUPS = {"group_size": "group_size", "groups": "groups", "pupils_reached": "pupils"}
_TEXTS = (
    "name",
    "target_group",
    "aim",
    "evidence_base",
    "measure",
    "scale",
    "entry_score",
    "exit_score",
    "pupil_view",
    "parent_view",
    "rating",
    "decision",
    "notes",
)


def validate_row(
    form: Mapping[str, str], words: Words, cleared: frozenset[str] = frozenset()
) -> tuple[ProvisionRow | None, dict[str, str]]:
    """Read a form into a row.

    `form` holds text by field name (`FORM_FIELDS`); a missing field is an empty one. `hourly_rate`
    is pounds an hour for every adult of the row. Returns (row, {}) or (None, {field: sentence}).
    """
    reader = _FormReader(form, words, cleared)
    values = reader.read()
    if reader.errors:
        return None, reader.errors
    return ProvisionRow(**values), {}


class _FormReader:
    """Reads one form, gathering values and errors by field."""

    def __init__(self, form: Mapping[str, str], words: Words, cleared: frozenset[str]) -> None:
        self.form = {key: str(value).strip() for key, value in form.items()}
        self.words, self.cleared = words, cleared
        self.errors: dict[str, str] = {}
        self.values: dict[str, Any] = {}

    def read(self) -> dict[str, Any]:
        """All fields; errors are left in `errors`."""
        for name in _TEXTS:
            self._text(name)
        for name in ("area", "tier"):
            self._word(name)
        for name in ("start_on", "end_on", "review_on"):
            if text := self.form.get(name):
                reading = read_date(text, self.words, end_of_month=name == "end_on")
                self._take(name, reading.value, reading.problem)
        for name, (expected, part) in _TIMES.items():
            if text := self.form.get(name):
                unit = "minute" if name == "minutes_per_session" else None
                timed = read_time(text, expected, self.words, unit)
                self._part(name, getattr(timed.value, part, None), timed.problem, timed.said)
        for name, part in _GROUPS.items():
            if text := self.form.get(name):
                counted: Any = name
                grouped = read_groups(text, counted, self.words)
                self._part(name, getattr(grouped.value, part, None), grouped.problem, grouped.said)
        self._money_and_staff()
        self._across()
        return self.values

    def _text(self, name: str) -> None:
        text = self.form.get(name, "")
        if name == "name" and not text:
            self.errors[name] = "Type the name of the provision, for example Toe by Toe."
        if len(text) > _MAX_TEXT:
            self.errors[name] = f"This is too long. Keep it under {_MAX_TEXT:,} characters."
        about = name == "target_group"
        found = suspect_text(text, self.words, self.cleared, about_pupils=about) if text else None
        if found:
            self.errors[name] = (
                f"This looks like {found.kind}. Leave names and codes of pupils out, for example "
                "write Y4 group."
            )
        self.values[name] = text

    def _word(self, name: str) -> None:
        text = self.form.get(name)
        codes = self.words.area_labels if name == "area" else self.words.tier_labels
        if not text:
            return
        if text in codes:
            self.values[name] = text
            return
        reading = (read_area if name == "area" else read_tier)(text, self.words)
        self._take(name, reading.value, reading.problem)

    def _take(self, name: str, value: object, problem: str | None) -> None:
        if problem:
            self.errors[name] = problem
        else:
            self.values[name] = value

    def _part(self, name: str, value: object, problem: str | None, said: str) -> None:
        """One part of a reading; a text that says something else is an error at its field."""
        if problem is None and value is None:
            label = self.words.labels.get(name, name).lower()
            problem = f"We read this as {said}, which is not the {label}. Type a number."
        self._take(name, value, problem)

    def _money_and_staff(self) -> None:
        for name in ("other_cost", "hourly_rate"):
            text = self.form.get(name)
            if not text:
                continue
            reading = read_money(text, self.words, self.words.labels[name].lower())
            problem = reading.problem
            allowed = (None, "hour") if name == "hourly_rate" else (None, "year")
            if reading.value and reading.value.per not in allowed:
                problem = f"Type the whole amount in pounds, not an amount per {reading.value.per}."
                if name == "hourly_rate":
                    problem = "Type pounds for one hour, for example 16.50."
            self._take(name, reading.value.amount if reading.value else None, problem)
        rate = self.values.pop("hourly_rate", None)
        if text := self.form.get("staff"):
            staff = read_staff(text, self.words)
            shares = staff.value.shares if staff.value else ()
            self._take("staff", _with_rate(shares, rate), staff.problem)
        elif rate is not None:
            self.errors["staff"] = (
                "There is an hourly rate but no staff. Type the role, such as TA."
            )

    def _across(self) -> None:
        start, end = self.values.get("start_on"), self.values.get("end_on")
        if start and end and end < start:
            self.errors["end_on"] = "The end date is before the start date. Correct one of them."


def _with_rate(shares: tuple[StaffShare, ...], rate: Decimal | None) -> tuple[StaffShare, ...]:
    return tuple(
        StaffShare(s.role, s.count, s.hourly_rate if s.hourly_rate is not None else rate)
        for s in shares
    )


def row_to_form(row: ProvisionRow, words: Words) -> dict[str, str]:
    """The text of every field of a form; `validate_row` reads it back to the same row.

    Rates that differ between roles stand in the staff text ("1 x Teacher £40/hour").
    """
    rates = {share.hourly_rate for share in row.staff}
    common = next(iter(rates)) if len(rates) == 1 else None
    form = {"hourly_rate": "" if common is None else plain(common)}
    show: dict[type, Callable[[Any], str]] = {
        Decimal: plain,
        str: str,
        dt.date: lambda day: f"{day:%d/%m/%Y}",
    }
    for item in fields(row):
        value = getattr(row, item.name)
        if item.name == "more_measures":
            continue
        if item.name == "staff":
            form["staff"] = " + ".join(_share_text(s, words, common is None) for s in row.staff)
        else:
            form[item.name] = "" if value is None else show[type(value)](value)
    return form


def _share_text(share: StaffShare, words: Words, with_rate: bool) -> str:
    rate = ""
    if with_rate and share.hourly_rate is not None:
        rate = f" £{plain(share.hourly_rate)}/hour"
    return f"{plain(share.count)} x {_short_label(share.role, words)}{rate}"


def _short_label(role: str, words: Words) -> str:
    """A word for a role that reads back as the same role."""
    word = next(
        (word for word, code in words.roles.items() if code == role and len(word) < 30), role
    )
    return word.upper() if len(word) <= 4 else word
