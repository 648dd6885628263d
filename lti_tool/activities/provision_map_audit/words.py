"""The words and weeks that reading needs, loaded from `config/words/` and `config/rules/`.

Everything a programme may want to change stands in those files; nothing here knows a heading or an
intervention by name. A fault in a file is reported with the file and the key. Rates of pay are
loaded in `rates.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from pathlib import Path
from typing import Any

from lti_tool.core.word_files import WordsUnusable as WordsUnusable
from lti_tool.core.word_files import decimal_at as decimal_at
from lti_tool.core.word_files import read_yaml as read_yaml
from lti_tool.core.word_files import section as section
from lti_tool.core.word_files import string_list as string_list
from lti_tool.privacy.words import GuardWords, load_guard_words
from lti_tool.privacy.words import fold as fold
from lti_tool.privacy.words import fold_word_list as fold_word_list


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
class Words(GuardWords):
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
    scales: Mapping[str, str]
    scale_labels: Mapping[str, str]
    score_ends: Mapping[str, str]
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
    scales, scale_labels = _coded(loaded, "scales", path)
    ends = section(loaded, "score_ends", path)
    pupil = section(loaded, "pupil_headings", path)
    ambiguous = section(loaded, "ambiguous", path)
    guard = load_guard_words(config_dir)
    return Words(
        **{one.name: getattr(guard, one.name) for one in fields(guard)},
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
        scales=scales,
        scale_labels=scale_labels,
        score_ends={heading_key(w): str(end) for end in ends for w in string_list(ends, end, path)},
        year=load_school_year(config_dir),
    )
