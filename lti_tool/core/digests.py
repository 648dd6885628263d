"""Digests that prove a document unchanged."""

import hashlib
import json
from typing import Any


def document_digest(document: dict[str, Any]) -> str:
    """SHA-256 over the document in one fixed form, so that a copy can be proved unchanged."""
    fixed = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(fixed.encode()).hexdigest()
