"""`lti-tool people`: roles that a course site cannot send."""

import click

from lti_tool.cli.numbers import ROW
from lti_tool.db import Database
from lti_tool.db.migrate import require_current
from lti_tool.parts import make_parts
from lti_tool.people import grants
from lti_tool.programme.cohorts.queries import require_programme
from lti_tool.settings import load_settings

_WHO = (
    click.option("--registration", "registration_id", type=ROW, required=True, help="Its id."),
    click.option("--user", "sub", required=True, help="The course site’s own id of the person."),
    click.option("--role", required=True, type=click.Choice(grants.ROLES)),
    click.option("--context", help="Only in this course: its id on the course site."),
    click.option("--programme", help="Only in this programme: its key."),
)


def _open() -> Database:
    database, _ = make_parts(load_settings())
    require_current(database)
    return database


def _who(command: click.decorators.FC) -> click.decorators.FC:
    for option in reversed(_WHO):
        command = option(command)
    return command


@click.group("people")
def people_group() -> None:
    """Roles that a course site cannot send."""


@people_group.command("grant")
@_who
def grant(
    registration_id: int, sub: str, role: str, context: str | None, programme: str | None
) -> None:
    """Give somebody a role: in one course, or wherever this registration is used."""
    with _open().write() as session:
        person_id = grants.keep_somebody(session, registration_id, sub)
        scope = grants.find_scope(session, registration_id, context, programme)
        if programme is not None:
            require_programme(session, registration_id, programme)
        is_new = grants.give(session, person_id, role, scope, actor="operator")
    click.echo(f"{'Granted' if is_new else 'They had it already'}: {role}, {scope[0]}.")
    if programme is not None:
        click.echo("It holds in every course that is joined to this programme.")


@people_group.command("revoke")
@_who
def revoke(
    registration_id: int, sub: str, role: str, context: str | None, programme: str | None
) -> None:
    """Take a role back."""
    with _open().write() as session:
        person_id = grants.keep_somebody(session, registration_id, sub)
        scope = grants.find_scope(session, registration_id, context, programme)
        was_there = grants.take_back(session, person_id, role, scope, actor="operator")
    if not was_there:
        raise click.ClickException("They do not have this role. `lti-tool people list` shows all.")
    click.echo(f"Taken back: {role}, {scope[0]}.")


@people_group.command("list")
@click.option("--registration", "registration_id", type=ROW, help="Only of this registration.")
def list_all(registration_id: int | None) -> None:
    """List the roles in force. Ids only, no names."""
    with _open().read() as session:
        rows = grants.list_grants(session, registration_id)
    if not rows:
        click.echo("No roles are granted. `lti-tool people grant --help` shows how.")
    for row in rows:
        place = f"course {row.course}" if row.course else f"{row.scope} {row.scope_key}"
        click.echo(f"{row.id:>4}  {row.role:17} user {row.sub}, {place}, {row.granted_at:%Y-%m-%d}")
