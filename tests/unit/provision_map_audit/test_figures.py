"""Impact, cost to date, roles, budget, reviews and the ledger: worked examples and laws."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.activities.provision_map_audit import document as documents
from lti_tool.activities.provision_map_audit.budget import share_of_budget, threshold_for
from lti_tool.activities.provision_map_audit.figure_rules import FigureRules, load_rules
from lti_tool.activities.provision_map_audit.figures.by_role import cost_by_role
from lti_tool.activities.provision_map_audit.figures.costing import cost_map, cost_row
from lti_tool.activities.provision_map_audit.figures.impact import (
    NOT_CONTROLLED,
    Impact,
    band_of,
    impact_of,
    months_gained_per_month,
)
from lti_tool.activities.provision_map_audit.figures.reviews import list_reviews
from lti_tool.activities.provision_map_audit.figures.said import hours_known, impact_in_words
from lti_tool.activities.provision_map_audit.figures.statements import list_statements
from lti_tool.activities.provision_map_audit.figures.when import (
    cost_to_date,
    map_to_date,
    school_days,
)
from lti_tool.activities.provision_map_audit.profile import (
    Profile,
    with_profile,
    without_school,
)
from lti_tool.activities.provision_map_audit.rates import RoleRate, RoleRates
from lti_tool.activities.provision_map_audit.rows import Measure, ProvisionRow, StaffShare
from lti_tool.activities.provision_map_audit.words import Words, WordsUnusable

CONFIG = Path(__file__).parents[3] / "config"
RATES = RoleRates({role: RoleRate(role, Decimal("16.50"), True, "") for role in ("ta", "hlta")})
EXAMPLE = ProvisionRow(
    name="Talk Boost",
    weeks=Decimal(12),
    sessions_per_week=Decimal(3),
    minutes_per_session=Decimal(30),
    group_size=Decimal(4),
    staff=(StaffShare("ta", Decimal(1)),),
    other_cost=Decimal(40),
)
MONDAY = dt.date(2026, 9, 7)


@pytest.fixture(scope="module")
def rules(words: Words) -> FigureRules:
    return load_rules(CONFIG, words)


def _one(rules: FigureRules, row: ProvisionRow = EXAMPLE, **values: object) -> Impact:
    (found,) = impact_of(replace(row, **values), rules)
    return found


def _reading(rules: FigureRules, entry: str, end: str, months: int | None = 3) -> Impact:
    given_months = None if months is None else Decimal(months)
    return _one(
        rules,
        measure="Salford",
        scale="reading_age",
        entry_score=entry,
        exit_score=end,
        months_between=given_months,
        pupils_measured=Decimal(12),
    )


# Impact


def test_nine_months_gained_in_three_are_three_months_a_month(rules: FigureRules) -> None:
    found = _reading(rules, "7y 6m", "8y 3m")
    assert (found.gain, found.unit, found.months_gained_per_month) == (9, "months", 3)
    assert found.band is not None and found.band.label == "substantial"
    assert found.remarks == (NOT_CONTROLLED,) and not found.missing
    assert impact_in_words(found) == (
        "+9 months in 3 months: 3 months gained per month (substantial)"
    )


def test_weeks_stand_for_the_months_where_none_are_given_and_it_says_so(rules: FigureRules) -> None:
    found = _reading(rules, "7.06", "7.09", None)
    assert found.months == Decimal(12) * 12 / 52
    assert any("own weeks" in remark for remark in found.remarks)
    unknown = _one(
        rules, weeks=None, scale="reading_age", entry_score="7.06", exit_score="8.0", measure="x"
    )
    assert unknown.gain == 6 and unknown.months_gained_per_month is None
    assert unknown.missing == ("months between the scores",)


def test_months_go_by_the_dates_since_pupils_grow_older_in_the_holidays(rules: FigureRules) -> None:
    year = replace(
        EXAMPLE,
        weeks=Decimal(38),
        start_on=dt.date(2026, 9, 7),
        end_on=dt.date(2027, 7, 20),
        scale="reading_age",
        entry_score="7y 6m",
        exit_score="8y 0m",
    )
    found = _one(rules, year)
    assert found.months == Decimal(316) / 7 * 12 / 52
    assert round(found.months_gained_per_month or 0, 2) == Decimal("0.58")
    assert any("own dates" in remark for remark in found.remarks)
    short = _one(rules, year, weeks=Decimal(26), exit_score="8y 2m")
    assert "Less than a month gained for each month that passed." in short.remarks
    assert _one(rules, year, end_on=None).months == Decimal(38) * 12 / 52
    assert _one(rules, year, months_between=Decimal(3)).months == 3


@pytest.mark.parametrize(
    ("entry", "end", "band", "beyond", "said"),
    [
        ("85", "85", 5, False, "normal progress"),
        ("85", "92", 5, True, "Beyond the confidence band"),
        ("85", "90", 5, False, "may be chance"),
        ("90", "82", 5, True, "Beyond"),
        ("85", "92", None, None, "chance cannot be ruled out"),
    ],
)
def test_a_standard_score_counts_only_beyond_its_band(
    rules: FigureRules, entry: str, end: str, band: int | None, beyond: bool | None, said: str
) -> None:
    found = _one(
        rules,
        scale="standard_score",
        entry_score=entry,
        exit_score=end,
        confidence_band=None if band is None else Decimal(band),
    )
    assert found.beyond_band is beyond and found.months_gained_per_month is None
    assert any(said in remark for remark in found.remarks)


def test_raw_scores_get_no_word_and_few_pupils_get_a_warning(rules: FigureRules) -> None:
    found = _one(
        rules, scale="raw_score", entry_score="12", exit_score="20", pupils_measured=Decimal(9)
    )
    assert found.gain == 8 and found.band is None and found.beyond_band is None
    assert any("only the change" in remark for remark in found.remarks)
    assert any("Fewer than 10" in remark for remark in found.remarks)
    assert NOT_CONTROLLED in found.remarks
    ten = _one(rules, entry_score="12", exit_score="20", pupils_measured=Decimal(10))
    assert not any("Fewer than" in remark for remark in ten.remarks)


def test_not_measured_is_no_nought(rules: FigureRules) -> None:
    assert impact_of(EXAMPLE, rules) == ()
    half = _one(rules, scale="raw_score", entry_score="12")
    assert half.gain is None and half.missing == ("exit score",) and half.remarks == ()
    odd = _one(rules, scale="raw_score", entry_score="twelve", exit_score="7y 6m")
    assert odd.gain is None and len(odd.missing) == 2
    assert _one(rules, pupils_measured=Decimal(4), met_target=Decimal(5)).met_percent is None
    three = _one(rules, pupils_measured=Decimal(4), met_target=Decimal(3))
    assert three.met_percent == 75 and three.gain is None


def test_an_age_without_a_scale_is_a_reading_age_never_points(rules: FigureRules) -> None:
    mixed = _one(rules, entry_score="7y 6m", exit_score="8.2", months_between=Decimal(4))
    assert (mixed.gain, mixed.months_gained_per_month) == (8, 2)
    assert _one(rules, scale="standard_score", entry_score="90", exit_score="7y 6m").gain is None


def test_every_measure_of_a_row_is_read(rules: FigureRules) -> None:
    more = Measure(measure="Spelling", entry_score="5", exit_score="9")
    row = replace(EXAMPLE, measure="Reading", entry_score="85", exit_score="90")
    assert [one.gain for one in impact_of(replace(row, more_measures=(more,)), rules)] == [5, 4]


months = st.integers(1, 40).map(Decimal)


@given(months, months, st.integers(1, 9))
def test_laws_of_months_gained_per_month(gain: Decimal, time: Decimal, times: int) -> None:
    ratio = months_gained_per_month(gain, time)
    assert ratio is not None
    twice = months_gained_per_month(gain * times, time * times)
    assert twice is not None and abs(twice - ratio) < Decimal("1e-20"), "a longer run alike"
    assert months_gained_per_month(-gain, time) == -ratio
    assert (ratio > 1) == (gain > time)
    assert months_gained_per_month(gain, Decimal(0)) is None


def test_bands_begin_where_they_say(rules: FigureRules) -> None:
    for ratio, label in (("1.39", "very small"), ("1.4", "small"), ("2", "useful"), ("4", "rem")):
        band = band_of(Decimal(ratio), rules.bands)
        assert band is not None and band.label.startswith(label)
    assert band_of(Decimal(0), rules.bands) is None
    assert "convention" in rules.bands_warning


# Time


def test_school_days_leave_out_weekends_and_holidays() -> None:
    assert school_days(MONDAY, MONDAY, ()) == 1
    assert school_days(MONDAY, dt.date(2026, 9, 20), ()) == 10
    half_term = ((dt.date(2026, 10, 26), dt.date(2026, 10, 30)),)
    assert school_days(dt.date(2026, 10, 19), dt.date(2026, 11, 6), half_term) == 10
    assert school_days(MONDAY, dt.date(2026, 9, 6), ()) == 0


def test_cost_to_date_of_the_worked_example() -> None:
    row = replace(EXAMPLE, start_on=MONDAY, end_on=dt.date(2026, 11, 27))
    cost = cost_row(row, RATES)
    for day, expected in (
        (dt.date(2026, 9, 4), 0),  # not begun: not even the books
        (dt.date(2026, 9, 18), Decimal("89.5")),  # 2 of 12 weeks: 297 / 6 + 40
        (dt.date(2026, 10, 16), Decimal("188.5")),  # 6 of 12 weeks
        (dt.date(2026, 11, 27), 337),
        (dt.date(2027, 5, 1), 337),
    ):
        assert cost_to_date(row, cost, day).cost == expected, day
    no_end = replace(EXAMPLE, start_on=MONDAY)
    assert cost_to_date(no_end, cost, dt.date(2026, 10, 16)).cost == Decimal("188.5")


def test_cost_to_date_says_when_it_cannot_be_known() -> None:
    cost = cost_row(EXAMPLE, RATES)
    assert cost_to_date(EXAMPLE, cost, MONDAY).why_not == "no start date"
    backwards = replace(EXAMPLE, start_on=MONDAY, end_on=dt.date(2026, 9, 1))
    assert cost_to_date(backwards, cost, MONDAY).why_not == "it ends before it starts"
    unknown = replace(EXAMPLE, start_on=MONDAY, staff=())
    so_far = cost_to_date(unknown, cost_row(unknown, RATES), MONDAY)
    assert so_far.cost is None and "full cost" in so_far.why_not


numbers = st.decimals(min_value=1, max_value=60, places=1)
days = st.dates(dt.date(2026, 7, 1), dt.date(2027, 9, 30))
shares = st.builds(StaffShare, st.sampled_from(["ta", "hlta"]), numbers)
rows = st.builds(
    ProvisionRow,
    name=st.just("x"),
    start_on=st.one_of(st.none(), days),
    end_on=st.one_of(st.none(), days),
    weeks=st.one_of(st.none(), numbers),
    sessions_per_week=numbers,
    minutes_per_session=numbers,
    staff=st.lists(shares, max_size=3).map(tuple),
    other_cost=st.decimals(min_value=0, max_value=5_000, places=2),
)


@given(rows, days, days)
def test_cost_to_date_never_falls_and_never_passes_the_plan(
    row: ProvisionRow, one: dt.date, other: dt.date
) -> None:
    cost = cost_row(row, RATES)
    holidays = ((dt.date(2026, 10, 26), dt.date(2026, 10, 30)),)
    first = cost_to_date(row, cost, min(one, other), holidays).cost
    later = cost_to_date(row, cost, max(one, other), holidays).cost
    if cost.total_cost is None:
        assert first is None and later is None, "nothing is worked out from what is not there"
    if first is not None and later is not None:
        assert 0 <= first <= later <= (cost.total_cost or 0) + Decimal("1e-20")


@given(st.lists(rows, max_size=8), st.integers(0, 8), days)
def test_costs_add_up_over_any_split(made: list[ProvisionRow], cut: int, day: dt.date) -> None:
    def figures(part: list[ProvisionRow]) -> list[Decimal]:
        cost = cost_map(part, RATES)
        so_far = map_to_date(part, cost.rows, day)
        roles = cost_by_role(part, cost.rows, RATES)
        by_role = sum((one.cost for one in roles.values()), Decimal(0))
        assert abs(by_role - cost.total.staff_cost) < Decimal("1e-12"), "roles are the staff cost"
        return [cost.total.total_cost, cost.total.staff_cost, so_far.cost, so_far.full]

    whole, first, rest = figures(made), figures(made[:cut]), figures(made[cut:])
    for all_of_it, a, b in zip(whole, first, rest, strict=True):
        assert abs(all_of_it - a - b) < Decimal("1e-12")


# The school


def test_a_profile_comes_back_as_it_was_and_a_left_out_school_is_emptied() -> None:
    school = Profile(
        phase="primary",
        roll=Decimal(210),
        support={"SLCN": Decimal(9)},
        ehc={"ASD": Decimal(2)},
        notional_budget=Decimal("84000.50"),
        budget_year="2026 to 2027",
        threshold=Decimal(6000),
        on_costs_percent=Decimal("28.5"),
        without_on_costs=frozenset({"ta", "hlta"}),
        sources={"roll": "October census", "rates": "Business manager"},
    )
    kept = with_profile(documents.new_document(), school)
    assert all(isinstance(text, str) for text in kept["profile"].values())
    assert Profile.from_document(kept) == school and not school.is_empty
    gone = with_profile(kept, replace(school, left_out=True))
    left = Profile.from_document(gone)
    assert left == without_school(school) and left.left_out and left.is_empty
    assert "84000" not in str(gone["profile"]) and left.on_costs_percent == Decimal("28.5")
    assert share_of_budget(Decimal(100), left) is None


def test_on_costs_go_on_the_rates_given_without_them() -> None:
    document = documents.with_rates(
        documents.new_document(), {"ta": Decimal(10), "hlta": Decimal(20)}
    )
    document = with_profile(
        document, Profile(on_costs_percent=Decimal(30), without_on_costs=frozenset({"ta"}))
    )
    in_force = documents.rates_in_force(document, RATES)
    assert (in_force.rate_for("ta"), in_force.rate_for("hlta")) == (13, 20)


def test_share_of_the_budget_and_the_threshold_of_a_special_school(rules: FigureRules) -> None:
    school = Profile(phase="primary", notional_budget=Decimal(84_000), budget_year="2026 to 2027")
    share = share_of_budget(Decimal(21_000), school)
    assert share is not None and share.percent == 25 and share.year == "2026 to 2027"
    assert share_of_budget(None, school) is None
    assert share_of_budget(Decimal(1), Profile()) is None
    mainstream = threshold_for(school, rules.threshold)
    assert mainstream is not None and mainstream.amount == 6000 and mainstream.year
    own = threshold_for(
        replace(school, threshold=Decimal(6500), threshold_year="x"), rules.threshold
    )
    assert own is not None and (own.amount, own.year) == (6500, "x")
    assert threshold_for(replace(school, phase="special"), rules.threshold) is None


# Reviews and the ledger


def test_reviews_are_overdue_until_a_decision_is_written() -> None:
    passed = replace(EXAMPLE, review_on=MONDAY)
    made = [EXAMPLE, passed, replace(passed, decision="Continue"), replace(passed, review_on=None)]
    found = list_reviews(made, MONDAY + dt.timedelta(days=1))
    assert [(one.index, one.state, one.days) for one in found] == [
        (1, "overdue", -1),
        (2, "decided", -1),
        (0, "no_date", None),
        (3, "no_date", None),
    ]
    assert list_reviews([passed], MONDAY)[0].state == "to_come"


def test_the_ledger_has_ids_that_stay_and_hides_small_counts(rules: FigureRules) -> None:
    document = documents.with_rows(documents.new_document(), [(EXAMPLE, {})] * 2, replace=False)
    school = Profile(roll=Decimal(210), support={"SLCN": Decimal(9), "SEMH": Decimal(3)})
    document = with_profile(document, school)
    listed = list_statements(document, rules.words, RATES, rules, MONDAY)
    by_id = {one.id: one.text for one in listed}
    assert len(by_id) == len(listed), "an id stands once"
    assert by_id["cost.total"] == "£674.00" and by_id["row.r2.cost"] == "£337.00"
    assert by_id["row.r1.impact.1"] == "not measured"
    assert by_id["needs.SEMH.support"] == "hidden" and by_id["cost.to_date"] == "not known"
    fewer = documents.without_row(document, "r1")
    kept = {one.id for one in list_statements(fewer, rules.words, RATES, rules, MONDAY)}
    assert "row.r2.cost" in kept and "row.r1.cost" not in kept


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("rules/impact.yaml", "months_gained_per_month: {bands: 3}", "'bands' must be a list"),
        (
            "rules/impact.yaml",
            "months_gained_per_month: {bands: [{from: 1, label: x}]}",
            "begin from 0",
        ),
        ("words/needs.yaml", "needs: {SLCN: {label: x}}", "needs.SLCN"),
        ("rules/costing.yaml", "threshold: 1", "'threshold'"),
    ],
)
def test_a_fault_in_the_figures_rules_names_file_and_key(
    tmp_path: Path, words: Words, name: str, text: str, said: str
) -> None:
    for file in ("rules/impact.yaml", "rules/costing.yaml", "words/needs.yaml"):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text((CONFIG / file).read_text())
    (tmp_path / name).write_text(text)
    with pytest.raises(WordsUnusable, match=said) as error:
        load_rules(tmp_path, words)
    assert name.split("/")[1] in str(error.value)


def test_hours_that_nobody_knows_are_not_told_as_none(rules: FigureRules) -> None:
    rates = RoleRates({"volunteer": RoleRate("volunteer", Decimal(0), False, "")})
    free = ProvisionRow(
        name="Reading helpers",
        staff=(StaffShare("volunteer", Decimal(2)),),
        other_cost=Decimal(0),
    )
    timed = replace(EXAMPLE, staff=free.staff, other_cost=Decimal(0))

    def told(*rows: ProvisionRow) -> tuple[str, str]:
        costs = cost_map(rows, rates)
        role = cost_by_role(rows, costs.rows, rates)["volunteer"]
        total = costs.total
        return (
            hours_known(total.staff_hours, total.rows_costed, total.rows_without_hours),
            hours_known(role.hours, role.rows, role.rows_without_hours),
        )

    assert told(free) == ("not known", "not known")
    assert told(free, timed) == ("at least 36", "at least 36")
    assert told(timed) == ("36", "36")


def test_one_month_is_a_month() -> None:
    one = Decimal(1)
    measure = Measure("YARC")
    found = Impact(measure, one, "months", months=one, months_gained_per_month=one)
    assert "in 1 month: 1 month gained per month" in impact_in_words(found)
