"""Settings files whose every value knows its line, so that a mistake is named by file, line, field.

Read with PyYAML's own composer: nothing is built from the file but text, numbers and yes or no.
Called by the loaders beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from lti_tool.core.errors import Unusable

STATUSES = ("reconstruction", "official")


@dataclass(frozen=True)
class Place:
    """A mapping in a file; its values are asked for by field."""

    path: Path
    node: yaml.MappingNode

    def refuse(self, field: str, sentence: str) -> Unusable:
        """The error for a field: file, line and field, then what is wrong with it."""
        node = self._find(field) or self.node
        return Unusable(f"{self.path}, line {node.start_mark.line + 1}, {field}: {sentence}")

    def _find(self, field: str) -> yaml.Node | None:
        for key, value in self.node.value:
            if key.value == field:
                found: yaml.Node = value
                return found
        return None

    def allow_only(self, *fields: str) -> Place:
        """This place, once it is sure that it has no field of another name (a slip of the pen).

        :raises Unusable: naming the field.
        """
        for key, _ in self.node.value:
            if key.value not in fields:
                raise self.refuse(str(key.value), "this field is not known here.")
        return self

    def text(self, field: str, otherwise: str | None = None) -> str:
        """Words.

        :param otherwise: what is meant where the field is left out; needed where None.
        :raises Unusable: the field is missing or holds no words.
        """
        node = self._find(field)
        if node is None and otherwise is not None:
            return otherwise
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            raise self.refuse(field, "write words here.")
        return str(node.value)

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
        """A whole number above 0, or None where the field is left out.

        :raises Unusable: it is something else.
        """
        node = self._find(field)
        if node is None:
            return None
        if not isinstance(node, yaml.ScalarNode) or not node.value.isdecimal() or node.value == "0":
            raise self.refuse(field, "write a whole number above 0 here.")
        return int(node.value)

    def texts(self, field: str) -> tuple[str, ...]:
        """A list of words; empty where the field is left out.

        :raises Unusable: it is no list of words.
        """
        node = self._find(field)
        if node is None:
            return ()
        if not isinstance(node, yaml.SequenceNode) or not all(
            isinstance(one, yaml.ScalarNode) and one.value for one in node.value
        ):
            raise self.refuse(field, "write a list of words here.")
        return tuple(str(one.value) for one in node.value)

    def inside(self, field: str) -> Place | None:
        """The mapping under a field, or None where it is left out.

        :raises Unusable: it is no mapping.
        """
        node = self._find(field)
        if node is None:
            return None
        if not isinstance(node, yaml.MappingNode):
            raise self.refuse(field, "write fields with their values here.")
        return Place(self.path, node)

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
        return [Place(self.path, one) for one in node.value]

    def fields(self) -> tuple[str, ...]:
        """The names of the fields there are."""
        return tuple(str(key.value) for key, _ in self.node.value)


def read_file(path: Path) -> Place:
    """The mapping that a file is.

    :raises Unusable: it is not there, cannot be read, or is no mapping.
    """
    try:
        node = yaml.compose(path.read_text("utf-8"), Loader=yaml.SafeLoader)
    except FileNotFoundError:
        raise Unusable(f"{path} is not there.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Unusable(f"{path} cannot be read: {error}") from None
    if not isinstance(node, yaml.MappingNode):
        raise Unusable(f"{path}, line 1: write fields with their values here.")
    return Place(path, node)


def require_own_ids(places: list[Place]) -> None:
    """Every place needs an id that no other has.

    :raises Unusable: naming the second one.
    """
    seen: set[str] = set()
    for place in places:
        if place.text("id") in seen:
            raise place.refuse("id", "another entry has this id too.")
        seen.add(place.text("id"))
