"""The outcome set of a cohort: offered as it is in force, kept in the version it began with."""

from dataclasses import replace
from pathlib import Path

from sqlalchemy import select

from lti_tool.db import Database
from lti_tool.frameworks import queries
from lti_tool.frameworks.framework import Item
from lti_tool.frameworks.operations import Leader, bring_in
from lti_tool.lti.models import Context
from lti_tool.programme.cohorts.models import Cohort
from lti_tool.programme.cohorts.outcome_sets import outcome_set_of
from lti_tool.programme.cohorts.overview import count_signed_off
from lti_tool.programme.cohorts.queries import find_cohort
from tests.support.programmes import begin_cohort, lead, make_programme, number_in
from tests.support.visiting import World, make_world

KEY = "npq-senco"


def _bring_in(world: World, title: str, *ids: str) -> None:
    """Put a text of the leader's own in force."""
    config = world.settings.config_dir
    with world.database.write() as session:
        now = queries.framework_in_force(session, config, world.registration_id, KEY)
        items = tuple(Item(one, f"Outcome {one}") for one in ids)
        other = replace(now, title=title, items=items, is_shipped=False)
        context_id = session.scalars(select(Context.id)).first()
        leader = Leader(1, context_id or 0, world.registration_id)
        bring_in(session, config, leader, other, queries.digest_of(now))


def _kept(world: World, cohort: str) -> tuple[str, int, int]:
    """Title and version of a cohort's set, and how many outcomes an award asks for."""
    config = world.settings.config_dir
    with world.database.read() as session:
        found = find_cohort(session, int(cohort))
        assert found is not None
        outcomes = outcome_set_of(session, config, found)
        asked = count_signed_off(session, config, found).asked
    assert found.outcome_set_version == outcomes.version
    return outcomes.title, outcomes.version, asked


def test_a_cohort_takes_what_is_in_force_and_keeps_it(tmp_path: Path, database: Database) -> None:
    world = make_world(tmp_path, database)
    leader = lead(world)
    programme = make_programme(leader, "npq", "0")
    first = number_in(begin_cohort(leader, programme, "First", "2025-09-08"))
    shipped = _kept(world, first)
    _bring_in(world, "Our own outcomes", "A", "B")
    assert _kept(world, first) == shipped, "what ships was kept as the cohort began"
    page = leader.get(f"programme/cohorts/programmes/{programme}/cohorts/new")
    assert "Our own outcomes" in page.get_data(as_text=True)
    second = number_in(begin_cohort(leader, programme, "Second", "2025-09-08"))
    title, version, asked = _kept(world, second)
    assert (title, asked) == ("Our own outcomes", 2) and version > shipped[1]
    _bring_in(world, "Newer outcomes", "A", "B", "C")
    assert _kept(world, second) == (title, version, asked)
    form = {"title": "Third", "starts_on": "2025-09-08", "outcome_set": KEY, "revision": "1"}
    leader.get(f"programme/cohorts/{second}/change")
    assert leader.post(f"programme/cohorts/{second}/change", form).status_code == 303
    assert _kept(world, second) == (title, version, asked), "the same set keeps its version"
    assert "Our own outcomes, version" in leader.get(f"programme/cohorts/{second}").text
    other = {**form, "outcome_set": "outcomes-2014", "revision": "2"}
    leader.get(f"programme/cohorts/{second}/change")
    assert leader.post(f"programme/cohorts/{second}/change", other).status_code == 303
    back = {**form, "revision": "3"}
    assert leader.post(f"programme/cohorts/{second}/change", back).status_code == 303
    assert _kept(world, second)[0] == "Newer outcomes", "chosen again, it is what is in force"


def test_a_cohort_whose_set_is_gone_can_still_be_changed(world: World) -> None:
    leader = lead(world)
    programme = make_programme(leader, "npq", "0")
    cohort = number_in(begin_cohort(leader, programme, "First", "2025-09-08"))
    with world.database.write() as session:
        session.get_one(Cohort, int(cohort)).outcome_set = "long-gone"
    assert "Outcome set: long-gone" in leader.get(f"programme/cohorts/{cohort}").text
    page = leader.get(f"programme/cohorts/{cohort}/change")
    assert page.status_code == 200
    form = {"title": "First", "starts_on": "2025-09-08", "outcome_set": KEY, "revision": "1"}
    assert leader.post(f"programme/cohorts/{cohort}/change", form).status_code == 303
