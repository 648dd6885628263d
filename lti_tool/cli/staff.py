"""`lti-tool staff`: who may sign in without a course site and use the staff's pages."""

import click

from lti_tool.cli.numbers import ROW
from lti_tool.core.errors import Unusable
from lti_tool.db import Database
from lti_tool.db.migrate import require_current
from lti_tool.parts import make_parts
from lti_tool.settings import load_settings
from lti_tool.staff import members


def _open() -> tuple[Database, str]:
    settings = load_settings()
    database, _ = make_parts(settings)
    require_current(database)
    return database, settings.oidc_issuer


@click.group("staff")
def staff_group() -> None:
    """Who may use the staff's pages without a course site."""


@staff_group.command("add")
@click.option("--email", help="Their address, where the provider verifies addresses.")
@click.option("--subject", help="The provider’s id of them; the page that refuses them shows it.")
@click.option("--role", required=True, type=click.Choice(members.ROLES))
def add(email: str | None, subject: str | None, role: str) -> None:
    """Let somebody in, or change their role."""
    if (email is None) == (subject is None):
        raise click.UsageError("Give --email or --subject.")
    database, issuer = _open()
    if not issuer:
        raise Unusable(
            "Staff sign-in is off. Set LTI_TOOL_OIDC_ISSUER, LTI_TOOL_OIDC_CLIENT_ID and "
            "LTI_TOOL_OIDC_CLIENT_SECRET first."
        )
    with database.write() as session:
        number = members.add_member(session, issuer, role, subject=subject, email=email)
    click.echo(f"Staff entry {number}: {role}.")


@staff_group.command("list")
def list_all() -> None:
    """List who is let in."""
    database, issuer = _open()
    with database.read() as session:
        rows = members.list_members(session)
    if not rows:
        click.echo("Nobody is let in. `lti-tool staff add --help` shows how.")
    for row in rows:
        came = f"last signed in {row.signed_in_at:%Y-%m-%d}" if row.signed_in_at else "not come yet"
        elsewhere = "" if row.issuer == issuer else f"  (of {row.issuer}, which is not set)"
        click.echo(f"{row.id:>4}  {row.role:13}  {row.email or row.subject}  {came}{elsewhere}")


@staff_group.command("remove")
@click.argument("number", type=ROW)
def remove(number: int) -> None:
    """Let somebody in no more. Their sessions end at once."""
    database, _ = _open()
    with database.write() as session:
        members.remove_member(session, number)
    click.echo(f"Staff entry {number} is removed.")
