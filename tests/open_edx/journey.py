"""What people do with Open edX as the platform: open, choose, hand in, mark, see the grade.

Each test goes over HTTP through both sides. Whether a token, a score or an answer is good is
Open edX's code to say; what it took is read back from its tables.
"""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.open_edx.bench import Person, Site, open_edx, register, working
from tests.support.choosing import form_of
from tests.support.door import STAFF_VIEW, STUDENT_VIEW
from tests.support.running_tool import running_tool

MAP = Path(__file__).parents[1] / "fixtures" / "provision_maps" / "05_area_heading_rows.xlsx"
DECLARATIONS = ["own_work", "ai_use", "head_knows", "no_names"]
CRITERIA = (
    "need_and_fit",
    "cost_and_value",
    "impact",
    "literature",
    "leadership",
    "writing_and_ethics",
)
AMARA = "5f1a1c0e-6f0f-4a57-9d0c-0f7c3f0e8a11"
BEN = "7c1a1c0e-6f0f-4a57-9d0c-0f7c3f0e8a13"
_ARRIVES_S = 20


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Both processes and the worker, for all tests here."""
    folder = tmp_path_factory.mktemp("open-edx")
    with running_tool(folder / "tool") as tool, open_edx(folder, tool.url) as url:
        register(tool, url)
        with working(tool):
            yield Site(url, tool)


def _hand_in(author: Person) -> None:
    author.get("audit/map/bring-in")
    with MAP.open("rb") as file:
        page = author.send("audit/map/bring-in", {}, files={"file": (MAP.name, file)})
    data = re.search(r'name="file_data" value="([^"]+)"', page.text)[1]
    author.send("audit/map/bring-in", {"act": "keep", "file_data": data, "file_name": MAP.name})
    author.get("audit/hand-in")
    done = author.send("audit/hand-in", {"declaration": DECLARATIONS})
    assert "Your work is handed in" in done.text


def _mark(tutor: Person, mark: str, number: str, feedback: str) -> None:
    """Mark what was handed in for the assignment set last, and release."""
    queue = tutor.get("marking/")
    desks = re.findall(r"/v/\w+/(marking/(\d+)/[A-Z0-9]+)", queue)
    desk = max(desks, key=lambda one: int(one[1]))[0]
    tutor.get(desk)
    marks = {f"mark_{name}": mark for name in CRITERIA}
    tutor.send(desk, {**marks, "feedback": feedback, "number": number})
    tutor.send(f"{desk}/release", {"number": str(int(number) + 1)})


def _score(site: Site, block: str, given: float) -> dict[str, Any]:
    """The score of a block once Open edX has taken it."""
    until = time.monotonic() + _ARRIVES_S
    while time.monotonic() < until:
        for score in site.arrived()["scores"]:
            if score["block"].endswith(f"@{block}") and score["given"] == given:
                return dict(score)
        time.sleep(0.2)
    raise AssertionError(f"no score of {given}: {site.arrived()}\n{site.tool.log_text()[-3000:]}")


def test_a_learner_opens_the_activity(site: Site) -> None:
    page = site.person("amara").open("declared")
    assert STUDENT_VIEW in page.text
    rows = site.tool.execute("SELECT name, email FROM person WHERE sub = :sub", sub=AMARA)
    assert [tuple(one) for one in rows] == [("Amara Okafor", "amara@students.example")]


def test_an_instructor_opens_the_work_to_mark(site: Site) -> None:
    assert STAFF_VIEW in site.person("helen").open("declared").text


def test_a_released_mark_becomes_a_grade_and_so_does_a_changed_one(site: Site) -> None:
    """Open edX makes the column itself ("declarative"), and takes scores only."""
    author, tutor = site.person("amara"), site.person("helen")
    author.open("declared")
    _hand_in(author)
    tutor.open("declared")
    _mark(tutor, "62", "0", "Measure impact next.")
    score = _score(site, "declared", 62.0)
    assert (score["user"], score["maximum"]) == (AMARA, 100.0)
    assert score["activity_progress"] == "Completed"
    assert score["grading_progress"] == "FullyGraded"
    assert "Measure impact next." in score["comment"]
    grade = site.arrived()["grades"][-1]
    assert (grade["user"], grade["share"], grade["out_of"]) == ("amara", 0.62, 100)
    _mark(tutor, "68", "1", "Much better.")
    _score(site, "declared", 68.0)
    assert site.arrived()["grades"][-1]["share"] == 0.68
    assert "Your mark: 68 out of 100" in author.get("audit/")
    columns = [x for x in site.arrived()["columns"] if x["block"].endswith("@declared")]
    assert len(columns) == 1


def test_the_tool_makes_the_column_where_open_edx_leaves_it_to_the_tool(site: Site) -> None:
    """The "programmatic" way: no column in the launch, one made before the first score."""
    author, tutor = site.person("amara"), site.person("helen")
    author.open("managed")
    _hand_in(author)
    tutor.open("managed")
    _mark(tutor, "55", "0", "Good.")
    assert _score(site, "managed", 55.0)["user"] == AMARA
    (column,) = [x for x in site.arrived()["columns"] if x["block"].endswith("@managed")]
    assert column["link"] == column["block"] and column["maximum"] == 100
    assert column["tag"] == "mark" and column["resource_id"]
    assert site.arrived()["grades"][-1]["block"].endswith("@managed")


def test_the_roster_brings_somebody_who_never_came(site: Site) -> None:
    """Open edX's roster, read after a tutor's launch: one id and one role for each person."""
    site.person("helen").open("declared")
    wanted = (
        "SELECT membership.roster_roles FROM person "
        "JOIN membership ON membership.person_id = person.id WHERE person.sub = :sub"
    )
    until = time.monotonic() + _ARRIVES_S
    while time.monotonic() < until and not site.tool.execute(wanted, sub=BEN):
        time.sleep(0.2)
    assert [one.roster_roles for one in site.tool.execute(wanted, sub=BEN)] == ["participant"]


def test_a_chosen_activity_is_kept_and_opens(site: Site) -> None:
    tutor = site.person("helen")
    picker = tutor.open("chosen", choose=True)
    assert "<h1>Add activities</h1>" in picker.text
    chosen = {
        "act": "send",
        "count": "1",
        "item0-what": "new:provision-map-audit",
        "item0-title": "Audit for Open edX",
        "item0-maximum": "80",
        "item0-due_at": "2027-03-01T12:00",
    }
    address, fields = form_of(tutor.send("choose", chosen))
    answer = tutor.http.post(address, data=fields, timeout=20)
    assert answer.status_code == 200, answer.text
    (item,) = site.arrived()["items"]
    assert item["title"] == "Audit for Open edX" and item["url"].endswith("/lti/launch")
    assert item["custom"]["activity"] == "provision-map-audit"
    page = site.person("amara").open("chosen")
    assert STUDENT_VIEW in page.text and "1 March 2027 at 12:00" in page.text
    set_work = site.tool.execute("SELECT resource_id FROM assignment WHERE maximum = '80'")
    assert [one.resource_id for one in set_work] == [item["custom"]["resource_id"]]


def test_open_edx_says_no_to_a_participant_who_would_choose(site: Site) -> None:
    """A check that the site on the other side really decides: its refusal is a page of its own."""
    person = site.person("amara")
    wanted = {"block": "chosen", "who": "amara", "choose": "1"}
    start = person.http.get(f"{site.url}/start", params=wanted, allow_redirects=False, timeout=20)
    login = person.browser.ask("GET", start.headers["Location"])
    assert person.http.get(login.headers["Location"], timeout=20).status_code == 403


def test_open_edx_takes_no_score_without_our_token(site: Site) -> None:
    """The same, for scores: an unsigned request is refused by its code."""
    number = 1
    url = f"{site.url}/api/lti_consumer/v1/lti/{number}/lti-ags"
    headers = {"Accept": "application/vnd.ims.lis.v2.lineitemcontainer+json"}
    assert requests.get(url, headers=headers, timeout=20).status_code in (401, 403)
    headers["Authorization"] = "Bearer eyJhbGciOiJub25lIn0.e30."
    assert requests.get(url, headers=headers, timeout=20).status_code in (401, 403)
