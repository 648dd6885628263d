"""The cells of a row in the grid: the text each one shows, and a row with cells typed anew.

Text that cannot be read is kept as typed beside the row (`unread`) and shown in its cell with a
sentence; text that looks like a pupil is refused and kept nowhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from lti_tool.activities.provision_map_audit.document import MapRow
from lti_tool.activities.provision_map_audit.map.cell_reading import (
    MAX_TEXT,
    CellReader,
    empty_value,
    plain_name,
)
from lti_tool.activities.provision_map_audit.map.limits import Limits
from lti_tool.activities.provision_map_audit.map.row_form import (
    ALL_FIELDS,
    row_to_form,
    with_values,
)
from lti_tool.activities.provision_map_audit.words import Words, fold_word_list
from lti_tool.privacy.guard import Suspicion

_STAFF = ("staff", "hourly_rate")


@dataclass(frozen=True, slots=True)
class Typed:
    """A row after cells were typed, and by field how texts were read and what was refused.

    `refused` texts are kept nowhere; the value is None where the text is only too long.
    `sentences` says what is wrong with refused and unread texts.
    """

    row: MapRow
    said: dict[str, str] = field(default_factory=dict)
    refused: dict[str, Suspicion | None] = field(default_factory=dict)
    sentences: dict[str, str] = field(default_factory=dict)


def shown_cells(one: MapRow, words: Words, limits: Limits) -> dict[str, str]:
    """The text of every cell of a row that is not empty; labels stand for codes."""
    texts = row_to_form(one.row, words)
    labels = {
        "area": words.area_labels,
        "tier": words.tier_labels,
        "scale": limits.scale_labels,
    }
    for name in list(texts):
        known = labels.get(plain_name(name))
        if known:
            texts[name] = known.get(texts[name], texts[name])
    texts |= {name: text for name, text in one.unread.items() if name in ALL_FIELDS}
    if texts.get("groups") == "1":
        del texts["groups"]
    if texts.get("other_cost") == "0":
        del texts["other_cost"]
    return {name: text for name, text in texts.items() if text}


def type_cells(
    one: MapRow,
    typed: Mapping[str, str],
    words: Words,
    limits: Limits,
    cleared: frozenset[str],
) -> Typed:
    """A row with some cells typed anew. Cells that were not typed keep their values.

    :param typed: text by field; an empty text empties the cell.
    """
    before = shown_cells(one, words, limits)
    form = {name: _code(name, text, limits) for name, text in {**before, **typed}.items()}
    names = {*typed, *(name for name in one.unread if name in ALL_FIELDS)}
    if names & set(_STAFF):
        names |= set(_STAFF)
    reader = CellReader(form, words, cleared)
    reader.read(name for name in ALL_FIELDS if name in names)
    values = dict(reader.values)
    unread = {name: text for name, text in one.unread.items() if name not in names}
    for name in names & set(reader.errors):
        if _may_not_be_kept(name, reader):
            unread |= {name: one.unread[name]} if name in one.unread else {}
        elif name in typed or name in one.unread:
            unread[name] = form[name]
            if name != "hourly_rate":
                values[name] = empty_value(plain_name(name))
    row = with_values(one.row, values)
    return Typed(
        replace(one, row=row, unread=unread),
        said={name: text for name, text in reader.said.items() if name in typed},
        refused={
            name: reader.refused.get(name)
            for name in typed
            if name in reader.errors and _may_not_be_kept(name, reader)
        },
        sentences=reader.errors,
    )


def _may_not_be_kept(name: str, reader: CellReader) -> bool:
    """Texts that look like a pupil, and texts that are too long for any cell."""
    return name in reader.refused or len(reader.form.get(name, "")) > MAX_TEXT


def why_unread(one: MapRow, words: Words, limits: Limits) -> dict[str, str]:
    """The sentence for each text of a row that could not be read."""
    if not one.unread:
        return {}
    found = type_cells(one, {}, words, limits, frozenset()).sentences
    return {name: found.get(name, "We could not read this.") for name in one.unread}


def _code(name: str, text: str, limits: Limits) -> str:
    """The code of a kind of score that was typed in words; other texts stay as they are."""
    if plain_name(name) != "scale":
        return text
    return limits.scale_words.get(fold_word_list(text), text)
