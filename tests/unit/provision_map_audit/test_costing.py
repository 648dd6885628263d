"""Costing: the worked example, what is missing, and the laws (hypothesis)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.activities.provision_map_audit.figures.costing import (
    cost_map,
    cost_per_hour_received,
    cost_row,
    pounds,
)
from lti_tool.activities.provision_map_audit.rates import RoleRate, RoleRates, load_rates
from lti_tool.activities.provision_map_audit.rows import AREAS, TIERS, ProvisionRow, StaffShare
from lti_tool.activities.provision_map_audit.words import WordsUnusable, load_words
from lti_tool.core.errors import Unusable

RATES = RoleRates({"ta": RoleRate("ta", Decimal("16.50"), True, "")})
EXAMPLE = ProvisionRow(
    name="Talk Boost",
    weeks=Decimal(12),
    sessions_per_week=Decimal(3),
    minutes_per_session=Decimal(30),
    group_size=Decimal(4),
    staff=(StaffShare("ta", Decimal(1)),),
    other_cost=Decimal(40),
)


def test_the_worked_example() -> None:
    cost = cost_row(EXAMPLE, RATES)
    assert cost.session_hours == cost.staff_hours == 18
    assert (cost.staff_cost, cost.total_cost) == (297, 337)
    assert cost.cost_per_pupil == Decimal("84.25")
    # 337 / (4 pupils x 18 hours)
    assert pounds(cost.cost_per_hour_received) == "£4.68"
    assert cost.missing == ()


def test_a_rows_own_rate_comes_first() -> None:
    row = replace(EXAMPLE, staff=(StaffShare("ta", Decimal(1), Decimal(20)),))
    assert cost_row(row, RATES).staff_cost == 360
    assert cost_row(EXAMPLE, RATES.with_rates({"ta": Decimal(10)})).staff_cost == 180


def test_groups_multiply_staff_time_not_the_time_a_pupil_receives() -> None:
    cost = cost_row(replace(EXAMPLE, groups=Decimal(2)), RATES)
    assert (cost.staff_hours, cost.pupils_reached) == (36, 8)
    assert cost.cost_per_hour_received == cost_per_hour_received(
        Decimal(634), Decimal(8), Decimal(18)
    )


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("weeks", "weeks"),
        ("minutes_per_session", "minutes of a session"),
        ("sessions_per_week", "sessions a week"),
        ("other_cost", "other cost"),
    ],
)
def test_nothing_is_computed_from_what_is_not_there(field: str, said: str) -> None:
    cost = cost_row(replace(EXAMPLE, **{field: None}), RATES)
    assert cost.total_cost is None and cost.cost_per_pupil is None
    assert said in cost.missing


def test_missing_staff_rate_and_pupils_are_named() -> None:
    assert "who delivers it" in cost_row(replace(EXAMPLE, staff=()), RATES).missing
    unknown = replace(EXAMPLE, staff=(StaffShare("wizard", Decimal(1)),))
    assert "an hourly rate for each role" in cost_row(unknown, RATES).missing
    no_pupils = cost_row(replace(EXAMPLE, group_size=None), RATES)
    assert no_pupils.total_cost == 337 and no_pupils.missing == ("number of pupils",)


def test_a_bought_in_service_costs_what_it_costs() -> None:
    row = ProvisionRow(name="EP", other_cost=Decimal(2400), pupils_reached=Decimal(10))
    assert cost_row(row, RATES).total_cost == 2400
    assert cost_row(ProvisionRow(name="?"), RATES).total_cost is None


def test_pounds_rounds_half_up_only_when_shown() -> None:
    assert pounds(Decimal("2.675")) == "£2.68"
    assert pounds(Decimal("1234.5")) == "£1,234.50"
    assert pounds(None) == "not known"


numbers = st.decimals(min_value=1, max_value=60, places=1)
money = st.decimals(min_value=0, max_value=5_000, places=2)
rows = st.builds(
    ProvisionRow,
    name=st.just("x"),
    area=st.sampled_from([*AREAS, None]),
    tier=st.sampled_from([*TIERS, None]),
    weeks=st.one_of(st.none(), numbers),
    sessions_per_week=numbers,
    minutes_per_session=numbers,
    group_size=st.one_of(st.none(), st.integers(1, 30).map(Decimal)),
    groups=st.integers(1, 6).map(Decimal),
    staff=st.lists(
        st.builds(StaffShare, st.just("ta"), numbers, st.one_of(st.none(), money)), max_size=3
    ).map(tuple),
    other_cost=money,
)


@given(st.lists(rows, max_size=12))
def test_areas_tiers_and_both_add_up_to_the_whole(made: list[ProvisionRow]) -> None:
    cost = cost_map(made, RATES)
    for parts in (cost.by_area, cost.by_tier, cost.by_area_and_tier):
        for name in ("staff_hours", "staff_cost", "other_cost", "total_cost", "rows"):
            whole = Decimal(getattr(cost.total, name))
            added = sum((Decimal(getattr(part, name)) for part in parts.values()), Decimal(0))
            assert abs(added - whole) < Decimal("0.000001")
    assert cost.total.rows == cost.total.rows_costed + len(cost.rows_not_costed)


@given(rows, st.integers(2, 5))
def test_weeks_scale_the_staff_cost(row: ProvisionRow, times: int) -> None:
    once = cost_row(row, RATES)
    if row.weeks is None or once.staff_cost is None:
        return
    more = cost_row(replace(row, weeks=row.weeks * times), RATES)
    assert more.staff_cost is not None
    assert abs(more.staff_cost - once.staff_cost * times) < Decimal("0.000001")


@given(rows)
def test_rows_come_back_from_json_as_they_were(row: ProvisionRow) -> None:
    assert ProvisionRow.from_dict(row.to_dict()) == row


def test_a_fault_in_the_rules_names_file_and_key(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    path = tmp_path / "rules" / "costing.yaml"
    path.write_text("rates:\n  ta: {hourly_rate: lots, illustrative: true}\n")
    with pytest.raises(WordsUnusable, match=r"costing.yaml: 'hourly_rate' must be a number"):
        load_rates(tmp_path)
    with pytest.raises(Unusable, match=r"provision_map\.yaml"):
        load_words(tmp_path)


def test_shipped_rates_cover_every_role_and_say_what_they_are() -> None:
    config = Path(__file__).parents[3] / "config"
    shipped, words = load_rates(config), load_words(config)
    roles = set(words.role_labels) - {"unspecified"}
    assert roles == set(shipped.by_role)
    assert all(rate.note for rate in shipped.by_role.values())
    assert sum(words.year.terms.values()) == sum(words.year.half_terms.values()) == 38
