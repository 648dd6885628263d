"""Reading money: amounts in pounds, and what they are per (an hour, a week, a pupil, a term).

Sums and products that are spelled out ("£40 + £20", "4 x £12") are worked out; a range, a foreign
currency or "plus VAT" is a problem.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from lti_tool.activities.provision_map_audit.readings.reading import (
    Reading,
    could_not_read,
    find_range,
    is_no_figure,
    is_unknown,
    not_known,
    parse_number,
    short,
)
from lti_tool.activities.provision_map_audit.words import Words, fold
from lti_tool.core.numerals import plain

_AMOUNT = r"(?:£\s*)?(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)\s*(k\b|p\b|pence\b)?"
_NUMBER = r"\d[\d,]*(?:\.\d+)?"
_GROUPED = re.compile(r"(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")
_CLASS = re.compile(r"\b(?:ks|year|yr|y|level|wave|tier|key stage)\s*\d{1,2}\b")
_YEAR = re.compile(  # "2026/27", but never an amount: "£2000", "1,2000", "2000 x £3"
    r"(?<![£\d,.*])(?<![£x*] )\b20\d\d(?:[/-]\d\d)?\b(?![,.]?\d)(?!\s*(?:x\b|at\b|[@*]))"
)
_DOTTED = re.compile(r"\bp\s*\.\s*([ahwmpd])\b\.?")  # "p.a.", which is not pence
_ZERO = frozenset(
    [
        "nil",
        "none",
        "free",
        "no",
        "cost",
        "no",
        "additional",
        "cost",
        "no",
        "extra",
        "cost",
        "zero",
        "£nil",
        "£0",
        "0",
        "£-",
        "£",
        "-",
        "no",
        "charge",
        "in",
        "house",
        "in-house",
        "already",
        "owned",
    ]
) | {
    "no cost",
    "no additional cost",
    "no extra cost",
    "no charge",
    "in house",
    "already owned",
    "£ -",
    "none needed",
    "free resource",
    "no additional costs",
    "in school",
    "already in school",
}
_ZERO -= {
    "no",
    "cost",
    "additional",
    "extra",
    "-",
    "£",
    "charge",
    "in",
    "house",
    "already",
    "owned",
}
_PER = (
    ("hour", r"(?:per|an|a|each|/|p/?)\s*(?:hour|hr|h)\b|(?<![a-z])p/?h\b|\bhourly\b"),
    ("session", r"(?:per|a|each|/)\s*(?:session|lesson|visit)\b"),
    ("half term", r"(?:per|a|each|every|/)\s*half[- ]?term\b|\bhalf[- ]?termly\b"),
    ("week", r"(?:per|a|each|every|/)\s*(?:week|wk)\b|(?<![a-z])p/?w\b|\bweekly\b"),
    ("month", r"(?:per|a|each|/)\s*month\b|(?<![a-z])p/?c?m\b|\bmonthly\b"),
    ("term", r"(?:per|a|each|every|/)\s*term\b|\btermly\b"),
    (
        "year",
        r"(?:per|a|each|/)\s*(?:year|yr|annum)\b|(?<![a-z])p/?a\b|\bannual(?:ly)?\b|\byearly\b",
    ),
    (
        "pupil",
        r"(?:per|a|each|/)\s*(?:pupil|child|head|student|chn|place|licence per pupil)\b"
        r"|(?<![a-z])p/?p\b",
    ),
    ("day", r"(?:per|a|/)\s*day\b|\bdaily\b|(?<![a-z])p/?d\b"),
)


@dataclass(frozen=True)
class Money:
    """An amount in pounds. `per` is None for a plain amount, else hour, week, pupil and so on."""

    amount: Decimal
    per: str | None = None

    def said(self) -> str:
        """The amount in words; no rounding."""
        shown = say_pounds(self.amount)
        return f"{shown} per {self.per}" if self.per else shown


def say_pounds(amount: Decimal) -> str:
    """An amount as it would be typed, '£1,234.50' or '£40'; nothing is rounded."""
    whole, _, pence = plain(amount).partition(".")
    return f"£{int(whole):,}" + (f".{pence.ljust(2, '0')}" if pence else "")


def read_rates(text: str, words: Words) -> tuple[Decimal, ...]:
    """Several hourly rates in one cell ('£16.50 + £20', '16.50 / 20'), else an empty tuple."""
    plain_text = re.sub(r"(?:per|/|an?|p)\s*(?:hour|hr|h)\b", " ", fold(text))
    parts = re.split(r"(?:(?<!\s)\s+)?(?:[+&;/,]\s+|[+&;/]\s*)|\band\b", plain_text.strip())
    rates = [read_money(part, words).value for part in parts if part.strip()]
    amounts = tuple(rate.amount for rate in rates if rate and rate.per in (None, "hour"))
    return amounts if len(amounts) == len(rates) > 1 else ()


def read_money(text: str, words: Words, what: str = "the cost") -> Reading[Money]:
    """Read an amount of money in pounds; `what` names it in a sentence."""
    example = "an amount in pounds, for example 40 or £12.50"
    folded = _DOTTED.sub(r"p\1", fold(text))
    if folded.strip(" .") in _ZERO:
        return Reading(Money(Decimal(0)), said="£0")
    if is_unknown(text, words):
        return Reading(None, problem=not_known(text, what, "for example £40"))
    if is_no_figure(folded.replace(",", "")):
        return Reading(None, problem=could_not_read(text, what, example))
    trouble = _refused(folded, text)
    if trouble:
        return Reading(None, problem=trouble)
    per, rest = _take_per(folded)
    if per and " and " in per:
        sentence = f"'{short(text)}' is an amount per {per}. Type the whole amount, such as £40."
        return Reading(None, problem=sentence)
    number = parse_number(rest.replace("£", "").strip()) if rest.count("£") < 2 else None
    if number is not None:
        comma = re.search(r"\d,\d{1,2}$", rest.strip())
        note = "We read the comma as a decimal point." if comma else None
        return _result(number, per, text, note)
    return _from_words(rest, per, text, what, example)


def _refused(folded: str, text: str) -> str | None:
    if re.search(r"[$€]|\busd\b|\beur\b", folded):
        return f"'{short(text)}' is not in pounds. Type the amount in pounds, for example £40."
    if re.search(r"\+\s*vat|plus vat|ex(?:cl)?\.?(?:uding)? vat", folded):
        return f"'{short(text)}' is without VAT. Type the amount your school pays."
    without_commas = re.sub(r"[£]", "", folded)
    if found := find_range(without_commas):
        return f"'{found}' is a range. Type one amount, for example £40."
    if re.search(r"up to|at least|maximum|\bmax\b|\bfrom £|[<>]", folded):
        return f"'{short(text)}' gives a limit, not an amount. Type one amount, for example £40."
    return None


def _take_per(folded: str) -> tuple[str | None, str]:
    found: list[str] = []
    for unit, pattern in _PER:
        if re.search(pattern, folded):
            found.append(unit)
            folded = re.sub(pattern, " ", folded).strip()
    if len(found) > 1 and "year" in found:
        found.remove("year")
    return (" and ".join(found) or None), folded


def _result(number: Decimal, per: str | None, text: str, note: str | None = None) -> Reading[Money]:
    if number < 0:
        return Reading(
            None, problem=f"'{short(text)}' is less than nothing. Type the amount without a minus."
        )
    money = Money(number, per)
    return Reading(money, said=money.said(), note=note)


def _from_words(rest: str, per: str | None, text: str, what: str, example: str) -> Reading[Money]:
    """Amounts among other words. Numbers that are not money make it a problem."""
    rest = "+".join(_without_years(part) for part in _CLASS.sub(" ", rest).split("+"))
    signs = re.sub(r"(£\s*\d[\d,.]*)\s*p(?:ence)?\b", r"\1", re.sub(r"\s+", " ", rest))
    numbers = [number.rstrip(",") for number in re.findall(_NUMBER, signs)]
    if not all(_GROUPED.fullmatch(number) for number in numbers):
        return Reading(None, problem=could_not_read(text, what, example))
    product = re.search(
        r"(?<![\d.£,])(\d+)\s*(?:x|@|\*|at)\s*" + _AMOUNT + r"|£\s*(\d[\d,]*(?:\.\d+)?)\s*"
        r"(?:each\s*)?(?:x|\*)\s*(\d+)",
        signs,
    )
    if product and len(re.findall(r"\d[\d,.]*", signs)) == 2:
        times = Decimal(product[1] or product[5])
        each = _amount(product[2], product[3]) if product[1] else _amount(product[4], None)
        return _result(times * each, per, text, f"We worked out {plain(times)} x £{plain(each)}.")
    pounds = _pounds(signs) or list(re.finditer(_AMOUNT, signs) if _is_bare_sum(signs) else ())
    if len(pounds) == 1 and len(numbers) == 1:
        return _result(_amount(pounds[0][1], pounds[0][2]), per, text)
    if len(pounds) == len(numbers) > 1 and signs.count("+") == len(pounds) - 1:
        total = sum((_amount(m[1], m[2]) for m in pounds), Decimal(0))
        return _result(total, per, text, "We added the amounts up.")
    if not pounds and len(numbers) == 1 and re.match(r"\W*\d[\d,.]*\W*(?:gbp|pounds?)?\W*$", signs):
        return _result(_amount(numbers[0], None), per, text)
    return Reading(None, problem=could_not_read(text, what, example))


def _pounds(text: str) -> list[re.Match[str]]:
    """The numbers in a text that a sign or a unit makes amounts of money."""
    return [m for m in re.finditer(_AMOUNT, text) if m[0].startswith("£") or m[2]]


def _is_bare_sum(text: str) -> bool:
    """'2000 + 50': numbers and plus signs, nothing else."""
    return bool(re.fullmatch(r"[\d,.\s]+(?:\+[\d,.\s]+)+", text))


def _without_years(part: str) -> str:
    """One part of a sum without its years; '2000' is a year only where an amount stands by it."""
    return _YEAR.sub(" ", part) if _pounds(part) else part


def _amount(digits: str, unit: str | None) -> Decimal:
    number = Decimal(digits.replace(",", ""))
    if unit == "k":
        return number * 1000
    return number / 100 if unit in ("p", "pence") else number
