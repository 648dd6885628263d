"""How outcomes of a set are named and grouped on pages."""

from lti_tool.frameworks.framework import Framework, Item


def words_of(item: Item) -> str:
    """An outcome with its number."""
    return f"{item.label}. {item.title}" if item.label else item.title


def number_of(item: Item) -> str:
    """The shortest name of an outcome, for the head of a column."""
    return item.id


def by_area(outcomes: Framework) -> list[tuple[str, tuple[Item, ...]]]:
    """The outcomes under the titles of their areas, in reading order; those in none first."""
    found: dict[str, list[Item]] = {}
    for item in outcomes.judged:
        area = outcomes.area_of(item)
        found.setdefault(area.title if area else "", []).append(item)
    return [(title, tuple(items)) for title, items in found.items()]
