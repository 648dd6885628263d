"""Statements that SQLAlchemy writes once and the driver runs from then on.

What every launch asks is asked in the same words each time. SQLAlchemy's way from a statement to
its rows takes ten times what the driver takes, so it is gone once for each statement, and what was
found is kept: the text, in which order its values go, and how values are turned into what the
database holds and back (the types of `db/types.py` apply as ever).
"""

import re
from collections import namedtuple
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import Any, TypeAlias, cast

from sqlalchemy import BindParameter, Boolean, ColumnElement
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import Insert, UpdateBase
from sqlalchemy.sql.visitors import cloned_traverse, iterate

AnyRow: TypeAlias = Any
"""A row of a query, its columns by name: a named tuple of ours, or SQLAlchemy's own."""
_Turn: TypeAlias = Callable[[Any], Any]


class _NeedNotLast(ColumnElement[bool]):
    """See `NEED_NOT_LAST`."""

    inherit_cache = True
    type = Boolean()


@compiles(_NeedNotLast)
def _by_the_connection(_element: _NeedNotLast, _compiler: SQLCompiler, **_how: Any) -> str:
    return "1 = 1"


@compiles(_NeedNotLast, "postgresql")
def _by_the_statement(_element: _NeedNotLast, _compiler: SQLCompiler, **_how: Any) -> str:
    return "set_config('synchronous_commit', 'off', true) = 'off'"


NEED_NOT_LAST = _NeedNotLast()
"""A condition that always holds, of a statement that commits by itself: nobody waits until it is
on the disk. If the machine's power fails within the next second it may not have happened."""


class Rows:
    """All rows that a statement gave, as named tuples."""

    __slots__ = ("_rows",)

    def __init__(self, rows: list[AnyRow]) -> None:
        self._rows = rows

    def __iter__(self) -> Iterator[AnyRow]:
        return iter(self._rows)

    def all(self) -> list[AnyRow]:
        """Every row."""
        return self._rows

    def first(self) -> AnyRow | None:
        """The first row, or None where there is none."""
        return self._rows[0] if self._rows else None

    def one(self) -> AnyRow:
        """The only row.

        :raises ValueError: there is none, or more than one.
        """
        (row,) = self._rows
        return row

    def scalars(self) -> list[Any]:
        """The first column of every row."""
        return [row[0] for row in self._rows]

    def scalar_one(self) -> Any:
        """The first column of the only row."""
        return self.one()[0]


_NO_ROWS = Rows([])
_SPELT = (str, int, bool)
_PLACE = re.compile(r"%\((\w+)\)s|%%")


def numbered(text: str) -> tuple[bytes, list[str]]:
    """A statement with places by name, as the server takes it, and the name of each place.

    :param text: as SQLAlchemy writes it for psycopg: `%(name)s`, and `%%` for a sign of its own.
    """
    places: list[str] = []

    def number(found: re.Match[str]) -> str:
        if found[1] is None:
            return "%"
        if found[1] not in places:
            places.append(found[1])
        return f"${places.index(found[1]) + 1}"

    return _PLACE.sub(number, text).encode(), places


