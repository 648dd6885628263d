"""School days and school weeks: what letters to schools and nudges are counted in.

Terms come from `config/rules/terms.yaml`, bank holidays from the library `holidays`. Beyond the
terms that are given every Monday to Friday counts, so that a file nobody brought up to date makes
a link shorter and never endless. Pure but for `load_terms`.
"""

import itertools
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from lti_tool.core.errors import Unusable
from lti_tool.core.yaml_text import read_config
from lti_tool.coursework.calendar import Calendar
from lti_tool.web.forms import LONDON

_FILE = "config/rules/terms.yaml"
_FIELDS = {"name", "first", "last", "half_term"}
_ONE_DAY = timedelta(days=1)
_NO_CLOSURES = Calendar()


@dataclass(frozen=True, slots=True)
class Term:
    """One school term, its first and last day included."""

    name: str
    first: date
    last: date
    half_term: tuple[date, date] | None


@dataclass(frozen=True, slots=True)
class Terms:
    """All terms that are known, in order."""

    terms: tuple[Term, ...] = ()

    def why_closed(self, day: date) -> str | None:
        """Why schools are closed on a day, in words; None on a school day."""
        closed = _NO_CLOSURES.why_closed(day)
        if closed is not None:
            return closed
        if not self.terms or not self.terms[0].first <= day <= self.terms[-1].last:
            return None
        term = next((one for one in self.terms if one.first <= day <= one.last), None)
        if term is None:
            return "school holidays"
        if term.half_term and term.half_term[0] <= day <= term.half_term[1]:
            return "half-term"
        return None

    def is_school_day(self, day: date) -> bool:
        """Whether schools are open on a day."""
        return self.why_closed(day) is None


def add_school_days(day: date, count: int, terms: Terms) -> date:
    """The school day that is `count` school days after a day, which itself is never counted."""
    while count:
        day += _ONE_DAY
        count -= terms.is_school_day(day)
    return day


def school_days_between(first: date, last: date, terms: Terms) -> int:
    """How many school days lie after `first`, up to and with `last`; 0 where `last` is no later."""
    span = (last - first).days
    return sum(terms.is_school_day(first + timedelta(days=n)) for n in range(1, span + 1))


def school_weeks_between(first: date, last: date, terms: Terms) -> int:
    """Whole school weeks, five school days each, that have passed between two days."""
    return school_days_between(first, last, terms) // 5


def end_of_school_days(at: datetime, count: int, terms: Terms) -> datetime:
    """The end, on a clock in England, of the day that is `count` school days after a moment."""
    day = add_school_days(at.astimezone(LONDON).date(), count, terms)
    return datetime.combine(day, time(23, 59, 59), LONDON)


def _wrong(number: int, sentence: str) -> Unusable:
    return Unusable(f"{_FILE}, term {number}: {sentence}")


def _term(number: int, given: Any) -> Term:
    if (
        not isinstance(given, dict)
        or set(given) - _FIELDS
        or not {"name", "first", "last"} <= set(given)
    ):
        raise _wrong(number, "it holds name, first, last and perhaps half_term, nothing else.")
    half = given.get("half_term")
    days = [given["first"], given["last"], *(half or ())]
    if half is not None and (not isinstance(half, list) or len(half) != 2):
        raise _wrong(number, "half_term is a list of its first and its last day.")
    if any(type(day) is not date for day in days):
        raise _wrong(number, "every day is written like 2026-09-01.")
    first, last, *holiday = days
    if last <= first or (last - first).days > 200:
        raise _wrong(number, "its last day must come after its first, in the same school year.")
    if holiday and not first <= holiday[0] <= holiday[1] <= last:
        raise _wrong(number, "half_term must lie within the term.")
    return Term(str(given["name"]), first, last, (holiday[0], holiday[1]) if holiday else None)


@cache
def load_terms(config_dir: Path) -> Terms:
    """The school terms, read once.

    :raises Unusable: naming the term of `rules/terms.yaml` that is wrong, and what is.
    """
    document = read_config(config_dir / "rules" / "terms.yaml")
    if not isinstance(document, dict) or not isinstance(document.get("terms"), list):
        raise Unusable(f"{_FILE} must hold a list of “terms”; use [] for none.")
    found = tuple(_term(number, one) for number, one in enumerate(document["terms"], 1))
    for before, after in itertools.pairwise(found):
        if after.first <= before.last:
            raise Unusable(f"{_FILE}: “{after.name}” begins before “{before.name}” has ended.")
    return Terms(found)
