"""A launch that says nothing new goes a short way; one that says anything new does not."""

import itertools
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lti_tool.db import Database
from lti_tool.db.base import Base
from lti_tool.db.statements import run
from lti_tool.gradebook.models import LineItem
from lti_tool.gradebook.operations import column_changes
from lti_tool.launch.known import KNOWN, may_be_known, named
from lti_tool.launch.operations import enter, enter_again
from lti_tool.lti.errors import LaunchRefused
from lti_tool.lti.messages import AgsEndpoint, LaunchMessage
from lti_tool.lti.models import Context, Deployment, Platform, Registration, ResourceLink
from lti_tool.lti.nrps import Member
from lti_tool.lti.oidc import begin_login
from lti_tool.lti.proving import Proved, use_up
from lti_tool.lti.registrations import RegistrationValues, add_registration
from lti_tool.lti.states import unseal
from lti_tool.parts import load_personal_data
from lti_tool.people import grants
from lti_tool.people.members import keep_members
from lti_tool.people.models import Membership, Person, Visit
from lti_tool.people.requests import erase, find_subject
from lti_tool.privacy import erasing
from lti_tool.privacy.holdings import Subject
from lti_tool.programme.keeping.deleting import erase_person
from tests.support.builders import ALL_SCOPES
from tests.support.statements import heard
from tests.support.visiting import World, make_world

_COLUMN = AgsEndpoint("https://moodle.example/items", "https://moodle.example/items/1", ALL_SCOPES)


@pytest.fixture
def world(tmp_path: Path, database: Database) -> World:
    return make_world(tmp_path, database)


@pytest.fixture
def usual(world: World) -> LaunchMessage:
    """What a participant's launch said, and says again."""
    message = replace(
        world.message, sub="5", roles=frozenset({"participant"}), name="Ada Alpha", ags=_COLUMN
    )
    _enter(world, message)
    return message


def _enter(world: World, message: LaunchMessage) -> None:
    """The long way."""
    with world.database.write() as session:
        enter(session, world.settings.config_dir, message)


def _prove(world: World, message: LaunchMessage) -> Proved:
    """The message, and a login that it answers."""
    with world.database.read() as session:
        client = session.execute(
            select(Registration.client_id, Platform.issuer)
            .join(Platform, Platform.id == Registration.platform_id)
            .where(Registration.id == message.registration_id)
        ).one()
    parameters = {
        "iss": client.issuer,
        "client_id": client.client_id,
        "login_hint": "5",
        "target_link_uri": "https://tool.example/lti/launch",
    }
    with world.app.test_request_context("/lti/login"):
        started = begin_login(world.database, world.settings, parameters, is_sent=True)
    assert started.auth_url is not None
    sealed = parse_qs(urlsplit(started.auth_url).query)["state"][0]
    state = unseal(world.settings.secret_key, sealed)
    assert state is not None
    return Proved(message, state)


def _is_known(world: World, message: LaunchMessage) -> bool:
    with world.database.read() as session:
        found = run(session, KNOWN, **named(message)).first()
    return may_be_known(message) and found is not None


def _count(world: World, table: type[Base]) -> int:
    with world.database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_what_was_all_found_is_not_asked_for_again(world: World, usual: LaunchMessage) -> None:
    proved = _prove(world, usual)
    with heard(world.database) as seen:
        assert enter_again(world.database, proved) is not None
    steps = [one.split()[0] for one in seen]
    assert steps == (["SELECT", "INSERT", "INSERT"] if world.database.is_sqlite else ["WITH"])


def test_both_ways_begin_the_same_visit(world: World, usual: LaunchMessage) -> None:
    enter_again(world.database, _prove(world, usual))
    named = (Visit.person_id, Visit.context_id, Visit.resource_link_id, Visit.roles)
    with world.database.read() as session:
        first, second = session.execute(select(*named).order_by(Visit.id)).all()[-2:]
        assert first == second


