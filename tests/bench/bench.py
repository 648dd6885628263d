"""What a bench is: every module here that measures something declares one as `BENCH`.

`__main__` finds them, runs them, prints what they find and writes it down. A bench yields its
rows as it finds them: a tuple is a row of the table, a sentence stands below it, and `Columns`
begin a further table.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from tests.support.postgres import new_database, postgres_server

Cell = str | int


@dataclass(frozen=True)
class Columns:
    """The headings of a further table."""

    names: tuple[str, ...]
    about: str = ""


Found = tuple[Cell, ...] | str | Columns


@dataclass(frozen=True)
class Bench:
    """One thing measured: how it was measured and what is wanted, its columns, and its rows."""

    name: str
    """The word for the command line."""
    title: str
    about: str
    columns: tuple[str, ...]
    measure: Callable[..., Iterator[Found]]
    options: Mapping[str, float] = field(default_factory=dict)
    """What `measure` takes by name, with its defaults."""


def cells(*values: Cell) -> str:
    """A row as Markdown writes it."""
    return "| " + " | ".join(f"{v:,}" if isinstance(v, int) else v for v in values) + " |"


def heading(columns: tuple[str, ...]) -> list[str]:
    """The two lines that begin a table."""
    return [cells(*columns), cells(*["---"] * len(columns))]


def on_both_databases() -> Iterator[tuple[str, str | None]]:
    """SQLite, then an empty database on a PostgreSQL server: a name, and an address if any."""
    yield "SQLite", None
    with postgres_server() as server_url:
        yield "PostgreSQL", new_database(server_url)
