"""Settings: what an operator may give, and what is refused with a sentence."""

from pathlib import Path

import pytest
from sqlalchemy import make_url

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


_OIDC = {
    "LTI_TOOL_OIDC_ISSUER": "https://idp.example.ac.uk/realms/staff",
    "LTI_TOOL_OIDC_CLIENT_ID": "tool",
    "LTI_TOOL_OIDC_CLIENT_SECRET": "secret",
}


def test_staff_sign_in_is_off_unless_it_is_whole() -> None:
    assert not load_settings(USABLE).has_staff_sign_in
    assert load_settings({**USABLE, **_OIDC}).has_staff_sign_in
    for name in _OIDC:
        half = {key: value for key, value in _OIDC.items() if key != name}
        with pytest.raises(Unusable, match=f"half set: {name} missing"):
            load_settings({**USABLE, **half})
    for issuer in ("http://idp.example.ac.uk", "idp.example.ac.uk", "https://idp.example/?a=b"):
        with pytest.raises(Unusable, match="LTI_TOOL_OIDC_ISSUER"):
            load_settings({**USABLE, **_OIDC, "LTI_TOOL_OIDC_ISSUER": issuer})


def test_a_setting_may_be_given_by_file(tmp_path: Path) -> None:
    secret, password = tmp_path / "secret", tmp_path / "password"
    secret.write_text("s" * 40 + "\n")
    password.write_text("p@ss/word:ü\n")
    url = "postgresql://tool@db.example:5433/tool?sslmode=require"
    given = {
        "LTI_TOOL_BASE_URL": "https://tool.example",
        "LTI_TOOL_SECRET_KEY_FILE": str(secret),
        "LTI_TOOL_DATABASE_PASSWORD_FILE": str(password),
        "LTI_TOOL_DATABASE_URL": url,
        "LTI_TOOL_QUEUE_URL": "postgresql://other:own@db.example/queue",
    }
    settings = load_settings(given)
    assert settings.secret_key == "s" * 40
    read = make_url(settings.database_url)
    assert read.password == "p@ss/word:ü"
    assert (read.username, read.host, read.port, read.query) == (
        "tool",
        "db.example",
        5433,
        {"sslmode": "require"},
    )
    assert settings.queue_url == given["LTI_TOOL_QUEUE_URL"], "one of its own is left alone"
    sqlite = {**given, "LTI_TOOL_DATABASE_URL": "sqlite:////tmp/x.sqlite"}
    assert load_settings(sqlite).database_url == "sqlite:////tmp/x.sqlite"


def test_a_file_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s" * 40)
    by_file = {"LTI_TOOL_SECRET_KEY_FILE": str(secret)}
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe\xff")
    without = {"LTI_TOOL_BASE_URL": "https://tool.example"}
    for wrong, words in (
        ({**USABLE, **by_file}, "Both LTI_TOOL_SECRET_KEY and"),
        ({**without, "LTI_TOOL_SECRET_KEY_FILE": str(tmp_path / "none")}, "cannot be read"),
        ({**without, "LTI_TOOL_SECRET_KEY_FILE": str(binary)}, "no text"),
        (
            {
                **USABLE,
                "LTI_TOOL_DATABASE_PASSWORD": "x",
                "LTI_TOOL_DATABASE_URL": "postgresql://db/tool",
            },
            "names no user",
        ),
    ):
        with pytest.raises(Unusable, match=words):
            load_settings(wrong)
