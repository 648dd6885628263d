"""The main job on SQLite and on PostgreSQL: the same pages, marks and audit trail."""

from pathlib import Path

from sqlalchemy import select

from lti_tool.audit.models import AuditEntry
from lti_tool.db import Database
from lti_tool.gradebook.models import Delivery
from tests.integration.pages import work
from tests.support.visiting import make_world


def test_the_main_job(tmp_path: Path, database: Database) -> None:
    world = make_world(tmp_path, database)
    author = world.let_in("5", "participant")
    work.bring_in(author)
    work.hand_in(author)
    tutor = world.let_in("3", "tutor")
    work.mark_and_release(tutor, "60", "62", "58", "70", "65", "50")
    assert "Your mark: 62 out of 100" in author.get("audit/").get_data(as_text=True)
    assert author.get("audit/figures").status_code == 200
    with database.read() as session:
        assert str(session.scalar(select(Delivery.score_given))) == "62.00"
        acts = list(session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))
    assert acts == [
        "registration added",
        "work set",
        "work handed in",
        "mark saved",
        "mark released",
    ]
