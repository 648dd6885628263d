"""Reads: the framework in force for a registration, and every version it may see.

A registration sees what ships and what its own leaders brought in, never another's.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from lti_tool.core.digests import document_digest
from lti_tool.core.errors import NotFound
from lti_tool.db.statements import AnyRow
from lti_tool.frameworks.documents import document_of, framework_of
from lti_tool.frameworks.framework import Framework
from lti_tool.frameworks.models import FrameworkChoice, FrameworkVersion
from lti_tool.frameworks.shipped import load_frameworks

_MOST_VERSIONS = 2**31
"""What the column can hold; an address may carry more."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A version that the database has."""

    id: int
    framework: Framework
    created_at: datetime
    brought_in_by_id: int | None
    put_at: datetime | None = None
    """When it was put in force, where the question was what is in force."""
    put_by_id: int | None = None


def digest_of(framework: Framework) -> str:
    """What proves the words of a framework unchanged, whatever their version."""
    return document_digest(document_of(framework))


def _columns() -> Select[*tuple[object, ...]]:
    return select(
        FrameworkVersion.id,
        FrameworkVersion.version,
        FrameworkVersion.registration_id,
        FrameworkVersion.document,
        FrameworkVersion.created_at,
        FrameworkVersion.brought_in_by_id,
    )


def _seen_by(registration_id: int) -> ColumnElement[bool]:
    """A condition: what shipped, and what is this registration's own."""
    return or_(
        FrameworkVersion.registration_id.is_(None),
        FrameworkVersion.registration_id == registration_id,
    )


def _kept(row: AnyRow) -> Kept:
    framework = framework_of(row.document, row.version, is_shipped=row.registration_id is None)
    return Kept(row.id, framework, row.created_at, row.brought_in_by_id)


def _chosen(session: Session, registration_id: int, key: str | None = None) -> dict[str, Kept]:
    """What leaders put in force, by key; without the keys that nobody chose for."""
    newest = select(func.max(FrameworkChoice.id)).where(
        FrameworkChoice.registration_id == registration_id
    )
    if key is not None:
        newest = newest.where(FrameworkChoice.key == key)
    rows = session.execute(
        _columns()
        .add_columns(FrameworkChoice.put_at, FrameworkChoice.put_by_id)
        .join(FrameworkChoice, FrameworkChoice.framework_version_id == FrameworkVersion.id)
        .where(FrameworkChoice.id.in_(newest.group_by(FrameworkChoice.key)))
    )
    found = {}
    for row in rows:
        kept = _kept(row)
        found[kept.framework.key] = Kept(
            kept.id, kept.framework, kept.created_at, kept.brought_in_by_id, *row[-2:]
        )
    return found


def find_chosen(session: Session, registration_id: int, key: str) -> Kept | None:
    """The version that a leader put in force, or None where what ships is."""
    return _chosen(session, registration_id, key).get(key)


def framework_in_force(
    session: Session, config_dir: Path, registration_id: int, key: str
) -> Framework:
    """The framework that new cohorts and checklists begin with, by one query.

    :raises NotFound: there is no framework of this key.
    """
    chosen = find_chosen(session, registration_id, key)
    found = chosen.framework if chosen else load_frameworks(config_dir).get(key)
    if found is None:
        raise NotFound("There is no such framework here.")
    return found


def list_in_force(
    session: Session, config_dir: Path, registration_id: int, kind: str | None = None
) -> list[tuple[Framework, Kept | None]]:
    """Every framework in force, by one query, in the order of what ships; with each the version
    that a leader put in force, or None where it is what ships.

    :param kind: only outcome sets, or only standards.
    """
    chosen = _chosen(session, registration_id)
    shipped = load_frameworks(config_dir)
    found = [
        (chosen[key].framework if key in chosen else shipped[key], chosen.get(key))
        for key in dict.fromkeys((*shipped, *chosen))
    ]
    return [one for one in found if kind is None or one[0].kind == kind]


def get_version(session: Session, registration_id: int, version_id: int) -> Framework:
    """A version by its row number, for whatever keeps the one it was begun with.

    :raises NotFound: there is none that this registration may see.
    """
    row = session.execute(
        _columns().where(FrameworkVersion.id == version_id, _seen_by(registration_id))
    ).first()
    if row is None:
        raise NotFound("This version of the framework is not kept here.")
    return _kept(row).framework


def find_pinned(session: Session, version_id: int) -> Framework | None:
    """A version that our own record of a piece of work names, for whoever may read that work.

    Never with a number from an address or a form.
    """
    row = session.execute(_columns().where(FrameworkVersion.id == version_id)).first()
    return _kept(row).framework if row is not None else None


def find_version(session: Session, registration_id: int, key: str, version: int) -> Kept | None:
    """A version by key and number, or None where this registration may see none."""
    if not 0 < version < _MOST_VERSIONS:
        return None
    row = session.execute(
        _columns().where(
            FrameworkVersion.key == key,
            FrameworkVersion.version == version,
            _seen_by(registration_id),
        )
    ).first()
    return _kept(row) if row is not None else None


def list_versions(session: Session, registration_id: int, key: str) -> list[Kept]:
    """Every version of a framework that this registration may see, the newest first."""
    rows = session.execute(
        _columns()
        .where(FrameworkVersion.key == key, _seen_by(registration_id))
        .order_by(FrameworkVersion.version.desc())
    )
    return [_kept(row) for row in rows]
