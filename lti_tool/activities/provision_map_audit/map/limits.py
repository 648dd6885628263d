"""The limits of the sense checks and the kinds of score, from `config/rules/sense.yaml`.

`checks.py` compares rows with them; `cells.py` reads the words for kinds of score.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from lti_tool.activities.provision_map_audit.rows import SCALES
from lti_tool.activities.provision_map_audit.words import (
    WordsUnusable,
    decimal_at,
    fold_word_list,
    read_yaml,
    section,
    string_list,
)


@dataclass(frozen=True, eq=False)
class Limits:
    """What a row is compared with: weeks, sessions a week, hours a week by role.

    `adults` says how many of a role there are where the school has not said. `scale_labels` and
    `scale_words` name the kinds of score; the words are folded.
    """

    weeks_in_year: Decimal
    sessions_a_week: Decimal
    all_year_weeks: Decimal
    hours_a_week: Mapping[str, Decimal]
    adults: Mapping[str, Decimal]
    scale_labels: Mapping[str, str]
    scale_words: Mapping[str, str]


def load_limits(config_dir: Path) -> Limits:
    """Load the limits.

    :raises WordsUnusable: naming the file and the key.
    """
    path = config_dir / "rules" / "sense.yaml"
    loaded = read_yaml(path)
    hours, adults = section(loaded, "hours_a_week", path), section(loaded, "adults", path)
    labels, words = _scales(loaded, path)
    days, a_day = (decimal_at(loaded, key, path) for key in ("days_a_week", "sessions_a_day"))
    return Limits(
        weeks_in_year=decimal_at(loaded, "weeks_in_year", path),
        sessions_a_week=days * a_day,
        all_year_weeks=decimal_at(loaded, "all_year_weeks", path),
        hours_a_week={str(role): decimal_at(hours, role, path) for role in hours},
        adults={str(role): decimal_at(adults, role, path) for role in adults},
        scale_labels=labels,
        scale_words=words,
    )


def _scales(loaded: Mapping[str, object], path: Path) -> tuple[dict[str, str], dict[str, str]]:
    labels: dict[str, str] = {}
    words: dict[str, str] = {}
    scales = section(loaded, "scales", path)
    for code in SCALES:
        entry = scales.get(code)
        if not isinstance(entry, dict) or not isinstance(entry.get("label"), str):
            raise WordsUnusable(f"{path}: 'scales.{code}' needs a label and a list of words.")
        labels[code] = entry["label"]
        for word in (code.replace("_", " "), entry["label"], *string_list(entry, "words", path)):
            words.setdefault(fold_word_list(word), code)
    return labels, words
