"""What holds for every suite.

Servers and databases of a session stand here alone: a `conftest.py` further in that imported their
fixtures would start them once more for its own folder.
"""

import gc

import pytest
import structlog
from hypothesis import HealthCheck, settings

from tests.support.databases import (  # noqa: F401
    database,
    database_url,
    postgres_kept,
    sqlite_template,
)
from tests.support.fixtures import platform_server, postgres_url  # noqa: F401

settings.register_profile(
    "shared cores", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("shared cores")
"""An example may take as long as it must: what else runs on these cores is not the code's fault."""

gc.set_threshold(50_000, 20, 20)
"""A process of the suites holds a great deal for good; walking it again and again takes time."""


def pytest_collection_finish() -> None:
    """The tests themselves, and what they import, are there to stay."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """As the run ends what nobody holds is looked for, and told of; pytest does so five times over,
    after pytest-xdist has begun to wait for the process to be gone."""
    gc.collect()
    gc.freeze()


structlog.configure(
    processors=[
        *structlog.get_config()["processors"][:-1],
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]
)
"""A trace in colours, with every variable of every frame, takes two seconds to draw."""

_LONGEST_OF_THE_UNITS = "tests/unit/web/test_face_pages.py"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins early: the folders stand in that order in pyproject.toml, and one file
    of the last folder drives a browser for a minute, in which the other cores had nothing to do."""
    items.sort(
        key=lambda item: not item.nodeid.startswith(("tests/journeys", _LONGEST_OF_THE_UNITS))
    )
