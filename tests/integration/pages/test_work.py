"""A participant's work: bringing in, typing, saving as you go, handing in, taking back."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from lti_tool.core import clock
from tests.conformance.cases import case
from tests.integration.pages import work
from tests.support.visiting import Visitor, World

FIXTURES = sorted(work.MAP.parent.glob("*.[xc]*"))


def _text(answer) -> str:
    return answer.get_data(as_text=True)


def _set_dates(world: World, due: str = "", board: str = "") -> None:
    tutor = world.let_in("3", "tutor")
    page = _text(tutor.get("dates"))
    version = page.split('name="version" value="')[1].split('"')[0]
    answer = tutor.post("dates", {"due_at": due, "board_on": board, "version": version})
    assert answer.status_code == 303, _text(answer)


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_every_kind_of_spreadsheet_comes_in_through_the_page(world: World, path: Path) -> None:
    visitor = world.let_in("5", "participant")
    work.bring_in(visitor, path)
    page = _text(visitor.get("audit/map"))
    assert "Rows of your provision map" in page
    assert visitor.get("audit/figures").status_code == 200


@case(216, "hostile uploads")
@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("map.xlsx", b"MZ\x90\x00 not a workbook at all", ""),
        ("map.csv", b"a,b\x00c\n1,2", ""),
        ("map.xlsx", b"", ""),
        ("map.pdf", b"%PDF-1.7 ...", "xlsx"),
        ("map.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "xlsx"),
    ],
)
def test_a_file_that_cannot_be_read_gets_a_sentence(
    world: World, name: str, data: bytes, said: str
) -> None:
    visitor = world.let_in("5", "participant")
    answer = visitor.post(
        "audit/map/bring-in", {"file": (io.BytesIO(data), name)}, content_type="multipart/form-data"
    )
    assert answer.status_code == 422
    assert "There is a problem" in _text(answer)
    assert said in _text(answer)


@case(216, "hostile uploads")
def test_a_file_of_fifty_megabytes_is_refused_with_a_sentence(world: World) -> None:
    visitor = world.let_in("5", "participant")
    answer = visitor.post(
        "audit/map/bring-in",
        {"file": (io.BytesIO(b"x" * 50_000_000), "m.csv")},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 413
    assert "Send a smaller one" in _text(answer)


def test_a_pupils_name_is_kept_nowhere(world: World) -> None:
    """Text that the privacy guard left out is in no table, only in the page while it is read."""
    visitor = world.let_in("5", "participant")
    work.bring_in(visitor, work.MAP.with_name("08_pupils_named.xlsx"))
    for path in (world.settings.instance_dir).glob("lti_tool.sqlite*"):
        data = path.read_bytes()
        for name in (b"Oliver", b"Smith", b"UPN"):
            assert name not in data, (path, name)
    page = _text(visitor.get("audit/map"))
    assert "Hamish &amp; Milo" in page


def test_a_row_that_cannot_be_read_keeps_what_was_typed(world: World) -> None:
    visitor = world.let_in("5", "participant")
    visitor.get("audit/map/rows/new")
    answer = visitor.post(
        "audit/map/rows/new",
        {
            "name": "Lego <b>therapy</b>",
            "minutes_per_session": "soonish",
            "weeks": "12",
            "staff": "TA",
        },
    )
    text = _text(answer)
    assert answer.status_code == 422
    assert 'value="soonish"' in text
    assert "Lego &lt;b&gt;therapy&lt;/b&gt;" in text
    assert 'href="#minutes_per_session"' in text
    answer = visitor.post(
        "audit/map/rows/new",
        {
            "name": "Lego <b>therapy</b>",
            "minutes_per_session": "30",
            "sessions_per_week": "3",
            "weeks": "12",
            "group_size": "4",
            "staff": "TA",
            "hourly_rate": "16.50",
            "other_cost": "40",
        },
    )
    assert answer.status_code == 303
    page = _text(visitor.get("audit/map"))
    assert "£337.00" in page and "£84.25" in page, "the worked example of the costing notes"
    assert "<b>therapy" not in page


def test_own_rates_change_every_figure(world: World) -> None:
    visitor = world.let_in("5", "participant")
    visitor.get("audit/map/rows/new")
    visitor.post(
        "audit/map/rows/new",
        {
            "name": "Toe by Toe",
            "minutes_per_session": "60",
            "sessions_per_week": "1",
            "weeks": "10",
            "group_size": "1",
            "staff": "TA",
        },
    )
    visitor.get("audit/school")
    assert visitor.post("audit/school", {"rate_ta": "20"}).status_code == 303
    assert "£200.00" in _text(visitor.get("audit/map"))
    visitor.get("audit/school")
    assert visitor.post("audit/school", {"rate_ta": "twenty"}).status_code == 422


def test_writing_is_saved_as_you_go(world: World) -> None:
    visitor = world.let_in("5", "participant")
    visitor.get("audit/writing")
    fetch = {"X-Requested-With": "fetch"}
    answer = visitor.post(
        "audit/writing",
        {"evidence-context": "Forty pupils.", "judgement-map": "secure"},
        headers=fetch,
    )
    assert answer.json["revision"] == 1
    again = visitor.post(
        "audit/writing", {"evidence-context": "Forty-one.", "revision": "1"}, headers=fetch
    )
    assert again.json["revision"] == 2
    assert "Forty-one." in _text(world.let_in("5", "participant").get("audit/writing"))


def test_two_tabs_never_overwrite_each_other(world: World) -> None:
    first, second = world.let_in("5", "participant"), world.let_in("5", "participant")
    first.get("audit/writing"), second.get("audit/writing")
    assert first.post("audit/writing", {"evidence-context": "From the first."}).status_code == 303
    answer = second.post("audit/writing", {"evidence-context": "From the second.", "revision": "0"})
    assert answer.status_code == 409
    assert "From the second." in _text(answer), "nothing typed is lost"
    assert "From the first." in _text(first.get("audit/writing"))
    fetch = second.post(
        "audit/writing",
        {"evidence-context": "x", "revision": "0"},
        headers={"X-Requested-With": "fetch"},
    )
    assert fetch.status_code == 409 and "another tab" in fetch.json["sentence"]


def test_too_long_or_unreadable_text_is_named_at_its_field(world: World) -> None:
    visitor = world.let_in("5", "participant")
    visitor.get("audit/writing")
    answer = visitor.post("audit/writing", {"evidence-fit": "x" * 20_001})
    assert answer.status_code == 422 and 'href="#evidence-fit"' in _text(answer)
    answer = visitor.post("audit/writing", {"evidence-fit": "a\x00b"})
    assert answer.status_code == 422


def test_handing_in_needs_every_declaration(world: World) -> None:
    visitor = world.let_in("5", "participant")
    work.bring_in(visitor)
    visitor.get("audit/hand-in")
    answer = visitor.post("audit/hand-in", {"declaration": work.DECLARATIONS[:2]})
    text = _text(answer)
    assert answer.status_code == 422
    assert 'href="#declaration-head_knows"' in text and 'href="#declaration-own_work"' not in text
    assert text.count(" checked") >= 2, "what was ticked stays ticked"


def test_what_was_handed_in_is_frozen(world: World) -> None:
    visitor = world.let_in("5", "participant")
    work.bring_in(visitor)
    work.hand_in(visitor)
    assert "Reading fluency" in _text(visitor.get("audit/receipt"))
    visitor.get("audit/writing")
    answer = visitor.post("audit/writing", {"evidence-context": "Later.", "revision": "1"})
    assert answer.status_code == 409 and "handed in" in _text(answer)
    again = visitor.post("audit/hand-in", {"declaration": work.DECLARATIONS, "revision": "1"})
    assert again.status_code in (303, 409)


def test_work_can_be_taken_back_until_the_due_date(world: World) -> None:
    visitor = world.let_in("5", "participant")
    tomorrow = clock.in_london(clock.now() + timedelta(days=1))
    _set_dates(world, due=f"{tomorrow:%Y-%m-%dT%H:%M}")
    work.bring_in(visitor)
    work.hand_in(visitor)
    visitor.get("audit/receipt")
    assert visitor.post("audit/take-back").status_code == 303
    assert "Forty" not in _text(visitor.get("audit/"))
    work.hand_in(visitor)
    visitor.get("audit/receipt")
    with time_machine.travel(clock.now() + timedelta(days=2)):
        late = world.let_in("5", "participant")
        answer = late.post("audit/take-back")
    assert answer.status_code == 409 and "due date has passed" in _text(answer)


def test_nobody_takes_back_what_is_being_marked(world: World) -> None:
    visitor = world.let_in("5", "participant")
    work.bring_in(visitor)
    work.hand_in(visitor)
    tutor = world.let_in("3", "tutor")
    desk = work.desk_of(tutor)
    tutor.get(desk)
    tutor.post(desk, {"mark_impact": "60", "number": "0"})
    visitor.get("audit/receipt")
    answer = visitor.post("audit/take-back")
    assert answer.status_code == 409 and "begun to mark" in _text(answer)


def test_late_work_is_taken_and_called_late(world: World) -> None:
    visitor = world.let_in("5", "participant")
    work.bring_in(visitor)
    yesterday = clock.in_london(clock.now() - timedelta(days=1))
    _set_dates(world, due=f"{yesterday:%Y-%m-%dT%H:%M}")
    work.hand_in(visitor)
    assert "Late" in _text(world.let_in("3", "tutor").get("marking/"))


def test_nothing_can_be_handed_in_before_it_is_begun(world: World) -> None:
    visitor = world.let_in("5", "participant")
    visitor.get("audit/hand-in")
    answer = visitor.post("audit/hand-in", {"declaration": work.DECLARATIONS})
    assert answer.status_code == 409 and "nothing to hand in" in _text(answer)


def _hold_two_tabs(world: World) -> tuple[Visitor, Visitor]:
    return world.let_in("3", "tutor"), world.let_in("4", "tutor")


def test_two_tutors_never_overwrite_each_others_dates(world: World) -> None:
    world.let_in("5", "participant")
    first, second = _hold_two_tabs(world)
    first.get("dates"), second.get("dates")
    assert first.post("dates", {"due_at": "2027-01-31T12:00", "version": "1"}).status_code == 303
    answer = second.post("dates", {"due_at": "2027-02-28T12:00", "version": "1"})
    assert answer.status_code == 409 and "2027-01-31" in _text(answer)
