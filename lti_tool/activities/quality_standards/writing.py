"""Writes of a checklist in hand: begun with what stood before, and a standard written.

Each act holds the checklist first, so that what is submitted at the same moment is whole.
"""

from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.activities.quality_standards.models import (
    Checklist,
    StandardEntry,
    StandardEvidence,
)
from lti_tool.activities.quality_standards.reading import (
    ChecklistRead,
    Entry,
    entries_of,
    evidence_of,
)
from lti_tool.activities.quality_standards.states import DRAFT, EDITABLE
from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict, NotFound
from lti_tool.db.statements import count_changed, insert_if_missing
from lti_tool.frameworks.framework import STANDARDS, Framework
from lti_tool.frameworks.operations import keep_in_force
from lti_tool.frameworks.queries import get_version, list_in_force


class ChangedElsewhere(Conflict):
    """Somebody saved the standard in between."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and from which course."""

    person_id: int
    context_id: int
    registration_id: int


@dataclass(frozen=True, slots=True)
class Values:
    """What is said of a standard."""

    judgement: str
    narrative: str
    reason: str
    owner_id: int | None
    due_on: date | None
    action: str


def hold(session: Session, checklist_id: int) -> str:
    """Hold a checklist for this transaction; the state it is in."""
    found = session.scalar(
        select(Checklist.state).where(Checklist.id == checklist_id).with_for_update()
    )
    if found is None:
        raise NotFound("There is no such checklist.")
    return found


def hold_to_write(session: Session, checklist_id: int) -> None:
    """Hold a checklist that the team writes in.

    :raises Conflict: it is submitted, so that nobody does.
    """
    if hold(session, checklist_id) not in EDITABLE:
        raise Conflict(
            "The checklist was submitted in between, so it cannot be changed now. What you typed "
            "is still on this page: copy what you need."
        )


def standards_in_force(session: Session, config_dir: Path, registration_id: int) -> Framework:
    """The quality standards that a new checklist begins with."""
    found = list_in_force(session, config_dir, registration_id, STANDARDS)
    return found[0][0]


def begin(
    session: Session,
    config_dir: Path,
    actor: Actor,
    programme_id: int,
    year: int,
    previous: ChecklistRead | None,
) -> None:
    """Begin the checklist of a year with the standards in force, and with what stood in the
    year before.

    :raises Conflict: there is one already.
    """
    key = standards_in_force(session, config_dir, actor.registration_id).key
    version_id = keep_in_force(session, config_dir, actor.registration_id, key)
    framework = get_version(session, actor.registration_id, version_id)
    made = insert_if_missing(
        session,
        Checklist,
        ("programme_id", "year"),
        {
            "programme_id": programme_id,
            "year": year,
            "framework_key": framework.key,
            "framework_version": framework.version,
            "state": DRAFT,
            "revision": 1,
            "previous_id": previous.id if previous else None,
            "created_at": clock.now(),
        },
    )
    if made is None:
        raise Conflict("The checklist of this year has been begun already.")
    if previous is not None:
        _copy_forward(session, actor, previous.id, made, framework)
    note(session, actor, "checklist begun", made, {"year": year, "version": framework.version})


def note(
    session: Session, actor: Actor, act: str, checklist_id: int, became: dict[str, Any]
) -> None:
    """Leave an audit entry about a checklist."""
    record(
        session,
        act,
        ("checklist", checklist_id),
        actor_id=actor.person_id,
        context_id=actor.context_id,
        became=became,
    )


def _copy_forward(
    session: Session, actor: Actor, before_id: int, after_id: int, framework: Framework
) -> None:
    """What last year said, of the standards that are still there; comments stay behind."""
    now = clock.now()
    for entry in entries_of(session, before_id).values():
        if framework.find_item(entry.item_id) is None:
            continue
        known = framework.scale is not None and framework.scale.find_level(entry.judgement)
        values = asdict(entry) | {
            "judgement": entry.judgement if known else "",
            "revision": 1,
            "updated_by_id": actor.person_id,
            "updated_at": now,
        }
        session.add(StandardEntry(checklist_id=after_id, **values))
    kept = [one for one in evidence_of(session, before_id) if framework.find_item(one.item_id)]
    for number, one in enumerate(kept, 1):
        session.add(
            StandardEvidence(
                checklist_id=after_id,
                item_id=one.item_id,
                number=number,
                kind=one.kind,
                form=one.form,
                title=one.title,
                url=one.url,
                file_id=one.file_id,
                file_name=one.file_name,
                held_on=one.held_on,
                measure_key=one.measure_key,
                added_by_id=one.added_by_id,
                added_at=one.added_at,
            )
        )
    session.flush()


def save_entry(
    session: Session, actor: Actor, checklist_id: int, before: Entry, revision: int, values: Values
) -> None:
    """Keep what is said of a standard.

    :param before: the entry as it stands.
    :param revision: of the text that was changed.
    :raises ChangedElsewhere: somebody saved it in between; nothing is kept.
    :raises Conflict: the checklist is submitted.
    """
    hold_to_write(session, checklist_id)
    kept = {**asdict(values), "updated_by_id": actor.person_id, "updated_at": clock.now()}
    if revision == 0:
        keys = {"checklist_id": checklist_id, "item_id": before.item_id, "revision": 1}
        made = insert_if_missing(
            session, StandardEntry, ("checklist_id", "item_id"), {**keys, **kept}
        )
        is_kept = made is not None
    else:
        is_kept = bool(
            count_changed(
                session,
                update(StandardEntry)
                .where(
                    StandardEntry.checklist_id == checklist_id,
                    StandardEntry.item_id == before.item_id,
                    StandardEntry.revision == revision,
                )
                .values(**kept, revision=revision + 1),
            )
        )
    if not is_kept:
        raise ChangedElsewhere(
            "Somebody saved this standard since you opened it. Nothing of theirs or yours is lost: "
            "both texts are below. Put together what should stand, then save."
        )
    record(
        session,
        "standard judged",
        ("checklist", checklist_id),
        actor_id=actor.person_id,
        context_id=actor.context_id,
        was={"standard": before.item_id, "judgement": before.judgement, "owner": before.owner_id},
        became={"judgement": values.judgement, "owner": values.owner_id},
    )
