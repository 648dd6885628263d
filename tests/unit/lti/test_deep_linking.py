"""What a deep linking request may ask for, as far as no running tool is needed."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from lti_tool.lti.deep_linking import read_settings
from lti_tool.lti.errors import LaunchRefused
from lti_tool.lti.vocabulary import DEEP_LINKING_SETTINGS, TOOL_PLATFORM
from lti_tool.settings import Settings
from tests.support.visiting import make_settings


@dataclass(frozen=True)
class Pending:
    """What the login remembered of its registration."""

    issuer: str = "https://moodle.example.ac.uk"
    auth_login_url: str = "https://moodle.example.ac.uk/mod/lti/auth.php"
    jwks_url: str = "https://moodle.example.ac.uk/mod/lti/certs.php"


_URL = "https://moodle.example.ac.uk/mod/lti/contentitem_return.php?course=2"
_CANVAS = Pending(
    "https://canvas.instructure.com",
    "https://sso.canvaslms.com/api/lti/authorize_redirect",
    "https://sso.canvaslms.com/api/lti/security/jwks",
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder: Path = tmp_path_factory.mktemp("settings")
    return make_settings(folder)


def _claims(product: str | None = "moodle", **changes: Any) -> dict[str, Any]:
    whole = {
        "accept_types": ["ltiResourceLink"],
        "accept_presentation_document_targets": ["iframe"],
        "deep_link_return_url": _URL,
        **changes,
    }
    platform = {} if product is None else {TOOL_PLATFORM: {"product_family_code": product}}
    return {DEEP_LINKING_SETTINGS: whole, **platform}


@pytest.mark.parametrize(
    ("product", "is_moodle", "is_sent"),
    [("moodle", True, True), (None, True, False), ("canvas", False, False)],
)
def test_line_items_are_sent_where_they_are_taken(
    settings: Settings, product: str | None, is_moodle: bool, is_sent: bool
) -> None:
    kept = read_settings(_claims(product), settings, Pending())
    assert (kept["accepts_line_item"], kept["is_moodle"]) == (is_sent, is_moodle)
    for said in (True, False):
        kept = read_settings(_claims(product, accept_lineitem=said), settings, Pending())
        assert kept["accepts_line_item"] is said


def test_plain_http_needs_the_operators_word(settings: Settings) -> None:
    url = "http://moodle.example.ac.uk/return"
    pending = Pending("http://moodle.example.ac.uk")
    with pytest.raises(LaunchRefused) as refused:
        read_settings(_claims(deep_link_return_url=url), settings, pending)
    assert refused.value.code == "return_url_unusable"


@pytest.mark.parametrize(
    ("url", "is_good"),
    [
        ("https://school.instructure.com/courses/1/external_content/success", True),
        ("https://instructure.com.evil.example/x", False),
        ("https://evilinstructure.com/x", False),
        ("http://school.instructure.com/x", False),
        ("https://school.edu/x", False),
    ],
)
def test_makers_with_one_issuer_for_all_have_their_own_sites(
    settings: Settings, url: str, is_good: bool
) -> None:
    claims = _claims("canvas", deep_link_return_url=url)
    if is_good:
        assert read_settings(claims, settings, _CANVAS)["return_url"] == url
        return
    with pytest.raises(LaunchRefused):
        read_settings(claims, settings, _CANVAS)
    with pytest.raises(LaunchRefused):
        read_settings(claims, settings, Pending())


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
_NAMES = st.sampled_from(
    [
        "deep_link_return_url",
        "accept_types",
        "accept_presentation_document_targets",
        "accept_multiple",
        "accept_lineitem",
        "auto_create",
        "data",
    ]
)


@profile(suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault of the text
@given(changes=st.dictionaries(_NAMES, _JSON | st.text(max_size=30).map("https://".__add__)))
def test_whatever_is_sent_is_read_or_refused(settings: Settings, changes: Any) -> None:
    try:
        kept = read_settings(_claims(**changes), settings, Pending())
    except LaunchRefused as refused:
        assert refused.status == 400
    else:
        assert kept["return_url"].startswith("https://moodle.example.ac.uk/")
