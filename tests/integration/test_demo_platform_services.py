"""The demo platform's gradebook and roster services, with Moodle's habits."""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.platform_app import platform_app

PLATFORM = "http://localhost:8081"
AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"
NRPS_SCOPE = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
LINEITEM = "application/vnd.ims.lis.v2.lineitem+json"
LINEITEMS = "application/vnd.ims.lis.v2.lineitemcontainer+json"
RESULTS = "application/vnd.ims.lis.v2.resultcontainer+json"
SCORE = "application/vnd.ims.lis.v1.score+json"
MEMBERS = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
NOW = datetime(2026, 11, 21, 19, 12, 16, tzinfo=UTC)
BASE = "/mod/lti/services/2/lineitems"
ROSTER = "/mod/lti/services/CourseSection/2/bindings/1/memberships"
ALL = " ".join(
    [
        f"{AGS}lineitem",
        f"{AGS}lineitem.readonly",
        f"{AGS}result.readonly",
        f"{AGS}score",
        NRPS_SCOPE,
    ]
)


class Services:
    """Calls the services with a good token."""

    def __init__(self, state_dir: Path) -> None:
        self.now = NOW
        app = platform_app(state_dir, "http://127.0.0.1:8080", PLATFORM, clock=lambda: self.now)
        self.store = app.extensions["demo_platform"].store
        self.client: FlaskClient = app.test_client()
        self.store.save_token("good", ALL, int(NOW.timestamp()) + 3600)

    def call(
        self,
        method: str,
        url: str,
        body: Any = None,
        accept: str = "",
        sent: str = "",
        token: str = "good",
    ) -> TestResponse:
        headers = {"Accept": accept, "Authorization": f"Bearer {token}"}
        data = body if isinstance(body, str) or body is None else json.dumps(body)
        return self.client.open(
            url, method=method, headers=headers, data=data, content_type=sent or None
        )

    def score(self, seconds: float = 0, item: int = 1, **changes: Any) -> TestResponse:
        """Posts 70 of 100 for Amara, so many seconds after NOW; None leaves a field out."""
        at = (NOW + timedelta(seconds=seconds)).isoformat()
        body = {
            "userId": "5",
            "timestamp": at,
            "scoreGiven": 70,
            "scoreMaximum": 100,
            "activityProgress": "Completed",
            "gradingProgress": "FullyGraded",
            **changes,
        }
        body = {name: value for name, value in body.items() if value is not None}
        return self.call("POST", f"{BASE}/{item}/lineitem/scores?type_id=1", body, sent=SCORE)

    def result(self, user: str = "5", item: int = 1) -> dict[str, Any]:
        url = f"{BASE}/{item}/lineitem/results?type_id=1&user_id={user}"
        (found,) = self.call("GET", url, accept=RESULTS).json or []
        result: dict[str, Any] = found
        return result

    def set(self, **switches: Any) -> None:
        assert self.client.post("/misbehave", json=switches).status_code == 200

    def add_item(self, **body: Any) -> int:
        made = self.call(
            "POST", f"{BASE}?type_id=1", {"label": "New", "scoreMaximum": 11, **body}, sent=LINEITEM
        )
        assert made.status_code == 201
        assert made.json
        return int(made.json["id"].split("/lineitems/")[1].split("/")[0])


@pytest.fixture
def services(tmp_path: Path) -> Services:
    return Services(tmp_path)


