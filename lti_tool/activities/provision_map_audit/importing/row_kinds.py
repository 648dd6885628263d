"""Telling provisions from everything else that stands in a sheet: titles, headings, totals, notes.

A row is only set aside for a reason that can be shown; whatever is left is a provision.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from lti_tool.activities.provision_map_audit.importing.columns import HeaderMatch
from lti_tool.activities.provision_map_audit.importing.headings import DECLARED_COSTS
from lti_tool.activities.provision_map_audit.importing.own_columns import EXAMPLE
from lti_tool.activities.provision_map_audit.readings.reading import codes_in, parse_number
from lti_tool.activities.provision_map_audit.readings.terms import TermTitle, term_title
from lti_tool.activities.provision_map_audit.sheets.cells import Cell, Sheet
from lti_tool.activities.provision_map_audit.words import Words, fold, fold_word_list, heading_key
from lti_tool.privacy.person_shapes import is_year_group

TOTALS = "A row of totals. Totals are worked out afresh, so it is not counted."
_TOTAL = re.compile(
    r"^(?:(?:grand|sub|overall|running|annual|school|combined)[\s-]*)?totals?\b(?!\s+communication)|^sub-?totals?\b|^sum\b\s*(?:of|:|$)"
    r"|^(?:average|mean)\b(?!\s+\w+\s+group)|\b(?:sub[\s-]?|grand )total\b|\btotals?:?$",
    re.I,
)
# Only where the row gives money and nothing else: "Overall", "Net cost", "Notional SEN budget".
_SUMMARY = re.compile(
    r"^(?:overall|net|gross|balance|remaining|remainder|left over|under-?spend|over-?spend|costs?"
    r"|(?:staff|staffing|resources?|adult|ta|combined|overall|whole school)? ?costs?|spend|spent"
    r"|expenditure|variance|difference|shortfall|surplus|less|carried forward|[bc]/?f"
    r"|(?:notional |sen |send |school |our |annual |notional sen |notional send )*"
    r"(?:budget|funding|allocation|income)|top[- ]?up(?: funding)?|element [123]|sum(?: total)?"
    r"|sub ?tot\.?|tot\.?|t/c)\b"
    r"(?: (?:costs?|total|funding|budget|spend|spent|of|for|the|year|sen|send|provision|per|pupil"
    r"|pupils|school|all|ta|staff|hours|left|in|to|20\d\d|[-/:()\d]+))*\W*$",
    re.I,
)
_NOTE = re.compile(
    r"^(?:n\.?b\.?\b|notes?\b|please\b|key\b|source|reviewed|updated|last updated|prepared|created"
    r"|\*|"
    r"instructions?\b|guidance|this (?:map|sheet|document)|all (?:costs|rates|figures)"
    r"|completed by|date\b|"
    r"school:|senco:|costs?\s(?:are|based)|rates?\s(?:are|based)|ta\s*=|e\.g\.|example|version|approved|signed)",
    re.I,
)
_GROUPING = re.compile(
    r"\b(?:term|interventions|provisions?|provision map|ks\s?\d|key stage \d|20\d\d)\b\s*:?$|:$",
    re.I,
)
_COMPUTED = frozenset(
    {
        *DECLARED_COSTS,
        "total_time",
        "time_per_week",
        "pupils_reached",
        "other_cost",
        "total_sessions",
    }
)


@dataclass(frozen=True)
class RowKind:
    """`kind` is blank, header, total, heading, note or data; a heading may set area, tier, term."""

    kind: str
    reason: str = ""
    area: str | None = None
    tier: str | None = None
    term: TermTitle | None = None


def kind_of_row(cells: Sequence[Cell], match: HeaderMatch, words: Words) -> RowKind:
    """Say what one row below the header is."""
    own = [(index, cell) for index, cell in enumerate(cells) if not cell.is_blank]
    if not own:
        return RowKind("blank")
    if _repeats_header(own, match):
        return RowKind("header", "The header again.")
    fields = match.field_at
    if any(cell.text.startswith(EXAMPLE) for _, cell in own):
        return RowKind("note", "The example row of our template.")
    names = [cell.text for index, cell in own if fields.get(index) == "name"]
    worded = [(i, c) for i, c in own if isinstance(c.value, str) and re.search("[A-Za-z]", c.text)]
    if _is_total(own, worded, names, fields):
        return RowKind("total", TOTALS)
    if len({cell.text for _, cell in worded}) == 1:
        others = [fields.get(i) for i, c in own if (i, c) not in worded]
        if not others or all(field in _COMPUTED for field in others):
            return _lone_text(worded[0], others, fields, words)
    return RowKind("data")


def _repeats_header(own: list[tuple[int, Cell]], match: HeaderMatch) -> bool:
    headings, two_lines = match.key_at, len(match.header_row_indexes) > 1
    same = 0
    for number, (i, cell) in enumerate(own):
        if same + len(own) - number < 0.6 * len(own):
            return False  # too few cells are left for a header
        if not headings.get(i, "") or len(cell.text) > 200:
            continue
        key = heading_key(cell.text)
        part = two_lines and key in headings[i] and not re.search(r"\d", cell.text)
        same += bool(key and (key == headings[i] or part))
    return same >= 2 and same >= 0.6 * len(own)


def _is_total(
    own: list[tuple[int, Cell]],
    worded: list[tuple[int, Cell]],
    names: list[str],
    fields: dict[int, str | None],
) -> bool:
    labels = names[:1] or [cell.text for index, cell in worded if fields.get(index) != "notes"][:1]
    inputs = {fields.get(i) for i, _ in own} & {
        "minutes_per_session",
        "staff",
        "schedule",
        "hourly_rate",
    }
    label = labels[0].strip() if labels else ""
    others = {fields.get(i) for i, cell in own if cell.text != (labels or [""])[0]}
    if label and _SUMMARY.search(label) and others and others <= _COMPUTED | {None, "notes"}:
        return True
    if label and _TOTAL.search(label):
        return not ({"staff"} & inputs and {"minutes_per_session", "schedule"} & inputs)
    if not worded:
        return not names and all(
            fields.get(i) in _COMPUTED or fields.get(i) is None for i, _ in own
        )
    return bool(not names and not inputs and any(_TOTAL.search(cell.text) for _, cell in worded))


def _lone_text(
    item: tuple[int, Cell], others: list[str | None], fields: dict[int, str | None], words: Words
) -> RowKind:
    """One text and at most some figures: a heading, a note, or a provision with only a name."""
    index, cell = item
    text = cell.text.strip()
    area, tier = heading_codes(text, words)
    term = term_title(text, words.year)
    if area or tier or term:
        return RowKind("heading", f"A heading: {text}.", area, tier, term)
    if others and any(field == "name" for field in [fields.get(index)]):
        return RowKind("data")
    if others and fields.get(index) not in (None, "area", "tier", "notes"):
        return RowKind("data")
    if _NOTE.search(text) or len(text.split()) > 9 or text.endswith("."):
        return RowKind("note", "A note, not a provision.")
    if _GROUPING.search(text) or is_year_group(text):
        return RowKind("heading", "A heading, not a provision.")
    if fields.get(index) != "name":
        return RowKind("note", "A note: no provision is named in this row.")
    return RowKind("data")


def is_total_label(text: str) -> bool:
    """Whether a text only labels a total."""
    return bool(_TOTAL.search(text.strip()))


def sum_rows(sheet: Sheet, match: HeaderMatch) -> frozenset[int]:
    """Rows that give nothing but money, and exactly the sum of two or more rows above.

    One row above is enough where the label speaks of cost.
    """
    fields = match.field_at
    money = [i for i, field in fields.items() if field in _COMPUTED - {"pupils_reached"}]
    since: dict[int, list[Decimal]] = {index: [] for index in money}
    found: set[int] = set()
    for number in range(match.header_row_indexes[-1] + 1, len(sheet.cells)):
        cells = sheet.cells[number]
        amounts = {
            i: amount
            for i in money
            if i < len(cells) and (amount := parse_number(cells[i].text.strip("£ "))) is not None
        }
        own = {fields.get(i) for i, cell in enumerate(cells) if not cell.is_blank}
        label = next((cell.text for cell in cells if not cell.is_blank), "")
        least = 1 if re.match(r"costs?\b|spend\b|sum\b", label, re.I) else 2
        sums = [len(since[i]) >= least and amount == sum(since[i]) for i, amount in amounts.items()]
        if any(sums) and all(sums) and own <= _COMPUTED | {"name", "notes", None}:
            found.add(number)
            since = {index: [] for index in money}
        else:
            for index, amount in amounts.items():
                since[index].append(amount)
    return frozenset(found)


def heading_codes(text: str, words: Words) -> tuple[str | None, str | None]:
    """The area and the tier that a heading row names; only when nothing else is said in it."""
    folded = fold_word_list(text)
    folded = re.sub(
        r"\b(?:area of need|area|provisions?|interventions?|support|needs?|offer|for|sen|send|broad"
        r"|of|"
        r"pupils|with|difficulties|section|\d\.|20\d\d)\b",
        " ",
        folded,
    )
    folded = re.sub(r"^\s*(?:\d|[a-d])\s+(?=\w{3})|\s+", " ", folded).strip()
    tier = None
    for word in sorted(words.tiers, key=len, reverse=True):
        if len(word) > 1 and re.search(rf"\b{re.escape(word)}\b", folded):
            tier = words.tiers[word]
            folded = re.sub(rf"\b{re.escape(word)}\b", " ", folded)
            break
    if tier and (again := codes_in(folded, words.tiers)) and again == [tier]:
        folded = re.sub("|".join(re.escape(w) for w in words.tiers if len(w) > 3), " ", folded)
    folded = re.sub(r"\s+", " ", re.sub(r"^\s*and\b|\band\s*$", " ", folded)).strip()
    area = words.areas.get(folded) or words.areas.get(fold_word_list(text))
    if area is None and folded and len(folded) > 3:
        parts = [
            p
            for p in (words.areas.get(fold_word_list(x)) for x in re.split(r"[(/:,–-]", fold(text)))
            if p
        ]
        area = parts[0] if parts and len(set(parts)) == 1 else None
    if folded and not area:
        return None, None
    return area, tier
