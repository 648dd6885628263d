"""The checklist of OWASP's standard is whole, and what it points to is there."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

import lti_tool
from lti_tool.core.yaml_text import LOADER
from tests.support.visiting import World, make_world

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "asvs.md"
STATES = ("met", "partly", "not met", "does not apply")
_ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([12]) \| ([a-z ]+) \| (.+) \| (?:`(.+)`)? ?\|$")


def _rows() -> list[tuple[str, str, str, str, str]]:
    lines = PAGE.read_text().splitlines()
    found = [match.groups("") for line in lines if (match := _ROW.match(line))]
    assert len(found) == sum(bool(re.match(r"\| \d+\.\d+\.", line)) for line in lines)
    return found  # type: ignore[return-value]


def test_every_requirement_of_the_two_levels_is_answered_once() -> None:
    text = (Path(__file__).parent / "asvs_5_0_0.txt").read_text()
    wanted = [tuple(line.split()) for line in text.splitlines() if not line.startswith("#")]
    assert len(wanted) == 253
    assert [(number, level) for number, level, *_ in _rows()] == wanted


def test_the_counts_are_right_and_every_state_is_one() -> None:
    counted = Counter(state for _, _, state, _, _ in _rows())
    assert set(counted) <= set(STATES)
    line = "| " + " | ".join(str(counted[one]) for one in STATES) + " |"
    assert line in PAGE.read_text().splitlines(), line


def test_what_shows_a_point_is_there() -> None:
    problems = []
    for number, _, state, words, shown in _rows():
        if state in ("met", "partly") and not shown:
            problems.append(f"{number} says {state} and shows nothing")
        if state == "does not apply" and shown:
            problems.append(f"{number} does not apply and points to {shown}")
        path, _, test = shown.partition("::")
        if shown and not (ROOT / path).is_file():
            problems.append(f"{number}: there is no {path}")
        elif test and f"\ndef {test}(" not in (ROOT / path).read_text():
            problems.append(f"{number}: {path} has no {test}")
        if not words.strip():
            problems.append(f"{number} says nothing")
    assert problems == []


_MAKES_CODE = {"eval", "exec", "compile", "__import__"}
_MAKES_OBJECTS = {"pickle", "marshal", "shelve", "dill", "code", "codeop"}
_STARTS_PROCESSES = {"subprocess", "pty", "popen2"}
_MAY_START = ("cli/",)
_MAY_MAKE_ANYTHING = {"yaml.load", "yaml.unsafe_load", "yaml.full_load"}
_READS_YAML = "core/yaml_text.py"
"""The one place that names a loader, which the next test looks at."""


def test_yaml_makes_plain_values_alone() -> None:
    assert issubclass(LOADER, yaml.constructor.SafeConstructor)


def test_no_code_is_made_from_text() -> None:
    """No eval, no pickle, no unsafe YAML, no shell; processes are begun by commands alone."""
    package = Path(lti_tool.__file__).parent
    problems = []
    for path in sorted(package.rglob("*.py")):
        place = path.relative_to(package).as_posix()
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import | ast.ImportFrom):
                module = getattr(node, "module", None)
                names = {module or "", *(one.name for one in node.names if module is None)}
                if names & _MAKES_OBJECTS:
                    problems.append(f"{place} imports {names}")
                if names & _STARTS_PROCESSES and not place.startswith(_MAY_START):
                    problems.append(f"{place} imports {names}")
            if not isinstance(node, ast.Call):
                continue
            called = ast.unparse(node.func)
            is_shell = any(one.arg == "shell" for one in node.keywords)
            if called in _MAKES_CODE or called in {"os.system", "os.popen"} or is_shell:
                problems.append(f"{place}:{node.lineno} calls {called}")
            if called in _MAY_MAKE_ANYTHING and place != _READS_YAML:
                problems.append(f"{place}:{node.lineno} calls {called}")
    assert problems == []


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return make_world(tmp_path_factory.mktemp("asvs"))


def test_every_answer_carries_its_headers(world: World) -> None:
    """Pages of a visit, public pages, files, services, refusals, and what is not there."""
    visitor = world.let_in("5", "participant")
    public = world.app.test_client(use_cookies=False)
    style = re.search(r'href="(/assets/[^"]+\.css)"', visitor.get("").get_data(as_text=True))
    assert style
    answers = [visitor.get(""), visitor.get("audit/writing"), visitor.get("nothing-here")]
    for path in ("/connect", "/privacy", "/healthz", "/lti/jwks.json", "/v/none/", style[1]):
        answers.append(public.get(path, base_url="https://tool.example"))
    for answer in answers:
        path, headers = answer.request.path, answer.headers
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Referrer-Policy"] == "same-origin", path
        assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains", path
        policy = headers["Content-Security-Policy"]
        for part in (
            "default-src 'none'",
            "object-src 'none'",
            "base-uri 'none'",
            "script-src 'self'",
        ):
            assert part in policy, (path, part)
        assert "unsafe" not in policy and "frame-ancestors" in policy, path
        assert "Access-Control-Allow-Origin" not in headers, path
        if answer.mimetype.startswith("text/"):
            assert "charset=utf-8" in headers["Content-Type"], path
        if answer.mimetype == "text/html":
            assert headers["Cache-Control"] == "no-store", path
