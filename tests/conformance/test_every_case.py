"""Every numbered case of every block is tested, or says why not."""

import ast
from pathlib import Path

import pytest

from tests.conformance.__main__ import BLOCKS, FOLDERS
from tests.conformance.cases import NOT_TESTED, TESTED_IN_PART

_TESTS = Path(__file__).parents[1]


def _numbers_of(decorator: ast.expr) -> list[int]:
    if not isinstance(decorator, ast.Call) or getattr(decorator.func, "id", "") != "case":
        return []
    first = decorator.args[0]
    return [first.value] if isinstance(first, ast.Constant) else []


def _tested() -> dict[int, list[str]]:
    """Tests by case number, read from the source, so that no suite need be imported."""
    found: dict[int, list[str]] = {}
    for folder in FOLDERS:
        for path in sorted((_TESTS / folder).rglob("test_*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.FunctionDef):
                    for decorator in node.decorator_list:
                        for number in _numbers_of(decorator):
                            found.setdefault(number, []).append(f"{path.name}::{node.name}")
    return found


@pytest.mark.parametrize(("block", "numbers"), BLOCKS, ids=lambda x: str(x)[:1])
def test_every_case_of_a_block_is_tested_or_says_why_not(
    block: str, numbers: tuple[int, ...]
) -> None:
    tested = _tested()
    missing = [number for number in numbers if number not in tested and number not in NOT_TESTED]
    assert missing == [], f"{block}: no test and no reason for {missing}"


def test_the_lists_of_exceptions_tell_the_truth() -> None:
    tested, known = set(_tested()), {number for _, numbers in BLOCKS for number in numbers}
    assert tested <= known, "numbers that no block has"
    assert not tested & set(NOT_TESTED), "tested after all: take them out of NOT_TESTED"
    assert set(TESTED_IN_PART) <= tested
    assert set(NOT_TESTED) <= known
