"""A framework as one document: what the database keeps, and what a YAML file says.

`framework_of(document_of(x))` is x. The fields are those of the files; what is empty is left out,
and the version stands beside the document, so that the same words always have the same digest.
"""

from dataclasses import asdict
from typing import Any

from lti_tool.frameworks.framework import (
    ITEM,
    Attested,
    Choice,
    Framework,
    Item,
    Level,
    Overall,
    Scale,
)

Document = dict[str, Any]


def _filled(values: Document) -> Document:
    """Without what is empty, false or none; tuples as lists."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in values.items()
        if value not in ("", None, False, (), [])
    }


def _item_document(item: Item) -> Document:
    found = _filled(asdict(item))
    return {name: value for name, value in found.items() if (name, value) != ("kind", ITEM)}


def _level_document(level: Level) -> Document:
    """Written out: 0 and false say something here."""
    found: Document = {"id": level.id, "title": level.title, "passes": level.passes}
    if level.value is not None:
        found["value"] = level.value
    return {**found, "needs_reason": True} if level.needs_reason else found


def document_of(framework: Framework) -> Document:
    """The document of a framework, in the order of its files."""
    found: Document = {
        "key": framework.key,
        "title": framework.title,
        "kind": framework.kind,
        "is_official_text": framework.is_official_text,
        "source": framework.source,
        "kind_of_item": framework.kind_of_item,
    }
    if framework.closed:
        found["closed"] = framework.closed
    if framework.attested:
        found["attested"] = [asdict(one) for one in framework.attested]
    if framework.evidence_kinds:
        found["evidence_kinds"] = [asdict(one) for one in framework.evidence_kinds]
    if framework.scale is not None:
        scale = framework.scale
        found["scale"] = {
            **_filled({"status": scale.status, "modelled_on": scale.modelled_on}),
            "levels": [_level_document(one) for one in scale.levels],
        }
    if framework.overall is not None:
        overall = framework.overall
        found["overall"] = {
            **_filled(asdict(overall)),
            "others_below": overall.others_below,
            "states": [asdict(one) for one in overall.states],
        }
    return {**found, "items": [_item_document(item) for item in framework.items]}


def framework_of(document: Document, version: int, *, is_shipped: bool) -> Framework:
    """The framework of a document that was checked before it was kept."""
    scale, overall = document.get("scale"), document.get("overall")
    return Framework(
        key=document["key"],
        version=version,
        title=document["title"],
        kind=document["kind"],
        is_official_text=document["is_official_text"],
        source=document["source"],
        kind_of_item=document["kind_of_item"],
        items=tuple(_item_of(one) for one in document["items"]),
        closed=document.get("closed", ""),
        attested=tuple(Attested(**one) for one in document.get("attested", ())),
        evidence_kinds=tuple(Choice(**one) for one in document.get("evidence_kinds", ())),
        scale=_scale_of(scale) if scale else None,
        overall=_overall_of(overall) if overall else None,
        is_shipped=is_shipped,
    )


def _item_of(document: Document) -> Item:
    lists: Document = {
        name: tuple(document[name]) for name in ("points", "evidence") if name in document
    }
    return Item(**{**document, **lists})


def _scale_of(document: Document) -> Scale:
    levels = tuple(
        Level(
            one["id"],
            one["title"],
            one.get("value"),
            one["passes"],
            one.get("needs_reason", False),
        )
        for one in document["levels"]
    )
    return Scale(levels, document.get("status", ""), document.get("modelled_on", ""))


def _overall_of(document: Document) -> Overall:
    return Overall(**{**document, "states": tuple(Choice(**one) for one in document["states"])})
