"""Settings files whose every value knows its line, so that a mistake is named by file, line, field.

Read with PyYAML's own composer: nothing is built from the file but text, numbers and yes or no.
What a settings file never needs is refused before anything is built: aliases (a small file could
grow without end by them), deep nesting, a field written twice, signs that nobody sees.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from lti_tool.core.errors import Unusable
from lti_tool.core.yaml_text import LOADER

LARGEST = 1024 * 1024
"""Bytes of one file; the largest of ours has some 20,000."""
_DEEPEST = 12
_MOST_EVENTS = 100_000
"""Values, and beginnings and ends of lists: what a thousand long items come to."""
_WHOLE = re.compile(r"[1-9]\d{0,5}", re.ASCII)
_COUNT = re.compile(r"\d{1,6}", re.ASCII)
_NOTHING = "tag:yaml.org,2002:null"
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


def has_unseen_signs(text: str) -> bool:
    """Whether a text holds control characters, or signs that turn the order of its letters."""
    return _UNSEEN.search(text) is not None


@dataclass(frozen=True)
class Place:
    """A mapping in a file; its values are asked for by field."""

    file: str
    """What the file is called in messages."""
    node: yaml.MappingNode

    @property
    def line(self) -> int:
        """The line it begins on."""
        return int(self.node.start_mark.line) + 1

    def refuse(self, field: str, sentence: str) -> Unusable:
        """The error for a field: file, line and field, then what is wrong with it."""
        node = self._written(field) or self.node
        return Unusable(f"{self.file}, line {node.start_mark.line + 1}, {field}: {sentence}")

    def _written(self, field: str) -> yaml.Node | None:
        for key, value in self.node.value:
            if key.value == field:
                found: yaml.Node = value
                return found
        return None

    def _find(self, field: str) -> yaml.Node | None:
        """What stands under a field; one that is left empty counts as left out."""
        node = self._written(field)
        return None if node is not None and node.tag == _NOTHING else node

    def allow_only(self, *fields: str) -> Place:
        """This place, once it is sure that it has no field of another name (a slip of the pen)
        and none twice.

        :raises Unusable: naming the field.
        """
        seen: set[str] = set()
        for key, _ in self.node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise Unusable(
                    f"{self.file}, line {key.start_mark.line + 1}: begin with a field’s name."
                )
            if key.value not in fields:
                raise self.refuse(str(key.value)[:50], "this field is not known here.")
            if key.value in seen:
                raise self.refuse(key.value, "this field is written twice.")
            seen.add(key.value)
        return self

    def text(self, field: str, otherwise: str | None = None, most: int = 4000) -> str:
        """Words.

        :param otherwise: what is meant where the field is left out; needed where None.
        :param most: characters allowed.
        :raises Unusable: the field is missing, holds no words or too many.
        """
        node = self._find(field)
        if node is None and otherwise is not None:
            return otherwise
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            raise self.refuse(field, "write words here.")
        return self._plain(field, node, most)

    def _plain(self, field: str, node: yaml.ScalarNode, most: int) -> str:
        text = str(node.value).strip()
        if has_unseen_signs(text):
            raise self.refuse(field, "this holds a sign that cannot be seen. Type it again.")
        if len(text) > most:
            raise self.refuse(field, f"this is longer than {most:,} characters.")
        return text

    def choice(self, field: str, known: tuple[str, ...]) -> str:
        """One of a few words.

        :raises Unusable: it is none of them.
        """
        found = self.text(field)
        if found not in known:
            raise self.refuse(field, f"this must be one of: {', '.join(known)}.")
        return found

    def flag(self, field: str, otherwise: bool | None = None) -> bool:
        """Yes or no.

        :raises Unusable: it is neither.
        """
        node = self._find(field)
        if node is None and otherwise is not None:
            return otherwise
        if node is None or node.tag != "tag:yaml.org,2002:bool":
            raise self.refuse(field, "write true or false here.")
        return bool(node.value.lower() in ("true", "yes", "on"))

    def whole(self, field: str) -> int | None:
        """A whole number from 1 to 999,999, or None where the field is left out.

        :raises Unusable: it is something else.
        """
        node = self._find(field)
        if node is None:
            return None
        if not isinstance(node, yaml.ScalarNode) or not _WHOLE.fullmatch(node.value):
            raise self.refuse(field, "write a whole number above 0 here.")
        return int(node.value)

    def count(self, field: str) -> int:
        """A whole number from 0.

        :raises Unusable: the field is missing or holds something else.
        """
        found = self.text(field)
        if not _COUNT.fullmatch(found):
            raise self.refuse(field, "write a whole number from 0 here.")
        return int(found)

    def has(self, field: str) -> bool:
        """Whether a field is written and not left empty."""
        return self._find(field) is not None

    def texts(self, field: str) -> tuple[str, ...]:
        """A list of words; empty where the field is left out.

        :raises Unusable: it is no list of words.
        """
        node = self._find(field)
        if node is None:
            return ()
        if not isinstance(node, yaml.SequenceNode) or not all(
            isinstance(one, yaml.ScalarNode) and one.value.strip() for one in node.value
        ):
            raise self.refuse(field, "write a list of words here.")
        return tuple(self._plain(field, one, 4000) for one in node.value)

    def inside(self, field: str) -> Place | None:
        """The mapping under a field, or None where it is left out.

        :raises Unusable: it is no mapping.
        """
        node = self._find(field)
        if node is None:
            return None
        if not isinstance(node, yaml.MappingNode):
            raise self.refuse(field, "write fields with their values here.")
        return Place(self.file, node)

    def listed(self, field: str) -> list[Place]:
        """The mappings in a list, at least one.

        :raises Unusable: there is none, or one is no mapping.
        """
        node = self._find(field)
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            raise self.refuse(field, "write a list with at least one entry here.")
        for one in node.value:
            if not isinstance(one, yaml.MappingNode):
                raise self.refuse(field, "every entry needs fields with their values.")
        return [Place(self.file, one) for one in node.value]

    def fields(self) -> tuple[str, ...]:
        """The names of the fields there are."""
        return tuple(str(key.value) for key, _ in self.node.value)


def read_file(path: Path) -> Place:
    """The mapping that a file is.

    :raises Unusable: it is not there, cannot be read, or is no mapping.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise Unusable(f"{path} is not there.") from None
    except OSError as error:
        raise Unusable(f"{path} cannot be read: {error.strerror}.") from None
    return read_bytes(data, str(path))