@pytest.mark.parametrize(
    "changes",
    [
        {"context_title": "Module 1, renamed"},
        {"context_label": "M1b"},
        {"context_history": "7"},
        {"memberships_url": "https://moodle.example/members"},
        {"resource_link_title": "Another title"},
        {"name": "Ada Beta"},
        {"email": "ada@students.example"},
        {"ags": replace(_COLUMN, line_item_url="https://moodle.example/items/2")},
        {"ags": replace(_COLUMN, line_items_url="https://moodle.example/more")},
        {"ags": replace(_COLUMN, scopes=ALL_SCOPES[:1])},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_what_is_new_is_kept(world: World, usual: LaunchMessage, changes: dict[str, Any]) -> None:
    changed = replace(usual, **changes)
    assert not _is_known(world, changed)
    _enter(world, changed)
    assert _is_known(world, changed)


_WORDS = ("", "a", "b")
_MAYBE = (None, *_WORDS)
_COLUMN_SAID = [
    None,
    *(
        AgsEndpoint(items, item, scopes)
        for items in (None, "https://moodle.example/a", "https://moodle.example/b")
        for item in (None, "https://moodle.example/a/1", "https://moodle.example/b/1")
        for scopes in (ALL_SCOPES, ALL_SCOPES[:1], ())
    ),
]
_COLUMN_KEPT = [
    {"line_items_url": items, "url": item, "scopes": scopes, "resource_link_id": link}
    for items in (None, "https://moodle.example/a")
    for item in (None, "https://moodle.example/a/1")
    for scopes in (" ".join(ALL_SCOPES), "")
    for link in (None, "another link")
]


@pytest.mark.parametrize(
    ("table", "column", "said_as", "kept", "said"),
    [
        (Context, "title", "context_title", _WORDS, _WORDS),
        (Context, "label", "context_label", _WORDS, _WORDS),
        (Context, "history", "context_history", _WORDS, _WORDS),
        (Context, "memberships_url", "memberships_url", _MAYBE, _MAYBE),
        (ResourceLink, "title", "resource_link_title", _WORDS, _WORDS),
        (Person, "name", "name", _MAYBE, _MAYBE),
        (Person, "given_name", "given_name", _MAYBE, _MAYBE),
        (Person, "family_name", "family_name", _MAYBE, _MAYBE),
        (Person, "email", "email", _MAYBE, _MAYBE),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_counts_as_new_is_the_same_for_the_query_and_the_long_way(
    world: World,
    usual: LaunchMessage,
    table: type[Base],
    column: str,
    said_as: str,
    kept: tuple[str | None, ...],
    said: tuple[str | None, ...],
) -> None:
    for was, says in itertools.product(kept, said):
        message = replace(usual, **{said_as: says})
        with world.database.write() as session:
            session.execute(update(table).values(**{column: was}))
        is_known = _is_known(world, message)
        _enter(world, message)
        with world.database.read() as session:
            assert is_known == (session.scalars(select(getattr(table, column))).one() == was), says


def test_what_counts_as_new_of_a_column(world: World, usual: LaunchMessage) -> None:
    for kept, said in itertools.product(_COLUMN_KEPT, _COLUMN_SAID):
        link = kept["resource_link_id"] or usual.resource_link_id
        with world.database.write() as session:
            session.execute(update(LineItem).values(**{**kept, "resource_link_id": link}))
            row = session.execute(select(*LineItem.__table__.c)).one()
        changes = said and column_changes(row, usual.resource_link_id, said)
        assert _is_known(world, replace(usual, ags=said)) == (not changes), (kept, said)


@pytest.mark.parametrize(
    "changes",
    [
        {"sub": "6"},
        {"context_id": "another course"},
        {"resource_link_id": "another link"},
        {"roles": frozenset({"tutor"})},
        {"roles": frozenset({"participant", "admin"})},
        {"roles": frozenset()},
        {"deep_linking": {"return_url": "https://moodle.example/back"}},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_others_go_the_long_way(
    world: World, usual: LaunchMessage, changes: dict[str, Any]
) -> None:
    assert _is_known(world, usual)
    assert not _is_known(world, replace(usual, **changes))


def test_what_a_launch_leaves_out_stays(world: World, usual: LaunchMessage) -> None:
    assert _is_known(world, replace(usual, name=None, resource_link_title=""))


def test_a_login_is_used_up_once(world: World, usual: LaunchMessage) -> None:
    proved = _prove(world, usual)
    assert enter_again(world.database, proved) is not None
    assert enter_again(world.database, proved) is None
    with pytest.raises(LaunchRefused) as refused, world.database.write() as session:
        use_up(session, proved.state)
    assert refused.value.code == "state_unknown"
    assert refused.value.registration_id == usual.registration_id
    assert _count(world, Visit) == 2, "the usual one's, and the one that was begun"


def test_two_at_once_begin_one_visit(world: World, usual: LaunchMessage) -> None:
    proved = _prove(world, usual)
    with ThreadPoolExecutor(6) as pool:
        came = list(pool.map(lambda _: enter_again(world.database, proved), range(12)))
    assert len(came) - came.count(None) == 1 and _count(world, Visit) == 2


def _erase(session: Session, world: World) -> None:
    load_personal_data()
    erase(session, find_subject(session, world.registration_id, "5"))


def test_who_was_erased_meanwhile_is_somebody_new(world: World, usual: LaunchMessage) -> None:
    """The login is not used up by the short way: the long way uses it."""
    proved = _prove(world, usual)
    with world.database.write() as session:
        _erase(session, world)
    assert enter_again(world.database, proved) is None
    assert _count(world, Visit) == 0
    with world.database.write() as session:
        use_up(session, proved.state)
        enter(session, world.settings.config_dir, usual)
    with world.database.read() as session:
        visited = select(Person.sub).join(Visit, Visit.person_id == Person.id)
        assert session.scalars(visited).all() == ["5"]
        assert _count(world, Person) == 2


def test_who_is_being_erased_is_waited_for(world: World, usual: LaunchMessage) -> None:
    proved = _prove(world, usual)
    with ThreadPoolExecutor(1) as pool:
        with world.database.write() as session:
            _erase(session, world)
            entering = pool.submit(enter_again, world.database, proved)
            time.sleep(0.3)
            assert not entering.done()
        assert entering.result(10) is None
    assert _count(world, Visit) == 0


def _people(world: World) -> list[tuple[str | None, bool]]:
    with world.database.read() as session:
        rows = session.execute(select(Person.name, Person.erased_at).order_by(Person.id))
        return [(row.name, row.erased_at is not None) for row in rows]


def test_no_launch_names_who_is_being_erased(world: World, usual: LaunchMessage) -> None:
    """One that says a new name is on its way meanwhile: it makes somebody new."""
    with ThreadPoolExecutor(1) as pool:
        with world.database.write() as session:
            _erase(session, world)
            entering = pool.submit(_enter, world, replace(usual, name="Ada Beta"))
            time.sleep(0.3)
            assert not entering.done()
        entering.result(10)
    assert _people(world) == [(None, True), ("Ada Beta", False)]


def test_no_roster_names_who_is_being_erased(world: World, usual: LaunchMessage) -> None:
    with ThreadPoolExecutor(1) as pool:
        with world.database.write() as session:
            _erase(session, world)
            reading = pool.submit(_read_roster, world, usual, "Ada Beta")
            time.sleep(0.3)
        reading.result(10)
    assert all((name is None) == is_erased for name, is_erased in _people(world))


def _read_roster(world: World, message: LaunchMessage, name: str) -> None:
    with world.database.write() as session:
        context_id = session.scalars(select(Context.id)).one()
        member = Member(message.sub, frozenset(), True, name, None, None, None)
        keep_members(session, context_id, message.platform_id, [member])


def test_who_is_erased_because_their_time_is_over_is_held_from_the_first_step(
    world: World, usual: LaunchMessage, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_personal_data()
    proved, came, erase_all = _prove(world, usual), [], erasing.erase

    def erase_late(session: Session, subject: Subject) -> Any:
        came.append(pool.submit(enter_again, world.database, proved))
        time.sleep(0.3)
        assert not came[0].done()
        return erase_all(session, subject)

    monkeypatch.setattr(erasing, "erase", erase_late)
    with world.database.read() as session:
        number = session.scalars(select(Person.id)).one()
    with ThreadPoolExecutor(1) as pool, world.database.write() as session:
        erase_person(session, number)
        session.commit()
        assert came[0].result(10) is None
    assert _count(world, Visit) == 0


def test_nobody_is_known_by_another_course_or_platform(world: World, usual: LaunchMessage) -> None:
    """Each half of what a launch names is there, but not together."""
    other = replace(usual, context_id="other", resource_link_id="other", sub="6")
    _enter(world, other)
    for name in ("context_id", "resource_link_id", "sub"):
        assert not _is_known(world, replace(usual, **{name: getattr(other, name)}))
    values = RegistrationValues(
        name="Another",
        issuer="https://other.example",
        client_id="client",
        deployment_ids=("1",),
        auth_login_url="https://other.example/auth",
        auth_token_url="https://other.example/token",
        jwks_url="https://other.example/keys",
    )
    with world.database.write() as session:
        number, _ = add_registration(session, world.settings, values)
    with world.database.read() as session:
        theirs = session.execute(
            select(Deployment.id, Registration.platform_id)
            .join(Registration, Registration.id == Deployment.registration_id)
            .where(Registration.id == number)
        ).one()
    there = {"registration_id": number, "deployment_id": theirs.id}
    assert not _is_known(world, replace(usual, **there, platform_id=theirs.platform_id))
    assert not _is_known(world, replace(usual, platform_id=theirs.platform_id))


def test_who_may_mark_only_looks(world: World, usual: LaunchMessage) -> None:
    with world.database.write() as session:
        person_id = grants.keep_somebody(session, usual.registration_id, "5")
        scope = (grants.REGISTRATION, str(usual.registration_id))
        grants.give(session, person_id, grants.TUTOR, scope, actor="operator")
    assert not _is_known(world, usual)
    _enter(world, usual)
    with world.database.read() as session:
        assert session.scalars(select(Visit.is_preview).order_by(Visit.id)).all()[-1]


def test_who_left_is_taken_back_in(world: World, usual: LaunchMessage) -> None:
    with world.database.write() as session:
        session.execute(update(Membership).values(is_active=False))
    assert not _is_known(world, usual)
    _enter(world, usual)
    assert _is_known(world, usual)


def test_a_link_that_stands_for_nothing_is_not_known(world: World, usual: LaunchMessage) -> None:
    with world.database.write() as session:
        session.execute(update(ResourceLink).values(assignment_id=None))
    assert not _is_known(world, usual)
    with world.database.read() as session:
        assert session.scalar(select(Person.name).where(Person.sub == "5")) == "Ada Alpha"
        assert session.scalar(select(Context.id)) is not None
