"""What is typical of a group: nothing of few, no count that tells a small one, right middles."""

from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from lti_tool.activities.provision_map_audit.document import (
    Document,
    new_document,
    with_answers,
    with_rows,
)
from lti_tool.activities.provision_map_audit.figures.costing import load_rates
from lti_tool.activities.provision_map_audit.framework import load_framework
from lti_tool.activities.provision_map_audit.rows import Measure, ProvisionRow
from lti_tool.activities.provision_map_audit.tutor.patterns import (
    Limits,
    Patterns,
    load_limits,
    look_at,
    patterns_of,
    range_of,
)
from lti_tool.core.small_numbers import count_to_show

CONFIG = Path(__file__).parents[3] / "config"
FRAMEWORK, RATES = load_framework(CONFIG), load_rates(CONFIG)
LIMITS = Limits(fewest_pieces=5, short_part_words=10, round_pounds=10)
PARTS = [part.id for part in FRAMEWORK.parts]


def found(works: list[Document]) -> Patterns | None:
    return patterns_of([look_at(one, FRAMEWORK, RATES, LIMITS) for one in works], PARTS, LIMITS)


def work(cost: int = 100, **row: object) -> Document:
    one = ProvisionRow(
        name="Lego therapy",
        area="semh",
        tier="targeted",
        other_cost=Decimal(cost),
        pupils_reached=Decimal(5),
        **row,
    )
    return with_rows(new_document(), [(one, {})], replace=False)


@settings(max_examples=200)
@given(st.integers(0, 40), st.integers(0, 40), st.integers(1, 8))
def test_no_shown_count_tells_a_small_one(count: int, more: int, fewest: int) -> None:
    total = count + more
    shown = count_to_show(count, total, fewest)
    if shown is None:
        assert 0 < count < fewest or 0 < more < fewest
    else:
        assert shown == count and not 0 < count < fewest and not 0 < total - count < fewest


@settings(max_examples=100)
@given(st.lists(st.integers(0, 9000).map(Decimal), max_size=30))
def test_a_range_lies_within_its_values(values: list[Decimal]) -> None:
    middle = range_of(values, 5, 10)
    if len(values) < 5:
        assert middle is None
        return
    assert middle is not None and middle.low <= middle.middle <= middle.high
    assert min(values) - 5 <= middle.low and middle.high <= max(values) + 5
    assert all(one % 10 == 0 for one in (middle.low, middle.middle, middle.high))


def test_quartiles_are_those_one_works_out_by_hand() -> None:
    one = range_of([Decimal(n) for n in (100, 200, 300, 400, 500)], 5, 10)
    assert one is not None and (one.low, one.middle, one.high) == (200, 300, 400)
    one = range_of([Decimal(n) for n in (10, 20, 30, 40, 50, 60)], 5, 1)
    assert one is not None and (one.low, one.middle, one.high) == (23, 35, 48)


def test_four_pieces_are_too_few_and_of_six_small_counts_are_hidden() -> None:
    assert found([work()] * 4) is None
    measured = Measure("Boxall Profile", "raw_score", "3", "5")
    works = [work(100 * n) for n in range(1, 6)]
    works.append(work(600, measure="Boxall", scale="raw_score", more_measures=(measured,)))
    works[0] = with_answers(works[0], {"fit": {"evidence": "word " * 12}})
    patterns = found(works)
    assert patterns is not None and patterns.pieces == 6
    assert patterns.gaps["semh", "targeted"] == 0 and patterns.gaps["semh", "universal"] == 6
    assert patterns.short_parts["context"] == 6
    assert patterns.short_parts["fit"] is None, "one piece is long: five short would tell it"
    assert patterns.scales["raw_score"] is None and patterns.scales["reading_age"] == 0
    assert patterns.measures == {}, "a name that one piece uses could tell the school"
    assert patterns.total_cost is not None and patterns.total_cost.middle == 350
    assert patterns.cost_by_area["cognition_learning"] is None
    assert patterns.not_measured is not None and patterns.not_measured.middle == 100


def test_the_shipped_limits_are_read() -> None:
    assert load_limits(CONFIG).fewest_pieces == 5