def test_list_and_filter_columns(services: Services) -> None:
    services.add_item(resourceId="r1", tag="t1", resourceLinkId="2")
    answer = services.call("GET", f"{BASE}?type_id=1", accept=LINEITEMS)
    assert answer.content_type == f"{LINEITEMS}; charset=utf-8"
    assert "Link" not in answer.headers
    assert answer.json and answer.json[0] == {
        "id": f"{PLATFORM}{BASE}/1/lineitem?type_id=1",
        "label": "Provision-map audit",
        "scoreMaximum": 100,
        "resourceId": "",
        "tag": "",
        "resourceLinkId": "1",
        "ltiLinkId": "1",
    }
    for query, count in (
        ("resource_id=r1", 1),
        ("tag=t1", 1),
        ("tag=none", 0),
        ("resource_link_id=1", 1),
        ("resource_link_id=2", 1),
        ("", 3),
    ):
        found = services.call("GET", f"{BASE}?type_id=1&{query}", accept=LINEITEMS).json
        assert found is not None
        assert len(found) == count, query
    paged = services.call("GET", f"{BASE}?type_id=1&limit=1", accept=LINEITEMS)
    link = paged.headers["Link"].encode("latin-1").decode()
    assert "&amp;limit=1&amp;from=1>; rel=\u201cnext\u201d" in link


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        (LINEITEMS, 200),
        ("", 200),
        ("*/*", 400),
        ("application/json", 400),
        (f"{LINEITEMS}, application/json", 400),
    ],
)
def test_media_types_are_exact(services: Services, accept: str, status: int) -> None:
    answer = services.call("GET", f"{BASE}?type_id=1", accept=accept)
    assert answer.status_code == status
    if status == 400:
        assert answer.content_type == "application/json; charset=utf-8"
        assert answer.json is not None
        assert answer.json["request"]["accept"] == accept


def test_make_replace_and_delete_a_column(services: Services) -> None:
    posted = {"label": "Outcome", "scoreMaximum": 11, "resourceId": "r", "tag": "t", "more": 1}
    made = services.call("POST", f"{BASE}?type_id=1", posted, sent=f"{LINEITEM}; charset=utf-8")
    assert made.status_code == 201
    assert made.json == {**posted, "id": made.json["id"]}  # type: ignore[index]
    url = made.json["id"].removeprefix(PLATFORM)
    number = int(url.split("/lineitems/")[1].split("/")[0])
    assert services.add_item(resourceId="r", tag="t") == number + 1, "duplicates are allowed"
    changed = {"label": "Renamed", "scoreMaximum": 20}
    assert services.call("PUT", url, changed, sent=LINEITEM).status_code == 200
    seen = services.call("GET", url, accept=LINEITEM).json
    assert seen is not None
    assert (seen["label"], seen["resourceId"], seen["tag"]) == ("Renamed", "", "")
    assert services.call("PUT", url, {"label": "x"}, sent=LINEITEM).status_code == 400
    assert services.call("DELETE", url).status_code == 204
    for method in ("GET", "DELETE"):
        assert services.call(method, url).status.startswith("404 Not Found: Grade item")
    assert services.add_item() == number + 2, "numbers are not used twice"


@pytest.mark.parametrize(
    ("body", "sent", "status"),
    [
        ({"scoreMaximum": 1}, LINEITEM, 400),
        ({"label": "x"}, LINEITEM, 400),
        ("{", LINEITEM, 400),
        ({"label": "x", "scoreMaximum": 1}, "application/json", 400),
        ({"label": "x", "scoreMaximum": 1, "resourceLinkId": "99"}, LINEITEM, 403),
    ],
)
def test_columns_that_are_refused(services: Services, body: Any, sent: str, status: int) -> None:
    assert services.call("POST", f"{BASE}?type_id=1", body, sent=sent).status_code == status


def test_put_without_the_link_unlinks(services: Services) -> None:
    url = f"{BASE}/1/lineitem?type_id=1"
    services.call("PUT", url, {"label": "Audit", "scoreMaximum": 100}, sent=LINEITEM)
    seen = services.call("GET", url, accept=LINEITEM).json
    assert seen is not None
    assert "resourceLinkId" not in seen


