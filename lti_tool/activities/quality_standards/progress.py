"""How far a checklist is: by area, by the framework's rule, and what to look at first. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from lti_tool.frameworks.framework import Framework, Item


@dataclass(frozen=True, slots=True)
class Said:
    """What progress needs to know of one standard."""

    judgement: str = ""
    action: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class AreaProgress:
    """How far one area is."""

    id: str
    title: str
    standards: int
    judged: int
    in_place: int
    core_open: int
    """Core standards that are not in place."""


@dataclass(frozen=True, slots=True)
class Overview:
    """How far the whole is."""

    areas: tuple[AreaProgress, ...]
    core_open: tuple[Item, ...]
    others_below: int
    without_action: tuple[Item, ...]
    """Standards judged or left below, not core, that have no action with a date."""
    not_judged: tuple[Item, ...]
    is_ready: bool
    """Whether the framework's rule holds."""

    @property
    def standards(self) -> int:
        """How many standards there are."""
        return sum(one.standards for one in self.areas)

    @property
    def in_place(self) -> int:
        """How many are in place, or do not apply."""
        return sum(one.in_place for one in self.areas)


def is_in_place(framework: Framework, judgement: str) -> bool:
    """Whether a judgement passes on the framework's scale; one that nobody made does not."""
    level = framework.scale.find_level(judgement) if framework.scale else None
    return level is not None and level.passes


def _is_judged(framework: Framework, judgement: str) -> bool:
    return framework.scale is not None and framework.scale.find_level(judgement) is not None


def _area(framework: Framework, items: list[Item], said: Mapping[str, Said]) -> AreaProgress:
    area = framework.area_of(items[0])
    passed = [is_in_place(framework, said.get(one.id, Said()).judgement) for one in items]
    return AreaProgress(
        id=area.id if area else "",
        title=f"{area.label or area.id} {area.title}" if area else framework.title,
        standards=len(items),
        judged=sum(_is_judged(framework, said.get(one.id, Said()).judgement) for one in items),
        in_place=sum(passed),
        core_open=sum(one.core and not ok for one, ok in zip(items, passed, strict=True)),
    )


def look_over(framework: Framework, said: Mapping[str, Said]) -> Overview:
    """How far a checklist is.

    :param said: by the id of the standard; one that is missing is not judged.
    """
    by_area: dict[str, list[Item]] = {}
    for item in framework.judged:
        by_area.setdefault(item.parent, []).append(item)
    below = [
        one
        for one in framework.judged
        if not is_in_place(framework, said.get(one.id, Said()).judgement)
    ]
    core_open = tuple(one for one in below if one.core)
    others = [one for one in below if not one.core]
    bare = tuple(
        one
        for one in others
        if not (said.get(one.id, Said()).action and said.get(one.id, Said()).due_on)
    )
    most = framework.overall.others_below if framework.overall else 0
    return Overview(
        areas=tuple(_area(framework, items, said) for items in by_area.values()),
        core_open=core_open,
        others_below=len(others),
        without_action=bare,
        not_judged=tuple(
            one
            for one in framework.judged
            if not _is_judged(framework, said.get(one.id, Said()).judgement)
        ),
        is_ready=not core_open and len(others) <= most and not bare,
    )


def urgent_first(framework: Framework, said: Mapping[str, Said]) -> list[Item]:
    """Every standard: the core ones not in place, then the others not in place, then the rest;
    within each in the framework's order."""

    def rank(item: Item) -> int:
        if is_in_place(framework, said.get(item.id, Said()).judgement):
            return 2
        return 0 if item.core else 1

    return sorted(framework.judged, key=rank)
