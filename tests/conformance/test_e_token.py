"""Cases 51 to 70, 98 and 99: the signed message itself (Security Framework 1.0, 5.1.3)."""

import json
import time
from typing import Any

import pytest

from tests.conformance.cases import case
from tests.support import claims as c
from tests.support.claims import REMOVED
from tests.support.door import STAFF_VIEW, STUDENT_VIEW, Door
from tests.support.signing import b64, jwk, pem, rsa_key, sign

DAY = 86_400


def _post(door: Door, make: Any) -> Any:
    """Log in and post what `make(claims)` gives as the message."""
    browser = door.browser()
    login = door.login(browser)
    return browser.post_launch(login.state, make(door.platform.claims(login.nonce, "student", {})))


@case(51, "payload tampered after signing")
def test_case_051_tampered_payload(door: Door) -> None:
    def tamper(claims: dict[str, Any]) -> str:
        header, _, signature = door.platform.sign(claims).split(".")
        raised = {**claims, c.ROLES: [c.INSTRUCTOR]}
        return f"{header}.{b64(json.dumps(raised).encode())}.{signature}"

    door.is_refusal(_post(door, tamper), "token_signature")


@case(51, "payload tampered after signing")
@pytest.mark.parametrize("end", ["", "AAAA", "A" * 342])
def test_case_051_signature_replaced(door: Door, end: str) -> None:
    answer = _post(door, lambda x: f"{door.platform.sign(x).rpartition('.')[0]}.{end}")
    door.is_refusal(answer, "token_signature", "token_malformed")


@case(52, "signed by another key under a correct kid")
def test_case_052_another_key(door: Door) -> None:
    door.refuses({}, "token_signature", key=rsa_key("forger"))


@case(52, "signed by another key under a correct kid")
def test_case_052_key_brought_along_in_the_header(door: Door) -> None:
    forger = rsa_key("forger")
    own = {"jwk": jwk(forger, door.platform.kid), "jku": f"{door.server.url}/forged", "x5c": ["x"]}
    door.refuses({}, "token_signature", key=forger, header=own)
    assert door.server.hits["/forged"] == 0


@case(53, "iss differs from the login's")
@pytest.mark.parametrize("change", [lambda i: i + "/", lambda i: i.upper(), lambda i: [i]])
def test_case_053_another_issuer(door: Door, change: Any) -> None:
    door.refuses({"iss": change(door.platform.issuer)}, "token_issuer")


@case(54, "aud is another client")
@pytest.mark.parametrize("aud", ["another-client", "", [], 7, {"a": 1}, True])
def test_case_054_another_audience(door: Door, aud: Any) -> None:
    assert door.refuses({"aud": aud}, "token_audience").status_code == 401


@case(55, "aud is a list of the client alone")
def test_case_055_audience_as_a_list(door: Door) -> None:
    assert STUDENT_VIEW in door.enter({"aud": [door.platform.client_id]}).text


@case(56, "aud list of trusted audiences with azp")
def test_case_056_only_the_client_itself_is_trusted_wherever_it_stands(door: Door) -> None:
    own = door.platform.client_id
    assert STUDENT_VIEW in door.enter({"aud": [own, own], "azp": own}).text
    assert STUDENT_VIEW in door.enter({"aud": own, "azp": own}).text
    for aud in (["other", own], [own, "other"], [own, door.platform.issuer]):
        door.refuses({"aud": aud, "azp": own}, "token_audience")


@case(57, "aud list with an untrusted extra audience")
@pytest.mark.parametrize("extra", ["other", "", None, 7, ["x"]])
def test_case_057_untrusted_audience(door: Door, extra: Any) -> None:
    door.refuses({"aud": [door.platform.client_id, extra]}, "token_audience")


@case(58, "several audiences without azp")
def test_case_058_several_audiences_without_azp(door: Door) -> None:
    own = door.platform.client_id
    door.refuses({"aud": [own, own]}, "token_audience")


@case(59, "azp is not the client")
@pytest.mark.parametrize("azp", ["other", "", 7, [], False])
def test_case_059_azp_of_another(door: Door, azp: Any) -> None:
    door.refuses({"azp": azp}, "token_audience")


@case(60, "alg none")
@pytest.mark.parametrize("alg", ["none", "None", "NONE", ""])
def test_case_060_unsigned(door: Door, alg: str) -> None:
    door.refuses({}, "token_algorithm", header={"alg": alg}, alg="none")


