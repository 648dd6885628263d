"""Questions asked at once: each part finds its own answer where it asks."""

from datetime import timedelta

import pytest
from sqlalchemy import bindparam, insert, literal, select

from lti_tool.audit.models import AuditEntry
from lti_tool.core import clock
from lti_tool.db import Database
from lti_tool.db.statements import run, run_once
from lti_tool.db.together import foresee, remember
from lti_tool.people.models import UsedCode

_LATEST = (
    select(AuditEntry.subject_id, AuditEntry.was, AuditEntry.at)
    .where(AuditEntry.act == bindparam("its_act"))
    .order_by(AuditEntry.subject_id.desc())
    .limit(1)
)
_CODE = select(UsedCode.id, UsedCode.code_digest.label("is_there"), UsedCode.lapses_at).where(
    UsedCode.code_digest == bindparam("its_code")
)
_OTHER = select(
    select(UsedCode.id).where(UsedCode.code_digest == "other").exists().label("has_other"),
    literal(None).label("empty"),
)


@pytest.fixture
def filled(database: Database) -> Database:
    with database.write() as session:
        for number in (1, 2):
            run(
                session,
                insert(AuditEntry),
                at=clock.now(),
                actor="operator",
                act="tried",
                subject_kind="test",
                subject_id=number,
                was={"mark": "62"},
            )
        lapses_at = clock.now() + timedelta(hours=1)
        run(session, insert(UsedCode), code_digest="one", lapses_at=lapses_at)
    return database


def test_what_was_foreseen_is_not_asked_again(filled: Database) -> None:
    asked: list[str] = []
    filled.listeners.append(asked.append)
    with filled.read() as session:
        foresee(
            session, (_LATEST, {"its_act": "tried"}), (_CODE, {"its_code": "one"}), (_OTHER, {})
        )
        latest = run_once(session, _LATEST, its_act="tried").one()
        code = run_once(session, _CODE, its_code="one").one()
        other = run_once(session, _OTHER).one()
        assert len(asked) == 1
        assert latest == run(session, _LATEST, its_act="tried").one(), "as if asked by itself"
        assert code == run(session, _CODE, its_code="one").one()
        assert other == run(session, _OTHER).one() and not other.has_other
    assert (latest.subject_id, latest.was, code.is_there) == (2, {"mark": "62"}, "one")
    assert latest.at.tzinfo is not None and code.lapses_at > clock.now()


def test_where_there_is_nothing_nothing_is_found(filled: Database) -> None:
    with filled.read() as session:
        foresee(session, (_LATEST, {"its_act": "left"}), (_CODE, {"its_code": "two"}))
        assert run_once(session, _LATEST, its_act="left").first() is None
        assert run_once(session, _CODE, its_code="two").all() == []
        assert run_once(session, _CODE, its_code="one").first() is not None, "another question"


def test_a_unit_that_writes_asks_each_time(filled: Database) -> None:
    with filled.write() as session:
        foresee(session, (_CODE, {"its_code": "two"}))
        assert run_once(session, _CODE, its_code="two").first() is None
        run(session, insert(UsedCode), code_digest="two", lapses_at=clock.now())
        remember(session, _CODE, {"its_code": "two"}, None)
        assert run_once(session, _CODE, its_code="two").first() is not None
