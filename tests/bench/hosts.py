"""A thousand hosts asked by e-mail, a slow mail server, and workers that are killed in between.

Told by what the mail server received: each message once, or named as unsure. Then how long the
doctor takes over many seals.
"""

import os
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import insert, select, update

from lti_tool.activities.placement_log.confirming.checking import check_seals
from lti_tool.activities.placement_log.confirming.operations import HOST_ASKED, ask
from lti_tool.activities.placement_log.confirming.seals import Sealed, digest_signer
from lti_tool.activities.placement_log.confirming.shown import what_is_shown
from lti_tool.activities.placement_log.confirming.visit_rows import find_visit
from lti_tool.activities.placement_log.models import Confirmation
from lti_tool.core import clock
from lti_tool.mail.models import Message
from lti_tool.mail.outbox import UNSURE, WAITING
from lti_tool.people.models import Guest, GuestSignature
from tests.bench.bench import Bench, Found
from tests.support.mail_sink import MailSink, mail_sink
from tests.support.partner_visits import Visiting, begin_visiting, write_visit
from tests.support.visiting import make_world

HOSTS, SEALS, SLOW_S, KILL_AFTER = 1000, 20_000, 0.05, 60
_ROOT = Path(__file__).resolve().parents[2]


def _ask_all(visiting: Visiting) -> None:
    world = visiting.world
    with world.database.write() as session:
        for number in range(HOSTS):
            visit_id = write_visit(
                session, visiting.assignment_id, visiting.person_id, world.registration_id
            )
            visit = find_visit(session, visit_id)
            assert visit is not None
            ask(
                session,
                world.settings,
                visit,
                name=f"Host {number}",
                email=f"host{number}@school{number}.sch.uk",
                actor_id=visiting.person_id,
            )


def _worker(visiting: Visiting, folder: Path) -> "subprocess.Popen[bytes]":
    settings = visiting.world.settings
    given = {
        "DEMO": "1",
        "BASE_URL": settings.base_url,
        "SECRET_KEY": settings.secret_key,
        "DATABASE_URL": settings.database_url,
        "QUEUE_URL": f"sqlite:///{folder}/queue.sqlite",
        "INSTANCE_DIR": str(settings.instance_dir),
        "KEYS_DIR": str(settings.keys_dir),
        "MAIL_URL": str(settings.mail_url),
        "MAIL_FROM": "senco@example.ac.uk",
    }
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("LTI_TOOL_")}
    return subprocess.Popen(
        [sys.executable, "-m", "lti_tool.cli", "worker"],
        cwd=_ROOT,
        env=inherited | {f"LTI_TOOL_{name}": value for name, value in given.items()},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _states(visiting: Visiting) -> dict[str, str]:
    """State of each message by the host's address."""

    with visiting.world.database.read() as session:
        rows = session.execute(
            select(Guest.email, Message.state)
            .join(Guest, Guest.id == Message.guest_id)
            .where(Message.kind == HOST_ASKED)
        )
        return {email: state for email, state in rows}


def _send_through_deaths(visiting: Visiting, folder: Path, sink: MailSink) -> int:
    """Kill the worker again and again until nothing waits.

    :return: how many were killed while messages waited.
    """
    killed, held = 0, Message.lease.is_not(None)
    while WAITING in _states(visiting).values():
        with visiting.world.database.write() as session:  # as if the claims had run out
            session.execute(update(Message).where(held).values(leased_until=clock.now()))
        process, before = _worker(visiting, folder), len(sink.taken)
        while len(sink.taken) < before + KILL_AFTER:
            time.sleep(0.02)
            if len(sink.taken) > HOSTS - KILL_AFTER and WAITING not in _states(visiting).values():
                break
        killed += WAITING in _states(visiting).values()
        process.kill()
        process.wait()
    return killed


def _seal_many(visiting: Visiting) -> None:
    """Answers under seal, as rows: what the doctor looks at."""
    world, now = visiting.world, clock.whole_second(clock.now())
    with world.database.write() as session:
        visit = find_visit(session, visiting.visit_id)
        assert visit is not None
        shown = what_is_shown(session, world.settings.config_dir, visit)
        signature = GuestSignature(name="Jo Field", role="SENCO", signed_at=now)
        session.add(signature)
        session.flush()
        hashed = digest_signer("salt", "Jo Field", "SENCO")
        first = 10_000_000
        rows = [
            {
                "id": first + at,
                "visit_id": visiting.visit_id,
                "asked_at": now,
                "expires_at": now,
                "by": "link",
                "answer": "wrong",
                "reason": "The wrong day.",
                "answered_at": now,
                "shown": shown,
                "shown_digest": Sealed(
                    first + at,
                    visiting.visit_id,
                    shown,
                    "wrong",
                    "The wrong day.",
                    "link",
                    now,
                    hashed,
                ).digest(),
                "signature_id": signature.id,
                "signer_salt": "salt",
                "signer_digest": hashed,
            }
            for at in range(SEALS)
        ]
        session.execute(insert(Confirmation), rows)


def _doctor(visiting: Visiting) -> tuple[float, float]:
    """Seconds, and how much more memory at most, in MB."""
    began = time.perf_counter()
    with visiting.world.database.read() as session:
        assert all(one.is_ok for one in check_seals(session, visiting.world.settings))
    seconds = time.perf_counter() - began
    tracemalloc.start()
    with visiting.world.database.read() as session:
        list(check_seals(session, visiting.world.settings))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return seconds, most / 1e6


def measure() -> Iterator[Found]:
    """Ask, send through deaths, count; then seal many and look at them."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name, mail_sink() as sink:
        sink.slow_s = SLOW_S
        folder = Path(name)
        world = make_world(
            folder,
            LTI_TOOL_MAIL_URL=sink.url,
            LTI_TOOL_MAIL_FROM="senco@example.ac.uk",
        )
        visiting = begin_visiting(world)
        _ask_all(visiting)
        began = time.perf_counter()
        killed = _send_through_deaths(visiting, folder, sink)
        seconds = time.perf_counter() - began
        states = _states(visiting)
        taken = Counter(one.recipients[0] for one in sink.taken)
        unsure = {email for email, state in states.items() if state == UNSURE}
        yield (
            len(states),
            f"{seconds:.0f}",
            killed,
            sum(count == 1 for email, count in taken.items() if email not in unsure),
            sum(count > 1 for count in taken.values()),
            len(unsure),
            sum(email not in taken and email not in unsure for email in states),
            sum(email in taken for email in unsure),
        )
        _seal_many(visiting)
        doctor_s, doctor_mb = _doctor(visiting)
        yield (
            f"Seals of {SEALS:,} answers looked at by the doctor in {doctor_s:.1f} s, with "
            f"{doctor_mb:.0f} MB more memory."
        )


BENCH = Bench(
    "hosts",
    "A thousand hosts asked by e-mail while workers are killed",
    "A mail server that takes 50 ms for each message; worker processes on SQLite, killed after "
    "every 60 messages and started again. A message whose worker was killed is never sent again "
    "by itself: it is named as unsure, and the participant is told to send it again. Wanted: none "
    "twice, and each either sent or named. Then 20,000 answers for `lti-tool doctor`.",
    (
        "Hosts asked",
        "Seconds",
        "Workers killed",
        "Left once",
        "Left twice",
        "Named as unsure",
        "Neither",
        "The server had of the unsure",
    ),
    measure,
)
