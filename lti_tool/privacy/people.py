"""Names of people in long writing: which capitals are a name, and where the whole of it ends.

Called by `prose.py` with scholars' citations and named programmes already blanked. Taking a name
whole matters: what is left out must leave no part of it behind.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lti_tool.privacy.words import GuardWords

WORD = r"[A-ZÀ-ÖØ-Þ][A-Za-zÀ-ÖØ-öø-ÿ]*(?:['’-][A-ZÀ-ÖØ-Þa-z][A-Za-zÀ-ÖØ-öø-ÿ]+)*"
_CAPITAL = re.compile(rf"(?<![\w@’'-]){WORD}")
_LOWER = re.compile(r"(?<![\w@.’'/-])[a-zà-öø-ÿ]{3,}(?![\w@/-])")
_PARTICLE = r"(?:(?:da|de|del|dos|van|von|der|den|al|bin|ibn|la|le) ){0,2}"
_BEGINS = r"(?<![^\W\d_])"
_NEXT = re.compile(rf" {_PARTICLE}(?:{WORD}|[A-Z]\b)")
_BEFORE = re.compile(rf"(?:{_BEGINS}{WORD} |(?:[A-Z]\. ?){{1,3}})$")
_STARTS = re.compile(r"^[|\n]?[ \t]*+(?:[#>*•-]++|\d+[.)])?[ \t*_]*$")
_ENDS = re.compile(r"[ \t*_]*(?:$|[|\n:–(]|- )")
_OWNS = re.compile(
    r"['’]s?\s+(?:own\s+)?(?:progress|needs?|mother|mum|father|dad|parents?|carers?|family|ehcp?"
    r"|plan|reading|spelling|writing|targets?|attendance|behaviour|case|scores?|confidence"
    r"|attainment|class|teacher|ta|support|provision|profile|diagnosis|anxiety|speech|language"
    r"|autism|adhd|story|journey|voice|views?|friends?|sister|brother|nan|home|desk|timetable)\b",
    re.I,
)
_YEAR = r"(?:Y(?:ea)?r?\s?\d|[Aa]ged?\b|Reception\b|Nursery\b)"
_IN_YEAR = re.compile(rf"\s*[(,]\s*(?:in\s+)?{_YEAR}|\s+(?:in|from) {_YEAR}")
_FINDS = re.compile(
    r"\s+(?:still\s+|often\s+|also\s+)?(?:finds|found)\s+(?!that)(?:[\w-]+\s+){0,5}"
    r"(?:hard|harder|difficult|tricky|challenging|easy|easier|overwhelming|tiring)"
)
_TO = re.compile(
    r"\b(?:for|with|about|asked|met|that|when|because|while|if|told|saw|helped|gave|knows?|to)\s+$"
)
_MONTHS = frozenset({"april", "may", "june", "august"})
_PLACES = frozenset(
    {"india", "jordan", "victoria", "alexandra", "charlotte", "paisley", "preston", "chelsea"}
)


def plain(word: str) -> str:
    """A word for the lists: no accents, no possessive, lower case."""
    bare = re.sub(r"['’]s?$", "", word)
    if not bare.isascii():
        bare = unicodedata.normalize("NFKD", bare.replace("’", "'"))
        bare = "".join(sign for sign in bare if not unicodedata.combining(sign))
    return bare.casefold()


def is_ordinary(name: str, words: GuardWords) -> bool:
    """Whether a word with a capital is one of school or of the beginning of a sentence."""
    folded = plain(name)
    known = words.school_words | words.writing.no_names
    many = folded.endswith("s") and folded[:-1] in known
    return folded in known or folded in words.writing.after_a_name or many


@dataclass(frozen=True)
class _Text:
    """A text under search, with what is known of it."""

    text: str
    words: GuardWords
    cited: frozenset[str]
    lower: frozenset[str]

    def is_first(self, folded: str) -> bool:
        """A first name that is nothing else; 'Lily-Mae' is one though neither part is."""
        words = self.words
        every = words.first_names | words.weak_names
        parts = folded.split("-")
        return folded in words.first_names or (
            len(parts) > 1 and parts[0] in every and not is_ordinary(parts[-1], words)
        )

    def is_scholar(self, folded: str) -> bool:
        return folded in self.cited or folded in self.words.writing.authors


def names_in(text: str, words: GuardWords, cited: frozenset[str]) -> Iterator[tuple[int, str, int]]:
    """Every name: where it begins, its text, where it ends.

    :param cited: surnames cited in this text, folded.
    """
    seen = _Text(text, words, cited, frozenset(re.findall(r"(?<![A-Za-z])[a-z]{3,}", text)))
    last = 0
    for match in _CAPITAL.finditer(text):
        if match.start() < last:
            continue
        word = re.sub(r"['’]s?$", "", match[0])
        end = match.start() + len(word)
        if len(word) < 2 or not _is_name(seen, match.start(), end, word):
            continue
        begin, end = _whole(seen, max(last, match.start() - 90), match.start(), end)
        if not (_is_known_scholar(seen, begin, end) or is_public(text, end, words)):
            last = end
            yield begin, text[begin:end], end
    yield from _small_letters(seen)


def _is_name(seen: _Text, start: int, end: int, word: str) -> bool:
    """Whether one word with a capital is taken for a part of a person's name."""
    text, words, folded = seen.text, seen.words, plain(word)
    if re.search(r"\b(?:St|Saint)\.?\s+$", text[max(0, start - 10) : start]):
        return False
    of_child = said_after(text, end, words) or _OWNS.match(text, end)
    if word.isupper() and len(word) > 1:
        return _is_shouted(seen, end, folded)
    if seen.is_first(folded):
        if seen.is_scholar(folded):
            return bool(of_child) or _stands_alone(seen, start, end) or _has_surname(seen, end)
        return not _cites_after(text, end, words)
    if folded in words.weak_names:
        return _is_weak_name(seen, start, end, folded, bool(of_child))
    if not of_child or seen.is_scholar(folded) or folded in seen.lower or "-" in word:
        return False
    # Governors found it useful: many people, where no list knows the word.
    return not is_ordinary(word, words) and not re.search(r"[^aiosu]s$", folded)


