"""The written parts, the commentary and the plan through their pages: names held, nothing lost."""

import io
import re

import pytest

from tests.integration.pages import work
from tests.support.visiting import Visitor, World
from tests.unit.provision_map_audit.test_commentary import make_docx

FETCH = {"X-Requested-With": "fetch"}
NAMED = "Forty pupils. Jack Carter in Year 4 finds reading hard."


def _text(answer) -> str:
    return answer.get_data(as_text=True)


def _act(page: str, kind: str) -> str:
    """The value of the first button of a kind."""
    found = re.search(rf'name="act" value="({kind}\|[^"]+)"', page)
    assert found, kind
    return found.group(1)


def _stored(world: World) -> bytes:
    return b"".join(p.read_bytes() for p in world.settings.instance_dir.glob("lti_tool.sqlite*"))


@pytest.fixture
def visitor(world: World) -> Visitor:
    return world.let_in("5", "participant")


def test_a_name_is_held_on_the_page_while_the_rest_is_saved(world: World, visitor: Visitor) -> None:
    visitor.get("audit/writing")
    visitor.post("audit/writing", {"evidence-context": "Forty pupils."})
    visitor.get("audit/writing")
    typed = {"evidence-context": NAMED, "evidence-fit": "A gap.", "references": "X, Y."}
    answer = visitor.post("audit/writing", typed)
    page = _text(answer)
    assert answer.status_code == 200 and "Not saved." in page and NAMED in page
    assert 'href="#evidence-context"' in page and "A gap." in page
    fresh = _text(world.let_in("5", "participant").get("audit/writing"))
    assert "Carter" not in fresh and "Forty pupils." in fresh and "A gap." in fresh
    assert b"Carter" not in _stored(world)
    out = visitor.post("audit/writing", {**typed, "act": _act(page, "leave-out")})
    assert out.status_code == 303
    assert "[name removed] in Year 4" in _text(visitor.get("audit/writing"))
    assert "still stands in one place" in _text(visitor.get("audit/hand-in"))


def test_what_is_no_child_is_remembered(world: World, visitor: Visitor) -> None:
    visitor.get("audit/plan")
    page = _text(visitor.post("audit/plan", {"action-1": NAMED, "line-1": "a1"}))
    kept = visitor.post(
        "audit/plan", {"action-1": NAMED, "line-1": "a1", "act": _act(page, "not-a-child")}
    )
    assert kept.status_code == 303 and "Jack Carter" in _text(visitor.get("audit/plan"))
    visitor.get("audit/writing")
    assert visitor.post("audit/writing", {"evidence-fit": NAMED}).status_code == 303


def test_a_script_is_told_what_is_held(visitor: Visitor) -> None:
    visitor.get("audit/writing")
    answer = visitor.post(
        "audit/writing", {"evidence-context": NAMED, "evidence-fit": "A gap."}, headers=FETCH
    )
    assert answer.json["revision"] == 1 and "Jack Carter" in answer.json["held_sentence"]
    assert "leave-out|" in answer.json["held"]["evidence-context"]
    page = _text(visitor.get("audit/writing"))
    assert "A gap." in page and "Carter" not in page


def test_an_e_mail_address_cannot_be_said_to_be_nobody(visitor: Visitor) -> None:
    visitor.get("audit/writing")
    page = _text(visitor.post("audit/writing", {"references": "mum@example.org wrote this"}))
    assert "leave-out|" in page and "not-a-child|" not in page
    forced = visitor.post(
        "audit/writing",
        {
            "references": "mum@example.org wrote this",
            "act": _act(page, "leave-out").replace("leave-out", "not-a-child"),
        },
    )
    assert "Not saved." in _text(forced)


def test_pasting_and_looking_store_nothing(visitor: Visitor) -> None:
    visitor.get("audit/writing")
    pasted = visitor.post("audit/writing/pasted", {"html": "<h2>A</h2><p><i>b</i></p>"})
    assert pasted.json == {"text": "## A\n\n*b*"}
    assert visitor.post("audit/writing/pasted", {"html": "x" * 1_000_001}).status_code == 422
    assert visitor.post("audit/writing/pasted", {"html": "<div>" * 5_000}).status_code in (200, 422)
    assert "<h4>A</h4>" in visitor.post("audit/writing/shown", {"text": "## A"}).json["html"]
    assert visitor.post("audit/writing/shown", {"text": ">" * 9_000}).status_code == 200
    assert 'name="revision" value="0"' in _text(visitor.get("audit/writing"))


