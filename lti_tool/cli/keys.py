"""`lti-tool keys`: the tool's signing keys: list, rotate, retire."""

from datetime import timedelta

import click
from sqlalchemy.exc import SQLAlchemyError

from lti_tool.audit.operations import OPERATOR, record
from lti_tool.core import clock
from lti_tool.core.errors import Unusable
from lti_tool.db.migrate import require_current
from lti_tool.lti import keys
from lti_tool.parts import make_parts
from lti_tool.settings import Settings, load_settings

_WORDS = {"signs": "signs", "published": "published, no longer used"}


def _note(settings: Settings, act: str, became: dict[str, str]) -> None:
    """Leave an audit entry. The keys are files, and one that got out is replaced even where the
    database is away."""
    try:
        database, _ = make_parts(settings)
        require_current(database)
        with database.write() as session:
            record(session, act, keys.SUBJECT, became=became, **OPERATOR)
    except (Unusable, SQLAlchemyError):
        click.echo("No audit entry was left: the database could not be used.", err=True)


@click.group("keys")
def keys_group() -> None:
    """The tool's signing keys."""


@keys_group.command("list")
def list_keys() -> None:
    """List the published keys, the latest first."""
    settings = load_settings()
    for one in keys.list_keys(settings.keys_dir, settings.secret_key):
        state = _WORDS.get(one.state, f"published, signs from {clock.day_and_time(one.signs_from)}")
        click.echo(f"{one.kid}  {state}")


@keys_group.command("rotate")
@click.option("--at-once", is_flag=True, help="Sign with it now: for a key that got out.")
@click.option(
    "--overlap-minutes",
    default=int(keys.OVERLAP.total_seconds() // 60),
    show_default=True,
    type=click.IntRange(1, 60 * 24 * 30),
    help="How long it is published before it signs.",
)
def rotate(at_once: bool, overlap_minutes: int) -> None:
    """Make a new key. It is published now and signs after an overlap; nothing needs a restart."""
    settings = load_settings()
    after = timedelta() if at_once else timedelta(minutes=overlap_minutes)
    made = keys.rotate(settings.keys_dir, settings.secret_key, after)
    _note(settings, "signing key made", made.in_audit)
    if at_once:
        click.echo(f"The key {made.kid} signs now. Retire the old one: `lti-tool keys list`.")
        return
    click.echo(
        f"The key {made.kid} is published and signs from {clock.day_and_time(made.signs_from)}. "
        "Retire the old one after that."
    )


@keys_group.command("retire", context_settings={"ignore_unknown_options": True})
@click.argument("kid")
def retire(kid: str) -> None:
    """Withdraw the key KID: delete its file and publish it no more."""
    settings = load_settings()
    gone = keys.retire(settings.keys_dir, settings.secret_key, kid)
    _note(settings, "signing key withdrawn", {"key": gone.kid})
    click.echo(f"The key {gone.kid} is withdrawn.")
