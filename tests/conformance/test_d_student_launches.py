"""Cases 40 to 50: the certification's valid launches by a student (guide, 6.1.3)."""

from typing import Any

import pytest

from tests.conformance.cases import case
from tests.support import claims as c
from tests.support.claims import REMOVED
from tests.support.door import NO_ROLE_VIEW, NOT_SET_UP_VIEW, STAFF_VIEW, STUDENT_VIEW, Door

NAMES = ("name", "given_name", "family_name")


def _is_student_view(door: Door, changes: dict[str, Any]) -> None:
    done = door.attempt(changes)
    page = door.enters(done.browser, done.response)
    assert STUDENT_VIEW in page.text and STAFF_VIEW not in page.text
    start = page.url.split("/v/")[1].split("/")[0]
    for address in (f"/v/{start}/dates", f"/v/{start}/marking/"):
        assert done.browser.ask("GET", address).status_code == 403


@case(40, "student")
def test_case_040_student(door: Door) -> None:
    _is_student_view(door, {})


@case(41, "student with several roles")
def test_case_041_student_with_several_roles(door: Door) -> None:
    _is_student_view(door, {c.ROLES: [c.INSTITUTION_STUDENT, c.LEARNER, c.MENTOR]})


@case(42, "student with a short role")
def test_case_042_short_role(door: Door) -> None:
    _is_student_view(door, {c.ROLES: ["Learner"]})


@case(43, "student with an unknown role beside")
def test_case_043_unknown_role_beside(door: Door) -> None:
    _is_student_view(door, {c.ROLES: [c.UNKNOWN_ROLE, c.LEARNER]})


@case(44, "student with no role")
@pytest.mark.parametrize("roles", [[], [""]])
def test_case_044_no_role(door: Door, roles: list[str]) -> None:
    page = door.enter({c.ROLES: roles, "sub": "44"})
    assert NO_ROLE_VIEW in page.text


@case(45, "student, only e-mail")
def test_case_045_only_email(door: Door) -> None:
    _is_student_view(door, {**dict.fromkeys(NAMES, REMOVED), "sub": "45"})


@case(46, "student, only names")
def test_case_046_only_names(door: Door) -> None:
    _is_student_view(door, {"email": REMOVED, "sub": "46"})


@case(47, "student, no personal data")
@pytest.mark.parametrize("value", [REMOVED, None])
def test_case_047_no_personal_data(door: Door, value: Any) -> None:
    _is_student_view(door, {**dict.fromkeys((*NAMES, "email"), value), "sub": "47"})
    person = door.tool.execute("SELECT name, email FROM person WHERE sub = '47'")
    assert len(person) == 1 and tuple(person[0]) == (None, None)


@case(48, "student with e-mail, no context")
def test_case_048_no_context(door: Door) -> None:
    link = {"id": "48", "title": "On its own"}
    _is_student_view(door, {c.CONTEXT: REMOVED, c.RESOURCE_LINK: link})


@case(49, "student, new resource link")
def test_case_049_new_link_without_an_activity_is_not_ready(door: Door) -> None:
    done = door.attempt({c.RESOURCE_LINK: {"id": "49", "title": "New"}, c.CUSTOM: {}})
    page = door.enters(done.browser, done.response)
    assert NOT_SET_UP_VIEW in page.text and "/set-up-link" not in page.text
    fields = {"activity": "provision-map-audit"}
    answer = done.browser.ask("POST", page.url.rstrip("/") + "/set-up-link", data=fields)
    assert answer.status_code == 403


@case(50, "student, only a resource link")
def test_case_050_only_the_required_claims(door: Door) -> None:
    required = {"iss", "aud", "iat", "exp", "nonce", "sub", c.DEPLOYMENT_ID, c.TARGET_LINK_URI}
    required |= {c.ROLES, c.VERSION, c.MESSAGE_TYPE, c.RESOURCE_LINK}
    whole = door.platform.claims("x", "student", {})
    bare: dict[str, Any] = {name: REMOVED for name in whole if name not in required}
    page = door.enter({**bare, c.RESOURCE_LINK: {"id": "50"}, "sub": "50"})
    assert NOT_SET_UP_VIEW in page.text
