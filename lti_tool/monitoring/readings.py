"""What the database and the queue say about the tool as a whole, for `/metrics` and `/readyz`.

Asked when somebody looks, so that the answer is the same whichever process gives it. A fixed
number of queries, all over indexes of state.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.core.errors import OutOfOrder
from lti_tool.db import Database
from lti_tool.db.migrate import is_current
from lti_tool.gradebook import states
from lti_tool.gradebook.models import Delivery, DeliveryAttempt, LineItem
from lti_tool.gradebook.queries import count_by_state
from lti_tool.lti.keys import require_readable
from lti_tool.mail import outbox
from lti_tool.mail.models import Message
from lti_tool.settings import Settings

_DELIVERY_STATES = (
    states.WAITING,
    states.DELIVERED,
    states.NEEDS_PERSON,
    states.CANCELLED,
    states.SUPERSEDED,
)
_MAIL_STATES = (
    outbox.WAITING,
    outbox.SENT,
    outbox.UNSURE,
    outbox.FAILED,
    outbox.UNWANTED,
    outbox.CANCELLED,
)
LATE_S = 900
"""From when on a mark that waits is late."""
OK, OUT_OF_ORDER, DOES_NOT_FIT = "ok", "out of order", "does not fit this release"


@dataclass(frozen=True, slots=True)
class Unsent:
    """Marks of one registration that wait or need a person for one reason."""

    registration_id: int
    state: str
    reason: str
    count: int
    oldest_at: datetime


def _list_unsent(session: Session) -> list[Unsent]:
    """By registration, state and reason; the oldest since when its mark was last released."""
    query = (
        select(
            LineItem.registration_id,
            Delivery.state,
            func.coalesce(Delivery.reason, "none"),
            func.count(),
            func.min(Delivery.scored_at),
        )
        .join(LineItem, LineItem.id == Delivery.line_item_id)
        .where(Delivery.state.in_((states.WAITING, states.NEEDS_PERSON)))
        .group_by(LineItem.registration_id, Delivery.state, Delivery.reason)
    )
    return [Unsent(*row) for row in session.execute(query)]


def _age(moment: datetime | None) -> float:
    return 0.0 if moment is None else max((clock.now() - moment).total_seconds(), 0.0)


def oldest_unsent_s(unsent: list[Unsent]) -> float:
    """Age in seconds of the oldest mark that we should have sent; 0 where none waits. One that
    waits because its registration is switched off is not late."""
    moments = (
        one.oldest_at
        for one in unsent
        if one.state == states.WAITING and one.reason != "switched_off"
    )
    return _age(min(moments, default=None))


@dataclass(frozen=True, slots=True)
class Glance:
    """The same in a few figures, for a page."""

    deliveries: dict[str, int]
    oldest_delivery_s: float
    tried_at: datetime | None
    """When a worker last tried to send a mark: its last sign of life."""
    mail: dict[str, int]
    oldest_mail_s: float


def take_glance(session: Session) -> Glance:
    """Marks, messages and the worker at this moment. Four queries."""
    mail = _mail_by_state(session)
    return Glance(
        deliveries=count_by_state(session),
        oldest_delivery_s=seconds_late(session),
        tried_at=session.scalar(
            select(DeliveryAttempt.ended_at).order_by(DeliveryAttempt.id.desc()).limit(1)
        ),
        mail={state: count for state, (count, _) in mail.items()},
        oldest_mail_s=_age(mail.get(outbox.WAITING, (0, None))[1]),
    )


def seconds_late(session: Session) -> float:
    """The same, for the doctor."""
    return oldest_unsent_s(_list_unsent(session))


def _by_state(name: str, words: str, counts: dict[str, int], known: tuple[str, ...]) -> Metric:
    family = GaugeMetricFamily(name, words, labels=("state",))
    for state in known:
        family.add_metric((state,), counts.get(state, 0))
    return family


def _deliveries(session: Session) -> Iterator[Metric]:
    yield _by_state(
        "lti_tool_deliveries",
        "Marks for gradebooks, by state.",
        count_by_state(session),
        _DELIVERY_STATES,
    )
    unsent = _list_unsent(session)
    family = GaugeMetricFamily(
        "lti_tool_deliveries_unsent",
        "Marks that wait or need a person, by registration, state and reason.",
        labels=("registration", "state", "reason"),
    )
    for one in unsent:
        family.add_metric((str(one.registration_id), one.state, one.reason), one.count)
    yield family
    yield GaugeMetricFamily(
        "lti_tool_delivery_oldest_unsent_seconds",
        "Age of the oldest mark that waits to be sent; 0 where none does.",
        value=oldest_unsent_s(unsent),
    )


def _mail_by_state(session: Session) -> dict[str, tuple[int, datetime | None]]:
    """How many messages, and since when the oldest, by state."""
    query = select(Message.state, func.count(), func.min(Message.created_at)).group_by(
        Message.state
    )
    return {state: (count, oldest) for state, count, oldest in session.execute(query)}


def _mail(session: Session) -> Iterator[Metric]:
    rows = _mail_by_state(session)
    counts = {state: count for state, (count, _) in rows.items()}
    yield _by_state("lti_tool_mail", "Messages to people, by state.", counts, _MAIL_STATES)
    yield GaugeMetricFamily(
        "lti_tool_mail_oldest_waiting_seconds",
        "Age of the oldest message that waits to be sent; 0 where none does.",
        value=_age(rows.get(outbox.WAITING, (0, None))[1]),
    )


def _up(part: str, words: str, is_up: bool) -> Metric:
    return GaugeMetricFamily(f"lti_tool_{part}_up", words, value=float(is_up))


class Readings(Collector):
    """The figures of one moment. Where the database or the queue does not answer, its figures
    are left out and it is said to be down."""

    def __init__(self, database: Database, wake_ups: int | None) -> None:
        """:param wake_ups: how many wait in the queue; None where it is out of order."""
        self._database, self._wake_ups = database, wake_ups

    def _of_database(self) -> list[Metric]:
        with self._database.read() as session:
            return [*_deliveries(session), *_mail(session)]

    def collect(self) -> Iterator[Metric]:
        """Three queries of the database."""
        try:
            found = self._of_database()
        except SQLAlchemyError:
            found = []
        yield _up("database", "Whether the database answers.", bool(found))
        yield from found
        waiting = self._wake_ups
        yield _up("queue", "Whether the queue answers.", waiting is not None)
        if waiting is not None:
            yield GaugeMetricFamily(
                "lti_tool_queue_waiting", "Wake-ups that no worker has taken.", value=waiting
            )


def _keys_stand(settings: Settings) -> str:
    try:
        require_readable(settings.keys_dir, settings.secret_key)
    except (OutOfOrder, OSError):
        return OUT_OF_ORDER
    return OK


def look_at_parts(database: Database, settings: Settings, wake_ups: int | None) -> dict[str, str]:
    """How database, migrations, queue and signing keys stand, each in a word or two."""
    try:
        fits = is_current(database)
        found = {"database": OK, "migrations": OK if fits else DOES_NOT_FIT}
    except SQLAlchemyError:
        found = {"database": OUT_OF_ORDER, "migrations": "unknown"}
    queue = OUT_OF_ORDER if wake_ups is None else OK
    return {**found, "queue": queue, "keys": _keys_stand(settings)}
