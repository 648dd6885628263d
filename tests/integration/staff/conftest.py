"""One provider for the suite; a fresh application for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lti_tool.db import Database
from lti_tool.staff import provider as client_side
from tests.support.identity_provider import IdentityProvider, running_provider
from tests.support.staffing import Colleague, colleague, let_in
from tests.support.visiting import World, make_world


@pytest.fixture(scope="session")
def running() -> Iterator[IdentityProvider]:
    with running_provider("https://tool.example") as provider:
        yield provider


@pytest.fixture
def provider(running: IdentityProvider) -> Iterator[IdentityProvider]:
    """It behaves, and nothing is remembered of it."""
    client_side._near.clear()
    running.misbehave()
    yield running
    running.misbehave()


@pytest.fixture
def world(tmp_path: Path, provider: IdentityProvider) -> World:
    return make_world(tmp_path, **provider.settings)


@pytest.fixture
def on_both(tmp_path: Path, provider: IdentityProvider, database: Database) -> World:
    """The same on SQLite and on PostgreSQL."""
    return make_world(tmp_path, database, **provider.settings)


@pytest.fixture
def ada(world: World, provider: IdentityProvider) -> Colleague:
    """An administrator who has signed in."""
    let_in(world, "administrator", email="ada@example.ac.uk")
    browser = colleague(world, provider)
    assert browser.sign_in("ada").status_code == 303
    browser.get("/staff/")
    return browser


@pytest.fixture
def tess(world: World, provider: IdentityProvider) -> Colleague:
    """A learning technologist who has signed in."""
    let_in(world, "technologist", subject="sub-tess")
    browser = colleague(world, provider)
    assert browser.sign_in("tess").status_code == 303
    browser.get("/staff/")
    return browser
