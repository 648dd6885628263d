"""Starting: a wrong file or setting ends the start with a sentence that names it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lti_tool.app import create_app
from lti_tool.core.errors import Unusable
from lti_tool.lti.keys import make_key
from tests.support.visiting import begin_from_template, make_settings

ROOT = Path(__file__).resolve().parents[2]
WRONG = {
    "rubrics/provision-map-audit.yaml": "criteria: []",
    "frameworks/provision-map-audit.yaml": "parts: 3",
    "frameworks/quality-standards.yaml": "kind: standards",
    "rules/marking.yaml": "standard: {pass_mark: many}",
    "rules/costing.yaml": "rates: 1",
    "words/declarations.yaml": "{}",
    "words/provision_map.yaml": "[",
    "contacts.yaml": "- a\n- list",
}


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("LTI_TOOL_")},
        "LTI_TOOL_SECRET_KEY": "x" * 40,
        "LTI_TOOL_BASE_URL": "https://tool.example",
        "LTI_TOOL_INSTANCE_DIR": str(folder / "instance"),
        "LTI_TOOL_KEYS_DIR": str(folder / "keys"),
        "LTI_TOOL_CONFIG_DIR": str(folder / "config"),
    }
    return subprocess.run(
        [sys.executable, "-m", "lti_tool.cli", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def _with_wrong(folder: Path, name: str) -> Path:
    """A folder whose configuration has one wrong file."""
    shutil.copytree(ROOT / "config", folder / "config")
    (folder / "config" / name).write_text(WRONG[name], "utf-8")
    return folder


@pytest.mark.parametrize("name", sorted(WRONG))
def test_a_wrong_file_stops_the_start_by_name(tmp_path: Path, name: str) -> None:
    folder = _with_wrong(tmp_path, name)
    settings = make_settings(folder, LTI_TOOL_CONFIG_DIR=str(folder / "config"))
    begin_from_template(settings)
    with pytest.raises(Unusable) as stopped:
        create_app(settings)
    assert Path(name).name in stopped.value.sentence


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("rubrics/provision-map-audit.yaml", "    bands:\n", "    bands: -1\n    was:\n"),
        ("examples/provision-map-audit.yaml", "fit: [gap", "fit: {a: b}\n  was: [gap"),
        ("rules/costing.yaml", "hourly_rate: '", "hourly_rate: '9e9999"),
    ],
)
def test_a_value_of_another_shape_stops_the_start_with_a_sentence(
    tmp_path: Path, name: str, old: str, new: str
) -> None:
    shutil.copytree(ROOT / "config", tmp_path / "config")
    file = tmp_path / "config" / name
    before = file.read_text("utf-8")
    assert old in before
    file.write_text(before.replace(old, new, 1), "utf-8")
    settings = make_settings(tmp_path, LTI_TOOL_CONFIG_DIR=str(tmp_path / "config"))
    begin_from_template(settings)
    with pytest.raises(Unusable) as stopped:
        create_app(settings)
    assert str(file) in stopped.value.sentence


def test_a_start_that_is_stopped_ends_with_one_line(tmp_path: Path) -> None:
    folder = _with_wrong(tmp_path, "contacts.yaml")
    assert _run(folder, "db", "upgrade").returncode == 0
    done = _run(folder, "serve", "--port", "1")
    assert done.returncode == 1, done.stdout
    assert "contacts.yaml" in done.stderr and "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert (folder / "instance").stat().st_mode & 0o077 == 0
    for key in (folder / "keys").glob("*.pem"):
        assert key.stat().st_mode & 0o077 == 0


WORKER, WEB, BOTH = "worker", "serve --port 1", "serve --port 1 --with-worker"


@pytest.mark.parametrize(
    ("command", "which"),
    [(WORKER, "none"), (WORKER, "it signs"), (WEB, "it signs"), (BOTH, "an older one")],
)
def test_a_key_that_cannot_be_read_is_told_before_a_mark_waits_for_it(
    tmp_path: Path, command: str, which: str
) -> None:
    shutil.copytree(ROOT / "config", tmp_path / "config")
    assert _run(tmp_path, "db", "upgrade").returncode == 0
    (key,) = (tmp_path / "keys").glob("*.pem")
    wanted = "has no signing key"
    if which == "none":
        key.unlink()
    else:
        wanted = key.name
        if which == "an older one":
            make_key(tmp_path / "keys", "x" * 40)
        key.write_bytes(make_key(tmp_path / "other", "y" * 40).read_bytes())
    done = _run(tmp_path, *command.split())
    assert done.returncode == 1 and wanted in done.stderr, done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
