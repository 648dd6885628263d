"""Comparing a column with what the platform shows: asked for, read by a worker, kept.

Asking writes a row; the worker claims it under a lease, commits, reads the results page by page
with no transaction open, and keeps what it found for each person. A tutor's decision about a
difference falls away when the finding changes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, select, update
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.core.numerals import plain
from lti_tool.db import Database
from lti_tool.db.statements import AnyRow, insert_if_missing
from lti_tool.gradebook.columns import note_gone
from lti_tool.gradebook.findings import Sent, Shown, find
from lti_tool.gradebook.models import Comparison, Delivery, LineItem, ShownResult
from lti_tool.gradebook.queries import get_registration_of
from lti_tool.gradebook.states import DELIVERED, WAITING
from lti_tool.gradebook.verdicts import pause, will_wait
from lti_tool.jobs.leasing import claim, let_go, next_due
from lti_tool.jobs.queue import wake
from lti_tool.lti import ags
from lti_tool.lti.calls import within
from lti_tool.lti.errors import ServiceFailed
from lti_tool.lti.models import Registration
from lti_tool.lti.vocabulary import SCOPE_RESULT_READONLY
from lti_tool.people.models import Person
from lti_tool.settings import Settings
from lti_tool.web.logs import log

_OPEN = Comparison.asked_at.is_not(None)
_MOST_TRIES = 6
_READING_S = 120.0
"""Seconds for all pages of one column together."""
_SHORTEST_SLEEP_S = 0.2


def ask_to_compare(session: Session, line_item_id: int, actor_id: int | None) -> None:
    """Have a column compared with what the platform shows, as soon as a worker is free."""
    now = clock.now()
    asked = {"asked_at": now, "asked_by_id": actor_id, "due_at": now, "tries": 0, "problem": None}
    made = insert_if_missing(
        session, Comparison, ["line_item_id"], {**asked, "line_item_id": line_item_id}
    )
    if made is None:
        session.execute(
            update(Comparison)
            .where(Comparison.line_item_id == line_item_id)
            .values(**asked)
            .execution_options(synchronize_session=False)
        )
    wake(session)


def read_column(database: Database, settings: Settings, line_item_id: int) -> dict[str, Shown]:
    """What the platform shows in a column, by the platform's own id of the person.

    :raises ServiceFailed: it cannot be read now, or a person must help.
    """
    with database.read() as session:
        item = session.execute(
            select(*LineItem.__table__.c).where(LineItem.id == line_item_id)
        ).one()
        registration = get_registration_of(session, item.registration_id)
    if not registration.is_enabled:
        raise ServiceFailed("switched_off")
    if item.url is None:
        raise ServiceFailed("no_column" if item.gone_at is None else "column_gone")
    if SCOPE_RESULT_READONLY not in item.scopes.split():
        raise ServiceFailed("no_scope")
    with within(_READING_S):
        return {
            one.user_id: Shown(one.score, one.maximum, one.at)
            for page in ags.read_results(database, settings, registration, item.url)
            for one in page
        }


@dataclass(frozen=True, slots=True)
class Difference:
    """One person's mark, held against what the gradebook shows."""

    line_item_id: int
    person_id: int
    finding: str
    given: str | None
    shown: str | None


def _sent_by_person(session: Session, line_item_id: int) -> dict[int, AnyRow]:
    rows = session.execute(
        select(
            Delivery.person_id,
            Delivery.state,
            Delivery.reason,
            Delivery.score_given,
            Delivery.score_maximum,
            Delivery.scored_at,
            Delivery.delivered_at,
            Delivery.clears,
        ).where(Delivery.line_item_id == line_item_id)
    )
    return {row.person_id: row for row in rows}


def _people(session: Session, line_item_id: int, subs: set[str], known: set[int]) -> dict[int, str]:
    """The people of the column's platform who were sent a mark or are shown one, with their
    ids there."""
    platform = (
        select(Registration.platform_id)
        .join(LineItem, LineItem.registration_id == Registration.id)
        .where(LineItem.id == line_item_id)
        .scalar_subquery()
    )
    found: dict[int, str] = {}
    wanted = sorted(subs)
    for start in range(0, len(wanted), 500):
        rows = session.execute(
            select(Person.id, Person.sub).where(
                Person.platform_id == platform, Person.sub.in_(wanted[start : start + 500])
            )
        )
        found |= {row.id: row.sub for row in rows}
    rest = sorted(known - set(found))
    for start in range(0, len(rest), 500):
        rows = session.execute(
            select(Person.id, Person.sub).where(Person.id.in_(rest[start : start + 500]))
        )
        found |= {row.id: row.sub for row in rows}
    return found


def _as_sent(row: AnyRow, read_at: datetime) -> Sent:
    """What we hold, as it was when the results were read: what landed since was on its way."""
    has_landed_since = row.state == DELIVERED and row.delivered_at > read_at
    return Sent(
        WAITING if has_landed_since else row.state,
        row.reason,
        row.score_given,
        row.score_maximum,
        row.scored_at,
        row.delivered_at is not None,
        row.clears,
    )


