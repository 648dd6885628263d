"""Finding children in long writing, without crying wolf at scholars, places and programmes.

An essay names people all the time: Norwich (2014), as Bandura notes, St James Primary. So names are
looked for after citations, references and named programmes have been set aside (`citations.py`).
Cells of a map are looked at in `guard.py`; both take the same `cleared`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lti_tool.activities.provision_map_audit.privacy.citations import set_aside
from lti_tool.activities.provision_map_audit.privacy.guard import (
    clear_key,
    is_cleared,
    without_interventions,
)
from lti_tool.activities.provision_map_audit.privacy.person_shapes import (
    CODE,
    EMAIL,
    TITLE,
    UPN,
    is_initials,
)
from lti_tool.activities.provision_map_audit.words import Words

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
_WORD = r"[A-ZÀ-ÖØ-Þ][A-Za-zÀ-ÖØ-öø-ÿ]*(?:['’-][A-ZÀ-ÖØ-Þa-z][A-Za-zÀ-ÖØ-öø-ÿ]+)*"
_CAPITAL = re.compile(rf"(?<![\w@.’'-]){_WORD}(?:\.(?=[A-Z]))?")
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
    r"(?:,?\s+(?i:who is|whom (?:we|I) (?:will |shall )?call|(?:we|I) (?:will |shall )?call"
    rf"|called|named|known as))?,?\s+\(?(?P<name>{_WORD}|[A-Z]\.?\s?[A-Z]\.?(?![a-z]))"
)
_NAMED = re.compile(rf"\b(?:called|named|nicknamed)\s+(?P<name>{_WORD})")
_DOTTED = re.compile(r"(?<![\w.])[A-Z]\.\s?[A-Z]\.(?:\s?[A-Z]\.)?(?!\w)")
_BARE = re.compile(
    r"(?<![\w.&/])(?P<name>[A-Z]{2,3})(?:['’]s)?(?=\s*\((?:Y(?:ea)?r?\s?\d|aged)|\s+(?:in|from) "
    r"(?:Y(?:ea)?r?\s?\d|Reception)|\s+(?:in|from) [Cc]lass\b)"
)
_OWNS = (
    r"['’]s\s+(?:own\s+)?(?:progress|needs?|mother|mum|father|dad|parents?|carers?|family|ehcp?|plan"
    r"|reading|spelling|writing|targets?|attendance|behaviour|case|scores?|confidence|attainment"
    r"|class|teacher|ta|support|provision|profile|diagnosis|anxiety|speech|language|autism|adhd)\b"
)
_NO_INITIALS = frozenset({"U.K.", "U.S.", "E.U.", "N.B.", "A.M.", "P.M.", "Q.C.", "K.C.", "U.N."})
_MONTHS = frozenset({"april", "may", "june", "august"})


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


def find_in_prose(text: str, words: Words, cleared: frozenset[str]) -> list[Found]:
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


def _all(text: str, words: Words, cleared: frozenset[str]) -> Iterator[tuple[int, str, str]]:
    for kind, pattern in (("upn", UPN), ("email", EMAIL), ("birth", _BIRTH), ("phone", _PHONE)):
        for match in pattern.finditer(text):
            yield match.start(), kind, match[0]
    rest, cited = set_aside(EMAIL.sub(_blank, text))
    rest = _without(rest, words, cleared)
    for match in TITLE.finditer(rest):
        yield match.start(), "adult", match[0]
    rest = TITLE.sub(_blank, rest)
    for match in CODE.finditer(rest):
        yield match.start(), "code", match[0]
    yield from _initials(rest, words)
    yield from _called(rest, words)
    yield from _names(rest, words, cited)


def _blank(found: re.Match[str]) -> str:
    """Spaces in place of what was set aside, so that places in the text stay."""
    return " " * len(found[0])


def _without(text: str, words: Words, cleared: frozenset[str]) -> str:
    """The text with programmes blanked, and phrases that were said to be no child."""
    for phrase in cleared:
        if " " in phrase:
            text = re.sub(rf"(?<!\w){re.escape(phrase)}(?!\w)", _blank, text, flags=re.I)
    return without_interventions(text, words, _blank)


def _initials(text: str, words: Words) -> Iterator[tuple[int, str, str]]:
    for match in _DOTTED.finditer(text):
        after = re.match(rf"\s+(?P<next>{_WORD})", text[match.end() :])
        surname = after and not re.match(r"(?:Y(?:ea)?r?\d?|Reception|KS\d)$", after["next"])
        before = re.search(r"[A-Za-z’'-]+,\s*$", text[max(0, match.start() - 40) : match.start()])
        if match[0].replace(" ", "") in _NO_INITIALS or before:
            continue
        if is_initials(match[0], words) and not (surname and after and len(after["next"]) > 2):
            yield match.start(), "initials", match[0]
    for match in _BARE.finditer(text):
        if is_initials(match["name"], words):
            yield match.start(), "initials", match["name"]
    for match in re.finditer(r"(?<![\w.&/])(?P<name>[A-Z]{2})(?=\s)", text):
        if is_initials(match["name"], words) and _said_after(text, match.end(), words):
            yield match.start(), "initials", match["name"]


def _called(text: str, words: Words) -> Iterator[tuple[int, str, str]]:
    """'A boy called Amir', 'one child, Xanthe,': a capital straight after the word for a child."""
    for pattern in (_CALLED, _NAMED):
        for match in pattern.finditer(text):
            name = match["name"]
            said = pattern is _NAMED or re.search(r"\b(?:call|called|named|known)\b", match[0])
            if re.fullmatch(r"[A-Z]\.?\s?[A-Z]\.?", name):
                if is_initials(name, words):
                    yield match.start("name"), "initials", name
            elif not _is_ordinary(name, words) and (said or not _public(text, match.end(), words)):
                if said or name == _whole_name(text, match.start("name"), match.end("name"))[0]:
                    yield match.start("name"), "name", name


def _is_ordinary(name: str, words: Words) -> bool:
    folded = re.sub(r"['’]s$", "", name).casefold()
    return (
        folded in words.school_words
        or folded in words.writing.no_names
        or folded in words.writing.after_a_name
        or name.isupper()
        or (folded.endswith("s") and folded[:-1] in words.school_words | words.writing.no_names)
    )


def _names(text: str, words: Words, cited: frozenset[str]) -> Iterator[tuple[int, str, str]]:
    lower = frozenset(re.findall(r"(?<![A-Za-z])[a-z]{3,}", text))
    for match in _CAPITAL.finditer(text):
        word = re.sub(r"['’]s?$", "", match[0])
        folded = word.casefold()
        if len(word) < 2 or (word.isupper() and folded not in words.first_names):
            continue
        if _is_name(text, match, word, words, cited, lower):
            name, end = _whole_name(text, match.start(), match.start() + len(word))
            scholar = name.split()[-1].casefold() in cited | words.writing.authors
            if (scholar and " " in name) or _public(text, end, words):
                continue
            yield match.start(), "name", name


def _is_name(
    text: str,
    match: re.Match[str],
    word: str,
    words: Words,
    cited: frozenset[str],
    lower: frozenset[str],
) -> bool:
    """Whether one word with a capital is taken for a child's first name."""
    folded = word.casefold()
    end = match.start() + len(word)
    if re.search(r"\b(?:St|Saint)\.?\s+$", text[max(0, match.start() - 10) : match.start()]):
        return False
    of_child = _said_after(text, end, words) or re.match(_OWNS, text[end:], re.I)
    if folded in words.first_names:
        scholar = folded in cited or folded in words.writing.authors
        cites = _cites_after(text, end, words)
        named = not scholar or _has_surname(text, end, folded, words)
        return bool(scholar and of_child) or (named and not cites)
    if folded in words.weak_names:
        return bool(of_child and folded not in words.school_words) or _has_surname(
            text, end, folded, words
        )
    known = folded in cited or folded in words.writing.authors or folded in lower
    return bool(of_child) and not known and not _is_ordinary(word, words) and word.isalpha()


