"""The bench of these tests: a database of each kind, a course, a mail server that is one."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine

from lti_tool.db import Database
from lti_tool.settings import Settings, load_settings
from tests.integration.mail.bench import Bench
from tests.support.mail_sink import MailSink, mail_sink


@pytest.fixture
def sink() -> Iterator[MailSink]:
    """A mail server, well-behaved until told otherwise."""
    with mail_sink() as running:
        yield running


@pytest.fixture
def settings(tmp_path: Path, database_url: str, sink: MailSink) -> Settings:
    """Settings of a tool that sends by that server."""
    return load_settings(
        {
            "LTI_TOOL_DEMO": "1",
            "LTI_TOOL_INSTANCE_DIR": str(tmp_path),
            "LTI_TOOL_KEYS_DIR": str(tmp_path / "keys"),
            "LTI_TOOL_DATABASE_URL": database_url,
            "LTI_TOOL_MAIL_URL": sink.url,
            "LTI_TOOL_MAIL_FROM": "SENCo training <senco@example.ac.uk>",
        }
    )


@pytest.fixture
def bench(database: Database, settings: Settings) -> Bench:
    """A course with one assignment and one participant."""
    return Bench(database, settings)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The clock of this process, to be moved: `clock.shift(seconds)`."""
    with time_machine.travel(datetime.now(UTC), tick=True) as traveller:
        yield traveller
