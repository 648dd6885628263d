"""Models of reflection, what follows from a change, and the key a page gives a browser."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml

from lti_tool.activities.placement_log import states, visit_document
from lti_tool.activities.placement_log.reflection import load_models
from lti_tool.activities.placement_log.visit_reads import StepRead, VisitRead
from lti_tool.activities.placement_log.visits import changes, device
from lti_tool.core.errors import Unusable
from tests.support.visiting import make_settings

CONFIG = Path(__file__).parents[4] / "config"
NOW = datetime(2027, 3, 2, tzinfo=UTC)


def _visit(state: str) -> VisitRead:
    document = {**visit_document.new_document(), "shared": "A calm room.", "private": "Cold."}
    return VisitRead(
        *(1, 1, 1, 1, 7, 8, date(2027, 3, 2), "08:45", "15:30", 2),
        *(document, 1, state, NOW, 3, NOW, NOW, None),
    )


def test_the_models_are_those_of_the_course_with_their_sources() -> None:
    models = load_models(CONFIG)
    assert list(models) == ["gibbs", "rolfe", "plain"]
    assert [len(one.steps) for one in models.values()] == [6, 3, 1]
    assert all(one.source for one in models.values())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda given: given["models"]["rolfe"].pop("source"), "rolfe holds"),
        (lambda given: given["models"]["plain"].update(steps=[]), "1 to 8 steps"),
        (
            lambda given: given["models"]["plain"]["steps"][0].update(key="feelings"),
            "once in the whole file",
        ),
        (lambda given: given.pop("models"), "needs “models”"),
    ],
)
def test_a_wrong_file_of_models_stops_the_start(tmp_path: Path, change, said: str) -> None:
    given = yaml.safe_load((CONFIG / "words" / "reflection.yaml").read_text("utf-8"))
    change(given)
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "reflection.yaml").write_text(yaml.safe_dump(given), "utf-8")
    with pytest.raises(Unusable, match=said):
        load_models(tmp_path)


def test_what_a_change_takes_back() -> None:
    """Day, school or length: approved anew. Anything the host saw: confirmed anew."""
    moved, private, shared = (
        {"visit_on": date(2027, 3, 3)},
        {"document": {**_visit("done").document, "private": "Warm."}},
        {"document": {**_visit("done").document, "shared": "A loud room."}},
    )
    for state, values, becomes in (
        (states.PLANNED, moved, None),
        (states.APPROVED, moved, states.PLANNED),
        (states.APPROVED, {"arrives_at": "09:00"}, None),
        (states.APPROVED, shared, None),
        (states.DONE, moved, None),
        (states.CONFIRMED, moved, states.DONE),
        (states.CONFIRMED, shared, states.DONE),
        (states.CONFIRMED, private, None),
    ):
        assert changes.goes_back_to(_visit(state), state, values) == becomes, (state, values)


def test_a_returned_visit_stands_where_it_came_from() -> None:
    step = StepRead(1, 1, states.CONFIRMED, states.RETURNED, NOW, 3, None, "Look again.")
    assert changes.stands_as(_visit(states.RETURNED), step) == states.CONFIRMED
    assert changes.stands_as(_visit(states.DONE), step) == states.DONE


def test_each_person_visit_and_form_has_a_key_of_its_own(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    places = [(1, 5, 1, "plan"), (1, 5, 1, "write"), (1, 5, 2, "plan"), (1, 6, 1, "plan")]
    made = [device.device_of(settings, *one) for one in places]
    assert made[0] == device.device_of(settings, *places[0])
    assert len({one.key for one in made}) == len({one.name for one in made}) == len(places)
    other = make_settings(tmp_path, LTI_TOOL_SECRET_KEY="another secret of more than 32 characters")
    assert device.device_of(other, *places[0]).key != made[0].key
