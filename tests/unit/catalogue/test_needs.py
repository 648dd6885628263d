"""Needs and panels: announced once each, found by key."""

import pytest

from lti_tool.catalogue import needs
from lti_tool.catalogue.needs import Glance, Need, NeedLine, Panel, Source
from lti_tool.core.errors import Unusable


@pytest.fixture(autouse=True)
def _nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs, "_sources", [])
    monkeypatch.setattr(needs, "_panels", {})


def _source(*keys: str) -> Source:
    made = tuple(Need(key, key.title()) for key in keys)
    return Source(made, lambda session, scope: {key: [NeedLine("One.")] for key in keys})


def test_a_need_is_found_by_its_key_with_what_finds_it() -> None:
    first, second = _source("zebra", "ant"), _source("bee")
    needs.announce_needs(first)
    needs.announce_needs(second)
    needs.announce_needs(first)
    assert needs.list_sources() == [second, first], "by the title of the first of each"
    assert needs.find_source("ant") == (first, Need("ant", "Ant"))
    assert needs.find_source("fly") is None


def test_two_needs_with_one_key_stop_the_start() -> None:
    needs.announce_needs(_source("bee"))
    with pytest.raises(Unusable, match="bee"):
        needs.announce_needs(_source("ant", "bee"))
    with pytest.raises(Unusable, match="fly"):
        needs.announce_needs(_source("fly", "fly"))


def test_two_panels_with_one_key_stop_the_start() -> None:
    panel = Panel("mark", "The mark", lambda session, whose: Glance("Ready.", True))
    needs.announce_panel(panel)
    needs.announce_panel(panel)
    assert needs.list_panels() == [panel]
    with pytest.raises(Unusable, match="mark"):
        needs.announce_panel(Panel("mark", "Another", panel.find))