class Text:
    """One text of a statement: it has so many places in each of its lists."""

    def __init__(
        self, compiled: SQLCompiler, names: Collection[str], lists: dict[str, list[Any]]
    ) -> None:
        """:param names: what is given at each run.
        :param lists: those of it that are lists, with as many values as this text is to have.
        """
        dialect = self._dialect = compiled.dialect
        binds = {
            name: bind for bind, name in compiled.bind_names.items() if not bind.literal_execute
        }
        sample = {name: None if name in names else bind.value for name, bind in binds.items()}
        state = compiled.construct_expanded_state({**sample, **lists})
        self.sql: str = state.statement
        self._order = state.positiontup
        self._lists = [(name, state.parameter_expansion[name]) for name in lists]
        self._asked = [(name, b.callable) for name, b in binds.items() if b.callable is not None]
        self._fixed = dict(state.parameters)
        self._turns: list[tuple[str, _Turn]] = []
        for name, bind in binds.items():
            places = state.parameter_expansion.get(name, [name])
            whole = bind.type.dialect_impl(dialect).bind_processor(dialect)
            for place in places:
                turn = whole if place == name else state.processors.get(place)
                if turn is not None and (name in names or bind.callable is not None):
                    self._turns.append((place, turn))
                elif turn is not None:
                    self._fixed[place] = turn(self._fixed[place])
        columns = list(cast(Any, compiled.statement).exported_columns)
        self._types = [column.type.dialect_impl(dialect) for column in columns]
        keys = tuple(str(column.key) for column in columns)
        named: Any = namedtuple("Row", keys, rename=True)  # type: ignore[misc]
        self.row: _Turn | None = partial(tuple.__new__, named) if columns else None
        """Makes a row of its columns' values; None where it gives no rows."""
        self._back: list[tuple[int, _Turn]] | None = None

    @cached_property
    def numbered(self) -> tuple[bytes, list[str]]:
        """The same for PostgreSQL's own library."""
        return numbered(self.sql)

    def parameters(self, given: Mapping[str, Any]) -> Any:
        """The values as the driver takes them: in order, or by name."""
        values = {**self._fixed, **given}
        for name, ask in self._asked:
            values[name] = ask()
        for name, places in self._lists:
            values.update(zip(places, _in_a_row(_filled(values.pop(name))), strict=True))
        for name, turn in self._turns:
            values[name] = turn(values[name])
        return values if self._order is None else [values[name] for name in self._order]

    def rows(self, cursor: Any) -> Rows:
        """What the driver gave, all of it."""
        if self.row is None:
            return _NO_ROWS
        found = cursor.fetchall()
        if self._back is None:
            turns = [
                kind.result_processor(self._dialect, column[1])
                for kind, column in zip(self._types, cursor.description, strict=True)
            ]
            self._back = [(place, turn) for place, turn in enumerate(turns) if turn is not None]
        if not self._back:
            return Rows([self.row(row) for row in found])
        return Rows([self.row(self._turned(row)) for row in found])

    def _turned(self, row: Sequence[Any]) -> list[Any]:
        values = list(row)
        for place, turn in self._back or ():
            if values[place] is not None:  # what is not there is so in every type
                values[place] = turn(values[place])
        return values


def _spelt_out(statement: Any, given: Collection[str]) -> Any:
    """A statement whose own words and numbers stand in its text: they are sent and turned no more,
    and PostgreSQL plans for them. As places they would be anything to a plan that it keeps.

    :param given: what is given at each run, and stays a place.
    """

    def spell_out(bind: BindParameter[Any]) -> None:
        if isinstance(bind.value, _SPELT) and bind.key not in given:
            bind.literal_execute = True

    return cloned_traverse(statement, {}, {"bindparam": spell_out})


def _places(values: Sequence[Any]) -> int:
    """A list is asked for by as many places as the next power of two, so that a statement has
    few texts."""
    return len(values) and 1 << (len(values) - 1).bit_length()


def _filled(values: Sequence[Any]) -> list[Any]:
    """As many values as places: the last stands again and again, which no IN minds."""
    return [*values, *list(values[-1:]) * (_places(values) - len(values))]


def _in_a_row(values: list[Any]) -> list[Any]:
    """Values in the order of their places; a pair has two."""
    if values and isinstance(values[0], tuple):
        return [one for pair in values for one in pair]
    return values


class Prepared:
    """A statement built once, with a `bindparam` for each value it is run with."""

    def __init__(self, statement: Any, dialect: Dialect, given: Mapping[str, Any]) -> None:
        """:param given: values by name, as for each run: an INSERT sets the columns they name,
        unless it takes its row from a SELECT.
        """
        if isinstance(statement, Insert) and not statement.exported_columns:
            statement = statement.inline()  # else PostgreSQL is asked for the new row's number
        statement = _spelt_out(statement, given)
        self.writes = isinstance(statement, UpdateBase)
        self.lasts = not any(isinstance(part, _NeedNotLast) for part in iterate(statement))
        self._names = tuple(given)
        is_from_select = getattr(statement, "select", None) is not None
        columns = None if is_from_select else self._names
        self._compiled = statement.compile(dialect=dialect, column_keys=columns)
        if self.writes and (self._compiled.insert_prefetch or self._compiled.update_prefetch):
            raise TypeError("Give a value for each column: SQLAlchemy's defaults are not asked.")
        binds = self._compiled.binds
        self._lists = [name for name in given if name in binds and binds[name].expanding]
        self._texts: dict[tuple[int, ...], Text] = {}

    def text(self, given: Mapping[str, Any]) -> Text:
        """The text that has a place for each of these values."""
        lengths = tuple([_places(given[name]) for name in self._lists])
        found = self._texts.get(lengths)
        if found is None:
            lists = {name: _filled(given[name]) for name in self._lists}
            found = self._texts[lengths] = Text(self._compiled, self._names, lists)
        return found
