"""The written parts of the audit and the declarations, as `config/` words them."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from lti_tool.core.errors import Unusable

KEY = "provision-map-audit"


@dataclass(frozen=True, slots=True)
class Part:
    """One written part: what it is called, what it asks, whether a judgement goes with it."""

    id: str
    title: str
    question: str
    has_judgement: bool


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


def _read(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text("utf-8"))
    except FileNotFoundError:
        raise Unusable(f"{path} is not there.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Unusable(f"{path} cannot be read: {error}") from None


@cache
def load_framework(config_dir: Path) -> Framework:
    """The parts from `config/frameworks/provision-map-audit.yaml`.

    :raises Unusable: naming what is missing.
    """
    path = config_dir / "frameworks" / f"{KEY}.yaml"
    document = _read(path)
    try:
        parts = tuple(
            Part(
                str(one["id"]), str(one["title"]), str(one["question"]), bool(one["has_judgement"])
            )
            for one in document["parts"]
        )
        judgements = tuple(
            Judgement(str(one["id"]), str(one["title"]), str(one["means"]))
            for one in document["judgements"]
        )
        found = Framework(str(document["title"]), str(document["status"]), parts, judgements)
    except (KeyError, TypeError) as error:
        raise Unusable(f"{path} lacks {error}.") from None
    if not parts or len({part.id for part in parts}) != len(parts):
        raise Unusable(f"{path}: every part needs an id of its own.")
    return found


@cache
def load_declarations(config_dir: Path) -> dict[str, str]:
    """Key to wording of each declaration, from `config/words/declarations.yaml`.

    :raises Unusable: naming what is missing.
    """
    path = config_dir / "words" / "declarations.yaml"
    try:
        found = {str(one["id"]): str(one["text"]) for one in _read(path)[KEY]}
    except (KeyError, TypeError) as error:
        raise Unusable(f"{path} lacks {error}.") from None
    if not found:
        raise Unusable(f"{path} has no declarations for {KEY}.")
    return found
