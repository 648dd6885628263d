"""`lti-tool doctor`: what `monitoring/doctor.py` finds, printed."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict

import click

from lti_tool.catalogue import register
from lti_tool.catalogue.contract import Activity
from lti_tool.core.errors import Sentence
from lti_tool.duties import declare_letters, find_activities
from lti_tool.monitoring.doctor import examine
from lti_tool.monitoring.findings import Finding
from lti_tool.settings import Settings, list_unknown, load_settings
from lti_tool.staff.provider import look


def _settings() -> Iterator[Finding]:
    """They can be read; whether there are names among them that nothing reads."""
    names = list_unknown()
    for name, meant in names:
        advice = f"Did you mean {meant}?" if meant else "docs/operator.md lists all."
        yield Finding("settings", False, f"{name} is no setting, and nothing reads it. {advice}")
    if not names:
        yield Finding("settings", True, "They can be read.")


def _config(settings: Settings, activities: list[Activity]) -> Iterator[Finding]:
    """Every file of `config/` that a start reads."""
    from lti_tool.app import list_config  # here, since no other command needs the pages

    declare_letters()
    wrong = set()
    for load in list_config(settings.config_dir, activities):
        try:
            load()
        except Sentence as error:
            wrong.add(error.sentence)
    for sentence in sorted(wrong):
        yield Finding("config", False, sentence)
    if not wrong:
        yield Finding("config", True, f"All files of {settings.config_dir} can be used.")


def _examine() -> list[Finding]:
    """Look at everything; settings that cannot be read are the only finding."""
    try:
        settings = load_settings()
    except Sentence as error:
        return [Finding("settings", False, error.sentence)]
    activities = find_activities()
    register.fill(activities)
    return [*_settings(), *_config(settings, activities), *examine(settings), look(settings)]


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
