"""Setting scholars aside in long writing: citations, lists of references and whom they name.

What is set aside is blanked, letter for letter, so that places in the text stay. Called by
`prose.py` alone. An entry of a list of references is known by its own shape, line by line, so that
no heading opens a place where a child could be named unseen.
"""

from __future__ import annotations

import re

from lti_tool.privacy.words import fold

_YEAR = r"(?:(?:19|20)\d{2}[a-z]?|n\.d\.|in press|forthcoming)"
_NAMED_YEAR = re.compile(rf"(?:['’]s?)?(?<!\s)\s*\({_YEAR}(?=[\s,:;)&])[^()]{{0,60}}\)")
_BRACKET = re.compile(r"[(\[]([^()\[\]]{4,400})[)\]]")
_YEAR_IN = re.compile(rf",?(?<!\s)\s*{_YEAR}(?![\w/])")
_TOKEN = re.compile(r"[^\s,]+|,")
_INITIAL = re.compile(r"(?:[A-Z]\.[-\s]?){1,4}|[A-Z]{1,2}")
_SURNAME = re.compile(r"[‘“\"'*_]*[A-ZÀ-Þ][A-Za-zÀ-ÿ'’-]+\.?")
_JOINS = frozenset(
    [
        "and",
        "&",
        "with",
        "et",
        "al",
        "al.",
        "et.",
        "van",
        "von",
        "de",
        "der",
        "den",
        "la",
        "le",
        "du",
        "da",
        "di",
        "others",
        "colleagues",
    ]
)
_LEADS = frozenset(
    [
        "see",
        "also",
        "e.g.",
        "e.g",
        "cf",
        "cf.",
        "cited",
        "in",
        "after",
        "following",
        "for",
        "of",
        "the",
        "eds",
        "eds.",
        "ed.",
    ]
)
# A line that begins as an entry of a list does: Norwich, B. (2014).
_ENTRY = re.compile(
    r"^[\s>*•\d.\[\]-]{0,9}[A-ZÀ-Þ][A-Za-zÀ-ÿ'’-]{1,40}(?:[\s-][A-ZÀ-Þ][A-Za-zÀ-ÿ'’-]{1,40})?,"
    rf"\s?[A-Z]\.[^\n]{{0,160}}?\(?{_YEAR}\)?[^\n]{{0,400}}$",
    re.M,
)
_EDITED = re.compile(r"\b[Ii]n:?\s[A-Z]\.[^\n()]{1,80}\([Ee]ds?\.?\)")


def set_aside(text: str) -> tuple[str, frozenset[str]]:
    """Blank what cites.

    :return: the text, as long as before, and the surnames that were cited, folded.
    """
    cited: set[str] = set()

    def blank(found: re.Match[str]) -> str:
        cited.update(_surnames(found[0]))
        return re.sub(r"[^\n]", " ", found[0])

    def bracket(found: re.Match[str]) -> str:
        return blank(found) if all(map(_is_citation, found[1].split(";"))) else found[0]

    text = _ENTRY.sub(blank, text)
    text = _BRACKET.sub(bracket, _EDITED.sub(blank, _authors_blanked(text, cited)))
    return text, frozenset(cited)


def _authors_blanked(text: str, cited: set[str]) -> str:
    """Blank 'Norwich (2014)', 'Webster et al. (2015, p. 3)', 'Black and Wiliam’s (1998)'."""
    pieces, last = [], 0
    for found in _NAMED_YEAR.finditer(text):
        begin = max(last, _authors_begin(text, max(last, found.start() - 160), found.start()))
        cited.update(_surnames(text[begin : found.start()]))
        pieces += [text[last:begin], re.sub(r"[^\n]", " ", text[begin : found.end()])]
        last = found.end()
    return "".join(pieces) + text[last:]


def _authors_begin(text: str, start: int, end: int) -> int:
    """Where the authors before a year begin: back over surnames, initials and what joins them."""
    begin, surnames = end, 0
    for token in reversed(list(_TOKEN.finditer(text, start, end))):
        word = token[0]
        if "\n" in text[token.end() : begin]:
            break
        if _SURNAME.fullmatch(word) or _INITIAL.fullmatch(word):
            surnames += 1
        elif word != "," and word not in _JOINS:
            break
        begin = token.start()
    return begin if surnames else end


def _is_citation(part: str) -> bool:
    """'see Webster et al., 2015, p. 3': names, then a year; nothing else is said."""
    year = _YEAR_IN.search(part)
    if not year:
        return False
    before = _TOKEN.findall(part[: year.start()])
    named = all(
        word == ","
        or word in _JOINS | _LEADS
        or _SURNAME.fullmatch(word)
        or _INITIAL.fullmatch(word)
        for word in before
    )
    tail = re.sub(
        r"\b(?:cited in|pp?\.|para\.?|ch\.?|chapter|Table|Figure)", " ", part[year.end() :]
    )
    return named and not re.search(r"[a-z]{4}", tail if "cited in" not in part else "")


def _surnames(cited: str) -> set[str]:
    """GuardWords of a citation that may be an author's surname."""
    head = re.split(r"(?:19|20)\d{2}", cited)[0]
    return {fold(word) for word in re.findall(r"[A-ZÀ-Þ][A-Za-zÀ-ÿ'’-]{2,}", head)}
