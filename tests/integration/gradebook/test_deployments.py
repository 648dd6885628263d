"""A deployment that is switched off: its marks and its roster wait, and those of others do not."""

from datetime import UTC, datetime

import time_machine
from sqlalchemy import select, update

from lti_tool.gradebook.models import LineItem
from lti_tool.lti.models import Context, Deployment
from lti_tool.lti.registrations import add_deployments, set_deployment_enabled
from lti_tool.people.models import Roster
from lti_tool.people.roster import ask_for_reading
from lti_tool.people.roster_worker import read_due
from tests.integration.gradebook.bench import Bench


def _second_place(bench: Bench) -> int:
    """A context of a second deployment of the same registration."""
    with bench.database.write() as session:
        add_deployments(session, bench.course.registration_id, ("second",))
        session.flush()
        query = select(Deployment.id).where(Deployment.deployment_id == "second")
        place = Context(
            deployment_id=session.scalars(query).one(),
            context_id="elsewhere",
            title="",
            label="",
            history="",
            memberships_url=f"{bench.platform.url}/mod/lti/services.php",
            created_at=datetime.now(UTC),
        )
        session.add(place)
        session.flush()
        return place.id


def _switch(bench: Bench, is_enabled: bool) -> None:
    with bench.database.write() as session:
        set_deployment_enabled(session, bench.course.registration_id, "second", is_enabled)


def test_marks_of_a_deployment_wait_until_it_is_switched_on(
    bench: Bench, clock: time_machine.Traveller
) -> None:
    promised, place = bench.release_many(12), _second_place(bench)
    column = bench.row(next(iter(promised))).line_item_id
    with bench.database.write() as session:
        session.execute(update(LineItem).where(LineItem.id == column).values(context_id=place))
    _switch(bench, False)
    held = {number for number in promised if bench.row(number).line_item_id == column}
    assert held and held != set(promised)
    for _ in range(3):
        bench.drain()
        clock.shift(61)
    for number in promised:
        row = bench.row(number)
        state = ("waiting", "switched_off") if number in held else ("delivered", None)
        assert (row.state, row.reason) == state
        assert bool(bench.attempts(number)) is (number not in held), "held means untried"
    _switch(bench, True)
    bench.drain()
    assert set(bench.states().values()) == {"delivered"}


def test_the_roster_of_a_deployment_that_is_off_is_not_read(bench: Bench) -> None:
    place = _second_place(bench)
    _switch(bench, False)
    with bench.database.write() as session:
        ask_for_reading(session, place)
    while read_due(bench.database, bench.settings) == 0:
        pass
    with bench.database.read() as session:
        assert session.scalars(select(Roster.problem)).one() == "switched_off"
    assert bench.platform.asked("token") == []
