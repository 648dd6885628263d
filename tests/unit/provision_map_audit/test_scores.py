"""Scores as schools type them: ages in months, anything else in points."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lti_tool.activities.provision_map_audit.readings.scores import read_score
from lti_tool.activities.provision_map_audit.words import Words


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("7y 6m", 90),
        ("7y6m", 90),
        ("7 yrs 6 mths", 90),
        ("7 years and 6 months", 90),
        ("7.06", 90),
        ("7:06", 90),
        ("7;6", 90),
        ("7-06", 90),
        ("7.6", 90),
        ("7.10", 94),
        ("7.11", 95),
        ("7.25", 87),
        ("7.50", 90),
        ("7½", 90),
        ("90 months", 90),
        ("90m", 90),
        ("90", 90),
        ("7", 84),
        ("7 years", 84),
        ("RA 7y 6m", 90),
        ("Reading age: 7.06", 90),
    ],
)
def test_a_reading_age_in_months(text: str, months: int, words: Words) -> None:
    assert read_score(text, "reading_age", words).value == Decimal(months)


def test_an_age_is_said_in_years_and_months(words: Words) -> None:
    assert read_score("7.06", "reading_age", words).said == "7 years 6 months (90 months)"
    assert "10 months" in (read_score("7.1", "reading_age", words).note or "")


@pytest.mark.parametrize(
    "text", ["7y 13m", "7.12", "2y", "25y", "below 6y", "6y-7y", "WTS", "tbc", ""]
)
def test_an_age_that_is_none(text: str, words: Words) -> None:
    reading = read_score(text, "reading_age", words)
    assert reading.value is None and reading.problem


@pytest.mark.parametrize(
    ("text", "scale", "points"),
    [
        ("92", "standard_score", "92"),
        ("SS 92", "standard_score", "92"),
        ("92 (86-98)", "standard_score", "92"),
        ("92 ±6", "standard_score", "92"),
        ("12/20", "raw_score", "12"),
        ("12.5", "raw_score", "12.5"),
        ("60%", "raw_score", "60"),
        ("3", "rating", "3"),
        ("41", "", "41"),
        ("7y 6m", "", "90"),
    ],
)
def test_points(text: str, scale: str, points: str, words: Words) -> None:
    assert read_score(text, scale, words).value == Decimal(points)


@pytest.mark.parametrize(
    ("text", "scale"),
    [
        ("12", "standard_score"),
        ("34th percentile", "standard_score"),
        ("<70", "standard_score"),
        ("80-90", "standard_score"),
        ("green", "rating"),
    ],
)
def test_points_that_are_none(text: str, scale: str, words: Words) -> None:
    reading = read_score(text, scale, words)
    assert reading.value is None and reading.problem
