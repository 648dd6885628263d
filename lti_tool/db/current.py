"""The request that is being answered, and what is noted while it is, for steps of every request.

Flask's `request` and `g` look for theirs at each use, by three calls of Python: a sixth of all that
a launch makes. A step that uses them more than once takes them from here.
"""

from collections.abc import Callable
from typing import Any, cast

from flask import Request, g, request
from flask.ctx import _AppCtxGlobals as Notes

the_request: Callable[[], Request] = cast(Any, request)._get_current_object
notes: Callable[[], Notes] = cast(Any, g)._get_current_object
