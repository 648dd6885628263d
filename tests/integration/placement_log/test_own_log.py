"""The participant’s log: what comes next, handing in a frozen snapshot, and the record."""

import io
from datetime import date, timedelta

import docx
import pytest

from lti_tool.activities.placement_log import log as own_log
from lti_tool.activities.placement_log import states
from lti_tool.core import clock
from lti_tool.coursework.models import HandedInCopy
from lti_tool.coursework.operations import AlreadyHandedIn
from lti_tool.coursework.queries import get_assignment
from tests.support.logs import CUSTOM, DECLARATIONS, Logs, logs_of
from tests.support.visiting import Visitor, World


@pytest.fixture
def amara(world: World) -> Visitor:
    return world.let_in("5", "participant", **CUSTOM, name="Amara Okafor")


def text_of(answer) -> str:
    return answer.get_data(as_text=True)


def fill(world: World, make) -> None:
    with world.database.write() as session:
        logs = logs_of(world, session)
        make(logs, logs.person("5"))


def hand_in(visitor: Visitor, **more):
    visitor.get("placement/hand-in")
    return visitor.post("placement/hand-in", {"declaration": DECLARATIONS, **more})


def complete(world: World) -> None:
    fill(world, lambda logs, person: logs.complete(person))


def test_an_empty_log_says_what_to_do_first(world: World, amara: Visitor) -> None:
    page = text_of(amara.get("placement/"))
    assert "Plan a visit to a partner school." in page
    assert "Meet your mentor and write the meeting down." in page
    assert "0 of 1 day" in page and "<progress" in page
    assert "nothing to hand in yet" in text_of(amara.get("placement/hand-in"))
    answer = amara.post("placement/hand-in", {"declaration": DECLARATIONS, "revision": "0"})
    assert answer.status_code == 422, "the number of an empty log is not 0"


def test_what_comes_next_stands_in_order_and_what_others_do_apart(
    world: World, amara: Visitor
) -> None:
    now = clock.now()

    def make(logs: Logs, person: int) -> None:
        logs.visit(person, states.PLANNED, date(2027, 3, 1))
        logs.visit(person, states.RETURNED, date(2027, 3, 2))
        done = logs.visit(person, states.DONE, date(2026, 10, 5))
        logs.asked(done.id, now + timedelta(days=5))
        logs.visit(person, states.DONE, date(2026, 10, 6))
        late = logs.visit(person, states.DONE, date(2026, 10, 7))
        logs.asked(late.id, now - timedelta(days=1))
        changed = logs.visit(person, states.DONE, date(2026, 10, 8))
        logs.answered(changed.id, broken_at=now)
        logs.held("Online session 1", on=(now + timedelta(days=9)).date())

    fill(world, make)
    page = text_of(amara.get("placement/"))
    yours, others = page.split("What others do")[0], page.split("What others do")[1]
    assert "on Tuesday 2 March 2027 with a comment: read it" in yours
    assert "Ask the host to confirm your visit to Oakfield Primary School on Tuesday 6" in yours
    assert "The host did not confirm your visit to Oakfield Primary School on Wednesday 7" in yours
    assert "You changed your visit to Oakfield Primary School on Thursday 8" in yours
    assert "Come to “Online session 1”" in yours
    assert "Your tutor approves your visit to Oakfield Primary School on Monday 1" in others
    assert "The host confirms your visit to Oakfield Primary School on Monday 5" in others


def test_what_is_missing_is_said_and_forbids_nothing(world: World, amara: Visitor) -> None:
    fill(world, lambda logs, person: logs.meeting(person))
    page = text_of(amara.get("placement/hand-in"))
    assert "Another 1 day at a partner school, confirmed by the host." in page
    assert hand_in(amara).status_code == 303
    receipt = text_of(amara.get("placement/receipt"))
    assert "Not all that is asked for is here" in receipt and "Another 2 meetings" in receipt


