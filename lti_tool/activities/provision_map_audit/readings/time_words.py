"""Taking a text about time apart: clock times, hours and minutes, sessions a week.

Each function takes what it understands out of the text, puts it into the parts, and returns the
rest, so that the caller can see whether any number stayed unexplained. Called by `time.py`.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from lti_tool.activities.provision_map_audit.readings.reading import short, unfraction
from lti_tool.activities.provision_map_audit.words import SchoolYear, fold

if TYPE_CHECKING:
    from lti_tool.activities.provision_map_audit.readings.time_parts import TimeParts

_N = r"(?<!\d)(\d+(?:\.\d+)?)"
_NUMBER_WORDS = {
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
    "ten": "10",
    "eleven": "11",
    "twelve": "12",
    "fifteen": "15",
    "twenty": "20",
    "thirty": "30",
    "forty": "40",
    "sixty": "60",
    "once": "1 x",
    "twice": "2 x",
    "thrice": "3 x",
}
_NUMBER_WORD = re.compile(r"\b(?:" + "|".join(_NUMBER_WORDS) + r")\b")
_SPOKEN = (
    (r"\bhalf (?:a|of a|of the) term\b", "half term"),
    (r"\bthree[- ]?quarters? of an hour\b|\b(?:0\.75|3/4) (?:of )?(?:an )?hour\b", "45 min"),
    (r"\b(?:an |one |1 )?hour and a half\b|\b(?:one|1) and a half hours?\b", "90 min"),
    (r"\b(?:two|2) and a half hours?\b", "150 min"),
    (r"\b(?:a )?quarter (?:of )?(?:an )?hour\b", "15 min"),
    (r"\bhalf[- ]?(?:an? )?(?:hours?|hr)\b|\b1/2 ?(?:an? )?(?:hours?|hrs?)\b", "30 min"),
    (r"\b1/4 ?(?:an? )?(?:hours?|hrs?)\b", "15 min"),
    (r"\b3/4 ?(?:an? )?(?:hours?|hrs?)\b", "45 min"),
    (r"\ban? (?:hour|hr)\b(?! ?(?:a|per) )", "1 hour"),
)
_DAY = r"(?:mon|tue|wed|thu|fri)(?:s|rs?|day|sday|nesday|rsday|days)?\b"
_ORDER = ("mon", "tue", "wed", "thu", "fri")
_EXCEPT = r"\b(?:except|excluding|not|apart from|other than|without|bar)\b"
_FREE_DAYS = re.compile(
    rf"{_EXCEPT}\s*(?:(?:for|on|including)\s+)?((?:{_DAY})(?:\s*(?:,|&|/|-|\band\b|\bor\b|\bto\b)"
    rf"\s*{_DAY})*)"
)


def tidy(text: str) -> tuple[str, bool]:
    """Fold the text, write number words as figures; also whether it says 'about'."""
    rest = fold(unfraction(text)).replace("×", "x").replace("*", "x").replace("@", " x ")
    rest = re.sub(r"\b(aut\w*|spr\w*|sum\w*)\s*(?:term)?\s*1\s*-\s*2\b", r"\1 1 & 2", rest)
    rest = re.sub(r"\b(?:key stage|ks|year|yr|y)\s*\d{1,2}(?:\s*[/&-]\s*\d)?\b", " ", rest)
    for pattern, plain_words in _SPOKEN:
        rest = re.sub(pattern, plain_words, rest)
    rest = _NUMBER_WORD.sub(lambda found: _NUMBER_WORDS[found[0]], rest)
    about = re.search(r"\b(?:about|approx(?:imately)?|around|roughly|circa)\b\.?|~", rest)
    rest = re.sub(r"\b(?:about|approx(?:imately)?|around|roughly|circa)\b\.?|~", " ", rest)
    return re.sub(r"\s+", " ", rest).strip(), bool(about)


def take_clock(rest: str, parts: TimeParts, wanted: bool) -> str:
    """'9:00-9:30' is 30 minutes; '00:45' is 45 minutes where a length is expected."""
    span = re.search(
        r"(\d{1,2})[:.](\d{2})\s*(?:am|pm)?\s*(?:-|to|until|till)\s*(\d{1,2})[:.](\d{2})\s*(?:am|pm)?",
        rest,
    )
    if span:
        begin, end = (int(span[1]) * 60 + int(span[2]), int(span[3]) * 60 + int(span[4]))
        length = (end - begin) % 720
        if 0 < length <= 420:
            parts.minutes = Decimal(length)
            parts.notes.append("We took the length from the clock times.")
            return rest.replace(span[0], " M ")
    single = re.fullmatch(r"(\d{1,2}):(\d{2})(?::00)?\s*(?:hours?|hrs?|h)?", rest)
    if single and wanted:
        parts.minutes = Decimal(int(single[1]) * 60 + int(single[2]))
        return " "
    return rest


def take_minutes(rest: str, parts: TimeParts) -> str:
    """Take the first length out: '1hr 15', '30 mins', '45 m'. A second length stays unexplained."""
    hours = re.search(
        _N + r"\s*-?\s*(?:hours?|hrs?|h)(?![a-z])\.?(?:\s*(?:and|&|,)?\s*(?:(\d{1,2})\s*"
        r"(?:minutes?|mins?|m)(?![a-z])\.?|(\d{2})(?!\s*(?:x|times|sess|days?|wks|weeks|per|/|:|\.|\d))))?",
        rest,
    )
    if hours and parts.minutes is None:
        extra = hours[2] or hours[3] or "0"
        parts.minutes = Decimal(hours[1]) * 60 + Decimal(extra)
        return rest[: hours.start()] + " M " + rest[hours.end() :]
    minutes = re.search(_N + r"\s*-?\s*(?:minutes?|mintues?|mins?|mns?|m|'|′)(?![a-z])\.?", rest)
    if minutes and parts.minutes is None:
        parts.minutes = Decimal(minutes[1])
        return rest[: minutes.start()] + " M " + rest[minutes.end() :]
    return rest


def take_sessions(
    rest: str, parts: TimeParts, expected: str, year: SchoolYear
) -> tuple[str, str | None]:
    """Take the number of sessions a week out; the second part is the problem, if any."""
    if re.search(r"\bmonth|\bhalf[- ]?term|\btermly\b|per term|\bper year|annual|yearly", rest):
        return rest, (
            "This is not a weekly pattern. Type the sessions in an average week, for example 0.25 "
            "for one session every four weeks."
        )
    if re.search(r"\bbi-?weekly\b", rest):
        return rest, (
            "This may mean twice a week or once a fortnight. Type the sessions in one week, for "
            "example 2 or 0.5."
        )
    rest, in_all = _take_in_all(rest, parts)
    if in_all:
        return rest, None
    rest, fortnightly = _sub(
        r"\b(?:fortnightly|every other week|every 2 weeks|(?:per|a|each|every) fortnight|"
        r"alternate weeks|fortnight|(?:week|wk) [ab] only)\b",
        rest,
    )
    rest = re.sub(r"(\d)\s*(?:mornings?|afternoons?)\b", r"\1 days", rest)
    rest = re.sub(r"\bam\s*(?:and|&|/|\+)\s*pm\b", "2 x", rest)
    rest, free, trouble = _take_free_days(rest)
    if trouble:
        return rest, trouble
    rest, daily = _sub(
        r"\b(?:daily|every ?day|(?:each|per|a|every) (?:school )?(?:day|morning|afternoon)|"
        r"mornings|afternoons|p/?d|weekdays|all week|mon(?:day)?\s*(?:-|to)\s*fri(?:day)?)\b"
        r"|/ ?day\b",
        rest,
    )
    rest, days = _take_days(rest, daily, free, parts, year)
    rest, day_count = _take_number(rest, _N + r"\s*x?\s*(?:school )?days?\b")
    rest, weekly = _sub(
        r"\b(?:weekly|wkly|(?:per|a|each|every|in a|in the|over the|over a|x|times) ?(?:week|wk)|"
        r"p\.?/?w)\b\.?|/ ?(?:week|wk|w)\b|\b(?:week|wk)\b",
        rest,
    )
    rest, count = _take_count(rest, parts, expected)
    return rest, _combine(
        parts, count, day_count or days, daily, weekly, expected == "sessions", fortnightly, year
    )


def _sub(pattern: str, rest: str) -> tuple[str, bool]:
    changed = re.sub(pattern, " ; ", rest)
    return changed, changed != rest


def _take_in_all(rest: str, parts: TimeParts) -> tuple[str, bool]:
    """'10 sessions in total' is a number in all, not in a week."""
    found = re.search(
        _N + r"\s*x?\s*(?:sessions?|times|lessons?|visits?)?\s*(?:x?\s*M\s*)?"
        r"(?:in total|in all|total|altogether)\b",
        rest,
    )
    if not found:
        return rest, False
    parts.total_sessions = Decimal(found[1])
    return rest.replace(found[0], " "), True


def _take_free_days(rest: str) -> tuple[str, frozenset[str], str | None]:
    """Take the days out that a text leaves out ('not Fri'); the third part is the problem, if any.

    What is left out in other words ('except the last Friday') cannot be counted.
    """
    found = _FREE_DAYS.search(rest)
    if found:
        rest = rest.replace(found[0], " ")
    if re.search(rf"{_EXCEPT}.*\b{_DAY}", rest):
        return (
            rest,
            frozenset(),
            "We cannot tell which days are left out. Type the sessions in one week, for example 4.",
        )
    return rest, _days_in(found[1]) if found else frozenset(), None


def _days_in(text: str) -> frozenset[str]:
    """The named days of a text: three of 'Mon, Wed and Fri', four of 'Mon-Thu'."""
    named = frozenset(day[:3] for day in re.findall(rf"\b{_DAY}", text))
    span = re.search(rf"\b({_DAY})\s*(?:-|to)\s*({_DAY})", text)
    if not span:
        return named
    first, last = (_ORDER.index(day[:3]) for day in span.groups())
    return named.union(_ORDER[first : last + 1]) if first < last else frozenset()


def _take_days(
    rest: str, daily: bool, free: frozenset[str], parts: TimeParts, year: SchoolYear
) -> tuple[str, Decimal | None]:
    """Count named days, or those of a daily text, without the ones that are left out."""
    initials = re.fullmatch(r"[\s;]*((?:m|tu?|w|th|f)(?:\s*[/,&]\s*(?:m|tu?|w|th|f))+)[\s;]*", rest)
    if initials:
        return " ", Decimal(len(set(re.findall(r"[a-z]+", initials[1]))))
    named = _days_in(rest)
    rest = re.sub(rf"\b{_DAY}(?:\s*(?:-|to)\s*{_DAY})?", " ", rest)
    if named:
        return rest, Decimal(len(named - free)) or None
    if not (daily and free):
        return rest, None
    days = year.days_per_week - len(free)
    parts.notes.append(
        f"Daily is {year.days_per_week} days a week; without those left out, {days}."
    )
    return rest, Decimal(days)


def _take_number(rest: str, pattern: str) -> tuple[str, Decimal | None]:
    found = re.search(pattern, rest)
    if not found:
        return rest, None
    return rest[: found.start()] + " " + rest[found.end() :], Decimal(found[1])


_COUNTS = (
    r"\bx\s*" + _N + r"(?:\s*x)?\s*(?=M\b)",
    _N + r"\s*(?:x|times|sessions?|lessons?|slots?)\s*(?:x\s*|of\s*|for\s*)*(?=M\b)",
    r"(?<=M )\s*x\s*" + _N + r"(?:\s*x)?(?:\s*(?:times|sessions?))?",
    r"\bx\s*" + _N + r"(?:\s*(?:times|sessions?))?\b",
    _N + r"\s*x(?![a-z])(?:\s*(?:times|sessions?))?",
    _N + r"\s*(?:times|sessions?|lessons?|slots?|mornings?|afternoons?)\b",
    r"(?:sessions?|times|lessons?)\s*[:x]?\s*" + _N,
    _N + r"\s*(?=;)",
)


def _take_count(rest: str, parts: TimeParts, expected: str) -> tuple[str, Decimal | None]:
    """The number that goes with x, times, sessions or 'a week'."""
    pair = re.fullmatch(_N + r"\s*x\s*" + _N + r"[\s;]*", rest.strip())
    if pair and parts.minutes is None and expected in ("minutes", "schedule"):
        small, large = sorted((Decimal(pair[1]), Decimal(pair[2])))
        if small <= 5 and large >= 10:
            parts.minutes = large
            parts.notes.append("No unit is given; we took the larger number as minutes.")
            return "", small
        return rest, None
    for pattern in _COUNTS:
        rest, count = _take_number(rest, pattern)
        if count is not None:
            return rest, count
    return rest, None


def _combine(
    parts: TimeParts,
    count: Decimal | None,
    days: Decimal | None,
    daily: bool,
    weekly: bool,
    in_week_column: bool,
    fortnightly: bool,
    year: SchoolYear,
) -> str | None:
    """Work out sessions a week from what was found; returns the problem, if any."""
    if days is not None and count is not None and not daily and count != days:
        return (
            f"The cell names {short(str(count))} times and {days} days. Type the sessions in one "
            "week, for example 3."
        )
    if days is not None:
        parts.sessions = days * (count if count is not None and daily else 1)
    elif daily:
        parts.sessions = year.days_per_week * (count or 1)
        parts.notes.append(f"Daily is {year.days_per_week} days a week.")
    elif fortnightly:
        parts.sessions = (count or Decimal(1)) / 2
        parts.notes.append("Once a fortnight is half a session a week.")
    elif count is not None:
        if (not weekly and not in_week_column and count > 5) or count > 10:
            return (
                f"We cannot tell whether {count} is sessions in a week or in all. Type the "
                "sessions in one week, for example 3."
            )
        parts.sessions = count
    elif weekly:
        parts.sessions = Decimal(1)
        parts.is_weekly_total = parts.minutes is not None
    return None
