"""Laws of the outbox that hold for whatever comes: timestamps, pauses, addresses."""

import itertools
import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lti_tool.db import Database
from lti_tool.gradebook.models import Delivery, LineItem
from lti_tool.gradebook.outbox import enqueue, send_again
from lti_tool.gradebook.verdicts import pause
from lti_tool.lti.addresses import with_query
from lti_tool.lti.ags import Score, below
from lti_tool.settings import Settings, load_settings
from tests.conformance.cases import case
from tests.support import builders
from tests.support.databases import empty

_START = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
_VALUES = {
    "name": "A platform",
    "issuer": "https://p.example",
    "client_id": "c",
    "deployment_ids": ["1"],
    "auth_login_url": "http://127.0.0.1:9/a",
    "auth_token_url": "http://127.0.0.1:9/t",
    "jwks_url": "http://127.0.0.1:9/k",
}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def kept(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Database, int, int]]:
    """One database for all examples: a column and a person in it."""
    folder = tmp_path_factory.mktemp("laws")
    url = f"sqlite:///{folder}/tool.sqlite"
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), folder / "tool.sqlite")
    else:
        url = request.getfixturevalue("postgres_kept")
        empty(url)
    database = Database(url)
    chosen: Settings = load_settings({"LTI_TOOL_DEMO": "1", "LTI_TOOL_INSTANCE_DIR": str(folder)})
    with database.write() as session:
        course = builders.build_course(session, chosen, _VALUES)
        person = builders.build_person(session, course, "5")
        builders.build_assignment(session, chosen, course, line_item_url="http://127.0.0.1:9/l")
        column = session.scalars(select(LineItem.id)).one()
    yield database, column, person
    database.engine.dispose()


@case(156, "two updates in one second, and a revert")
@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.floats(-7200, 7200), st.sampled_from(["release", "again"])),
        min_size=2,
        max_size=8,
    )
)
def test_timestamps_go_up_by_whole_seconds_whatever_the_clock_does(
    kept: tuple[Database, int, int], moves: list[tuple[float, str]]
) -> None:
    database, column, person = kept
    seen: list[datetime] = []
    revisions: list[int] = []
    for moved_by, act in [(0.0, "release"), *moves]:
        with time_machine.travel(_START + timedelta(seconds=moved_by), tick=False):
            with database.write() as session:
                if act == "release":
                    enqueue(session, column, person, Decimal(62), Decimal(100), "", None)
                else:
                    number = session.scalars(
                        select(Delivery.id).where(Delivery.person_id == person)
                    ).one()
                    send_again(session, number)
            with database.read() as session:
                row = session.execute(
                    select(Delivery.scored_at, Delivery.revision).where(
                        Delivery.person_id == person
                    )
                ).one()
        seen.append(row.scored_at)
        revisions.append(row.revision)
    assert all(one.microsecond == 0 for one in seen)
    assert all(b - a >= timedelta(seconds=1) for a, b in itertools.pairwise(seen))
    assert revisions == list(range(revisions[0], revisions[0] + len(revisions)))


@given(st.integers(1, 10_000), st.floats(0, 3599.9))
def test_pauses_of_the_first_hour(tries: int, waited: float) -> None:
    assert 0.5 <= pause(tries, timedelta(seconds=waited)) <= 20


@given(st.integers(1, 10_000), st.floats(3600, 1e7))
def test_pauses_after_it(tries: int, waited: float) -> None:
    assert 0.5 <= pause(tries, timedelta(seconds=waited)) <= 600


_WORD = st.text("abcXYZ019-_.~%20", min_size=0, max_size=12)
_QUERIES = st.dictionaries(st.text("abcd_", min_size=1, max_size=6), _WORD, max_size=4)


@case(153, "a line item address with a query")
@given(
    st.sampled_from(["https://m.example", "http://127.0.0.1:8081"]),
    st.lists(st.text("abc019", min_size=1, max_size=6), max_size=4),
    _QUERIES,
    st.booleans(),
    st.text(max_size=20),
)
def test_addresses_keep_path_and_query(
    root: str, path: list[str], query: dict[str, str], slash: bool, user: str
) -> None:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    url = root + "".join("/" + part for part in path) + ("/" if slash else "")
    whole = f"{url}?{asked}" if asked else url
    scores = urlsplit(below(whole, "scores"))
    assert scores.query == asked
    assert scores.path == "".join("/" + part for part in path) + "/scores"
    for_user = urlsplit(with_query(whole, user_id=user))
    assert for_user.query.startswith(asked)
    assert parse_qs(for_user.query, keep_blank_values=True)["user_id"][-1] == user
    assert (for_user.scheme, for_user.netloc) == (scores.scheme, scores.netloc)


@given(
    st.decimals(0, 100, places=2),
    st.integers(1, 100),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=50),
)
def test_a_score_reads_back_as_it_was(given_mark: Decimal, maximum: int, words: str) -> None:
    score = Score("5", _START, given_mark, Decimal(maximum), words, None)
    body = json.loads(score.as_json(), parse_float=Decimal)
    assert Decimal(body["scoreGiven"]) == given_mark
    assert (body["scoreMaximum"], body["comment"]) == (maximum, words)
    assert body["timestamp"] == "2026-11-21T12:00:00.000+00:00"
