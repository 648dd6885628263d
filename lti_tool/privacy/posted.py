"""What a page of writing posted: cleaned, looked through for names, and what may be kept of it.

A field in which a child seems to be named is *held*: it stays on the page as typed, what was stored
of it before stays stored, and all other fields may be saved. A field that no database keeps (too
long, hidden characters) is held too, with nothing found in it. See decision 0027; the notice at a
held field is the macro of `web/held.html`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from flask import request

from lti_tool.privacy.guard import is_clear_key
from lti_tool.privacy.prose import Found, find_in_prose
from lti_tool.privacy.words import GuardWords
from lti_tool.web.forms import clean_text

REMOVED = "[name removed]"
_NO_CHILD = ("adult", "phone")
"""Kinds of findings that do not look like a child."""


@dataclass(frozen=True, slots=True)
class Field:
    """A text field of a form; `before` is what is stored of it, `limit` counts characters."""

    name: str
    label: str
    limit: int
    before: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing to decide about: a finding, with the shorter ones that are part of it."""

    text: str
    reason: str
    keys: str
    """Keys of all its findings, as buttons carry them."""
    can_clear: bool
    keep_label: str
    """What the button says that keeps the text."""


def doubts_of(found: Iterable[Found]) -> tuple[Doubt, ...]:
    """Findings put together, so that “Jack Carter” and “Carter” are asked about once."""
    listed = list(found)
    made = []
    for one in listed:
        if any(one.text != other.text and one.text in other.text for other in listed):
            continue
        parts = [other for other in listed if other.text in one.text]
        keys = "|".join(dict.fromkeys(other.clear_key for other in parts))
        label = "Nobody is named here" if one.kind in _NO_CHILD else "This is not a child"
        can_clear = all(other.can_clear for other in parts)
        made.append(Doubt(one.text, one.reason, keys, can_clear, label))
    return tuple(made)


@dataclass(frozen=True, slots=True)
class Held:
    """Why a field was not saved: a sentence, and what was found in it."""

    sentence: str
    found: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Posted:
    """The fields of a post: as typed, those held back, and words said to be no child's name."""

    fields: dict[str, Field]
    typed: dict[str, str]
    held: dict[str, Held]
    cleared: frozenset[str]

    def kept(self, name: str) -> str:
        """What may be stored of a field."""
        return self.fields[name].before if name in self.held else self.typed[name]


@dataclass(frozen=True, slots=True)
class Act:
    """The button that sent the form: what it does, and to what."""

    name: str
    of: tuple[str, ...]

    @property
    def first(self) -> str:
        """What it is done to, empty where nothing is named."""
        return self.of[0] if self.of else ""


def posted_act() -> Act:
    """The button pressed; an empty one for saving and for saving by script."""
    name, *of = request.form.get("act", "").split("|")
    return Act(name, tuple(of))


def wants_json() -> bool:
    """Whether a script saves, rather than a person with the button."""
    return request.headers.get("X-Requested-With") == "fetch"


def take_out(text: str, found: Found) -> str:
    """The text with one finding replaced wherever it stands."""
    gap = r"\s+".join(re.escape(word) for word in found.text.split())
    return re.sub(rf"(?<!\w){gap}(?!\w)", lambda _: REMOVED, text, flags=re.IGNORECASE)


def _clean(field: Field) -> tuple[str, Held | None]:
    typed = request.form.get(field.name, field.before)
    try:
        text = clean_text(typed)
    except ValueError as error:
        return typed.replace("\x00", ""), Held(f"{field.label}: {error}")
    if len(text) > field.limit:
        return text, Held(f"{field.label} is longer than {field.limit:,} characters. Shorten it.")
    return text, None


def _names_sentence(label: str, found: Iterable[Doubt]) -> str:
    """That a field is not saved because of whom it seems to name."""
    said = ", ".join(f"“{one.text}”" for one in found)
    return f"{label} is not saved yet: it seems to name somebody ({said})."


def read_posted(
    fields: Iterable[Field], words: GuardWords, known: frozenset[str], act: Act
) -> Posted:
    """Read the fields of this post and hold back what may not be stored.

    A script saves often, so for it only fields that changed are looked through; the stored text of
    the others was looked through when it was stored.

    :param known: what was said before to be no child's name.
    :param act: `not-a-child` and `leave-out`, each of a finding's key, are done here.
    """
    told = frozenset(act.of) if act.name == "not-a-child" else frozenset()
    cleared = frozenset(key for key in told if is_clear_key(key))
    every = {field.name: field for field in fields}
    typed, held = {}, {}
    for name, field in every.items():
        text, wrong = _clean(field)
        found: list[Found] = []
        if not wrong and text and not (wants_json() and text == field.before):
            found = find_in_prose(text, words, known | cleared)
            if act.name == "leave-out" and any(one.clear_key in act.of for one in found):
                for one in sorted(found, key=lambda one: -len(one.text)):
                    text = take_out(text, one) if one.clear_key in act.of else text
                found = find_in_prose(text, words, known | cleared)
        if found:
            doubts = doubts_of(found)
            wrong = Held(_names_sentence(field.label, doubts), doubts)
        if wrong:
            held[name] = wrong
        typed[name] = text
    return Posted(every, typed, held, cleared)
