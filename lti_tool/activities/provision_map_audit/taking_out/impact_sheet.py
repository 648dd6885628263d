"""The sheet Impact: a line for each measure, with the change worked out as its scale allows.

The same rules as `figures/impact.py`. A provision without a measure has a line that says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from lti_tool.activities.provision_map_audit.document import MapRow
from lti_tool.activities.provision_map_audit.figures.impact import Impact
from lti_tool.activities.provision_map_audit.readings.scores import read_score
from lti_tool.activities.provision_map_audit.rows import SCALE_WORDS
from lti_tool.activities.provision_map_audit.taking_out.map_columns import Layout
from lti_tool.activities.provision_map_audit.taking_out.map_sheet import SHEET
from lti_tool.activities.provision_map_audit.taking_out.sheet_pen import Book, Pen, letters
from lti_tool.activities.provision_map_audit.taking_out.taken import Taken

NAME = "Impact"
NOT_MEASURED = "not measured"
_HEADINGS = (
    ("name", "Provision", "text", 30),
    ("measure", "What is measured", "text", 22),
    ("scale", "Scale", "text", 14),
    ("entry_typed", "Entry score as typed", "text", 10),
    ("exit_typed", "Exit score as typed", "text", 10),
    ("entry", "Entry, in months or points", "number", 10),
    ("exit", "Exit, in months or points", "number", 10),
    ("gain", "Change (worked out)", "number", 10),
    ("unit", "In (worked out)", "text", 9),
    ("between", "Months between, if given", "number", 10),
    ("months", "Months counted (worked out)", "hours", 10),
    ("ratio", "Months gained per month (worked out)", "hours", 11),
    ("word", "In words (worked out)", "text", 12),
    ("band", "Confidence band, points either side", "number", 11),
    ("beyond", "Beyond the band (worked out)", "text", 11),
    ("measured", "Pupils measured", "number", 9),
    ("met", "Met the target", "number", 9),
    ("percent", "Met the target, % (worked out)", "percent", 10),
    ("remarks", "Read with care", "text", 60),
)
_PLACES = {key: place for place, (key, *_) in enumerate(_HEADINGS)}
_AT = {key: letters(place) for key, place in _PLACES.items()}
_WORKED = ("gain", "unit", "months", "ratio", "word", "beyond", "percent")
_HEAD, _SPARE = 3, 20
_BANDS = len(_HEADINGS) + 1


class Times(NamedTuple):
    """Where the sheet of the map keeps the weeks and dates of a provision."""

    weeks: str
    start: str
    end: str


NO_TIMES = Times('""', '""', '""')


def write_impact(book: Book, taken: Taken, layout: Layout) -> None:
    """Write the sheet."""
    pen, rules = book.sheet(NAME), taken.picture.rules
    pen.text(0, 0, "Impact, measure by measure", "title")
    pen.sheet.merge_range(1, 0, 1, 12, "", book.looks["note"])
    pen.text(1, 0, rules.bands_warning, "note")
    pen.sheet.set_row(1, 32)
    pen.headings(
        _HEAD, [heading for _, heading, *_ in _HEADINGS], [_PLACES[key] for key in _WORKED]
    )
    pen.tall(_HEAD, [(heading, width * 0.7) for _, heading, _, width in _HEADINGS])
    pen.headings(_HEAD, ("From, months gained per month", "In words"), column=_BANDS)
    for row, band in enumerate(rules.bands, start=_HEAD + 1):
        pen.value(row, _BANDS, band.start, "number")
        pen.text(row, _BANDS + 1, band.label)
    places = layout.places()
    row = _HEAD
    pairs = zip(taken.rows, taken.picture.impacts, strict=True)
    for number, (one, impacts) in enumerate(pairs, start=2):
        if not impacts:
            row += 1
            pen.text(row, 0, one.row.name or "Name not given")
            pen.text(row, 1, NOT_MEASURED)
        for found in impacts:
            row += 1
            times = Times(
                *(f"'{SHEET}'!{places[key]}${number}" for key in ("weeks", "start_on", "end_on"))
            )
            _line(pen, row, one, found, taken, times)
    last = row
    for spare in range(last + 1, last + _SPARE + 1):
        _formulas(pen, spare, dict.fromkeys(_WORKED, ""), taken, NO_TIMES)
    _help_typing(pen, last + _SPARE)
    pen.widths([*(width for *_, width in _HEADINGS), 3, 14, 14])
    pen.sheet.freeze_panes(_HEAD + 1, 1)
    pen.print_on_a4(repeat=_HEAD, last=(max(last, _HEAD + 1), len(_HEADINGS) - 1))


def _help_typing(pen: Pen, last: int) -> None:
    pen.choose_from(
        *(_HEAD + 1, last, _PLACES["scale"]),
        list(SCALE_WORDS.values()),
        "Choose the scale from the list.",
    )
    for key in ("entry", "exit", "between", "band", "measured", "met"):
        pen.only_numbers(_HEAD + 1, last, _PLACES[key])


def _line(pen: Pen, row: int, one: MapRow, found: Impact, taken: Taken, times: Times) -> None:
    measure, is_age = found.measure, found.unit == "months"
    scale = "reading_age" if is_age else measure.scale
    typed: dict[str, Any] = {
        "name": one.row.name or "Name not given",
        "measure": measure.measure,
        "scale": SCALE_WORDS.get(scale, scale),
        "entry_typed": measure.entry_score,
        "exit_typed": measure.exit_score,
        "between": measure.months_between,
        "band": measure.confidence_band,
        "measured": measure.pupils_measured,
        "met": measure.met_target,
        "remarks": " ".join([*found.remarks, *_missing(found)]),
    }
    if found.gain is not None:
        typed["entry"] = read_score(measure.entry_score, scale, taken.words).value
        typed["exit"] = read_score(measure.exit_score, scale, taken.words).value
    for key, value in typed.items():
        pen.value(row, _PLACES[key], value, _HEADINGS[_PLACES[key]][2])
    pen.tall(row, [(value, _HEADINGS[_PLACES[key]][3]) for key, value in typed.items()])
    _formulas(pen, row, worked_out(found), taken, times)


def _missing(found: Impact) -> list[str]:
    return [f"Not known: {', '.join(found.missing)}."] if found.missing else []


def worked_out(found: Impact) -> dict[str, Any]:
    """What each formula of a line comes to; None is not known, "" does not apply."""
    is_age, ratio = found.unit == "months", found.months_gained_per_month
    band = found.band.label if found.band else "no gain"
    is_standard = found.measure.scale == "standard_score" and not is_age
    beyond = None if found.beyond_band is None else "yes" if found.beyond_band else "no"
    return {
        "gain": found.gain,
        "unit": found.unit if is_age or found.measure.scale else "",
        "months": found.months if is_age else "",
        "ratio": ratio if is_age else "",
        "word": "" if ratio is None else band,
        "beyond": beyond if is_standard else "",
        "percent": found.met_percent,
    }


def _formulas(
    pen: Pen, row: int, shown: Mapping[str, Decimal | str | None], taken: Taken, times: Times
) -> None:
    for key, formula in _formulas_of(row + 1, taken, times).items():
        pen.formula(row, _PLACES[key], formula, shown[key], _HEADINGS[_PLACES[key]][2])


def _formulas_of(row: int, taken: Taken, times: Times) -> dict[str, str]:
    at = {key: f"{place}{row}" for key, place in _AT.items()}
    first, last = _HEAD + 2, _HEAD + 1 + len(taken.picture.rules.bands)
    starts, words = (
        f"{letters(_BANDS + offset)}${first}:{letters(_BANDS + offset)}${last}" for offset in (0, 1)
    )
    year = taken.picture.rules.weeks_in_a_year
    used = f"COUNTA({at['name']}:{at['exit']})"
    gain, months, ratio, band = at["gain"], at["months"], at["ratio"], at["band"]
    measured, met = at["measured"], at["met"]
    found = {
        "gain": f'IF(COUNT({at["entry"]},{at["exit"]})<2,"not known",{at["exit"]}-{at["entry"]})',
        "unit": f'IF({at["scale"]}="","",IF({at["scale"]}="reading age","months","points"))',
        "months": (
            f'IF({at["unit"]}<>"months","",IF({at["between"]}<>"",{at["between"]},'
            f"IF(AND(COUNT({times.start},{times.end})=2,{times.end}>{times.start}),"
            f"({times.end}-{times.start})/7*12/{year},"
            f'IF(COUNT({times.weeks})=1,{times.weeks}*12/{year},"not known"))))'
        ),
        "ratio": (
            f'IF({at["unit"]}<>"months","",IF(OR(COUNT({gain})=0,COUNT({months})=0),"not known",'
            f'IF({months}>0,{gain}/{months},"not known")))'
        ),
        "word": (
            f'IF(COUNT({ratio})=0,"",'
            f'IF({ratio}<=0,"no gain",LOOKUP(ROUND({ratio},10),{starts},{words})))'
        ),
        "beyond": (
            f'IF({at["scale"]}<>"standard score","",'
            f'IF(OR(COUNT({gain})=0,COUNT({band})=0),"not known",'
            f'IF(ABS({gain})>{band},"yes","no")))'
        ),
        "percent": (
            f'IF(COUNT({measured},{met})<2,"not known",'
            f'IF(OR({measured}<=0,{met}>{measured}),"not known",{met}*100/{measured}))'
        ),
    }
    return {key: f'=IF({used}=0,"",{formula})' for key, formula in found.items()}
