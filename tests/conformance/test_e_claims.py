"""Cases 81 to 97: what a proved message says (LTI Core 1.3, 5.3 and 5.4)."""

from typing import Any

import pytest

from tests.conformance.cases import case
from tests.support import claims as c
from tests.support.claims import REMOVED
from tests.support.door import NO_ROLE_VIEW, NOT_SET_UP_VIEW, STAFF_VIEW, STUDENT_VIEW, Door


@case(81, "target_link_uri absent")
@pytest.mark.parametrize("value", [REMOVED, None])
def test_case_081_no_target(door: Door, value: Any) -> None:
    door.refuses({c.TARGET_LINK_URI: value}, "claim_missing")


@case(82, "target_link_uri differs from the login's")
def test_case_082_only_the_signed_target_counts(door: Door) -> None:
    ours = {c.TARGET_LINK_URI: f"{door.tool.url}/lti/launch?x=1"}
    page = door.enter(ours, login={"target_link_uri": "https://elsewhere.example/"})
    assert STUDENT_VIEW in page.text


@case(82, "target_link_uri differs from the login's")
@pytest.mark.parametrize(
    "target",
    [
        "https://elsewhere.example/lti/launch",
        "{url}.elsewhere.example/",
        "{url}@elsewhere.example/",
        "{url}0/",
        "javascript:alert(1)//{url}/",
        "//elsewhere.example/{url}/",
        "",
        7,
        ["{url}/lti/launch"],
    ],
)
def test_case_082_foreign_target(door: Door, target: Any) -> None:
    value = target.format(url=door.tool.url) if isinstance(target, str) else target
    door.refuses({c.TARGET_LINK_URI: value}, "target_foreign")


@case(83, "deployment unknown")
def test_case_083_unknown_deployment_is_not_made(door: Door) -> None:
    page = door.refuses(
        {c.DEPLOYMENT_ID: "never-heard-of"}, "deployment_unknown", login={"lti_deployment_id": None}
    )
    assert page.status_code == 403
    assert not door.tool.execute("SELECT 1 FROM deployment WHERE deployment_id = 'never-heard-of'")


@case(83, "deployment unknown")
@pytest.mark.parametrize("value", ["", 7, ["x"], {"a": 1}, "x" * 256, "a\x00b"])
def test_case_083_unusable_deployment(door: Door, value: Any) -> None:
    no_hint = {"lti_deployment_id": None}
    door.refuses({c.DEPLOYMENT_ID: value}, "claim_unusable", login=no_hint)


@case(84, "deployment of another client of the same issuer")
def test_case_084_deployment_of_another_client(door: Door) -> None:
    one = door.new_platform()
    two = door.new_platform(issuer=one.issuer)
    named = {c.DEPLOYMENT_ID: two.deployment_ids[0]}
    no_hint = {"lti_deployment_id": None}
    door.refuses(named, "deployment_unknown", platform=one, login=no_hint)
    assert STUDENT_VIEW in door.enter(named, platform=two).text


_PLACES = {
    "sub": lambda value: {"sub": value},
    "resource_link.id": lambda value: {c.RESOURCE_LINK: {"id": value}},
    "context.id": lambda value: {c.CONTEXT: {"id": value}},
}
_COUNTS = {
    "sub": "SELECT sub FROM person WHERE sub LIKE :p",
    "resource_link.id": "SELECT resource_link_id FROM resource_link WHERE resource_link_id LIKE :p",
    "context.id": "SELECT context_id FROM context WHERE context_id LIKE :p",
}


@case(86, "identifiers of 255 and 256 characters; pairs that differ by case")
@pytest.mark.parametrize("place", list(_PLACES))
def test_case_086_identifiers_are_kept_whole_and_by_case(door: Door, place: str) -> None:
    kept = [f"Case86{'x' * 248}{end}" for end in ("a", "A", "é")]
    kept += [f"Case86{place}", f"cASE86{place}", f"Case86{place} "]
    for value in kept:
        assert STUDENT_VIEW in door.enter(_PLACES[place](value)).text
    rows = door.tool.execute(_COUNTS[place], p="_ase86%") + door.tool.execute(
        _COUNTS[place], p="_ASE86%"
    )
    assert {row[0] for row in rows} >= set(kept)
    door.refuses(_PLACES[place]("x" * 256), "claim_unusable")


