"""What a person quotes leads to the log: a fault's page, a mark's way to the gradebook."""

import gzip
import io
import json
import logging
import re
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import sentry_sdk
import structlog

from lti_tool.core.errors import Unusable
from lti_tool.gradebook import worker
from lti_tool.jobs.queue import Queue
from lti_tool.lti.errors import ServiceFailed
from lti_tool.web import reports
from lti_tool.web.logs import set_up_logs, with_carried
from lti_tool.web.policy import policy_of
from tests.integration.pages import work
from tests.integration.pages.test_figures_pages import ROW
from tests.support.serving import serving
from tests.support.visiting import World, make_settings, make_world

Lines = list[dict[str, Any]]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """What is logged, line by line."""
    before = structlog.get_config()
    caught = structlog.testing.LogCapture()
    structlog.configure(
        processors=[with_carried, caught],
        cache_logger_on_first_use=False,
    )
    yield caught.entries
    structlog.configure(**before)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return make_world(tmp_path)


def test_a_mark_from_its_release_to_its_tries(
    world: World, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    author = world.let_in("5", "participant")
    work.bring_in(author)
    work.hand_in(author)
    tutor = world.let_in("3", "tutor")
    work.mark_and_release(tutor, "60", "62", "58", "70", "65", "50")
    (promised,) = [one for one in lines if one["event"] == "delivery promised"]
    (visit,) = {one["visit"] for one in lines if one.get("reference") == promised["reference"]}
    assert visit == promised["visit"] and promised["reference"]

    def fails(*_any: Any) -> None:
        raise ServiceFailed("unreachable")

    monkeypatch.setattr(worker, "send", fails)
    worker.drain(world.database, world.settings)
    (tried,) = [one for one in lines if one["event"] == "delivery tried"]
    assert tried["delivery"] == promised["delivery"] and tried["reason"] == "unreachable"
    page = tutor.get(f"gradebook/{promised['delivery']}/tries").get_data(as_text=True)
    assert f"quote delivery <code>{promised['delivery']}</code>" in page


def _fault(world: World) -> tuple[str, str]:
    """Reference of the page of a fault, and the visit's handle."""
    author = world.let_in("5", "participant")
    author.get("audit/map/rows/new")
    routes = world.app.url_map.bind("tool.example")
    endpoint, _ = routes.match(author.url("audit/map/rows/new"), method="POST")
    world.app.view_functions[endpoint] = _broken(policy_of(world.app.view_functions[endpoint]))
    answer = author.post("audit/map/rows/new", ROW)
    assert answer.status_code == 500
    page = answer.get_data(as_text=True)
    assert "Oliver" not in page
    found = re.search(r"reference <code>(\w{8})</code>", page)
    assert found is not None
    return found.group(1), author.handle


def _broken(policy: str | None) -> Any:
    def view(**_any: Any) -> None:
        try:
            int("Ada Alpha, born 1 May 2016")
        except ValueError as error:
            raise RuntimeError("Oliver Smith lives at 1 High Street") from error

    view.route_policy = policy  # type: ignore[attr-defined]
    return view


def test_a_fault_has_its_reference_in_the_log(world: World, lines: Lines) -> None:
    reference, handle = _fault(world)
    (line,) = [one for one in lines if one["event"] == "unexpected error"]
    assert line["reference"] == reference and "<handle>" in line["route"]
    assert handle not in str(lines)


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What stands in the log of a process, as it is set up there."""
    before, stream = structlog.get_config(), io.StringIO()
    monkeypatch.setattr(logging.root, "handlers", [])
    monkeypatch.setattr(sys, "stderr", stream)
    set_up_logs(make_settings(tmp_path, LTI_TOOL_LOG_FORMAT="json"))
    structlog.configure(cache_logger_on_first_use=False)
    yield stream
    structlog.configure(**before)


def _of_nobody(trace: str) -> str:
    """A trace without the lines of this file that stand in it."""
    return "\n".join(one for one in trace.split("\n") if not one.startswith("    "))


def test_a_fault_stands_in_the_log_with_its_causes_and_without_their_words(
    world: World, written: io.StringIO
) -> None:
    _fault(world)
    (line,) = [one for one in map(json.loads, written.getvalue().splitlines()) if "kind" in one]
    trace = _of_nobody(line.pop("exception"))
    assert re.search(
        r"in view\nbuiltins.ValueError\n(.*\n)+.*in view\nbuiltins.RuntimeError$", trace
    )
    for word in ("Ada", "born", "Oliver", "High Street"):
        assert word not in trace and word not in str(line), word


def test_a_fault_of_a_worker_stands_in_the_log_without_its_words(
    tmp_path: Path, written: io.StringIO
) -> None:
    def work(_is_ending: Any, _about: str) -> None:
        raise ValueError("Ada Alpha")

    queue = Queue(f"sqlite:///{tmp_path / 'queue.sqlite'}", work)
    queue.wake()
    queue.huey.execute(queue.huey.dequeue())
    (line,) = map(json.loads, written.getvalue().splitlines())
    assert (line["library"], line["level"]) == ("huey", "error")
    assert "Ada" not in _of_nobody(line["exception"]) and "ValueError" in line["exception"]


class _Sink(ThreadingHTTPServer):
    """Takes what is sent to Sentry."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.taken: list[str] = []


class _Taking(BaseHTTPRequestHandler):
    server: _Sink

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        self.server.taken.append(body.decode())
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_any: Any) -> None:
        """Keep the tests' output quiet."""