def keep_findings(
    session: Session, line_item_id: int, shown: dict[str, Shown], read_at: datetime
) -> list[Difference]:
    """Hold what the platform shows against what was sent, and keep what comes of it.

    :param read_at: a moment before the first of it was read.
    :return: one finding for each person who was sent a mark or is shown one.
    """
    sent = _sent_by_person(session, line_item_id)
    people = _people(session, line_item_id, set(shown), set(sent))
    before = {
        row.person_id: row
        for row in session.scalars(
            select(ShownResult).where(ShownResult.line_item_id == line_item_id)
        )
    }
    found: list[Difference] = []
    for person_id, sub in sorted(people.items()):
        result = shown.get(sub, Shown(None, None, None))
        row = sent.get(person_id)
        if row is None and result.score is None and person_id not in before:
            continue
        finding = find(None if row is None else _as_sent(row, read_at), result)
        kept = before.get(person_id)
        if kept is None:
            kept = ShownResult(line_item_id=line_item_id, person_id=person_id)
            session.add(kept)
        elif (kept.finding, kept.result_score) != (finding, result.score):
            kept.decision = kept.decided_by_id = kept.decided_at = None
        kept.result_score, kept.result_maximum = result.score, result.maximum
        kept.shown_at, kept.finding, kept.read_at = result.at, finding, read_at
        found.append(
            Difference(
                line_item_id,
                person_id,
                finding,
                None if row is None else plain(row.score_given),
                None if result.score is None else plain(result.score),
            )
        )
    return found


def _asked_after(moment: datetime) -> ColumnElement[datetime | None]:
    """What was asked for since, which the answer of an earlier reading does not settle."""
    return case((Comparison.asked_at > moment, Comparison.asked_at), else_=None)


def compare(database: Database, settings: Settings, line_item_id: int) -> list[Difference]:
    """Read a column and keep what was found, now and in this process.

    :raises ServiceFailed: it could not be read.
    """
    began_at = clock.now()
    shown = read_column(database, settings, line_item_id)
    with database.write() as session:
        found = keep_findings(session, line_item_id, shown, began_at)
        values = {"read_at": began_at, "problem": None, "lease": None}
        place = {"line_item_id": line_item_id, "due_at": began_at, "tries": 0}
        if insert_if_missing(session, Comparison, ["line_item_id"], {**place, **values}) is None:
            session.execute(
                update(Comparison)
                .where(Comparison.line_item_id == line_item_id)
                .values(**values, asked_at=_asked_after(began_at), leased_until=None)
                .execution_options(synchronize_session=False)
            )
    return found


def _settle_failed(session: Session, row: AnyRow, failure: ServiceFailed) -> None:
    """Try again by and by where that may help, else say why not."""
    now = clock.now()
    is_last = row.tries >= _MOST_TRIES or not will_wait(failure)
    code = {401: "not_allowed", 403: "not_allowed", 404: "column_gone", 410: "column_gone"}.get(
        failure.status or 0, failure.reason
    )
    seconds = max(pause(row.tries, timedelta(0)), failure.retry_after or 0.0)
    session.execute(
        update(Comparison)
        .where(Comparison.id == row.id, Comparison.lease == row.lease)
        .values(
            asked_at=_asked_after(row.asked_at) if is_last else Comparison.asked_at,
            problem=code,
            due_at=now + timedelta(seconds=seconds),
            lease=None,
            leased_until=None,
        )
        .execution_options(synchronize_session=False)
    )
    if failure.status in (404, 410):
        item = session.execute(
            select(*LineItem.__table__.c).where(LineItem.id == row.line_item_id)
        ).one()
        note_gone(session, item)


def _try(database: Database, settings: Settings, row: AnyRow) -> None:
    failure, count = None, None
    try:
        count = len(compare(database, settings, row.line_item_id))
    except ServiceFailed as failed:
        failure = failed
    except Exception as error:
        failure = ServiceFailed("our_fault")
        log.error("comparing met a fault of ours", kind=type(error).__name__, exc_info=True)
    if failure is not None:
        with database.write() as session:
            _settle_failed(session, row, failure)
    log.info(
        "column compared",
        line_item=row.line_item_id,
        people=count,
        problem=failure.reason if failure else None,
        http_status=failure.status if failure else None,
    )


def compare_due(
    database: Database, settings: Settings, is_ending: Callable[[], bool]
) -> float | None:
    """Compare one column that somebody asked for.

    :return: 0 where one was claimed and more may be due, else seconds until one falls due, or
        None where none is wanted.
    """
    with database.read() as session:
        due = next_due(session, Comparison, _OPEN)
    if due is None:
        return None
    if due > clock.now():
        return max((due - clock.now()).total_seconds(), _SHORTEST_SLEEP_S)
    lease_for = timedelta(seconds=_READING_S + 60)
    with database.write() as session:
        lease, ids = claim(session, Comparison, _OPEN, lease_for=lease_for, limit=1)
    if ids and is_ending():
        with database.write() as session:
            let_go(session, Comparison, lease)
        return None
    for number in ids:
        with database.read() as session:
            row = session.execute(
                select(*Comparison.__table__.c).where(Comparison.id == number)
            ).one()
        _try(database, settings, row)
    return 0.0 if ids else _SHORTEST_SLEEP_S