def _is_shouted(seen: _Text, end: int, folded: str) -> bool:
    """TYLER, JACK SMITH; not SEMH, READING AGE."""
    if folded in seen.words.first_names:
        return True
    after = re.match(rf" ({WORD})", seen.text[end : end + 60])
    return bool(
        folded in seen.words.weak_names
        and folded not in seen.words.school_words
        and after
        and plain(after[1]) in seen.words.writing.surnames
    )


def _is_weak_name(seen: _Text, start: int, end: int, folded: str, of_child: bool) -> bool:
    """An everyday word as a name: 'Grace Carter', 'Ruby and Amber', 'support for Jack was'."""
    text, words = seen.text, seen.words
    if _cites_after(text, end, words):
        return False
    if _has_surname(seen, end, weak=folded):
        return True
    if folded in words.school_words | _MONTHS:
        return False
    if of_child or (_stands_alone(seen, start, end) and not seen.is_scholar(folded)):
        return True
    if seen.is_scholar(folded) or re.match(rf" {WORD}", text[end:]):
        return False
    paired = any(_is_any_name(one, words) for one in _neighbours(text, start, end))
    told = paired or _TO.search(text[max(0, start - 12) : start])
    return bool(told) and folded not in _PLACES


def _neighbours(text: str, start: int, end: int) -> list[str]:
    """Single capitals joined to this one by 'and'."""
    after = re.match(rf" (?:and|&) ({WORD})(?! [A-Z])", text[end : end + 60])
    before = re.search(rf"{_BEGINS}({WORD}) (?:and|&) $", text[max(0, start - 60) : start])
    return [found[1] for found in (after, before) if found]


def _is_any_name(word: str, words: GuardWords) -> bool:
    folded = plain(word)
    return folded in words.first_names | words.weak_names and folded not in (
        words.school_words | _MONTHS | words.writing.authors
    )


def _stands_alone(seen: _Text, start: int, end: int) -> bool:
    """A line, a point of a list, a heading or a cell of a table that is this name."""
    start, end = _whole(seen, max(0, start - 60), start, end)
    return _begins(seen.text, start) and bool(_ENDS.match(seen.text, end))


def _begins(text: str, start: int) -> bool:
    """Whether a line, a heading, a point or a cell of a table begins here."""
    line = max(text.rfind(sign, max(0, start - 12), start) for sign in "\n|")
    return (line >= 0 or start <= 12) and bool(_STARTS.search(text[max(line, 0) : start]))


def _has_surname(seen: _Text, end: int, weak: str = "") -> bool:
    """'Grace Carter' anywhere, 'Oliver S.'; not 'Reading Age', 'May Half' or 'Will Ofsted'."""
    after = re.match(rf" ({WORD})", seen.text[end : end + 80])
    if not after:
        return False
    following = re.sub(r"['’]s$", "", after[1])
    folded = plain(following)
    if weak in seen.words.school_words | _MONTHS:
        return folded in seen.words.writing.surnames and not is_ordinary(following, seen.words)
    if len(following) == 1:
        return not weak and following not in "AI"
    ordinary = is_ordinary(following, seen.words) or _quiet_surname(seen, folded)
    return len(following) > 2 and not ordinary and not following.isupper()


