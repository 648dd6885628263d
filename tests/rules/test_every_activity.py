"""Every activity meets the contract, whatever activities there are."""

import re

import pytest
from flask import url_for
from markupsafe import Markup
from sqlalchemy import select

from lti_tool.catalogue import register
from lti_tool.catalogue.contract import Activity
from lti_tool.core.errors import Unusable
from lti_tool.coursework.models import Assignment
from lti_tool.coursework.queries import list_assignments
from lti_tool.duties import find_activities
from lti_tool.gradebook.models import LineItem
from lti_tool.marking.rubrics import check_rubric
from tests.support.visiting import World, make_world

ACTIVITIES = find_activities()
MARKED = [one for one in ACTIVITIES if one.is_marked]
UNMARKED = [one for one in ACTIVITIES if not one.is_marked]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return make_world(tmp_path_factory.mktemp("activities"))


@pytest.mark.parametrize("activity", ACTIVITIES, ids=lambda one: one.key)
def test_it_meets_the_contract(world: World, activity: Activity) -> None:
    assert activity.landing in world.app.view_functions
    assert activity.tutor_landing in world.app.view_functions
    assert {one.endpoint for one in activity.tutor_places} <= set(world.app.view_functions)
    activity.check_config(world.settings.config_dir)


@pytest.mark.parametrize("activity", MARKED, ids=lambda one: one.key)
def test_marked_work_has_rubrics_and_begins_empty(world: World, activity: Activity) -> None:
    for key in activity.rubric_keys:
        rubric = check_rubric(world.settings.config_dir, key)
        assert {one.id for one in rubric.criteria} == set(activity.criteria)
    empty = activity.new_document()
    assert empty == activity.new_document() and empty is not activity.new_document()
    with world.app.test_request_context("/", base_url="https://tool.example"):
        progress = activity.progress(empty)
        assert progress.done == 0 and progress.asked > 0 and progress.missing
        assert activity.render_for_marking(empty)


@pytest.mark.parametrize("activity", UNMARKED, ids=lambda one: one.key)
def test_what_nobody_marks_asks_for_no_rubric_rules_or_column(
    world: World, activity: Activity
) -> None:
    assert not activity.rubric_keys and not activity.rules_key and not activity.criteria
    custom = {"custom": {"activity": activity.key}, "context_id": f"{activity.key}-2"}
    tutor = world.let_in("3", "tutor", **custom)
    with world.database.read() as reading:
        found = reading.scalars(select(Assignment).where(Assignment.activity == activity.key)).all()
        columns = reading.scalars(
            select(LineItem.assignment_id).where(
                LineItem.assignment_id.in_([one.id for one in found])
            )
        ).all()
        listed = list_assignments(reading, [one.context_id for one in found])
        keys = {(one.rubric_key, one.rules_key) for one in found}
    assert keys == {("", "")} and not columns and not listed
    with world.app.test_request_context("/", base_url="https://tool.example"):
        first = url_for(activity.tutor_landing, handle=tutor.handle)
    page = tutor.client.get(first, **tutor._options({})).get_data(as_text=True)
    for label in ("Work to mark", "Release", "Gradebook", "Moderation", "Allocation"):
        assert f">{label}<" not in page


@pytest.mark.parametrize("activity", MARKED, ids=lambda one: one.key)
def test_every_place_of_its_work_has_an_id_and_one_slot(world: World, activity: Activity) -> None:
    work = activity.new_document()
    asked: list[str] = []

    def slot(anchor: str) -> Markup:
        asked.append(anchor)
        return Markup("<p>beside {}</p>").format(anchor)

    with world.app.test_request_context("/", base_url="https://tool.example"):
        anchors = activity.anchors(work)
        rendered = activity.render_for_marking(work, slot)
        assert "beside" not in activity.render_for_marking(work)
        assert activity.render_changes(work, work) and activity.render_cohort([work])
        assert str(activity.render_cohort([work] * 4)) == str(activity.render_cohort([work] * 2))
    ids = [one.id for one in anchors]
    assert anchors and asked == ids, "each once, in their order"
    for one in anchors:
        assert re.fullmatch(r"[a-z][a-z0-9_-]*", one.id) and one.label
        assert rendered.count(f'id="{one.id}"') == 1
        assert f"<p>beside {one.id}</p>" in rendered


@pytest.mark.parametrize("activity", ACTIVITIES, ids=lambda one: one.key)
def test_a_participant_lands_on_it_and_a_tutor_on_their_first_page(
    world: World, activity: Activity
) -> None:
    custom = {"custom": {"activity": activity.key}, "context_id": activity.key}
    page = world.let_in("5", "participant", **custom).get("")
    assert page.status_code == 200
    if activity.is_marked:
        assert "Who can see this: you, your tutor" in page.get_data(as_text=True)
    tutor = world.let_in("3", "tutor", **custom)
    with world.app.test_request_context("/", base_url="https://tool.example"):
        first = url_for(activity.tutor_landing, handle=tutor.handle)
    assert tutor.get("").headers["Location"] == first
    assert tutor.client.get(first, **tutor._options({})).status_code == 200


def test_a_doubled_or_misnamed_key_stops_the_start() -> None:
    (first, *_) = ACTIVITIES
    with pytest.raises(Unusable, match="Two activities"):
        register.fill([first, first])
    register.fill(ACTIVITIES)
