"""A worker process: Huey's consumer around one function that does what is due.

Several may run, on any machine. Ending one by SIGTERM, or by closing its terminal, lets the step in hand finish and begins
no other; killing one loses nothing, since its leases run out.
"""

import logging
import signal

from huey.consumer import Consumer

from lti_tool.core.hanging_up import is_kept_on
from lti_tool.jobs.queue import Queue

_THREADS = 3
"""While one waits for a slow platform, the others serve the rest."""


def run(queue: Queue) -> None:
    """Work until told to end. Looks for due work at once, then whenever woken or swept."""
    logging.getLogger("huey").setLevel(logging.WARNING)
    queue.wake()
    consumer = Consumer(
        queue.huey,
        workers=_THREADS,
        periodic=True,
        initial_delay=0.05,
        backoff=1.2,
        max_delay=0.4,
        scheduler_interval=1,
        worker_type="thread",
        graceful_signal="TERM",
    )
    consumer._signal_actions[signal.SIGHUP] = consumer._signal_actions[signal.SIGTERM]
    if is_kept_on():
        del consumer._signal_actions[signal.SIGHUP]
    queue.is_ending = consumer.stop_flag.is_set
    consumer.run()
