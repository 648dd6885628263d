"""Every table with people in it says what of them is there: nothing is left out of an export,
forgotten by erasing or kept for ever because nobody thought of it."""

import pytest
from sqlalchemy import Table

from lti_tool.db import Base
from lti_tool.parts import load_personal_data, load_tables
from lti_tool.people.models import Guest, Person
from lti_tool.privacy.holdings import Emptied, Holding, Stays, hold, list_holdings
from lti_tool.privacy.ways import end_of, leads_to, table_of

WITHOUT_PEOPLE = {
    "access_token": "a pass of the tool's own",
    "assignment": "work that was set",
    "attempts": "a digest, for a minute",
    "checklist": "a programme's work",
    "cohort": "a group",
    "context": "a course",
    "course_session": "a date",
    "deployment": "a course site's",
    "evidence_file": "a programme's file; who gave it stands in standard_evidence",
    "invitation": "a link for an administrator, as a digest",
    "key_set": "public keys",
    "line_item": "a column",
    "waiting_login": "the course site's hint of a login, digest of an address, for ten minutes",
    "platform": "a course site",
    "programme": "a programme",
    "programme_module": "a module",
    "registration": "a course site",
    "resource_link": "a link in a course",
    "roster": "when a list was read",
    "rubric_version": "a rubric",
    "rules_version": "rules",
    "school": "an institution",
    "used_code": "a digest, until it lapses",
    "used_login": "a number drawn by chance, for half an hour at the longest",
}
"""Tables that hold nothing about a person, and why. A new table is told of or stands here."""


@pytest.fixture(scope="module", autouse=True)
def told() -> None:
    load_tables()
    load_personal_data()


def _with_people() -> set[str]:
    """Tables with a key to a person or guest, or to a table that has one."""
    found = {Person.__tablename__, Guest.__tablename__}
    grows = True
    while grows:
        more = {
            table.name
            for table in Base.metadata.tables.values()
            if any(key.column.table.name in found for key in table.foreign_keys)
        }
        grows, found = not more <= found, found | more
    return found


def _tables_told() -> set[str]:
    return {table_of(one).name for one in list_holdings()}


def test_every_table_with_people_is_told_of() -> None:
    assert _with_people() - _tables_told() == set()


def test_every_other_table_says_why_it_holds_nobody() -> None:
    others = set(Base.metadata.tables) - _with_people() - _tables_told()
    assert others == set(WITHOUT_PEOPLE)


def test_every_column_that_names_somebody_is_told_of() -> None:
    told: set[tuple[str, str]] = set()
    for one in list_holdings():
        ways = [*([one.whose] if isinstance(one.whose, str) else []), *one.guests]
        told |= {(table_of(one).name, way.partition(".")[0]) for way in ways}
    missing = [
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name in ("person", "guest") and (table.name, column.name) not in told
    ]
    assert missing == [], "neither whose it is, nor an outsider, nor who did it"


def _columns_named(one: Holding) -> set[str]:
    emptied = set(one.erase.values) if isinstance(one.erase, Emptied) else set()
    return {*one.only, *one.leaves_out, *one.private, *emptied}


def test_every_name_of_a_column_exists() -> None:
    for one in list_holdings():
        table: Table = table_of(one)
        assert _columns_named(one) <= set(table.columns.keys()), (table.name, one.title)
        for way in one.guests:
            assert next(iter(end_of(table, way).foreign_keys)).column.table.name == "guest"
        if one.keeps is not None:
            end_of(table, one.keeps.since)
        if isinstance(one.whose, str):
            assert leads_to(one) in ("person", "guest"), (table.name, one.title)


def test_words_that_people_typed_go_or_are_said_to_stay() -> None:
    for one in list_holdings():
        assert one.erase.why and one.title[:1].isupper(), one.title
        if isinstance(one.erase, Stays):
            assert len(one.erase.why) > 20, one.title


def test_a_table_that_nobody_told_of_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from lti_tool.privacy import holdings

    without = [one for one in list_holdings() if table_of(one).name != "dbs_check"]
    monkeypatch.setattr(holdings._known, "holdings", without)
    assert _with_people() - _tables_told() == {"dbs_check"}


def test_telling_twice_changes_nothing() -> None:
    before = list_holdings()
    hold(*before)
    assert list_holdings() == before
