"""What may be told of a fault: the classes of its exceptions and where they came about.

Never an exception's own text, which often quotes what a person typed, or a row of the database.
The log and reports to Sentry both take it from here.
"""

import sys
import traceback
from collections.abc import Iterator
from typing import Any


def exception_of(exc_info: Any) -> BaseException | None:
    """The exception that a line of the log carries.

    :param exc_info: the exception, what `sys.exc_info` gives, or true for the one being handled.
    """
    if isinstance(exc_info, tuple):
        return exc_info[1]  # type: ignore[no-any-return]
    return exc_info if isinstance(exc_info, BaseException) else sys.exc_info()[1]


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An exception, what caused it, what caused that, and so on."""
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)


def stacks(error: BaseException) -> list[dict[str, Any]]:
    """An exception and its causes in the form that Sentry takes, the first cause first."""
    return [_stack(one) for one in reversed([*_chain(error)])]


def _stack(error: BaseException) -> dict[str, Any]:
    frames = [
        {
            "filename": one.filename,
            "function": one.name,
            "lineno": one.lineno,
            "context_line": one.line,
        }
        for one in traceback.extract_tb(error.__traceback__)
    ]
    kind = type(error)
    return {
        "type": kind.__qualname__,
        "module": kind.__module__,
        "value": "",
        "stacktrace": {"frames": frames},
    }


def as_text(error: BaseException) -> str:
    """An exception and its causes as lines to read, the first cause first."""
    lines = []
    for one in stacks(error):
        lines += [
            f'  File "{frame["filename"]}", line {frame["lineno"]}, in {frame["function"]}\n'
            f"    {frame['context_line']}"
            for frame in one["stacktrace"]["frames"]
        ]
        lines.append(f"{one['module']}.{one['type']}")
    return "\n".join(lines)
