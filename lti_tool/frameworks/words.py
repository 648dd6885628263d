"""The headings and words of `config/words/frameworks.yaml`, by which a brought-in list is known."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lti_tool.core.located import Place, read_file
from lti_tool.papers.lists import folded

COLUMNS = (
    *("id", "title", "kind", "parent", "area", "label"),
    *("points", "core", "evidence", "auto", "status", "source"),
)
AREA_WORD, ITEM_WORD, YES, NO = VALUES = ("area", "item", "yes", "no")


@dataclass(frozen=True, slots=True)
class FrameworkWords:
    """Column by folded heading, and value by folded word."""

    columns: dict[str, str]
    values: dict[str, str]

    def column_of(self, heading: str) -> str | None:
        """The column that a heading names."""
        return self.columns.get(folded(heading))

    def value_of(self, word: str) -> str | None:
        """area, item, yes or no, or None for another word."""
        return self.values.get(folded(word) or word.strip())


def _known(place: Place, field: str, names: tuple[str, ...]) -> dict[str, str]:
    inside = place.inside(field)
    if inside is None:
        raise place.refuse(field, "write lists of words here.")
    inside.allow_only(*names)
    found: dict[str, str] = {}
    for name in names:
        words = inside.texts(name)
        if not words:
            raise inside.refuse(name, "write a list of words here.")
        for word in words:
            if found.setdefault(folded(word) or word, name) != name:
                raise inside.refuse(name, f"“{word}” stands in two lists.")
    return found


@cache
def load_words(config_dir: Path) -> FrameworkWords:
    """The words in force.

    :raises Unusable: naming file, line and field.
    """
    whole = read_file(config_dir / "words" / "frameworks.yaml").allow_only("columns", "values")
    return FrameworkWords(_known(whole, "columns", COLUMNS), _known(whole, "values", VALUES))
