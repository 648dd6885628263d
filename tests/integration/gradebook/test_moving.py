"""A platform moves while marks are on their way: none is lost, and none goes to the old address.

The way of a whole launch and mark by HTTP stands in `tests/conformance/test_moved_platform.py`.
"""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, update

from lti_tool.audit.models import AuditEntry
from lti_tool.cli.main import cli
from lti_tool.db.base import Base
from lti_tool.gradebook.models import Comparison, LineItem
from lti_tool.launch.moving import move_platform
from lti_tool.lti import approvals
from lti_tool.lti.errors import RegistrationUnusable
from lti_tool.lti.models import AccessToken, Context, KeySet, Platform, Registration, WaitingLogin
from lti_tool.lti.moving import NewAddress
from lti_tool.lti.registrations import RegistrationValues, add_registration
from lti_tool.parts import load_tables
from lti_tool.people.models import Roster, Visit
from tests.integration.gradebook.bench import Bench
from tests.support.graded_platform import GradedPlatform, graded_platform


@pytest.fixture
def moved(platform: GradedPlatform, tmp_path: Path, keys_dir: Path) -> Iterator[GradedPlatform]:
    """The same platform, its data copied, begun again at another port."""
    state = tmp_path / "moved"
    shutil.copytree(platform.state_dir, state)
    with graded_platform(state, keys_dir) as again:
        yield again


def _move(bench: Bench, issuer: str, *words: str) -> Result:
    settings = {
        "DEMO": "1",
        "DATABASE_URL": bench.settings.database_url,
        "INSTANCE_DIR": str(bench.settings.instance_dir),
        "KEYS_DIR": str(bench.settings.keys_dir),
    }
    env = {f"LTI_TOOL_{name}": value for name, value in settings.items()}
    return CliRunner().invoke(
        cli, ["registration", "move", "1", "--issuer", issuer, *words], env=env
    )


def _everything(bench: Bench) -> dict[str, list[tuple[object, ...]]]:
    load_tables()
    with bench.database.read() as session:
        return {
            table.name: [tuple(row) for row in session.execute(select(table).order_by(table.c.id))]
            for table in Base.metadata.sorted_tables
        }


def test_marks_that_wait_for_the_old_address_go_to_the_new_one(
    bench: Bench, moved: GradedPlatform
) -> None:
    landed = bench.release(55, "6")
    bench.drain()
    bench.platform.set(down=True)
    late, no_column = bench.release(62), bench.release(70, "7", bench.set_work(None, link="2"))
    bench.drain()
    assert bench.row(late).reason is not None and bench.row(no_column).state == "waiting"
    asked_before = len(bench.platform.asked("token")) + len(bench.platform.asked("score"))

    looked = _everything(bench)
    preview = _move(bench, moved.url, "--dry-run")
    assert preview.exit_code == 0, preview.output
    assert "2  marks that wait go to the new address" in preview.output
    assert f"issuer: {bench.platform.url} becomes {moved.url}" in preview.output
    assert "4  people keep their work" in preview.output
    assert _everything(bench) == looked, "a preview changes nothing"

    scored_at = bench.row(late).scored_at
    done = _move(bench, moved.url)
    assert done.exit_code == 0 and "Moved." in done.output
    assert done.output.splitlines()[:-1] == preview.output.splitlines()[:-1]
    bench.drain()
    assert set(bench.states().values()) == {"delivered"}
    assert moved.shown(moved.column_url(), "5").final == 62
    assert bench.row(late).scored_at == scored_at, "a move is no new release"
    asked = len(bench.platform.asked("token")) + len(bench.platform.asked("score"))
    assert asked == asked_before, "the old address is left alone"
    assert len(bench.attempts(landed)) == 1, "what had landed is not sent again"

    looked = _everything(bench)
    again = _move(bench, moved.url)
    assert again.exit_code == 0 and f"stands at {moved.url} already" in again.output
    assert _everything(bench) == looked


