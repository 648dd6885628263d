"""What the confirming part brings to the pages of a visit, and is told of a change.

`confirming/` reads visits, so this folder may not import it; `activity.py` joins the two by
`bring`. Until it does, nobody has been asked and there is no seal.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from lti_tool.activities.placement_log.visits.queries import VisitRead

FindAsked = Callable[[Session, Path, VisitRead], Any]
"""What is known of asking a host about a visit, as the box's template reads it, or None."""
BreakSeal = Callable[[Session, VisitRead, int], object]
"""Told that somebody is changing what a host saw: closes what is open, marks what was confirmed."""


@dataclass(frozen=True, slots=True)
class Brought:
    """The other part's side."""

    find_asked: FindAsked
    break_seal: BreakSeal
    box: str
    """The template in a participant's page of a visit; it gets `visit` and `asked`."""
    box_for_tutors: str = ""
    """The same in a tutor's page."""


_brought: list[Brought] = []


def bring(brought: Brought) -> None:
    """Join the confirming part to these pages; once, at the start."""
    _brought[:] = [brought]


def find_brought() -> Brought | None:
    """The other part's side, where it is joined."""
    return _brought[0] if _brought else None


def box_of(
    session: Session, config_dir: Path, visit: VisitRead, *, for_tutor: bool = False
) -> dict[str, Any]:
    """What a page needs to show the box: its template, empty for none, and what it is about."""
    side = find_brought()
    box = (side.box_for_tutors if for_tutor else side.box) if side else ""
    if side is None or not box:
        return {"box": "", "asked": None}
    return {"box": box, "asked": side.find_asked(session, config_dir, visit)}


def break_seal(session: Session, visit: VisitRead, actor_id: int) -> None:
    """Tell the other part that somebody changes what the host saw."""
    side = find_brought()
    if side is not None:
        side.break_seal(session, visit, actor_id)
