"""House rules that a machine can check: routes, activities, migrations, README, sizes."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
import yaml
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import lti_tool
from lti_tool.core.errors import Unusable
from lti_tool.db import Base, Database, migrate
from lti_tool.parts import load_tables
from lti_tool.people import guest_purposes
from lti_tool.people.access import POLICIES, check_routes
from lti_tool.web.policy import PUBLIC, policy_of, who_may
from tests.support.command import run_command
from tests.support.visiting import World, make_world

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = Path(lti_tool.__file__).parent
LONGEST_FILE, LONGEST_FUNCTION = 300, 40
LONG_FILES = {
    # A shrinking list: each entry says why it may be long for now.
}
LONG_FUNCTIONS: set[str] = set()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return make_world(tmp_path_factory.mktemp("rules"))


def _sources() -> list[Path]:
    return [path for path in sorted(PACKAGE.rglob("*.py")) if "versions" not in path.parts]


def test_every_route_declares_who_may_use_it(world: World) -> None:
    for rule in world.app.url_map.iter_rules():
        policy = policy_of(world.app.view_functions[rule.endpoint])
        assert policy in {*POLICIES, *guest_purposes.list_keys(), PUBLIC}, rule.rule
        if rule.rule.startswith("/v/"):
            assert policy in POLICIES, f"{rule.rule} lies in a visit and must ask for one"
        if rule.rule.startswith("/g/<handle>/"):
            assert policy in guest_purposes.list_keys(), f"{rule.rule} lies in a guest visit"
        if policy in guest_purposes.list_keys():
            assert rule.rule.startswith("/g/<handle>/"), rule.rule


def test_a_route_without_a_policy_stops_the_start(world: World) -> None:
    app = make_world(world.settings.instance_dir.parent / "second").app
    app._got_first_request = False
    app.add_url_rule("/forgotten", "forgotten", lambda: "")
    with pytest.raises(Unusable, match="/forgotten"):
        check_routes(app)


def test_a_public_route_must_say_why() -> None:
    with pytest.raises(Unusable):
        who_may(PUBLIC)


def test_migrations_build_what_the_models_say(tmp_path: Path) -> None:
    load_tables()
    database = Database(f"sqlite:///{tmp_path / 'm.sqlite'}")
    migrate.upgrade(database)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, Base.metadata) == []


def test_migrations_go_back_and_forward(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'm.sqlite'}")
    migrate.upgrade(database)
    migrate.downgrade(database, "base")
    assert migrate.revision_of(database) is None
    migrate.upgrade(database)
    migrate.require_current(database)


def test_every_table_says_what_one_row_is() -> None:
    for mapper in Base.registry.mappers:
        assert "One row: " in (mapper.class_.__doc__ or ""), mapper.class_.__name__


def test_every_module_opens_with_what_it_is_for() -> None:
    bare = [
        str(path.relative_to(PACKAGE))
        for path in _sources()
        if not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert bare == []


def test_files_and_functions_stay_short() -> None:
    long_files, long_functions = [], []
    for path in _sources():
        name = str(path.relative_to(PACKAGE))
        text = path.read_text("utf-8")
        if len(text.splitlines()) > LONGEST_FILE and name not in LONG_FILES:
            long_files.append(f"{name}: {len(text.splitlines())}")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                length = _body_lines(node)
                if length > LONGEST_FUNCTION:
                    long_functions.append(f"{name}:{node.name}: {length}")
    assert long_files == [], "over 300 lines"
    assert [one for one in long_functions if one.rsplit(":", 1)[0] not in LONG_FUNCTIONS] == []


def _body_lines(node: ast.FunctionDef) -> int:
    """Lines of a function without its signature and docstring."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_the_list_of_long_files_only_shrinks() -> None:
    for name in LONG_FILES:
        assert len((PACKAGE / name).read_text("utf-8").splitlines()) > LONGEST_FILE, name


def test_no_module_has_a_name_for_anything() -> None:
    names = {path.stem for path in _sources()} | {path.parent.name for path in _sources()}
    assert not names & {"utils", "helpers", "common", "misc"}


def test_commands_that_the_papers_name_exist() -> None:
    targets = set(re.findall(r"^([a-z][a-z0-9-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    papers = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *ROOT.glob("*/README.md")]
    wrong = []
    for paper in papers:
        text = paper.read_text("utf-8")
        for target in re.findall(
            r"\bmake ([a-z][a-z0-9-]*)",
            "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL)),
        ):
            if target not in targets:
                wrong.append(f"{paper.name}: make {target}")
        for line in re.findall(r"`?lti-tool ((?:[a-z]+)(?: [a-z]+)?)", text):
            if not _command_exists(tuple(line.split())):
                wrong.append(f"{paper.name}: lti-tool {line}")
    assert wrong == []


def _command_exists(words: tuple[str, ...]) -> bool:
    from lti_tool.cli.main import cli

    first = cli.get_command(click.Context(cli), words[0])
    if first is None:
        return False
    children = getattr(first, "commands", None)
    return not children or len(words) == 1 or words[1] in children


def test_the_command_gives_sentences_and_exit_codes(tmp_path: Path) -> None:
    def process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "lti_tool.cli", *arguments],
            capture_output=True,
            text=True,
            env={"PATH": "/usr/bin:/bin", "LTI_TOOL_INSTANCE_DIR": str(tmp_path), **environment},
        )

    def here(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return run_command({"LTI_TOOL_INSTANCE_DIR": str(tmp_path), **environment}, *arguments)

    usable = {
        "LTI_TOOL_SECRET_KEY": "x" * 40,
        "LTI_TOOL_BASE_URL": "https://tool.example",
        "LTI_TOOL_KEYS_DIR": str(tmp_path / "keys"),
    }
    nowhere = {**usable, "LTI_TOOL_DATABASE_URL": "postgresql://127.0.0.1:1/x"}
    for run, arguments, environment, code in (
        (process, ("db", "check"), {}, 1),
        (here, ("db", "check"), usable, 1),
        (here, ("registration", "show", "7"), usable, 1),
        (process, ("nonsense",), usable, 2),
        (here, ("registration", "show"), usable, 2),
        (here, ("db", "check"), nowhere, 1),
        (process, ("db", "upgrade"), usable, 0),
        (here, ("db", "check"), usable, 0),
        (here, ("registration", "list"), usable, 0),
        (here, ("registration", "show", "7"), usable, 1),
        (here, ("gradebook", "status"), usable, 0),
        (here, ("gradebook", "retry"), usable, 2),
        (here, ("gradebook", "compare"), usable, 0),
        (here, ("registration", "pace", "7", "--at-once", "4"), usable, 1),
    ):
        done = run(*arguments, **environment)
        assert done.returncode == code, (arguments, done.stderr)
        assert "Traceback" not in done.stderr + done.stdout
        if code == 1:
            assert len(done.stderr.strip().splitlines()) == 1, done.stderr


def test_the_demo_platform_refuses_to_start_outside_the_demo() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "lti_tool.demo_platform"],
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin"},
    )
    assert done.returncode in (1, 2) and "Traceback" not in done.stderr


def test_configuration_is_readable_yaml() -> None:
    for path in sorted((ROOT / "config").rglob("*.yaml")):
        assert yaml.safe_load(path.read_text("utf-8")), path
