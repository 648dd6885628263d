"""What measures say of a provision's impact, and what they cannot say: pure functions.

Each scale is read in its own way: reading ages as months gained per month of programme, standard
scores against the test's confidence band, other scores as a plain change without a word for it.
Nothing is worked out from a score that is not there, and a provision without a measure has no
impact here: "not measured" is a finding for people to say, never a zero. None of it is a controlled
result. Source: the course's notes on measures of impact; the bands are conventions, as data.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from lti_tool.activities.provision_map_audit.figure_rules import Band, FigureRules
from lti_tool.activities.provision_map_audit.readings.scores import read_score
from lti_tool.activities.provision_map_audit.rows import Measure, ProvisionRow

NOT_CONTROLLED = (
    "These pupils were compared with themselves, not with pupils who did not take part, "
    "so the provision may not be the cause."
)
_AGE = re.compile(r"\d\s*(?:y|yrs?|years?|m|mths?|mo|months?)\b|\d\s*y\s*\d", re.I)
WITHOUT_WORDS = "The scale does not say what a change means, so only the change is shown."


@dataclass(frozen=True)
class Impact:
    """What one measure says; None where it says nothing.

    `gain` is exit less entry, in `unit` ("months" or "points"). `months` lie between the two, and
    `months_gained_per_month` is gain / months. `beyond_band` is whether a standard score changed by
    more than the test's confidence band. `met_percent` is pupils who met their target, of those
    measured. `remarks` are sentences that go with the figures; `missing` names what is not known.
    """

    measure: Measure
    gain: Decimal | None = None
    unit: str = "points"
    months: Decimal | None = None
    months_gained_per_month: Decimal | None = None
    band: Band | None = None
    beyond_band: bool | None = None
    met_percent: Decimal | None = None
    remarks: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def says_something(self) -> bool:
        """Whether there is any figure at all."""
        return self.gain is not None or self.met_percent is not None


def impact_of(row: ProvisionRow, rules: FigureRules) -> tuple[Impact, ...]:
    """What each measure of a row says, in order; empty where nothing was measured."""
    return tuple(_impact(measure, row, rules) for measure in row.measures)


def months_of(measure: Measure, row: ProvisionRow, rules: FigureRules) -> Decimal | None:
    """Months between the two scores: as given, else by the provision's dates, else its weeks.

    Pupils grow older in the holidays too, so weeks of school stand only where no dates do.
    """
    if measure.months_between is not None:
        return measure.months_between
    weeks = _weeks_by_dates(row)
    weeks = row.weeks if weeks is None else weeks
    return None if weeks is None else weeks * 12 / rules.weeks_in_a_year


def _weeks_by_dates(row: ProvisionRow) -> Decimal | None:
    """Weeks from the first day to the last, holidays among them."""
    if row.start_on is None or row.end_on is None or row.start_on >= row.end_on:
        return None
    return Decimal((row.end_on - row.start_on).days) / 7


def months_gained_per_month(gain: Decimal, months: Decimal) -> Decimal | None:
    """Gain in months / months between the scores, known as ratio gain; None for no time."""
    return gain / months if months > 0 else None


def band_of(ratio: Decimal, bands: tuple[Band, ...]) -> Band | None:
    """The last band whose start is reached; None for no gain or a loss."""
    reached = [band for band in bands if ratio >= band.start]
    return reached[-1] if reached and ratio > 0 else None


def met_percent(measure: Measure) -> Decimal | None:
    """Percent of the pupils measured who met their target; None unless both are known and fit."""
    measured, met = measure.pupils_measured, measure.met_target
    if measured is None or met is None or measured <= 0 or met > measured:
        return None
    return met * 100 / measured


def _score(text: str, scale: str, rules: FigureRules) -> Decimal | None:
    return read_score(text, scale, rules.words).value if text.strip() else None


def _scale_of(measure: Measure) -> str:
    """The scale said, else a reading age where a score is typed as one, such as 7y 6m."""
    typed = f"{measure.entry_score} {measure.exit_score}"
    if not measure.scale and _AGE.search(typed):
        return "reading_age"
    return measure.scale


def _points_only(text: str) -> str:
    """A score that is no age: an age typed on a scale of points is not read as points."""
    return "" if _AGE.search(text) else text


def _impact(measure: Measure, row: ProvisionRow, rules: FigureRules) -> Impact:
    scale = _scale_of(measure)
    texts = (measure.entry_score, measure.exit_score)
    read = texts if scale == "reading_age" else tuple(map(_points_only, texts))
    entry, end = (_score(text, scale, rules) for text in read)
    gain = None if entry is None or end is None else end - entry
    missing = [
        _not_there(text, which)
        for text, value, which in zip(texts, (entry, end), ("entry", "exit"), strict=True)
        if value is None
    ]
    found = Impact(measure, gain, met_percent=met_percent(measure))
    if scale == "reading_age":
        found = _reading_age(found, row, rules, missing)
    elif scale == "standard_score":
        found = _standard_score(found, missing)
    elif gain is not None:
        found = _with(found, remarks=(WITHOUT_WORDS,))
    return _with(found, remarks=_cautions(found, rules), missing=tuple(missing))


def _with(found: Impact, *, remarks: tuple[str, ...] = (), **values: Any) -> Impact:
    return replace(found, remarks=(*found.remarks, *remarks), **values)


def _not_there(text: str, which: str) -> str:
    return f"{which} score" if not text.strip() else f"{which} score that can be read"


def _reading_age(
    found: Impact, row: ProvisionRow, rules: FigureRules, missing: list[str]
) -> Impact:
    months = months_of(found.measure, row, rules)
    if months is None:
        missing.append("months between the scores")
    if found.gain is None or months is None:
        return _with(found, unit="months", months=months)
    ratio = months_gained_per_month(found.gain, months)
    said = []
    if found.gain <= 0:
        said.append("No gain was measured.")
    elif ratio is not None and ratio < 1:
        said.append("Less than a month gained for each month that passed.")
    if found.measure.months_between is None:
        own = "weeks" if _weeks_by_dates(row) is None else "dates"
        said.append(f"The provision’s own {own} stand for the time between the scores.")
    return _with(
        found,
        unit="months",
        months=months,
        months_gained_per_month=ratio,
        band=None if ratio is None else band_of(ratio, rules.bands),
        remarks=tuple(said),
    )


def _standard_score(found: Impact, missing: list[str]) -> Impact:
    if found.gain is None:
        return found
    band = found.measure.confidence_band
    if band is None:
        missing.append("the test’s confidence band")
    if found.gain == 0:
        said = "No change in a standard score is normal progress for the age."
    elif band is None:
        said = "Without the test’s confidence band, chance cannot be ruled out."
    elif abs(found.gain) > band:
        said = f"Beyond the confidence band of {band} either side."
    else:
        said = f"Within the confidence band of {band} either side, so it may be chance."
    beyond = None if band is None else abs(found.gain) > band
    return _with(found, beyond_band=beyond, remarks=(said,))


def _cautions(found: Impact, rules: FigureRules) -> tuple[str, ...]:
    """What goes with any figure: few pupils, and no comparison."""
    measured, met = found.measure.pupils_measured, found.measure.met_target
    said = []
    if measured is not None and met is not None and met > measured:
        said.append("More pupils met the target than were measured, so no share is worked out.")
    if not found.says_something:
        return tuple(said)
    if measured is None:
        said.append("How many pupils were measured is not said.")
    elif measured < rules.small_group:
        said.append(f"Fewer than {rules.small_group} pupils were measured: read it with care.")
    return (*said, NOT_CONTROLLED)
