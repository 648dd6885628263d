"""The tool with one form more: a participant's first page offers to record a mark at once.

Our participants send no marks themselves. So that a load generator made for tools where they do
can measure ours, this form promises a mark by the same operation that a release calls; all after
it is the tool's own: the delivery's row, the queue, the worker. Run as a module it
serves it as `lti-tool serve --with-worker` would.
"""

import re
import sys
from decimal import Decimal

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue

from lti_tool.cli.processes import Process, run_together, worker_command
from lti_tool.core import clock
from lti_tool.db import session
from lti_tool.gradebook.operations import record_score
from lti_tool.people import visits
from lti_tool.web.policy import who_may
from tests.bench.gunicorn_settings import command

_TOKEN = re.compile(rb'name="csrf_token" value="([0-9a-f]+)"')


@who_may("participant")
def _score(handle: str) -> ResponseReturnValue:
    visit = visits.current()
    assert visit.assignment_id is not None
    record_score(
        session(),
        assignment_id=visit.assignment_id,
        person_id=visit.person_id,
        mark=Decimal(request.form["score"]),
        maximum=Decimal(100),
        comment="",
        submitted_at=clock.now(),
    )
    return "<!doctype html><title>Kept</title>"


def _offer(answer: Response) -> Response:
    """Put the form before all others of a first page."""
    token = _TOKEN.search(answer.get_data()) if request.endpoint != "bench_score" else None
    if token and request.path.startswith("/v/") and request.path.count("/") == 3:
        form = (
            b'<form method="post" action="%sbench-score"><input type="hidden" name="csrf_token" '
            b'value="%s"><input name="score"></form>' % (request.path.encode(), token[1])
        )
        answer.set_data(
            answer.get_data().replace(b'<a class="skip-link"', form + b'<a class="skip-link"', 1)
        )
    return answer


def make() -> Flask:
    """What gunicorn serves."""
    from lti_tool.wsgi import app as made

    made.add_url_rule(
        "/v/<handle>/bench-score", "bench_score", _score, methods=["POST"], strict_slashes=False
    )
    made.after_request(_offer)
    return made


if __name__ == "__main__":
    web = command("tests.bench.scored:make()", int(sys.argv[1]), workers=2)
    run_together([Process("web", web), Process("worker", worker_command(), restart=True)])
