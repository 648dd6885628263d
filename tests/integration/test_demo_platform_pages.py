"""The demo platform's pages, the tutor's acts, its state and its process."""

import html
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient

from lti_tool.demo_platform import create_app
from lti_tool.demo_platform.gradebook import Gradebook, Score
from tests.support.platform_app import platform_app

PLATFORM = "http://localhost:8081"
TOOL = "http://127.0.0.1:8080"
NOW = datetime(2026, 11, 21, 19, 12, 16, tzinfo=UTC)


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return platform_app(tmp_path, TOOL, PLATFORM, clock=lambda: NOW)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def book_of(app: Flask) -> Gradebook:
    book: Gradebook = app.extensions["demo_platform"].gradebook
    return book


def sign_in(client: FlaskClient, person: str) -> None:
    client.post("/sign-in", data={"person": person})


def send_form(client: FlaskClient, url: str, **fields: Any) -> int:
    """Sends a form of the gradebook with the sesskey of its page."""
    found = re.search(r'name="sesskey" value="(\w+)"', client.get("/gradebook").text)
    assert found
    return client.post(url, data={"sesskey": found[1], "course": "2", **fields}).status_code


def give(app: Flask, given: float, user: str = "5", at: int = 0, comment: str = "") -> None:
    book = book_of(app)
    item = book.find_item("2", 1)
    assert item
    when = int(NOW.timestamp()) + at
    book.take_score(item, Score(user, given, 100, comment, when), locked=False)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/course",
        "/course?id=9",
        "/gradebook",
        "/misbehave",
        "/mod/lti/view?id=1",
        "/mod/lti/launch?id=1",
        "/nowhere",
    ],
)
def test_every_page_is_sound(client: FlaskClient, path: str) -> None:
    sign_in(client, "3")
    response = client.get(path)
    html5lib.HTMLParser(strict=True).parse(response.text)
    assert '<html lang="en-GB">' in response.text
    assert len(re.findall("<h1", response.text)) == 1
    assert re.search("<title>.+</title>", response.text)
    assert not re.search(r"<script(?![^>]* src=)|style=|onclick", response.text)
    policy = response.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert f"form-action 'self' {TOOL}" in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_anyone_may_be_one_of_the_cohort(client: FlaskClient) -> None:
    """A mark released to a participant of last term can be looked at as they see it."""
    home = client.get("/").get_data(as_text=True)
    found = re.search(r'value="(\d+)"><button type="submit">Be Aisha Rahman<', home)
    assert found
    sign_in(client, found[1])
    assert "Aisha Rahman" in client.get("/course?id=3").get_data(as_text=True)


def test_the_cookie_is_moodles(client: FlaskClient) -> None:
    response = client.post("/sign-in", data={"person": "5"})
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("MoodleSession=")
    assert "HttpOnly" in cookie
    assert "SameSite" not in cookie


def test_the_frame_is_moodles(client: FlaskClient) -> None:
    sign_in(client, "5")
    frame = re.search("<iframe[^>]*>", client.get("/mod/lti/view?id=1").text)
    assert frame
    assert f"microphone {TOOL}; camera {TOOL};" in frame[0]
    assert "allowfullscreen" in frame[0]
    assert "sandbox" not in frame[0]


def test_a_participant_sees_only_their_own_row(app: Flask, client: FlaskClient) -> None:
    give(app, 61, "5", comment="<i>Mind</i> the gap\nnext line")
    give(app, 72, "6")
    sign_in(client, "5")
    page = client.get("/gradebook").text
    assert "Amara Okafor" in page
    assert "Ben Whitlock" not in page
    assert "&lt;i&gt;Mind&lt;/i&gt; the gap<br>next line" in page
    assert "sent by the tool" in page
    assert client.post("/gradebook/override", data={}).status_code == 403
    sign_in(client, "3")
    assert "Ben Whitlock" in client.get("/gradebook").text


def test_an_override_stays_in_a_coupled_column(app: Flask, client: FlaskClient) -> None:
    give(app, 61)
    sign_in(client, "3")
    form = {"person": "5", "item": "1", "grade": "12.5", "feedback": "Tutor"}
    assert send_form(client, "/gradebook/override", **form) == 303
    give(app, 90, at=60)
    (grade,) = book_of(app).list_grades()
    assert (grade.raw, grade.final, grade.feedback) == (90, 12.5, "Tutor")
    assert "typed by Dr Helen Marsh" in client.get("/gradebook").text


def test_an_override_is_lost_in_any_other_column(app: Flask, client: FlaskClient) -> None:
    book = book_of(app)
    item = book.add_item(
        "2", {"label": "Own", "maximum": 10, "resource_id": "", "tag": "", "resource_link_id": None}
    )
    sign_in(client, "3")
    form = {"person": "5", "item": str(item.id), "grade": "3", "feedback": ""}
    assert send_form(client, "/gradebook/override", **form) == 303
    book.take_score(item, Score("5", 9, 10, None, int(NOW.timestamp()) + 60), locked=False)
    assert book.list_grades(item)[0].final == 9


