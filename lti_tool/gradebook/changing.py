"""Columns that change: another title or maximum carried over, and a deleted one made again.

The change is written here first; a worker carries it over by reading the column, changing only
what is ours and sending all of it back. Where the maximum changed, marks that were sent go out
again on the new scale.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.db import Database
from lti_tool.db.statements import AnyRow
from lti_tool.gradebook import outbox, verdicts
from lti_tool.gradebook.columns import note_gone
from lti_tool.gradebook.findings import on_scale
from lti_tool.gradebook.models import Delivery, LineItem
from lti_tool.gradebook.queries import IS_THEIRS, get_registration_of
from lti_tool.gradebook.states import COURSE_RESET, DELIVERED, WAITING
from lti_tool.jobs.leasing import claim, let_go, next_due
from lti_tool.jobs.queue import wake
from lti_tool.lti import ags_columns
from lti_tool.lti.calls import within
from lti_tool.lti.errors import ServiceFailed
from lti_tool.lti.vocabulary import SCOPE_LINE_ITEM
from lti_tool.settings import Settings
from lti_tool.web.logs import log

_SHORTEST_SLEEP_S = 0.2
_OPEN = and_(
    LineItem.url.is_not(None),
    LineItem.gone_at.is_(None),
    LineItem.change_problem.is_(None),
    or_(LineItem.told_label != LineItem.label, LineItem.told_maximum != LineItem.maximum),
)
"""Columns whose platform has been told another title or maximum than we hold now."""
_STEP = Decimal("0.5")
_HALF_OF_WHAT_IS_SENT = Decimal("0.005")
_AFTER_SCALING = timedelta(seconds=2)


def change_column(
    session: Session,
    assignment_id: int,
    *,
    label: str | None = None,
    maximum: Decimal | None = None,
    marks: Mapping[int, Decimal] | None = None,
) -> bool:
    """Give an assignment's column another title or maximum, in the transaction that changes the
    assignment. Marks already sent go out again on the new scale; each keeps its percentage.
    One that needs a person, or that a tutor left as the gradebook has it, does not.

    :param maximum: above 0; the new scale of the column.
    :param marks: final marks out of 100 by person; where one is left out it is worked out from
        what was sent.
    :return: whether anything has to be carried over; False where there is no column yet.
    """
    row = session.execute(
        select(*LineItem.__table__.c).where(LineItem.assignment_id == assignment_id)
    ).first()
    if row is None:
        return False
    fresh = {"label": label or row.label, "maximum": maximum or row.maximum}
    if fresh["label"] == row.label and fresh["maximum"] == row.maximum:
        return False
    session.execute(
        update(LineItem)
        .where(LineItem.id == row.id)
        .values(
            **fresh,
            told_label=row.told_label or row.label,
            told_maximum=row.told_maximum if row.told_maximum is not None else row.maximum,
            change_problem=None,
            due_at=clock.now(),
            tries=0,
        )
        .execution_options(synchronize_session=False)
    )
    if fresh["maximum"] != row.maximum:
        _rescale(session, row.id, Decimal(fresh["maximum"]), marks or {})
    wake(session)
    return True


def percent_of(given: Decimal, maximum: Decimal) -> Decimal:
    """The mark out of 100 that a score was rounded from: the half mark nearest to it where
    rounding alone explains the difference, else the score's own percentage."""
    exact = given * 100 / maximum
    nearest = (exact / _STEP).quantize(Decimal(1), ROUND_HALF_UP) * _STEP
    is_telling = _HALF_OF_WHAT_IS_SENT * 100 / maximum < _STEP / 2
    return nearest if is_telling and on_scale(nearest, maximum) == given else exact


def _rescale(
    session: Session, line_item_id: int, maximum: Decimal, marks: Mapping[int, Decimal]
) -> None:
    """Promise each mark anew on another scale.

    What needs a person goes on asking: sent later, it says of which maximum it is. What a tutor
    decided to leave as the gradebook has it stays so.
    """
    rows = session.execute(
        select(*Delivery.__table__.c)
        .where(
            Delivery.line_item_id == line_item_id,
            Delivery.state.in_((WAITING, DELIVERED)),
            Delivery.clears.is_(False),
            or_(Delivery.reason.is_(None), Delivery.reason != COURSE_RESET),
            ~IS_THEIRS,
        )
        .order_by(Delivery.id)
        .with_for_update()
    ).all()
    for row in rows:
        mark = marks.get(row.person_id, percent_of(row.score_given, row.score_maximum))
        given, said = on_scale(mark, maximum), (row.comment, row.submitted_at)
        outbox.enqueue(session, line_item_id, row.person_id, given, maximum, *said)


