"""Writes: keeping versions, and putting one in force. Nothing here is ever changed or deleted."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict, NotFound
from lti_tool.db.statements import insert_if_missing
from lti_tool.frameworks.documents import document_of
from lti_tool.frameworks.framework import Framework
from lti_tool.frameworks.models import FrameworkChoice, FrameworkVersion
from lti_tool.frameworks.queries import (
    digest_of,
    find_chosen,
    find_version,
    framework_in_force,
)
from lti_tool.frameworks.shipped import load_frameworks
from lti_tool.lti.models import Registration

SHIPPED_TODAY = 0
"""In place of a version's number: the text that ships, whether or not it was ever kept."""


@dataclass(frozen=True, slots=True)
class Leader:
    """Who acts, and from which course."""

    person_id: int
    context_id: int
    registration_id: int


def keep_in_force(session: Session, config_dir: Path, registration_id: int, key: str) -> int:
    """The row number of the version in force, for a cohort or a checklist to point to. What
    ships is kept at its first use.

    :raises NotFound: there is no framework of this key.
    """
    chosen = find_chosen(session, registration_id, key)
    if chosen is not None:
        return chosen.id
    return keep_shipped(session, framework_in_force(session, config_dir, registration_id, key))


def keep_shipped(session: Session, framework: Framework) -> int:
    """The row number of a text that ships, kept unless these very words are kept already."""
    there = session.scalar(
        select(FrameworkVersion.id)
        .where(
            FrameworkVersion.key == framework.key,
            FrameworkVersion.registration_id.is_(None),
            FrameworkVersion.document_digest == digest_of(framework),
        )
        .order_by(FrameworkVersion.version.desc())
        .limit(1)
    )
    return there if there is not None else _add(session, framework, None, None)


def _add(
    session: Session, framework: Framework, registration_id: int | None, person_id: int | None
) -> int:
    """A new version under the next number; another may take that number at the same moment."""
    values: dict[str, Any] = {
        "key": framework.key,
        "registration_id": registration_id,
        "document": document_of(framework),
        "document_digest": digest_of(framework),
        "brought_in_by_id": person_id,
        "created_at": clock.now(),
    }
    while True:
        highest = session.scalar(
            select(func.max(FrameworkVersion.version)).where(FrameworkVersion.key == framework.key)
        )
        values["version"] = (highest or 0) + 1
        made = insert_if_missing(session, FrameworkVersion, ("key", "version"), values)
        if made is not None:
            return made


def bring_in(
    session: Session, config_dir: Path, leader: Leader, framework: Framework, shown: str
) -> None:
    """Keep a framework that a leader brought in, and put it in force.

    :param framework: checked, with the key of the one it takes the place of.
    :param shown: digest of the version in force that the leader compared it with.
    :raises Conflict: another is in force by now, or it is this very one.
    """
    replaced = _lock(session, config_dir, leader, framework, shown)
    made = _add(session, framework, leader.registration_id, leader.person_id)
    _choose(session, leader, framework, made, replaced)


def put_back(
    session: Session, config_dir: Path, leader: Leader, key: str, version: int, shown: str
) -> None:
    """Put a version in force that is there already.

    :param version: its number, or `SHIPPED_TODAY`.
    :param shown: as for `bring_in`.
    :raises NotFound: there is no such version.
    :raises Conflict: another is in force by now, or it is this very one.
    """
    if version == SHIPPED_TODAY:
        framework = load_frameworks(config_dir).get(key)
        kept_id = None
    else:
        kept = find_version(session, leader.registration_id, key, version)
        framework, kept_id = (kept.framework, kept.id) if kept else (None, None)
    if framework is None:
        raise NotFound("This version of the framework is not kept here.")
    replaced = _lock(session, config_dir, leader, framework, shown)
    made = kept_id if kept_id is not None else keep_shipped(session, framework)
    _choose(session, leader, framework, made, replaced)


def _lock(
    session: Session, config_dir: Path, leader: Leader, framework: Framework, shown: str
) -> int:
    """One at a time in a registration; what is replaced stays among the versions.

    :return: the row number of what is replaced.
    """
    session.execute(
        select(Registration.id).where(Registration.id == leader.registration_id).with_for_update()
    )
    key, registration_id = framework.key, leader.registration_id
    now = digest_of(framework_in_force(session, config_dir, registration_id, key))
    if now == digest_of(framework):
        raise Conflict("These very words are in force already, so nothing was changed.")
    if now != shown:
        raise Conflict(
            "Somebody put another version in force since you looked. Look at the differences "
            "again, then put yours in force if it is still right."
        )
    return keep_in_force(session, config_dir, registration_id, key)


def _choose(
    session: Session, leader: Leader, framework: Framework, version_id: int, replaced_id: int
) -> None:
    session.add(
        FrameworkChoice(
            registration_id=leader.registration_id,
            key=framework.key,
            framework_version_id=version_id,
            put_by_id=leader.person_id,
            put_at=clock.now(),
        )
    )
    session.flush()
    record(
        session,
        "framework put in force",
        ("framework_version", version_id),
        actor_id=leader.person_id,
        context_id=leader.context_id,
        was={"framework_version": replaced_id},
        became={
            "key": framework.key,
            "registration": leader.registration_id,
            "is_official_text": framework.is_official_text,
        },
    )
