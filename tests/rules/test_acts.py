"""Every act that is recorded anywhere in the tool has words in the history of marks."""

import ast
import fnmatch
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import lti_tool
from lti_tool.marking.history.words import ACTS, ELSEWHERE, KINDS

PACKAGE = Path(lti_tool.__file__).parent


def _texts(node: ast.AST | None) -> set[str]:
    """The texts an expression can be, where they stand in it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    if isinstance(node, ast.JoinedStr):
        parts = (one.value if isinstance(one, ast.Constant) else "*" for one in node.values)
        return {"".join(map(str, parts))}
    if isinstance(node, ast.IfExp):
        return _texts(node.body) | _texts(node.orelse)
    return set()


def _name(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def _calls(tree: ast.AST) -> dict[str, list[ast.Call]]:
    """The calls in a file, by the name of what is called."""
    found = defaultdict(list)
    for one in ast.walk(tree):
        if isinstance(one, ast.Call):
            found[_name(one)].append(one)
    return found


def _assigned(tree: ast.AST, name: str) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            if any(isinstance(one, ast.Name) and one.id == name for one in node.targets):
                found |= _texts(node.value)
    return found


def _around(tree: ast.AST, inner: ast.Call) -> list[ast.FunctionDef]:
    return [
        one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef) and inner in ast.walk(one)
    ]


def _passed(
    among: Iterable[Mapping[str, list[ast.Call]]], function: ast.FunctionDef, name: str
) -> set[str]:
    """What callers give for a parameter of a function, and what it is where they give none."""
    arguments, given_by_name = function.args.args, function.args.kwonlyargs
    names = [one.arg for one in arguments]
    defaults = dict(zip(reversed(names), reversed(function.args.defaults), strict=False))
    defaults |= {
        one.arg: value
        for one, value in zip(given_by_name, function.args.kw_defaults, strict=True)
        if value is not None
    }
    found = _texts(defaults.get(name))
    for call in (one for calls in among for one in calls.get(function.name, ())):
        given = {one.arg: one.value for one in call.keywords}
        if name in names and len(call.args) > names.index(name):
            given[name] = call.args[names.index(name)]
        found |= _texts(given.get(name))
    return found


def _acts() -> dict[str, set[str]]:
    """The acts of each call of `record`, by place. The demo platform's are its own diary."""
    paths = [one for one in sorted(PACKAGE.rglob("*.py")) if "demo_platform" not in one.parts]
    trees = {path: ast.parse(path.read_text("utf-8")) for path in paths}
    calls = {path: _calls(tree) for path, tree in trees.items()}
    found = {}
    for path, tree in trees.items():
        for call in (one for one in calls[path].get("record", ()) if len(one.args) > 1):
            act = call.args[1]
            texts = _texts(act)
            if isinstance(act, ast.Name):
                texts |= _assigned(tree, act.id)
                for function in _around(tree, call):
                    is_own = function.name.startswith("_")
                    among = [calls[path]] if is_own else list(calls.values())
                    texts |= _passed(among, function, act.id)
            found[f"{path.relative_to(PACKAGE)}:{call.lineno}"] = texts
    return found


def test_every_act_has_words() -> None:
    found = _acts()
    assert len(found) > 15, "the walk finds the calls"
    assert [place for place, texts in found.items() if not texts] == [], (
        "cannot be read from the code"
    )
    without = {act for texts in found.values() for act in texts if not fnmatch.filter(ACTS, act)}
    assert without == set(), "say these in lti_tool/marking/history/words.py"


def test_every_act_has_a_kind_there_is() -> None:
    for act, (kind, words) in ACTS.items():
        assert kind in {*KINDS, ELSEWHERE}, act
        assert words[0].isupper() and not words.endswith("."), act
