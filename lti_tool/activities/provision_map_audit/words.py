"""The words and weeks that reading needs, loaded from `config/words/` and `config/rules/`.

Everything a programme may want to change stands in those files; nothing here knows a heading or an
intervention by name. A fault in a file is reported with the file and the key. Rates of pay are
loaded in `rates.py`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from lti_tool.core.errors import Unusable


class WordsUnusable(Unusable):
    """A configuration file is missing or wrong; the text names the file and the key."""


@dataclass(frozen=True)
class SchoolYear:
    """Weeks in the school's calendar: the year, each term and each half term."""

    weeks: Decimal
    max_weeks: Decimal
    days_per_week: Decimal
    a_term: Decimal
    a_half_term: Decimal
    terms: Mapping[str, Decimal]
    half_terms: Mapping[str, Decimal]


@dataclass(frozen=True, eq=False)
class Words:
    """Every word list, folded for comparison (see `fold` and `heading_tokens`).

    Compared by identity, so that look-ups may be remembered for one loaded set.
    """

    headings: Mapping[str, str]
    labels: Mapping[str, str]
    pupil_headings: Mapping[str, str]
    ambiguous: Mapping[str, tuple[str, ...]]
    areas: Mapping[str, str]
    area_labels: Mapping[str, str]
    tiers: Mapping[str, str]
    tier_labels: Mapping[str, str]
    roles: Mapping[str, str]
    role_labels: Mapping[str, str]
    unknown: frozenset[str]
    interventions: tuple[str, ...]
    school_words: frozenset[str]
    first_names: frozenset[str]
    weak_names: frozenset[str]
    year: SchoolYear


_SAME = {
    "wk": "week",
    "wks": "week",
    "weekly": "week",
    "hr": "hour",
    "hrs": "hour",
    "min": "minute",
    "mins": "minute",
    "no": "number",
    "nos": "number",
    "num": "number",
    "#": "number",
    "child": "pupil",
    "children": "pupil",
    "chn": "pupil",
    "student": "pupil",
    "learner": "pupil",
    "a": "per",
    "each": "per",
    "every": "per",
    "max": "maximum",
    "avg": "average",
    "tas": "ta",
    "£": "pound",
    "gbp": "pound",
    "pounds": "pound",
    "resourcing": "resource",
    "qty": "number",
    "approx": "",
    "of": "",
    "the": "",
    "cop": "cop",
    "yr": "year",
    "yrs": "year",
    "pw": "week",
}


# "Times a week" counts sessions, "time a week" is a length; "groups" are counted, a group is named.
PLURALS = {"times": "time", "groups": "group", "terms": "term"}


# "p/w", "p.w." and "p/h" in headings.
_PER = re.compile(r"\bp[./]\s?(wk|hr|w|h|a|s)\b\.?")
_PER_WHAT = {"w": "week", "wk": "week", "h": "hour", "hr": "hour", "a": "annum", "s": "session"}


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


def heading_tokens(text: str) -> tuple[str, ...]:
    """The telling words of a heading, so that 'No. of wks' and 'Number of weeks' are equal."""
    plain = fold(text).replace("&", " and ").replace("£", " £ ").replace("no.", " number ")
    plain = _PER.sub(lambda found: " per " + _PER_WHAT[found[1]], plain)
    plain = plain.replace("'s", "s").replace("s'", "s")
    tokens = []
    for word in re.findall(r"[a-z0-9£#]+", plain):
        word = _SAME.get(word, word)
        if len(word) > 3 and word not in PLURALS and word.endswith("s") and not word.endswith("ss"):
            word = _SAME.get(word[:-1], word[:-1])
        if word:
            tokens.append(word)
    return tuple(tokens)


def heading_key(text: str) -> str:
    """A heading as one comparable string, the order of words kept."""
    return " ".join(heading_tokens(text))


def read_yaml(path: Path) -> dict[str, Any]:
    """The mapping in a YAML file; raises WordsUnusable naming the file."""
    try:
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise WordsUnusable(f"{path}: the file cannot be read ({error.strerror}).") from error
    except yaml.YAMLError as error:
        raise WordsUnusable(f"{path}: this is not valid YAML ({error}).") from error
    if not isinstance(loaded, dict):
        raise WordsUnusable(f"{path}: the file must hold keys and values.")
    return loaded


def section(loaded: Mapping[str, Any], key: str, path: Path) -> dict[str, Any]:
    """A mapping inside a file; raises WordsUnusable naming file and key."""
    value = loaded.get(key)
    if not isinstance(value, dict):
        raise WordsUnusable(f"{path}: '{key}' is missing or is not a set of keys and values.")
    return value


def string_list(loaded: Mapping[str, Any], key: str, path: Path) -> list[str]:
    """A list of words inside a file; raises WordsUnusable naming file and key."""
    value = loaded.get(key)
    if not isinstance(value, list) or not value:
        raise WordsUnusable(f"{path}: '{key}' is missing or is not a list of words.")
    return [_as_word(item) for item in value]


