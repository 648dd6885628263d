"""Figures as people read them: hours, percents, changes and impact in words."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

from lti_tool.activities.provision_map_audit.figures.impact import Impact

NOT_KNOWN = "not known"


def number(value: Decimal | None, places: str = "0.01") -> str:
    """A figure with at most two places: 18, 7.5; 'not known' for None."""
    if value is None:
        return NOT_KNOWN
    text = f"{value.quantize(Decimal(places), rounding=ROUND_HALF_UP):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def hours_known(hours: Decimal, rows: int, rows_without: int) -> str:
    """Hours summed over rows of which some may not tell theirs: 12, 'at least 12', 'not known'."""
    if rows_without >= rows:
        return NOT_KNOWN
    return f"at least {number(hours)}" if rows_without else number(hours)


def percent(value: Decimal | None) -> str:
    """A share with at most one place: 42.5%."""
    return NOT_KNOWN if value is None else f"{number(value, '0.1')}%"


def change(value: Decimal | None, unit: str) -> str:
    """A change with its sign: +9 months, −2 points, no change."""
    if value is None:
        return NOT_KNOWN
    if value == 0:
        return "no change"
    name = unit.removesuffix("s") if abs(value) == 1 else unit
    return f"{'+' if value > 0 else '−'}{number(abs(value))} {name}"


def count(value: int, one: str, many: str | None = None) -> str:
    """A number of things: 1 row, 3 rows."""
    return f"{value:,} {one if value == 1 else many or one + 's'}"


def day(value: dt.date | None) -> str:
    """A day in full: 7 September 2026."""
    return "no date" if value is None else f"{value.day} {value:%B %Y}"


def _months(value: Decimal) -> str:
    text = number(value, "0.1")
    return f"{text} {'month' if text == '1' else 'months'}"


def impact_in_words(found: Impact) -> str:
    """One measure's figures in a line, without its remarks."""
    said = []
    if found.gain is not None:
        said.append(change(found.gain, found.unit))
    if found.months_gained_per_month is not None and found.months is not None:
        gained = _months(found.months_gained_per_month)
        line = f"in {_months(found.months)}: {gained} gained per month"
        said.append(f"{line} ({found.band.label})" if found.band else line)
    if found.beyond_band is not None and found.gain:
        said.append(f"{'beyond' if found.beyond_band else 'within'} the confidence band")
    text = ", ".join(said).replace("months, in", "months in").replace("month, in", "month in")
    if found.met_percent is not None:
        met = f"{percent(found.met_percent)} met the target"
        text = f"{text}; {met}" if text else met
    return text or NOT_KNOWN
