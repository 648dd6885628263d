"""Rubrics: read from `config/rubrics/`, checked, and kept as numbered versions.

Work is marked by the version it was set with, whatever the file says later. A rubric's scale
says what a marker gives for a criterion: a mark out of 100, one of its bands, or points.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.core.errors import NotFound, Unusable
from lti_tool.core.numerals import plain
from lti_tool.core.yaml_text import read_config
from lti_tool.coursework.versions import keep_version
from lti_tool.marking.models import RubricVersion

MARKS, BANDS, POINTS = "marks", "bands", "points"
SCALES = (MARKS, BANDS, POINTS)
_HUNDRED, _CENT = Decimal(100), Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Band:
    """A range of marks with its name: `low` to `high`, both included."""

    id: str
    title: str
    low: Decimal
    high: Decimal
    mark: Decimal | None = None
    """The mark that choosing this band for a criterion gives, where the scale is bands."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that is judged, with its weight in percent and words for each band."""

    id: str
    title: str
    weight: Decimal
    descriptors: dict[str, str]
    points: Decimal | None = None
    """The most points it can be given, where the scale is points."""

    @property
    def most(self) -> Decimal:
        """The most that can be given for it: 100 marks, or its points."""
        return _HUNDRED if self.points is None else self.points

    @property
    def worth(self) -> str:
        """What it counts for, in words."""
        if self.points is not None:
            return f"{plain(self.points)} point{'' if self.points == 1 else 's'}"
        return f"weight {plain(self.weight)}%"


@dataclass(frozen=True, slots=True)
class Rubric:
    """A rubric as a marker sees it."""

    key: str
    title: str
    status: str
    source: str
    bands: tuple[Band, ...]
    criteria: tuple[Criterion, ...]
    scale: str = MARKS

    def say(self, criterion: Criterion, given: Mapping[str, Any]) -> str:
        """What was given for a criterion, in words; empty where nothing was.

        :param given: as a judgement keeps it: the mark, and with bands the band chosen.
        """
        mark = given.get("mark")
        if mark is None:
            return ""
        if self.scale == BANDS:
            band = next((one for one in self.bands if one.id == given.get("band")), None)
            return f"{band.title} ({mark})" if band else str(mark)
        return f"{mark} of {criterion.worth}" if self.scale == POINTS else str(mark)

    def band_of(self, mark: Decimal) -> Band | None:
        """The band a mark lies in."""
        return next((band for band in self.bands if band.low <= mark <= band.high), None)


def _number(where: str, value: Any) -> Decimal:
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        raise Unusable(f"{where} is “{value}”. Give a number.") from None
    if isinstance(value, bool) or not found.is_finite():
        raise Unusable(f"{where} is “{value}”. Give a number.")
    return found


def _text(where: str, holder: Any, name: str) -> str:
    value = holder.get(name) if isinstance(holder, dict) else None
    if not isinstance(value, str) or not value.strip():
        raise Unusable(f"{where} lacks “{name}”.")
    return value.strip()


def _bands(document: dict[str, Any], where: str, scale: str) -> tuple[Band, ...]:
    found = []
    for n, given in enumerate(document.get("bands") or [], 1):
        place = f"{where}, band {n}"
        band = Band(
            _text(place, given, "id"),
            _text(place, given, "title"),
            _number(f"{place}, from", given.get("from")),
            _number(f"{place}, to", given.get("to")),
            _number(f"{place}, mark", given.get("mark")) if scale == BANDS else None,
        )
        if band.mark is not None and not band.low <= band.mark <= band.high:
            raise Unusable(f"{place}: its mark must lie between “from” and “to”.")
        found.append(band)
    if scale == BANDS and not found:
        raise Unusable(f"{where}: a rubric with the scale bands must list its bands.")
    if len({one.id for one in found}) != len(found):
        raise Unusable(f"{where}: two bands have the same id.")
    return tuple(found)


def _all_points(given: list[Any], where: str) -> list[Decimal]:
    """The points of every criterion, each more than 0."""
    found = []
    for n, one in enumerate(given, 1):
        points = _number(f"{where}, criterion {n}, points", one.get("points"))
        if not 0 < points <= 1000:
            raise Unusable(f"{where}, criterion {n}: points must be more than 0, up to 1000.")
        found.append(points)
    return found


def _criteria(document: dict[str, Any], where: str, scale: str) -> tuple[Criterion, ...]:
    given = document.get("criteria") or []
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise Unusable(f"{where}: “criteria” must be a list of named values.")
    points = _all_points(given, where) if scale == POINTS else []
    found = []
    for n, one in enumerate(given, 1):
        place = f"{where}, criterion {n}"
        if scale == POINTS:
            worth = points[n - 1]
            weight = (worth * _HUNDRED / sum(points)).quantize(_CENT)
        else:
            worth, weight = None, _number(f"{place}, weight", one.get("weight"))
        words = one.get("bands") or {}
        if not isinstance(words, dict):
            raise Unusable(f"{place}: “bands” must be words by the name of each band.")
        names = _text(place, one, "id"), _text(place, one, "title")
        found.append(Criterion(*names, weight, dict(words), worth))
    if not found or (scale != POINTS and sum(one.weight for one in found) != 100):
        raise Unusable(f"{where}: the criteria’s weights must add up to 100.")
    if len({one.id for one in found}) != len(found):
        raise Unusable(f"{where}: two criteria have the same id.")
    return tuple(found)


def read_rubric(document: Any, where: str) -> Rubric:
    """A rubric from its document.

    :param where: the file's name, for messages.
    :raises Unusable: naming what is wrong; weights must add up to 100.
    """
    if not isinstance(document, dict):
        raise Unusable(f"{where} is no rubric: it must be a list of named values.")
    scale = document.get("scale", MARKS)
    if scale not in SCALES:
        raise Unusable(f"{where}, “scale” is “{scale}”. Use one of: {', '.join(SCALES)}.")
    bands = _bands(document, where, scale)
    criteria = _criteria(document, where, scale)
    return Rubric(
        _text(where, document, "key"),
        _text(where, document, "title"),
        str(document.get("status", "")),
        str(document.get("source", "")),
        bands,
        criteria,
        scale,
    )


def _read_file(config_dir: Path, key: str) -> dict[str, Any]:
    path = config_dir / "rubrics" / f"{key}.yaml"
    document = read_config(path)
    read_rubric(document, str(path))
    return dict(document)


_read_once = cache(_read_file)


def check_rubric(config_dir: Path, key: str) -> Rubric:
    """Read and check a rubric's file; called for every activity as the tool starts.

    :raises Unusable: it is missing or wrong.
    """
    return read_rubric(_read_once(config_dir, key), f"config/rubrics/{key}.yaml")


def version_in_force(session: Session, config_dir: Path, key: str) -> int:
    """The version of a rubric that new work is set with; a changed file becomes a new one."""
    return keep_version(session, RubricVersion, key, _read_once(config_dir, key))


def get_rubric(session: Session, key: str, version: int) -> Rubric:
    """The rubric that work was set with.

    :raises NotFound: this version is not kept.
    """
    document = session.scalar(
        select(RubricVersion.document).where(
            RubricVersion.key == key, RubricVersion.version == version
        )
    )
    if document is None:
        raise NotFound("The rubric of this work is not kept here any more.")
    return read_rubric(document, f"rubric {key}, version {version}")
