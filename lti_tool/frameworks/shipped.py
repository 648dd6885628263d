"""The frameworks that ship: every file of `config/frameworks/` that says it is one.

Read once, as the tool starts. What is in force for a course may be another version: see
`in_force.py`.
"""

from functools import cache
from pathlib import Path

from lti_tool.core.errors import Unusable
from lti_tool.core.located import read_file
from lti_tool.frameworks.framework import KINDS, OUTCOMES, STANDARDS, Framework
from lti_tool.frameworks.reading import read_framework, require_key

OF_ACTIVITIES = "written-parts"
"""Files of this kind hold an activity's own questions; the activity reads them."""


@cache
def load_frameworks(config_dir: Path) -> dict[str, Framework]:
    """Every framework by key: those open to starters first, then the later years first.

    :raises Unusable: naming file, line and field.
    """
    found = []
    for path in sorted((config_dir / "frameworks").glob("*.yaml")):
        whole = read_file(path)
        if whole.choice("kind", (*KINDS, OF_ACTIVITIES)) in KINDS:
            require_key(whole, path.stem)
            found.append(read_framework(whole))
    if {one.kind for one in found} != set(KINDS):
        raise Unusable(
            f"{config_dir / 'frameworks'} needs at least one file of the kind {OUTCOMES} and one "
            f"of the kind {STANDARDS}."
        )
    found.sort(key=lambda one: one.key, reverse=True)
    return {one.key: one for one in sorted(found, key=lambda one: bool(one.closed))}


def list_outcome_sets(config_dir: Path) -> list[Framework]:
    """The outcome sets that ship, those open to starters first."""
    return [one for one in load_frameworks(config_dir).values() if one.kind == OUTCOMES]


def find_outcome_set(config_dir: Path, key: str) -> Framework | None:
    """An outcome set that ships, by its key."""
    found = load_frameworks(config_dir).get(key)
    return found if found is not None and found.kind == OUTCOMES else None