@case(86, "identifiers of 255 and 256 characters; pairs that differ by case")
def test_case_086_deployment_ids(door: Door) -> None:
    ids = ("d" * 255, "D" + "d" * 254, "dep", "DEP")
    platform = door.new_platform(deployment_ids=ids)
    for value in ids:
        hint = {"lti_deployment_id": value}
        page = door.enter({c.DEPLOYMENT_ID: value}, platform=platform, login=hint)
        assert STUDENT_VIEW in page.text
    wrong = {c.DEPLOYMENT_ID: "Dep"}
    no_hint = {"lti_deployment_id": None}
    door.refuses(wrong, "deployment_unknown", platform=platform, login=no_hint)


@case(86, "identifiers of 255 and 256 characters; pairs that differ by case")
def test_case_086_long_links_without_a_context_do_not_share_one(door: Door) -> None:
    for end in ("one", "two"):
        link = {"id": "L" * 252 + end}
        door.enter({c.CONTEXT: REMOVED, c.RESOURCE_LINK: link})
    rows = door.tool.execute(
        "SELECT DISTINCT context_id FROM resource_link WHERE resource_link_id LIKE 'LLLL%'"
    )
    assert len(rows) == 2


@case(87, "sub is empty, a number or null")
@pytest.mark.parametrize("sub", ["", 7, 0, False, ["5"], {"id": "5"}, "a\x00b"])
def test_case_087_unusable_sub(door: Door, sub: Any) -> None:
    door.refuses({"sub": sub}, "claim_unusable")


@case(87, "sub is empty, a number or null")
def test_case_087_null_sub(door: Door) -> None:
    door.refuses({"sub": None}, "subject_missing")


@case(88, "anonymous launch")
def test_case_088_anonymous_launch_is_refused_clearly(door: Door) -> None:
    before = door.tool.execute("SELECT count(*) FROM person")
    page = door.refuses({"sub": REMOVED, c.ROLES: []}, "subject_missing")
    assert "who you are" in page.text
    assert door.tool.execute("SELECT count(*) FROM person") == before


@case(89, "roles is a string, null or holds non-strings")
@pytest.mark.parametrize("roles", [c.INSTRUCTOR, None, 7, {}, [7], [None], [[c.INSTRUCTOR]], True])
def test_case_089_unusable_roles(door: Door, roles: Any) -> None:
    door.refuses({c.ROLES: roles}, "claim_unusable", "claim_missing")


@case(90, "unknown vocabulary that ends in #Instructor")
@pytest.mark.parametrize(
    "role",
    [
        "http://attacker.example/vocab#Instructor",
        "membership#Instructor",
        "#Instructor",
        "instructor",
        "urn:lti:role:ims/lis/Instructor",
        f"{c.INSTRUCTOR} ",
        f" {c.INSTRUCTOR}",
        c.INSTRUCTOR.replace("http:", "https:"),
        c.INSTRUCTOR.lower(),
        f"{c.INSTRUCTOR}/x",
        c.INSTITUTION_INSTRUCTOR,
        c.SYSTEM_ADMINISTRATOR,
        "tutor",
    ],
)
def test_case_090_no_staff_rights_by_likeness(door: Door, role: str) -> None:
    assert NO_ROLE_VIEW in door.enter({c.ROLES: [role], "sub": "90"}).text
    assert STUDENT_VIEW in door.enter({c.ROLES: [role, c.LEARNER], "sub": "90"}).text


@case(91, "instructor of the institution, learner in the course")
def test_case_091_roles_in_the_course_decide(door: Door) -> None:
    page = door.enter({c.ROLES: [c.INSTITUTION_INSTRUCTOR, c.LEARNER], "sub": "91"})
    assert STUDENT_VIEW in page.text


