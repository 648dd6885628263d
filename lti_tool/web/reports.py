"""Reports of unforeseen faults to Sentry, for who sets `LTI_TOOL_SENTRY_DSN`; else nothing.

Needs the extra `lti-tool[sentry]`. What leaves: the kind of error, where in our code it came
about, the kind of page, and the reference that the person's page shows. Never a text of an
exception, a value, an address, a request, a user or a machine's name: any of them may tell of a
person.
"""

from collections.abc import MutableMapping
from typing import Any

from lti_tool.core.errors import Unusable
from lti_tool.settings import PREFIX, Settings
from lti_tool.web.traces import exception_of, stacks

_TAGS = ("event", "reference", "launch", "visit", "route", "delivery", "message", "line_item")
_KEPT = {"event_id", "timestamp", "platform", "level", "release", "sdk", "tags", "transaction"}


def scrub(event: Any, hint: Any) -> Any:
    """Keep of a report only what cannot tell of a person."""
    cause = exception_of(hint["exc_info"]) if "exc_info" in hint else None
    kept = {name: value for name, value in event.items() if name in _KEPT}
    return {**kept, "exception": {"values": stacks(cause) if cause else []}}


def report(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> Any:
    """A step of the log: a line that carries an exception is also reported."""
    cause = line.get("exc_info")
    if cause:
        import sentry_sdk

        with sentry_sdk.new_scope() as scope:
            for name in _TAGS:
                if name in line:
                    scope.set_tag(name, str(line[name]))
            sentry_sdk.capture_exception(exception_of(cause))
    return line


def set_up_reports(settings: Settings) -> bool:
    """Be ready to report, where an address for reports is set.

    :return: whether `report` belongs into the log's steps.
    :raises Unusable: the extra is missing, or the address is none.
    """
    if not settings.sentry_dsn:
        return False
    try:
        import sentry_sdk
        from sentry_sdk.utils import BadDsn
    except ImportError:
        raise Unusable(
            f"{PREFIX}SENTRY_DSN is set, and Sentry’s library is not installed. Install "
            "`lti-tool[sentry]`, or leave the setting out."
        ) from None
    try:
        sentry_sdk.init(
            settings.sentry_dsn,
            default_integrations=False,
            auto_enabling_integrations=False,
            include_local_variables=False,
            max_request_body_size="never",
            max_breadcrumbs=0,
            server_name="",
            before_send=scrub,
        )
    except BadDsn:
        raise Unusable(f"{PREFIX}SENTRY_DSN is no address of a Sentry project.") from None
    return True
