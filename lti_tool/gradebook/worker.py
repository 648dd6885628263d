"""Steps 6 to 8 of a grade: claim under a lease, commit, send, settle; many at once.

No transaction is open while a platform is called. A worker killed after sending repeats the
same scores with the same timestamps, which the platform answers with 409; the results then tell
that they landed. How many scores are on their way at once is for `lanes.py` to say.
"""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

from lti_tool.core import clock
from lti_tool.db import Database
from lti_tool.gradebook import lanes, outages, verdicts
from lti_tool.gradebook.ahead import look_ahead
from lti_tool.gradebook.lanes import Lane
from lti_tool.gradebook.models import Delivery
from lti_tool.gradebook.pulse import pulse_of
from lti_tool.gradebook.queries import LastLook, Parcel, get_parcels, look_again
from lti_tool.gradebook.sending import send
from lti_tool.gradebook.settling import Tried, settle_all, tell_others
from lti_tool.gradebook.sharing import Sharing
from lti_tool.gradebook.threads import Pool
from lti_tool.gradebook.verdicts import LANDED, TROUBLE, WAIT, Verdict
from lti_tool.jobs.leasing import let_go
from lti_tool.jobs.queue import SCORES
from lti_tool.lti.calls import within
from lti_tool.lti.errors import ServiceFailed
from lti_tool.lti.tokens import tokens_in_hand
from lti_tool.settings import Settings
from lti_tool.web.logs import log

_LOOK_AGAIN_S = 0.25
_HELP_LOOK_S = 0.1
_CALLS = 4
_SETTLE_EVERY_S = 1.0
"""A tutor sees within about this time that a mark is there, however slow the platform is."""
_DATABASE_PAUSES_S = (0.5, 1.0, 2.0, 4.0, 8.0)
_LOOK_EVERY_S = 0.25
_HELPS_FOR_S = 3.0
"""A worker that finds every place taken stays near so long, in case one falls free."""
_sharing = Sharing()
IsEnding = Callable[[], bool]
_T = TypeVar("_T")


def _never() -> bool:
    return False


def _try(database: Database, settings: Settings, parcel: Parcel) -> Verdict:
    """One try, whatever comes of it: a fault of ours in one delivery must not stop the others."""
    try:
        with within(verdicts.time_for_a_try(settings)):
            return send(database, settings, parcel)
    except ServiceFailed as failure:
        return verdicts.of_failure(failure)
    except Exception as error:
        log.error(
            "delivery met a fault of ours",
            delivery=parcel.delivery.id,
            kind=type(error).__name__,
            exc_info=True,
        )
        return Verdict(WAIT, "our_fault")


class _LaneRun:
    """One lane at work, from its first batch until nothing is left for it."""

    def __init__(self, database: Database, settings: Settings, lane: Lane, is_ending: IsEnding):
        self._database, self._settings, self._is_ending = database, settings, is_ending
        self._lane = lane
        self._lease_for = verdicts.longest_try(settings) * 2
        self._place = (database.place, lane.registration_id)
        self._begun_at = time.monotonic()
        self._tried: list[Tried] = []
        self._settled = 0
        """How many of the batch are written already, of those that were tried."""
        self._pulse = pulse_of(database, lane.registration_id)
        self._must_stop = False
        self._sent = 0

    def run(self) -> None:
        """Send batch after batch."""
        _sharing.begin(self._place)
        try:
            self._run()
            self._pulse.lane_ended(self._sent, by_trouble=self._felt_trouble)
        finally:
            _sharing.end(self._place)

    def _run(self) -> None:
        lane: Lane | None = self._lane
        while lane is not None:
            self._lane = lane
            with tokens_in_hand():
                self._send_batch()
            lane = self._stored(self._settle_and_refill)

    def _send_batch(self) -> None:
        """Send until the batch is through, or something says that others must be asked first.

        Half of the lease is enough for the longest try, so a try begun in its first half ends
        within it. What is left after that is let go for any worker to claim.
        """
        last_start = self._lane.begun_at + self._lease_for / 2
        with self._database.read() as session:
            parcels = get_parcels(session, self._lane.ids, self._lane.lease)
        look = LastLook(
            {one.delivery.id: one.delivery.revision for one in parcels},
            any(outages.is_paused(one.registration) for one in parcels),
        )
        settled_at = looked_at = time.monotonic()
        for parcel in parcels:
            if self._must_stop or self._is_ending() or clock.now() > last_start:
                return
            if self._tried and time.monotonic() - settled_at > _SETTLE_EVERY_S:
                self._stored(self._settle)
                settled_at = time.monotonic()
            if time.monotonic() - looked_at > _LOOK_EVERY_S:
                look, looked_at = self._stored(self._look), time.monotonic()
            if self._is_held(look):
                return
            if look.revisions.get(parcel.delivery.id) == parcel.delivery.revision:
                self._send_one(parcel)

    def _look(self) -> LastLook:
        with self._database.read() as session:
            return look_again(session, self._lane.registration_id, self._lane.lease)

    def _is_held(self, look: LastLook) -> bool:
        """Whether others met trouble since: in this process known at once, in others soon."""
        return not self._lane.is_probe and (look.is_held or self._felt_trouble)

    @property
    def _felt_trouble(self) -> bool:
        """Whether this process met trouble with the platform since the lane began."""
        return self._pulse.trouble_at > self._begun_at

    def _send_one(self, parcel: Parcel) -> None:
        began_at = clock.now()
        felt = self._pulse.feel(_try(self._database, self._settings, parcel))
        verdict = verdicts.of_long_failing(felt, parcel.delivery.first_tried_at)
        self._must_stop = verdict.reason in TROUBLE or verdict.reason == "column_gone"
        self._sent += verdict.kind == LANDED
        self._tried.append(Tried(parcel, verdict, began_at))
        log.info(
            "delivery tried",
            delivery=parcel.delivery.id,
            verdict=verdict.kind,
            reason=verdict.reason,
            http_status=verdict.http_status,
            tries=parcel.delivery.tries,
        )

    def _settle(self) -> None:
        """Write what came of the tries so far, all in one transaction."""
        tried = self._tried
        with self._database.write() as session:
            held = lanes.hold_registration(session, self._lane.registration_id)
            settle_all(session, tried)
            tell_others(session, held, tried, is_probe=self._lane.is_probe)
        self._settled += len(tried)
        self._tried = []

    def _settle_and_refill(self) -> Lane | None:
        """Settle, let go what was not tried, and take the next marks: one transaction."""
        tried, lane = self._tried, self._lane
        with self._database.write() as session:
            held = lanes.hold_registration(session, lane.registration_id)
            if lane.is_probe and not any(one.verdict.tells_of_platform for one in tried):
                outages.end_pause(session, lane.registration_id)
            if tried:
                settle_all(session, tried)
                tell_others(session, held, tried, is_probe=self._lane.is_probe)
            if self._settled + len(tried) < len(lane.ids):
                let_go(session, Delivery, lane.lease)
            fresh = None
            if not (self._must_stop or self._is_ending()):
                if lane.is_probe:  # what it met may have ended the pause
                    held = lanes.hold_registration(session, lane.registration_id)
                fresh = lanes.refill(
                    session,
                    lane,
                    held,
                    self._lease_for,
                    self._gives_up,
                    self._pulse.claims_next(self._sent),
                )
        self._tried = []
        self._settled = 0
        return fresh

    def _gives_up(self, places: int) -> bool:
        return _sharing.gives_up(self._place, places)

    def _stored(self, act: Callable[[], _T]) -> _T:
        """Do it again where the database went away for a moment: the scores are sent already,
        and what came of them must not be forgotten."""
        for pause_s in _DATABASE_PAUSES_S:
            try:
                return act()
            except DBAPIError as error:
                log.warning("database out of reach", kind=type(error.orig).__name__)
                time.sleep(pause_s)
        return act()


