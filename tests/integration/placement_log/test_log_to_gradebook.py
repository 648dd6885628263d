"""A log goes the usual way of marking, by each kind of rules, to the gradebook."""

import re

import pytest
from sqlalchemy import select

from lti_tool.gradebook.models import Delivery
from tests.support.logs import CUSTOM, DECLARATIONS, logs_of
from tests.support.visiting import Visitor, World

CRITERIA = ("visits", "reflection", "practice", "ethics")


def text_of(answer) -> str:
    return answer.get_data(as_text=True)


def choose_rules(tutor: Visitor, key: str) -> None:
    page = text_of(tutor.get("dates"))
    version = page.split('name="version" value="')[1].split('"')[0]
    answer = tutor.post(
        "dates", {"rules_key": key, "version": version, "due_at": "", "board_on": ""}
    )
    assert answer.status_code == 303, text_of(answer)


@pytest.mark.parametrize(
    ("rules", "given", "shown", "score"),
    [
        ("complete", {"judgement": "yes"}, "Your result: complete", "100"),
        ("pass-or-fail", {"judgement": "not_yet"}, "Your result: not passed", "0"),
        ("standard", {f"mark_{one}": "64" for one in CRITERIA}, "Your mark: 64 out of 100", "64"),
    ],
)
def test_the_way_of_a_log(
    world: World, rules: str, given: dict[str, str], shown: str, score: str
) -> None:
    author = world.let_in("5", "participant", **CUSTOM)
    tutor = world.let_in("3", "tutor", **CUSTOM)
    if rules != "complete":
        choose_rules(tutor, rules)
    with world.database.write() as session:
        logs = logs_of(world, session)
        logs.visit(logs.person("5"), "planned")
    author.get("placement/hand-in")
    assert author.post("placement/hand-in", {"declaration": DECLARATIONS}).status_code == 303
    found = re.search(r"/v/\w+/(marking/\d+/[A-Z0-9]+)", text_of(tutor.get("marking/")))
    assert found is not None
    desk = text_of(tutor.get(found[1]))
    assert "Not all that is asked for is here" in desk, "the tutor is told"
    assert desk.count('id="visit-1"') == 1
    saved = tutor.post(found[1], {**given, "number": "0", "feedback": "Thank you."})
    assert saved.status_code == 303, text_of(saved)
    assert tutor.post(f"{found[1]}/release", {"number": "1"}).status_code == 303
    assert shown in text_of(author.get("placement/"))
    with world.database.read() as session:
        (sent,) = session.scalars(select(Delivery))
        assert f"{sent.score_given:.0f}" == score
    assert "Released" in text_of(tutor.get("placement/cohort"))
