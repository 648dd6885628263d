"""`lti-tool gradebook`: marks on their way."""

import json

import click

from lti_tool.app import make_parts
from lti_tool.db.migrate import require_current
from lti_tool.gradebook import operations, queries
from lti_tool.gradebook.states import REASONS
from lti_tool.settings import load_settings


@click.group("gradebook")
def gradebook_group() -> None:
    """Marks on their way to gradebooks."""


@gradebook_group.command("status")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def status(as_json: bool) -> None:
    """How many marks wait, arrived, or need a person; and which. Ids only, no names."""
    database, _ = make_parts(load_settings())
    require_current(database)
    with database.read() as session:
        counts = queries.count_by_state(session)
        rows = queries.list_open(session)
    if as_json:
        click.echo(
            json.dumps(
                {
                    "counts": counts,
                    "open": [
                        {
                            "delivery": row.id,
                            "state": row.state,
                            "reason": row.reason,
                            "tries": row.tries,
                            "due_at": row.due_at.isoformat(),
                        }
                        for row in rows
                    ],
                },
                indent=2,
            )
        )
        return
    for state, label in (
        ("delivered", "in gradebooks"),
        ("waiting", "on their way"),
        ("needs_person", "need a person"),
    ):
        click.echo(f"{counts.get(state, 0):>6}  {label}")
    for row in rows:
        click.echo(
            f"Delivery {row.id}, {row.state.replace('_', ' ')}, {row.tries} tries: "
            f"{REASONS.get(row.reason or '', 'not tried yet')}"
        )


@gradebook_group.command("retry")
@click.option("--delivery", "delivery_id", type=int, help="One delivery.")
@click.option("--all", "everything", is_flag=True, help="All that need a person.")
def retry(delivery_id: int | None, everything: bool) -> None:
    """Send marks again, with a later time."""
    if (delivery_id is None) == (not everything):
        raise click.UsageError("Give --delivery ID or --all.")
    database, _ = make_parts(load_settings())
    require_current(database)
    with database.write() as session:
        count = operations.retry(session, delivery_id)
    click.echo(f"{count} {'mark is' if count == 1 else 'marks are'} on the way again.")
