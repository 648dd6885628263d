"""A file that a leader brings in, read to be looked at: nothing is kept here.

A Word document, an Excel workbook or a CSV has the items in tables and takes the rest (the scale,
the rule) from the version in force; a YAML file of our own form has everything.
"""

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lti_tool.core.errors import Unusable
from lti_tool.core.located import read_bytes
from lti_tool.frameworks.checking import in_reading_order, problems_of
from lti_tool.frameworks.framework import Framework, Item
from lti_tool.frameworks.kinds import EvidenceKinds
from lti_tool.frameworks.reading import read_framework
from lti_tool.frameworks.rows import (
    KEPT_WHERE_LEFT_OUT,
    Columns,
    Draft,
    drafts_of,
    find_columns,
    with_areas,
)
from lti_tool.frameworks.words import FrameworkWords, load_words
from lti_tool.papers.lists import open_rows
from lti_tool.papers.word_tables import read_word_tables

LARGEST_FILE = 2 * 1024 * 1024
"""Bytes."""
_OWN_FORM = re.compile(r"(?:\ufeff|\s|#[^\n]*\n)*[a-z_]+:(?:\s|$)", re.ASCII)
Rows = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file as it was read."""

    where: str
    item: Item


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says."""

    framework: Framework | None
    """The version that it would make; none where something is wrong."""
    lines: tuple[Line, ...]
    problems: tuple[str, ...]
    """Each names its row and column."""
    notes: tuple[str, ...]
    """What was taken from the version in force, or left out."""
    is_whole: bool = False
    """Whether the file has title and source too."""


def read_file(data: bytes, config_dir: Path, before: Framework) -> Reading:
    """Read a file that is to take the place of a framework.

    :param data: the whole file; what it is comes from its content.
    :param before: the version in force.
    :raises Unusable: it cannot be read at all.
    """
    if len(data) > LARGEST_FILE:
        raise Unusable("This file is larger than 2 MB. Take out what is not the list.")
    if _is_word(data):
        return _from_tables(read_word_tables(data), "Table {}, ", load_words(config_dir), before)
    if not data.startswith(b"PK") and _is_own_form(data):
        return _from_own_form(data, before)
    return _from_tables([open_rows(data)], "", load_words(config_dir), before)


def _is_word(data: bytes) -> bool:
    if not data.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "word/document.xml" in archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False


def _is_own_form(data: bytes) -> bool:
    return _OWN_FORM.match(data[:4000].decode("utf-8", "replace")) is not None


def _from_own_form(data: bytes, before: Framework) -> Reading:
    whole = read_bytes(data, "The file")
    for field, wanted in (("key", before.key), ("kind", before.kind)):
        if whole.text(field) != wanted:
            raise whole.refuse(field, f"this must be {wanted}, which you are replacing.")
    framework = replace(read_framework(whole), is_shipped=False)
    lines = tuple(
        Line(f"Entry {number}", item) for number, item in enumerate(framework.items, start=1)
    )
    return Reading(framework, lines, (), (), is_whole=True)


def _from_tables(
    tables: Sequence[Rows], name: str, words: FrameworkWords, before: Framework
) -> Reading:
    kinds = EvidenceKinds(before)
    drafts: list[Draft] = []
    notes: list[str] = []
    read: list[Columns] = []
    for number, rows in enumerate(tables, start=1):
        columns = find_columns(rows, words)
        if columns is None:
            notes.append(f"Table {number} was left out: it has no headings that are known.")
            continue
        read.append(columns)
        drafts += drafts_of(name.format(number), rows, columns, words, before, kinds)
    if not read:
        raise Unusable(_no_headings(before))
    if not drafts:
        raise Unusable("There are headings, but no row below them. Choose the file with the list.")
    return _reading(with_areas(drafts, before), kinds, read, notes, before)


def _no_headings(before: Framework) -> str:
    return (
        "No row of headings was found. The table needs one, with a column for the number (such as "
        f"“Number” or “Id”) and one for the words (such as “{before.kind_of_item.capitalize()}” "
        "or “Title”)."
    )


def _reading(
    drafts: Sequence[Draft],
    kinds: EvidenceKinds,
    read: Sequence[Columns],
    notes: list[str],
    before: Framework,
) -> Reading:
    items = [draft.item for draft in drafts]
    for problem in problems_of(items):
        drafts[problem.number].problem(problem.field, problem.sentence)
    problems = tuple(sentence for draft in drafts for sentence in draft.problems)
    framework = None
    if not problems:
        framework = replace(
            before,
            items=in_reading_order(items),
            evidence_kinds=tuple(kinds.known),
            is_shipped=False,
        )
    lines = tuple(Line(draft.where, draft.item) for draft in drafts)
    return Reading(framework, lines, problems, (*notes, *_notes(items, kinds, read, before)))


def _notes(
    items: Sequence[Item], kinds: EvidenceKinds, read: Sequence[Columns], before: Framework
) -> list[str]:
    """What the reader did that nobody wrote."""
    found = []
    missing = [name for name in KEPT_WHERE_LEFT_OUT if not any(name in one.places for one in read)]
    same = sum(before.find_item(item.id) is not None for item in items)
    if missing and same:
        found.append(
            f"There is no column for {', '.join(missing)}: the {same} with an id that is in force "
            "keep what they have."
        )
    if kinds.new:
        titles = ", ".join(f"“{one.title}”" for one in kinds.new)
        found.append(f"New kinds of evidence: {titles}.")
    return found
