"""Awards: what a board could give, by laws that hold whatever the facts are."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from lti_tool.programme.cohorts import awards
from lti_tool.programme.cohorts.awards import Facts, Law, Window
from lti_tool.programme.cohorts.words import (
    AWARDS_OF,
    NASENCO,
    NO_AWARD,
    NPQ,
    PG_CERTIFICATE,
    ROUTES,
)

LAW = Law(date(2024, 9, 1), date(2027, 8, 31), 3)
FULL = Facts(NASENCO, date(2023, 9, 4), 60, 60, 39, 39, True, "done", date(2023, 9, 1))
_RANK = {NO_AWARD: 0, PG_CERTIFICATE: 1, NASENCO: 2}
_DAYS = st.dates(date(2020, 1, 1), date(2032, 12, 31))
_FACTS = st.builds(
    Facts,
    route=st.sampled_from(sorted(ROUTES)),
    starts_on=_DAYS,
    credits_asked=st.sampled_from((0, 20, 60)),
    credits=st.sampled_from((0, 20, 40, 60, 80)),
    outcomes_asked=st.sampled_from((0, 9, 39)),
    outcomes_met=st.sampled_from((0, 8, 9, 38, 39)),
    has_qts=st.sampled_from((None, True, False)),
    induction=st.sampled_from(("", "done", "exempt", "not_done")),
    senco_since=st.none() | _DAYS,
)


@settings(deadline=None)
@given(_FACTS, _DAYS)
def test_nasenco_only_with_all_that_the_law_and_the_programme_ask_for(
    facts: Facts, on: date
) -> None:
    found = awards.forecast(facts, LAW, on)
    has_all = (
        facts.route == NASENCO
        and facts.starts_on < LAW.nasenco_closed_from
        and on <= LAW.nasenco_ends_on
        and 0 < facts.credits_asked <= facts.credits
        and 0 < facts.outcomes_asked <= facts.outcomes_met
        and facts.has_qts is True
        and facts.induction in ("done", "exempt")
    )
    assert (found.kind == NASENCO) == has_all
    if facts.route == NASENCO:
        assert (found.missing == ()) == has_all, "what is missing is always said, never more"


@settings(deadline=None)
@given(_FACTS, _DAYS)
def test_an_npq_is_never_worked_out(facts: Facts, on: date) -> None:
    assert awards.forecast(replace(facts, route=NPQ), LAW, on).kind == NO_AWARD
    assert not awards.doubts(facts, "npq_passed") and not awards.doubts(facts, "npq_failed")


@settings(deadline=None)
@given(_FACTS, _DAYS, st.sampled_from(("credits", "outcomes", "qts", "induction")))
def test_more_never_gives_less(facts: Facts, on: date, what: str) -> None:
    more = {
        "credits": replace(facts, credits=facts.credits + 20),
        "outcomes": replace(facts, outcomes_met=facts.outcomes_met + 1),
        "qts": replace(facts, has_qts=True),
        "induction": replace(facts, induction="done"),
    }[what]
    before, after = (awards.forecast(one, LAW, on) for one in (facts, more))
    assert _RANK[after.kind] >= _RANK[before.kind]
    assert len(after.missing) <= len(before.missing)


@settings(deadline=None)
@given(_FACTS, _DAYS)
def test_credits_alone_are_a_certificate_that_qts_can_raise(facts: Facts, on: date) -> None:
    facts = replace(facts, has_qts=False, route=NASENCO)
    kind = awards.forecast(facts, LAW, on).kind
    assert kind == (PG_CERTIFICATE if facts.has_credits else NO_AWARD)
    later = replace(facts, has_qts=True)
    raised = awards.can_be_raised(later, LAW, kind, on)
    assert raised == (kind == PG_CERTIFICATE and awards.forecast(later, LAW, on).kind == NASENCO)


@settings(deadline=None)
@given(_FACTS, st.sampled_from(sorted(_RANK)), _DAYS, _DAYS)
def test_what_is_barred_and_what_is_doubted_covers_what_is_missing(
    facts: Facts, kind: str, decided: date, today: date
) -> None:
    """Without a bar and a doubt, a decision is one that the forecast would have given."""
    if not awards.bars(facts, LAW, kind, decided, today) and not awards.doubts(facts, kind):
        assert kind in AWARDS_OF[facts.route] and facts.starts_on <= decided <= today
        assert _RANK[awards.forecast(facts, LAW, decided).kind] >= _RANK[kind]


@settings(deadline=None)
@given(_DAYS, st.integers(1, 10))
def test_an_anniversary_is_never_later_than_the_same_day(day: date, years: int) -> None:
    found = awards.years_after(day, years)
    assert found.year == day.year + years and found.month == day.month
    assert found.day == day.day or (day.day == 29 and found.day == 28)


def test_the_last_day_counts_and_the_next_does_not() -> None:
    last = LAW.nasenco_ends_on
    assert awards.forecast(FULL, LAW, last).kind == NASENCO
    late = awards.forecast(FULL, LAW, last + timedelta(days=1))
    assert late.kind == PG_CERTIFICATE
    assert late.missing == ("NASENCo could be awarded until 31 August 2027 only.",)
    said = awards.bars(FULL, LAW, NASENCO, last + timedelta(days=1), date(2028, 1, 1))
    assert said == ["NASENCo could be awarded until 31 August 2027 only."]


def test_a_cohort_from_september_2024_cannot_take_it() -> None:
    assert awards.is_closed(NASENCO, date(2024, 8, 31), LAW) == ""
    assert "closed to cohorts" in awards.is_closed(NASENCO, date(2024, 9, 1), LAW)
    assert awards.is_closed(PG_CERTIFICATE, date(2026, 9, 1), LAW) == ""


def test_what_is_missing_is_said_in_words() -> None:
    facts = replace(FULL, credits=40, outcomes_met=30, has_qts=None, induction="not_done")
    assert awards.forecast(facts, LAW, date(2026, 7, 1)).missing == (
        "20 of 60 credits are not yet confirmed by a board.",
        "9 of 39 outcomes are not yet signed off.",
        "Whether they have QTS is not known.",
        "Induction is not done.",
    )


def test_a_resubmission_that_would_pass_a_deadline_is_warned_of() -> None:
    deadlines = awards.deadlines_of(FULL, LAW)
    assert [one.day for one in deadlines] == [date(2026, 9, 1), date(2027, 8, 31)]
    today = date(2026, 6, 1)
    near = Window("Module 3", date(2026, 7, 10), date(2026, 8, 7))
    far = Window("Module 3", date(2026, 7, 10), date(2026, 9, 2))
    after = Window("Module 3", date(2027, 9, 3), date(2027, 10, 1))
    assert awards.warnings(deadlines, (near,), today) == ()
    assert awards.warnings(deadlines, (far,), today) == (
        "Module 3: a resubmission could run until 2 September 2026 and would pass "
        "1 September 2026, 3 years after becoming a SENCO.",
    )
    said = awards.warnings(deadlines, (after,), today)
    assert len(said) == 2 and "the board on 3 September 2027 would be after" in said[1]
    assert "1 September 2026, 3 years after becoming a SENCO, has passed." in awards.warnings(
        deadlines, (), date(2026, 9, 2)
    )


@settings(deadline=None)
@given(st.lists(_DAYS, max_size=3), _DAYS, _DAYS)
def test_warnings_come_exactly_where_a_window_passes_a_day(
    ends: list[date], deadline: date, today: date
) -> None:
    windows = tuple(Window(f"M{n}", None, day) for n, day in enumerate(ends))
    found = awards.warnings((awards.Deadline(deadline, "a day"),), windows, today)
    if deadline < today:
        assert len(found) == 1
    else:
        assert len(found) == sum(day > deadline for day in ends)
