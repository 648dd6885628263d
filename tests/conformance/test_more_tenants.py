"""Attacks across platforms and courses, and odd text in every claim that is kept."""

from typing import Any

import pytest

from tests.support import claims as c
from tests.support.door import STAFF_VIEW, Door


def test_same_deployment_context_and_link_ids_at_two_platforms_stay_apart(door: Door) -> None:
    other = door.new_platform(deployment_ids=door.platform.deployment_ids)
    tutor = door.browser()
    assert STAFF_VIEW in door.enter(role="teacher", browser=tutor).text
    assert STAFF_VIEW in door.enter(role="teacher", platform=other).text
    rows = door.tool.execute(
        "SELECT c.id FROM context c JOIN deployment d ON d.id = c.deployment_id "
        "WHERE c.context_id = '2' AND d.deployment_id = :d",
        d=door.platform.deployment_ids[0],
    )
    assert len(rows) == 2


def test_resource_id_of_another_course_is_not_reached(door: Door) -> None:
    """A teacher may edit custom parameters; they choose within the course only."""
    door.enter({c.CONTEXT: {"id": "own"}, c.RESOURCE_LINK: {"id": "own"}}, role="teacher")
    found = door.tool.execute(
        "SELECT a.id, a.resource_id FROM assignment a JOIN context c ON c.id = a.context_id "
        "WHERE c.context_id = 'own'"
    )
    custom = {**c.ACTIVITY, "resource_id": found[0].resource_id}
    thief = {c.CONTEXT: {"id": "thief"}, c.RESOURCE_LINK: {"id": "thief"}, c.CUSTOM: custom}
    assert STAFF_VIEW in door.enter(thief, role="teacher").text
    reached = door.tool.execute(
        "SELECT assignment_id FROM resource_link WHERE resource_link_id = 'thief'"
    )
    assert reached[0].assignment_id not in {None, found[0].id}


def test_a_context_named_like_our_own_substitute_is_not_shared(door: Door) -> None:
    """A link without a context gets one made up by the tool; no claim may name that one."""
    link = {c.RESOURCE_LINK: {"id": "alone"}}
    door.enter({**link, c.CONTEXT: c.REMOVED}, role="teacher")
    made_up = door.tool.execute(
        "SELECT c.context_id FROM context c JOIN resource_link l ON l.context_id = c.id "
        "WHERE l.resource_link_id = 'alone'"
    )[0].context_id
    answer = door.attempt({**link, c.CONTEXT: {"id": made_up}}, role="teacher").response
    if answer.status_code != 303:
        door.is_refusal(answer, "claim_unusable")
        return
    rows = door.tool.execute("SELECT id FROM resource_link WHERE resource_link_id = 'alone'")
    assert len(rows) == 2


@pytest.mark.parametrize("value", ["\x00", "a\x00b", "\ud800", "x" * 100_000, "\u202e\u0000"])
@pytest.mark.parametrize(
    "place", ["custom", "title", "label", "link title", "name", "history", "ags", "nrps", "return"]
)
def test_odd_text_in_every_place_that_is_kept(door: Door, place: str, value: str) -> None:
    url = f"https://vle.example/{value}"
    changes: dict[str, Any] = {
        "custom": {c.CUSTOM: {**c.ACTIVITY, "resource_id": value, value: value}},
        "title": {c.CONTEXT: {"id": "odd", "title": value}},
        "label": {c.CONTEXT: {"id": "odd", "label": value}},
        "link title": {c.RESOURCE_LINK: {"id": f"odd {place} {len(value)}", "title": value}},
        "name": {"name": value, "email": value, "given_name": value, "sub": "odd"},
        "history": {c.CUSTOM: {**c.ACTIVITY, "context_history": value}},
        "ags": {c.ENDPOINT: {"scope": [value], "lineitem": url, "lineitems": url}},
        "nrps": {c.NRPS: {"context_memberships_url": url}},
        "return": {c.PRESENTATION: {"return_url": url}},
    }[place]
    answer = door.attempt(changes, role="teacher").response
    if answer.status_code != 303:
        door.is_refusal(answer, "claim_unusable", "token_malformed")


@pytest.mark.parametrize(
    "endpoint", [7, "x", [], {"lineitem": 7, "scope": 7}, {"scope": [None, 7, {}], "lineitem": []}]
)
@pytest.mark.parametrize("claim", [c.ENDPOINT, c.NRPS, c.CONTEXT, c.CUSTOM, c.PRESENTATION])
def test_service_claims_of_odd_types(door: Door, claim: str, endpoint: Any) -> None:
    answer = door.attempt({claim: endpoint}).response
    if answer.status_code != 303:
        door.is_refusal(answer, "claim_unusable", "claim_missing")
