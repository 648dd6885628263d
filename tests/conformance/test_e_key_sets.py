"""Cases 100 to 105: a platform's key set that moves, fails, is slow or lies.

Security Framework 1.0, 6.3 and 6.4. Every test has a platform of its own, because readings are
limited for each registration.
"""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.conformance.cases import case
from tests.support.door import STUDENT_VIEW, Door
from tests.support.platform import Answer, Platform
from tests.support.signing import jwk, rsa_key
from tests.support.signing import number as as_number

_READINGS_A_MINUTE = 5


def _let_keys_grow_old(door: Door, platform: Platform) -> None:
    door.tool.execute(
        "UPDATE key_set SET fetched_at = '2026-01-01 00:00:00' WHERE registration_id = "
        "(SELECT id FROM registration WHERE client_id = :c)",
        c=platform.client_id,
    )


@case(100, "key set rotated after it was read")
def test_case_100_new_kid_costs_one_reading(door: Door) -> None:
    platform = door.new_platform()
    for _ in range(3):
        door.enter(platform=platform)
    assert platform.jwks_hits == 1
    platform.rotate()
    for _ in range(3):
        door.enter(platform=platform)
    assert platform.jwks_hits == 2


@case(100, "key set rotated after it was read")
def test_case_100_a_rush_when_the_key_was_just_changed(door: Door) -> None:
    """More launches at one moment than the platform may be asked in a minute, one or two of which
    ask it for all."""
    platform = door.new_platform()
    for is_cold in (True, False):
        before = platform.jwks_hits
        platform.rotate()
        logins = [(browser := door.browser(), door.login(browser, platform)) for _ in range(12)]
        tokens = [
            platform.sign(platform.claims(login.nonce, "student", {"sub": f"rush-{number}"}))
            for number, (_, login) in enumerate(logins)
        ]
        with ThreadPoolExecutor(len(logins)) as pool:
            posts = [
                pool.submit(browser.post_launch, login.state, token)
                for (browser, login), token in zip(logins, tokens, strict=True)
            ]
        assert [one.result().status_code for one in posts] == [303] * len(logins), is_cold
        assert platform.jwks_hits == before + 1


@case(100, "key set rotated after it was read")
def test_case_100_a_key_that_was_withdrawn_opens_nothing_more(door: Door) -> None:
    platform = door.new_platform()
    door.enter(platform=platform)
    old_key, old_kid = platform.key, platform.kid
    platform.rotate()
    door.enter(platform=platform)
    header = {"kid": old_kid}
    door.refuses({}, "token_key_unknown", platform=platform, header=header, key=old_key)


@case(101, "key set unreachable, keys read before")
def test_case_101_last_good_keys_serve_on(door: Door) -> None:
    platform = door.new_platform()
    door.enter(platform=platform)
    platform.answer_keys(Answer(b"down", 503, "text/plain"))
    assert STUDENT_VIEW in door.enter(platform=platform).text
    _let_keys_grow_old(door, platform)
    door.tool.restart()
    assert STUDENT_VIEW in door.enter(platform=platform).text
    assert platform.jwks_hits == 2


@case(102, "key set unreachable or slow, nothing read before")
def test_case_102_slow_key_set_is_given_up_and_not_remembered(door: Door) -> None:
    platform = door.new_platform()
    good = door.server.answers[platform.jwks_path]
    platform.answer_keys(Answer(good.body, wait_s=30))
    began = time.monotonic()
    page = door.refuses({}, "keys_unreachable", platform=platform)
    assert time.monotonic() - began < 10
    assert "Wait a minute" in page.text
    platform.answer_keys(good)
    assert STUDENT_VIEW in door.enter(platform=platform).text


@case(102, "key set unreachable or slow, nothing read before")
def test_case_102_key_set_that_drips_is_given_up(door: Door) -> None:
    platform = door.new_platform()
    good = door.server.answers[platform.jwks_path]
    platform.answer_keys(Answer(good.body + b" " * 1000, drip=True))
    began = time.monotonic()
    door.refuses({}, "keys_unreachable", platform=platform)
    assert time.monotonic() - began < 10


@case(102, "key set unreachable or slow, nothing read before")
def test_case_102_nobody_listens(door: Door) -> None:
    platform = Platform(door.server, door.tool.url)
    values = {**platform.registration(), "jwks_url": "http://127.0.0.1:9/jwks"}
    door.tool.register_quickly(values)
    door.refuses({}, "keys_unreachable", platform=platform)


_BAD_ANSWERS = {
    "500 JSON": Answer(b'{"error": "x"}', 500),
    "500 with a key set": None,
    "HTML": Answer(b"<!doctype html><p>Sign in", 200, "text/html"),
    "no keys": Answer(b'{"not": "keys"}'),
    "nothing": Answer(b"{}"),
    "empty list": Answer(b'{"keys": []}'),
    "keys is text": Answer(b'{"keys": "abc"}'),
    "keys hold rubbish": Answer(b'{"keys": [null, 7, "x", [], {}, {"kty": "RSA"}]}'),
    "JSON list": Answer(b"[]"),
    "JSON null": Answer(b"null"),
    "no body": Answer(b""),
    "not UTF-8": Answer(b"\xff\xfe\x00"),
    "NaN": Answer(b'{"keys": [], "x": NaN}'),
    "nested": Answer(b'{"keys": ' + b"[" * 100_000),
    "more than 5 MB": Answer(b'{"keys": ["' + b"x" * 5_300_000 + b'"]}'),
    "redirect": Answer(b"", 302),
}


