"""Reading who delivers a provision: roles, how many of each, and a rate typed beside them.

Names of staff are never kept: "Mrs Jones (TA)" is one TA. "TA/HLTA" may mean either or both, so it
is a problem.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from lti_tool.activities.provision_map_audit.readings.money import say_pounds
from lti_tool.activities.provision_map_audit.readings.reading import (
    Reading,
    is_no_figure,
    is_unknown,
    not_known,
    parse_number,
)
from lti_tool.activities.provision_map_audit.rows import StaffShare
from lti_tool.activities.provision_map_audit.words import Words, fold, fold_word_list
from lti_tool.core.numerals import plain

_TITLE = re.compile(
    r"\b(?:mrs|mr|miss|ms|mx|dr|sr|rev)\b\.?\s+(?:[A-Za-z]\.?\s+)?[A-Za-z][A-Za-z'’-]+", re.I
)
_RATE = re.compile(
    r"(?:(?:@|at)\s*|(?<!\s)\s+)?£\s*(\d+(?:\.\d+)?)\s*(?:/|per|an?|p)?\s*(?:hour|hr|h)?\b", re.I
)
_PART_TIME = re.compile(r"\b\d*\.\d*[1-9]\d*\s*(?:fte|full[- ]time equivalent)\b", re.I)
_ASK = "Type the role and how many, for example TA, 2 TAs or TA + HLTA."
_LEFT_OUT = "Words that are no role we know are left out. Check who delivers it."
_UNKNOWN = (
    "We do not know this role. Type the nearest, for example TA, mentor or teacher, or type staff "
    "and an hourly rate, for example staff at £15 an hour."
)


@dataclass(frozen=True)
class StaffReading:
    """Roles that were read, and whether something was left out that may be a person's name."""

    shares: tuple[StaffShare, ...]
    name_left_out: bool = False


def read_staff(text: str, words: Words) -> Reading[StaffReading]:
    """Read a staff cell into roles with numbers.

    What may be a name is left out of value and sentences; only what surely is one is called so.
    """
    if is_unknown(text, words) and fold(text) not in ("n/a", "na"):
        return Reading(None, problem=not_known(text, "who delivers it", "for example TA"))
    if is_no_figure(text):
        return Reading(None, problem="This is too much for one cell. " + _ASK)
    whole = _role(text, words)
    if whole:
        return _done([StaffShare(whole, Decimal(1))], words, None)
    if part := _PART_TIME.search(text):
        return Reading(
            None,
            problem=f"'{part[0]}' is a share of a week's work, not a number of adults in the "
            "room. " + _ASK,
        )
    pieces = _side_by_side(text, words) or [
        piece for piece in re.split(r"\+|&|;|,|\n|\band\b|\bwith\b|\bplus\b", text) if piece.strip()
    ]
    shares: list[StaffShare] = []
    left_out = False
    for piece in pieces:
        share, problem, dropped = _piece(piece, words)
        left_out = left_out or dropped
        if problem:
            return Reading(None, problem=problem)
        if share:
            shares.append(share)
    named = bool(_TITLE.search(text)) or _is_name(fold_word_list(text), words)
    if shares:
        note = "The name of a member of staff is left out." if named else _LEFT_OUT
        return _done(shares, words, note if left_out else None)
    return Reading(None, problem=_why_no_role(is_named=named, left_out=left_out))


def _why_no_role(*, is_named: bool, left_out: bool) -> str:
    if is_named:
        return "This cell names a member of staff. The name is left out. " + _ASK
    return _UNKNOWN if left_out else "We found no role in this cell. " + _ASK


def _side_by_side(text: str, words: Words) -> list[str]:
    """'1 TA 1 HLTA': numbers with a role each and nothing between them; else an empty list."""
    pieces = [
        piece.strip() for piece in re.split(r"(?<!\s)\s+(?=\d+\s*(?:x\s*)?[A-Za-z])", text.strip())
    ]
    counted = [re.fullmatch(r"\d+\s*(?:[x×]\s+)?([A-Za-z ]+)", piece) for piece in pieces]
    known = all(piece and _role(piece[1], words) for piece in counted)
    return pieces if len(pieces) > 1 and known else []


def _done(shares: list[StaffShare], words: Words, note: str | None) -> Reading[StaffReading]:
    merged: dict[tuple[str, Decimal | None], Decimal] = {}
    for share in shares:
        key = (share.role, share.hourly_rate)
        merged[key] = merged.get(key, Decimal(0)) + share.count
    result = tuple(StaffShare(role, count, rate) for (role, rate), count in merged.items())
    return Reading(StaffReading(result, note is not None), say_staff(result, words), note)


def say_staff(shares: tuple[StaffShare, ...], words: Words) -> str:
    """Roles in words: '2 x Teaching assistant, 1 x Teacher at £40 an hour'."""
    said = []
    for share in shares:
        rate = (
            f" at {say_pounds(share.hourly_rate)} an hour" if share.hourly_rate is not None else ""
        )
        label = words.role_labels.get(share.role, share.role)
        said.append(f"{plain(share.count)} x {label}{rate}")
    return ", ".join(said)


