"""What changed between two copies of an audit: laws over texts, rows and versions."""

import copy
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lti_tool.activities.provision_map_audit.document import (
    Document,
    new_document,
    with_actions,
    with_answers,
    with_changed_row,
    with_rows,
    without_row,
)
from lti_tool.activities.provision_map_audit.framework import load_framework
from lti_tool.activities.provision_map_audit.rows import ProvisionRow, StaffShare
from lti_tool.activities.provision_map_audit.tutor.changes import Changes, changes_between
from lti_tool.activities.provision_map_audit.words import load_words
from lti_tool.core.text_changes import (
    ADDED,
    REMOVED,
    SAME,
    shortened,
    text_changes,
)

CONFIG = Path(__file__).parents[3] / "config"
WORDS, FRAMEWORK = load_words(CONFIG), load_framework(CONFIG)
TEXTS = st.text(alphabet="ab \n.é", max_size=60)


def between(before: Document, after: Document) -> Changes:
    return changes_between(before, after, FRAMEWORK, WORDS)


@settings(max_examples=150)
@given(TEXTS, TEXTS)
def test_the_pieces_of_a_text_make_both_texts(before: str, after: str) -> None:
    pieces = text_changes(before, after)
    assert "".join(one.text for one in pieces if one.kind in (SAME, REMOVED)) == before
    assert "".join(one.text for one in pieces if one.kind in (SAME, ADDED)) == after
    assert all(one.text for one in pieces)
    if before == after:
        assert {one.kind for one in pieces} <= {SAME}
    kept = [one for one in shortened(pieces) if one.kind != SAME]
    assert kept == [one for one in pieces if one.kind != SAME], "only what stayed is cut"


def test_a_word_in_a_long_text_is_found_and_the_rest_is_cut() -> None:
    lines = [f"One sentence of several words stands here, number {one}." for one in range(800)]
    after = [*lines]
    after[400] = after[400].replace("several", "many")
    found = text_changes("\n".join(lines), "\n".join(after))
    assert [one.text.strip() for one in found if one.kind != SAME] == ["several", "many"]
    assert sum(len(one.text) for one in shortened(found)) < 1000


NAMES = st.sampled_from(["", "Toe by Toe", "Lego therapy", "Nurture", "Numicon"])
ROWS = st.builds(
    ProvisionRow,
    name=NAMES,
    area=st.sampled_from([None, "semh", "cognition_learning"]),
    weeks=st.sampled_from([None, Decimal(6), Decimal("12.5")]),
    decision=st.sampled_from(["", "keep"]),
    staff=st.sampled_from([(), (StaffShare("ta", Decimal(2)),)]),
)


def map_of(rows: list[ProvisionRow]) -> Document:
    return with_rows(new_document(), [(row, {}) for row in rows], replace=False)


@settings(max_examples=60)
@given(st.lists(ROWS, max_size=6), st.lists(ROWS, max_size=6))
def test_rows_are_counted_once_each(before: list[ProvisionRow], after: list[ProvisionRow]) -> None:
    one, other = map_of(before), map_of(after)
    assert between(one, one).is_none and between(one, copy.deepcopy(one)).rows_alike == len(before)
    found, back = between(one, other), between(other, one)
    both = len(found.changed) + found.rows_alike
    assert both + len(found.added) == len(after) and both + len(found.removed) == len(before)
    # Ids that both maps use are the same rows, so the way back adds what the way there removed.
    assert sorted(found.added) == sorted(back.removed)
    assert all(row.cells for row in found.changed)
    assert all(cell.before != cell.after for row in found.changed for cell in row.cells)


def test_each_kind_of_change_is_told_with_old_and_new() -> None:
    begun = map_of([ProvisionRow(name="Toe by Toe", weeks=Decimal(6)), ProvisionRow(name="Gone")])
    begun = with_answers(begun, {"fit": {"judgement": "not_yet", "evidence": "It fits badly."}})
    later = with_changed_row(
        begun, "r1", ProvisionRow(name="Toe by Toe", weeks=Decimal(12), area="cognition_learning")
    )
    later = with_rows(without_row(later, "r2"), [(ProvisionRow(name="New"), {})], replace=False)
    later = with_answers(later, {"fit": {"judgement": "secure", "evidence": "It fits well."}})
    later = with_actions(later, [{"action": "Train two TAs", "owner": "SENCo"}])
    found = between(begun, later)
    assert (found.added, found.removed, found.rows_alike) == (("New",), ("Gone",), 0)
    cells = {one.label: (one.before, one.after) for one in found.changed[0].cells}
    assert cells == {"Area of need": ("", "Cognition and learning"), "Weeks": ("6", "12")}
    assert [(one.before, one.after) for one in found.answers] == [("Not yet", "Secure")]
    assert found.texts[0].words == (1, 1) and found.plan is not None


def test_a_map_brought_in_afresh_is_compared_by_name_and_version_1_is_read() -> None:
    begun = map_of([ProvisionRow(name="Toe by  Toe"), ProvisionRow(name="Numicon")])
    again = with_rows(
        begun,
        [(ProvisionRow(name="numicon", weeks=Decimal(3)), {}), (ProvisionRow(name="X"), {})],
        replace=True,
    )
    found = between(begun, again)
    assert (found.added, found.removed) == (("X",), ("Toe by  Toe",))
    assert [one.name for one in found.changed] == ["numicon"]
    old = {key: begun[key] for key in ("rows", "counter", "rates", "answers", "actions")}
    assert between(old, begun).is_none


def test_a_commentary_and_picked_evidence_are_compared_by_their_words() -> None:
    begun = {**new_document(), "commentary": {"html": "<h2>Aim</h2><p>One <em>two</em>.</p>"}}
    later = {**new_document(), "commentary": {"html": "<h2>Aim</h2><p>One three.</p>"}}
    later = {**later, "answers": {"fit": {"picked": [{"label": "Cost", "text": "£12"}]}}}
    found = between(begun, later)
    assert [one.text.strip() for one in found.texts[0].pieces if one.kind != SAME] == [
        "two.",
        "three.",
    ]
    assert [one.after for one in found.answers] == ["Cost: £12"]


@pytest.mark.parametrize("size", [6000])
def test_two_quite_different_long_texts_take_no_longer_than_one_waits(size: int) -> None:
    import time

    before = " ".join(f"the word {one % 97} of" for one in range(size // 4))
    after = " ".join(f"a word {one % 89} of the" for one in range(size // 4))
    began = time.process_time()
    text_changes(before, after)
    assert time.process_time() - began < 5
