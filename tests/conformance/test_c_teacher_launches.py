"""Cases 30 to 39: the certification's valid launches by a teacher (guide, 6.1.2)."""

from typing import Any

import pytest

from tests.conformance.cases import case
from tests.support import claims as c
from tests.support.claims import REMOVED
from tests.support.door import NO_ROLE_VIEW, NOT_SET_UP_VIEW, STAFF_VIEW, Door

NAMES = ("name", "given_name", "family_name")


def _enter(door: Door, changes: dict[str, Any]) -> str:
    return door.enter(changes, role="teacher").text


@case(30, "instructor")
def test_case_030_instructor(door: Door) -> None:
    assert STAFF_VIEW in _enter(door, {})


@case(31, "instructor with several roles")
def test_case_031_instructor_with_several_roles(door: Door) -> None:
    roles = [c.STAFF, c.OTHER, c.INSTRUCTOR]
    assert STAFF_VIEW in _enter(door, {c.ROLES: roles})


@case(31, "instructor with several roles")
def test_case_031_site_administrator_as_moodle_sends_them(door: Door) -> None:
    roles = [c.INSTRUCTOR, c.SYSTEM_ADMINISTRATOR]
    assert STAFF_VIEW in _enter(door, {c.ROLES: roles, "sub": "2"})


@case(32, "instructor with a short role")
def test_case_032_short_role(door: Door) -> None:
    assert STAFF_VIEW in _enter(door, {c.ROLES: ["Instructor"]})


@case(33, "instructor with an unknown role only")
def test_case_033_unknown_role_only(door: Door) -> None:
    assert NO_ROLE_VIEW in _enter(door, {c.ROLES: [c.UNKNOWN_ROLE], "sub": "33"})


@case(34, "instructor with no role")
@pytest.mark.parametrize("roles", [[], [""], ["", " "]])
def test_case_034_no_role(door: Door, roles: list[str]) -> None:
    assert NO_ROLE_VIEW in _enter(door, {c.ROLES: roles, "sub": "34"})


@case(35, "instructor, only e-mail")
def test_case_035_only_email(door: Door) -> None:
    changes = {**dict.fromkeys(NAMES, REMOVED), "sub": "35", "email": "only@staff.example"}
    assert STAFF_VIEW in _enter(door, changes)


@case(36, "instructor, only names")
def test_case_036_only_names(door: Door) -> None:
    assert STAFF_VIEW in _enter(door, {"email": REMOVED, "sub": "36"})
    person = door.tool.execute("SELECT email, name FROM person WHERE sub = '36'")
    assert person[0].email is None and person[0].name == "Tess Teacher"


@case(37, "instructor, no personal data")
@pytest.mark.parametrize("value", [REMOVED, None])
def test_case_037_no_personal_data(door: Door, value: Any) -> None:
    page = _enter(door, {**dict.fromkeys((*NAMES, "email"), value), "sub": "37"})
    assert STAFF_VIEW in page and "None" not in page.replace(">None</label>", "")


@case(38, "instructor with e-mail, no context")
@pytest.mark.parametrize("context", [REMOVED, None, {}])
def test_case_038_no_context(door: Door, context: Any) -> None:
    changes = {c.CONTEXT: context, c.RESOURCE_LINK: {"id": "38", "title": "On its own"}}
    assert STAFF_VIEW in _enter(door, changes)


@case(39, "instructor, new resource link")
def test_case_039_new_link_with_an_activity_is_ready_at_once(door: Door) -> None:
    assert STAFF_VIEW in _enter(door, {c.RESOURCE_LINK: {"id": "39-ready"}})


@case(39, "instructor, new resource link")
def test_case_039_new_link_without_an_activity_asks_what_it_stands_for(door: Door) -> None:
    link = {c.RESOURCE_LINK: {"id": "39-new", "title": "New"}, c.CUSTOM: {}}
    done = door.attempt(link, role="teacher")
    page = door.enters(done.browser, done.response)
    assert NOT_SET_UP_VIEW in page.text and "/set-up-link" in page.text
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    address = page.url.rstrip("/") + "/set-up-link"
    fields = {"activity": "provision-map-audit", "csrf_token": token}
    chosen = done.browser.follow(done.browser.ask("POST", address, data=fields))
    assert STAFF_VIEW in chosen.text
    assert STAFF_VIEW in _enter(door, link)
