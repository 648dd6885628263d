"""All that figures are judged by, as `config/` has it: bands, threshold, holidays, needs, phases.

Rates of pay are apart, in `rates.py`, because a school sets its own. A fault in a file is reported
with the file and the key.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

from lti_tool.activities.provision_map_audit.figures.budget import Threshold, load_threshold
from lti_tool.activities.provision_map_audit.words import (
    Words,
    WordsUnusable,
    decimal_at,
    read_yaml,
    section,
)


@dataclass(frozen=True)
class Band:
    """Months gained per month from which a word is used, such as useful from 2."""

    start: Decimal
    label: str


@dataclass(frozen=True, eq=False)
class FigureRules:
    """The rules in force.

    `bands` rise; `bands_warning` goes with them wherever they are shown. Fewer pupils measured than
    `small_group` bring a warning.
    `needs` and `phases` are labels by code, `need_areas` the broad area of a census code.
    """

    words: Words
    bands: tuple[Band, ...]
    bands_warning: str
    small_group: Decimal
    weeks_in_a_year: Decimal
    threshold: Threshold
    holidays: tuple[tuple[dt.date, dt.date], ...]
    needs: Mapping[str, str]
    need_areas: Mapping[str, str]
    phases: Mapping[str, str]


def load_rules(config_dir: Path, words: Words) -> FigureRules:
    """Load the rules; raises WordsUnusable naming the file and the key."""
    path = config_dir / "rules" / "impact.yaml"
    loaded = read_yaml(path)
    gained = section(loaded, "months_gained_per_month", path)
    needs_path = config_dir / "words" / "needs.yaml"
    named = read_yaml(needs_path)
    needs, need_areas = _needs(named, needs_path)
    return FigureRules(
        words=words,
        bands=_bands(gained, path),
        bands_warning=str(gained.get("warning", "")),
        small_group=decimal_at(loaded, "small_group", path),
        weeks_in_a_year=decimal_at(loaded, "weeks_in_a_year", path),
        threshold=load_threshold(config_dir),
        holidays=load_holidays(config_dir),
        needs=needs,
        need_areas=need_areas,
        phases={
            str(key): str(label) for key, label in section(named, "phases", needs_path).items()
        },
    )


def load_holidays(config_dir: Path) -> tuple[tuple[dt.date, dt.date], ...]:
    """First and last day of each school holiday; raises WordsUnusable naming the file."""
    path = config_dir / "rules" / "costing.yaml"
    given = section(read_yaml(path), "school_year", path).get("holidays") or []
    found = []
    for one in given if isinstance(given, list) else [given]:
        first, last = (one.get("first"), one.get("last")) if isinstance(one, dict) else (None, None)
        if not isinstance(first, dt.date) or not isinstance(last, dt.date) or last < first:
            raise WordsUnusable(
                f"{path}: 'school_year.holidays' must be a list of first and last days, "
                f"such as 2026-10-26, not {one!r}."
            )
        found.append((first, last))
    return tuple(found)


def _bands(given: Mapping[str, Any], path: Path) -> tuple[Band, ...]:
    listed = given.get("bands")
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise WordsUnusable(f"{path}: 'bands' must be a list, each with from and label.")
    bands = tuple(Band(decimal_at(one, "from", path), str(one.get("label"))) for one in listed)
    starts = [band.start for band in bands]
    if not starts or starts[0] != 0 or any(a >= b for a, b in pairwise(starts)):
        raise WordsUnusable(f"{path}: 'bands' must begin from 0 and rise.")
    return bands


def _needs(loaded: Mapping[str, Any], path: Path) -> tuple[dict[str, str], dict[str, str]]:
    labels: dict[str, str] = {}
    areas: dict[str, str] = {}
    for code, entry in section(loaded, "needs", path).items():
        given = entry if isinstance(entry, dict) else {}
        if not isinstance(given.get("label"), str) or not isinstance(given.get("area"), str):
            raise WordsUnusable(f"{path}: 'needs.{code}' needs a label and an area.")
        labels[str(code)], areas[str(code)] = given["label"], given["area"]
    return labels, areas
