"""Taking over a newer version of the standards: what maps by its id, shown before it is done."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import update
from sqlalchemy.orm import Session

from lti_tool.activities.quality_standards.door import Book
from lti_tool.activities.quality_standards.models import Checklist, StandardEntry
from lti_tool.activities.quality_standards.reading import Entry
from lti_tool.activities.quality_standards.writing import Actor, hold_to_write, note
from lti_tool.core.errors import Conflict
from lti_tool.frameworks.comparing import Difference, compare
from lti_tool.frameworks.framework import Framework, Item
from lti_tool.frameworks.operations import keep_in_force
from lti_tool.frameworks.queries import digest_of, framework_in_force, get_version


@dataclass(frozen=True, slots=True)
class Newer:
    """A version that is in force and not the one the checklist keeps."""

    framework: Framework
    difference: Difference
    shown: str
    """Its digest, so that what is taken over is what was looked at."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """What becomes of what was written."""

    kept: int
    """Standards with something written whose id is there too."""
    left_out: tuple[Item, ...]
    """Standards with something written that are not in the newer version."""
    judged_anew: tuple[Item, ...]
    """Standards whose level is not on the newer scale."""


def find_newer(session: Session, config_dir: Path, book: Book) -> Newer | None:
    """The version in force where it is another than the checklist keeps."""
    registration_id = book.desk.visit.registration_id
    found = framework_in_force(session, config_dir, registration_id, book.framework.key)
    shown = digest_of(found)
    if shown == digest_of(book.framework):
        return None
    return Newer(found, compare(book.framework, found), shown)


def map_entries(before: Framework, after: Framework, entries: Iterable[Entry]) -> Mapping:
    """What becomes of the entries if `after` takes the place of `before`."""
    kept, left_out, anew = 0, [], []
    for entry in entries:
        old, new = before.find_item(entry.item_id), after.find_item(entry.item_id)
        if old is None:
            continue
        if new is None or new.is_area:
            left_out.append(old)
            continue
        kept += 1
        if entry.judgement and not (after.scale and after.scale.find_level(entry.judgement)):
            anew.append(new)
    return Mapping(kept, tuple(left_out), tuple(anew))


def take_over(
    session: Session,
    config_dir: Path,
    actor: Actor,
    book: Book,
    entries: Iterable[Entry],
    shown: str,
) -> None:
    """Let a checklist keep the version in force from now on. What does not map stays kept, and
    comes back should its standard come back.

    :param shown: digest of the version that was looked at.
    :raises Conflict: another is in force by now, or the checklist is submitted.
    """
    hold_to_write(session, book.checklist.id)
    newer = find_newer(session, config_dir, book)
    if newer is None or newer.shown != shown:
        raise Conflict(
            "Another version of the standards is in force than you looked at. Look again, then "
            "take it over if it is still right."
        )
    version_id = keep_in_force(session, config_dir, actor.registration_id, book.framework.key)
    version = get_version(session, actor.registration_id, version_id).version
    session.execute(
        update(Checklist)
        .where(Checklist.id == book.checklist.id)
        .values(framework_version=version, revision=Checklist.revision + 1)
    )
    anew = map_entries(book.framework, newer.framework, entries).judged_anew
    session.execute(
        update(StandardEntry)
        .where(
            StandardEntry.checklist_id == book.checklist.id,
            StandardEntry.item_id.in_([one.id for one in anew]),
        )
        .values(judgement="", revision=StandardEntry.revision + 1)
    )
    note(session, actor, "standards taken over", book.checklist.id, {"version": version})
