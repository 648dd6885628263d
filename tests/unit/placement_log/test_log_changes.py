"""What changed between two copies of a log, and what is typical of many, with nobody told."""

import copy
from datetime import date
from pathlib import Path

import pytest

from lti_tool.activities.placement_log import ACTIVITY, states
from lti_tool.activities.placement_log.entries import Answer, Entries, School, Visit
from lti_tool.activities.placement_log.snapshot import Snapshot, make_snapshot
from lti_tool.core import clock
from tests.support.visiting import World, make_world

CONFIG = Path(__file__).parents[3] / "config"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return make_world(tmp_path_factory.mktemp("log-changes"))


def log(school: str = "Oakfield", shared: str = "Staff meet weekly.", phase: str = "primary"):
    visit = Visit(
        id=1,
        number=1,
        school=School(school, "123456", phase, "academy"),
        visit_on=date(2026, 10, 6),
        arrives_at="08:45",
        leaves_at="15:15",
        half_days=2,
        state=states.ACCEPTED,
        state_since=clock.now(),
        document={
            "focus": "Meetings",
            "outcome_set": "npq-senco",
            "outcomes": ["S1", "none-such"],
            "shared": shared,
            "private": "",
            "reflection": {"model": "gibbs", "parts": {"feelings": "Envious.", "plan": " "}},
            "change": "",
            "actions": [{"what": "Try it", "by": "2027-01-15"}],
        },
        answer=Answer("yes", "link", clock.now(), "SENCO", "", "whole", "As sealed.", "abc"),
    )
    return make_snapshot(Entries(visits=(visit,)), CONFIG)


def changes(world: World, before: Snapshot, after: Snapshot) -> str:
    with world.app.test_request_context("/", base_url="https://tool.example"):
        return str(ACTIVITY.render_changes(before, after))


def test_a_snapshot_keeps_words_as_they_read_on_the_day() -> None:
    (visit,) = log()["visits"]
    assert [one["id"] for one in visit["outcomes"]] == ["npq-senco:S1"]
    assert visit["reflection"]["parts"] == [{"title": "Feelings", "text": "Envious."}]
    assert visit["answer"]["role"] == "SENCO" and visit["answer"]["seal"] == "whole"


def test_two_equal_copies_differ_in_nothing(world: World) -> None:
    assert "Nothing is different" in changes(world, log(), copy.deepcopy(log()))


def test_what_was_changed_added_and_removed_is_said(world: World) -> None:
    said = changes(world, log(), log("Elmwood", "Staff meet each Friday."))
    assert "<td>Oakfield</td>" in said and "<td>Elmwood</td>" in said
    assert "<del>" in said and "weekly." in said and "each Friday." in said
    assert "Visits added" in changes(world, {"visits": []}, log())
    gone = changes(world, log(), {"visits": []})
    assert "Visits removed" in gone and "0 of 1 day" in gone


def patterns(world: World, works: list[Snapshot]) -> str:
    with world.app.test_request_context("/", base_url="https://tool.example"):
        return str(ACTIVITY.render_cohort(works))


def test_patterns_hide_small_counts_and_name_no_school(world: World) -> None:
    assert "Too few logs" in patterns(world, [log()] * 4)
    said = patterns(world, [log()] * 9 + [log("Riverbank", phase="secondary")])
    assert "From 10 logs" in said and "Oakfield" not in said and "Riverbank" not in said
    assert '<tr><th scope="row">Secondary</th><td class="figure-cell">hidden</td></tr>' in said
    assert '<tr><th scope="row">Primary</th><td class="figure-cell">hidden</td></tr>' in said
    assert "School culture" in said


def test_every_place_of_a_log_has_one_slot(world: World) -> None:
    with world.app.test_request_context("/", base_url="https://tool.example"):
        rendered = str(ACTIVITY.render_for_marking(log()))
        anchors = [one.id for one in ACTIVITY.anchors(log())]
    assert anchors == ["totals", "visit-1", "meetings"]
    assert [rendered.count(f'id="{one}"') for one in anchors] == [1, 1, 1]


def test_a_visit_has_its_own_number_for_whoever_reads_it(world: World) -> None:
    work = log()
    work["visits"][0]["number"] = 5
    with world.app.test_request_context("/", base_url="https://tool.example"):
        rendered = str(ACTIVITY.render_for_marking(work))
        places = [(one.id, one.label) for one in ACTIVITY.anchors(work)]
    assert "Visit 5: Oakfield" in rendered and "Visit 1" not in rendered
    assert places[1] == ("visit-5", "visit 5, Oakfield")
