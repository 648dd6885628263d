"""`/metrics`, for Prometheus and what reads its text format.

Given to who has the token, or asks from this machine itself. Behind a proxy that nobody trusts
everyone seems to be this machine, so there the token is needed.
"""

import ipaddress

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from lti_tool.core.errors import NotAllowed
from lti_tool.core.identifiers import same
from lti_tool.db import database
from lti_tool.monitoring.parts import count_wake_ups, settings
from lti_tool.monitoring.readings import Readings
from lti_tool.web import meters
from lti_tool.web.policy import PUBLIC, who_may

blueprint = Blueprint("monitoring", __name__)
_OF_PROXIES = ("X-Forwarded-For", "Forwarded", "X-Real-Ip")


def _is_from_here() -> bool:
    """Whether the request comes from this machine, judged after the trusted proxies."""
    if not settings().trusted_proxies and any(name in request.headers for name in _OF_PROXIES):
        return False
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _has_token() -> bool:
    wanted = settings().metrics_token
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    return bool(wanted) and kind.lower() == "bearer" and same(given.strip(), wanted)


@blueprint.get("/metrics")
@who_may(PUBLIC, because="asks for a token itself, or answers this machine only")
def metrics() -> ResponseReturnValue:
    """All figures, in Prometheus's text format."""
    if not (_has_token() or _is_from_here()):
        raise NotAllowed(
            "These figures are for this machine’s own monitoring. From elsewhere send the token "
            "of LTI_TOOL_METRICS_TOKEN as a bearer."
        )
    registry = CollectorRegistry()
    registry.register(meters.counted())
    registry.register(Readings(database(), count_wake_ups()))
    return generate_latest(registry), 200, {"Content-Type": CONTENT_TYPE_LATEST}
