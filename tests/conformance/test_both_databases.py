"""The main launches and the races, alike on SQLite and PostgreSQL."""

import threading
import time
from collections.abc import Iterator

import pytest

from lti_tool.core.identifiers import SPELT_LENGTH, number_of
from tests.conformance.cases import case
from tests.support import claims as c
from tests.support.door import STAFF_VIEW, STUDENT_VIEW, Door


@pytest.fixture(params=["sqlite", "postgresql"])
def any_door(request: pytest.FixtureRequest) -> Iterator[Door]:
    name = "door" if request.param == "sqlite" else "postgres_door"
    yield request.getfixturevalue(name)


@case(30, "instructor")
def test_case_030_instructor_on_both(any_door: Door) -> None:
    assert STAFF_VIEW in any_door.enter(role="teacher").text


@case(40, "student")
def test_case_040_student_on_both(any_door: Door) -> None:
    assert STUDENT_VIEW in any_door.enter().text


@case(73, "nonce reused: same id_token and state posted twice")
def test_case_073_replay_on_both(any_door: Door) -> None:
    done = any_door.attempt()
    any_door.enters(done.browser, done.response)
    again = done.browser.post_launch(done.login.state, done.token)
    any_door.is_refusal(again, "state_unknown")


@case(75, "two parallel posts of one token")
def test_case_075_parallel_replay_on_both(any_door: Door) -> None:
    for _ in range(10):
        browser = any_door.browser()
        login = any_door.login(browser)
        token = any_door.platform.sign(any_door.platform.claims(login.nonce, "student", {}))
        answers = any_door.in_parallel(browser, login.state, token, times=4)
        assert sorted(answer.status_code for answer in answers) == [303, 400, 400, 400]


def test_first_launches_at_the_same_moment_make_one_of_each(any_door: Door) -> None:
    """A whole class opens a new link at once: one course, one link, one assignment."""
    for number in range(5):
        place = {
            c.CONTEXT: {"id": f"class-{number}"},
            c.RESOURCE_LINK: {"id": f"class-{number}"},
            "sub": f"class-{number}",
        }
        barrier, codes = threading.Barrier(4), []

        def open_link(
            place: dict[str, object] = place,
            barrier: threading.Barrier = barrier,
            codes: list[int] = codes,
        ) -> None:
            browser = any_door.browser()
            login = any_door.login(browser)
            token = any_door.platform.sign(any_door.platform.claims(login.nonce, "student", place))
            barrier.wait()
            codes.append(browser.post_launch(login.state, token).status_code)

        threads = [threading.Thread(target=open_link) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert codes == [303] * 4
        count = any_door.tool.execute(
            "SELECT count(*) FROM assignment a JOIN context c ON c.id = a.context_id "
            "WHERE c.context_id = :c",
            c=f"class-{number}",
        )
        assert count[0][0] == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"sub": "a\x00b"},
        {"sub": "\ud800"},
        {"name": "\ud800"},
        {"name": "a\x00b"},
        {c.DEPLOYMENT_ID: "a\x00b"},
        {c.CUSTOM: {**c.ACTIVITY, "resource_id": "a\x00b"}},
        {c.CUSTOM: {**c.ACTIVITY, "resource_id": "\ud800"}},
        {c.CUSTOM: {**c.ACTIVITY, "resource_id": "x" * 4000}, c.RESOURCE_LINK: {"id": "long"}},
        {c.CONTEXT: {"id": "long", "title": "é" * 600, "label": "校" * 300}},
        {c.RESOURCE_LINK: {"id": "é" * 255}},
    ],
    ids=str,
)
def test_text_that_a_database_cannot_keep(any_door: Door, changes: dict[str, object]) -> None:
    answer = any_door.attempt(changes, login={"lti_deployment_id": None}).response
    if answer.status_code != 303:
        any_door.is_refusal(answer, "claim_unusable", "token_malformed", "deployment_unknown")


@pytest.mark.parametrize("address", ["/lti/login/%00", "/lti/login/%ff", "/v/%ff/"])
def test_addresses_that_a_database_cannot_take(any_door: Door, address: str) -> None:
    answer = any_door.browser().ask("GET", address, headers={"Cookie": "visit=x"})
    assert 400 <= answer.status_code < 500


_RACES = {
    "POST": ("DELETE FROM waiting_login WHERE id = %s", "/window"),
    "GET": ("UPDATE waiting_login SET binding_digest = 'moved' WHERE id = %s", ""),
}


@pytest.mark.parametrize("method", list(_RACES))
def test_window_and_frame_cannot_both_have_a_login(postgres_door: Door, method: str) -> None:
    """While one browser is sent on, another must not bind the login to itself, nor the other way
    round: else an attacker who saw the state could have someone else's browser finish the launch
    as the attacker. The row is changed and held here while the tool is asked."""
    door, browser = postgres_door, postgres_door.browser()
    begun = browser.login(door.platform.login_parameters(), framed=True).response
    address = begun.headers["Location"]
    kept = list(browser.cookies)
    change, ending = _RACES[method]
    answers = []
    with door.tool.engine.begin() as connection:
        connection.exec_driver_sql(change, (number_of(address.rpartition("/")[2][:SPELT_LENGTH]),))
        thread = threading.Thread(
            target=lambda: answers.append(browser.ask(method, address + ending, framed=True))
        )
        thread.start()
        time.sleep(0.5)
    thread.join()
    door.is_refusal(answers[0], "state_unknown")
    assert browser.cookies == kept