def test_any_token_fault_is_401(services: Services) -> None:
    services.store.save_token("narrow", f"{AGS}score", int(NOW.timestamp()) + 3600)
    services.store.save_token("old", ALL, int(NOW.timestamp()))
    url = f"{BASE}?type_id=1"
    for token in ("", "bad", "old", "narrow"):
        assert services.call("GET", url, accept=LINEITEMS, token=token).status_code == 401
    assert services.call("GET", f"{BASE}?type_id=4", accept=LINEITEMS).status_code == 401
    assert services.call("GET", BASE, accept=LINEITEMS).status_code == 200
    unknown = services.call("GET", "/mod/lti/services/99/lineitems?type_id=1", accept=LINEITEMS)
    assert unknown.status_code == 404
    services.now = NOW + timedelta(seconds=3601)
    assert services.call("GET", url, accept=LINEITEMS).status_code == 401


def test_a_score_is_taken_and_read_back(services: Services) -> None:
    taken = services.score(comment="Good <b>work</b>\nline 2")
    assert (taken.status_code, taken.data) == (200, b"")
    assert taken.content_type == f"{SCORE}; charset=utf-8"
    assert services.result() == {
        "id": f"{PLATFORM}{BASE}/1/lineitem/results?type_id=1&user_id=5",
        "userId": "5",
        "resultScore": 70,
        "resultMaximum": 100,
        "comment": "Good <b>work</b>\nline 2",
        "scoreOf": f"{PLATFORM}{BASE}/1/lineitem?type_id=1",
        "timestamp": "2026-11-21T19:12:16+00:00",
    }
    unknown = services.call("GET", f"{BASE}/1/lineitem/results?user_id=999", accept=RESULTS)
    assert unknown.json == []


def test_whole_seconds_count(services: Services) -> None:
    assert services.score(0).status_code == 200
    for seconds in (0, 0.6, -3600):
        stale = services.score(seconds)
        assert (stale.status_code, stale.data) == (409, b"[]")
        assert "Refusing score with an earlier timestamp for item 1 and user 5" in stale.status
    assert services.score(86400).status_code == 200, "a future time is taken"
    assert services.score(60).status_code == 409, "and blocks what follows"


@pytest.mark.parametrize(
    "changes",
    [
        {"gradingProgress": "PendingManual"},
        {"scoreGiven": None},
        {"gradingProgress": "Failed"},
        {"gradingProgress": "Nope"},
    ],
)
def test_what_wipes_a_grade(services: Services, changes: dict[str, Any]) -> None:
    services.score(0, comment="first")
    assert services.score(1, **changes).status_code == 200
    assert set(services.result()) == {"id", "userId"}


def test_a_comment_left_out_is_deleted(services: Services) -> None:
    services.score(0, comment="first")
    services.score(1)
    assert "comment" not in services.result()


def test_clamping_and_rescaling(services: Services) -> None:
    for second, (given, maximum, expected) in enumerate(
        [(150, 100, 100), (5, 10, 50), ("44.5", 100, 44.5), (70, 0, 70)]
    ):
        services.score(second, scoreGiven=given, scoreMaximum=maximum)
        assert services.result()["resultScore"] == expected
    services.score(9, scoreGiven=-5)
    assert "resultScore" not in services.result()
    services.set(show_zero_results=True)
    assert services.result()["resultScore"] == 0
    item = services.add_item()
    services.score(0, item, scoreGiven=5, scoreMaximum=10)
    assert services.result(item=item)["resultScore"] == 5.5


@pytest.mark.parametrize(
    "changes",
    [
        {"userId": "999"},
        {"userId": "3"},
        {"userId": None},
        {"timestamp": None},
        {"timestamp": "yesterday"},
        {"scoreMaximum": None},
        {"gradingProgress": None},
        {"activityProgress": None},
        {"scoreGiven": "many"},
        {"timestamp": 5},
    ],
)
def test_incorrect_scores(services: Services, changes: dict[str, Any]) -> None:
    refused = services.score(**changes)
    assert (refused.status_code, refused.data) == (400, b"[]")
    assert "Incorrect score received" in refused.status


