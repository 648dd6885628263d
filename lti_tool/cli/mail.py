"""`lti-tool mail`: messages to people. Numbers and kinds only, no names and no addresses."""

import json
from collections.abc import Callable

import click
from sqlalchemy.orm import Session

from lti_tool.cli.numbers import ROW
from lti_tool.db.migrate import require_current
from lti_tool.mail import settling
from lti_tool.mail.verdicts import REASONS
from lti_tool.parts import make_parts
from lti_tool.settings import load_settings

_LABELS = (
    ("sent", "sent"),
    ("waiting", "on their way"),
    ("unsure", "unsure: nobody knows whether they arrived"),
    ("failed", "failed"),
    ("unwanted", "not written: no address, not wanted, or no mail server"),
    ("cancelled", "withdrawn, or left as they are"),
)


@click.group("mail")
def mail_group() -> None:
    """Messages to people."""


@mail_group.command("status")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def status(as_json: bool) -> None:
    """How many messages went out, wait, or need a person; and which need one."""
    database, _ = make_parts(load_settings())
    require_current(database)
    with database.read() as session:
        counts, rows = settling.count_by_state(session), settling.list_for_a_person(session)
    if as_json:
        asking = [
            {
                "message": row.id,
                "kind": row.kind,
                "state": row.state,
                "reason": row.reason,
                "promised_at": row.created_at.isoformat(),
            }
            for row in rows
        ]
        click.echo(json.dumps({"counts": counts, "need_a_person": asking}, indent=2))
        return
    for state, label in _LABELS:
        click.echo(f"{counts.get(state, 0):>6}  {label}")
    for row in rows:
        words = REASONS.get(row.reason or "", "no reason was kept")
        click.echo(f"Message {row.id} ({row.kind.replace('_', ' ')}), {row.state}: {words}.")


def _settle(message_id: int, act: Callable[[Session, int], None]) -> None:
    database, _ = make_parts(load_settings())
    require_current(database)
    with database.write() as session:
        act(session, message_id)


@mail_group.command("retry")
@click.option("--message", "message_id", type=ROW, required=True, help="One message.")
def retry(message_id: int) -> None:
    """Send a message that failed or is unsure. An unsure one may arrive a second time."""
    _settle(message_id, settling.send_again)
    click.echo(f"Message {message_id} is on its way again.")


@mail_group.command("leave")
@click.option("--message", "message_id", type=ROW, required=True, help="One message.")
def leave(message_id: int) -> None:
    """Let a message be that failed or is unsure, once you know that nothing is to be done."""
    _settle(message_id, settling.leave)
    click.echo(f"Message {message_id} is left as it is, and needs nobody any more.")
