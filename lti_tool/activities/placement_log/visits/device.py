"""What a page gives a browser to keep typed text by: a name and a key, for one person's one form.

Both follow from the tool's secret, so they are kept nowhere, are the same at each visit, and differ
for everybody else. See decision 0033 and `web/static/kept-on-device.js`.
"""

import base64
from dataclasses import dataclass

from lti_tool.core.identifiers import keyed
from lti_tool.settings import Settings

PLAN, WRITE = "plan", "write"
NEW = 0
"""The number of a visit that has none yet."""


@dataclass(frozen=True, slots=True)
class Device:
    """Where a form's text is kept, and the key it is locked with."""

    name: str
    """Says nothing of person or visit."""
    key: str
    """32 bytes in base64."""


def _derived(settings: Settings, what: str, form: tuple[int, int, int, str]) -> bytes:
    return keyed(settings.secret_key, ":".join(("kept-on-device", what, *map(str, form))))


def device_of(
    settings: Settings, assignment_id: int, person_id: int, number: int, form: str
) -> Device:
    """Name and key for one form of one visit of one person."""
    about = (assignment_id, person_id, number, form)
    return Device(
        _derived(settings, "name", about).hex()[:32],
        base64.b64encode(_derived(settings, "key", about)).decode(),
    )