def test_other_refusals_of_scores(services: Services) -> None:
    services.set(unenrolled=["5"])
    assert services.score().status_code == 400
    services.set(unenrolled=[])
    assert services.score(userId=5).status_code == 200
    url = f"{BASE}/1/lineitem"
    assert services.call("POST", f"{url}/scores", "{", sent=SCORE).status_code == 400
    assert services.call("POST", f"{url}/scores", {}, sent="application/json").status_code == 400
    assert services.call("POST", f"{url}?type_id=1/scores", {}, sent=SCORE).status_code == 400
    assert services.call("GET", f"{url}/scores").status_code == 405
    assert services.score(item=99).status_code == 404


def test_a_locked_column_is_500(services: Services) -> None:
    services.set(lock_all=True)
    locked = services.score()
    assert (locked.status_code, locked.data) == (500, b"[]")


def test_a_limit_on_results_crashes(services: Services) -> None:
    crashed = services.call("GET", f"{BASE}/1/lineitem/results?type_id=1&limit=1", accept=RESULTS)
    assert (crashed.status_code, crashed.mimetype) == (404, "text/html")


def test_faults_on_purpose_and_the_record(services: Services) -> None:
    services.set(next_429=1, retry_after_s=3, next_500=1, next_503=1)
    busy = services.score()
    assert (busy.status_code, busy.headers["Retry-After"]) == (429, "3")
    assert [services.score().status_code for _ in range(3)] == [500, 503, 200]
    services.set(down=True)
    assert services.score(1).status_code == 503
    assert services.call("GET", ROSTER, accept=MEMBERS).status_code == 503
    services.set(down=False, slow_score_s=0.2)
    began = time.monotonic()
    services.score(2, scoreGiven=80)
    assert time.monotonic() - began >= 0.2
    state = services.client.get("/test/state.json").json
    assert state is not None
    assert [s["status"] for s in state["scores"]] == [429, 500, 503, 200, 503, 200]
    assert state["scores"][-1]["body"]["scoreGiven"] == 80
    assert state["grades"][0]["final"] == 80
    assert state["line_items"][0]["url"].endswith("/1/lineitem?type_id=1")


def test_the_roster(services: Services) -> None:
    answer = services.call("GET", ROSTER, accept=MEMBERS)
    assert answer.content_type == f"{MEMBERS}; charset=utf-8"
    assert answer.json is not None
    assert answer.json["context"]["label"] == "NASENCO-M1"
    roles = {m["user_id"]: m["roles"] for m in answer.json["members"]}
    assert roles == {
        "5": ["Learner"],
        "6": ["Learner"],
        "7": ["Learner"],
        "3": ["Instructor"],
        "4": ["Instructor"],
        "8": ["Learner"],
    }
    assert {m["status"] for m in answer.json["members"]} == {"Active"}


def test_roster_paging_and_filters(services: Services) -> None:
    def ask(query: str) -> TestResponse:
        return services.call("GET", f"{ROSTER}?{query}", accept=MEMBERS)

    first = ask("role=Learner&limit=2")
    assert first.headers["Link"] == f'<{PLATFORM}{ROSTER}?limit=2&from=2>; rel="next"'
    assert "Link" not in ask("limit=2&from=4").headers
    assert len(ask("role=Instructor").json["members"]) == 2  # type: ignore[index]
    uri = "http://purl.imsglobal.org/vocab/lis/v2/membership%23Learner"
    assert len(ask(f"role={uri}").json["members"]) == 4  # type: ignore[index]
    assert len(ask("role=Mentor").json["members"]) == 6  # type: ignore[index]
    assert "message" in ask("rlid=1").json["members"][0]  # type: ignore[index]
    assert ask("rlid=999").status_code == 404
    assert ask("rlid=abc").status_code == 502
    services.set(unenrolled="6")
    assert len(ask("").json["members"]) == 5  # type: ignore[index]
    assert services.call("GET", ROSTER, accept="application/json").status_code == 400
    assert services.call("GET", ROSTER, accept=MEMBERS, token="bad").status_code == 401
    other = ROSTER.replace("bindings/1", "bindings/4")
    assert services.call("GET", other, accept=MEMBERS).status_code == 401
    assert services.call("POST", ROSTER, accept=MEMBERS).status_code == 405
