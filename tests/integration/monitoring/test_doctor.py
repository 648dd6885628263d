"""`lti-tool doctor` and the state of the installation: each finding says what to do."""

import json
import shutil
from collections import namedtuple
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from lti_tool.monitoring import doctor
from tests.integration.pages import work
from tests.support.command import run_command
from tests.support.visiting import World, make_world

_Usage = namedtuple("_Usage", "total used free")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return make_world(tmp_path)


def _doctor(world: World, **more: str) -> tuple[int, dict[str, dict[str, Any]]]:
    settings = world.settings
    environment = {
        "LTI_TOOL_BASE_URL": settings.base_url,
        "LTI_TOOL_SECRET_KEY": settings.secret_key,
        "LTI_TOOL_INSTANCE_DIR": str(settings.instance_dir),
        "LTI_TOOL_KEYS_DIR": str(settings.keys_dir),
        "LTI_TOOL_TRUSTED_PROXIES": "1",
        **more,
    }
    done = run_command(environment, "doctor", "--json")
    assert "Traceback" not in done.stderr
    found = json.loads(done.stdout)
    return done.returncode, {one["what"]: one for one in found if not one["is_ok"]} or {
        one["what"]: one for one in found
    }


def test_all_is_well(world: World) -> None:
    world.settings.instance_dir.chmod(0o700)
    code, found = _doctor(world)
    assert code == 0, found
    wanted = {"settings", "keys", "database", "migrations", "queue", "base URL", "seals", "room"}
    assert wanted | {"worker", "metrics", "mail", "clock", "data folder", "writing"} <= set(found)


def test_a_mark_that_waits_says_to_look_for_a_worker(world: World) -> None:
    author = world.let_in("5", "participant")
    work.bring_in(author)
    work.hand_in(author)
    work.mark_and_release(world.let_in("3", "tutor"), "60", "62", "58", "70", "65", "50")
    assert [one.is_ok for one in doctor._database(world.settings)] == [True] * 4
    with world.database.write() as session:
        session.execute(text("UPDATE delivery SET scored_at = '2026-01-01 00:00:00'"))
    code, found = _doctor(world)
    assert code == 1 and "lti-tool worker" in found["worker"]["words"]


def test_a_database_of_another_release_names_the_command(world: World) -> None:
    with world.database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0003'"))
    code, found = _doctor(world)
    assert code == 1 and "lti-tool db upgrade" in found["migrations"]["words"]


def test_files_that_others_may_read(world: World) -> None:
    world.settings.instance_dir.chmod(0o755)
    (file,) = world.settings.instance_dir.glob("lti_tool.sqlite")
    file.chmod(0o644)
    _, found = _doctor(world)
    assert f"chmod go= {file}" in found["data folder"]["words"]


def test_little_room(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: _Usage(10**9, 10**9, 5 * 10**7))
    _, found = _doctor(world)
    assert "0.0 GB" in found["room"]["words"] and "Make room" in found["room"]["words"]


def test_figures_behind_a_proxy_that_is_not_trusted(world: World) -> None:
    (found,) = doctor._watching(replace(world.settings, trusted_proxies=0))
    assert not found.is_ok and "LTI_TOOL_TRUSTED_PROXIES" in found.words
    (found,) = doctor._watching(replace(world.settings, metrics_token="x" * 20))
    assert found.is_ok and "token" in found.words


def test_a_setting_with_a_slip_of_the_pen_is_listed(world: World) -> None:
    code, found = _doctor(world, LTI_TOOL_TRUSTED_PROXY="1", LTI_TOOL_SECRET_KEY_FILE="")
    assert code == 1
    words = found["settings"]["words"]
    assert "LTI_TOOL_TRUSTED_PROXY " in words and "LTI_TOOL_TRUSTED_PROXIES" in words


def test_every_wrong_file_of_the_configuration_is_told(world: World, tmp_path: Path) -> None:
    there = tmp_path / "elsewhere"
    shutil.copytree(Path(__file__).resolve().parents[3] / "config", there)
    terms, listed = there / "rules" / "terms.yaml", there / "words" / "provider_list.yaml"
    terms.write_text("terms:\n  - {name: A, first: 2026-02-30, last: 2026-06-01}\n")
    listed.unlink()
    done = run_command(
        {
            "LTI_TOOL_BASE_URL": world.settings.base_url,
            "LTI_TOOL_SECRET_KEY": world.settings.secret_key,
            "LTI_TOOL_INSTANCE_DIR": str(world.settings.instance_dir),
            "LTI_TOOL_KEYS_DIR": str(world.settings.keys_dir),
            "LTI_TOOL_CONFIG_DIR": str(there),
        },
        *["doctor", "--json"],
    )
    told = [one["words"] for one in json.loads(done.stdout) if one["what"] == "config"]
    assert done.returncode == 1 and len(told) == 2, told
    assert any(f"{terms}, line 2, " in one and "2026-02-30" in one for one in told), told
    assert f"{listed} cannot be read: No such file or directory." in told
