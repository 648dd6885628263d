"""Seals: whatever a seal covers, any change of it is found, and nothing else is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lti_tool.activities.placement_log import visit_document
from lti_tool.activities.placement_log.confirming import seals
from lti_tool.activities.placement_log.confirming.confirmation import ConfirmationRead
from lti_tool.activities.placement_log.confirming.seals import Sealed, verify
from lti_tool.activities.placement_log.confirming.shown import (
    SchoolNamed,
    length_in_words,
    list_differing,
    outcome_words,
    shown_of,
)

CONFIG = Path(__file__).resolve().parents[3] / "config"
AT = datetime(2026, 9, 25, 15, tzinfo=UTC)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)
SHOWN = st.fixed_dictionaries(
    {
        "date": st.dates().map(lambda one: one.isoformat()),
        "arrives": st.sampled_from(("", "08:45")),
        "leaves": st.sampled_from(("", "15:30")),
        "half_days": st.integers(1, 2),
        "school": st.fixed_dictionaries({"id": st.integers(0, 9), "name": TEXT, "urn": TEXT}),
        "focus": TEXT,
        "outcomes": st.lists(st.fixed_dictionaries({"key": TEXT, "words": TEXT}), max_size=3),
        "shared": TEXT,
    }
)


def _sealed(shown: dict[str, Any], name: str, role: str, **more: Any) -> ConfirmationRead:
    hashed = seals.digest_signer("salt", name, role)
    values = {
        "id": 7,
        "visit_id": 3,
        "shown": shown,
        "answer": "yes",
        "reason": "",
        "by": "link",
        "answered_at": AT,
        "signature_id": 1,
        "signer_name": name,
        "signer_role": role,
        "signer_salt": "salt",
        "signer_digest": hashed,
        "asked_at": AT,
        "expires_at": AT + timedelta(days=20),
        "why_closed": "",
        **more,
    }
    digest = Sealed(7, 3, shown, values["answer"], values["reason"], "link", AT, hashed).digest()
    missing = set(ConfirmationRead.__dataclass_fields__) - set(values)
    return ConfirmationRead(**values | {one: None for one in missing} | {"shown_digest": digest})


@given(SHOWN, TEXT, TEXT)
def test_unchanged_it_is_whole(shown: dict[str, Any], name: str, role: str) -> None:
    one = _sealed(shown, name, role)
    assert verify(one, shown).state == seals.WHOLE
    assert verify(one, None).state == seals.WHOLE
    gone = replace(one, signer_name=None, signer_role=None, signer_salt=None, erased_at=AT)
    assert verify(gone, shown).state == seals.ERASED


@given(SHOWN, SHOWN)
def test_a_visit_that_differs_is_broken_and_says_in_what(
    shown: dict[str, Any], now: dict[str, Any]
) -> None:
    found = verify(_sealed(shown, "Jo", "SENCO"), now)
    differing = list_differing(shown, now)
    assert (found.state == seals.BROKEN) == bool(differing)
    for words in differing:
        assert words.removeprefix("the ") in found.sentence


@given(SHOWN, st.sampled_from(("visit_id", "answer", "reason", "by", "answered_at", "shown", "id")))
def test_a_changed_record_is_broken(shown: dict[str, Any], field: str) -> None:
    one = _sealed(shown, "Jo", "SENCO")
    other = {
        "visit_id": 4,
        "id": 8,
        "answered_at": AT + timedelta(seconds=1),
        "shown": {**shown, "shared": shown["shared"] + "x"},
    }.get(field, "x")
    changed = replace(one, **{field: other})
    assert verify(changed, shown).sentence == (
        "What we keep of this answer is no longer what was sealed."
    )


@given(TEXT, TEXT, TEXT, TEXT)
def test_another_signer_is_found(name: str, role: str, name2: str, role2: str) -> None:
    one = replace(_sealed({}, name, role), signer_name=name2, signer_role=role2)
    assert (verify(one, None).state == seals.WHOLE) == ((name, role) == (name2, role2))


def test_a_name_cannot_move_into_the_role() -> None:
    assert seals.digest_signer("s", "Jo F", "SENCO") != seals.digest_signer("s", "Jo", "F SENCO")


def test_what_was_changed_on_purpose_says_when() -> None:
    one = replace(_sealed({"focus": "a"}, "Jo", "SENCO"), broken_at=AT)
    assert verify(one, {"focus": "b"}).sentence == (
        "The visit was changed after the host confirmed it, on 25 September 2026: the focus."
    )
    assert verify(one, {"focus": "a"}).state == seals.BROKEN


def _visit(**changes: Any) -> Any:
    values = {
        "id": 1,
        "school_id": 2,
        "visit_on": AT.date(),
        "arrives_at": "08:45",
        "leaves_at": "",
        "half_days": 1,
        "document": {**visit_document.new_document(), "outcome_set": "npq-senco"},
    }
    return SimpleNamespace(**values | changes)


def test_only_the_shared_part_is_shown() -> None:
    document = visit_document.new_document() | {
        "focus": "f",
        "shared": "s",
        "private": "PRIVATE",
        "change": "CHANGE",
        "reflection": {"model": "gibbs", "parts": {"x": "REFLECTION"}},
        "actions": [{"what": "ACTION", "by": ""}],
        "outcome_set": "npq-senco",
        "outcomes": ["S1", "unknown"],
    }
    shown = shown_of(CONFIG, _visit(document=document), SchoolNamed(2, "Hillside", None))
    assert not {"PRIVATE", "CHANGE", "REFLECTION", "ACTION"} & set(str(shown).split("'"))
    assert shown["outcomes"][0]["words"] == "School culture"
    assert shown["outcomes"][1] == {"key": "unknown", "words": "unknown"}
    assert length_in_words(shown) == "half a day, 08:45"


def test_no_file_but_a_framework_is_read_for_outcomes() -> None:
    for key in ("", "../contacts", "nothing", "/etc/passwd", "npq-senco.yaml"):
        assert outcome_words(CONFIG, key) == {}
