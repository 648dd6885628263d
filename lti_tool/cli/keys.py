"""`lti-tool keys`: the tool's signing keys."""

import click

from lti_tool.lti.keys import published_keys
from lti_tool.settings import load_settings


@click.group("keys")
def keys_group() -> None:
    """The tool's signing keys."""


@keys_group.command("list")
def list_keys() -> None:
    """List the published keys, the one that signs first."""
    for place, key in enumerate(published_keys(load_settings().keys_dir)["keys"]):
        click.echo(f"{key['kid']}  {'signs' if place == 0 else 'published'}")