def test_every_declaration_is_needed_and_what_was_ticked_stays(
    world: World, amara: Visitor
) -> None:
    complete(world)
    answer = hand_in(amara, declaration=DECLARATIONS[:1])
    assert answer.status_code == 422
    assert 'href="#declaration-no_names"' in text_of(answer) and " checked" in text_of(answer)


def test_a_log_that_changed_since_the_page_was_opened_is_looked_at_again(
    world: World, amara: Visitor
) -> None:
    complete(world)
    amara.get("placement/hand-in")
    fill(world, lambda logs, person: logs.visit(person, states.PLANNED, date(2027, 3, 1)))
    answer = amara.post("placement/hand-in", {"declaration": DECLARATIONS})
    assert answer.status_code == 422 and "changed in another tab" in text_of(answer)


def test_the_copy_is_frozen_names_nobody_and_closes_the_log(world: World, amara: Visitor) -> None:
    complete(world)
    assert hand_in(amara).status_code == 303
    fill(world, lambda logs, person: logs.visit(person, states.PLANNED, date(2027, 3, 1)))
    receipt = text_of(amara.get("placement/receipt"))
    assert "Oakfield Primary School" in receipt and "The host (SENCO) confirmed it" in receipt
    assert "1 March 2027" not in receipt, "what came later is not in it"
    with world.database.read() as session:
        logs = logs_of(world, session)
        kept = str(session.query(HandedInCopy).one().document)
        assert "Ms Host" not in kept and "Amara" not in kept and "I was unsure" in kept
        with pytest.raises(AlreadyHandedIn):
            own_log.require_open(session, logs.assignment_id, logs.person("5"))
    assert hand_in(amara).status_code in (409, 422), "a second time changes nothing"
    amara.get("placement/receipt")
    assert amara.post("placement/take-back").status_code == 303
    with world.database.read() as session:
        own_log.require_open(session, logs_of(world, session).assignment_id, logs.person("5"))
    assert hand_in(amara).status_code == 303
    assert "1 March 2027" in text_of(amara.get("placement/receipt"))


def test_a_log_counts_as_begun_with_its_first_entry(world: World, amara: Visitor) -> None:
    tutor = world.let_in("3", "tutor", **CUSTOM)
    assert "Not begun" in text_of(tutor.get("people/"))
    with world.database.write() as session:
        logs = logs_of(world, session)
        contexts = tuple(range(1, 10))
        assignment = get_assignment(session, logs.assignment_id, contexts)
        with world.app.app_context():
            own_log.keep_begun(session, assignment, logs.person("5"))
            own_log.keep_begun(session, assignment, logs.person("5"))
    assert "In hand" in text_of(tutor.get("people/"))


def test_the_record_is_the_same_on_paper_and_in_word(world: World, amara: Visitor) -> None:
    complete(world)
    page = text_of(amara.get("placement/record"))
    assert "Amara Okafor" in page and "Sealed" in page and "As it was sealed" in page
    word = amara.get("placement/record.docx")
    assert "attachment" in word.headers["Content-Disposition"]
    assert "Amara" not in word.headers["Content-Disposition"]
    whole = docx.Document(io.BytesIO(word.data))
    words = "\n".join(one.text for one in whole.paragraphs)
    assert "Amara Okafor" in words and "Oakfield Primary School" in words
    assert "confirmed it on" in words and "As it was sealed" in words and "Ms Host" not in words


def test_a_tutor_of_another_course_reads_nothing(world: World, amara: Visitor) -> None:
    complete(world)
    tutor = world.let_in("3", "tutor", **CUSTOM)
    place = text_of(tutor.get("placement/cohort")).split("/placement/cohort/")[1].split('"')[0]
    assert "Oakfield Primary School" in text_of(tutor.get(f"placement/cohort/{place}"))
    word = tutor.get(f"placement/cohort/{place}.docx")
    assert word.status_code == 200 and word.data.startswith(b"PK")
    other = world.let_in("9", "tutor", **{**CUSTOM, "context_id": "77"})
    assert other.get(f"placement/cohort/{place}").status_code == 404
    assert amara.get(f"placement/cohort/{place}").status_code == 403
    assert amara.get("placement/cohort").status_code == 403
