"""The models of reflection that a participant may choose, from `config/words/reflection.yaml`."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lti_tool.core.errors import Unusable
from lti_tool.core.word_files import WordsUnusable, read_yaml

_FILE = "config/words/reflection.yaml"
_MOST_STEPS = 8


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a model: what is written under it is kept by its key."""

    key: str
    title: str
    prompt: str


@dataclass(frozen=True, slots=True)
class Model:
    """A way to reflect, with its source."""

    key: str
    title: str
    about: str
    source: str
    steps: tuple[Step, ...]


def _wrong(sentence: str) -> Unusable:
    return WordsUnusable(f"{_FILE}: {sentence}")


def _text(given: dict[str, Any], name: str, where: str) -> str:
    text = given.get(name)
    if not isinstance(text, str) or not text.strip():
        raise _wrong(f"{where} needs “{name}”.")
    return " ".join(text.split())


def _step(given: Any, where: str) -> Step:
    if not isinstance(given, dict) or set(given) != {"key", "title", "prompt"}:
        raise _wrong(f"each step of {where} holds key, title and prompt.")
    key = _text(given, "key", where)
    if not key.isidentifier() or len(key) > 30:
        raise _wrong(f"“{key}” in {where} must be a short word of letters and _.")
    return Step(key, _text(given, "title", key), _text(given, "prompt", key))


def _model(key: str, given: Any) -> Model:
    if not isinstance(given, dict) or set(given) != {"title", "about", "source", "steps"}:
        raise _wrong(f"{key} holds title, about, source and steps.")
    steps = given["steps"]
    if not isinstance(steps, list) or not 1 <= len(steps) <= _MOST_STEPS:
        raise _wrong(f"{key} needs 1 to {_MOST_STEPS} steps.")
    return Model(
        key,
        _text(given, "title", key),
        _text(given, "about", key),
        _text(given, "source", key),
        tuple(_step(one, key) for one in steps),
    )


@cache
def load_models(config_dir: Path) -> dict[str, Model]:
    """The models by key, in the file's order, read once.

    :raises Unusable: naming what is wrong in `words/reflection.yaml`.
    """
    given = read_yaml(config_dir / "words" / "reflection.yaml").get("models")
    if not isinstance(given, dict) or not given:
        raise _wrong("it needs “models”.")
    found = {str(key): _model(str(key), one) for key, one in given.items()}
    keys = [step.key for model in found.values() for step in model.steps]
    if len(keys) != len(set(keys)):
        raise _wrong("each step’s key stands once in the whole file, since texts are kept by it.")
    return found
