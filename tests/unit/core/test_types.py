"""Our column types: exact, aware, and refusing what a database would spoil."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, insert, select

from lti_tool.db import Database
from lti_tool.db.types import CannotBeKept, Exact, Moment, Words

TABLE = Table(
    "kept",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("exact", Exact),
    Column("moment", Moment),
    Column("words", Words(5)),
)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Database:
    found = Database(f"sqlite:///{tmp_path_factory.mktemp('types') / 't.sqlite'}")
    TABLE.metadata.create_all(found.engine)
    return found


def _round_trip(database: Database, **values: object):
    with database.write() as session:
        session.execute(TABLE.delete())
        session.execute(insert(TABLE).values(**values))
        return session.execute(select(TABLE)).one()


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9
    )
)
def test_decimals_come_back_exactly(database: Database, value: Decimal) -> None:
    assert _round_trip(database, exact=value).exact == value


@given(
    st.datetimes(min_value=datetime(1900, 1, 2), max_value=datetime(2200, 1, 1)),
    st.integers(-12, 12),
)
def test_moments_come_back_aware(database: Database, naive: datetime, hours: int) -> None:
    moment = naive.replace(tzinfo=timezone(timedelta(hours=hours)))
    found = _round_trip(database, moment=moment).moment
    assert found == moment and found.tzinfo is UTC


@pytest.mark.parametrize(
    "values",
    [
        {"exact": 0.1},
        {"exact": Decimal("NaN")},
        {"exact": Decimal("Infinity")},
        {"moment": datetime(2027, 1, 1)},
        {"words": "a\x00b"},
        {"words": "longer"},
    ],
)
def test_what_cannot_be_kept_faithfully_is_refused(database: Database, values: dict) -> None:
    with pytest.raises(CannotBeKept):
        _round_trip(database, **values)
    with database.read() as session:
        assert session.execute(select(TABLE)).all() in ([], session.execute(select(TABLE)).all())


def test_after_commit_runs_once_and_only_after_a_commit(database: Database) -> None:
    from lti_tool.db import after_commit

    seen: list[int] = []

    def act() -> None:
        seen.append(1)

    with database.write() as session:
        after_commit(session, act)
        after_commit(session, act)
        assert seen == []
    assert seen == [1]
    with pytest.raises(RuntimeError), database.write() as session:
        after_commit(session, act)
        raise RuntimeError
    assert seen == [1]


def test_a_reading_session_keeps_nothing(database: Database, tmp_path: Path) -> None:
    with database.read() as session:
        session.execute(insert(TABLE).values(words="no"))
    with database.read() as session:
        assert session.execute(select(TABLE).where(TABLE.c.words == "no")).all() == []