def test_reflections_follow_the_chosen_set_and_none_is_lost(visitor: Visitor) -> None:
    visitor.get("audit/writing")
    visitor.post("audit/writing", {"outcome_set": "outcomes-2014", "act": "outcomes"})
    page = _text(visitor.get("audit/writing"))
    assert "1 September 2024" in page and 'name="reflection-B9"' in page
    visitor.post("audit/writing", {"outcome_set": "npq-senco", "reflection-B9": "We review."})
    assert 'name="reflection-S8"' in _text(visitor.get("audit/writing"))
    visitor.post("audit/writing", {"outcome_set": "outcomes-2014", "reflection-S8": "We plan."})
    assert "We review." in _text(visitor.get("audit/writing"))
    look = _text(visitor.get("audit/writing/look"))
    assert "We review." in look and "We plan." not in look and "not the official text" in look


def test_evidence_says_what_it_was_and_what_it_is_now(visitor: Visitor) -> None:
    row = {"name": "Toe by Toe", "minutes_per_session": "60", "sessions_per_week": "1"}
    row |= {"weeks": "10", "group_size": "1", "staff": "TA", "hourly_rate": "20"}
    visitor.get("audit/map/rows/new")
    assert visitor.post("audit/map/rows/new", row).status_code == 303
    visitor.get("audit/writing")
    going = visitor.post("audit/writing", {"evidence-cost": "Dear.", "act": "pick|cost"})
    assert going.headers["Location"].endswith("/writing/cost/evidence")
    page = _text(visitor.get("audit/writing/cost/evidence?row=r1"))
    assert "Toe by Toe: total cost" in page
    nothing = visitor.post("audit/writing/cost/evidence", {})
    assert nothing.status_code == 422 and "Tick at least one figure" in _text(nothing)
    picked = visitor.post("audit/writing/cost/evidence", {"pick": ["cost.total", "row.r1.cost"]})
    assert picked.headers["Location"].endswith("#part-cost")
    assert "Total cost of the full plan: £200.00" in _text(visitor.get("audit/writing"))
    visitor.get("audit/map/rows/r1")
    visitor.post("audit/map/rows/r1", {**row, "hourly_rate": "30"})
    page = _text(visitor.get("audit/writing"))
    assert "Total cost of the full plan: was £200.00 when picked, now £300.00" in page
    visitor.post("audit/writing", {"evidence-cost": "Dear.", "act": "update|cost|cost.total"})
    page = _text(visitor.get("audit/writing"))
    assert "Total cost of the full plan: £300.00" in page and "Dear." in page
    assert "Toe by Toe: total cost: was £200.00 when picked, now £300.00" in page
    visitor.post("audit/writing", {"act": "remove|cost|row.r1.cost"})
    visitor.get("audit/plan")
    visitor.post("audit/plan", {"action-1": "Change it now, please.", "picked-1": "cost.total"})
    work.hand_in(visitor)
    receipt = _text(visitor.get("audit/receipt"))
    assert receipt.count("Total cost of the full plan: £300.00") == 2
    assert "Toe by Toe: total cost" not in receipt


def _send_commentary(visitor: Visitor, data: bytes, name: str = "essay.docx"):
    visitor.get("audit/writing/commentary")
    return visitor.post(
        "audit/writing/commentary",
        {"file": (io.BytesIO(data), name)},
        content_type="multipart/form-data",
    )


