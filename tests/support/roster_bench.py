"""A course whose roster is read: the application, a platform that has one, and a worker to call.

Import the fixtures in a suite's `conftest.py`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from lti_tool.db import Database
from lti_tool.lti.models import Registration
from lti_tool.people.models import Membership, Person, Roster
from lti_tool.people.roster import ask_for_reading
from lti_tool.people.roster_worker import read_due
from tests.support.roster_platform import RosterPlatform, roster_platform
from tests.support.visiting import Visitor, World, make_world


@dataclass
class RosterBench:
    """One course, a tutor who launched into it, and its roster."""

    world: World
    platform: RosterPlatform

    def let_in(self, sub: str, role: str, **changes: Any) -> Visitor:
        """Begin a visit by a launch that names the roster."""
        changes = {"memberships_url": self.platform.memberships_url, **changes}
        return self.world.let_in(sub, role, **changes)

    def read(self, **changes: Any) -> None:
        """Ask for the roster and work until nothing is due now.

        :param changes: settings to work with.
        """
        with self.world.database.write() as session:
            ask_for_reading(session, 1)
        self.work(**changes)

    def work(self, **changes: Any) -> float | None:
        """Work as a worker does; seconds until something falls due."""
        settings = replace(self.world.settings, **changes)
        seconds = read_due(self.world.database, settings)
        while seconds == 0:
            seconds = read_due(self.world.database, settings)
        return seconds

    @property
    def roster(self) -> Any:
        """The roster's row."""
        with self.world.database.read() as session:
            return session.execute(select(*Roster.__table__.c)).one()

    def expect_problem(self, code: str) -> None:
        """The last reading failed for this reason."""
        assert self.roster.problem == code

    @property
    def people(self) -> dict[str, Any]:
        """Members by the platform's id, with names and memberships."""
        with self.world.database.read() as session:
            rows = session.execute(
                select(*Person.__table__.c, *Membership.__table__.c).join(
                    Membership, Membership.person_id == Person.id
                )
            )
            return {row.sub: row for row in rows}

    def page(self, tutor: Visitor) -> str:
        """The tutor's page of people."""
        answer = tutor.get("people/")
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_data(as_text=True)


@pytest.fixture
def roster_bench(tmp_path: Path, database: Database) -> Iterator[RosterBench]:
    """A course with nobody in it yet."""
    with roster_platform() as platform:
        world = make_world(tmp_path, database)
        with database.write() as session:
            session.execute(update(Registration).values(auth_token_url=f"{platform.url}/token"))
        yield RosterBench(world, platform)
