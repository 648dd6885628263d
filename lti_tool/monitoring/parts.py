"""The queue as this web process looks at it: opened at the first look, since pages need none."""

from typing import cast

from flask import current_app

from lti_tool.jobs.queue import Queue
from lti_tool.settings import Settings

_EXTENSION = "lti_tool.monitoring.queue"


def settings() -> Settings:
    """The application's settings."""
    return cast(Settings, current_app.extensions["lti_tool.settings"])


def count_wake_ups() -> int | None:
    """How many wake-ups no worker has taken; None where the queue is out of order."""
    if _EXTENSION not in current_app.extensions:
        try:
            current_app.extensions[_EXTENSION] = Queue(settings().queue_url)
        except Exception:
            return None
    return cast(Queue, current_app.extensions[_EXTENSION]).count_waiting()
