"""What holds for every suite."""

import gc

from hypothesis import HealthCheck, settings

settings.register_profile(
    "shared cores", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("shared cores")
"""An example may take as long as it must: what else runs on these cores is not the code's fault."""

gc.set_threshold(50_000, 20, 20)
"""A process of the suites holds a great deal for good; walking it again and again takes time."""