@case(103, "key set answers rubbish")
@pytest.mark.parametrize("kind", list(_BAD_ANSWERS))
def test_case_103_rubbish_is_no_key_set_and_the_good_one_is_kept(door: Door, kind: str) -> None:
    platform = door.new_platform()
    good = door.server.answers[platform.jwks_path]
    bad = _BAD_ANSWERS[kind] or Answer(good.body, 500)
    platform.answer_keys(bad)
    door.refuses({}, "keys_unreachable", platform=platform)
    platform.answer_keys(good)
    door.enter(platform=platform)
    platform.answer_keys(bad)
    door.refuses({}, "token_key_unknown", platform=platform, header={"kid": "new"})
    door.enter(platform=platform)
    assert platform.jwks_hits == 3


@case(103, "key set answers rubbish")
@pytest.mark.parametrize("extra", ['"x": NaN', '"x": "\\u0000"', '"x": "\\ud800"', '"x": 1e999'])
def test_case_103_odd_members_beside_good_keys(door: Door, extra: str) -> None:
    platform = door.new_platform()
    entry = json.dumps(jwk(platform.key, platform.kid))
    platform.answer_keys(Answer(f'{{"keys": [{entry[:-1]}, {extra}}}]}}'.encode()))
    answer = door.attempt(platform=platform).response
    if answer.status_code != 303:
        door.is_refusal(answer, "keys_unreachable")


@case(104, "flood of unknown key ids")
def test_case_104_unknown_kids_cannot_flood_the_platform(door: Door) -> None:
    platform = door.new_platform()
    door.enter(platform=platform)
    for number in range(25):
        header = {"kid": f"forged-{number}"}
        door.refuses({}, "token_key_unknown", platform=platform, header=header)
    assert platform.jwks_hits <= _READINGS_A_MINUTE
    assert STUDENT_VIEW in door.enter(platform=platform).text


@case(104, "flood of unknown key ids")
def test_case_104_the_limit_of_one_registration_is_not_anothers(door: Door) -> None:
    flooded, other = door.new_platform(), door.new_platform()
    for number in range(8):
        header = {"kid": f"forged-{number}"}
        door.refuses({}, "token_key_unknown", "keys_unreachable", platform=flooded, header=header)
    assert STUDENT_VIEW in door.enter(platform=other).text


_UNUSABLE: dict[str, dict[str, Any]] = {
    "alg of another kind": {"alg": "RS512"},
    "alg is no text": {"alg": ["RS256"]},
    "for encryption": {"use": "enc"},
    "use is no text": {"use": 7},
    "kty oct": {"kty": "oct", "k": "c2VjcmV0"},
    "kty EC": {"kty": "EC", "crv": "P-256"},
    "no kty": {"kty": None},
    "no modulus": {"n": None},
    "modulus is a number": {"n": 12345},
    "modulus empty": {"n": ""},
    "exponent 1": {"e": "AQ"},
    "exponent even": {"e": "Ag"},
    "kid is a number": {"kid": 7},
    "no kid": {"kid": None},
    "for encrypting": {"use": None, "key_ops": ["encrypt", "wrapKey"]},
    "for nothing": {"key_ops": []},
    "operations no list": {"key_ops": "verify"},
    "private half in the open": {"d": as_number(rsa_key("first").private_numbers().d)},
    "a prime in the open": {"p": as_number(rsa_key("first").private_numbers().p)},
}


@case(105, "keys that must not be used")
@pytest.mark.parametrize("kind", list(_UNUSABLE))
def test_case_105_unusable_entries(door: Door, kind: str) -> None:
    platform = door.new_platform()
    other = jwk(rsa_key("second"), "other")
    entry = {**jwk(platform.key, platform.kid), **_UNUSABLE[kind]}
    entry = {name: value for name, value in entry.items() if value is not None}
    platform.publish(entry, other)
    door.refuses({}, "token_key_unknown", platform=platform)


@case(105, "keys that must not be used")
@pytest.mark.parametrize("bits", [1024, 20_000])
def test_case_105_too_short_and_too_long_keys(door: Door, bits: int) -> None:
    platform = door.new_platform()
    if bits < 2048:
        platform.key = rsa_key("short", bits)
        platform.publish(jwk(platform.key, platform.kid), jwk(rsa_key("second"), "other"))
    else:
        n = jwk(rsa_key("first"), "x")["n"] * (bits // 2048)
        platform.publish(jwk(platform.key, platform.kid, n=n), jwk(rsa_key("second"), "other"))
    door.refuses({}, "token_key_unknown", "token_signature", platform=platform)


@case(105, "keys that must not be used")
def test_case_105_key_without_alg_or_use_is_good(door: Door) -> None:
    platform = door.new_platform()
    platform.publish(jwk(platform.key, platform.kid, alg=None, use=None, key_ops=["verify"]))
    assert STUDENT_VIEW in door.enter(platform=platform).text


@case(105, "keys that must not be used")
@pytest.mark.parametrize("own_first", [True, False])
def test_case_105_two_keys_with_one_kid(door: Door, own_first: bool) -> None:
    platform = door.new_platform()
    entries = [jwk(platform.key, platform.kid), jwk(rsa_key("second"), platform.kid)]
    platform.publish(*(entries if own_first else reversed(entries)))
    assert STUDENT_VIEW in door.enter(platform=platform).text
    door.refuses({}, "token_signature", platform=platform, key=rsa_key("forger"))