def test_a_commentary_is_kept_only_once_nobody_is_named(world: World, visitor: Visitor) -> None:
    data = make_docx(lambda document: document.add_paragraph(NAMED))
    page = _text(_send_commentary(visitor, data, "Jack Carter.docx"))
    assert "Nothing of it is stored yet" in page
    key = re.search(r'name="(about-[^"]+)"', page).group(1)
    file = re.search(r'name="file_data" value="([^"]+)"', page).group(1)
    sent = {"file_data": file, "file_name": "Jack Carter.docx", key: "leave-out"}
    assert visitor.post("audit/writing/commentary", sent).status_code == 303
    page = _text(visitor.get("audit/writing/commentary"))
    assert "[name removed] in Year 4" in page and "<h3>Commentary</h3>" in page
    assert "commentary.docx" in page and b"Carter" not in _stored(world)
    assert "see the commentary" in _text(visitor.get("audit/writing/look"))
    assert _send_commentary(visitor, make_docx()).status_code == 303
    page = _text(visitor.get("audit/writing/commentary"))
    assert "essay.docx" in page and "[name removed]" not in page
    assert visitor.post("audit/writing/commentary/remove").status_code == 303
    assert "essay.docx" not in _text(visitor.get("audit/writing/commentary"))


def test_a_file_that_is_no_word_document_gets_a_sentence(visitor: Visitor) -> None:
    answer = _send_commentary(visitor, b"%PDF-1.7", "essay.pdf")
    assert answer.status_code == 422 and "(.docx)" in _text(answer)
    assert visitor.post("audit/writing/commentary").status_code == 422


def test_the_plan_is_put_in_order_without_script(visitor: Visitor) -> None:
    visitor.get("audit/plan")
    lines = {"action-1": "First of all this", "priority-1": "3", "line-1": "a1"}
    lines |= {"action-2": "Second this, perhaps", "priority-2": "1", "line-2": "a2"}
    visitor.post("audit/plan", {**lines, "act": "order"})
    page = _text(visitor.get("audit/plan"))
    assert page.index("Second this") < page.index("First of all") and "which role" in page
    lines = {"action-1": "Second this, perhaps", "priority-1": "1", "line-1": "a2"}
    lines |= {"action-2": "First of all this", "priority-2": "3", "line-2": "a1"}
    moved = visitor.post("audit/plan", {**lines, "act": "up|a1"})
    assert moved.headers["Location"].endswith("#action-line-1")
    page = _text(visitor.get("audit/plan"))
    assert page.index("First of all") < page.index("Second this")
    visitor.post("audit/plan", {**lines, "act": "remove|a2"})
    assert "Second this" not in _text(visitor.get("audit/plan"))


def test_a_name_in_the_plan_is_held_and_the_line_keeps_what_was_stored(visitor: Visitor) -> None:
    visitor.get("audit/plan")
    visitor.post(
        "audit/plan", {"action-1": "Measure at entry.", "owner-1": "SENCo", "line-1": "a1"}
    )
    visitor.get("audit/plan")
    line = {"action-1": "Measure at exit.", "owner-1": "Mrs Jones", "line-1": "a1"}
    page = _text(visitor.post("audit/plan", line))
    assert 'href="#owner-1"' in page and "Mrs Jones" in page
    page = _text(visitor.get("audit/plan"))
    assert "Measure at exit." in page and 'value="SENCo"' in page and "Jones" not in page


def test_more_than_three_at_once_are_asked_about(visitor: Visitor) -> None:
    visitor.get("audit/plan")
    four = {f"action-{n}": f"Do thing {n} at once" for n in range(1, 5)}
    visitor.post("audit/plan", {**four, **{f"priority-{n}": "1" for n in range(1, 5)}})
    page = _text(visitor.get("audit/plan"))
    assert "4 actions come first" in page and 'id="priorities_reason"' in page


def test_work_of_the_first_version_is_shown_as_it_was(world: World) -> None:
    from lti_tool.activities.provision_map_audit.activity import ACTIVITY

    old = {
        "rows": [],
        "counter": 0,
        "rates": {},
        "answers": {"context": {"judgement": "", "evidence": "One.\nTwo * three"}},
        "actions": [{"action": "Act", "owner": "SENCo", "by": "2027-01-01", "success": "Seen"}],
    }
    with world.app.test_request_context("/", base_url="https://tool.example"):
        shown = str(ACTIVITY.render_for_marking(old))
        assert ACTIVITY.progress(old).missing
    assert "One.<br>\nTwo * three" in shown and "SENCo" in shown and "Commentary" not in shown