def test_nothing_moves_while_a_worker_holds_an_address(bench: Bench) -> None:
    delivery = bench.release(62)
    until = datetime.now(UTC) + timedelta(seconds=40)
    bench.change(delivery, lease="a", leased_until=until)
    for held in ("mark", "column", "comparison", "list"):
        if held == "column":
            bench.change(delivery, leased_until=None)
        with bench.database.write() as session:
            session.execute(
                update(LineItem).values(leased_until=until if held == "column" else None)
            )
            if held == "comparison":
                session.add(Comparison(line_item_id=1, leased_until=until, due_at=until, tries=1))
            if held == "list":
                session.execute(update(Comparison).values(leased_until=None))
                row = Roster(context_id=bench.course.context_id, due_at=until, tries=1)
                row.leased_until = until
                session.add(row)
        looked = _everything(bench)
        refused = _move(bench, "https://new.example")
        assert refused.exit_code == 1 and "Nothing was changed" in str(refused.exception), held
        assert _everything(bench) == looked
        assert _move(bench, "https://new.example", "--dry-run").exit_code == 0
    with bench.database.write() as session:
        session.execute(
            update(Roster).values(leased_until=None, differences_url="https://o.example")
        )
    assert _move(bench, "https://new.example").exit_code == 0
    with bench.database.read() as session:
        assert session.scalars(select(Roster.differences_url)).one() is None


def test_all_that_was_kept_of_the_old_address_is_rewritten_or_dropped(bench: Bench) -> None:
    """Also of a second registration of the site; a registration elsewhere is left alone."""
    old, new, now = bench.platform.url, "https://new.example/moodle", datetime.now(UTC)
    values = {**bench.platform.registration(), "deployment_ids": ("1",)}
    elsewhere = "https://elsewhere.example"
    other = {
        name: str(value).replace(old, elsewhere)
        for name, value in values.items()
        if "_ids" not in name
    }
    bench.release(62)
    bench.drain()
    with bench.database.write() as session:
        second, third = (
            add_registration(session, bench.settings, RegistrationValues(**more))[0]
            for more in (
                {**values, "client_id": "second"},
                {**other, "deployment_ids": ("1",)},
            )
        )
        session.execute(update(Context).values(memberships_url=f"{old}/members?id=2"))
        for one in (1, second, third):
            session.add(KeySet(registration_id=one, window_began_at=now, reads_in_window=0))
        session.add(_visit(bench, f"{old}/return?x=1", now + timedelta(hours=1), "open"))
        session.add(_visit(bench, f"{old}/return?x=1", now - timedelta(hours=1), "over"))
        session.add(_visit(bench, "https://cdn.example/back", now + timedelta(hours=1), "far"))
    to = NewAddress(new, client_id="new", auth_token_url=f"{new}/own/token")
    with bench.database.write() as session:
        moved = move_platform(session, bench.settings, 1, to)
    with bench.database.read() as session:
        rows = session.scalars(select(Registration).order_by(Registration.id)).all()
        assert [one.client_id for one in rows] == ["new", "second", rows[2].client_id]
        assert [one.auth_login_url for one in rows] == [
            f"{new}/mod/lti/auth",
            f"{new}/mod/lti/auth",
            f"{elsewhere}/mod/lti/auth",
        ]
        assert rows[0].auth_token_url == f"{new}/own/token"
        assert rows[1].auth_token_url == f"{new}/mod/lti/token"
        assert session.scalars(select(Context.memberships_url)).one() == f"{new}/members?id=2"
        item = session.scalars(select(LineItem)).one()
        assert item.url == bench.column.replace(old, new)
        assert item.line_items_url == bench.platform.columns_url().replace(old, new)
        assert session.scalars(select(KeySet.registration_id)).all() == [third]
        assert session.scalars(select(AccessToken.id)).all() == []
        assert session.scalars(select(WaitingLogin.id)).all() == []
        visits = dict(session.execute(select(Visit.handle, Visit.return_url)).all())
        assert visits == {
            "open": f"{new}/return?x=1",
            "over": f"{old}/return?x=1",
            "far": "https://cdn.example/back",
        }
        choosing = session.scalars(select(Visit.deep_linking).where(Visit.handle == "open")).one()
        assert choosing == {"return_url": f"{new}/answer", "data": "kept"}
        acts = select(AuditEntry).where(AuditEntry.act == "registration moved")
        entries = session.scalars(acts.order_by(AuditEntry.id))
        assert [(one.subject_id, one.was["issuer"]) for one in entries] == [(1, old), (second, old)]
    assert moved.move.stays["ways back of open visits"] == 1


