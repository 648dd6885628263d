"""Starting: a wrong file or setting ends the start with a sentence that names it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

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


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("start")
    shutil.copytree(ROOT / "config", found / "config")
    assert _run(found, "db", "upgrade").returncode == 0
    return found


@pytest.mark.parametrize("name", sorted(WRONG))
def test_a_wrong_file_stops_the_start_by_name(folder: Path, name: str) -> None:
    path = folder / "config" / name
    good = path.read_text("utf-8")
    path.write_text(WRONG[name], "utf-8")
    try:
        done = _run(folder, "serve", "--port", "1")
    finally:
        path.write_text(good, "utf-8")
    assert done.returncode == 1, done.stdout
    assert Path(name).name in done.stderr and "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr


def test_what_the_tool_keeps_is_closed_to_others(folder: Path) -> None:
    assert (folder / "instance").stat().st_mode & 0o077 == 0
    for key in (folder / "keys").glob("*.pem"):
        assert key.stat().st_mode & 0o077 == 0