def _role(text: str, words: Words) -> str | None:
    folded = fold_word_list(text)
    for candidate in (folded, re.sub(r"s\b", "", folded)):
        if candidate in words.roles:
            return words.roles[candidate]
    return None


def _piece(piece: str, words: Words) -> tuple[StaffShare | None, str | None, bool]:
    """One adult or kind of adult: (share, problem, a name was dropped)."""
    rest = _TITLE.sub(" ", piece)
    dropped = rest != piece
    rate = _RATE.search(rest)
    rest = _RATE.sub(" ", rest, count=1)
    count, rest = _count(rest, words)
    inside = re.search(r"\(([^)]{0,200})\)|[-–:]\s*+([^-–:]+)$", rest)
    candidates = [rest, re.sub(r"\([^)]{0,200}\)", " ", rest)]
    if inside:
        candidates += [inside[1] or inside[2], rest.replace(inside[0], " ")]
    for candidate in candidates:
        role = _role(candidate, words)
        if role:
            hourly = Decimal(rate[1]) if rate else None
            other = fold_word_list(rest.replace(candidate, "", 1))
            return (
                StaffShare(role, count or Decimal(1), hourly),
                None,
                dropped or _is_name(other, words),
            )
    either = re.search(r"/|\bor\b|\\", rest)
    roles = [_role(part, words) for part in re.split(r"/|\bor\b|\\", rest)]
    if either and any(roles):
        if len({role for role in roles if role}) == 1 and all(roles):
            return StaffShare(roles[0] or "", count or Decimal(1)), None, dropped
        labels = " or ".join(words.role_labels[role] for role in roles if role)
        return (
            None,
            f"We cannot tell whether this is one adult or several ({labels}). {_ASK}",
            dropped,
        )
    return _role_inside(rest, count, rate, words, dropped)


def _role_inside(
    rest: str, count: Decimal | None, rate: re.Match[str] | None, words: Words, dropped: bool
) -> tuple[StaffShare | None, str | None, bool]:
    """A role among other words, such as 'Trained TA in Y3' or 'Jo Bell TA'."""
    folded = fold_word_list(re.sub(r"\b(?:year|yr|y|ks)\s*\d{1,2}\b", " ", rest, flags=re.I))
    tokens = folded.split()
    found: list[tuple[str, str]] = []
    for size in range(min(5, len(tokens)), 0, -1):
        for start in range(len(tokens) - size + 1):
            phrase = " ".join(tokens[start : start + size])
            role = words.roles.get(phrase) or (
                len(phrase) > 2 and words.roles.get(phrase.rstrip("s"))
            )
            if role and len(phrase) > 1:
                found.append((phrase, role))
                tokens[start : start + size] = ["|"] * size
    # An "online tutor" is a tutor
    roles = list(dict.fromkeys(r for phrase, r in found if phrase != "online" or len(found) == 1))
    if len(roles) > 1 and "external_specialist" in roles:
        roles.remove("external_specialist")  # "External counsellor" is a counsellor
    left = " ".join(token for token in tokens if token != "|")
    if len(roles) == 1 and not re.search(r"\d", left):
        hourly = Decimal(rate[1]) if rate else None
        return StaffShare(roles[0], count or Decimal(1), hourly), None, dropped or bool(left)
    if roles:
        labels = ", ".join(words.role_labels[role] for role in roles)
        return None, f"We cannot tell how many of each role this is ({labels}). {_ASK}", dropped
    return None, None, dropped or bool(folded)


def _is_name(folded: str, words: Words) -> bool:
    return any(token in words.first_names for token in folded.split())


def _count(rest: str, words: Words) -> tuple[Decimal | None, str]:
    """The number of adults: '2 x TA', 'TA x2', '2 TAs', 'TA (2)', '0.5 TA', 'two TAs'."""
    rest = re.sub(r"\b1\s*:\s*1\b|\b1-1\b|\b1 to 1\b", " ", rest)
    if _role(rest, words):
        return None, rest
    for word, figure in (("one", "1"), ("two", "2"), ("three", "3"), ("four", "4"), ("both", "2")):
        rest = re.sub(rf"\b{word}\b", figure, rest, flags=re.I)
    for pattern in (
        r"^\s*(\d+(?:\.\d+)?|½)\s*(?:x|×|fte|\*)?\s+(?=\D)|^\s*(\d+)\s*(?:x|×|\*)\s*",
        r"^\s*(\d+)(?=[A-Z]{2})",
        r"\s*(?:x|×|\*)\s*(\d+(?:\.\d+)?)\s*$",
        r"\(\s*(?:x\s*)?(\d+(?:\.\d+)?)(?:\s*x)?\s*\)",
    ):
        found = re.search(pattern, rest, re.I)
        if found:
            number = parse_number(next(group for group in found.groups() if group))
            if number and number > 0:
                return number, (rest[: found.start()] + " " + rest[found.end() :]).strip()
    return None, rest
