"""Settings: what an operator may give, and what is refused with a sentence."""

import pytest

from lti_tool.core.errors import Unusable
from lti_tool.settings import load_settings

USABLE = {"LTI_TOOL_SECRET_KEY": "x" * 32, "LTI_TOOL_BASE_URL": "https://tool.example.ac.uk/"}


def test_production_needs_a_secret_and_https() -> None:
    assert load_settings(USABLE).base_url == "https://tool.example.ac.uk"
    for wrong in (
        {},
        {**USABLE, "LTI_TOOL_SECRET_KEY": "short"},
        {**USABLE, "LTI_TOOL_BASE_URL": "http://tool.example.ac.uk"},
        {**USABLE, "LTI_TOOL_BASE_URL": "tool.example.ac.uk"},
        {**USABLE, "LTI_TOOL_BASE_URL": "https://tool.example/?x=1"},
        {**USABLE, "LTI_TOOL_DEMO": "perhaps"},
        {**USABLE, "LTI_TOOL_PLATFORM_TIMEOUT_S": "soon"},
        {**USABLE, "LTI_TOOL_PLATFORM_TIMEOUT_S": "nan"},
        {**USABLE, "LTI_TOOL_LOG_FORMAT": "xml"},
    ):
        with pytest.raises(Unusable, match="LTI_TOOL_"):
            load_settings(wrong)


def test_the_demo_works_without_any_setting() -> None:
    settings = load_settings({"LTI_TOOL_DEMO": "1"})
    assert settings.allow_http and settings.allow_private_platforms
    assert settings.base_url == "http://127.0.0.1:8080"


def test_private_platforms_and_http_are_off_by_default() -> None:
    settings = load_settings(USABLE)
    assert not settings.allow_private_platforms and not settings.allow_http and not settings.demo