@case(92, "was instructor, now learner")
def test_case_092_rights_end_with_the_role(door: Door) -> None:
    browser = door.browser()
    assert STAFF_VIEW in door.enter({"sub": "92"}, role="teacher", browser=browser).text
    page = door.enter({"sub": "92"}, browser=browser)
    assert STUDENT_VIEW in page.text
    handle = page.url.split("/v/")[1].split("/")[0]
    assert browser.ask("GET", f"/v/{handle}/marking/").status_code == 403
    assert "Preview." in page.text, "a switched role is a labelled preview (decision 0014)"


@case(93, "resource_link is null, a string, or its id is unusable")
@pytest.mark.parametrize(
    "link", [None, "1", 7, ["1"], {"id": ""}, {"id": 1}, {"id": None}, {"id": ["1"]}, {"ID": "1"}]
)
def test_case_093_unusable_resource_link(door: Door, link: Any) -> None:
    door.refuses({c.RESOURCE_LINK: link}, "claim_missing", "claim_unusable")


@case(94, "message types we do not open")
@pytest.mark.parametrize(
    "kind",
    [
        "LtiStartProctoring",
        "LtiEulaRequest",
        "LtiDataPrivacyLaunchRequest",
        "Nonsense",
        "ltiresourcelinkrequest",
        "<script>",
    ],
)
def test_case_094_other_messages_are_explained_with_a_way_back(door: Door, kind: str) -> None:
    page = door.refuses({c.MESSAGE_TYPE: kind}, "message_unsupported")
    assert f'href="{door.server.url}{door.platform.path}/return?course=2&amp;sesskey=' in page.text
    assert "<script>" not in page.text


@case(94, "message types we do not open")
@pytest.mark.parametrize("kind", ["", 7, None, ["LtiResourceLinkRequest"]])
def test_case_094_unusable_message_type(door: Door, kind: Any) -> None:
    door.refuses({c.MESSAGE_TYPE: kind}, "claim_missing")


@case(95, "version 1.3 as text or number")
@pytest.mark.parametrize("version", ["1.3", 1.3, "1.3.0 ", "1.3.00", None, ["1.3.0"], ""])
def test_case_095_near_miss_of_the_version(door: Door, version: Any) -> None:
    door.refuses({c.VERSION: version}, "claim_version")


@case(96, "unknown and vendor claims")
def test_case_096_unknown_claims_are_passed_over(door: Door) -> None:
    unknown = {
        "https://vendor.example/claim/x": {"a": [1, None, {"b": "c"}]},
        c.LTI + "never_defined": 7,
        "zoneinfo": ["x"],
        "": "nameless",
        "jti": 7,
        "auth_time": "yesterday",
    }
    assert STUDENT_VIEW in door.enter(unknown).text


@case(97, "custom values that are no text or unresolved")
@pytest.mark.parametrize(
    "value", [7, None, ["provision-map-audit"], {"a": 1}, True, "$Activity", "", "unknown", "../x"]
)
def test_case_097_unusable_custom_values_count_as_absent(door: Door, value: Any) -> None:
    changes = {c.CUSTOM: {"activity": value}, c.RESOURCE_LINK: {"id": "97"}}
    assert NOT_SET_UP_VIEW in door.enter(changes).text


@case(97, "custom values that are no text or unresolved")
def test_case_097_names_that_are_variables_are_not_kept(door: Door) -> None:
    names = dict.fromkeys(("name", "given_name", "family_name", "email"), "$Person.name.full")
    assert STUDENT_VIEW in door.enter({**names, "sub": "97"}).text
    person = door.tool.execute("SELECT name, email FROM person WHERE sub = '97'")
    assert tuple(person[0]) == (None, None)


@case(97, "custom values that are no text or unresolved")
@pytest.mark.parametrize("custom", [None, {}])
def test_case_097_custom_empty(door: Door, custom: Any) -> None:
    changes = {c.CUSTOM: custom, c.RESOURCE_LINK: {"id": "97b"}}
    assert NOT_SET_UP_VIEW in door.enter(changes).text
