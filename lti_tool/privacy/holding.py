"""Forms whose free text is looked through for names of children before it is kept.

A field in which a child seems to be named is not kept: the words stay on the page, with the offer
to say that they name no child.
"""

from collections.abc import Iterable
from pathlib import Path

from flask import request

from lti_tool.privacy.guard import is_clear_key
from lti_tool.privacy.posted import Doubt, doubts_of
from lti_tool.privacy.prose import find_in_prose
from lti_tool.privacy.words import observing_words
from lti_tool.web.forms import Form


def said_no_child() -> frozenset[str]:
    """Keys of the words that this post says name no child."""
    ticked = request.form.getlist("no_child")
    return frozenset(key for keys in ticked for key in keys.split("|") if is_clear_key(key))


def hold_names(
    form: Form, names: Iterable[str], config_dir: Path, cleared: frozenset[str]
) -> list[Doubt]:
    """Say at each field in which a child seems to be named that it is not kept.

    :param names: the form's fields of free text.
    :param cleared: keys of words that were said to name no child, now or before.
    :return: what is in doubt; empty where the form may be kept.
    """
    found: dict[str, Doubt] = {}
    for name in names:
        doubts = doubts_of(
            find_in_prose(form[name].data or "", observing_words(config_dir), cleared)
        )
        if doubts:
            said = ", ".join(f"“{one.text}”" for one in doubts)
            form.problem(
                name,
                f"This is not kept yet, because it seems to name somebody: {said}. Write it "
                "without the name, or tick at the end of the form that no child is named.",
            )
        found |= {one.keys: one for one in doubts}
    return list(found.values())
