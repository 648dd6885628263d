"""Cases 231 to 239: Moodle's habits at launch. Those of its gradebook stand with the bench."""

import html
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask
from werkzeug.test import TestResponse
from werkzeug.wrappers import Response

from lti_tool.demo_platform.app import registration_values
from tests.conformance.cases import case
from tests.conformance.grades import *  # noqa: F403
from tests.integration.gradebook.bench import Bench
from tests.support.browser import Browser
from tests.support.door import STUDENT_VIEW, Door
from tests.support.platform_app import platform_app
from tests.support.running_tool import free_port
from tests.support.serving import serving_app
from tests.support.wire import Wire


@case(231, "odd Link headers of columns and results")
def test_case_231_no_page_is_asked_for_and_the_header_does_no_harm(
    bench: Bench, wire: Wire
) -> None:
    odd = f"<{bench.platform.columns_url()}&amp;limit=1&amp;from=1>; rel=\u201cnext\u201d"
    headers = {"Link": odd.encode().decode("latin-1")}
    bench.platform.trouble("columns", answer=lambda: Response("[]", headers=headers))
    assignment = bench.set_work(None, link="2")
    delivery_id = bench.release(62, assignment=assignment)
    bench.drain()
    assert bench.row(delivery_id).state == "delivered"
    bench.release(70)
    bench.platform.trouble("score", answer=lambda: Response("[]", 409))
    shown = '[{"userId": "5", "resultScore": 70, "resultMaximum": 100}]'
    bench.platform.trouble("results", answer=lambda: Response(shown, headers=headers))
    bench.drain()
    assert set(bench.states().values()) == {"delivered"}
    assert not [asked for asked in wire.asked if "limit" in asked.query or "amp" in asked.query]


def _refused_by_platform(door: Door, **fields: str) -> requests.Response:
    browser = door.browser()
    login = door.login(browser)
    posted = {"state": login.state, **fields}
    answer = door.is_refusal(browser.ask("POST", "/lti/launch", data=posted), "platform_error")
    token = door.platform.sign(door.platform.claims(login.nonce, "student", {}))
    door.is_refusal(browser.post_launch(login.state, token), "state_unknown")
    return answer


@case(232, "a hint is used once: reload")
def test_case_232_a_reload_is_told_to_open_the_activity_again(door: Door) -> None:
    page = _refused_by_platform(
        door, error="invalid_request", error_description="No launch id in LTI hint"
    )
    assert "open the activity again" in page.text


@case(238, "the platform refuses: another user, no id token")
def test_case_238_access_denied_is_explained_and_its_state_closed(door: Door) -> None:
    page = _refused_by_platform(
        door, error="access_denied", error_description="<script>alert(1)</script>"
    )
    assert "Your course site stopped the launch" in page.text and "alert(1)" not in page.text


@case(233, "the redirect address is the registered one")
def test_case_233_redirect_uri_to_the_letter(door: Door) -> None:
    for target in ("/lti/launch", "/lti/launch?x=1", "/v/x/"):
        login = door.login(door.browser(), target_link_uri=f"{door.tool.url}{target}")
        assert login.parameters["redirect_uri"] == f"{door.tool.url}/lti/launch"


@case(235, "an id token of 60 seconds, numbers as text")
def test_case_235_moodles_token_is_taken_with_a_minute_of_leeway(door: Door) -> None:
    platform = door.new_platform(deployment_ids=("1",))
    for late_s in (0, 30, 100):
        issued = int(time.time()) - late_s
        page = door.enter({"iat": issued, "exp": issued + 60}, platform=platform)
        assert STUDENT_VIEW in page.text
    issued = int(time.time()) - 125
    door.refuses({"iat": issued, "exp": issued + 60}, "token_expired", platform=platform)


@pytest.fixture
def moodle(door: Door, tmp_path: Path) -> Iterator[Flask]:
    """The demo platform on a port of its own, with Moodle's Lax cookie."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    app = platform_app(tmp_path, door.tool.url, url)
    with serving_app(app, port):
        values = dict(registration_values(url))
        door.tool.register_quickly({**values, "deployment_ids": tuple(values["deployment_ids"])})
        yield app


def _form(page: TestResponse) -> tuple[str, dict[str, str]]:
    action = re.search(r'<form action="([^"]*)"', page.text)
    assert action, page.text
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page.text)
    return html.unescape(action[1]), {name: html.unescape(value) for name, value in fields}


@case(236, "Moodle’s cookie is Lax: it posts the request to itself once more")
@pytest.mark.parametrize("framed", [False, True])
def test_case_236_the_launch_goes_through_moodles_own_hop(
    door: Door, moodle: Flask, framed: bool
) -> None:
    client: Any = moodle.test_client()
    client.post("/sign-in", data={"person": "5"})
    action, fields = _form(client.get("/mod/lti/launch?id=1"))
    browser = Browser(door.tool.url)
    sent = browser.ask("POST", action, data=fields, framed=framed)
    if framed:
        sent = browser.ask("GET", sent.headers["Location"], framed=True)
    address = sent.headers["Location"]
    assert "repost" not in address
    cookie = client.get_cookie("MoodleSession")
    client.delete_cookie("MoodleSession")
    again, hop = _form(client.get(address))
    assert hop == {"repost": "true"}
    client.set_cookie("MoodleSession", cookie.value)
    _, answer = _form(client.post(again, data=hop))
    page = door.enters(browser, browser.ask("POST", "/lti/launch", data=answer, framed=framed))
    assert STUDENT_VIEW in page.text
