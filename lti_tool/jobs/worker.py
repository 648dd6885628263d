"""A worker process: Huey's consumer around one function that does what is due.

Several may run, on any machine. Ending one by SIGTERM or SIGINT lets the task in hand finish;
killing one loses nothing, since its leases run out.
"""

import logging

from huey.consumer import Consumer

from lti_tool.jobs.queue import Queue


def run(queue: Queue) -> None:
    """Work until told to end. Looks for due work at once, then whenever woken or swept."""
    logging.getLogger("huey").setLevel(logging.WARNING)
    queue.wake()
    Consumer(
        queue.huey,
        workers=1,
        periodic=True,
        initial_delay=0.05,
        backoff=1.2,
        max_delay=0.4,
        scheduler_interval=1,
        worker_type="thread",
        graceful_signal="TERM",
    ).run()
