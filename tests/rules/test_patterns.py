"""No regular expression of ours takes time out of proportion to what it looks through.

What people bring (files, pasted pages, long fields) may hold thousands of the same sign on
purpose. A pattern that begins anew at each sign of such a run holds up a whole process. So each
is run over runs four times as long as others: a sound one takes four times as long, a bad one
sixteen times. Only the two are compared, by the time of this thread alone, and only a pattern that
fails each of several comparisons is held for bad.

Patterns that are put together from words of `config/` while the tool runs are left out.
"""

import ast
import importlib
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import lti_tool

PACKAGE = Path(lti_tool.__file__).parent
_NOT_OURS = {"demo_platform", "migrations", "wsgi", "__main__"}
"""Folders and modules that meet nothing from outside, or cannot be loaded here."""
_FLAGS_AT = {"compile": 1, "split": 3, "sub": 4}
_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "split")
_SHORT, _LONG, _TOO_STEEP = 1_500, 6_000, 9
_WORTH_A_LOOK_S = 0.0005
"""What takes less is not compared: so short a time cannot be measured."""
_PIECES = (
    *"aA1 \n()[]<>\"'-–.,/:x£@*_#&+%=½",
    *("a ", "A ", "Aa ", "A. ", "1 ", "1.", "1,", "1/", "1-", "a.", "a-", "a@", "(a", "[A ", "- "),
    *(
        "\n ",
        "<a",
        "<!",
        "Aa and ",
        "Aa, ",
        "mso-list:",
        "called ",
        "In A. ",
        "Mr ",
        "1 to ",
        "x 1",
    ),
    *(
        "£1",
        "@ £ ",
        "1 of ",
        "or 1",
        "groups of ",
        "autumn ",
        "born ",
        "1½",
        "https://",
        "[$",
        "y1",
    ),
)

Pattern = tuple[str, str, "re.Pattern[str]"]


def _modules() -> Iterator[tuple[str, ast.Module, dict[str, Any]]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        if not _NOT_OURS & {*parts}:
            name = ".".join(parts).removesuffix(".__init__")
            yield name, ast.parse(path.read_text("utf-8")), vars(importlib.import_module(name))


def _value(node: ast.expr, names: dict[str, Any]) -> Any:
    return eval(compile(ast.Expression(node), "pattern", "eval"), names)  # our own source


def _written(name: str, tree: ast.Module, names: dict[str, Any]) -> Iterator[Pattern]:
    """Patterns as `re.search(r"…", text)` has them."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        act = node.func
        if ast.unparse(act.value) != "re" or act.attr not in _METHODS:
            continue
        try:
            pattern = _value(node.args[0], names)
        except NameError:
            continue
        place = _FLAGS_AT.get(act.attr, 2)
        flags = [one.value for one in node.keywords if one.arg == "flags"] + node.args[place:]
        made = re.compile(pattern, _value(flags[0], names) if flags else 0)
        yield f"{name}:{node.lineno}", act.attr, made


def _named(name: str, tree: ast.Module, names: dict[str, Any]) -> Iterator[Pattern]:
    """Patterns that a module names, with each way in which it uses them."""
    uses = {
        (node.value.id, node.attr)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    for known, value in names.items():
        if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
            ways = [way for way in _METHODS if (known, way) in uses]
            yield from ((f"{name}.{known}", way, value) for way in ways or ["search"])


def _seconds(pattern: "re.Pattern[str]", way: str, text: str) -> float:
    begun = time.thread_time()
    if way == "sub":
        pattern.sub("", text)
    elif way == "finditer":
        list(pattern.finditer(text))
    else:
        getattr(pattern, way)(text)
    return time.thread_time() - begun


def _is_steep(pattern: "re.Pattern[str]", way: str, piece: str) -> bool:
    """Whether a run four times as long takes far more than four times as long."""
    for end in ("", "!"):
        short, long = ((piece * size)[:size] + end for size in (_SHORT, _LONG))
        if _seconds(pattern, way, short) < _WORTH_A_LOOK_S:
            continue
        for _ in range(5):
            least = min(_seconds(pattern, way, short) for _ in range(3))
            if _seconds(pattern, way, long) < _TOO_STEEP * least:
                break
        else:
            return True
    return False


@pytest.fixture(scope="module")
def patterns() -> list[Pattern]:
    return [one for module in _modules() for found in (_written, _named) for one in found(*module)]


def test_no_pattern_takes_time_out_of_proportion(patterns: list[Pattern]) -> None:
    assert len(patterns) > 250
    bad = [
        f"{place} ({way}) on {piece!r}"
        for place, way, pattern in patterns
        for piece in _PIECES
        if _is_steep(pattern, way, piece)
    ]
    assert bad == []


@pytest.mark.parametrize("bad", [r"\s*\(", r"\([^)]*\)", r"mso-list:[^;]*?\blevel", r"\d+x"])
def test_a_pattern_that_begins_anew_at_each_sign_is_found(bad: str) -> None:
    assert any(_is_steep(re.compile(bad), "search", piece) for piece in _PIECES)


def test_a_pattern_that_goes_through_once_is_let_be() -> None:
    sound = re.compile(r"(?<!\s)\s*\([^)]{0,200}\)")
    assert not any(_is_steep(sound, "search", piece) for piece in _PIECES)
