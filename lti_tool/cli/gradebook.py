"""`lti-tool gradebook`: marks on their way."""

import json
import sys
from collections import Counter
from dataclasses import asdict
from typing import Any

import click
from sqlalchemy.orm import Session

from lti_tool.cli.numbers import ROW
from lti_tool.db.migrate import require_current
from lti_tool.gradebook import comparing, counting, findings, operations, queries
from lti_tool.gradebook.states import REASONS
from lti_tool.lti.errors import ServiceFailed
from lti_tool.lti.registrations import get_registration
from lti_tool.parts import make_parts
from lti_tool.settings import load_settings


@click.group("gradebook")
def gradebook_group() -> None:
    """Marks on their way to gradebooks."""


def _columns_of(session: Session) -> list[dict[str, Any]]:
    counts = counting.count_columns(session, None)
    return [
        {
            "column": row.id,
            "registration": row.registration_id,
            "in_gradebook": there.there,
            "on_the_way": there.on_the_way,
            "needs_person": there.needs_you,
            "left_as_theirs": there.theirs,
            "is_gone": row.gone_at is not None,
            "compared_at": row.compared_at.isoformat() if row.compared_at else None,
        }
        for row in queries.list_columns(session)
        for there in (counts.get(row.id, counting.NONE),)
    ]


def _print_status(columns: list[dict[str, Any]], rows: list[Any]) -> None:
    for name, label in (
        ("in_gradebook", "in gradebooks"),
        ("on_the_way", "on their way"),
        ("needs_person", "need a person"),
        ("left_as_theirs", "left as the gradebook has them"),
    ):
        click.echo(f"{sum(one[name] for one in columns):>6}  {label}")
    for one in columns:
        left = one["left_as_theirs"]
        theirs = f", {left} left as the gradebook has them" if left else ""
        gone = ", the column is gone" if one["is_gone"] else ""
        click.echo(
            f"Column {one['column']}: {one['in_gradebook']} in the gradebook, "
            f"{one['on_the_way']} on the way, {one['needs_person']} need a person{theirs}{gone}; "
            f"last compared {one['compared_at'] or 'never'}"
        )
    for row in rows:
        click.echo(
            f"Delivery {row.id}, {row.state.replace('_', ' ')}, {row.tries} tries: "
            f"{REASONS.get(row.reason or '', 'not tried yet')}"
        )


@gradebook_group.command("status")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def status(as_json: bool) -> None:
    """How many marks wait, arrived, or need a person; and which. Ids only, no names."""
    database, _ = make_parts(load_settings())
    require_current(database)
    with database.read() as session:
        counts = queries.count_by_state(session)
        columns = _columns_of(session)
        rows = queries.list_open(session)
    if not as_json:
        _print_status(columns, rows)
        return
    open_ones = [
        {
            "delivery": row.id,
            "state": row.state,
            "reason": row.reason,
            "tries": row.tries,
            "due_at": row.due_at.isoformat(),
        }
        for row in rows
    ]
    found = {"counts": counts, "columns": columns, "open": open_ones}
    click.echo(json.dumps(found, indent=2))


@gradebook_group.command("compare")
@click.option("--registration", "registration_id", type=ROW, help="Columns of this one only.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def compare(registration_id: int | None, as_json: bool) -> None:
    """Read gradebooks and say what differs from what was sent. Exit 1 where something does, or
    where a gradebook cannot be read. Ids only, no names."""
    settings = load_settings()
    database, _ = make_parts(settings)
    require_current(database)
    with database.read() as session:
        if registration_id is not None:
            get_registration(session, registration_id)
        columns = queries.list_columns(session, registration_id)
    found: list[dict[str, Any]] = []
    for column in columns:
        one: dict[str, Any] = {"column": column.id, "problem": None, "findings": []}
        try:
            one["findings"] = [
                asdict(difference)
                for difference in comparing.compare(database, settings, column.id)
            ]
        except ServiceFailed as failure:
            one["problem"] = findings.describe_problem(failure.reason, is_trying=False)
        found.append(one)
    _report(found, as_json)


def _report(found: list[dict[str, Any]], as_json: bool) -> None:
    differs = any(
        one["problem"] or any(each["finding"] in findings.DIFFERENCES for each in one["findings"])
        for one in found
    )
    if as_json:
        click.echo(json.dumps({"differs": differs, "columns": found}, indent=2))
    for one in [] if as_json else found:
        counts = Counter(each["finding"] for each in one["findings"])
        told = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items())
        click.echo(f"Column {one['column']}: {one['problem'] or told or 'no marks'}")
        for each in one["findings"]:
            if each["finding"] in findings.DIFFERENCES:
                click.echo(
                    f"  person {each['person_id']}: {each['finding'].replace('_', ' ')}, "
                    f"sent {each['given'] or 'nothing'}, shown {each['shown'] or 'nothing'}"
                )
    if not found and not as_json:
        click.echo("There is no gradebook column to compare.")
    if differs:
        sys.exit(1)


@gradebook_group.command("retry")
@click.option("--delivery", "delivery_id", type=ROW, help="One delivery.")
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
