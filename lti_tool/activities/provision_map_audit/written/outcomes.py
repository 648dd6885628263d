"""The outcome sets that a reflection may be tied to, as `config/frameworks/` has them.

What each says is placeholder wording until a programme brings in the published text, and the pages
say so. A programme will choose for its cohorts; until then the participant does.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lti_tool.activities.provision_map_audit.written.located import (
    STATUSES,
    Place,
    read_file,
    require_own_ids,
)

FILES = ("npq-senco", "outcomes-2014", "outcomes-2009")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One thing reflected on; `label` is its number, `points` what it is made of."""

    id: str
    title: str
    group: str
    label: str
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OutcomeSet:
    """A set of outcomes; `closed` says who may no longer begin under it, where that is so."""

    key: str
    title: str
    status: str
    kind_of_item: str
    closed: str
    items: tuple[Outcome, ...]


def _outcome(place: Place) -> Outcome:
    place.allow_only("id", "title", "group", "label", "status", "points")
    return Outcome(
        place.text("id"),
        place.text("title"),
        place.text("group", ""),
        place.text("label", ""),
        place.texts("points"),
    )


def _load_set(path: Path) -> OutcomeSet:
    whole = read_file(path).allow_only(
        *("key", "version", "title", "status", "source"), *("kind_of_item", "closed", "items")
    )
    if whole.text("key") != path.stem:
        raise whole.refuse("key", f"this must be the file's own name, {path.stem}.")
    places = whole.listed("items")
    require_own_ids(places)
    return OutcomeSet(
        path.stem,
        whole.text("title"),
        whole.choice("status", STATUSES),
        whole.text("kind_of_item"),
        whole.text("closed", ""),
        tuple(_outcome(place) for place in places),
    )


@cache
def load_outcome_sets(config_dir: Path) -> dict[str, OutcomeSet]:
    """The sets by key, those open to starters first.

    :raises Unusable: naming file, line and field.
    """
    folder = config_dir / "frameworks"
    return {name: _load_set(folder / f"{name}.yaml") for name in FILES}
