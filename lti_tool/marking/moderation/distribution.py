"""How marks are spread: counts by tens and the usual figures. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Spread:
    """How a set of marks is spread."""

    rows: tuple[tuple[str, int, str], ...]
    """A label such as "50 to 59", how many marks lie there, and that number as text."""
    count: int
    mean: Decimal | None
    """To one decimal place; empty where there are no marks."""
    median: Decimal | None
    lowest: Decimal | None
    highest: Decimal | None
    fails: int
    """Marks below the pass mark."""


def _step(mark: Decimal) -> int:
    return min(int(mark) // 10, 9)


def spread_of(marks: Iterable[Decimal], pass_mark: Decimal) -> Spread:
    """The spread of marks out of 100."""
    held = sorted(marks)
    counts = [0] * 10
    for mark in held:
        counts[_step(mark)] += 1
    labels = [f"{n * 10} to {n * 10 + 9}" for n in range(9)] + ["90 to 100"]
    return Spread(
        rows=tuple((label, n, str(n)) for label, n in zip(labels, counts, strict=True)),
        count=len(held),
        mean=(sum(held, Decimal(0)) / len(held)).quantize(_TENTH, ROUND_HALF_UP) if held else None,
        median=median(held) if held else None,
        lowest=held[0] if held else None,
        highest=held[-1] if held else None,
        fails=sum(1 for mark in held if mark < pass_mark),
    )
