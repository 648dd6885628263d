"""Rubrics: read from `config/rubrics/`, checked, and kept as numbered versions.

Work is marked by the version it was set with, whatever the file says later.
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.core.digests import document_digest
from lti_tool.core.errors import NotFound, Unusable
from lti_tool.marking.models import RubricVersion


@dataclass(frozen=True, slots=True)
class Band:
    """A range of marks with its name: `low` to `high`, both included."""

    id: str
    title: str
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that is judged, with its weight in percent and words for each band."""

    id: str
    title: str
    weight: Decimal
    descriptors: dict[str, str]


@dataclass(frozen=True, slots=True)
class Rubric:
    """A rubric as a marker sees it."""

    key: str
    title: str
    status: str
    source: str
    bands: tuple[Band, ...]
    criteria: tuple[Criterion, ...]

    def band_of(self, mark: Decimal) -> Band | None:
        """The band a mark lies in."""
        return next((band for band in self.bands if band.low <= mark <= band.high), None)


def _number(where: str, value: Any) -> Decimal:
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        raise Unusable(f"{where} is “{value}”. Give a number.") from None
    if isinstance(value, bool) or not found.is_finite():
        raise Unusable(f"{where} is “{value}”. Give a number.")
    return found


def _text(where: str, holder: Any, name: str) -> str:
    value = holder.get(name) if isinstance(holder, dict) else None
    if not isinstance(value, str) or not value.strip():
        raise Unusable(f"{where} lacks “{name}”.")
    return value.strip()


def read_rubric(document: Any, where: str) -> Rubric:
    """A rubric from its document.

    :param where: the file's name, for messages.
    :raises Unusable: naming what is wrong; weights must add up to 100.
    """
    if not isinstance(document, dict):
        raise Unusable(f"{where} is no rubric: it must be a list of named values.")
    bands = tuple(
        Band(
            _text(f"{where}, band {n}", band, "id"),
            _text(f"{where}, band {n}", band, "title"),
            _number(f"{where}, band {n}, from", band.get("from")),
            _number(f"{where}, band {n}, to", band.get("to")),
        )
        for n, band in enumerate(document.get("bands") or [], 1)
    )
    criteria = tuple(
        Criterion(
            _text(f"{where}, criterion {n}", one, "id"),
            _text(f"{where}, criterion {n}", one, "title"),
            _number(f"{where}, criterion {n}, weight", one.get("weight")),
            dict(one.get("bands") or {}),
        )
        for n, one in enumerate(document.get("criteria") or [], 1)
    )
    if not criteria or sum(one.weight for one in criteria) != 100:
        raise Unusable(f"{where}: the criteria’s weights must add up to 100.")
    if len({one.id for one in criteria}) != len(criteria):
        raise Unusable(f"{where}: two criteria have the same id.")
    return Rubric(
        _text(where, document, "key"),
        _text(where, document, "title"),
        str(document.get("status", "")),
        str(document.get("source", "")),
        bands,
        criteria,
    )


def _read_file(config_dir: Path, key: str) -> dict[str, Any]:
    path = config_dir / "rubrics" / f"{key}.yaml"
    try:
        document = yaml.safe_load(path.read_text("utf-8"))
    except FileNotFoundError:
        raise Unusable(f"config/rubrics/{key}.yaml is not there.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Unusable(f"config/rubrics/{key}.yaml cannot be read: {error}") from None
    read_rubric(document, f"config/rubrics/{key}.yaml")
    return dict(document)


_read_once = cache(_read_file)


def check_rubric(config_dir: Path, key: str) -> Rubric:
    """Read and check a rubric's file; called for every activity as the tool starts.

    :raises Unusable: it is missing or wrong.
    """
    return read_rubric(_read_once(config_dir, key), f"config/rubrics/{key}.yaml")


def version_in_force(session: Session, config_dir: Path, key: str) -> int:
    """The version of a rubric that new work is set with; a changed file becomes a new one."""
    document = _read_once(config_dir, key)
    digest = document_digest(document)
    newest = session.execute(
        select(RubricVersion.version, RubricVersion.document_digest)
        .where(RubricVersion.key == key)
        .order_by(RubricVersion.version.desc())
        .limit(1)
    ).first()
    if newest is not None and newest.document_digest == digest:
        return int(newest.version)
    latest = session.scalar(select(func.max(RubricVersion.version)).where(RubricVersion.key == key))
    version = (latest or 0) + 1
    session.add(
        RubricVersion(
            key=key,
            version=version,
            document=document,
            document_digest=digest,
            created_at=clock.now(),
        )
    )
    session.flush()
    return version


def get_rubric(session: Session, key: str, version: int) -> Rubric:
    """The rubric that work was set with.

    :raises NotFound: this version is not kept.
    """
    document = session.scalar(
        select(RubricVersion.document).where(
            RubricVersion.key == key, RubricVersion.version == version
        )
    )
    if document is None:
        raise NotFound("The rubric of this work is not kept here any more.")
    return read_rubric(document, f"rubric {key}, version {version}")
