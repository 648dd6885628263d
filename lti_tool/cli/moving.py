"""`lti-tool registration move`: a platform has a new address, and people keep their work."""

from typing import Any

import click

from lti_tool.cli.numbers import ROW
from lti_tool.db.migrate import require_current
from lti_tool.launch.moving import Moved, move_platform
from lti_tool.lti.moving import NewAddress
from lti_tool.parts import make_parts
from lti_tool.settings import load_settings


def _show(moved: Moved) -> None:
    move = moved.move
    numbers = ", ".join(map(str, move.registration_ids))
    click.echo(f"Registrations of this platform, all of which move: {numbers}")
    for label, was in move.was.items():
        becomes = move.became[label]
        click.echo(f"  {label}: {was}" + (f" becomes {becomes}" if becomes != was else " stays"))
    click.echo(f"{moved.people:>6}  people keep their work")
    click.echo(f"{moved.courses:>6}  courses keep theirs")
    click.echo(f"{moved.waiting:>6}  marks that wait go to the new address")
    for what, count in move.counts.items():
        said = "dropped" if "begun" in what or "kept" in what else "rewritten"
        click.echo(f"{count:>6}  {what} {said}")
    for what, count in move.stays.items():
        if count:
            click.echo(f"{count:>6}  {what} stay, for they stand elsewhere: see --also")


@click.command("move")
@click.argument("number", type=ROW)
@click.option("--issuer", required=True, help="The new one. Moodle: Platform ID.")
@click.option("--client-id", default=None, help="Where the platform gives us a new one.")
@click.option("--auth-login-url", default=None, help="Where it cannot be worked out.")
@click.option("--auth-token-url", default=None, help="Where it cannot be worked out.")
@click.option("--jwks-url", default=None, help="Where it cannot be worked out.")
@click.option(
    "--also",
    "beginnings",
    nargs=2,
    multiple=True,
    metavar="OLD NEW",
    help="A further beginning of addresses, and what it becomes. May be given several times.",
)
@click.option("--dry-run", "is_dry", is_flag=True, help="Only show what would change.")
def move(number: int, is_dry: bool, **values: Any) -> None:
    """Let a platform stand at a new address: people keep their work, marks go there."""
    settings = load_settings()
    database, _ = make_parts(settings)
    require_current(database)
    with database.rehearsal() if is_dry else database.write() as session:
        to = NewAddress(**values)
        moved = move_platform(session, settings, number, to, is_rehearsal=is_dry)
    if not moved.move.is_needed:
        click.echo(f"Registration {number} stands at {values['issuer']} already.")
        return
    _show(moved)
    if is_dry:
        click.echo("Nothing was changed. Without --dry-run it is done.")
        return
    click.echo(
        f"Moved. Now ask the platform: `lti-tool registration doctor {number}`, and when marks "
        f"have gone out: `lti-tool gradebook compare --registration {number}`."
    )