@case(60, "alg none")
def test_case_060_unsigned_under_an_allowed_name(door: Door) -> None:
    door.refuses({}, "token_signature", alg="none")


@case(61, "HS256 with the public key as the secret")
def test_case_061_public_key_as_shared_secret(door: Door) -> None:
    key = pem(door.platform.key)
    door.refuses({}, "token_algorithm", header={"alg": "HS256"}, alg="HS256", key=key)
    door.refuses({}, "token_signature", header={}, alg="HS256", key=key)


@case(62, "only RS256 is accepted")
@pytest.mark.parametrize("alg", ["RS384", "RS512", "PS256", "ES256"])
def test_case_062_other_algorithms(door: Door, alg: str) -> None:
    door.refuses({}, "token_algorithm", header={"alg": alg}, alg=alg)
    door.refuses({}, "token_signature", alg=alg)


@case(62, "only RS256 is accepted")
@pytest.mark.parametrize("alg", [REMOVED, None, "rs256", ["RS256"], {"RS256": 1}])
def test_case_062_algorithm_missing_or_odd(door: Door, alg: Any) -> None:
    door.refuses({}, "token_algorithm", header={"alg": alg})


@case(63, "exp absent")
@pytest.mark.parametrize("value", [REMOVED, None])
def test_case_063_no_expiry(door: Door, value: Any) -> None:
    door.refuses({"exp": value}, "token_times")


@case(64, "iat absent")
@pytest.mark.parametrize("value", [REMOVED, None])
def test_case_064_no_issue_time(door: Door, value: Any) -> None:
    door.refuses({"iat": value}, "token_times")


@case(65, "exp 5 s past, and 10 minutes past")
def test_case_065_expiry_with_leeway(door: Door) -> None:
    now = int(time.time())
    assert STUDENT_VIEW in door.enter({"iat": now - 65, "exp": now - 5}).text
    page = door.refuses({"iat": now - 660, "exp": now - 600}, "token_expired")
    assert "open the activity again" in page.text


@case(66, "iat 5 s ahead, and 10 minutes ahead")
def test_case_066_issue_time_with_leeway(door: Door) -> None:
    now = int(time.time())
    assert STUDENT_VIEW in door.enter({"iat": now + 5, "exp": now + 65}).text
    door.refuses({"iat": now + 600, "exp": now + 660}, "token_times")


@case(67, "iat a day old with a far exp")
def test_case_067_too_old_whatever_the_expiry(door: Door) -> None:
    now = int(time.time())
    door.refuses({"iat": now - DAY, "exp": now + DAY}, "token_times")


@case(68, "exp - iat longer than the maximum")
def test_case_068_a_long_life_is_capped_by_the_greatest_age(door: Door) -> None:
    now = int(time.time())
    door.refuses({"iat": now - 1200, "exp": now + 365 * DAY}, "token_times")
    assert STUDENT_VIEW in door.enter({"iat": now, "exp": now + 365 * DAY}).text


_ODD_TIMES = ["1795288215", "", 1795288215.5, -5, 0, 10**15, 10**400, 1e300, True, [1], {"a": 1}]


@case(69, "exp or iat as string, float, negative, huge, NaN")
@pytest.mark.parametrize("name", ["iat", "exp", "nbf"])
@pytest.mark.parametrize("value", _ODD_TIMES, ids=lambda value: str(value)[:12])
def test_case_069_odd_times(door: Door, name: str, value: Any) -> None:
    door.refuses({name: value}, "token_times", "token_malformed", "token_expired")


@case(69, "exp or iat as string, float, negative, huge, NaN")
@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 5000])
def test_case_069_numbers_that_json_does_not_have(door: Door, text: str) -> None:
    def make(claims: dict[str, Any]) -> str:
        raw = json.dumps({**claims, "exp": "HERE"}).replace('"HERE"', text)
        return door.platform.sign(raw.encode())

    door.is_refusal(_post(door, make), "token_malformed", "token_times")


@case(70, "nbf in the future")
def test_case_070_not_before(door: Door) -> None:
    now = int(time.time())
    door.refuses({"nbf": now + 600}, "token_times")
    assert STUDENT_VIEW in door.enter({"nbf": now + 5}).text


def _long(claims: dict[str, Any], door: Door) -> str:
    return door.platform.sign({**claims, "filler": "x" * 1_000_000})


