"""A state says what it was made for, and cannot be made or changed by anybody else."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.core import clock
from lti_tool.core.identifiers import digest, number_of
from lti_tool.lti.states import State, digest_hint, new_reference, nonce_of, seal, unseal

_SEALER = "a secret of the tests, longer than thirty-two characters"
STATE = State(
    new_reference(),
    3,
    7,
    clock.now().replace(microsecond=0) + timedelta(days=1),
    digest("the cookie"),
    digest_hint("3"),
    "_parent",
)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"storage_target": ""},
        {"storage_target": "x" * 255},
        {"deployment_digest": digest_hint(None)},
        {"registration_id": 2**63 - 1},
    ],
    ids=str,
)
def test_it_says_what_it_was_made_for(changes: dict[str, object]) -> None:
    state = replace(STATE, **changes)  # type: ignore[arg-type]
    sealed = seal(_SEALER, state)
    assert sealed.isalnum() and sealed.isascii(), "Moodle strips markup characters"
    assert unseal(_SEALER, sealed) == state
    assert state.number == number_of(state.reference[:16])


def test_it_is_believed_until_its_time_is_over() -> None:
    sealed = seal(_SEALER, STATE)
    with time_machine.travel(STATE.expires_at - timedelta(seconds=1), tick=False):
        assert unseal(_SEALER, sealed) == STATE
    with time_machine.travel(STATE.expires_at, tick=False):
        assert unseal(_SEALER, sealed) is None


def test_a_login_that_names_no_deployment_fits_any() -> None:
    assert STATE.fits_deployment("3") and not STATE.fits_deployment("4")
    assert not STATE.fits_deployment("")
    named_none = replace(STATE, deployment_digest=digest_hint(None))
    assert named_none.fits_deployment("4")
    assert digest_hint("") != digest_hint(None)


def test_each_sign_of_it_counts() -> None:
    sealed = seal(_SEALER, STATE)
    for place, sign in enumerate(sealed):
        other = "1" if sign == "0" else "0"
        assert unseal(_SEALER, sealed[:place] + other + sealed[place + 1 :]) is None
    for length in range(len(sealed)):
        assert unseal(_SEALER, sealed[:length]) is None
    assert unseal(_SEALER, sealed + "0") is None and unseal(_SEALER, f" {sealed}") is None
    assert unseal(_SEALER, sealed + "\n") is None
    assert unseal("another secret, which is long enough as well", sealed) is None


@given(st.text(max_size=900) | st.from_regex("[0-9a-f]{300,900}", fullmatch=True))
def test_no_text_is_one_by_chance_or_does_harm(text: str) -> None:
    assert unseal(_SEALER, text) is None


def test_no_two_logins_share_a_reference_a_state_or_a_nonce() -> None:
    states = {seal(_SEALER, replace(STATE, reference=new_reference())) for _ in range(500)}
    assert len(states) == 500 and len({nonce_of(one) for one in states}) == 500
    assert all(len(nonce_of(one)) == 64 and nonce_of(one) not in one for one in states)