def _quiet_surname(seen: _Text, folded: str) -> bool:
    """A scholar's surname that few pupils have."""
    return seen.is_scholar(folded) and folded not in seen.words.writing.surnames


def _whole(seen: _Text, least: int, start: int, end: int) -> tuple[int, int]:
    """Where the name around a word begins and ends: first names, initials, particles, surnames."""
    text, words = seen.text, seen.words
    ordinary = words.school_words | words.writing.no_names
    for _ in range(3):
        after = _NEXT.match(text, end)
        said = after[0].split()[-1] if after else ""
        if not after or (len(said) > 1 and plain(said) in ordinary):
            break
        whole = re.sub(r"['’]s$", "", after[0])
        end += len(whole)
        if whole != after[0]:
            break
    while before := _BEFORE.search(text[least:start]):
        said = before[0].strip()
        surname_first = len(said) < 2 or is_ordinary(said, words) or plain(said) in seen.lower
        if "." not in said and surname_first:
            break
        start = least + before.start()
    turned = re.search(rf"{_BEGINS}({WORD}), $", text[least:start])
    if turned and _ENDS.match(text, end) and not is_ordinary(turned[1], words):
        if _begins(text, least + turned.start()):
            start = least + turned.start()
    return start, end


def whole_name(text: str, start: int, end: int, words: GuardWords) -> tuple[int, int]:
    """Where the name that begins at `start` ends, its surnames and initials among it."""
    return _whole(_Text(text, words, frozenset(), frozenset()), start, start, end)


def _is_known_scholar(seen: _Text, start: int, end: int) -> bool:
    """'Gary Thomas', 'Carol Dweck': a scholar by the whole name, or by a rare surname."""
    name = seen.text[start:end]
    if " " not in name or "," in name or said_after(seen.text, end, seen.words):
        return False
    if name.casefold() in seen.words.writing.theorists:
        return True
    return _quiet_surname(seen, plain(name.split()[-1])) or _cites_after(seen.text, end, seen.words)


def _small_letters(seen: _Text) -> Iterator[tuple[int, str, int]]:
    """'oliver smith': a name typed without its capitals."""
    writing = seen.words.writing
    for match in _LOWER.finditer(seen.text):
        folded = plain(match[0])
        if folded not in seen.words.first_names or folded in writing.small_words:
            continue
        end = match.end()
        after = re.match(r" [A-Za-z’'-]{2,30}", seen.text[end:])
        if after and (
            plain(after[0].strip()) in writing.surnames
            or _FINDS.match(seen.text, end + len(after[0]))
        ):
            end += len(re.sub(r"['’]s?$", "", after[0]))
        yield match.start(), seen.text[match.start() : end], end


@lru_cache(maxsize=8)
def _phrases(phrases: tuple[str, ...]) -> re.Pattern[str]:
    choices = "|".join(re.escape(one) for one in phrases)
    return re.compile(rf"(?:\s*\([^()]*\)|,[^,.;]{{1,40}},)?\s*,?\s+(?:{choices})\b", re.I)


def said_after(text: str, end: int, words: GuardWords) -> bool:
    """Whether what follows is said of a child: 'struggles', 'finds phonics hard'."""
    after = text[end : end + 120]
    return bool(
        _IN_YEAR.match(after)
        or _FINDS.match(after)
        or _phrases(words.writing.said_of_pupils).match(after)
    )


def _cites_after(text: str, end: int, words: GuardWords) -> bool:
    """Whether what follows is what scholars do: 'argues', 'suggests'; one more name may stand."""
    after = re.sub(rf"^(?: {WORD}){{1,2}}", "", text[end : end + 120])
    return bool(
        _phrases(words.writing.scholars).match(after)
        or re.match(r"['’]s?\s+(?:theory|model|work|study|research|hierarchy|framework)\b", after)
    )


def is_public(text: str, end: int, words: GuardWords) -> bool:
    """Whether a name goes on as a place, a school, a test or a report: 'Victoria Road'."""
    after = re.match(
        rf"(?:['’]s)?(?: (?:of |the |and )?{WORD}){{1,4}}", " " + text[end:].lstrip(" ")
    )
    tokens = re.findall(r"[a-z]+", after[0].casefold()) if after else []
    # The name may have been taken together with the telling word.
    tokens += re.findall(r"[a-z]+", text[max(0, end - 40) : end].casefold())[-1:]
    return any(token in words.writing.after_a_name for token in tokens)