_MALFORMED = {
    "no token": lambda t, x, d: "",
    "two parts": lambda t, x, d: t.rpartition(".")[0],
    "four parts": lambda t, x, d: t + ".AAAA",
    "five parts": lambda t, x, d: t + ".AAAA.AAAA",
    "dots": lambda t, x, d: "..",
    "bad base64": lambda t, x, d: "!!!." + t.split(".", 1)[1],
    "length of base64 impossible": lambda t, x, d: "A." + t.split(".", 1)[1],
    "not UTF-8": lambda t, x, d: d.platform.sign(b"\xff\xfe{}"),
    "not ASCII": lambda t, x, d: t.replace(".", "․"),
    "JSON list": lambda t, x, d: d.platform.sign([x]),
    "JSON text": lambda t, x, d: d.platform.sign("x"),
    "JSON null": lambda t, x, d: d.platform.sign(None),
    "no JSON": lambda t, x, d: d.platform.sign(b"{"),
    "byte order mark": lambda t, x, d: d.platform.sign(b"\xef\xbb\xbf" + json.dumps(x).encode()),
    "UTF-16": lambda t, x, d: d.platform.sign(json.dumps(x).encode("utf-16")),
    "name twice": lambda t, x, d: d.platform.sign(json.dumps(x).encode()[:-1] + b', "sub": "666"}'),
    "name twice deep inside": lambda t, x, d: d.platform.sign(
        json.dumps({**x, "a": [{"b": "HERE"}]}).replace('"HERE"', '1, "b": 2').encode()
    ),
    "header name twice": lambda t, x, d: sign(
        b'{"alg": "none", "alg": "RS256", "kid": "%s"}' % d.platform.kid.encode(),
        x,
        d.platform.key,
    ),
    "1 MB": lambda t, x, d: _long(x, d),
    "nested too deep": lambda t, x, d: d.platform.sign(
        b'{"a": ' + b"[" * 50_000 + b"]" * 50_000 + b"}"
    ),
    "header nested too deep": lambda t, x, d: sign(
        b'{"alg": "RS256", "kid": "k", "a": ' + b"[" * 9_000 + b"]" * 9_000 + b"}",
        x,
        d.platform.key,
    ),
    "half a surrogate pair": lambda t, x, d: d.platform.sign({**x, "name": "\ud800"}),
    "half a surrogate pair as sub": lambda t, x, d: d.platform.sign({**x, "sub": "\udfff"}),
    "half a surrogate pair as a name": lambda t, x, d: d.platform.sign({**x, "\ud83d": 1}),
    "header with half a pair": lambda t, x, d: d.platform.sign(x, {"kid": "\ud800"}),
}


@case(98, "a JWT that is none")
@pytest.mark.parametrize("kind", list(_MALFORMED))
def test_case_098_malformed_tokens(door: Door, kind: str) -> None:
    began = time.monotonic()
    answer = _post(door, lambda x: _MALFORMED[kind](door.platform.sign(x), x, door))
    door.is_refusal(answer, "token_malformed", "token_missing")
    assert time.monotonic() - began < 5


@case(98, "a JWT that is none")
def test_case_098_depths_around_the_parsers_limit(door: Door) -> None:
    """Two parsers read the header, at different depths of the stack: neither may give up."""
    for depth in (40, 90, *range(880, 1001, 8)):
        deep = '{"alg": "RS256", "kid": "%s", "a": %s}'
        header = (deep % (door.platform.kid, "[" * depth + "]" * depth)).encode()
        answer = _post(door, lambda x, header=header: sign(header, x, door.platform.key))
        if answer.status_code != 303:
            door.is_refusal(answer, "token_malformed")


@case(98, "a JWT that is none")
def test_case_098_whole_surrogate_pairs_are_welcome(door: Door) -> None:
    page = door.enter({"name": "Tess \U0001f600 Teacher", "sub": "98"}, role="teacher")
    assert STAFF_VIEW in page.text


@case(99, "crit header, b64 false")
@pytest.mark.parametrize(
    "header",
    [{"crit": ["b64"], "b64": False}, {"b64": False}, {"crit": ["exp"]}, {"crit": []}, {"b64": 0}],
)
def test_case_099_critical_extensions(door: Door, header: dict[str, Any]) -> None:
    door.refuses({}, "token_malformed", header=header)
