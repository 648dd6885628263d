"""`lti-tool demo`: the tool, its worker and a demo platform on this machine.

Two sites on purpose: the tool at 127.0.0.1, the platform at localhost, so that the frame meets
a browser's third-party cookie rules.
"""

import os
import shutil
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import click

from lti_tool.cli.processes import Process, run_together, serve_command, worker_command
from lti_tool.core.errors import Unusable
from lti_tool.db import Database, migrate
from lti_tool.demo_platform.app import registration_values
from lti_tool.lti.keys import ensure_key
from lti_tool.lti.registrations import RegistrationValues, add_registration
from lti_tool.mail.posts import Folder, read_post
from lti_tool.parts import make_parts
from lti_tool.settings import Settings, load_settings
from lti_tool.web import meters

_UP_WITHIN_S = 40


def _set_environment(port: int) -> None:
    os.environ["LTI_TOOL_DEMO"] = "1"
    os.environ.setdefault("LTI_TOOL_BASE_URL", f"http://127.0.0.1:{port}")
    os.environ.setdefault("LTI_TOOL_KEYS_DIR", str(load_settings().instance_dir / "keys"))


def _clear(instance_dir: Path) -> None:
    """Forget the demo's own data, and nothing else that may lie in the folder."""
    for path in instance_dir.glob("lti_tool.sqlite*"):
        path.unlink()
    for path in instance_dir.glob("queue.sqlite*"):
        path.unlink()
    for path in (instance_dir / "mail").glob("message-*.eml"):
        path.unlink()
    shutil.rmtree(instance_dir / "demo-platform", ignore_errors=True)
    shutil.rmtree(instance_dir / "metrics", ignore_errors=True)


def _values(platform_url: str) -> RegistrationValues:
    given: dict[str, Any] = dict(registration_values(platform_url))
    given["deployment_ids"] = tuple(given["deployment_ids"])
    return RegistrationValues(**given)


def _prepare(settings: Settings, platform_url: str) -> Database:
    database, _ = make_parts(settings)
    migrate.upgrade(database)
    ensure_key(settings.keys_dir, settings.secret_key)
    with database.write() as session:
        add_registration(session, settings, _values(platform_url))
    return database


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + _UP_WITHIN_S
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise Unusable(
        f"{url} does not answer. Is another program using that port? Try another one "
        "with --port or --platform-port."
    )


def _mail_line(settings: Settings) -> str:
    post = read_post(settings)
    if not isinstance(post, Folder):
        return ""
    return f"  Messages to people are written to {post.path}, not sent.\n"


def _say(platform_url: str, settings: Settings) -> None:
    click.echo(
        f"\n  Open {platform_url} in a browser and choose who you are.\n\n"
        "  1. As a participant, open “Provision-map audit”, bring in a spreadsheet from\n"
        "     tests/fixtures/provision_maps/, and hand it in.\n"
        "  2. As the tutor, mark it and release the mark.\n"
        "  3. Look at the gradebook: the mark stands there a moment later.\n\n"
        f"  The tool itself is at {settings.base_url}. Its data are in {settings.instance_dir}.\n"
        f"{_mail_line(settings)}"
        "  Ctrl-C ends the demo; your data are kept.\n"
    )


def run_demo(port: int, platform_port: int, fresh: bool) -> None:
    """Set up what is missing, start everything, and print where to go."""
    _set_environment(port)
    settings = load_settings()
    if fresh:
        _clear(settings.instance_dir)
    platform_url = f"http://localhost:{platform_port}"
    meters.clear(settings.instance_dir / "metrics")
    database = _prepare(settings, platform_url)
    database.engine.dispose()
    platform = [
        sys.executable,
        "-m",
        "lti_tool.demo_platform",
        "--port",
        str(platform_port),
        "--tool-url",
        settings.base_url,
        "--state-dir",
        str(settings.instance_dir / "demo-platform"),
    ]

    def once_up() -> None:
        _wait_for(f"http://127.0.0.1:{port}/readyz")
        _wait_for(f"http://127.0.0.1:{platform_port}/healthz")
        _say(platform_url, settings)

    run_together(
        [
            Process("web", serve_command("127.0.0.1", port, 1, 8)),
            Process("worker", worker_command(), restart=True),
            Process("platform", platform),
        ],
        once_up,
    )
