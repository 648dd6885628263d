"""The guard for one field of a row, whoever typed it: in a cell, a form or a grid.

Short fields are looked at as cells are (`guard.py`), fields of sentences as writing is (`prose.py`)
as well. Where a field cites studies, only the second, which knows a citation.
"""

from __future__ import annotations

from lti_tool.activities.provision_map_audit.words import Words
from lti_tool.privacy.guard import Suspicion, found_in_text, is_cleared, suspect_text, tells_number
from lti_tool.privacy.prose import find_in_prose

ABOUT_PUPILS = frozenset({"target_group"})
CITING = frozenset({"evidence_base"})
_KINDS = {
    "name": "a person's name",
    "adult": "a person's name",
    "initials": "names or initials of pupils",
    "code": "a code for one pupil",
    "phone": "a phone number",
}
_LONG = 12


def suspect_words(text: str, field: str, words: Words, cleared: frozenset[str]) -> Suspicion | None:
    """Look at the text of one field of a row (see `rows.py` for the names of fields).

    UPNs, dates of birth and e-mail addresses cannot be cleared.
    """
    citing = field in CITING and not tells_number(text)
    found = None
    if not citing:
        found = suspect_text(text, words, cleared, about_pupils=field in ABOUT_PUPILS)
    if found or len(text) < _LONG or is_cleared(text, cleared):
        return found
    for one in find_in_prose(text, words, cleared):
        if one.kind in _KINDS:
            return found_in_text(_KINDS[one.kind], text)
    return None
