"""The grid's laws: sense checks, cells read and shown again, changes of two clients merged."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lti_tool.activities.provision_map_audit import document as documents
from lti_tool.activities.provision_map_audit.document import MapRow
from lti_tool.activities.provision_map_audit.map.cells import shown_cells, type_cells
from lti_tool.activities.provision_map_audit.map.checks import check_map, check_row
from lti_tool.activities.provision_map_audit.map.differing import differing_parts, differing_rows
from lti_tool.activities.provision_map_audit.map.duplicating import with_duplicate
from lti_tool.activities.provision_map_audit.map.grid_changes import GridChanges
from lti_tool.activities.provision_map_audit.map.limits import load_limits
from lti_tool.activities.provision_map_audit.map.merging import merge
from lti_tool.activities.provision_map_audit.map.row_form import row_to_form, validate_row
from lti_tool.activities.provision_map_audit.rows import (
    AREAS,
    SCALES,
    TIERS,
    Measure,
    ProvisionRow,
    StaffShare,
)
from lti_tool.activities.provision_map_audit.words import Words, WordsUnusable, load_words
from lti_tool.core.errors import Unusable
from tests.unit.provision_map_audit.conftest import ROOT

WORDS, LIMITS = load_words(ROOT / "config"), load_limits(ROOT / "config")
D = Decimal
SOUND = ProvisionRow(
    name="Talk Boost",
    area="communication_interaction",
    tier="targeted",
    start_on=dt.date(2026, 9, 7),
    end_on=dt.date(2026, 12, 11),
    weeks=D(12),
    sessions_per_week=D(3),
    minutes_per_session=D(30),
    group_size=D(4),
    staff=(StaffShare("ta", D(1)),),
    measure="Renfrew",
    entry_score="84",
    exit_score="91",
    pupils_measured=D(4),
    met_target=D(3),
    review_on=dt.date(2026, 12, 14),
)


def test_a_sound_row_is_asked_nothing() -> None:
    assert check_row(SOUND, LIMITS) == []


@pytest.mark.parametrize(
    ("changes", "field", "kind"),
    [
        ({"name": ""}, "name", "gap"),
        ({"area": None}, "area", "gap"),
        ({"tier": None}, "tier", "gap"),
        (
            {"measure": "", "entry_score": "", "exit_score": "", "pupils_measured": None}
            | {"met_target": None},
            "measure",
            "gap",
        ),
        ({"end_on": dt.date(2026, 9, 6)}, "end_on", "error"),
        ({"weeks": D(16)}, "weeks", "doubt"),
        ({"weeks": D(39), "start_on": None}, "weeks", "doubt"),
        ({"review_on": dt.date(2026, 9, 6)}, "review_on", "doubt"),
        ({"sessions_per_week": D(26)}, "sessions_per_week", "doubt"),
        (
            {"minutes_per_session": D(480), "sessions_per_week": D(5)},
            "minutes_per_session",
            "doubt",
        ),
        ({"delivered_percent": D(101)}, "delivered_percent", "doubt"),
        ({"group_size": D(0), "pupils_measured": None}, "group_size", "error"),
        ({"groups": D(0), "pupils_measured": None}, "groups", "error"),
        ({"pupils_reached": D(3), "pupils_measured": D(3)}, "pupils_reached", "doubt"),
        ({"entry_score": ""}, "entry_score", "doubt"),
        ({"measure": ""}, "measure", "doubt"),
        ({"met_target": D(5)}, "met_target", "error"),
        ({"pupils_measured": D(5)}, "pupils_measured", "doubt"),
        ({"more_measures": (Measure("SDQ", exit_score="8"),)}, "entry_score_2", "doubt"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_cannot_be_or_is_missing_is_asked_at_its_field(
    changes: dict[str, Any], field: str, kind: str
) -> None:
    found = check_row(replace(SOUND, **changes), LIMITS)
    assert [(one.field, one.kind) for one in found] == [(field, kind)]
    assert found[0].sentence.endswith((".", "?"))


def _busy(number: int, start: dt.date, end: dt.date) -> MapRow:
    row = replace(SOUND, start_on=start, end_on=end, weeks=None, sessions_per_week=D(5))
    row = replace(row, minutes_per_session=D(240), staff=(StaffShare("senco", D(1)),))
    return MapRow(f"r{number}", row, {})


def test_hours_of_a_role_are_added_up_over_rows_that_run_at_the_same_time() -> None:
    autumn = (dt.date(2026, 9, 7), dt.date(2026, 12, 11))
    spring = (dt.date(2027, 1, 4), dt.date(2027, 3, 26))
    apart = [_busy(1, *autumn), _busy(2, *spring)]
    review = [one for one in check_map(apart, LIMITS, WORDS) if one.field == "staff"]
    assert review == []
    found = [
        one for one in check_map([*apart, _busy(3, *spring)], LIMITS, WORDS) if one.field == "staff"
    ]
    assert [(one.row, one.kind) for one in found] == [("r3", "doubt")]
    assert "40 hours a week" in found[0].sentence and "SENCo" in found[0].sentence
    two = check_map([*apart, _busy(3, *spring)], LIMITS, WORDS, {"senco": D(2)})
    assert not [one for one in two if one.field == "staff"]


def test_rows_without_dates_count_where_they_run_all_year() -> None:
    row = replace(
        SOUND, start_on=None, end_on=None, weeks=D(38), staff=(StaffShare("senco", D(1)),)
    )
    row = replace(row, sessions_per_week=D(5), minutes_per_session=D(240), review_on=None)
    rows = [MapRow("r1", row, {}), MapRow("r2", row, {})]
    assert [one.row for one in check_map(rows, LIMITS)] == ["r2"]
    some = [MapRow(one.id, replace(one.row, weeks=D(12)), {}) for one in rows]
    assert check_map(some, LIMITS) == []


def test_a_fault_in_the_file_of_limits_is_told_by_its_key(tmp_path: Any) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "sense.yaml").write_text("hours_a_week: {}\nadults: {}\nscales: {}\n")
    with pytest.raises(WordsUnusable, match=r"sense\.yaml: 'scales.reading_age'"):
        load_limits(tmp_path)


_WHOLE = st.none() | st.integers(1, 30).map(Decimal)
_HALF = st.none() | st.integers(1, 60).map(lambda n: Decimal(n) / 2)
_DAY = st.none() | st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31))
_SAID = st.sampled_from(["", "Good progress", "7y 6m", "84", "Daily practice\nwith a partner"])
_SHORT = st.sampled_from(["", "YARC", "SDQ", "92", "7y 6m"])


@st.composite
def measures(draw: st.DrawFn) -> Measure:
    return Measure(
        draw(_SHORT),
        draw(st.sampled_from(["", *SCALES])),
        draw(_SHORT),
        draw(_SHORT),
        draw(_WHOLE),
        draw(st.none() | st.integers(0, 9).map(Decimal)),
        draw(_HALF),
        draw(_HALF),
    )


@st.composite
def provision_rows(draw: st.DrawFn) -> ProvisionRow:
    first = draw(measures())
    start = draw(_DAY)
    return ProvisionRow(
        name="Toe by Toe",
        area=draw(st.none() | st.sampled_from(AREAS)),
        tier=draw(st.none() | st.sampled_from(TIERS)),
        target_group=draw(st.sampled_from(["", "Y4", "KS2 group"])),
        start_on=start,
        end_on=None if start is None else start + dt.timedelta(draw(st.integers(0, 300))),
        weeks=draw(_HALF),
        sessions_per_week=draw(st.none() | st.integers(1, 25).map(Decimal)),
        minutes_per_session=draw(st.none() | st.integers(5, 480).map(Decimal)),
        group_size=draw(_WHOLE),
        groups=draw(st.integers(1, 9).map(Decimal)),
        pupils_reached=draw(_WHOLE),
        staff=draw(
            st.lists(
                st.builds(
                    StaffShare,
                    st.sampled_from(["ta", "hlta", "senco", "teacher"]),
                    st.integers(1, 3).map(Decimal),
                    st.sampled_from([None, D("16.50"), D(40)]),
                ),
                max_size=2,
                unique_by=lambda share: share.role,
            ).map(tuple)
        ),
        other_cost=draw(st.none() | st.integers(0, 900).map(Decimal)),
        aim=draw(_SAID),
        evidence_base=draw(_SAID),
        delivered_percent=draw(st.none() | st.integers(2, 100).map(Decimal)),
        **{name: getattr(first, name) for name in Measure.__dataclass_fields__},
        more_measures=tuple(
            one for one in draw(st.lists(measures(), max_size=2)) if not one.is_empty
        ),
        pupil_view=draw(_SAID),
        parent_view=draw(_SAID),
        rating=draw(_SHORT),
        decision=draw(st.sampled_from(["", "Continue", "Adapt"])),
        review_on=draw(_DAY),
        notes=draw(_SAID),
    )


@settings(max_examples=60)
@given(row=provision_rows())
def test_every_field_goes_through_the_form_and_the_grid_unchanged(row: ProvisionRow) -> None:
    back, errors = validate_row(row_to_form(row, WORDS), WORDS)
    assert errors == {} and back == row
    texts = shown_cells(MapRow("r1", row, {}), WORDS, LIMITS)
    empty = MapRow("r1", ProvisionRow(), {})
    typed = type_cells(empty, texts, WORDS, LIMITS, frozenset())
    assert typed.sentences == {} and typed.row.row == row


def test_text_that_cannot_be_read_is_kept_beside_the_row_until_it_can() -> None:
    one = MapRow("r1", SOUND, {})
    typed = type_cells(one, {"weeks": "soon", "staff": "helpers"}, WORDS, LIMITS, frozenset())
    assert typed.row.unread == {"weeks": "soon", "staff": "helpers"}
    assert typed.row.row.weeks is None and typed.row.row.staff == ()
    assert set(typed.sentences) == {"weeks", "staff"}
    again = type_cells(typed.row, {"weeks": "½ term"}, WORDS, LIMITS, frozenset())
    assert again.row.row.weeks is not None and set(again.row.unread) == {"staff"}
    assert "weeks" in again.said
    emptied = type_cells(again.row, {"staff": ""}, WORDS, LIMITS, frozenset())
    assert emptied.row.unread == {}


@pytest.mark.parametrize("field", ["name", "notes", "weeks", "area", "start_on", "scale", "aim"])
def test_a_childs_name_is_kept_in_no_cell(field: str) -> None:
    typed = type_cells(MapRow("r1", SOUND, {}), {field: "Orla Finch"}, WORDS, LIMITS, frozenset())
    assert set(typed.refused) == {field}
    assert typed.row.row == SOUND and typed.row.unread == {}


def _document(*names: str) -> documents.Document:
    rows = [(ProvisionRow(name=name), {}) for name in names]
    return documents.with_rows(documents.new_document(), rows, replace=True)


def _applied(document: documents.Document, *changes: dict[str, Any]) -> GridChanges:
    made = GridChanges(document, WORDS, LIMITS)
    made.apply(list(changes))
    return made


def _cell(row: str, field: str, was: str, to: str, **more: Any) -> dict[str, Any]:
    return {"kind": "cells", "row": row, "cells": {field: {"from": was, "to": to, **more}}}


_FIELDS = ("target_group", "weeks", "group_size", "decision", "measure")
_PLACES = st.tuples(st.sampled_from(["r1", "r2", "r3"]), st.sampled_from(_FIELDS))


@settings(max_examples=60)
@given(
    mine=st.dictionaries(_PLACES, st.sampled_from(["", "4", "9"]), max_size=8),
    theirs=st.dictionaries(_PLACES, st.sampled_from(["", "4", "9"]), max_size=8),
)
def test_two_clients_changes_survive_and_only_what_both_changed_is_a_conflict(
    mine: dict[tuple[str, str], str], theirs: dict[tuple[str, str], str]
) -> None:
    start = _document("One", "Two", "Three")
    first = _applied(start, *(_cell(*place, "", to) for place, to in theirs.items()))
    second = _applied(first.document, *(_cell(*place, "", to) for place, to in mine.items()))
    both = {
        place
        for place in mine
        if mine[place] != "" and theirs.get(place, "") not in ("", mine[place])
    }
    assert {(one["row"], one["field"]) for one in second.outcome.conflicts} == both
    texts = {one.id: shown_cells(one, WORDS, LIMITS) for one in documents.map_rows(second.document)}
    for place in {*mine, *theirs}:
        wanted = theirs.get(place, "") if place in both or not mine.get(place) else mine[place]
        assert texts[place[0]].get(place[1], "") == wanted, place
    again = _applied(second.document, *(_cell(*place, "", to) for place, to in mine.items()))
    assert again.document == second.document, "sending it twice does no harm"


_TEXTS = st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["", "x", "y"]))


@given(base=_TEXTS, mine=_TEXTS, theirs=_TEXTS)
def test_merging_a_form_loses_nobodys_change(
    base: dict[str, str], mine: dict[str, str], theirs: dict[str, str]
) -> None:
    both = merge(base, mine, theirs)
    for field in "abcd":
        was, typed, saved = (side.get(field, "") for side in (base, mine, theirs))
        if field in both.conflicts:
            assert typed != was and saved not in (was, typed) and both.texts[field] == typed
        else:
            assert both.texts.get(field, "") == (saved if typed == was else typed)
            assert saved in (was, typed) or typed == was


def test_rows_are_added_moved_and_removed_once_however_often_it_is_sent() -> None:
    start = _document("One", "Two")
    add = {"kind": "add", "row": "nabcdefgh1", "after": "r1", "cells": {"name": "New"}}
    made = _applied(start, add, add).document
    assert [one["id"] for one in made["rows"]] == ["r1", "nabcdefgh1", "r2"]
    moved = _applied(made, {"kind": "move", "row": "r2", "after": None}).document
    assert [one["id"] for one in moved["rows"]] == ["r2", "r1", "nabcdefgh1"]
    remove = {"kind": "remove", "row": "r1", "was": {"name": "One"}}
    gone = _applied(moved, remove, remove)
    assert [one["id"] for one in gone.document["rows"]] == ["r2", "nabcdefgh1"]
    assert gone.outcome.removed == 1
    back = {"kind": "add", "row": "r1", "after": "r2", "cells": {"name": "One"}}
    assert [one["id"] for one in _applied(gone.document, back).document["rows"]][1] == "r1"
    late = _applied(gone.document, _cell("r1", "weeks", "", "12"))
    assert late.outcome.gone == ["r1"]


def test_a_row_that_was_changed_elsewhere_is_not_removed_unseen() -> None:
    changed = _applied(_document("One"), _cell("r1", "weeks", "", "12")).document
    made = _applied(changed, {"kind": "remove", "row": "r1", "was": {"name": "One"}})
    assert made.outcome.conflicts and len(made.document["rows"]) == 1


def test_not_a_child_is_remembered_without_keeping_the_text() -> None:
    start = _document("One")
    refused = _applied(start, _cell("r1", "notes", "", "Orla Finch box"))
    assert refused.outcome.refused[0]["can_clear"] is True and refused.document == start
    cleared = _applied(start, _cell("r1", "notes", "", "Orla Finch box", clear=True)).document
    assert documents.map_rows(cleared)[0].row.notes == "Orla Finch box"
    assert not any("Orla" in word for word in cleared["remembered"]["not_a_child"])
    other = _applied(cleared, _cell("r1", "aim", "", "orla finch box"))
    assert other.outcome.refused == []


@pytest.mark.parametrize(
    "changes",
    [
        {},
        "x",
        [1],
        [{"kind": "cells", "row": "r1"}],
        [{"kind": "cells", "row": "r1", "cells": {"groups": {"from": 1, "to": "2"}}}],
        [_cell("r1", "more_measures", "", "x")],
        [{"kind": "add", "row": "r99", "after": None, "cells": {}}],
        [{"kind": "add", "row": "../x", "after": None, "cells": {}}],
        [{"kind": "remove", "row": "r1"}],
        [{"kind": "drop", "row": "r1"}],
    ],
)
def test_changes_that_are_not_the_grids_are_refused_with_a_sentence(changes: Any) -> None:
    with pytest.raises(Unusable):
        GridChanges(_document("One"), WORDS, LIMITS).apply(changes)


def test_what_differs_from_an_earlier_draft_is_told_by_row_and_part(words: Words) -> None:
    then = _document("One", "Two")
    now = _applied(then, _cell("r1", "weeks", "", "12")).document
    now = {**documents.without_row(now, "r2"), "actions": [{"action": "Train"}]}
    found = differing_rows(now, then, words, LIMITS)
    assert [(one.name, one.what) for one in found] == [("One", "changed"), ("Two", "only then")]
    assert found[0].cells == (("Weeks", "", "12"),)
    assert differing_parts(now, then) == ["Action plan"]


def test_a_duplicate_stands_beneath_its_row_with_an_id_of_its_own() -> None:
    made = with_duplicate(_document("One", "Two"), "r1")
    assert [(one["id"], one["row"]["name"]) for one in made["rows"]] == [
        ("r1", "One"),
        ("r3", "One"),
        ("r2", "Two"),
    ]
