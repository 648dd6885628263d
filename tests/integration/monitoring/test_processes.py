"""Figures of two web processes and a worker: whichever answers tells the same, and all of it."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from lti_tool.db import Database
from lti_tool.settings import load_settings
from tests.support import builders
from tests.support.door import Door
from tests.support.platform import Answer, Platform, PlatformServer
from tests.support.postgres import new_database
from tests.support.running_tool import RunningTool
from tests.support.scraping import Scraped, scrape
from tests.support.signing import rsa_key


@pytest.fixture(scope="module")
def door(
    tmp_path_factory: pytest.TempPathFactory,
    platform_server: PlatformServer,
    postgres_url: str,
) -> Iterator[Door]:
    """A tool of two web processes on PostgreSQL, with one platform."""
    tool = RunningTool(
        tmp_path_factory.mktemp("tool"), {"DATABASE_URL": new_database(postgres_url)}
    )
    tool.upgrade_quickly()
    platform = Platform(platform_server, tool.url)
    tool.register_quickly(platform.registration())
    try:
        tool.start(workers=2)
        yield Door(tool, platform_server, platform)
    finally:
        tool.stop()
    tool.check_log()


def _places(door: Door) -> set[str]:
    """Where processes of the tool count, or have counted."""
    files = (door.tool.folder / "instance" / "metrics").glob("*.db")
    return {path.stem.rpartition("_")[2] for path in files}


def _promise_a_mark(door: Door) -> None:
    """A released mark whose platform refuses a token."""
    settings = load_settings(door.tool.env)
    database = Database(settings.database_url)
    with database.write() as session:
        course = builders.build_course(session, settings, door.platform.registration())
        work = builders.build_assignment(
            session, settings, course, line_item_url=f"{door.server.url}/column"
        )
        person = builders.build_person(session, course, "5")
        handed_in = builders.build_work(session, work, person)
        builders.release(session, settings, course, work, handed_in, Decimal(62), "Well argued.")
    database.engine.dispose()


def _until(door: Door, name: str, **labels: str) -> Scraped:
    deadline = time.monotonic() + 30
    while True:
        found = scrape(door.tool.url)
        if found.total(name, **labels):
            return found
        assert time.monotonic() < deadline, door.tool.log_text()[-3000:]
        time.sleep(0.1)


def test_all_processes_count_together(door: Door) -> None:
    for _ in range(6):
        door.enter()
    for _ in range(3):
        door.refuses({}, "token_signature", key=rsa_key("stranger"))
    blind = door.new_platform()
    blind.answer_keys(Answer(b"<p>no keys</p>", 404, "text/html"))
    door.refuses({}, "keys_unreachable", platform=blind)
    _promise_a_mark(door)
    with (door.tool.folder / "worker.log").open("wb") as log:
        worker = subprocess.Popen(
            [sys.executable, "-m", "lti_tool.cli", "worker"],
            env=door.tool.env,
            stdout=log,
            stderr=log,
        )
    try:
        seen = _until(door, "lti_tool_deliveries", state="needs_person")
    finally:
        worker.terminate()
        worker.wait(30)
    assert len(_places(door)) == 3, "two web, one worker"
    answers = [scrape(door.tool.url) for _ in range(8)]
    for one in (seen, *answers):
        launches = "lti_tool_launches_total"
        assert one.total(launches, outcome="launched") == 6
        assert one.total(launches, outcome="refused", reason="token_signature") == 3
        assert one.total(launches) == 10
        assert one.total("lti_tool_key_set_errors_total", reason="http_4xx") == 1
        assert one.total("lti_tool_token_errors_total", registration="1") >= 1
        launched = {"route": "/lti/launch", "status": "3xx"}
        assert one.total("lti_tool_request_seconds_count", **launched) == 6
        assert one.total("lti_tool_request_seconds_bucket", le="+Inf", **launched) == 6
        assert one.total("lti_tool_deliveries", state="needs_person") == 1
        assert one.total("lti_tool_deliveries_unsent", registration="1") == 1
        assert one.total("lti_tool_database_up") == one.total("lti_tool_queue_up") == 1
        assert 0 <= one.total("lti_tool_database_connections", kind="in_use") <= 6
        assert one.total("lti_tool_database_connections", kind="most") == 30
    text = str(answers[-1].samples)
    assert "/v/<handle>/" in text and "Test platform" not in text


def test_one_reference_leads_to_all_lines_of_a_launch(door: Door) -> None:
    """From the page that somebody quotes to its line, the launch it came by, and its login."""
    refused = door.refuses({}, "token_signature", key=rsa_key("stranger"))
    opened = door.enter()
    for page, event in ((refused, "launch refused"), (opened, "request")):
        quoted = re.search(r"[Rr]eference <(?:code|span[^>]*)>(\w{8})<", page.text)
        assert quoted is not None, page.text
        line = door.tool.find_logged(reference=quoted[1], event=event)
        assert line is not None
        if event == "request":
            line = door.tool.find_logged(visit=line["visit"], route="/lti/launch")
            assert line is not None and line["registration"] > 0
        login = door.tool.find_logged(launch=line["launch"], route="/lti/login", status=302)
        assert login is not None and login["reference"] != line["reference"]


def _web_processes(door: Door) -> set[int]:
    parent = door.tool.process_group
    return set(map(int, Path(f"/proc/{parent}/task/{parent}/children").read_text().split()))


def test_a_web_process_that_takes_the_place_of_another_goes_on_with_its_counts(door: Door) -> None:
    """However often they are replaced: the sums never go down, and there are no more files."""
    launches = "lti_tool_launches_total"
    door.enter()
    counted = scrape(door.tool.url).total(launches)
    places = _places(door)
    for killed in range(1, 6):
        before = _web_processes(door)
        os.kill(min(before), signal.SIGTERM)
        deadline = time.monotonic() + 20
        while len(_web_processes(door)) < 2 or min(before) in _web_processes(door):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        for _ in range(4):  # both of them count
            door.enter()
        found = scrape(door.tool.url)
        assert found.total(launches) == counted + 4 * killed
        assert found.total("lti_tool_database_connections", kind="most") <= 30
    assert len(_places(door) - places) <= 1, "one may begin before the last has ended"


def test_a_restart_begins_the_counts_again(door: Door) -> None:
    door.enter()
    assert scrape(door.tool.url).total("lti_tool_launches_total") > 0
    door.tool.stop()
    door.tool.start(workers=2)
    assert scrape(door.tool.url).total("lti_tool_launches_total") == 0
