"""A course site moves to a new address: the same people, the same work, marks go there.

End to end by HTTP: the tool runs as a process, the site is one server before and another after.
"""

import json
from collections.abc import Iterator
from decimal import Decimal

import pytest
from sqlalchemy import select

from lti_tool.coursework.queries import get_assignment
from lti_tool.db import Database
from lti_tool.gradebook.worker import drain
from lti_tool.lti.models import ResourceLink
from lti_tool.settings import Settings, load_settings
from tests.support import builders
from tests.support.door import STUDENT_VIEW, Door
from tests.support.platform import Answer, Platform, PlatformServer, serve_platforms

_PEOPLE = (
    "SELECT person.id, person.sub, membership.context_id, membership.roles FROM person "
    "JOIN membership ON membership.person_id = person.id "
    "JOIN platform ON platform.id = person.platform_id WHERE issuer = :issuer ORDER BY person.id"
)


@pytest.fixture(scope="module")
def new_server() -> Iterator[PlatformServer]:
    """Where the site stands after its move."""
    with serve_platforms() as server:
        yield server


@pytest.fixture(params=["door", "postgres_door"])
def moving_door(request: pytest.FixtureRequest) -> Door:
    """The tool's door, on SQLite and on PostgreSQL."""
    found: Door = request.getfixturevalue(request.param)
    return found


def _site(server: PlatformServer, door: Door, like: Platform | None = None) -> Platform:
    """A site whose addresses all stand under its issuer, and which takes scores."""
    number = {} if like is None else {"number": like.number}
    site = Platform(server, door.tool.url, **number)
    site.issuer = f"{server.url}{site.path}"
    token = {"access_token": "t" * 20, "token_type": "Bearer", "expires_in": 3600}
    server.answers[f"{site.path}/token"] = Answer(json.dumps(token).encode())
    server.answers[_scores(site)] = Answer(b"{}")
    return site


def _scores(site: Platform) -> str:
    return f"{site.path}/2/lineitems/2/lineitem/scores?type_id=2"


def _hits(site: Platform) -> int:
    return sum(count for path, count in site.server.hits.items() if path.startswith(site.path))


def _release_a_mark(database: Database, settings: Settings, site: Platform, person_id: int) -> None:
    with database.write() as session:
        course = builders.build_course(session, settings, site.registration())
        found = session.scalars(
            select(ResourceLink.assignment_id).where(ResourceLink.context_id == course.context_id)
        ).one()
        assert found is not None
        work = get_assignment(session, found, (course.context_id,))
        handed_in = builders.build_work(session, work, person_id)
        builders.release(session, settings, course, work, handed_in, Decimal(62), "Clear.")


def test_a_site_moves_and_people_keep_their_work(
    moving_door: Door, new_server: PlatformServer
) -> None:
    door = moving_door
    old = _site(door.server, door)
    number = door.tool.register_quickly(old.registration())
    door.enter(role="teacher", platform=old)
    assert STUDENT_VIEW in door.enter(platform=old).text
    settings = load_settings(door.tool.env)
    database = Database(settings.database_url)
    before = door.tool.execute(_PEOPLE, issuer=old.issuer)
    assert [row.roles for row in before] == ["tutor", "participant"]
    _release_a_mark(database, settings, old, before[1].id)

    new = _site(new_server, door, like=old)
    was_asked = _hits(old)
    said = door.tool.must("registration", "move", str(number), "--issuer", new.issuer)
    assert "2  people keep their work" in said and "1  marks that wait" in said
    drain(database, settings)
    assert door.tool.execute(
        "SELECT delivery.state FROM delivery JOIN line_item ON line_item.id = line_item_id "
        "WHERE registration_id = :number",
        number=number,
    ) == [("delivered",)]
    assert new_server.hits[_scores(new)] == 1

    door.let_a_moment_pass()
    page = door.enter(platform=new).text
    assert "62" in page, "the mark of the work that was handed in before the move"
    assert door.tool.execute(_PEOPLE, issuer=new.issuer) == before
    assert _hits(old) == was_asked, "nothing goes to the old address any more"
    refused = door.browser().login(old.login_parameters()).response
    assert refused.headers["X-Reason-Code"] == "issuer_unknown"
    database.engine.dispose()
