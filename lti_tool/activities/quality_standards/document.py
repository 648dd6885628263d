"""The checklist as one document: what a submission freezes, and what every export is made of.

Plain values with a digest. People stand in it by number alone, so that erasing a person needs no
rewriting; the list behind a figure does not go in.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from lti_tool.activities.quality_standards.measuring import Found
from lti_tool.activities.quality_standards.reading import ChecklistRead, Entry, Evidence
from lti_tool.frameworks.framework import Framework, Item

VERSION = 1
Document = dict[str, Any]


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _evidence(one: Evidence, kinds: Mapping[str, str]) -> Document:
    return {
        "number": one.number,
        "form": one.form,
        "kind": kinds.get(one.kind, ""),
        "title": one.title,
        "url": one.url,
        "file_name": one.file_name,
        "digest": one.digest or "",
        "media_type": one.media_type or "",
        "size": one.size or 0,
        "held_on": _day(one.held_on),
        "measure_key": one.measure_key,
    }


def _figure(found: Found) -> Document:
    figure = found.figure
    return {
        "key": found.measure.key,
        "title": found.measure.title,
        "count": figure.count,
        "of": figure.of,
        "words": figure.words,
        "how": figure.how,
        "as_of": figure.as_of.isoformat(timespec="seconds"),
    }


def _standard(
    framework: Framework,
    item: Item,
    entry: Entry,
    evidence: Sequence[Evidence],
    figures: Sequence[Found],
) -> Document:
    level = framework.scale.find_level(entry.judgement) if framework.scale else None
    kinds = {one.id: one.title for one in framework.evidence_kinds}
    return {
        "id": item.id,
        "label": item.label or item.id,
        "title": item.title,
        "core": item.core,
        "auto": item.auto,
        "judgement": {
            "id": entry.judgement,
            "title": level.title if level else "",
            "passes": bool(level and level.passes),
        },
        "narrative": entry.narrative,
        "reason": entry.reason,
        "owner_id": entry.owner_id,
        "due_on": _day(entry.due_on),
        "action": entry.action,
        "evidence": [_evidence(one, kinds) for one in evidence],
        "figures": [_figure(one) for one in figures],
    }


def make_document(
    title: str,
    checklist: ChecklistRead,
    framework: Framework,
    entries: Mapping[str, Entry],
    evidence: Sequence[Evidence],
    figures: Mapping[str, Sequence[Found]],
) -> Document:
    """The whole checklist in the framework's order.

    :param title: the programme's.
    """
    by_area: dict[str, list[Document]] = {}
    for item in framework.judged:
        own = [one for one in evidence if one.item_id == item.id]
        made = _standard(
            framework,
            item,
            entries.get(item.id, Entry(item.id)),
            own,
            figures.get(item.id, ()),
        )
        by_area.setdefault(item.parent, []).append(made)
    return {
        "version": VERSION,
        "programme": title,
        "year": checklist.year,
        "framework": {
            "key": framework.key,
            "version": checklist.framework_version,
            "title": framework.title,
            "note": framework.placeholder_note,
            "rule": framework.overall.rule if framework.overall else "",
        },
        "areas": [_area(framework, area_id, standards) for area_id, standards in by_area.items()],
    }


def _area(framework: Framework, area_id: str, standards: list[Document]) -> Document:
    area = framework.find_item(area_id)
    return {
        "id": area_id,
        "label": (area.label or area.id) if area else "",
        "title": area.title if area else framework.title,
        "standards": standards,
    }


def standards_of(document: Document) -> list[Document]:
    """Every standard of a document, in its order."""
    return [one for area in document["areas"] for one in area["standards"]]
