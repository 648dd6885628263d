"""What holds for every suite.

Servers and databases of a session stand here alone: a `conftest.py` further in that imported their
fixtures would start them once more for its own folder.
"""

import gc

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
