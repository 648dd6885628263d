"""`lti-tool privacy`: one person's data, and deleting what has been kept long enough."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy.orm import Session

from lti_tool.cli.numbers import ROW
from lti_tool.db import Database
from lti_tool.db.migrate import require_current
from lti_tool.parts import load_personal_data, make_parts
from lti_tool.people import requests
from lti_tool.privacy.erasing import Line
from lti_tool.privacy.holdings import Subject
from lti_tool.programme.keeping import deleting
from lti_tool.programme.keeping.terms import PEOPLE, load_retention
from lti_tool.settings import load_settings

_WHO = (
    click.option("--registration", "registration_id", type=ROW, required=True, help="Its id."),
    click.option("--user", "sub", required=True, help="The course site’s own id of the person."),
)


def _who(command: click.decorators.FC) -> click.decorators.FC:
    for option in reversed(_WHO):
        command = option(command)
    return command


@contextmanager
def _opened() -> Iterator[Database]:
    """The database, with the application around it: an activity draws its own work."""
    from lti_tool.app import create_app

    settings = load_settings()
    database, _ = make_parts(settings)
    require_current(database)
    load_personal_data()
    app = create_app(settings, database)
    with app.test_request_context("/", base_url=settings.base_url):
        yield database


@click.group("privacy")
def privacy_group() -> None:
    """One person's data, and deleting what has been kept long enough."""


@privacy_group.command("export")
@_who
@click.option(
    "--to", required=True, type=click.Path(dir_okay=False, path_type=Path), help="A zip to write."
)
@click.option(
    "--with-private", is_flag=True, help="With what the university decides about, such as notes."
)
def export(registration_id: int, sub: str, to: Path, with_private: bool) -> None:
    """Write all that is held about one person to a zip: a page to read, JSON, files."""
    with _opened() as database, database.write() as session:
        subject = requests.find_subject(session, registration_id, sub)
        found = requests.export(session, subject, to, with_private=with_private)
    for part in found.parts:
        click.echo(f"{len(part.rows):>6}  {part.title}")
    for title, count in found.left_out:
        click.echo(f"{count:>6}  left out, for the university to decide: {title}")
    click.echo(f"Written to {to}, readable by you alone. Look through it before you give it away.")


@privacy_group.command("erase")
@click.option("--registration", "registration_id", type=ROW, required=True, help="Its id.")
@click.option("--user", "sub", help="The course site’s own id of the person.")
@click.option("--guest", "email", help="Or the address of a host, head, mentor or examiner.")
@click.option("--dry-run", "is_dry", is_flag=True, help="Only show what would be done.")
@click.option("--yes", "is_sure", is_flag=True, help="Do not ask again.")
def erase(
    registration_id: int, sub: str | None, email: str | None, is_dry: bool, is_sure: bool
) -> None:
    """Erase one person: names, drafts, files and facts go; marks stay without a name."""
    if (sub is None) == (email is None):
        raise click.UsageError("Say who: either --user or --guest.")

    def find(session: Session) -> Subject:
        if email is not None:
            return requests.find_guest(session, registration_id, email)
        return requests.find_subject(session, registration_id, str(sub), locks=True)

    with _opened() as database:
        try:
            with database.rehearsal() if is_dry or not is_sure else database.write() as session:
                lines = requests.erase(session, find(session))
        except requests.NobodyKnown as nobody:
            click.echo(nobody.sentence)
            return
        _show(lines)
        if is_dry:
            click.echo("Nothing was changed. Without --dry-run it is done.")
            return
        if not is_sure:
            click.confirm("This cannot be undone. Erase?", abort=True)
            with database.write() as session:
                requests.erase(session, find(session))
    click.echo("Erased. Backups hold the person until they lapse.")


@privacy_group.command("retention")
@click.option("--dry-run", "is_dry", is_flag=True, help="Only show what is over, of every type.")
def retention(is_dry: bool) -> None:
    """Delete what was kept long enough: the record types that are switched on."""
    with _opened() as database:
        terms = list(load_retention(load_settings().config_dir).values())
        acting = [one for one in terms if is_dry or one.is_carried_out]
        with database.rehearsal() if is_dry else database.write() as session:
            gone = deleting.delete_over(session, acting)
        people = deleting.list_people_over(database, acting)
        for person_id in () if is_dry else people:
            with database.write() as session:
                deleting.erase_person(session, person_id)
    for term in terms:
        state = "" if term.is_carried_out else " Switched off in config/rules/retention.yaml."
        click.echo(f"{term.record}: kept {term.in_words}.{state}")
        for one in gone:
            if one.term == term:
                click.echo(f"  {one.count:>6}  {one.table}")
        if term.record == PEOPLE and people:
            click.echo(f"  {len(people):>6}  people, each as by `lti-tool privacy erase`")
    if is_dry:
        click.echo("Nothing was changed.")


def _show(lines: list[Line]) -> None:
    for word in ("deleted", "emptied", "kept"):
        for one in lines:
            if one.done == word and one.count:
                click.echo(f"{word:8} {one.count:>5}  {one.title} ({one.table}): {one.why}.")
