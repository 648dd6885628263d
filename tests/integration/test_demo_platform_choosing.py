"""The demo platform adds activities by deep linking and copies courses, as Moodle does."""

import re
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from lti_tool.demo_platform import choosing
from tests.support.platform_app import platform_app

PLATFORM = "http://localhost:8081"
TOOL = "http://127.0.0.1:8080"
KEY = RSAKey.generate_key(2048, {"kid": "tool-key"})
_LTI = "https://purl.imsglobal.org/spec/lti/claim/"
_DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"


class _Keys:
    def get(self, kid: str | None) -> KeySet:
        return KeySet([KEY])


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setattr(choosing, "keys_at", lambda _url: _Keys())
    return platform_app(tmp_path, TOOL, PLATFORM, clock=lambda: datetime.now(UTC))


@pytest.fixture
def tutor(app: Flask) -> FlaskClient:
    client = app.test_client()
    client.post("/sign-in", data={"person": "3"})
    return client


def _sesskey(client: FlaskClient) -> str:
    found = re.search(r'name="sesskey" value="(\w+)"', client.get("/course").text)
    assert found
    return found[1]


def _item(title: str, **line_item: Any) -> dict[str, Any]:
    item: dict[str, Any] = {
        "type": "ltiResourceLink",
        "title": title,
        "text": "Words",
        "url": f"{TOOL}/lti/launch",
        "custom": {"resource_id": title, "number": 7},
        "window": {"width": 1},
    }
    return {**item, "lineItem": line_item} if line_item else item


def _answer(client: FlaskClient, *items: Any, **changes: Any) -> Any:
    now = int(time.time())
    claims = {
        "iss": "demo-client",
        "aud": PLATFORM,
        "iat": now,
        "exp": now + 300,
        "nonce": str(time.monotonic_ns()),
        _LTI + "deployment_id": "1",
        _LTI + "message_type": "LtiDeepLinkingResponse",
        _LTI + "version": "1.3.0",
        _DL + "content_items": list(items),
        **changes,
    }
    token = jwt.encode({"alg": "RS256", "kid": "tool-key"}, claims, KEY)
    url = f"/mod/lti/contentitem_return?course=2&id=1&sesskey={_sesskey(client)}"
    return client.post(url, data={"JWT": token}, headers={"Origin": TOOL})


def _save(client: FlaskClient, page: Any) -> Any:
    found = re.search(r'name="chosen" value="(\w+)"', page.text)
    assert found, page.text
    fields = {"course": "2", "sesskey": _sesskey(client), "chosen": found[1]}
    return client.post("/mod/lti/add", data=fields)


def test_the_request_has_moodles_shape(app: Flask, tutor: FlaskClient) -> None:
    page = tutor.get("/mod/lti/contentitem?course=2").text
    assert "_ContentItemSelectionRequest" in page and "cmid" not in page


def test_only_tutors_add_to_their_courses(app: Flask, tutor: FlaskClient) -> None:
    student = app.test_client()
    student.post("/sign-in", data={"person": "5"})
    assert student.get("/mod/lti/add?course=2").status_code == 403
    assert tutor.get("/mod/lti/add?course=77").status_code == 404


def test_what_is_honoured_is_kept(app: Flask, tutor: FlaskClient) -> None:
    column = {"scoreMaximum": 60, "resourceId": "r1", "tag": "t1", "label": "Ignored"}
    assert _save(tutor, _answer(tutor, _item("One", **column))).status_code == 303
    platform = app.extensions["demo_platform"]
    link = platform.courses.list_all_links()[-1]
    assert (link.title, link.description, link.maximum) == ("One", "Words", 60)
    assert link.custom == {"resource_id": "One", "number": "7"}
    item = platform.gradebook.find_only_item(link)
    assert (item.label, item.maximum, item.resource_id, item.tag) == ("One", 60.0, "r1", "t1")


def test_an_item_without_a_line_item_has_no_column(app: Flask, tutor: FlaskClient) -> None:
    _save(tutor, _answer(tutor, _item("Plain")))
    platform = app.extensions["demo_platform"]
    assert platform.gradebook.find_only_item(platform.courses.list_all_links()[-1]) is None


@pytest.mark.parametrize("maximum", [150, 12.5, 0, "60", True, None])
def test_a_single_maximum_out_of_range_cannot_be_saved(tutor: FlaskClient, maximum: Any) -> None:
    page = _answer(tutor, _item("Big", scoreMaximum=maximum))
    assert "must be an integer between 1 and 100" in page.text
    assert "Save and return" not in page.text


def test_among_several_it_becomes_100(app: Flask, tutor: FlaskClient) -> None:
    page = _answer(tutor, _item("A", scoreMaximum=150), _item("B", scoreMaximum=20))
    assert _save(tutor, page).status_code == 303
    links = app.extensions["demo_platform"].courses.list_all_links()
    assert [link.maximum for link in links[-2:]] == [100, 20]


def test_cancel_and_errors_are_shown(tutor: FlaskClient) -> None:
    assert "Nothing was added." in _answer(tutor, **{_DL + "msg": "Nothing was added."}).text
    assert "It broke" in _answer(tutor, **{_DL + "errormsg": "It broke"}).text


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "someone"},
        {"aud": "http://elsewhere"},
        {"exp": 1},
        {_LTI + "deployment_id": "2"},
        {_LTI + "message_type": "LtiResourceLinkRequest"},
        {_DL + "content_items": {}},
    ],
)
def test_an_answer_that_is_not_for_us_is_refused(tutor: FlaskClient, changes: Any) -> None:
    assert "cannot be used" in _answer(tutor, **changes).text


def test_an_answer_counts_once_and_forgeries_never(tutor: FlaskClient) -> None:
    assert "cannot be used" not in _answer(tutor, nonce="n1").text
    assert "cannot be used" in _answer(tutor, nonce="n1").text
    url = f"/mod/lti/contentitem_return?course=2&id=1&sesskey={_sesskey(tutor)}"
    for token in ("", "a.b.c", "x" * 50):
        page = tutor.post(url, data={"JWT": token}, headers={"Origin": TOOL})
        assert page.status_code < 500 and "cannot be used" in page.text


def test_without_the_cookie_the_answer_is_posted_once_more(app: Flask) -> None:
    page = app.test_client().post(
        "/mod/lti/contentitem_return?course=2&id=1&sesskey=x", data={"JWT": "a.b.c"}
    )
    assert 'name="repost" value="true"' in page.text
    assert 'action="/mod/lti/contentitem_return?course=2&amp;id=1&amp;sesskey=x"' in page.text


def test_a_copied_course_keeps_what_moodle_keeps(app: Flask, tutor: FlaskClient) -> None:
    column = {"scoreMaximum": 60, "resourceId": "r1", "tag": "t1"}
    _save(tutor, _answer(tutor, _item("Once", **column)))
    fields = {"course": "2", "sesskey": _sesskey(tutor)}
    assert tutor.post("/mod/lti/copy", data=fields).status_code == 303
    platform = app.extensions["demo_platform"]
    copy = platform.courses.list_courses()[-1]
    assert copy.history == "2" and copy.id not in ("2", "9")
    link = platform.courses.list_links(copy)[-1]
    assert (link.title, link.custom["resource_id"]) == ("Once", "Once")
    item = platform.gradebook.find_only_item(link)
    assert (item.resource_id, item.tag, item.maximum) == ("r1", "t1", 60.0)
    tutor.post("/mod/lti/copy", data={**fields, "course": copy.id})
    assert platform.courses.list_courses()[-1].history == f"{copy.id},2"
    assert tutor.get(f"/course?id={copy.id}").status_code == 200
