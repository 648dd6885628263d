"""The written parts of the audit and the declarations, as `config/` words them."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lti_tool.core.errors import Unusable
from lti_tool.core.located import Place, read_file, require_own_ids
from lti_tool.core.yaml_text import read_config
from lti_tool.frameworks.shipped import OF_ACTIVITIES

KEY = "provision-map-audit"
STATUSES = ("reconstruction", "official")
STEPS = ("assess", "plan", "do", "review")
EVIDENCE = (
    *("map", "cost", "hours", "impact", "complete"),
    *("reviews", "gap", "budget", "school", "needs"),
)
"""What the ids of figures begin with."""


@dataclass(frozen=True, slots=True)
class WordLimit:
    """How many words are asked for; either end may be open."""

    least: int | None
    most: int | None

    def said(self, count: int) -> str:
        """'212 of 500 words', and what is wrong with it, in words."""
        text = f"{count:,} of {self.most:,} words" if self.most else words_said(count)
        if self.most and count > self.most:
            return f"{text}: {count - self.most:,} too many"
        if self.least and count < self.least:
            return f"{text}; at least {self.least:,} are asked for"
        return text

    def is_over(self, count: int) -> bool:
        """Whether there are more words than asked for."""
        return self.most is not None and count > self.most


NO_LIMIT = WordLimit(None, None)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question that belongs to one step of the graduated approach."""

    step: str
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """One written part: what it is called, what it asks, and what goes with it."""

    id: str
    title: str
    question: str
    has_judgement: bool
    prompts: tuple[Prompt, ...] = ()
    evidence: tuple[str, ...] = ()
    reflects_outcomes: bool = False
    words: WordLimit = NO_LIMIT


@dataclass(frozen=True, slots=True)
class Judgement:
    """A step of the scale on which a part is judged."""

    id: str
    title: str
    means: str


@dataclass(frozen=True, slots=True)
class Framework:
    """The parts and the scale in force."""

    title: str
    status: str
    parts: tuple[Part, ...]
    judgements: tuple[Judgement, ...]
    words_in_all: WordLimit = NO_LIMIT

    def find_part(self, part_id: str) -> Part | None:
        """A part by its id."""
        return next((part for part in self.parts if part.id == part_id), None)


def words_said(count: int) -> str:
    """'1 word', '212 words'."""
    return f"{count:,} word{'' if count == 1 else 's'}"


def _limit(place: Place, field: str) -> WordLimit:
    inside = place.inside(field)
    if inside is None:
        return NO_LIMIT
    inside.allow_only("least", "most")
    limit = WordLimit(inside.whole("least"), inside.whole("most"))
    if limit.least and limit.most and limit.least > limit.most:
        raise inside.refuse("least", "this is more than the most.")
    return limit


def _prompts(place: Place) -> tuple[Prompt, ...]:
    inside = place.inside("prompts")
    if inside is None or not inside.fields():
        raise place.refuse("prompts", "write a prompt for at least one step here.")
    inside.allow_only(*STEPS)
    return tuple(Prompt(step, inside.text(step)) for step in STEPS if step in inside.fields())


def _part(place: Place) -> Part:
    place.allow_only(
        *("id", "title", "question", "has_judgement"), *("prompts", "evidence", "outcomes", "words")
    )
    evidence = place.texts("evidence")
    if unknown := [one for one in evidence if one not in EVIDENCE]:
        raise place.refuse("evidence", f"“{unknown[0]}” is not one of: {', '.join(EVIDENCE)}.")
    return Part(
        place.text("id"),
        place.text("title"),
        place.text("question"),
        place.flag("has_judgement"),
        _prompts(place),
        evidence,
        place.flag("outcomes", False),
        _limit(place, "words"),
    )


@cache
def load_framework(config_dir: Path) -> Framework:
    """The parts from `config/frameworks/provision-map-audit.yaml`; its head says how to write it.

    :raises Unusable: naming file, line and field.
    """
    whole = read_file(config_dir / "frameworks" / f"{KEY}.yaml")
    whole.allow_only(
        *("key", "version", "title", "kind", "status", "source"),
        *("judgements", "parts", "words_in_all"),
    )
    whole.choice("kind", (OF_ACTIVITIES,))
    places, scale = whole.listed("parts"), whole.listed("judgements")
    require_own_ids(places)
    require_own_ids(scale)
    for one in scale:
        one.allow_only("id", "title", "means")
    parts = tuple(_part(place) for place in places)
    if sum(part.reflects_outcomes for part in parts) > 1:
        raise whole.refuse("parts", "only one part may reflect on the outcomes.")
    return Framework(
        whole.text("title"),
        whole.choice("status", STATUSES),
        parts,
        tuple(Judgement(one.text("id"), one.text("title"), one.text("means")) for one in scale),
        _limit(whole, "words_in_all"),
    )


@cache
def load_declarations(config_dir: Path) -> dict[str, str]:
    """Key to wording of each declaration, from `config/words/declarations.yaml`.

    :raises Unusable: naming what is missing.
    """
    path = config_dir / "words" / "declarations.yaml"
    document = read_config(path)
    try:
        found = {str(one["id"]): str(one["text"]) for one in document[KEY]}
    except (KeyError, TypeError) as error:
        raise Unusable(f"{path} lacks {error}.") from None
    if not found:
        raise Unusable(f"{path} has no declarations for {KEY}.")
    return found