def test_what_a_tutor_does_to_columns_and_people(app: Flask, client: FlaskClient) -> None:
    sign_in(client, "3")
    assert client.post("/gradebook/column", data={"item": "1", "act": "lock"}).status_code == 403
    for act, said in (("lock", "locked"), ("unlock", ""), ("hide", "hidden"), ("show", "")):
        assert send_form(client, "/gradebook/column", item="1", act=act) == 303
        assert said in client.get("/gradebook").text
    send_form(client, "/gradebook/enrolment", person="6", act="unenrol")
    assert "not enrolled" in client.get("/gradebook").text
    assert (client.get("/misbehave.json").json or {})["unenrolled"] == ["6"]
    send_form(client, "/gradebook/enrolment", person="6", act="enrol")
    assert send_form(client, "/gradebook/column", item="1", act="delete") == 303
    assert [one.label for one in book_of(app).list_items("2")] == ["Placement log"]
    assert send_form(client, "/gradebook/column", item="1", act="delete") == 404


def test_a_form_from_another_site_is_refused(client: FlaskClient) -> None:
    for origin, status in (("https://evil.example", 403), ("null", 403), (PLATFORM, 303)):
        response = client.post("/sign-in", data={"person": "5"}, headers={"Origin": origin})
        assert response.status_code == status


def test_switches_by_form_json_and_reset(client: FlaskClient) -> None:
    assert client.post("/misbehave", data={"next_429": "2", "down": "1"}).status_code == 303
    state = client.get("/misbehave.json").json or {}
    assert (state["next_429"], state["down"]) == (2, True)
    client.post("/misbehave", data={"whole": "1", "next_429": "0", "unenrolled": ["5", "6"]})
    state = client.get("/misbehave.json").json or {}
    assert (state["next_429"], state["down"], state["unenrolled"]) == (0, False, ["5", "6"])
    bad: Any
    for bad in ({"nothing": 1}, {"next_429": "many"}, {"jwks": "odd"}, []):
        assert client.post("/misbehave", json=bad).status_code == 400
    reset = client.post("/misbehave/reset").json or {}
    assert reset["unenrolled"] == []


def test_state_survives_a_restart(tmp_path: Path) -> None:
    first = create_app(tmp_path, TOOL, PLATFORM, clock=lambda: NOW)
    give(first, 61)
    client = first.test_client()
    client.post("/misbehave", json={"next_500": 3})
    sign_in(client, "5")
    cookie = client.get_cookie("MoodleSession")
    keys = client.get("/mod/lti/certs").json
    item = book_of(first).find_item("2", 1)
    assert item and cookie
    first.extensions["demo_platform"].store.close()
    second = create_app(tmp_path, TOOL, PLATFORM, clock=lambda: NOW)
    again = second.test_client()
    again.set_cookie("MoodleSession", cookie.value)
    assert again.get("/mod/lti/certs").json == keys
    assert (again.get("/misbehave.json").json or {})["next_500"] == 3
    assert "61" in html.unescape(again.get("/gradebook").text)
    assert [i.label for i in book_of(second).list_items("2")] == [
        "Provision-map audit",
        "Placement log",
    ]


def _command(port: int, state_dir: Path) -> list[str]:
    return [
        sys.executable,
        "-W",
        "error",
        "-m",
        "lti_tool.demo_platform",
        "--port",
        str(port),
        "--tool-url",
        TOOL,
        "--state-dir",
        str(state_dir),
    ]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_it_refuses_to_start_outside_the_demo(tmp_path: Path) -> None:
    settings = {k: v for k, v in os.environ.items() if k != "LTI_TOOL_DEMO"}
    ended = subprocess.run(
        _command(_free_port(), tmp_path / "s"),
        env=settings,
        text=True,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.strip() == "The demo platform runs only in the demo: set LTI_TOOL_DEMO=1."
    assert not (tmp_path / "s").exists()


def test_it_starts_serves_and_ends_on_sigterm(tmp_path: Path) -> None:
    port = _free_port()
    running = subprocess.Popen(
        _command(port, tmp_path),
        env={**os.environ, "LTI_TOOL_DEMO": "1"},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        url, deadline = f"http://127.0.0.1:{port}/healthz", time.monotonic() + 30
        while True:
            try:
                with urllib.request.urlopen(url, timeout=5) as answer:
                    assert answer.status == 200
                break
            except OSError:
                assert time.monotonic() < deadline and running.poll() is None
                time.sleep(0.1)
        running.send_signal(signal.SIGTERM)
        said, complained = running.communicate(timeout=15)
    finally:
        if running.poll() is None:
            running.kill()
            running.communicate()
    assert running.returncode == 0
    assert f"http://localhost:{port}" in said
    assert complained == ""
