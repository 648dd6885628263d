"""The queue as this web process looks at it: opened at the first look, since pages need none."""

from typing import cast

from flask import current_app

from lti_tool.jobs.queue import Queue
from lti_tool.settings import Settings

_EXTENSION = "lti_tool.monitoring.queue"


def settings() -> Settings:
    """The application's settings."""
    return cast(Settings, current_app.extensions["lti_tool.settings"])


def queue() -> Queue:
    """The queue that wakes workers."""
    if _EXTENSION not in current_app.extensions:
        current_app.extensions[_EXTENSION] = Queue(settings().queue_url)
    return cast(Queue, current_app.extensions[_EXTENSION])
