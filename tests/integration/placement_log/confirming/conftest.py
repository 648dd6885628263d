"""A participant with a visit that waits for its host, on a database of each kind."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine

from lti_tool.activities.placement_log.confirming import sweeping
from lti_tool.db import Database
from tests.integration.placement_log.confirming.bench import Bench
from tests.support.mail_sink import MailSink, mail_sink
from tests.support.partner_visits import begin_visiting
from tests.support.visiting import make_world

NOW = datetime(2026, 9, 25, 15, 0, tzinfo=UTC)
"""A Friday in term; the visit was the day before."""


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The clock of this process, to be moved."""
    with time_machine.travel(NOW, tick=True) as traveller:
        yield traveller


@pytest.fixture
def sink() -> Iterator[MailSink]:
    """A mail server."""
    with mail_sink() as running:
        yield running


@pytest.fixture
def bench(
    tmp_path: Path,
    database: Database,
    database_url: str,
    clock: time_machine.Traveller,
    sink: MailSink,
) -> Bench:
    """A course with one participant whose visit waits for its host."""
    sweeping._rounds.forget()
    world = make_world(
        tmp_path,
        database,
        LTI_TOOL_DATABASE_URL=database_url,
        LTI_TOOL_MAIL_URL=sink.url,
        LTI_TOOL_MAIL_FROM="SENCo training <senco@example.ac.uk>",
    )
    return Bench(begin_visiting(world, email="amara@example.org"), sink)
