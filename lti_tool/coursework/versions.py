"""Documents from `config/` as numbered versions, so that work keeps what it was set with."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.core.digests import document_digest
from lti_tool.db.statements import insert_if_missing


def keep_version(session: Session, table: Any, key: str, document: dict[str, Any]) -> int:
    """The version of a document that new work is set with; a changed one becomes a new version.

    :param table: a mapped class with key, version, document, document_digest and created_at.
    """
    digest = document_digest(document)
    while True:
        newest = session.execute(
            select(table.version, table.document_digest)
            .where(table.key == key)
            .order_by(table.version.desc())
            .limit(1)
        ).first()
        if newest is not None and newest.document_digest == digest:
            return int(newest.version)
        version = (newest.version if newest else 0) + 1
        row = {
            "key": key,
            "version": version,
            "document": document,
            "document_digest": digest,
            "created_at": clock.now(),
        }
        if insert_if_missing(session, table, ["key", "version"], row) is not None:
            return int(version)
        # Somebody else has just kept this number: look again what it stands for.
