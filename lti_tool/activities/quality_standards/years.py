"""Academic years: from 1 September to 31 August, named by the year in which they begin. Pure."""

from datetime import date

_FIRST_MONTH = 9


def year_of(day: date) -> int:
    """The academic year a day lies in: 2026 for 1 September 2026 to 31 August 2027."""
    return day.year if day.month >= _FIRST_MONTH else day.year - 1


def days_of(year: int) -> tuple[date, date]:
    """The first and the last day of an academic year."""
    return date(year, _FIRST_MONTH, 1), date(year + 1, _FIRST_MONTH - 1, 31)


def say_year(year: int) -> str:
    """As people write it: 2026/27."""
    return f"{year}/{(year + 1) % 100:02}"
