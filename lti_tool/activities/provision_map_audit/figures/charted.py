"""A picture's figures laid out for charts: bars, cells, points and axes, with their addresses.

Every mark leads to a line of the table below it. Nothing unknown is drawn; it stays in the tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from lti_tool.activities.provision_map_audit.figures.costing import Totals, pounds
from lti_tool.activities.provision_map_audit.figures.impact import NOT_CONTROLLED, Impact
from lti_tool.activities.provision_map_audit.figures.picture import MapPicture
from lti_tool.activities.provision_map_audit.figures.reviews import (
    NO_DATE,
    OVERDUE,
    TO_COME,
    Review,
)
from lti_tool.activities.provision_map_audit.figures.said import NOT_KNOWN, number, percent

MOST_POINTS = 40
Mark = tuple[Decimal, str]


@dataclass(frozen=True)
class ImpactLine:
    """One line of the table of impact: its number, the place of its row, and one measure."""

    number: int
    index: int
    name: str
    found: Impact
    cost_per_pupil: Decimal | None

    @property
    def remarks(self) -> list[str]:
        """The remarks of this line alone; what goes for all of them is said once above."""
        return [one for one in self.found.remarks if one != NOT_CONTROLLED]


@dataclass(frozen=True)
class Point:
    """A numbered point: its number, across, up, and what it says in full."""

    number: int
    across: Decimal
    up: Decimal
    words: str


def impact_lines(picture: MapPicture) -> list[ImpactLine]:
    """Every measure that says something, numbered in the order of the map."""
    lines: list[ImpactLine] = []
    for index, (row, cost, impacts) in enumerate(
        zip(picture.provisions, picture.cost.rows, picture.impacts, strict=True)
    ):
        for found in impacts:
            if found.says_something:
                name = row.name or "Name not given"
                line = ImpactLine(len(lines) + 1, index, name, found, cost.cost_per_pupil)
                lines.append(line)
    return lines


def gain_points(lines: Sequence[ImpactLine]) -> list[Point]:
    """Cost per pupil against months gained per month, dearest first, at most `MOST_POINTS`."""
    made = []
    for line in lines:
        ratio = line.found.months_gained_per_month
        if ratio is not None and line.cost_per_pupil is not None:
            said = f"{number(ratio, '0.1')} months gained per month"
            made.append(_point(line, line.cost_per_pupil, ratio, said))
    return _dearest(made)


def target_points(lines: Sequence[ImpactLine]) -> list[Point]:
    """Cost per pupil against percent who met the target, dearest first, at most `MOST_POINTS`."""
    made = []
    for line in lines:
        met = line.found.met_percent
        if met is not None and line.cost_per_pupil is not None:
            said = f"{percent(met)} met the target"
            made.append(_point(line, line.cost_per_pupil, met, said))
    return _dearest(made)


def _point(line: ImpactLine, cost: Decimal, up: Decimal, said: str) -> Point:
    words = f"{line.number}. {line.name}: {pounds(cost)} a pupil, {said}"
    return Point(line.number, cost, up, words)


def _dearest(points: list[Point]) -> list[Point]:
    return sorted(points, key=lambda one: (-one.across, one.number))[:MOST_POINTS]


def marks_along(values: Sequence[Decimal], unit: str = "", sign: str = "") -> list[Mark]:
    """Even marks of an axis from 0 (or below) to past the greatest value, with their labels."""
    most, least = max([*values, Decimal(0)]), min([*values, Decimal(0)])
    step = _step((most - least) / 4)
    first = (least / step).to_integral_value(ROUND_FLOOR)
    last = (most / step).to_integral_value(ROUND_CEILING)
    if last == first:
        last += 1
    return [
        (step * at, f"{'−' if at < 0 else ''}{sign}{number(abs(step * at), '0.001')}{unit}")
        for at in map(Decimal, range(int(first), int(last) + 1))
    ]


def _step(rough: Decimal) -> Decimal:
    """The next 1, 2 or 5 times a power of ten from a rough length."""
    if rough <= 0:
        return Decimal(1)
    power = Decimal(1).scaleb(rough.adjusted())
    return next(power * times for times in (1, 2, 5, 10) if power * times >= rough)


def bars_of(totals: dict[str, Totals]) -> list[tuple[str, Decimal | None, str]]:
    """Bars of total cost by label; a total that is not known has no length."""
    return [
        (label, total.total_cost, pounds(total.total_cost))
        if total.rows_costed
        else (label, None, NOT_KNOWN)
        for label, total in totals.items()
    ]


def review_months(reviews: Sequence[Review]) -> list[tuple[str, int, str]]:
    """How many reviews are overdue, fall in each coming month, and have no date."""
    counts: dict[str, int] = {"Overdue": sum(one.state == OVERDUE for one in reviews)}
    for one in reviews:
        if one.state == TO_COME and one.on is not None:
            month = f"{one.on:%B %Y}"
            counts[month] = counts.get(month, 0) + 1
    counts["No date"] = sum(one.state == NO_DATE for one in reviews)
    return [(label, count, str(count)) for label, count in counts.items()]
