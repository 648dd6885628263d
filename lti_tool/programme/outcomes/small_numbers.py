"""Hiding small counts in a distribution, so that nobody's own answer can be worked out. Pure.

Counts from 1 to 4 are hidden. As the total is shown, further ones are hidden until at least two
are and they hold at least five people together: else what is missing from the total would tell.
"""

from collections.abc import Sequence

SMALLEST = 5
"""The smallest count that is shown, and the smallest group of which anything is."""


def hide_small(counts: Sequence[int]) -> list[int | None]:
    """The counts to show; None where one is hidden. All are hidden where fewer than five people
    are counted, and the caller then hides the total too."""
    if sum(counts) < SMALLEST:
        return [None] * len(counts)
    hidden = {place for place, count in enumerate(counts) if 0 < count < SMALLEST}
    by_size = sorted(
        (place for place in range(len(counts)) if place not in hidden),
        key=lambda place: (counts[place] == 0, counts[place]),
    )
    for place in by_size:
        if not hidden or (len(hidden) > 1 and sum(counts[one] for one in hidden) >= SMALLEST):
            break
        hidden.add(place)
    return [None if place in hidden else count for place, count in enumerate(counts)]
