"""The words the guard knows: first names, interventions, words of schools and of scholars.

Read from `config/words/`; whoever needs more words beside these adds them to its own set.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from lti_tool.core.word_files import read_yaml, section, string_list

_CODED = ("roles", "areas", "tiers")


@dataclass(frozen=True)
class WritingWords:
    """What long writing names without naming a child, and what is said of children. All folded."""

    authors: frozenset[str]
    after_a_name: frozenset[str]
    no_names: frozenset[str]
    theorists: frozenset[str]
    surnames: frozenset[str]
    small_words: frozenset[str]
    scholars: tuple[str, ...]
    said_of_pupils: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class GuardWords:
    """What is a name, and what only looks like one. All folded (see `fold`).

    Compared by identity, so that look-ups may be remembered for one loaded set.
    """

    codes: frozenset[str]
    """Short words of schools, such as TA or C and L, that are nobody's initials."""
    unknown: frozenset[str]
    interventions: tuple[str, ...]
    school_words: frozenset[str]
    first_names: frozenset[str]
    weak_names: frozenset[str]
    writing: WritingWords


def fold(text: str) -> str:
    """Lower case, plain quotes and dashes, one space between words: for comparing cell text."""
    if text.isascii():
        return " ".join(text.lower().split())
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = plain.replace("’", "'").replace("‘", "'").replace("–", "-").replace("—", "-")
    return " ".join(plain.split())


def fold_word_list(text: str) -> str:
    """Fold further for word lists: '&' is 'and', punctuation goes. 'C & L' gives 'c and l'."""
    plain = fold(text).replace("&", " and ")
    plain = re.sub(r"[^\w+' ]", " ", plain)
    return re.sub(r"\s+", " ", plain).strip()


def load_guard_words(config_dir: Path) -> GuardWords:
    """Load what the guard knows from the lists below `config_dir`.

    :raises WordsUnusable: naming the file and the key.
    """
    path = config_dir / "words" / "provision_map.yaml"
    loaded = read_yaml(path)
    interventions, school_words = _interventions(config_dir / "words" / "interventions.yaml")
    first, weak = _first_names(config_dir / "words" / "first_names.yaml")
    return GuardWords(
        codes=frozenset().union(*(_codes(loaded, key, path) for key in _CODED)),
        unknown=frozenset(fold(word) for word in string_list(loaded, "unknown", path)),
        interventions=interventions,
        school_words=school_words,
        first_names=first,
        weak_names=weak,
        writing=_writing(config_dir / "words" / "writing.yaml"),
    )


@cache
def guard_words(config_dir: Path) -> GuardWords:
    """The words in force, read once."""
    return load_guard_words(config_dir)


@cache
def observing_words(config_dir: Path) -> GuardWords:
    """The words in force for writing about a day in a school: there Oliver is a pupil and not the
    scholar Oliver, unless the name is cited with a year or in full."""
    words = guard_words(config_dir)
    bare: frozenset[str] = frozenset()
    return replace(words, writing=replace(words.writing, authors=bare, surnames=bare))


def _codes(loaded: dict[str, Any], key: str, path: Path) -> frozenset[str]:
    """Every word and label of one coded section of the map's words."""
    entries = section(loaded, key, path).values()
    return frozenset(
        fold_word_list(word)
        for entry in entries
        if isinstance(entry, dict)
        for word in (str(entry.get("label")), *string_list(entry, "words", path))
    )


def _interventions(path: Path) -> tuple[tuple[str, ...], frozenset[str]]:
    """Named interventions, longest first, and ordinary school words."""
    named = read_yaml(path)
    folded = {fold_word_list(name) for name in string_list(named, "interventions", path)}
    ordinary = frozenset(word.casefold() for word in string_list(named, "school_words", path))
    return tuple(sorted(folded, key=len, reverse=True)), ordinary


def _writing(path: Path) -> WritingWords:
    """Words for long writing; phrases longest first, so that the longer one is found."""
    loaded = read_yaml(path)
    folded = {
        key: [fold(word) for word in string_list(loaded, key, path)]
        for key in (
            *("authors", "theorists", "surnames", "small_words", "after_a_name", "no_names"),
            *("scholars", "said_of_pupils"),
        )
    }
    return WritingWords(
        authors=frozenset(folded["authors"]),
        after_a_name=frozenset(folded["after_a_name"]),
        no_names=frozenset(folded["no_names"]),
        theorists=frozenset(folded["theorists"]),
        surnames=frozenset(folded["surnames"]),
        small_words=frozenset(folded["small_words"]),
        scholars=tuple(sorted(folded["scholars"], key=len, reverse=True)),
        said_of_pupils=tuple(sorted(folded["said_of_pupils"], key=len, reverse=True)),
    )


def _first_names(path: Path) -> tuple[frozenset[str], frozenset[str]]:
    """First names that are nothing else, and those that are everyday words too."""
    people = read_yaml(path)
    weak = frozenset(name.casefold() for name in string_list(people, "also_words", path))
    first = frozenset(name.casefold() for name in string_list(people, "first_names", path))
    return first - weak, weak
