"""Whom people may write to, as `config/contacts.yaml` says; shown on the tool's own pages, and
where somebody reports a weakness (RFC 9116)."""

from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from lti_tool.core import clock
from lti_tool.core.errors import Unusable
from lti_tool.core.yaml_text import read_config


@cache
def load_contacts(config_dir: Path) -> dict[str, str]:
    """The contacts by page: `privacy_contact` and `accessibility_contact`; empty where not set.

    :raises Unusable: the file cannot be read.
    """
    document = _read(config_dir / "contacts.yaml")
    _security(config_dir)
    return {
        f"{page}_contact": str(document.get(page) or "").strip()
        for page in ("privacy", "accessibility")
    }


def _read(path: Path) -> dict[str, Any]:
    document = read_config(path) or {}
    if not isinstance(document, dict):
        raise Unusable(f"{path} cannot be read: it needs “privacy” and “accessibility”.")
    return document


@cache
def _security(config_dir: Path) -> tuple[str, date] | None:
    """Where to report a weakness and until when that holds; None where it is not set."""
    path = config_dir / "contacts.yaml"
    document = _read(path)
    contact, expires = str(document.get("security") or "").strip(), document.get("security_expires")
    if not contact:
        return None
    if not contact.startswith(("mailto:", "https://")) or len(contact.split()) != 1:
        raise Unusable(f"{path}: “security” must begin with mailto: or https://.")
    if type(expires) is not date:
        raise Unusable(f"{path}: “security_expires” must be a day such as 2027-08-31.")
    return contact, expires


def security_txt(config_dir: Path, base_url: str) -> str | None:
    """The text of `/.well-known/security.txt`; None where nobody is named or the day has passed.

    RFC 9116: a contact that nobody answers any more is worse than none.
    """
    found = _security(config_dir)
    if found is None or found[1] < clock.today():
        return None
    expires = datetime.combine(found[1], time(23, 59, 59), UTC)
    lines = (
        f"Contact: {found[0]}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en",
        f"Canonical: {base_url}/.well-known/security.txt",
    )
    return "\n".join(lines) + "\n"
