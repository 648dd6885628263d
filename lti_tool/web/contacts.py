"""Whom people may write to, as `config/contacts.yaml` says; shown on the tool's own pages."""

from functools import cache
from pathlib import Path

import yaml

from lti_tool.core.errors import Unusable


@cache
def load_contacts(config_dir: Path) -> dict[str, str]:
    """The contacts by page: `privacy_contact` and `accessibility_contact`; empty where not set.

    :raises Unusable: the file cannot be read.
    """
    path = config_dir / "contacts.yaml"
    try:
        document = yaml.safe_load(path.read_text("utf-8")) or {}
        return {
            f"{page}_contact": str(document.get(page) or "").strip()
            for page in ("privacy", "accessibility")
        }
    except (OSError, yaml.YAMLError, UnicodeDecodeError, AttributeError):
        raise Unusable(f"{path} cannot be read: it needs “privacy” and “accessibility”.") from None
