"""Random changes to header, claims and forms: refused or let in, never a server error."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support import claims as c
from tests.support.door import Door

_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters(), max_size=20)
    | st.sampled_from([c.INSTRUCTOR, c.LEARNER, "provision-map-audit", "", "$Var", "\x00"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
_NAMES = (
    *(c.VERSION, c.MESSAGE_TYPE, c.DEPLOYMENT_ID, c.TARGET_LINK_URI, c.RESOURCE_LINK, c.ROLES),
    *(c.CONTEXT, c.CUSTOM, c.PRESENTATION, c.ENDPOINT, c.NRPS),
    *("iss", "aud", "azp", "sub", "exp", "iat", "nbf", "nonce", "name", "email", "jti"),
)
_INNER = ("id", "title", "label", "type", "scope", "lineitem", "activity", "return_url", "locale")
_VALUE = _JSON | st.dictionaries(st.sampled_from(_INNER), _JSON, max_size=4) | st.just(c.REMOVED)
_FUZZ = settings(
    max_examples=120,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def _is_sane(answer: Any) -> None:
    assert answer.status_code == 303 or 400 <= answer.status_code < 500, answer.status_code
    if answer.status_code != 303:
        assert answer.headers["X-Reason-Code"]


@_FUZZ
@given(changes=st.dictionaries(st.sampled_from(_NAMES), _VALUE, min_size=1, max_size=3))
def test_changed_claims(door: Door, changes: dict[str, Any]) -> None:
    _is_sane(door.attempt(changes).response)


@_FUZZ
@given(
    header=st.dictionaries(
        st.sampled_from(["alg", "kid", "typ", "crit", "b64", "jwk", "jku", "zip", "cty"]),
        _VALUE,
        min_size=1,
        max_size=3,
    )
)
def test_changed_header(door: Door, header: dict[str, Any]) -> None:
    _is_sane(door.attempt({}, header=header).response)


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@_FUZZ
@given(
    fields=st.lists(
        st.tuples(st.sampled_from(["state", "id_token", "error", "scope", "session_state"]), _TEXT),
        max_size=4,
    )
)
def test_launch_forms(door: Door, fields: list[tuple[str, str]]) -> None:
    _is_sane(door.browser().ask("POST", "/lti/launch", data=fields))


@_FUZZ
@given(
    changes=st.dictionaries(
        st.sampled_from(
            ["iss", "login_hint", "target_link_uri", "lti_deployment_id", "lti_message_hint"]
        ),
        _TEXT,
        max_size=3,
    ),
    framed=st.booleans(),
)
def test_login_forms(door: Door, changes: dict[str, str], framed: bool) -> None:
    parameters = {**door.platform.login_parameters(), **changes}
    answer = door.browser().login(parameters, framed=framed).response
    assert answer.status_code == 302 or 400 <= answer.status_code < 500
