"""A framework as everybody reads it: its items in a tree, and for standards a scale and a rule.

Plain values, made by `reading.py` from a file and by `documents.py` from the database.
"""

from dataclasses import dataclass, field
from functools import cached_property

OUTCOMES, STANDARDS = "outcomes", "standards"
KINDS = (OUTCOMES, STANDARDS)
AREA, ITEM = "area", "item"
FACT, RECONSTRUCTION = "fact", "reconstruction"


@dataclass(frozen=True, slots=True)
class Item:
    """One line: an outcome, section or standard; or an area, which only holds others together."""

    id: str
    """Kept with people's work: it never changes while the words may."""
    title: str
    parent: str = ""
    """The id of the area it lies in; empty at the top."""
    kind: str = ITEM
    label: str = ""
    """The number that is shown before it, where it is not the id."""
    points: tuple[str, ...] = ()
    """What it is made of."""
    core: bool = False
    """A standard that must be met."""
    evidence: tuple[str, ...] = ()
    """Ids of the kinds of evidence that fit."""
    auto: bool = False
    """Whether the tool's own data can be evidence."""
    status: str = ""
    """fact or reconstruction: whether a source attests it. Empty in an official text."""
    source: str = ""

    @property
    def is_area(self) -> bool:
        """Whether it only holds others together and is not itself judged."""
        return self.kind == AREA


@dataclass(frozen=True, slots=True)
class Attested:
    """Something known of the framework, and where it is said."""

    fact: str
    source: str


@dataclass(frozen=True, slots=True)
class Choice:
    """An id with its words: a kind of evidence, a state of a submission."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Level:
    """A step of the scale on which a standard is judged."""

    id: str
    title: str
    value: int | None
    """Its place from 0; none for "does not apply"."""
    passes: bool
    needs_reason: bool


@dataclass(frozen=True, slots=True)
class Scale:
    """The levels of judgement, lowest first."""

    levels: tuple[Level, ...]
    status: str = ""
    modelled_on: str = ""

    def find_level(self, level_id: str) -> Level | None:
        """A level by its id."""
        return next((one for one in self.levels if one.id == level_id), None)


@dataclass(frozen=True, slots=True)
class Overall:
    """How the judgements on all standards become one."""

    rule: str
    """In words, as it is shown."""
    others_below: int
    """How many standards that are not core may be below a passing level."""
    states: tuple[Choice, ...]
    validity_years: int
    validity_note: str = ""
    status: str = ""


@dataclass(frozen=True)
class Framework:
    """A set of outcomes or of standards, in one version."""

    key: str
    version: int
    title: str
    kind: str
    is_official_text: bool
    """Whether the words are the published ones. Where not, every page and print says so."""
    source: str
    kind_of_item: str
    """What one of them is called, such as outcome or standard."""
    items: tuple[Item, ...]
    """In reading order: each area before what lies in it."""
    closed: str = ""
    """Who may no longer begin under it, in a sentence; empty where it is open."""
    attested: tuple[Attested, ...] = ()
    evidence_kinds: tuple[Choice, ...] = ()
    scale: Scale | None = None
    overall: Overall | None = None
    is_shipped: bool = True
    """Whether it came with the tool; else a programme leader brought it in."""
    _by_id: dict[str, Item] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._by_id.update((item.id, item) for item in self.items)

    @property
    def placeholder_note(self) -> str:
        """What every page, export and print says until the words are the published ones; empty
        from then on."""
        if self.is_official_text:
            return ""
        if self.is_shipped:
            return (
                f"Placeholder, not the official text: the wording of “{self.title}” was drafted "
                "for this tool. Your programme leader can bring in the official one."
            )
        return f"Not the official text: your programme’s own wording of “{self.title}”."

    def find_item(self, item_id: str) -> Item | None:
        """An item or area by its id."""
        return self._by_id.get(item_id)

    @cached_property
    def judged(self) -> tuple[Item, ...]:
        """What is reflected on or judged: all but the areas."""
        return tuple(item for item in self.items if not item.is_area)

    @cached_property
    def areas(self) -> tuple[Item, ...]:
        """What holds the items together, in reading order."""
        return tuple(item for item in self.items if item.is_area)

    def area_of(self, item: Item) -> Item | None:
        """The area an item lies in, or None at the top."""
        return self._by_id.get(item.parent)

    def inside(self, area_id: str) -> tuple[Item, ...]:
        """What lies directly in an area; with an empty id, what stands at the top."""
        return tuple(item for item in self.items if item.parent == area_id)
