"""A piece of work with remarks at their places: for markers, moderators, examiners, its author."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import get_template_attribute
from markupsafe import Markup

from lti_tool.catalogue.contract import Anchor, Slot
from lti_tool.catalogue.register import get_activity
from lti_tool.marking.remarks import RemarkRead


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who only reads the remarks."""

    names: Mapping[int, str] | None
    """Of markers, by number; None for the work's author, who reads no names."""
    form_id: None = None


def make_slot(anchors: Sequence[Anchor], shown: Sequence[RemarkRead], at: object) -> Slot:
    """What stands beside each place of a piece of work.

    :param at: a `Beside` or a `Reader`.
    """
    by_place: dict[str, list[RemarkRead]] = {}
    for one in shown:
        by_place.setdefault(one.anchor, []).append(one)
    labels = {one.id: one.label for one in anchors}
    macro = get_template_attribute("marking/remarks.html", "beside")
    writes = getattr(at, "form_id", None) is not None

    def slot(anchor: str) -> Markup:
        there = by_place.get(anchor, [])
        if anchor not in labels or not (there or writes):
            return Markup()
        return Markup(macro(anchor, labels[anchor], there, at))

    return slot


def render_with(
    activity: str,
    document: Mapping[str, Any],
    shown: Sequence[RemarkRead],
    names: Mapping[int, str] | None,
) -> Markup:
    """The work with remarks in place, for somebody who only reads them."""
    found, work = get_activity(activity), dict(document)
    return found.render_for_marking(work, make_slot(found.anchors(work), shown, Reader(names)))


def in_order(
    anchors: Sequence[Anchor], shown: Sequence[RemarkRead]
) -> list[tuple[str, RemarkRead]]:
    """Every remark with the name of its place, in the order of the work."""
    order = {one.id: (number, one.label) for number, one in enumerate(anchors)}
    known = [one for one in shown if one.anchor in order]
    known.sort(key=lambda one: (order[one.anchor][0], one.id))
    return [(order[one.anchor][1], one) for one in known]
