"""Who of the staff may do what: every route with every role, and forms that are not ours."""

import re

import pytest

from lti_tool.staff.access import POLICIES
from lti_tool.web.policy import PUBLIC, policy_of
from tests.support.identity_provider import IdentityProvider
from tests.support.staffing import Colleague, colleague
from tests.support.visiting import World

MAY = {
    "GET /staff/": "both",
    "POST /staff/examine": "both",
    "GET /staff/registrations/": "both",
    "GET /staff/registrations/1": "both",
    "POST /staff/registrations/1/check": "both",
    "POST /staff/registrations/1/approve": "administrator",
    "POST /staff/registrations/1/name": "administrator",
    "POST /staff/registrations/1/switch": "administrator",
    "POST /staff/registrations/invite": "administrator",
    "GET /staff/keys/": "both",
    "POST /staff/keys/rotate": "administrator",
    "POST /staff/keys/retire": "administrator",
    "GET /staff/people/": "both",
    "POST /staff/people/find": "both",
    "POST /staff/people/grant": "administrator",
    "POST /staff/people/1/take-back": "administrator",
    "GET /staff/deliveries/": "both",
    "POST /staff/deliveries/1/send-again": "both",
    "POST /staff/deliveries/send-all-again": "both",
    "POST /staff/stay": "both",
    "POST /staff/sign-out": "both",
}
"""The whole of it. A new route has its line here."""


def _routes(world: World) -> dict[str, str]:
    """Policy by method and path, of all that lies below /staff and asks for a session."""
    found = {}
    for rule in world.app.url_map.iter_rules():
        policy = policy_of(world.app.view_functions[rule.endpoint])
        if rule.rule.startswith("/staff") and policy != PUBLIC:
            path = re.sub(r"<int:\w+>", "1", rule.rule)
            found |= {f"{method} {path}": str(policy) for method in rule.methods & {"GET", "POST"}}
    return found


def test_the_table_holds_every_route(world: World) -> None:
    routes = _routes(world)
    assert set(routes) == set(MAY)
    assert set(routes.values()) == set(POLICIES)


def test_only_staff_pages_ask_for_staff(world: World) -> None:
    for rule in world.app.url_map.iter_rules():
        if policy_of(world.app.view_functions[rule.endpoint]) in POLICIES:
            assert rule.rule.startswith("/staff/"), rule.rule


def test_a_technologist_reaches_what_the_table_says(tess: Colleague) -> None:
    for route, who in sorted(MAY.items(), key=lambda one: one[0].endswith("sign-out")):
        method, path = route.split()
        answer = tess.get(path) if method == "GET" else tess.post(path)
        assert answer.status_code < 500, route
        assert (answer.status_code == 403) == (who == "administrator"), (route, answer.status_code)
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"], route


def test_an_administrator_reaches_everything(ada: Colleague) -> None:
    for route in sorted(MAY, key=lambda one: one.endswith("sign-out")):
        method, path = route.split()
        answer = ada.get(path) if method == "GET" else ada.post(path)
        assert answer.status_code < 500 and answer.status_code != 403, (route, answer.status_code)


def test_nobody_else_reaches_anything(world: World, provider: IdentityProvider) -> None:
    stranger = colleague(world, provider)
    stranger.client.set_cookie("__Host-staff", "x" * 32, domain="tool.example", secure=True)
    for route in MAY:
        method, path = route.split()
        answer = stranger.open(method, path)
        assert answer.status_code == 401, route
        assert "/staff/sign-in?next=/staff/" in answer.get_data(as_text=True), route


def test_a_visit_opens_no_staff_page_and_staff_no_visit(world: World, ada: Colleague) -> None:
    visitor = world.let_in("3", "admin tutor")
    assert visitor.client.get(
        "/staff/", headers={"Cookie": f"visit={visitor.secret}"}, base_url="https://tool.example"
    ).status_code == 401  # fmt: skip
    assert ada.get(visitor.url("")).status_code == 401


@pytest.mark.parametrize("token", ["", "0" * 64])
def test_a_form_without_our_token_changes_nothing(ada: Colleague, token: str) -> None:
    for route in (one for one in MAY if one.startswith("POST")):
        assert ada.post(route.split()[1], csrf_token=token).status_code == 403, route


def test_the_token_of_another_session_is_none(
    world: World, provider: IdentityProvider, ada: Colleague, tess: Colleague
) -> None:
    ada.token = tess.token
    assert ada.post("/staff/registrations/1/switch", to="off").status_code == 403
