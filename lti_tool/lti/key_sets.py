"""Platforms' public keys: read when needed, kept in the database, last good set kept.

Read again when a launch names a key id we do not have, but at most five times a minute for
one registration, so that forged key ids cannot make us flood a platform (cases 100 to 105).
"""

import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from threading import Lock
from typing import Any

from jwt.algorithms import RSAAlgorithm
from jwt.exceptions import InvalidKeyError
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.db import Database
from lti_tool.db.statements import AnyRow, insert_if_missing
from lti_tool.lti.calls import call
from lti_tool.lti.errors import LaunchRefused, ServiceFailed
from lti_tool.lti.models import KeySet
from lti_tool.settings import Settings
from lti_tool.web.meters import key_set_errors

KEPT_FOR = timedelta(hours=1)
_NEAR_FOR_S = 300.0
_READS_PER_MINUTE = 5
_SMALLEST_KEY_BITS = 2048
_MEMBERS = ("kty", "kid", "use", "alg", "n", "e")
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth"})
"""Members of a key's private half (RFC 7518, 6.3.2)."""

Keys = dict[str, tuple[Any, ...]]
_near: dict[tuple[str, int, str], tuple[float, Keys]] = {}
"""By database, registration and address: a process's own short cache of parsed keys."""
_reading: defaultdict[tuple[str, int, str], Lock] = defaultdict(Lock)
"""One look at a time in a process for each of them: where a platform changes its key in a rush,
launches of the same moment need it once."""


def _may_verify(entry: dict[str, Any]) -> bool:
    """Whether an entry says it is for RS256 signatures, and still can prove anything: with its
    private half in the open, anybody may have signed."""
    operations = ["verify"] if entry.get("key_ops") is None else entry["key_ops"]
    return (
        entry.get("kty") == "RSA"
        and entry.get("use", "sig") == "sig"
        and entry.get("alg", "RS256") == "RS256"
        and isinstance(operations, list)
        and "verify" in operations
        and _PRIVATE.isdisjoint(entry)
    )


def usable_keys(document: Any) -> Keys:
    """The signing RSA keys of a key set by key id; everything else is passed over."""
    found: dict[str, tuple[Any, ...]] = {}
    entries = document.get("keys") if isinstance(document, dict) else None
    for entry in entries if isinstance(entries, list) else []:
        if not isinstance(entry, dict) or not _may_verify(entry):
            continue
        kid = entry.get("kid")
        if not isinstance(kid, str) or not kid:
            continue
        try:
            public = RSAAlgorithm.from_jwk({"kty": "RSA", "n": entry["n"], "e": entry["e"]})
        except (InvalidKeyError, KeyError, ValueError, TypeError, AttributeError):
            continue
        if getattr(public, "key_size", 0) >= _SMALLEST_KEY_BITS:
            found[kid] = (*found.get(kid, ()), public)
    return found


def _worth_keeping(document: dict[str, Any]) -> list[dict[str, str]]:
    """The entries that may verify, with the members we use, all texts.

    Other members may hold what Python reads as JSON and PostgreSQL refuses (NaN, 1e999).
    """
    lean = (
        {name: entry[name] for name in _MEMBERS if name in entry}
        for entry in document["keys"]
        if isinstance(entry, dict) and _may_verify(entry)
    )
    return [entry for entry in lean if all(isinstance(value, str) for value in entry.values())]


def _is_spent(row: AnyRow) -> bool:
    """Whether this minute's readings are used up; then nothing is written either, so that a
    flood of forged key ids holds up no launch."""
    is_recent = row.window_began_at > clock.now() - timedelta(minutes=1)
    return bool(is_recent and row.reads_in_window >= _READS_PER_MINUTE)


def _may_read(database: Database, registration_id: int) -> bool:
    """Count a reading of the address; False where there were too many this minute."""
    now = clock.now()
    with database.write() as session:
        insert_if_missing(
            session,
            KeySet,
            ["registration_id"],
            {
                "registration_id": registration_id,
                "document": None,
                "fetched_at": None,
                "window_began_at": now,
                "reads_in_window": 0,
            },
        )
        row = session.execute(
            select(KeySet.window_began_at, KeySet.reads_in_window)
            .where(KeySet.registration_id == registration_id)
            .with_for_update()
        ).one()
        fresh = row.window_began_at <= now - timedelta(minutes=1)
        reads = 0 if fresh else row.reads_in_window
        if reads >= _READS_PER_MINUTE:
            return False
        session.execute(
            update(KeySet)
            .where(KeySet.registration_id == registration_id)
            .values(
                reads_in_window=reads + 1, window_began_at=now if fresh else row.window_began_at
            )
        )
    return True


def _read_again(
    database: Database, settings: Settings, registration_id: int, url: str
) -> Keys | None:
    """Read the address; None where it gave no usable key set, and the last good one stays."""
    errors = partial(key_set_errors.labels, str(registration_id))
    try:
        answer = call(settings, "GET", url, headers={"Accept": "application/json"})
        document: Any = answer.json() if answer.status == 200 else {}
        keys = usable_keys(document)
    except ServiceFailed as failure:
        errors(failure.reason).inc()
        return None
    if not keys:
        errors("no_usable_key" if answer.status == 200 else f"http_{answer.status // 100}xx").inc()
        return None
    with database.write() as session:
        session.execute(
            update(KeySet)
            .where(KeySet.registration_id == registration_id)
            .values(document={"url": url, "keys": _worth_keeping(document)}, fetched_at=clock.now())
        )
    return keys


def find_keys(
    database: Database, settings: Settings, registration_id: int, url: str, kid: str
) -> Sequence[Any]:
    """The public keys a registration's platform publishes under `kid`.

    :param url: the platform's key set address.
    :raises LaunchRefused: `token_key_unknown`, or `keys_unreachable` where nothing was ever read.
    """
    place = (database.place, registration_id, url)
    came_at = time.monotonic()
    read_at, keys = _near.get(place, (0.0, {}))
    if kid in keys and came_at - read_at < _NEAR_FOR_S:
        return keys[kid]
    with _reading[place]:
        looked_at, keys = _near.get(place, (0.0, {}))
        if looked_at <= came_at:  # else somebody looked while this launch waited
            keys = _look(database, settings, registration_id, url, kid)
            _near[place] = (time.monotonic(), keys)
    if not keys:
        raise LaunchRefused("keys_unreachable")
    if kid not in keys:
        raise LaunchRefused("token_key_unknown")
    return keys[kid]


def _look(database: Database, settings: Settings, registration_id: int, url: str, kid: str) -> Keys:
    """The keys as the database has them, or as the platform has them where it must be asked."""
    with database.read() as session:
        row = session.execute(
            select(
                KeySet.document, KeySet.fetched_at, KeySet.window_began_at, KeySet.reads_in_window
            ).where(KeySet.registration_id == registration_id)
        ).first()
    document = row.document if row and row.document and row.document.get("url") == url else None
    keys = usable_keys(document)
    is_fresh = bool(row and row.fetched_at and row.fetched_at > clock.now() - KEPT_FOR)
    is_spent = row is not None and _is_spent(row)
    if not ((kid in keys and is_fresh) or is_spent) and _may_read(database, registration_id):
        keys = _read_again(database, settings, registration_id, url) or keys
    return keys


def list_kept(session: Session, registration_id: int) -> tuple[datetime | None, list[str]]:
    """When a registration's keys were last read well, and their ids."""
    row = session.execute(
        select(KeySet.document, KeySet.fetched_at).where(KeySet.registration_id == registration_id)
    ).first()
    return (row.fetched_at, sorted(usable_keys(row.document))) if row else (None, [])
