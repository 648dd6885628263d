"""`lti-tool registration`: the platforms that may launch the tool."""

import json
from typing import Any

import click

from lti_tool.app import make_parts
from lti_tool.db import Database
from lti_tool.db.migrate import require_current
from lti_tool.lti import registrations
from lti_tool.settings import Settings, load_settings


def _open() -> tuple[Settings, Database]:
    settings = load_settings()
    database, _ = make_parts(settings)
    require_current(database)
    return settings, database


@click.group("registration")
def registration_group() -> None:
    """The platforms that may launch the tool."""


@registration_group.command("add")
@click.option("--name", required=True, help="What you call this platform.")
@click.option("--issuer", required=True, help="Moodle: Platform ID.")
@click.option("--client-id", required=True, help="Moodle: Client ID.")
@click.option(
    "--deployment-id",
    "deployment_ids",
    required=True,
    multiple=True,
    help="Moodle: Deployment ID. May be given several times.",
)
@click.option("--auth-login-url", required=True, help="Moodle: Authentication request URL.")
@click.option("--auth-token-url", required=True, help="Moodle: Access token URL.")
@click.option("--jwks-url", required=True, help="Moodle: Public keyset URL.")
@click.option("--auth-audience", default=None, help="Only where the platform asks for one.")
def add(**values: Any) -> None:
    """Register the tool with a platform. Again with the same issuer and client id: update it."""
    settings, database = _open()
    with database.write() as session:
        number, is_new = registrations.add_registration(
            session, settings, registrations.RegistrationValues(**values)
        )
    click.echo(f"Registration {number} {'added' if is_new else 'updated'}.")


def _lines(one: dict[str, Any]) -> str:
    return "\n".join(
        f"{label:22}{one[key] if not isinstance(one[key], list) else ', '.join(one[key])}"
        for label, key in (
            ("Registration", "id"),
            ("Name", "name"),
            ("Issuer", "issuer"),
            ("Client id", "client_id"),
            ("Deployment ids", "deployment_ids"),
            ("Login address", "auth_login_url"),
            ("Token address", "auth_token_url"),
            ("Token audience", "auth_audience"),
            ("Key set address", "jwks_url"),
            ("Enabled", "is_enabled"),
        )
    )


@registration_group.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def list_all(as_json: bool) -> None:
    """List the registrations."""
    _, database = _open()
    with database.read() as session:
        found = registrations.list_registrations(session)
    if as_json:
        click.echo(json.dumps(found, indent=2))
        return
    if not found:
        click.echo("There are no registrations yet. `lti-tool registration add --help` shows how.")
    for one in found:
        state = "enabled" if one["is_enabled"] else "disabled"
        click.echo(f"{one['id']:>4}  {state:9} {one['name']}  {one['issuer']}  {one['client_id']}")


@registration_group.command("show")
@click.argument("number", type=int)
def show(number: int) -> None:
    """Show one registration."""
    _, database = _open()
    with database.read() as session:
        registrations.get_registration(session, number)
        found = registrations.list_registrations(session)
    click.echo(_lines(next(one for one in found if one["id"] == number)))


def _switch(number: int, is_enabled: bool) -> None:
    _, database = _open()
    with database.write() as session:
        registrations.set_enabled(session, number, is_enabled)
    click.echo(f"Registration {number} is {'enabled' if is_enabled else 'disabled'}.")


@registration_group.command("disable")
@click.argument("number", type=int)
def disable(number: int) -> None:
    """Refuse launches of a registration; its marks wait."""
    _switch(number, False)


@registration_group.command("enable")
@click.argument("number", type=int)
def enable(number: int) -> None:
    """Let a registration launch again."""
    _switch(number, True)
