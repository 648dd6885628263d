"""Every numbered case is tested, or says why not."""

import importlib
from pathlib import Path

from tests.conformance.cases import NOT_TESTED, TESTED_IN_PART, TESTS

_LAST = 108


def test_every_case_from_1_to_108_is_tested_or_says_why_not() -> None:
    for module in sorted(Path(__file__).parent.glob("test_*.py")):
        importlib.import_module(f"tests.conformance.{module.stem}")
    tested = {number for number in TESTS if number <= _LAST}
    assert set(range(1, _LAST + 1)) == tested | set(NOT_TESTED)
    assert not tested & set(NOT_TESTED), "tested after all: take them out of NOT_TESTED"
    assert set(TESTED_IN_PART) <= tested
