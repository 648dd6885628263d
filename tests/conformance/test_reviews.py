"""Submission review: the gradebook's links into the tool (LTI Submission Review 1.0)."""

import json
from typing import Any

import pytest

from tests.conformance.cases import case
from tests.support import claims as c
from tests.support.door import STAFF_VIEW, STUDENT_VIEW, Door
from tests.support.platform import Platform

FOR_USER = c.LTI + "for_user"
REVIEW: dict[str, Any] = {c.MESSAGE_TYPE: "LtiSubmissionReviewRequest"}


def _of(user_id: Any) -> dict[str, Any]:
    return {**REVIEW, FOR_USER: {"user_id": user_id}}


@case(94, "message types we do not open")
def test_case_094_a_tutor_who_asks_for_work_that_is_not_there(door: Door) -> None:
    page = door.enter(_of("5"), role="teacher", platform=door.new_platform())
    assert "<h1>Nothing is handed in yet</h1>" in page.text and "has not begun" in page.text


@case(94, "message types we do not open")
@pytest.mark.parametrize("claim", [c.REMOVED, None])
def test_case_094_the_head_of_a_column_leads_to_the_queue(door: Door, claim: Any) -> None:
    page = door.enter({**REVIEW, FOR_USER: claim}, role="teacher")
    assert STAFF_VIEW in page.text


def test_a_review_without_a_column_is_no_reason_to_refuse(door: Door) -> None:
    assert STAFF_VIEW in door.enter({**REVIEW, c.ENDPOINT: c.REMOVED}, role="teacher").text


def test_a_participant_sees_their_own_work(door: Door) -> None:
    assert STUDENT_VIEW in door.enter(_of("5")).text
    assert STUDENT_VIEW in door.enter(REVIEW).text


@pytest.mark.parametrize("roles", [[c.LEARNER], [c.MENTOR], [c.SYSTEM_ADMINISTRATOR], []])
def test_nobody_but_a_tutor_opens_somebody_elses_work(door: Door, roles: list[str]) -> None:
    """Moodle signs this for a participant who changes the address."""
    page = door.refuses({**_of("6"), c.ROLES: roles}, "review_not_yours")
    assert page.status_code == 403 and "somebody else’s work" in page.text


@case(206, "a participant at another’s work")
def test_case_206_asking_for_somebody_elses_work_is_written_down(door: Door) -> None:
    platform = door.new_platform()
    door.refuses(_of("6"), "review_not_yours", platform=platform)
    assert _written(door, platform) == [], "somebody who never came in is nobody we know"
    door.enter(platform=platform)
    for _ in range(7):
        door.refuses(_of("6"), "review_not_yours", platform=platform)
    assert _written(door, platform) == ["launch: review_not_yours"] * 5
    door.refuses({c.MESSAGE_TYPE: "LtiEulaRequest"}, "message_unsupported", platform=platform)
    assert len(_written(door, platform)) == 5


def _written(door: Door, platform: Platform) -> list[str]:
    rows = door.tool.execute(
        "SELECT e.became FROM audit_entry e JOIN person p ON p.id = e.actor_id "
        "JOIN platform q ON q.id = p.platform_id "
        "WHERE e.act = 'access refused' AND q.issuer = :issuer",
        issuer=platform.issuer,
    )
    found = [row.became for row in rows]
    return [(json.loads(one) if isinstance(one, str) else one)["route"] for one in found]


@pytest.mark.parametrize(
    "claim", [7, "5", [], {"id": "5"}, {}, {"user_id": 5}, {"user_id": ""}, {"user_id": "\x00"},
              {"user_id": "x" * 256}]
)  # fmt: skip
def test_a_review_of_nobody_that_can_be_named_is_refused(door: Door, claim: Any) -> None:
    door.refuses({**REVIEW, FOR_USER: claim}, "claim_unusable", role="teacher")


def test_a_lesser_word_for_a_review_is_none(door: Door) -> None:
    door.refuses({c.MESSAGE_TYPE: "ltisubmissionreviewrequest"}, "message_unsupported")
