"""A visit: its cookie, its end, a window of its own, and display settings."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from lti_tool.core import clock
from lti_tool.people.models import Visit
from tests.integration.pages import work
from tests.support.visiting import World

FULL_WIDTH = re.compile(r'name="code" value="([^"]+)"')


def test_a_visit_ends_and_says_what_to_do(world: World) -> None:
    visitor = world.let_in("5", "participant")
    with time_machine.travel(clock.now() + timedelta(hours=4, minutes=1)):
        answer = visitor.get("")
    assert answer.status_code == 401
    assert "open the activity again" in answer.get_data(as_text=True)
    assert answer.headers["X-Reason-Code"] == "visit_over"


def test_saving_or_staying_gives_more_time_and_reading_does_not(world: World) -> None:
    visitor = world.let_in("5", "participant")
    begin = clock.now()
    with time_machine.travel(begin + timedelta(hours=3)):
        assert visitor.get("").status_code == 200
        answer = visitor.post("stay", headers={"X-Requested-With": "fetch"})
        assert set(answer.json) == {"visit_ends_at", "visit_ends_label"}
    with time_machine.travel(begin + timedelta(hours=6)):
        assert visitor.get("").status_code == 200
    with time_machine.travel(begin + timedelta(hours=7, minutes=1)):
        assert visitor.get("").status_code == 401


def test_who_saves_every_few_seconds_has_the_visit_written_once_a_minute(world: World) -> None:
    visitor = world.let_in("5", "participant")
    begin = clock.now()
    told: list[str] = []
    asked: list[str] = []
    world.database.listeners.append(asked.append)
    for seconds in (20, 55, 65, 70, 120, 130):
        with time_machine.travel(begin + timedelta(seconds=seconds)):
            answer = visitor.post("stay", headers={"X-Requested-With": "fetch"})
        told.append(answer.json["visit_ends_at"])
    assert told[0] == told[1] < told[2] == told[3] == told[4] < told[5]
    assert sum(one.startswith("UPDATE visit") for one in asked) == 2


def test_no_visit_lasts_beyond_half_a_day(world: World) -> None:
    visitor = world.let_in("5", "participant")
    begin = clock.now()
    for hours in (3, 6, 9, 11):
        with time_machine.travel(begin + timedelta(hours=hours)):
            assert visitor.post("stay", headers={"X-Requested-With": "fetch"}).status_code == 200
    with time_machine.travel(begin + timedelta(hours=12, minutes=1)):
        assert visitor.get("").status_code == 401


def _visits(world: World):
    with world.database.read() as session:
        return session.scalars(select(Visit.id)).all()


def _open_full_width(world: World, code: str):
    return world.app.test_client(use_cookies=False).post(
        "/full-width", data={"code": code}, base_url="https://tool.example"
    )


def test_full_width_opens_a_second_visit_once(world: World) -> None:
    visitor = world.let_in("5", "participant")
    code = FULL_WIDTH.search(visitor.get("").get_data(as_text=True)).group(1)
    answer = _open_full_width(world, code)
    assert answer.status_code == 303
    cookie = answer.headers["Set-Cookie"]
    handle = re.search(r"/v/(\w+)/", answer.headers["Location"]).group(1)
    assert handle != visitor.handle
    for part in ("HttpOnly", "Secure", "SameSite=None", "Partitioned", f"Path=/v/{handle}/"):
        assert part in cookie, part
    again = _open_full_width(world, code)
    assert again.headers["Location"] == answer.headers["Location"]
    assert "Set-Cookie" not in again.headers, "the code was used up"
    assert len(_visits(world)) == 2


def test_full_width_leads_its_own_browser_back_and_no_other(world: World) -> None:
    """A person closes that window and presses the button again, or presses it twice."""
    visitor = world.let_in("5", "participant")
    code = FULL_WIDTH.search(visitor.get("").get_data(as_text=True)).group(1)
    statuses = []
    for browser in (world.app.test_client(), world.app.test_client()):
        for _ in range(2):
            answer = browser.post(
                "/full-width",
                data={"code": code},
                base_url="https://tool.example",
                follow_redirects=True,
            )
            statuses.append(answer.status_code)
    assert statuses == [200, 200, 401, 401]


@pytest.mark.parametrize("odd", ["!!!!", "~~~~", "=", "\u00e9"])
def test_a_code_that_is_spelt_otherwise_is_no_other_code(world: World, odd: str) -> None:
    """A signature may be read though signs were added to it."""
    visitor = world.let_in("5", "participant")
    code = FULL_WIDTH.search(visitor.get("").get_data(as_text=True)).group(1)
    assert "Set-Cookie" in _open_full_width(world, code).headers
    last = chr(ord(code[-1]) + 1)
    for spelt in (code + odd, code[:-1] + last):
        assert "Set-Cookie" not in _open_full_width(world, spelt).headers
    assert len(_visits(world)) == 2


def test_a_code_whose_visit_has_ended_opens_nothing(world: World) -> None:
    visitor = world.let_in("5", "participant")
    code = FULL_WIDTH.search(visitor.get("").get_data(as_text=True)).group(1)
    with world.database.write() as session:
        session.execute(update(Visit).values(ends_at=clock.now()))
    assert _open_full_width(world, code).status_code == 401
    assert len(_visits(world)) == 1


def test_a_forged_or_foreign_full_width_code_opens_nothing(world: World) -> None:
    for code in ("", "x", "WzEsImEiXQ.aaaa.bbbb", "é" * 100):
        answer = _open_full_width(world, code)
        assert answer.status_code == 401
        assert "Set-Cookie" not in answer.headers


def test_display_settings_are_kept_for_the_person(world: World) -> None:
    visitor = world.let_in("5", "participant")
    answer = visitor.post(
        "display",
        {
            "text_size": "larger",
            "contrast": "dark",
            "tint": "cream",
            "spacing": "wide",
            "next": visitor.url("audit/map"),
        },
    )
    assert answer.headers["Location"] == visitor.url("audit/map")
    again = world.let_in("5", "participant").get("").get_data(as_text=True)
    assert 'data-text-size="larger"' in again
    assert 'data-bs-theme="dark"' in again


def test_display_settings_never_lead_elsewhere_or_keep_nonsense(world: World) -> None:
    visitor = world.let_in("5", "participant")
    for target in ("https://evil.example/", "//evil.example/", "/v/other/", "javascript:alert(1)"):
        answer = visitor.post("display", {"text_size": "huge<script>", "next": target})
        assert answer.headers["Location"] == visitor.url("")
    assert "huge" not in visitor.get("").get_data(as_text=True)


@pytest.mark.parametrize("more", ["\r\nX-Odd: 1", "\n", "\x00", "\t", "\\evil", "é", "\u2028"])
def test_the_page_to_go_back_to_is_plain_text(world: World, more: str) -> None:
    visitor = world.let_in("5", "participant")
    answer = visitor.post("display", {"next": visitor.url(more)})
    assert answer.status_code == 303 and answer.headers["Location"] == visitor.url("")
    assert "X-Odd" not in answer.headers
    author, tutor = world.let_in("6", "participant"), world.let_in("3", "tutor")
    work.bring_in(author)
    work.hand_in(author)
    work.mark_and_release(tutor, *["60"] * 6)
    answer = tutor.post("gradebook/1/send-again", {"next": tutor.url(more)})
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(tutor.url("marking/"))


def test_every_answer_carries_the_headers(world: World) -> None:
    answer = world.let_in("5", "participant").get("")
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'self' https://moodle.example;" in policy + ";"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_first_page_is_light(world: World) -> None:
    """Under 60 KB over the wire without cache, and no script is needed to show it."""
    visitor = world.let_in("5", "participant")
    page = visitor.get("").get_data(as_text=True)
    total = len(page.encode())
    for address in re.findall(r'(?:href|src)="(/assets/[^"]+)"', page):
        asset = visitor.client.get(
            address, headers={"Accept-Encoding": "gzip"}, base_url="https://tool.example"
        )
        assert asset.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        total += len(asset.get_data())
    assert total < 60_000