def _open(
    database: Database, settings: Settings, most: int, waiting: Iterable[int] | None = None
) -> list[Lane]:
    """Lanes for what is due now, of every registration in turn.

    :param waiting: those known to have something; looked for where left out.
    """
    if waiting is None:
        waiting = look_ahead(database).due
    opened: list[Lane] = []
    for registration_id in waiting:
        if len(opened) >= most:
            break
        if _sharing.rests((database.place, registration_id)):
            continue
        with database.write() as session:
            opened += lanes.open_lanes(
                session,
                registration_id,
                verdicts.longest_try(settings) * 2,
                most - len(opened),
                pulse_of(database, registration_id).claims_next(0),
            )
    return opened


_pool = Pool()


def send_due(database: Database, settings: Settings, is_ending: IsEnding = _never) -> float | None:
    """Send what is due, in as many threads as there are lanes to be had; comes back when
    nothing of it is left, or this process is told to end.

    :return: 0 where something was sent and more is due, else seconds until something falls
        due, or None where nothing waits.
    """
    running: set[Future[None]] = set()
    has_sent = False
    leaves_at = time.monotonic() + _HELPS_FOR_S
    while True:
        ahead = look_ahead(database)
        opened = [] if is_ending() else _open(database, settings, _pool.free, ahead.due)
        running |= {
            _pool.begin(_LaneRun(database, settings, lane, is_ending).run) for lane in opened
        }
        if not has_sent and any(len(lane.ids) == lanes.BATCH for lane in opened):
            _call_others(database)
        has_sent = has_sent or bool(opened)
        if not running:
            if not has_sent and time.monotonic() < leaves_at and _may_help(database, is_ending):
                time.sleep(_HELP_LOOK_S)
                continue
            return 0.0 if has_sent and ahead.due else ahead.seconds
        done, running = wait(running, _LOOK_AGAIN_S, FIRST_COMPLETED)
        for one in done:
            one.result()


def _call_others(database: Database) -> None:
    """There is more to do than fits into the lanes: idle workers may want to help. The queue
    gives each call to any one of them, one of this process too, so a few are made."""
    with database.read() as session:
        is_much = lanes.is_much_due(session)
    if is_much:
        database.wake(SCORES, _CALLS)


def _may_help(database: Database, is_ending: IsEnding) -> bool:
    """Whether another process is busy with much more than fits into its lanes."""
    if is_ending():
        return False
    with database.read() as session:
        if not lanes.is_much_due(session):
            return False
    due = look_ahead(database).due
    return any(not _sharing.holds((database.place, one)) for one in due)


def drain(database: Database, settings: Settings) -> float | None:
    """Send all that is due, one score after another in this very thread.

    :return: seconds until something falls due again, or None where nothing waits.
    """
    while opened := _open(database, settings, 1):
        for lane in opened:
            _LaneRun(database, settings, lane, _never).run()
    return look_ahead(database).seconds
