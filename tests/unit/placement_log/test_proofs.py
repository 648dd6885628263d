"""Tickets and codes: read back as they were made, and nothing else is taken for one."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.activities.placement_log.confirming import proofs
from lti_tool.activities.placement_log.confirming.proofs import CODE, LINK, Ticket

KEY = "a secret of more than thirty-two characters"
NUMBERS = st.integers(1, 2**63 - 1)


@given(NUMBERS, st.sampled_from((LINK, CODE)))
def test_a_ticket_reads_back(number: int, by: str) -> None:
    text = proofs.make_ticket(KEY, Ticket(number, by))
    assert re.fullmatch(r"[A-Za-z0-9_.-]{10,200}", text)
    assert proofs.read_ticket(KEY, text) == Ticket(number, by)
    assert proofs.read_ticket(KEY + "x", text) is None


@given(NUMBERS, st.data())
def test_a_changed_ticket_is_none(number: int, data: st.DataObject) -> None:
    text = proofs.make_ticket(KEY, Ticket(number, LINK))
    at = data.draw(st.integers(0, len(text) - 2))
    sign = data.draw(st.sampled_from("AZaz09-_.").filter(lambda one: one != text[at]))
    assert proofs.read_ticket(KEY, text[:at] + sign + text[at + 1 :]) is None


@given(st.text(max_size=300))
def test_anything_else_is_no_ticket(text: str) -> None:
    assert proofs.read_ticket(KEY, text) is None


@pytest.mark.parametrize("said", [[1, "paper"], [1], "1", {"a": 1}, [1, 2, 3], ["1", LINK], None])
def test_what_we_signed_otherwise_is_no_ticket(said: object) -> None:
    assert proofs.read_ticket(KEY, str(proofs._signer(KEY).dumps(said))) is None


@given(NUMBERS, st.integers(0, 19))
def test_a_code_is_short_and_reads_back_however_it_is_typed(number: int, turn: int) -> None:
    code = proofs.make_code(KEY, number, turn)
    assert re.fullmatch(r"[A-HJKMNP-Z2-9]{8}", code)
    assert code == proofs.make_code(KEY, number, turn), "so that it can be shown again"
    shown = proofs.in_groups(code)
    for typed in (code, shown, shown.lower(), f"  {shown.replace('-', ' – ')} ", " ".join(code)):
        assert proofs.clean_code(typed) == code


@given(st.text(max_size=60))
def test_what_is_typed_is_a_code_or_none(typed: str) -> None:
    code = proofs.clean_code(typed)
    assert code is None or (len(code) == proofs.LENGTH and set(code) <= set(proofs.ALPHABET))


def test_codes_differ_by_number_turn_and_secret() -> None:
    codes = {
        proofs.make_code(key, number, turn)
        for key in (KEY, KEY + "x")
        for number in range(1, 400)
        for turn in (0, 1)
    }
    assert len(codes) == 2 * 399 * 2
    used = {sign for code in codes for sign in code}
    assert used == set(proofs.ALPHABET), "every sign is used"


def test_a_digest_needs_the_secret() -> None:
    code = proofs.make_code(KEY, 1)
    assert proofs.code_digest(KEY, code) != proofs.code_digest(KEY + "x", code)
    assert code not in proofs.code_digest(KEY, code)