@pytest.fixture
def sink() -> Iterator[_Sink]:
    with serving(_Sink(), threading.Event()) as running:
        yield running
    sentry_sdk.init()


def test_a_report_tells_of_the_fault_and_of_nobody(
    world: World, lines: Lines, sink: _Sink, tmp_path: Path
) -> None:
    address = f"http://public@127.0.0.1:{sink.server_address[1]}/1"
    settings = make_settings(tmp_path, LTI_TOOL_SENTRY_DSN=address)
    assert reports.set_up_reports(settings)
    structlog.configure(
        processors=[
            with_carried,
            reports.report,
            structlog.testing.LogCapture(),
        ]
    )
    reference, handle = _fault(world)
    sentry_sdk.flush(10)
    (said,) = [one for one in sink.taken if "RuntimeError" in one]
    event = json.loads(said.splitlines()[2])
    assert event["tags"]["reference"] == reference
    first, fault = event["exception"]["values"]
    assert (first["type"], first["value"]) == ("ValueError", "")
    assert (fault["type"], fault["value"]) == ("RuntimeError", "")
    frames = fault["stacktrace"]["frames"]
    assert frames[-1]["function"] == "view" and all("vars" not in one for one in frames)
    said = said.replace('raise RuntimeError(\\"Oliver Smith lives at 1 High Street\\")', "")
    said = said.replace('int(\\"Ada Alpha, born 1 May 2016\\")', "")
    for word in (
        "Ada",
        "Oliver",
        "High Street",
        handle,
        ROW["measure"],
        "Person 5",
        "tool.example",
    ):
        assert word not in said, word
    assert not {"request", "user", "breadcrumbs", "modules", "extra", "contexts"} & set(event)


def test_without_an_address_nothing_is_loaded_or_sent(tmp_path: Path) -> None:
    assert not reports.set_up_reports(make_settings(tmp_path))


def test_an_address_that_is_none_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="SENTRY_DSN"):
        set_up_logs(make_settings(tmp_path, LTI_TOOL_SENTRY_DSN="sentry"))


def test_the_extra_that_is_missing_stops_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sentry_sdk", None)
    with pytest.raises(Unusable, match=r"lti-tool\[sentry\]"):
        reports.set_up_reports(make_settings(tmp_path, LTI_TOOL_SENTRY_DSN="http://a@127.0.0.1/1"))
