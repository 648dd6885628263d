"""Finding children in long writing, without crying wolf at scholars, places and programmes.

An essay names people all the time: Norwich (2014), as Bandura notes, St James Primary. So names are
looked for after citations, references and named programmes have been set aside (`citations.py`).
Cells of a map are looked at in `guard.py`; both take the same `cleared`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lti_tool.privacy.citations import set_aside
from lti_tool.privacy.guard import (
    clear_key,
    is_cleared,
    without_interventions,
)
from lti_tool.privacy.people import (
    WORD,
    is_ordinary,
    is_public,
    names_in,
    said_after,
    whole_name,
)
from lti_tool.privacy.person_shapes import (
    CODE,
    EMAIL,
    TITLE,
    UPN,
    is_initials,
)
from lti_tool.privacy.words import GuardWords

_INSTEAD = "Write “a pupil” or the group instead, or say that this is not a child."
_REASONS = {
    "name": "This looks like a child’s name. " + _INSTEAD,
    "initials": "These look like a child’s initials. " + _INSTEAD,
    "code": "This looks like a code for one pupil. Write about the group instead, or say that this "
    "is not a child.",
    "adult": "This names an adult. Write the role, such as class teacher, or say that nobody is "
    "named here.",
    "upn": "This looks like a unique pupil number. Take it out.",
    "birth": "This looks like a date of birth. Take it out; a year group says enough.",
    "email": "This is an e-mail address. Take it out.",
    "phone": "This looks like a phone number. Take it out, or say that it is none.",
}
_HARD = frozenset({"upn", "birth", "email"})
_DATE = (
    r"\d{1,2}(?:st|nd|rd|th)?\s*(?:[/.-]\s*\d{1,2}\s*[/.-]|(?:of\s+)?[A-Za-z]{3,9}\.?,?)\s*\d{2,4}"
)
_BIRTH = re.compile(
    rf"\b(?:d\.?\s?o\.?\s?b\b\.?|date of birth|birth ?date|birthday|born)\W{{0,3}}"
    rf"(?:(?:is|was|on|the)\W+){{0,3}}{_DATE}",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?<![\w/.-])(?:\+44\s?\(?0?\)?\s?|\(?0)(?:[1237]\d)(?:[\s()-]?\d){7,8}(?![\w/])"
)
_CALLED = re.compile(
    r"\b(?i:pupil|child|boy|girl|student|learner|son|daughter|brother|sister|twin|lad|peer|friend)"
    r"(?:\s+(?:in|from)\s+(?:(?:Y(?:ea)?r?\s?|[Cc]lass\s)\w+|Reception|Nursery))?"
    r"(?:,?\s+(?i:who is|whom (?:we|I) (?:will |shall )?call|(?:we|I) (?:will |shall )?call"
    rf"|called|named|known as))?,?\s+\(?(?P<name>{WORD}|[A-Z]\.?\s?[A-Z]\.?(?![a-z]))"
)
_NAMED = re.compile(rf"\b(?:called|named|nicknamed)\s+(?P<name>{WORD})")
_DOTTED = re.compile(r"(?<![\w.])[A-Z]\.\s?[A-Z]\.(?:\s?[A-Z]\.)?(?!\w)")
_BARE = re.compile(
    r"(?<![\w.&/])(?P<name>[A-Z]{2,3})(?:['’]s)?(?=\s*\((?:Y(?:ea)?r?\s?\d|aged)|\s+(?:in|from) "
    r"(?:Y(?:ea)?r?\s?\d|Reception)|\s+(?:in|from) [Cc]lass\b)"
    r"|(?<![\w.&/])(?P<owner>[A-Z]{2})['’]s\s+(?:mother|mum|father|dad|parents?|carers?|family"
    r"|sister|brother|progress|reading|spelling|targets?|confidence)\b"
)
_TITLED = re.compile(TITLE.pattern + rf"(?: (?!and\b){WORD}){{0,2}}")
_URL = re.compile(r"\b(?:https?://|www\.)[^\s)>\]]+|\bdoi:?\s?\S+", re.I)
_NO_INITIALS = frozenset({"U.K.", "U.S.", "E.U.", "N.B.", "A.M.", "P.M.", "Q.C.", "K.C.", "U.N."})
_NO_OWNERS = frozenset({"GP", "MP", "EU", "US", "UN", "AP", "HR", "DH", "HT", "AI", "IQ", "PM"})


@dataclass(frozen=True)
class Found:
    """Something in a text that looks like a child.

    `text` is the very words, `kind` one of name, initials, code, adult, upn, birth, email, phone,
    `reason` a sentence. `clear_key` goes into `cleared` where `can_clear`.
    """

    text: str
    kind: str
    reason: str

    @property
    def clear_key(self) -> str:
        """What stands for the text in a form and in what is remembered; keeps no name."""
        return clear_key(self.text)

    @property
    def can_clear(self) -> bool:
        """Whether "this is not a child" may be said of it."""
        return self.kind not in _HARD


def find_in_prose(text: str, words: GuardWords, cleared: frozenset[str]) -> list[Found]:
    """Look through long writing, plain or with light markup.

    :param cleared: texts, or keys of them, that are no child's name.
    :return: each finding once, in the order of the text.
    """
    found: dict[tuple[str, str], tuple[int, Found]] = {}
    for at, kind, very in _all(text, words, cleared):
        very = re.sub(r"\s+", " ", very).strip(" ,.;:(") if kind != "initials" else very.strip()
        if kind not in _HARD and (is_cleared(very, cleared) or not very):
            continue
        found.setdefault((kind, very.casefold()), (at, Found(very, kind, _REASONS[kind])))
    return [one for _, one in sorted(found.values(), key=lambda pair: pair[0])]


def _all(text: str, words: GuardWords, cleared: frozenset[str]) -> Iterator[tuple[int, str, str]]:
    for kind, pattern in (("upn", UPN), ("email", EMAIL), ("birth", _BIRTH), ("phone", _PHONE)):
        for match in pattern.finditer(text):
            yield match.start(), kind, match[0]
    rest, cited = set_aside(_URL.sub(_blank, EMAIL.sub(_blank, text)))
    rest = _without(rest, words, cleared)
    for match in _TITLED.finditer(rest):
        yield match.start(), "adult", re.sub(r"['’]s?$", "", match[0])
    rest = _TITLED.sub(_blank, rest)
    for match in CODE.finditer(rest):
        yield match.start(), "code", match[0]
    yield from _initials(rest, words)
    yield from _called(rest, words)
    yield from _names(rest, words, cited)


def _blank(found: re.Match[str]) -> str:
    """Spaces in place of what was set aside, so that places in the text stay."""
    return " " * len(found[0])


def _without(text: str, words: GuardWords, cleared: frozenset[str]) -> str:
    """The text with programmes blanked, and phrases that were said to be no child."""
    for phrase in cleared:
        if " " in phrase:
            text = re.sub(rf"(?<!\w){re.escape(phrase)}(?!\w)", _blank, text, flags=re.I)
    return without_interventions(text, words, _blank)


def _initials(text: str, words: GuardWords) -> Iterator[tuple[int, str, str]]:
    for match in _DOTTED.finditer(text):
        after = re.match(rf"\s+(?P<next>{WORD})", text[match.end() :])
        surname = after and not re.match(r"(?:Y(?:ea)?r?\d?|Reception|KS\d)$", after["next"])
        before = re.search(
            r"(?<![A-Za-z’'-])[A-Za-z’'-]+,\s*$", text[max(0, match.start() - 40) : match.start()]
        )
        if match[0].replace(" ", "") in _NO_INITIALS or before:
            continue
        if is_initials(match[0], words) and not (surname and after and len(after["next"]) > 2):
            yield match.start(), "initials", match[0]
    for match in _BARE.finditer(text):
        letters = match["name"] or match["owner"]
        if is_initials(letters, words) and letters not in _NO_OWNERS:
            yield match.start(), "initials", letters
    for match in re.finditer(r"(?<![\w.&/])(?P<name>[A-Z]{2})(?=\s)", text):
        if is_initials(match["name"], words) and said_after(text, match.end(), words):
            yield match.start(), "initials", match["name"]


def _called(text: str, words: GuardWords) -> Iterator[tuple[int, str, str]]:
    """'A boy called Amir', 'one child, Xanthe,': a capital straight after the word for a child."""
    for pattern in (_CALLED, _NAMED):
        for match in pattern.finditer(text):
            name = match["name"]
            said = pattern is _NAMED or re.search(r"\b(?:call|called|named|known)\b", match[0])
            if re.fullmatch(r"[A-Z]\.?\s?[A-Z]\.?", name):
                if is_initials(name, words):
                    yield match.start("name"), "initials", name
            elif not _is_no_name(name, words) and (said or not is_public(text, match.end(), words)):
                begin, end = whole_name(text, match.start("name"), match.end("name"), words)
                if said or "," in match[0] or "(" in match[0] or text[begin:end] == name:
                    yield begin, "name", text[begin:end]


def _is_no_name(name: str, words: GuardWords) -> bool:
    return is_ordinary(name, words) or name.isupper()


def _names(text: str, words: GuardWords, cited: frozenset[str]) -> Iterator[tuple[int, str, str]]:
    for at, name, _ in names_in(text, words, cited):
        yield at, "name", name
