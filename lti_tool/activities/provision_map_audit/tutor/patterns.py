"""What is typical of a group's audits: gaps, costs, parts left short, measures. Pure and anonymous.

No name, row or school comes out of here: only counts of pieces and ranges of figures, and none
of a small number. A count is hidden where it is small, and where what it leaves over is small.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

from lti_tool.activities.provision_map_audit.document import (
    Document,
    current,
    map_rows,
    rates_in_force,
)
from lti_tool.activities.provision_map_audit.figures.costing import MapCost, cost_map
from lti_tool.activities.provision_map_audit.framework import Framework
from lti_tool.activities.provision_map_audit.rates import RoleRates
from lti_tool.activities.provision_map_audit.rows import AREAS, SCALES, TIERS, ProvisionRow
from lti_tool.activities.provision_map_audit.words import decimal_at, read_yaml
from lti_tool.core.errors import Unusable
from lti_tool.core.small_numbers import count_to_show

SHOWN_AREAS = tuple(area for area in AREAS if area != "other")


@dataclass(frozen=True, slots=True)
class Limits:
    """What is small, and what is short."""

    fewest_pieces: int
    short_part_words: int
    round_pounds: int


@cache
def load_limits(config_dir: Path) -> Limits:
    """The limits from `config/rules/patterns.yaml`.

    :raises Unusable: one is missing, or is not a whole number above 0.
    """
    path = config_dir / "rules" / "patterns.yaml"
    loaded = read_yaml(path)
    found = {name: decimal_at(loaded, name, path) for name in Limits.__slots__}
    for name, value in found.items():
        if value < 1 or value != int(value):
            raise Unusable(f"{path}: '{name}' must be a whole number above 0.")
    return Limits(**{name: int(value) for name, value in found.items()})


@dataclass(frozen=True, slots=True)
class Range:
    """The middle of a group's figures: a quarter lies below `low`, a quarter above `high`."""

    pieces: int
    low: Decimal
    middle: Decimal
    high: Decimal


def _quantile(ordered: Sequence[Decimal], share: Decimal) -> Decimal:
    """The value a share of the way along, in a straight line between its neighbours."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def range_of(values: Iterable[Decimal], fewest: int, step: int) -> Range | None:
    """Quartiles and median, rounded to whole steps; None of too few values."""
    ordered = sorted(values)
    if len(ordered) < fewest:
        return None
    cuts = (_quantile(ordered, Decimal(quarter) / 4) for quarter in (1, 2, 3))
    low, middle, high = (
        (cut / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step for cut in cuts
    )
    return Range(len(ordered), low, middle, high)


@dataclass(frozen=True, slots=True)
class Piece:
    """What one audit adds to the patterns."""

    covered: frozenset[tuple[str, str]]
    cost: MapCost
    short_parts: frozenset[str]
    scales: frozenset[str]
    measures: frozenset[str]
    not_measured: Decimal | None
    """Per cent of its rows without any measure; None of an empty map."""


def _measure_name(name: str) -> str:
    return " ".join(name.split()).strip(" .:;,").casefold()


def _share_not_measured(rows: Sequence[ProvisionRow]) -> Decimal | None:
    if not rows:
        return None
    return Decimal(100) * sum(1 for row in rows if not row.measures) / len(rows)


def _short(texts: Mapping[str, str], limits: Limits) -> frozenset[str]:
    """The parts left short. Who brought in a commentary instead is not asked."""
    return frozenset(
        part for part, text in texts.items() if len(text.split()) < limits.short_part_words
    )


def look_at(work: Document, framework: Framework, rates: RoleRates, limits: Limits) -> Piece:
    """Take from one audit what the patterns need."""
    document = current(work)
    rows = [one.row for one in map_rows(document)]
    measures = [measure for row in rows for measure in row.measures]
    texts = {
        part.id: str(document["answers"].get(part.id, {}).get("evidence") or "")
        for part in framework.parts
    }
    return Piece(
        covered=frozenset((row.area, row.tier) for row in rows if row.area and row.tier),
        cost=cost_map(rows, rates_in_force(document, rates)),
        short_parts=_short(texts, limits) if not document["commentary"] else frozenset(),
        scales=frozenset(one.scale for one in measures if one.scale in SCALES),
        measures=frozenset(_measure_name(one.measure) for one in measures if one.measure.strip()),
        not_measured=_share_not_measured(rows),
    )


@dataclass(frozen=True, slots=True)
class Patterns:
    """What may be shown of a group; every count is of pieces, None where it is hidden."""

    pieces: int
    gaps: Mapping[tuple[str, str], int | None]
    """Pieces with no provision in this area and tier."""
    short_parts: Mapping[str, int | None]
    scales: Mapping[str, int | None]
    measures: Mapping[str, int]
    """Names of measures that enough pieces use."""
    total_cost: Range | None
    cost_per_place: Range | None
    cost_by_area: Mapping[str, Range | None]
    not_measured: Range | None
    """Per cent of a map's rows without any measure."""


def _costs(pieces: Sequence[Piece], area: str | None, *, each: bool) -> list[Decimal]:
    found = []
    for one in pieces:
        total = one.cost.total if area is None else one.cost.by_area.get(area)
        if total is None or not total.rows_costed:
            continue
        value = total.cost_per_place if each else total.total_cost
        if value is not None:
            found.append(value)
    return found


def patterns_of(pieces: Sequence[Piece], parts: Iterable[str], limits: Limits) -> Patterns | None:
    """What is typical of these pieces; None of too few.

    :param parts: ids of the written parts.
    """
    total, fewest, step = len(pieces), limits.fewest_pieces, limits.round_pounds
    if total < fewest:
        return None
    covered = Counter(cell for one in pieces for cell in one.covered)
    short = Counter(part for one in pieces for part in one.short_parts)
    scales = Counter(scale for one in pieces for scale in one.scales)
    named = Counter(name for one in pieces for name in one.measures)
    shown = {name: count_to_show(count, total, fewest) for name, count in named.most_common()}
    shares = [one.not_measured for one in pieces if one.not_measured is not None]
    return Patterns(
        pieces=total,
        gaps={
            (area, tier): count_to_show(total - covered[area, tier], total, fewest)
            for area in SHOWN_AREAS
            for tier in TIERS
        },
        short_parts={part: count_to_show(short[part], total, fewest) for part in parts},
        scales={scale: count_to_show(scales[scale], total, fewest) for scale in SCALES},
        measures={name: count for name, count in shown.items() if count},
        total_cost=range_of(_costs(pieces, None, each=False), fewest, step),
        cost_per_place=range_of(_costs(pieces, None, each=True), fewest, step),
        cost_by_area={
            area: range_of(_costs(pieces, area, each=False), fewest, step) for area in SHOWN_AREAS
        },
        not_measured=range_of(shares, fewest, 5),
    )
