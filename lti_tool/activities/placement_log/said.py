"""How the log says days, lengths and counts, the same on every page and in print."""

from datetime import date, timedelta

_FARTHEST = timedelta(days=2 * 366)


def on_day(day: date | None) -> str:
    """A day as people say it: "Thursday 4 March 2027"."""
    return f"{day:%A} {day.day} {day:%B %Y}" if day else "no date yet"


def iso_day(text: str) -> str:
    """The same of a day kept as text in a document; empty where there is none."""
    return on_day(date.fromisoformat(text)) if text else ""


def why_year_odd(day: date, today: date) -> str | None:
    """What to say of a day so far from today that its year is likelier a slip; None for others."""
    if day < today - _FARTHEST:
        return "Check the year: this was more than two years ago."
    if day > today + _FARTHEST:
        return "Check the year: this is more than two years ahead."
    return None


def say_days(half_days: int) -> str:
    """So many half days, as days: "no day", "half a day", "1 day", "1½ days"."""
    whole, half = divmod(half_days, 2)
    if not half_days:
        return "no day"
    if not whole:
        return "half a day"
    return f"{whole}{'½' if half else ''} day{'' if half_days == 2 else 's'}"


def number_of_days(half_days: int) -> str:
    """The number alone: "0", "½", "1½"."""
    whole, half = divmod(half_days, 2)
    return f"{whole or ('' if half else 0)}{'½' if half else ''}"


def count(number: int, one: str, many: str = "") -> str:
    """A number with its word: "1 meeting", "3 meetings"."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def in_list(words: list[str]) -> str:
    """Words as people list them: "the date, the focus and the school"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
