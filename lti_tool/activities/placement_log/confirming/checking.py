"""What `lti-tool doctor` asks of confirmations: every seal, batch by batch."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from sqlalchemy.orm import Session

from lti_tool.activities.placement_log.confirming.confirmation import ConfirmationRead
from lti_tool.activities.placement_log.confirming.queries import (
    confirmation_columns,
    read_confirmation,
)
from lti_tool.activities.placement_log.confirming.seals import BROKEN, ERASED, Seal, verify
from lti_tool.activities.placement_log.confirming.shown import (
    SchoolNamed,
    Shown,
    schools_named,
    shown_of,
)
from lti_tool.activities.placement_log.confirming.visit_rows import COLUMNS
from lti_tool.activities.placement_log.models import Confirmation, PartnerVisit
from lti_tool.activities.placement_log.visit_reads import VisitRead
from lti_tool.catalogue.contract import Check
from lti_tool.settings import Settings

_BATCH = 500
_MOST_NAMED = 20
_ADVICE = (
    "Somebody or something changed it past the tool. Compare it with a backup and with the "
    "reference on the host’s receipt, and ask the host again."
)


def _look(
    config_dir: Path, one: ConfirmationRead, visit: VisitRead, schools: dict[int, SchoolNamed]
) -> Seal:
    """A confirmation that stands is held against its visit; any other against itself alone."""
    now: Shown | None = None
    if one.stands:
        now = shown_of(config_dir, visit, schools.get(visit.school_id or 0))
    elif one.broken_at is not None:
        one = _as_before(one)
    return verify(one, now)


def _as_before(one: ConfirmationRead) -> ConfirmationRead:
    """A confirmation whose visit was changed since is known to be broken, and is no finding; what
    was kept of it is looked at as if it stood."""
    return replace(one, broken_at=None)


def seals_of(
    session: Session, config_dir: Path, *, batch: int = _BATCH
) -> Iterator[tuple[ConfirmationRead, Seal]]:
    """Every answer with what holding it against its seal finds."""
    after = 0
    while True:
        rows = session.execute(
            confirmation_columns()
            .add_columns(*COLUMNS)
            .join(PartnerVisit, PartnerVisit.id == Confirmation.visit_id)
            .where(Confirmation.id > after, Confirmation.answered_at.is_not(None))
            .order_by(Confirmation.id)
            .limit(batch)
        ).all()
        if not rows:
            return
        pairs = [(read_confirmation(row), VisitRead(*row[-len(COLUMNS) :])) for row in rows]
        schools = schools_named(session, [visit for _, visit in pairs])
        for one, visit in pairs:
            yield one, _look(config_dir, one, visit, schools)
        after = pairs[-1][0].id


def check_seals(session: Session, settings: Settings) -> Iterator[Check]:
    """One finding for each of the first broken seals, and one that counts them all."""
    count, broken, erased = 0, 0, 0
    for one, seal in seals_of(session, settings.config_dir):
        count += 1
        erased += seal.state == ERASED
        if seal.state == BROKEN:
            broken += 1
            if broken <= _MOST_NAMED:
                words = f"Confirmation {one.id} of visit {one.visit_id}: {seal.sentence} {_ADVICE}"
                yield Check("seals", False, words)
    gone = f", {erased:,} with the signer’s name erased" if erased else ""
    words = f"{count:,} answers of host schools looked at{gone}; {broken:,} broken."
    yield Check("seals", broken == 0, words)
