"""A launch that says nothing new goes a short way; one that says anything new does not."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from lti_tool.launch.known import find_known
from lti_tool.launch.operations import enter
from lti_tool.lti.messages import AgsEndpoint, LaunchMessage
from lti_tool.lti.models import Context, ResourceLink
from lti_tool.people import grants
from lti_tool.people.models import Membership, Person, Visit
from tests.support.builders import ALL_SCOPES
from tests.support.statements import listen, stop_listening
from tests.support.visiting import World, make_world

_COLUMN = AgsEndpoint("https://moodle.example/items", "https://moodle.example/items/1", ALL_SCOPES)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return make_world(tmp_path)


@pytest.fixture
def usual(world: World) -> LaunchMessage:
    """What a participant's launch said, and says again."""
    message = replace(
        world.message, sub="5", roles=frozenset({"participant"}), name="Ada Alpha", ags=_COLUMN
    )
    _enter(world, message)
    return message


def _enter(world: World, message: LaunchMessage) -> None:
    with world.database.write() as session:
        enter(session, world.settings.config_dir, message)


def _is_known(world: World, message: LaunchMessage) -> bool:
    with world.database.read() as session:
        return find_known(session, message) is not None


@contextmanager
def _statements(world: World) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(*said: Any) -> None:
        seen.append(said[2])

    listen(world.database, note)
    try:
        yield seen
    finally:
        stop_listening(world.database, note)


def test_what_is_all_kept_is_asked_for_once(world: World, usual: LaunchMessage) -> None:
    with _statements(world) as seen:
        _enter(world, usual)
    assert [one.split()[0] for one in seen] == ["SELECT", "INSERT"]


def test_both_ways_begin_the_same_visit(world: World, usual: LaunchMessage) -> None:
    _enter(world, usual)
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


def test_nobody_is_known_by_another_course_or_platform(world: World, usual: LaunchMessage) -> None:
    """Each half of what a launch names is there, but not together."""
    other = replace(usual, context_id="other", resource_link_id="other", sub="6")
    _enter(world, other)
    for name in ("context_id", "resource_link_id", "sub"):
        assert not _is_known(world, replace(usual, **{name: getattr(other, name)}))
    assert not _is_known(world, replace(usual, platform_id=usual.platform_id + 1))
    assert not _is_known(world, replace(usual, deployment_id=usual.deployment_id + 1))


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
