"""Reads what a person typed into the fields of one row, each field by itself.

Used by the row form and by the grid alike, as generously as the import reads cells. What cannot be
read is a sentence at its field; what looks like a pupil is refused and may not be kept anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any

from lti_tool.activities.provision_map_audit.privacy.fields import suspect_words
from lti_tool.activities.provision_map_audit.readings.dates import read_date
from lti_tool.activities.provision_map_audit.readings.groups import Counted, read_groups
from lti_tool.activities.provision_map_audit.readings.money import read_money
from lti_tool.activities.provision_map_audit.readings.reading import (
    parse_number,
    read_area,
    read_percent,
    read_tier,
    short,
)
from lti_tool.activities.provision_map_audit.readings.staff import read_staff
from lti_tool.activities.provision_map_audit.readings.time import Expected, read_time
from lti_tool.activities.provision_map_audit.rows import SCALES, Measure, StaffShare
from lti_tool.activities.provision_map_audit.words import Words
from lti_tool.privacy.guard import Suspicion

MOST_MEASURES = 6
MEASURE_FIELDS = tuple(item.name for item in fields(Measure))
MAX_TEXT = 2_000
NOT_KNOWN = "not known"
"""Stands in the field for an other cost that nobody knows yet; an empty one is no cost."""
TEXTS = frozenset(
    {
        "name",
        "target_group",
        "aim",
        "evidence_base",
        "measure",
        "entry_score",
        "exit_score",
        "pupil_view",
        "parent_view",
        "rating",
        "decision",
        "notes",
    }
)
_TIMES: dict[str, tuple[Expected, str]] = {
    "weeks": ("weeks", "weeks"),
    "sessions_per_week": ("sessions", "sessions"),
    "minutes_per_session": ("minutes", "minutes"),
}
_GROUPS: dict[str, tuple[Counted, str]] = {
    "group_size": ("group_size", "group_size"),
    "groups": ("groups", "groups"),
    "pupils_reached": ("pupils_reached", "pupils"),
}
_FIGURES: dict[str, tuple[str, bool]] = {
    # What to type, and whether it must be a whole number.
    "pupils_measured": ("the number of pupils measured, for example 12", True),
    "met_target": ("the number of pupils who met their target, for example 9", True),
    "months_between": ("the months between the two scores, for example 3", False),
    "confidence_band": ("the points either side of the score, for example 5", False),
}


def plain_name(field: str) -> str:
    """The field without the number of its measure: entry_score_2 is an entry_score."""
    head, _, tail = field.rpartition("_")
    return head if tail.isdigit() and head in MEASURE_FIELDS else field


class CellReader:
    """Reads typed text by field into `values`; gathers `errors`, `said` and `refused` beside it.

    `said` is how a text was understood where that is more than the text itself. `refused` holds
    what looks like a pupil: it is an error too, and its text must not be kept.
    """

    def __init__(self, form: Mapping[str, str], words: Words, cleared: frozenset[str]) -> None:
        self.form = {key: str(value).strip() for key, value in form.items()}
        self.words, self.cleared = words, cleared
        self.values: dict[str, Any] = {}
        self.errors: dict[str, str] = {}
        self.said: dict[str, str] = {}
        self.refused: dict[str, Suspicion] = {}

    def read(self, names: Iterable[str]) -> None:
        """Read these fields. Staff and rate an hour belong together: name both or neither."""
        names = list(names)
        for name in names:
            if name not in ("staff", "hourly_rate") and self._may_be_kept(name):
                self._one(name)
        if "staff" in names:
            both = [self._may_be_kept("staff"), self._may_be_kept("hourly_rate")]
            if all(both):
                self._staff()

    def _may_be_kept(self, name: str) -> bool:
        text = self.form.get(name, "")
        if len(text) > MAX_TEXT:
            self.errors[name] = f"This is too long. Keep it under {MAX_TEXT:,} characters."
            return False
        found = suspect_words(text, plain_name(name), self.words, self.cleared) if text else None
        if found and (plain_name(name) in TEXTS or self._is_no_reading(name, text)):
            self.refused[name] = found
            self.errors[name] = (
                f"This looks like {found.kind}. Leave names and codes of pupils out, for example "
                "write Y4 group."
            )
            return False
        return True

    def _is_no_reading(self, name: str, text: str) -> bool:
        """Whether the text of a field for figures or words from a list says nothing of them."""
        probe = CellReader({name: text}, self.words, frozenset())
        if name in ("staff", "hourly_rate"):
            probe._staff()
        else:
            probe._one(name)
        return name in probe.errors

    def _one(self, field: str) -> None:
        text, name = self.form.get(field, ""), plain_name(field)
        if name in TEXTS:
            self.values[field] = text
        elif not text:
            self.values[field] = Decimal(0) if name == "other_cost" else empty_value(name)
        elif name in ("area", "tier", "scale"):
            self._word(field, name, text)
        elif name in ("start_on", "end_on", "review_on"):
            day = read_date(text, self.words, end_of_month=name == "end_on")
            self._take(field, day.value, day.problem, day.said)
        elif name in _TIMES or name in _GROUPS:
            self._time_or_group(field, name, text)
        elif name in _FIGURES:
            self._figure(field, name, text)
        elif name == "delivered_percent":
            share = read_percent(text, self.words)
            self._take(field, share.value, share.problem, share.said)
        elif name == "other_cost":
            unknown = text.casefold() == NOT_KNOWN
            self.values[field] = None if unknown else self._money(field, text)

    def _word(self, field: str, name: str, text: str) -> None:
        codes = {
            "area": self.words.area_labels,
            "tier": self.words.tier_labels,
            "scale": dict.fromkeys(SCALES),
        }[name]
        if text in codes:
            self.values[field] = text
        elif name == "scale":
            self.errors[field] = f"We do not know “{short(text)}” as a kind of score. Choose one."
        else:
            reading = (read_area if name == "area" else read_tier)(text, self.words)
            self._take(field, reading.value, reading.problem, reading.said)

    def _time_or_group(self, field: str, name: str, text: str) -> None:
        if name in _TIMES:
            expected, part = _TIMES[name]
            unit = "minute" if name == "minutes_per_session" else None
            timed = read_time(text, expected, self.words, unit)
            value, problem, said = getattr(timed.value, part, None), timed.problem, timed.said
        else:
            counted, part = _GROUPS[name]
            grouped = read_groups(text, counted, self.words)
            value, problem, said = getattr(grouped.value, part, None), grouped.problem, grouped.said
        if problem is None and value is None:
            label = self.words.labels.get(name, name).lower()
            problem = f"We read this as {said}, which is not the {label}. Type a number."
        self._take(field, value, problem, said)

    def _figure(self, field: str, name: str, text: str) -> None:
        what, whole = _FIGURES[name]
        bare = re.sub(
            r"^(?:±|\+/?-)\s*|(?<!\s)\s*(?:months?|mths?|points?|pts?|pupils?)\.?$",
            "",
            text,
            flags=re.I,
        )
        number = parse_number(bare)
        bad = number is None or number < 0 or (whole and number != number.to_integral_value())
        self._take(field, number, f"Type {what}." if bad else None, "")

    def _take(self, name: str, value: object, problem: str | None, said: str = "") -> None:
        if problem:
            self.errors[name] = problem
            return
        self.values[name] = value
        if said and parse_number(self.form.get(name, "")) is None:
            self.said[name] = said

    def _money(self, name: str, text: str) -> Decimal | None:
        reading = read_money(text, self.words, self.words.labels[name].lower())
        problem = reading.problem
        allowed = (None, "hour") if name == "hourly_rate" else (None, "year")
        if reading.value and reading.value.per not in allowed:
            problem = f"Type the whole amount in pounds, not an amount per {reading.value.per}."
            if name == "hourly_rate":
                problem = "Type pounds for one hour, for example 16.50."
        if problem:
            self.errors[name] = problem
        return reading.value.amount if reading.value else None

    def _staff(self) -> None:
        text, typed = self.form.get("staff", ""), self.form.get("hourly_rate", "")
        rate = self._money("hourly_rate", typed) if typed else None
        if text:
            staff = read_staff(text, self.words)
            shares = staff.value.shares if staff.value else ()
            self._take("staff", _with_rate(shares, rate), staff.problem, staff.said)
        elif rate is not None:
            self.errors["staff"] = (
                "There is an hourly rate but no staff. Type the role, such as TA."
            )
        else:
            self.values["staff"] = ()


def empty_value(name: str) -> object:
    """What an empty field means: mostly that nothing is known."""
    known: dict[str, object] = {"groups": Decimal(1), "scale": "", "staff": ()}
    return known.get(name)


def _with_rate(shares: tuple[StaffShare, ...], rate: Decimal | None) -> tuple[StaffShare, ...]:
    return tuple(
        StaffShare(s.role, s.count, s.hourly_rate if s.hourly_rate is not None else rate)
        for s in shares
    )
