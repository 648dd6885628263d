"""The grid's addresses, the row form that merges, and earlier drafts, through the application."""

import json
import re
from datetime import timedelta
from typing import Any

import time_machine
from sqlalchemy import select
from werkzeug.test import TestResponse

from lti_tool.core import clock
from lti_tool.coursework import earlier
from lti_tool.coursework.models import EarlierDraft, Submission
from tests.integration.pages import work
from tests.support.visiting import Visitor, World

_JSON = {"X-Requested-With": "fetch", "Accept": "application/json"}


def _text(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def _send(visitor: Visitor, revision: int, *changes: dict[str, Any]) -> TestResponse:
    data = {"changes": json.dumps(list(changes)), "revision": str(revision)}
    return visitor.post("audit/map/changes", data, headers=_JSON)


def _cell(row: str, field: str, was: str, to: str, **more: Any) -> dict[str, Any]:
    return {"kind": "cells", "row": row, "cells": {field: {"from": was, "to": to, **more}}}


def _grid(visitor: Visitor) -> dict[str, Any]:
    answer = visitor.get("audit/map/grid", headers=_JSON)
    assert answer.status_code == 200
    return dict(answer.get_json())


def test_a_change_is_read_costed_and_answered(world: World) -> None:
    visitor = world.let_in("5", "participant")
    visitor.get("audit/map")
    row = "nabcdefgh1"
    cells = {"name": "Talk Boost", "minutes_per_session": "½ hr", "sessions_per_week": "x3"}
    cells |= {"weeks": "12 wks", "group_size": "1:4", "staff": "TA", "hourly_rate": "£16.50/hr"}
    answer = _send(
        visitor,
        0,
        {"kind": "add", "row": row, "after": None, "cells": {**cells, "other_cost": "40"}},
    )
    assert answer.status_code == 200, _text(answer)
    made = answer.get_json()
    assert made["rows"][0]["own"]["total_cost"] == "£337.00", "the worked example"
    assert made["totals"]["cost_per_place"] == "£84.25"
    assert {"row": row, "field": "weeks", "said": "12 weeks"} in made["said"]
    assert made["rows"][0]["cells"]["minutes_per_session"] == "30"
    assert "Talk Boost" in _text(visitor.get("audit/map"))
    assert visitor.get(f"audit/map/rows/{row}").status_code == 200


def test_two_tabs_keep_each_others_cells_and_ask_where_both_changed_one(world: World) -> None:
    visitor = world.let_in("5", "participant")
    work.bring_in(visitor)
    start = _grid(visitor)
    row, cells = start["rows"][0]["id"], start["rows"][0]["cells"]
    first = _send(visitor, start["revision"], _cell(row, "weeks", cells["weeks"], "7"))
    assert first.get_json()["all"] is False
    second = _send(
        visitor,
        start["revision"],
        _cell(row, "weeks", cells["weeks"], "9"),
        _cell(row, "decision", "", "Adapt"),
    ).get_json()
    assert second["conflicts"] == [{"row": row, "field": "weeks", "mine": "9", "theirs": "7"}]
    assert second["all"] is True, "the page is told what the other one saved"
    now = _grid(visitor)["rows"][0]["cells"]
    assert (now["weeks"], now["decision"]) == ("7", "Adapt")


def test_a_childs_name_reaches_no_table_until_it_is_said_not_to_be_one(world: World) -> None:
    visitor = world.let_in("5", "participant")
    work.bring_in(visitor)
    start = _grid(visitor)
    row = start["rows"][0]["id"]
    answer = _send(visitor, start["revision"], _cell(row, "notes", "", "Orla Finch box")).get_json()
    assert answer["refused"][0]["can_clear"] is True
    for path in (world.settings.instance_dir).glob("lti_tool.sqlite*"):
        assert b"Orla Finch" not in path.read_bytes()
    _send(visitor, answer["revision"], _cell(row, "notes", "", "Orla Finch box", clear=True))
    assert _grid(visitor)["rows"][0]["cells"]["notes"] == "Orla Finch box"
    form = _text(visitor.get(f"audit/map/rows/{row}"))
    assert "Orla Finch box" in form
    answer = visitor.post(f"audit/map/rows/{row}", {"name": "X", "notes": "Orla Finch box"})
    assert answer.status_code == 303, "the form remembers it too"


def test_changes_that_cannot_be_read_or_come_too_late_get_a_sentence(world: World) -> None:
    visitor = world.let_in("5", "participant")
    work.bring_in(visitor)
    for changes in ("", "[", "{}", '[{"kind": "x"}]', "[" * 2000):
        answer = visitor.post("audit/map/changes", {"changes": changes}, headers=_JSON)
        assert answer.status_code == 400 and answer.get_json()["sentence"]
    assert visitor.post("audit/map/changes", {"csrf_token": "x"}, headers=_JSON).status_code == 403
    work.hand_in(visitor)
    answer = _send(visitor, 1, _cell("r1", "weeks", "", "3"))
    assert answer.status_code == 409 and "handed in" in answer.get_json()["sentence"]
    tutor = world.let_in("3", "tutor")
    assert tutor.get("audit/map/grid").status_code == 403


def _base(page: str) -> str:
    found = re.search(r'name="base" value="([^"]*)"', page)
    assert found is not None
    return found.group(1).replace("&#34;", '"').replace("&amp;", "&")


def test_the_row_form_merges_what_another_tab_saved_and_shows_both_texts(world: World) -> None:
    visitor = world.let_in("5", "participant")
    visitor.get("audit/map/rows/new")
    typed = {"name": "Toe by Toe", "weeks": "12", "group_size": "1"}
    visitor.post("audit/map/rows/new", typed)
    page = _text(visitor.get("audit/map/rows/r1"))
    base, old = _base(page), visitor.revision
    visitor.post("audit/map/rows/r1", {**typed, "weeks": "7", "decision": "Stop", "base": base})
    mine = {**typed, "weeks": "9", "rating": "Good", "base": base, "revision": old}
    answer = visitor.post("audit/map/rows/r1", mine)
    page = _text(answer)
    assert answer.status_code == 409
    assert "changed elsewhere to “7”" in page and 'value="9"' in page and 'value="Stop"' in page
    again = {**typed, "weeks": "9", "decision": "Stop", "rating": "Good", "base": _base(page)}
    theirs = visitor.post("audit/map/rows/r1", {**again, "clash": "weeks", "then": "theirs"})
    assert theirs.status_code == 303
    cells = _grid(visitor)["rows"][0]["cells"]
    assert (cells["weeks"], cells["decision"], cells["rating"]) == ("7", "Stop", "Good")
    visitor.get("audit/map/rows/r1")
    assert visitor.post("audit/map/rows/r1", again).status_code == 303, "or mine, by saving again"
    assert _grid(visitor)["rows"][0]["cells"]["weeks"] == "9"


def test_a_further_measure_is_added_without_a_script_and_comes_back(world: World) -> None:
    visitor = world.let_in("5", "participant")
    visitor.get("audit/map/rows/new")
    typed = {"name": "Nurture", "measure": "SDQ", "entry_score": "18", "pupil_view": "Calmer"}
    page = _text(visitor.post("audit/map/rows/new", {**typed, "then": "measure"}))
    assert 'name="exit_score_2"' in page and 'value="SDQ"' in page
    more = {"measure_2": "Boxall", "scale_2": "other", "exit_score_2": "40", "met_target_2": "3"}
    assert visitor.post("audit/map/rows/new", {**typed, **more}).status_code == 303
    page = _text(visitor.get("audit/map/rows/r1"))
    assert 'value="Boxall"' in page and "Calmer" in page
    assert "There is a score at exit and none at entry." in page
    assert "To look at" in _text(visitor.get("audit/map"))
    visitor.post("audit/map/duplicate", {"row": "r1"})
    assert [one["cells"]["measure_2"] for one in _grid(visitor)["rows"]] == ["Boxall"] * 2


def test_an_earlier_draft_is_looked_at_and_brought_back(world: World) -> None:
    visitor = world.let_in("5", "participant")
    work.bring_in(visitor)
    count = len(_grid(visitor)["rows"])
    visitor.get("audit/map/rows/r1")
    visitor.post("audit/map/rows/r1/remove")
    visitor.get("audit/plan")
    visitor.post("audit/plan", {"action-1": "Train staff"})
    page = _text(visitor.get("audit/earlier"))
    assert "Before a row was removed" in page
    address = re.search(r"(audit/earlier/\d+)", page)
    assert address is not None
    page = _text(visitor.get(address.group(1)))
    assert "Only in this draft" in page and "Also different: action plan" in page
    other = world.let_in("6", "participant")
    assert other.get(address.group(1)).status_code == 404
    other.get("audit/map")
    assert other.post(address.group(1), {"what": "all"}).status_code == 404
    assert visitor.post(address.group(1), {"what": "map"}).status_code == 303
    assert len(_grid(visitor)["rows"]) == count
    assert "Train staff" in _text(visitor.get("audit/plan")), "the plan is no part of the map"
    assert "Before an earlier draft was brought back" in _text(visitor.get("audit/earlier"))


def test_drafts_are_kept_every_half_hour_and_the_oldest_of_these_go_first(world: World) -> None:
    visitor = world.let_in("5", "participant")
    work.bring_in(visitor)
    now = clock.now()
    visitor.get("audit/map/rows/r2")
    visitor.post("audit/map/rows/r2/remove")
    with world.database.read() as session:
        before = session.scalars(select(EarlierDraft.why)).all()
    with time_machine.travel(now + timedelta(minutes=31), tick=True):
        for number in range(3):
            start = _grid(visitor)
            cells = start["rows"][0]["cells"]
            change = _cell("r1", "weeks", cells["weeks"], str(number + 3))
            assert _send(visitor, start["revision"], change).status_code == 200
    with world.database.write() as session:
        kept = session.scalars(select(EarlierDraft.why).order_by(EarlierDraft.revision)).all()
        assert kept == [*before, earlier.NOW_AND_THEN], "one in half an hour"
        owner = session.scalars(select(Submission.id)).one()
        for number in range(1000, 1000 + earlier.MOST_DRAFTS):
            values = {"revision": number, "document": {"rows": []}, "kept_at": now}
            session.add(EarlierDraft(submission_id=owner, why="before a change", **values))
        session.flush()
        earlier.thin_out(session, owner)
        left = session.scalars(select(EarlierDraft.why)).all()
        assert len(left) == earlier.MOST_DRAFTS and earlier.NOW_AND_THEN not in left