def _as_word(item: object) -> str:
    """YAML reads no, yes and on as truth values; a word list means the words."""
    if isinstance(item, bool):
        return "yes" if item else "no"
    return str(item)


def decimal_at(loaded: Mapping[str, Any], key: str, path: Path) -> Decimal:
    """A number inside a file; raises WordsUnusable naming file and key."""
    value = loaded.get(key)
    try:
        number = Decimal(str(value))
    except ArithmeticError:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0:
        raise WordsUnusable(f"{path}: '{key}' must be a number of 0 or more, not {value!r}.")
    return number


def _coded(
    loaded: Mapping[str, Any], key: str, path: Path
) -> tuple[dict[str, str], dict[str, str]]:
    words: dict[str, str] = {}
    labels: dict[str, str] = {}
    for code, entry in section(loaded, key, path).items():
        if not isinstance(entry, dict) or not isinstance(entry.get("label"), str):
            raise WordsUnusable(f"{path}: '{key}.{code}' needs a label and a list of words.")
        labels[str(code)] = entry["label"]
        for word in [entry["label"], *string_list(entry, "words", path)]:
            words.setdefault(fold_word_list(word), str(code))
    return words, labels


def _headings(loaded: Mapping[str, Any], path: Path) -> tuple[dict[str, str], dict[str, str]]:
    headings: dict[str, str] = {}
    labels: dict[str, str] = {}
    for field, entry in section(loaded, "columns", path).items():
        if not isinstance(entry, dict) or not isinstance(entry.get("label"), str):
            raise WordsUnusable(f"{path}: 'columns.{field}' needs a label and a list of headings.")
        labels[str(field)] = entry["label"]
        for heading in string_list(entry, "headings", path):
            headings.setdefault(heading_key(heading), str(field))
    return headings, labels


def load_school_year(config_dir: Path) -> SchoolYear:
    """Weeks of the year and of each term, from `rules/costing.yaml`."""
    path = config_dir / "rules" / "costing.yaml"
    year = section(read_yaml(path), "school_year", path)
    terms, halves = section(year, "terms", path), section(year, "half_terms", path)
    return SchoolYear(
        weeks=decimal_at(year, "weeks", path),
        max_weeks=decimal_at(year, "max_weeks", path),
        days_per_week=decimal_at(year, "days_per_week", path),
        a_term=decimal_at(year, "a_term", path),
        a_half_term=decimal_at(year, "a_half_term", path),
        terms={str(name): decimal_at(terms, name, path) for name in terms},
        half_terms={str(name): decimal_at(halves, name, path) for name in halves},
    )


def load_words(config_dir: Path) -> Words:
    """Load every word list below `config_dir`.

    Raises WordsUnusable with a sentence naming the file and the key.
    """
    path = config_dir / "words" / "provision_map.yaml"
    loaded = read_yaml(path)
    headings, labels = _headings(loaded, path)
    areas, area_labels = _coded(loaded, "areas", path)
    tiers, tier_labels = _coded(loaded, "tiers", path)
    roles, role_labels = _coded(loaded, "roles", path)
    pupil = section(loaded, "pupil_headings", path)
    ambiguous = section(loaded, "ambiguous", path)
    interventions, school_words = _interventions(config_dir / "words" / "interventions.yaml")
    first, weak = _first_names(config_dir / "words" / "first_names.yaml")
    return Words(
        headings=headings,
        labels=labels,
        pupil_headings={
            heading_key(word): str(kind)
            for kind in pupil
            for word in string_list(pupil, kind, path)
        },
        ambiguous={
            heading_key(str(word)): tuple(string_list(ambiguous, word, path)) for word in ambiguous
        },
        areas=areas,
        area_labels=area_labels,
        tiers=tiers,
        tier_labels=tier_labels,
        roles=roles,
        role_labels=role_labels,
        unknown=frozenset(fold(word) for word in string_list(loaded, "unknown", path)),
        interventions=interventions,
        school_words=school_words,
        first_names=first,
        weak_names=weak,
        year=load_school_year(config_dir),
    )


def _interventions(path: Path) -> tuple[tuple[str, ...], frozenset[str]]:
    """Named interventions, longest first, and ordinary school words."""
    named = read_yaml(path)
    folded = {fold_word_list(name) for name in string_list(named, "interventions", path)}
    ordinary = frozenset(word.casefold() for word in string_list(named, "school_words", path))
    return tuple(sorted(folded, key=len, reverse=True)), ordinary


def _first_names(path: Path) -> tuple[frozenset[str], frozenset[str]]:
    """First names that are nothing else, and those that are everyday words too."""
    people = read_yaml(path)
    weak = frozenset(name.casefold() for name in string_list(people, "also_words", path))
    first = frozenset(name.casefold() for name in string_list(people, "first_names", path))
    return first - weak, weak