def _visit(bench: Bench, back: str, ends_at: datetime, handle: str) -> Visit:
    return Visit(
        handle=handle,
        secret_digest="",
        person_id=bench.course.tutor_id,
        registration_id=bench.course.registration_id,
        context_id=bench.course.context_id,
        resource_link_id=1,
        roles="tutor",
        is_preview=False,
        return_url=back,
        deep_linking={"return_url": back.replace("return?x=1", "answer"), "data": "kept"},
        started_at=ends_at,
        ends_at=ends_at,
    )


def test_what_cannot_be_moved_is_refused_with_a_sentence(bench: Bench) -> None:
    values = {**bench.platform.registration(), "deployment_ids": ("1",)}
    with bench.database.write() as session:
        add_registration(
            session, bench.settings, RegistrationValues(**{**values, "client_id": "2nd"})
        )
        known = {**values, "issuer": "https://known.example"}
        add_registration(session, bench.settings, RegistrationValues(**known))
    for to, said in (
        (NewAddress("https://known.example"), "is connected already, as registration 3"),
        (NewAddress("https://new.example", client_id="2nd"), "Registration 2 of the same platform"),
        (NewAddress("https://new.example", client_id=" "), "The client id is empty"),
        (NewAddress(" "), "The issuer is empty"),
        (NewAddress("moodle"), "is no web address"),
        (NewAddress("https://new.example", jwks_url="ftp://x"), "The key set address"),
        (NewAddress("https://new.example", beginnings=(("x", "https://y"),)), "“x” is no web"),
    ):
        looked = _everything(bench)
        with pytest.raises(RegistrationUnusable, match=said), bench.database.write() as session:
            move_platform(session, bench.settings, 1, to)
        assert _everything(bench) == looked
    with bench.database.write() as session:
        session.execute(
            update(Platform).values(issuer="https://blackboard.com").where(Platform.id == 1)
        )
    with (
        pytest.raises(RegistrationUnusable, match="all customers of a maker"),
        bench.database.write() as session,
    ):
        move_platform(session, bench.settings, 1, NewAddress("https://new.example"))


def test_a_change_proposed_from_the_old_address_is_not_applied_after(bench: Bench) -> None:
    registration = bench.platform.registration()
    proposed = approvals.Connection(
        issuer=str(registration["issuer"]),
        client_id=str(registration["client_id"]),
        deployment_ids=("1",),
        auth_login_url="https://old.example/auth",
        auth_token_url="https://old.example/token",
        auth_audience=None,
        jwks_url="https://old.example/keys",
        scopes="",
        product="",
        registration_client_url=None,
    )
    with bench.database.write() as session:
        assert approvals.propose(session, session.get_one(Registration, 1), proposed)
        session.flush()
        assert approvals.find_proposal(session, 1) is not None
    with bench.database.write() as session:
        move_platform(session, bench.settings, 1, NewAddress("https://new.example"))
    with bench.database.read() as session:
        assert approvals.find_proposal(session, 1) is None


NOT_OF_A_PLATFORM = {
    ("access_token", "token_url"): "dropped by the move",
    ("roster", "differences_url"): "emptied by the move",
    ("standard_evidence", "url"): "typed by a person",
}


def test_every_column_of_addresses_is_thought_of() -> None:
    """A new column that holds a platform's address must move too."""
    load_tables()
    moved = {
        ("registration", "auth_login_url"),
        ("registration", "auth_token_url"),
        ("registration", "jwks_url"),
        ("registration", "registration_client_url"),
        ("context", "memberships_url"),
        ("line_item", "url"),
        ("line_item", "line_items_url"),
        ("visit", "return_url"),
    }
    found = {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name.endswith("url")
    }
    assert found == moved | set(NOT_OF_A_PLATFORM)
