"""`lti-tool registration`: the platforms that may launch the tool."""

import json
import sys
from dataclasses import asdict
from typing import Any

import click

from lti_tool.cli.moving import move
from lti_tool.cli.numbers import ROW
from lti_tool.db import Database
from lti_tool.db.migrate import require_current
from lti_tool.gradebook.queries import find_line_items_url
from lti_tool.lti import approvals, doctor, invitations, registrations
from lti_tool.lti.places import find_memberships_url
from lti_tool.parts import make_parts
from lti_tool.settings import Settings, load_settings

_NAME = "The university’s name, as schools and mentors are to read it."


def _open() -> tuple[Settings, Database]:
    settings = load_settings()
    database, _ = make_parts(settings)
    require_current(database)
    return settings, database


@click.group("registration")
def registration_group() -> None:
    """The platforms that may launch the tool."""


registration_group.add_command(move)


@registration_group.command("add")
@click.option("--name", required=True, help=_NAME)
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
            ("Switched off", "disabled_deployment_ids"),
            ("Login address", "auth_login_url"),
            ("Token address", "auth_token_url"),
            ("Token audience", "auth_audience"),
            ("Key set address", "jwks_url"),
            ("Enabled", "is_enabled"),
            ("Approved", "is_approved"),
            ("Scopes granted", "scopes"),
            ("Product", "product"),
            ("Scores at once", "parallel_calls"),
        )
        if one[key] is not None
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
        state = state if one["is_approved"] else "pending"
        click.echo(f"{one['id']:>4}  {state:9} {one['name']}  {one['issuer']}  {one['client_id']}")


@registration_group.command("show")
@click.argument("number", type=ROW)
def show(number: int) -> None:
    """Show one registration."""
    _, database = _open()
    with database.read() as session:
        registrations.get_registration(session, number)
        found = registrations.list_registrations(session)
        proposal = approvals.find_proposal(session, number)
    click.echo(_lines(next(one for one in found if one["id"] == number)))
    if proposal is not None:
        click.echo("\nThe platform proposes, and `lti-tool registration approve` applies:")
        for name, value in proposal.items():
            click.echo(f"{name:26}{', '.join(value) if isinstance(value, list) else value}")


def _switch(number: int, is_enabled: bool) -> None:
    _, database = _open()
    with database.write() as session:
        registrations.set_enabled(session, number, is_enabled)
    click.echo(f"Registration {number} is {'enabled' if is_enabled else 'disabled'}.")


@registration_group.command("disable")
@click.argument("number", type=ROW)
def disable(number: int) -> None:
    """Refuse launches of a registration; its marks wait."""
    _switch(number, False)


@registration_group.command("enable")
@click.argument("number", type=ROW)
def enable(number: int) -> None:
    """Let a registration launch again."""
    _switch(number, True)


def _switch_deployment(number: int, deployment: str, is_enabled: bool) -> None:
    _, database = _open()
    with database.write() as session:
        registrations.set_deployment_enabled(session, number, deployment, is_enabled)
    state = "enabled" if is_enabled else "disabled"
    click.echo(f"Deployment {deployment} of registration {number} is {state}.")


@registration_group.command("disable-deployment")
@click.argument("number", type=ROW)
@click.argument("deployment")
def disable_deployment(number: int, deployment: str) -> None:
    """Refuse launches of one deployment; its marks wait."""
    _switch_deployment(number, deployment, False)


@registration_group.command("enable-deployment")
@click.argument("number", type=ROW)
@click.argument("deployment")
def enable_deployment(number: int, deployment: str) -> None:
    """Let a deployment launch again."""
    _switch_deployment(number, deployment, True)


@registration_group.command("rename")
@click.argument("number", type=ROW)
@click.option("--name", required=True, help=_NAME)
def rename(number: int, name: str) -> None:
    """Change the name under which schools and mentors read of a connection's university."""
    _, database = _open()
    with database.write() as session:
        registrations.set_name(session, number, name)
    click.echo(f"Registration {number} is called “{name.strip()}” now.")


@registration_group.command("pace")
@click.argument("number", type=ROW)
@click.option(
    "--at-once",
    required=True,
    type=click.IntRange(1, registrations.MOST_PARALLEL_CALLS),
    help="How many scores may be on their way to the platform at once.",
)
def pace(number: int, at_once: int) -> None:
    """Say how many scores may be sent to a platform at once, over all workers (4 at first)."""
    _, database = _open()
    with database.write() as session:
        registrations.set_parallel_calls(session, number, at_once)
    click.echo(f"Registration {number} is sent up to {at_once} scores at once.")


@registration_group.command("invite")
@click.option("--name", required=True, help=_NAME)
@click.option("--days", default=7, show_default=True, type=click.IntRange(1, 90))
def invite(name: str, days: int) -> None:
    """Print a one-time link for a platform's "add tool by URL"."""
    settings, database = _open()
    with database.write() as session:
        link = invitations.make_invitation(session, settings, name, days)
    click.echo(link)
    click.echo(
        f"Good once, for {days} {'day' if days == 1 else 'days'}. In Moodle: Site administration > "
        "Plugins > Activity modules > External tool > Manage tools, field “Tool URL”, "
        "“Add LTI Advantage”.",
        err=True,
    )


@registration_group.command("approve")
@click.argument("number", type=ROW)
def approve(number: int) -> None:
    """Let in a registration that a platform made by itself, or the change it proposes."""
    settings, database = _open()
    with database.write() as session:
        done = approvals.approve(session, settings, number)
    click.echo(done)
    with database.read() as session:
        found = registrations.list_registrations(session)
    click.echo(_lines(next(one for one in found if one["id"] == number)))


@registration_group.command("doctor")
@click.argument("number", type=ROW)
@click.option("--write", is_flag=True, help="Also make a column in a gradebook and delete it.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def examine(number: int, write: bool, as_json: bool) -> None:
    """Ask the platform whether all works; say what to change. Exit 1 where something does not."""
    settings, database = _open()
    with database.read() as session:
        patient = doctor.Patient(
            database,
            settings,
            registrations.get_registration(session, number),
            find_memberships_url(session, number),
            find_line_items_url(session, number),
            write,
        )
    findings = doctor.examine(patient)
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], indent=2))
    else:
        for one in findings:
            click.echo(f"{one.state:8} {one.check}: {one.found}")
            if one.to_do:
                click.echo(f"         {one.to_do}")
    if any(one.state == doctor.PROBLEM for one in findings):
        sys.exit(1)
