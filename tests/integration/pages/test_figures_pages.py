"""The pages of figures and of the school: what they show, refuse, keep and leave alone."""

import re

from tests.integration.pages import work
from tests.support.visiting import Visitor, World, words_of

PAGES = ("figures", "figures/coverage", "figures/impact", "figures/reviews", "figures/completeness")
ROW = {
    "name": "Talk Boost",
    "area": "communication_interaction",
    "tier": "targeted",
    "minutes_per_session": "30",
    "sessions_per_week": "3",
    "weeks": "12",
    "group_size": "4",
    "staff": "TA",
    "other_cost": "40",
    "start_on": "07/09/2026",
    "measure": "Salford reading age",
    "scale": "reading_age",
    "entry_score": "7y 6m",
    "exit_score": "8y 3m",
}


def _text(answer) -> str:
    return answer.get_data(as_text=True)


def _with_row(world: World) -> Visitor:
    visitor = world.let_in("5", "participant")
    visitor.get("audit/map/rows/new")
    assert visitor.post("audit/map/rows/new", ROW).status_code == 303
    return visitor


def test_every_page_of_figures_stands_with_and_without_rows(world: World) -> None:
    visitor = world.let_in("5", "participant")
    for path in (*PAGES, "figures/what-if"):
        assert "There is nothing to work out yet" in _text(visitor.get(f"audit/{path}"))
    work.bring_in(visitor, work.MAP)
    for path in (*PAGES, "figures/what-if"):
        page = _text(visitor.get(f"audit/{path}"))
        assert "nothing to work out" not in page
        for target in re.findall(r'<a href="#([^"]+)"', page):
            assert f'id="{target}"' in page, f"{path}: a mark leads to {target}, which is not there"


def test_a_role_says_where_rows_have_another_rate_than_its_own(world: World) -> None:
    visitor = _with_row(world)
    page = words_of(_text(visitor.get("audit/figures")))
    assert "Rate in your table" in page and "at another" not in page
    for rate in ("16.50", "40"):
        visitor.get("audit/map/rows/new")
        assert visitor.post("audit/map/rows/new", {**ROW, "hourly_rate": rate}).status_code == 303
    page = words_of(_text(visitor.get("audit/figures")))
    assert "£16.50; 1 row at another" in page, "16.50 is the rate of the table"


def test_the_school_gives_a_share_of_the_budget_and_hides_small_counts(world: World) -> None:
    visitor = _with_row(world)
    visitor.get("audit/school")
    school = {
        "phase": "primary",
        "roll": "210",
        "support_SLCN": "9",
        "support_SEMH": "3",
        "notional_budget": "£3,370",
        "budget_year": "2026 to 2027",
        "source_budget": "Business manager",
        "rate_ta": "16.50",
    }
    assert visitor.post("audit/school", school).status_code == 303
    page = words_of(_text(visitor.get("audit/figures")))
    assert "10% of the notional SEN budget of £3,370.00 for 2026 to 2027" in page
    again = _text(visitor.get("audit/school"))
    assert "Business manager" in again and "What others see of these counts" in again
    others = words_of(again.split("Counts as last saved")[-1])
    assert "hidden" in others and " 3 " not in others
    assert "9 pupils with it as primary need" in _text(visitor.get("audit/figures/coverage"))


def test_a_left_out_school_is_emptied_and_everything_still_works(world: World) -> None:
    visitor = _with_row(world)
    visitor.get("audit/school")
    assert (
        visitor.post("audit/school", {"roll": "210", "notional_budget": "5000"}).status_code == 303
    )
    visitor.get("audit/school")
    left = {"left_out": "y", "roll": "210", "notional_budget": "5000", "rate_ta": "20"}
    assert visitor.post("audit/school", left).status_code == 303
    page = _text(visitor.get("audit/school"))
    assert 'value="210"' not in page and "left out" in page
    for path in PAGES:
        shown = visitor.get(f"audit/{path}")
        assert shown.status_code == 200 and "5,000" not in _text(shown)
    assert "£400.00" in _text(visitor.get("audit/figures")), "18 hours at £20, and £40"


def test_what_cannot_be_is_said_at_its_field_and_nothing_typed_is_lost(world: World) -> None:
    visitor = world.let_in("5", "participant")
    visitor.get("audit/school")
    answer = visitor.post(
        "audit/school",
        {"roll": "10", "support_SLCN": "12", "source_roll": "Ask Oliver Smith", "rate_ta": "lots"},
    )
    page = _text(answer)
    assert answer.status_code == 422
    assert "come to 12 pupils" in page and "looks like a person" in page
    assert "Ask Oliver Smith" in page and 'value="lots"' in page


def test_a_what_if_is_shown_and_saved_only_when_asked(world: World) -> None:
    visitor = _with_row(world)
    visitor.get("audit/figures/what-if")
    tried = {"tier": "targeted", "weeks": "6", "group_size": "2"}
    page = words_of(_text(visitor.post("audit/figures/what-if", tried)))
    # 30 min x 3 x 6 weeks at 16.50 is 148.50, and 40 for books
    assert "£188.50" in page and "−£148.50" in page and "£94.25" in page
    assert "£337.00" in _text(visitor.get("audit/map")), "nothing is saved"
    nothing = visitor.post("audit/figures/what-if", {"tier": "targeted"})
    assert nothing.status_code == 422 and "Change something" in _text(nothing)
    no_rows = visitor.post("audit/figures/what-if", {"tier": "specialist", "weeks": "6"})
    assert no_rows.status_code == 422
    visitor.get("audit/figures/what-if")
    stale = visitor.post("audit/figures/what-if", {**tried, "then": "put", "revision": "0"})
    assert stale.status_code == 409 and "£188.50" in _text(stale)
    visitor.get("audit/figures/what-if")
    put = visitor.post("audit/figures/what-if", {**tried, "then": "put"})
    assert put.status_code == 303
    assert "£188.50" in _text(visitor.get("audit/map"))
