"""`lti-tool doctor`: what `monitoring/doctor.py` finds, printed."""

import json
import sys
from dataclasses import asdict

import click

from lti_tool.catalogue import register
from lti_tool.core.errors import Sentence
from lti_tool.duties import find_activities
from lti_tool.monitoring.doctor import examine
from lti_tool.monitoring.findings import Finding
from lti_tool.settings import load_settings
from lti_tool.staff.provider import look


def _examine() -> list[Finding]:
    """Look at everything; settings that cannot be read are the only finding."""
    try:
        settings = load_settings()
    except Sentence as error:
        return [Finding("settings", False, error.sentence)]
    register.fill(find_activities())
    return [Finding("settings", True, "They can be read."), *examine(settings), look(settings)]


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def doctor(as_json: bool) -> None:
    """Check this installation, and say what to do where something is wrong."""
    found = _examine()
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], indent=2, ensure_ascii=False))
    else:
        for one in found:
            click.echo(f"{'ok     ' if one.is_ok else 'problem'}  {one.what}: {one.words}")
    sys.exit(0 if all(one.is_ok for one in found) else 1)
