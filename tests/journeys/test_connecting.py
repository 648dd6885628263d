"""Connecting by link: invited, asked, registered, closed, activated, launched."""

import os
import subprocess
import sys

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.journeys import steps
from tests.support.demo import RunningDemo

pytestmark = pytest.mark.browser


def _lti_tool(demo: RunningDemo, *arguments: str) -> str:
    """The operator's command, on the demo's data."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("LTI_TOOL_")}
    instance = demo.instance
    environment |= {
        "LTI_TOOL_DEMO": "1",
        "LTI_TOOL_BASE_URL": demo.tool_url,
        "LTI_TOOL_INSTANCE_DIR": str(instance),
        "LTI_TOOL_KEYS_DIR": str(instance / "keys"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "lti_tool.cli", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_platform_is_connected_by_its_link(demo: RunningDemo, context: BrowserContext) -> None:
    """The link is pasted into Manage tools; a launch of the new registration works."""
    link = _lti_tool(demo, "registration", "invite", "--name", "Demo university").strip()
    page = context.new_page()
    steps.sign_in(page, demo, "Helen")
    steps.follow(page.get_by_role("link", name="Manage tools"))
    page.get_by_label("Tool URL").fill(link)
    page.get_by_role("button", name="Add LTI Advantage").click()

    frame = page.frame_locator("#registration")
    expect(frame.get_by_role("heading", name="Connect this platform?")).to_be_visible()
    expect(frame.get_by_text(demo.platform_url).first).to_be_visible()
    expect(frame.get_by_text("Send marks and feedback to the gradebook")).to_be_visible()
    expect(frame.get_by_text("It does not ask for e-mail addresses")).to_be_visible()
    assert steps.axe_findings(page) == []
    frame.get_by_role("button", name="Register the tool").click()

    expect(page.locator("#registration")).to_have_count(0)
    expect(page.get_by_text("Pending. Client ID")).to_be_visible()
    page.get_by_role("button", name="Activate").click()
    expect(page.get_by_text("Pending. Client ID")).to_have_count(0)

    page.goto(demo.platform_url + "/course")
    page.get_by_role("link", name="Provision-map audit with tool").first.click()
    inner = page.frame_locator("#contentframe")
    expect(inner.get_by_role("heading", name="Work to mark")).to_be_visible()

    numbers = _lti_tool(demo, "registration", "list").splitlines()
    number = next(line.split()[0] for line in numbers if "Demo university" in line)
    said = _lti_tool(demo, "registration", "doctor", number, "--write")
    for words in ("token: The platform gives us tokens", "services: All that", "roster: It can"):
        assert words in said, said
    assert "A column was made, and deleted again" in said and "problem" not in said
