"""Live measures are evidence for standards that there are; none that could have one lacks it."""

import pytest

from lti_tool.catalogue.measures import list_measures, measures_for
from lti_tool.frameworks.framework import Framework
from lti_tool.frameworks.shipped import load_frameworks
from tests.support.visiting import World, make_world

WITHOUT_DATA = {
    "Q8.1": "evaluations of modules",
    "Q8.2": "evaluations by schools",
    "Q9.4": "pupils’ data",
}
"""Standards for which the tool holds nothing to count yet. A shrinking list."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return make_world(tmp_path_factory.mktemp("measures"))


@pytest.fixture(scope="module")
def standards(world: World) -> Framework:
    return load_frameworks(world.settings.config_dir)["quality-standards"]


def test_every_measure_names_standards_that_ship(world: World, standards: Framework) -> None:
    assert list_measures(), "the application announces none"
    known = {one.id for one in standards.judged if one.auto}
    for one in list_measures():
        assert one.standards and set(one.standards) <= known, one.key


def test_every_standard_that_figures_could_evidence_has_some(
    world: World, standards: Framework
) -> None:
    without = {one.id for one in standards.judged if one.auto and not measures_for(one.id)}
    assert without <= set(WITHOUT_DATA), without
