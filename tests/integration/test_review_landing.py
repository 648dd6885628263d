"""Where a tutor lands who comes from the gradebook."""

from pathlib import Path

from flask import Flask

from lti_tool.launch.operations import enter
from lti_tool.launch.review import first_page
from lti_tool.lti.vocabulary import SUBMISSION_REVIEW_REQUEST
from tests.integration.pages import work
from tests.support.visiting import World, make_world


def _lands(world: World, app: Flask, for_user: str | None, role: str = "tutor") -> str:
    from dataclasses import replace

    message = replace(
        world.message,
        sub="3" if role == "tutor" else "5",
        roles=frozenset({role}),
        message_type=SUBMISSION_REVIEW_REQUEST,
        for_user=for_user,
    )
    with world.database.write() as session, app.test_request_context("/"):
        entered = enter(session, world.settings.config_dir, message)
        return first_page(session, entered, message).removeprefix(f"/v/{entered.handle}/")


def test_a_tutor_lands_on_the_work_itself(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    author, tutor = world.let_in("5", "participant"), world.let_in("3", "tutor")
    assert _lands(world, world.app, "5") == "people/not-handed-in"
    work.bring_in(author)
    assert _lands(world, world.app, "5") == "people/not-handed-in?begun=1"
    work.hand_in(author)
    desk = _lands(world, world.app, "5")
    assert desk == work.desk_of(tutor)
    assert "Person 5" in tutor.get(desk).get_data(as_text=True)
    assert _lands(world, world.app, "999") == "people/not-handed-in"
    assert _lands(world, world.app, None) == ""
    assert _lands(world, world.app, "5", "participant") == ""
    assert "begun" in tutor.get("people/not-handed-in?begun=1").get_data(as_text=True)