def _send_after_scaling(session: Session, line_item_id: int) -> None:
    """Send later than the platform's own scaling what it may have spoiled or refused.

    Moodle puts a 0 where no mark was when the maximum changes, so a mark that was taken out is
    taken out again. It also stamps every grade with that second and refuses a score of the same
    one, so marks still on their way get a later time.
    """
    rows = session.execute(
        select(Delivery.id, Delivery.scored_at)
        .where(
            Delivery.line_item_id == line_item_id,
            or_(
                Delivery.state == WAITING,
                and_(Delivery.state == DELIVERED, Delivery.clears.is_(True)),
            ),
            or_(Delivery.reason.is_(None), Delivery.reason != COURSE_RESET),
            ~IS_THEIRS,
        )
        .order_by(Delivery.id)
        .with_for_update()
    ).all()
    due = clock.whole_second(clock.now()) + _AFTER_SCALING
    for row in rows:
        outbox.send_again(session, row.id)
        later = max(due, row.scored_at + timedelta(seconds=1))
        session.execute(
            update(Delivery)
            .where(Delivery.id == row.id)
            .values(due_at=due, scored_at=later)
            .execution_options(synchronize_session=False)
        )


def _carry_over(database: Database, settings: Settings, item: AnyRow) -> None:
    """:raises ServiceFailed: the platform did not take the change."""
    with database.read() as session:
        registration = get_registration_of(session, item.registration_id)
    if not registration.is_enabled:
        raise ServiceFailed("switched_off", None, 60.0)
    if SCOPE_LINE_ITEM not in item.scopes.split():
        raise ServiceFailed("no_scope")
    with within(verdicts.time_for_a_try(settings)):
        ags_columns.change_line_item(
            database, settings, registration, item.url, label=item.label, maximum=item.maximum
        )


def _settle(session: Session, item: AnyRow, failure: ServiceFailed | None) -> None:
    """Keep what the platform was told; or try again, or say why it cannot be."""
    now = clock.now()
    outbox.hold_columns(session, [item.id])
    values: dict[str, object] = {"lease": None, "leased_until": None}
    if failure is None:
        values |= {"told_label": item.label, "told_maximum": item.maximum, "change_problem": None}
        if item.told_maximum != item.maximum:
            _send_after_scaling(session, item.id)
    elif failure.status in (404, 410):
        note_gone(session, item)
    elif failure.reason == "switched_off" or verdicts.will_wait(failure):
        seconds = max(verdicts.pause(item.tries, timedelta(0)), failure.retry_after or 0.0)
        values["due_at"] = now + timedelta(seconds=seconds)
    else:
        values["change_problem"] = failure.reason
    session.execute(
        update(LineItem)
        .where(LineItem.id == item.id, LineItem.lease == item.lease)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _try(database: Database, settings: Settings, line_item_id: int) -> None:
    with database.read() as session:
        item = session.execute(
            select(*LineItem.__table__.c).where(LineItem.id == line_item_id)
        ).one()
    failure = None
    try:
        _carry_over(database, settings, item)
    except ServiceFailed as failed:
        failure = failed
    except Exception as error:
        failure = ServiceFailed("our_fault")
        log.error("changing a column met a fault of ours", kind=type(error).__name__, exc_info=True)
    with database.write() as session:
        _settle(session, item, failure)
    log.info("column changed", line_item=line_item_id, problem=failure and failure.reason)


def change_due(
    database: Database, settings: Settings, is_ending: Callable[[], bool]
) -> float | None:
    """Carry over one column's change that is due.

    :return: 0 where one was claimed and more may be due, else seconds until one falls due, or
        None where none waits.
    """
    with database.read() as session:
        due = next_due(session, LineItem, _OPEN)
    if due is None:
        return None
    if due > clock.now():
        return max((due - clock.now()).total_seconds(), _SHORTEST_SLEEP_S)
    with database.write() as session:
        lease, ids = claim(
            session, LineItem, _OPEN, lease_for=verdicts.longest_try(settings) * 2, limit=1
        )
    if ids and is_ending():
        with database.write() as session:
            let_go(session, LineItem, lease)
        return None
    for line_item_id in ids:
        _try(database, settings, line_item_id)
    return 0.0 if ids else _SHORTEST_SLEEP_S