def read_bytes(data: bytes, file: str) -> Place:
    """The mapping that the bytes of a YAML file are.

    :param file: what the file is called in messages.
    :raises Unusable: it is too large, cannot be read, or is no mapping.
    """
    if len(data) > LARGEST:
        raise Unusable(f"{file} is larger than {LARGEST // 1024 // 1024} MB.")
    try:
        text = data.decode("utf-8-sig")
        _require_plain(text, file)
        node = yaml.compose(text, Loader=LOADER)
    except UnicodeDecodeError:
        raise Unusable(f"{file} cannot be read: save it as UTF-8.") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f", line {mark.line + 1}," if mark else ""
        raise Unusable(f"{file}{where} cannot be read: {error.problem}.") from None
    except yaml.YAMLError as error:
        raise Unusable(f"{file} cannot be read: {' '.join(str(error).split())}.") from None
    if not isinstance(node, yaml.MappingNode):
        raise Unusable(f"{file}, line 1: write fields with their values here.")
    return Place(file, node)


def _require_plain(text: str, file: str) -> None:
    """Refuse aliases, deep nesting and far too much before anything is built: the composer goes
    down a level of its own for each."""
    depth = 0
    for number, event in enumerate(yaml.parse(text, Loader=LOADER)):
        where = f"{file}, line {event.start_mark.line + 1}" if event.start_mark else file
        if getattr(event, "anchor", None):
            raise Unusable(f"{where}: write it out; references such as &a and *a are not read.")
        if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            depth += 1
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            depth -= 1
        if number > _MOST_EVENTS:
            raise Unusable(f"{where}: this file holds far more than we take, so we stopped.")
        if depth > _DEEPEST:
            raise Unusable(f"{where}: this is nested too deeply.")


def require_own_ids(places: list[Place]) -> None:
    """Every place needs an id that no other has.

    :raises Unusable: naming the second one.
    """
    seen: set[str] = set()
    for place in places:
        if place.text("id") in seen:
            raise place.refuse("id", "another entry has this id too.")
        seen.add(place.text("id"))
