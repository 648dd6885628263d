"""How far a checklist is: the framework's rule, areas that add up, core standards first."""

from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lti_tool.activities.quality_standards.changes import list_changes
from lti_tool.activities.quality_standards.progress import (
    Said,
    is_in_place,
    look_over,
    urgent_first,
)
from lti_tool.activities.quality_standards.reading import Entry
from lti_tool.frameworks.shipped import load_frameworks

FRAMEWORK = load_frameworks(Path("config"))["quality-standards"]
IDS = [one.id for one in FRAMEWORK.judged]
LEVELS = ["", "not_yet", "developing", "met", "strong", "na", "of another scale"]
SAID = st.dictionaries(
    st.sampled_from(IDS),
    st.builds(
        Said,
        st.sampled_from(LEVELS),
        st.sampled_from(["", "Do it"]),
        st.sampled_from([None, date(2027, 1, 1)]),
    ),
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(SAID)
def test_areas_add_up_and_readiness_is_the_rule(said: dict[str, Said]) -> None:
    look = look_over(FRAMEWORK, said)
    passed = [one for one in IDS if is_in_place(FRAMEWORK, said.get(one, Said()).judgement)]
    assert look.standards == len(IDS) and look.in_place == len(passed)
    assert sum(one.core_open for one in look.areas) == len(look.core_open)
    assert len(IDS) - len(passed) == len(look.core_open) + look.others_below
    below = [one for one in FRAMEWORK.judged if one.id not in passed]
    others = [said.get(one.id, Said()) for one in below if not one.core]
    ready = not any(one.core for one in below) and len(others) <= 5
    assert look.is_ready is (ready and all(one.action and one.due_on for one in others))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(SAID)
def test_core_standards_not_in_place_stand_first_and_nothing_is_lost(
    said: dict[str, Said],
) -> None:
    ordered = urgent_first(FRAMEWORK, said)
    assert sorted(one.id for one in ordered) == sorted(IDS)
    look = look_over(FRAMEWORK, said)
    assert tuple(ordered[: len(look.core_open)]) == look.core_open


def test_a_checklist_with_all_in_place_but_five_is_ready() -> None:
    said = {one: Said("met") for one in IDS}
    assert look_over(FRAMEWORK, said).is_ready
    others = [one.id for one in FRAMEWORK.judged if not one.core]
    for one in others[:5]:
        said[one] = Said("developing", "Do it", date(2027, 1, 1))
    assert look_over(FRAMEWORK, said).is_ready
    said[others[0]] = Said("developing")
    assert look_over(FRAMEWORK, said).without_action == (FRAMEWORK.find_item(others[0]),)
    said[others[0]] = Said("developing", "Do it", date(2027, 1, 1))
    said[others[5]] = Said("developing", "Do it", date(2027, 1, 1))
    assert not look_over(FRAMEWORK, said).is_ready


def test_changes_since_last_year_name_what_differs_and_leave_out_what_is_the_same() -> None:
    first, second = IDS[:2]
    before = {first: Entry(first, "developing", "We meet."), second: Entry(second, "met")}
    after = {first: Entry(first, "met", "We meet termly."), second: Entry(second, "met")}
    (one,) = list_changes((FRAMEWORK, before, {first: 1}), (FRAMEWORK, after, {first: 2}))
    assert (one.item.id, one.was, one.became) == (first, "Partly in place", "In place")
    assert one.evidence == (1, 2) and not one.action
    assert "".join(x.text for x in one.words if x.kind != "added") == "We meet."
    assert "".join(x.text for x in one.words if x.kind != "removed") == "We meet termly."
