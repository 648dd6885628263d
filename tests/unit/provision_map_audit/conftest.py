"""Words, rates and the fixture maps for the tests of the provision map."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from lti_tool.activities.provision_map_audit.importing.read_map import ImportPreview, read_map
from lti_tool.activities.provision_map_audit.rates import RoleRates, load_rates
from lti_tool.activities.provision_map_audit.sheets.opening import open_workbook
from lti_tool.activities.provision_map_audit.words import Words, load_words

ROOT = Path(__file__).parents[3]
MAPS = ROOT / "tests" / "fixtures" / "provision_maps"
TODAY = dt.date(2026, 11, 21)


@pytest.fixture(scope="session")
def words() -> Words:
    return load_words(ROOT / "config")


@pytest.fixture(scope="session")
def rates() -> RoleRates:
    return load_rates(ROOT / "config")


class Importer:
    """Brings in fixture maps and small texts."""

    def __init__(self, words: Words) -> None:
        self.words = words

    def file(self, name: str, **options: object) -> ImportPreview:
        data = (MAPS / name).read_bytes()
        return read_map(open_workbook(name, data), self.words, today=TODAY, **options)  # type: ignore[arg-type]

    def csv(self, text: str, **options: object) -> ImportPreview:
        book = open_workbook("map.csv", text.encode("utf-8"))
        return read_map(book, self.words, today=TODAY, **options)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def importer(words: Words) -> Importer:
    return Importer(words)