def _has_surname(text: str, end: int, folded: str, words: Words) -> bool:
    """'Grace Carter' anywhere; not 'Reading Age', 'May Half' or 'Will Ofsted'."""
    after = re.match(rf" (?P<next>{_WORD})", text[end:])
    if not after or folded in words.school_words or folded in _MONTHS:
        return False
    following = re.sub(r"['’]s$", "", after["next"])
    ordinary = _is_ordinary(following, words) or following.casefold() in words.writing.authors
    return len(following) > 2 and not ordinary


def _whole_name(text: str, start: int, end: int) -> tuple[str, int]:
    """The first name with the surname or initial that follows it, and where it ends."""
    after = re.match(rf" (?:{_WORD}(?: {_WORD})?|[A-Z]\b\.?)", text[end:])
    if not after:
        return text[start:end], end
    whole = re.sub(r"['’]s$", "", text[start:end] + after[0])
    return whole, start + len(whole)


@lru_cache(maxsize=8)
def _phrases(phrases: tuple[str, ...]) -> re.Pattern[str]:
    choices = "|".join(re.escape(one) for one in phrases)
    return re.compile(rf"(?:\s*\([^()]*\)|,[^,.;]{{1,40}},)?\s*,?\s+(?:{choices})\b", re.I)


def _said_after(text: str, end: int, words: Words) -> bool:
    """Whether what follows is said of a child: 'struggles', 'finds phonics hard'."""
    after = text[end : end + 120]
    if re.match(
        r"\s*\((?:Y(?:ea)?r?\s?\d|[Aa]ged?\b|Reception)|\s+(?:in|from) Y(?:ea)?r?\s?\d", after
    ):
        return True
    if re.match(
        r"\s+(?:still\s+|often\s+|also\s+)?(?:finds|found)\s+(?!that)(?:[\w-]+\s+){0,5}"
        r"(?:hard|difficult|tricky|challenging|easy|overwhelming|tiring)",
        after,
    ):
        return True
    return bool(_phrases(words.writing.said_of_pupils).match(after))


def _cites_after(text: str, end: int, words: Words) -> bool:
    """Whether what follows is what scholars do: 'argues', 'suggests'; one more name may stand."""
    after = re.sub(rf"^(?: {_WORD}){{1,2}}", "", text[end : end + 120])
    return bool(
        _phrases(words.writing.scholars).match(after)
        or re.match(r"['’]s?\s+(?:theory|model|work|study|research|hierarchy|framework)\b", after)
    )


def _public(text: str, end: int, words: Words) -> bool:
    """Whether a name goes on as a place, a school, a test or a report: 'Victoria Road'."""
    after = re.match(
        rf"(?:['’]s)?(?: (?:of |the |and )?{_WORD}){{1,4}}", " " + text[end:].lstrip(" ")
    )
    tokens = re.findall(r"[a-z]+", after[0].casefold()) if after else []
    # The name may have been taken together with the telling word.
    tokens += re.findall(r"[a-z]+", text[max(0, end - 40) : end].casefold())[-1:]
    return any(token in words.writing.after_a_name for token in tokens)
