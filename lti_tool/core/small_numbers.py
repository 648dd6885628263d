"""Small counts of people's work, which could give somebody away, are not told.

For counts where one piece counts in many cells and no totals are shown, so that only what a count
leaves over can give it away. Tables whose totals add up need more: see the audit's `suppress.py`.
"""


def count_to_show(count: int, total: int, fewest: int) -> int | None:
    """A count of pieces as it may be shown; None where it, or what it leaves over, is small.

    :param count: how many pieces of `total`.
    :param fewest: the smallest number of pieces that may be told.
    """
    left = total - count
    is_small = 0 < count < fewest or 0 < left < fewest
    return None if is_small else count
