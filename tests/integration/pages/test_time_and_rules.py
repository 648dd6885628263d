"""Due dates, later ones, and the rules of an activity, as tutors set them and participants see."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lti_tool.audit.models import AuditEntry
from lti_tool.core import clock
from lti_tool.coursework.models import Assignment, Extension
from tests.integration.pages import work
from tests.support.visiting import Visitor, World


def _text(answer) -> str:
    return answer.get_data(as_text=True)


def _typed(**ago: int) -> str:
    """A moment as a date field sends it; so long ago, or ahead with a minus."""
    return f"{clock.in_london(clock.now() - timedelta(**ago)):%Y-%m-%dT%H:%M}"


@pytest.fixture
def author(world: World) -> Visitor:
    visitor = world.let_in("5", "participant", name="Amara Okafor")
    work.bring_in(visitor)
    return visitor


@pytest.fixture
def tutor(world: World, author: Visitor) -> Visitor:
    return world.let_in("3", "tutor")


def _set(tutor: Visitor, due: str, rules: str = "standard", version: str = "1") -> int:
    tutor.get("dates")
    return tutor.post("dates", {"due_at": due, "rules_key": rules, "version": version}).status_code


def test_a_tutor_chooses_the_rules_until_work_is_handed_in(
    world: World, author: Visitor, tutor: Visitor
) -> None:
    page = _text(tutor.get("dates"))
    assert "Late work loses 5 marks for each working day begun" in page
    assert _set(tutor, "", "late-capped") == 303
    assert "Late work is capped at 50" in _text(tutor.get("dates"))
    work.hand_in(author)
    assert "so they stay as they are" in _text(tutor.get("dates"))
    answer = tutor.post("dates", {"due_at": "", "rules_key": "standard", "version": "2"})
    assert answer.status_code == 409 and "handed in under these rules" in _text(answer)
    with world.database.read() as session:
        kept = session.execute(select(Assignment.rules_key, Assignment.rules_version)).one()
    assert kept == ("late-capped", 1)


def test_rules_that_are_not_there_get_a_sentence(tutor: Visitor) -> None:
    tutor.get("dates")
    answer = tutor.post("dates", {"rules_key": "made-up", "version": "1"})
    assert answer.status_code == 422 and "Choose one of the answers" in _text(answer)


def test_late_work_is_marked_late_with_its_days_on_both_sides(
    author: Visitor, tutor: Visitor
) -> None:
    assert _set(tutor, _typed(minutes=30)) == 303
    before = _text(author.get("audit/hand-in"))
    assert "counts as late by 1 working day" in before and "Nothing is accepted after" in before
    work.hand_in(author)
    assert "Late by 1 day" in _text(author.get("audit/"))
    assert "late by 1 day" in _text(author.get("audit/receipt"))
    work_page = work.desk_of(tutor)
    assert "late by 1 day" in _text(tutor.get(work_page.replace("marking/", "decisions/") + "/"))


def test_nothing_is_accepted_after_the_last_day(author: Visitor, tutor: Visitor) -> None:
    assert _set(tutor, _typed(days=40)) == 303
    page = _text(author.get("audit/hand-in"))
    assert "can no longer be handed in" in page and ">Hand in</button>" not in page
    answer = author.post("audit/hand-in", {"declaration": work.DECLARATIONS})
    assert answer.status_code == 409 and "Ask your tutor" in _text(answer)
    assert "Handed in" not in _text(author.get("audit/"))


def _later(tutor: Visitor, who: str, kind: str, due: str, reason: str = "Hospital."):
    tutor.get("dates/later/")
    return tutor.post("dates/later/", {"who": who, "kind": kind, "due_at": due, "reason": reason})


def _membership(page: str, name: str) -> str:
    return page.split(f">{name}</option>")[0].rsplit('value="', 1)[1].split('"')[0]


def test_a_later_date_for_one_person_is_theirs_alone(
    world: World, author: Visitor, tutor: Visitor
) -> None:
    other = world.let_in("6", "participant", name="Ben Ashworth")
    _set(tutor, _typed(minutes=30))
    number = _membership(_text(tutor.get("dates/later/")), "Amara Okafor")
    assert _later(tutor, number, "extension", _typed(days=-3)).status_code == 303
    assert "Past its due date" not in _text(author.get("audit/"))
    assert "Past its due date" in _text(other.get("audit/"))
    page = _text(tutor.get("dates/later/"))
    assert "Amara Okafor</strong>" in page and "Hospital." in page
    with world.database.read() as session:
        kept = session.execute(select(Extension.id, Extension.kind)).one()
        assert "extension granted" in list(session.scalars(select(AuditEntry.act)))
    assert kept.kind == "extension" and "Hospital" not in _text(author.get("audit/"))
    assert tutor.post("dates/later/withdraw", {"extension": str(kept.id)}).status_code == 303
    assert "Past its due date" in _text(author.get("audit/"))
    assert tutor.post("dates/later/withdraw", {"extension": str(kept.id)}).status_code == 404
    assert tutor.post("dates/later/withdraw", {"extension": "x"}).status_code == 404


def test_an_outage_lifts_the_lateness_of_work_that_is_in_already(
    author: Visitor, tutor: Visitor
) -> None:
    _set(tutor, _typed(minutes=30))
    work.hand_in(author)
    assert "Late</span>" in _text(tutor.get("marking/"))
    assert _later(tutor, "everyone", "outage", _typed(days=-1)).status_code == 303
    assert "Late</span>" not in _text(tutor.get("marking/"))
    assert "Late by" not in _text(author.get("audit/"))


def test_a_later_date_that_is_none_gets_a_sentence(author: Visitor, tutor: Visitor) -> None:
    answer = _later(tutor, "everyone", "extension", _typed(days=-3))
    assert answer.status_code == 409 and "No due date is set" in _text(answer)
    _set(tutor, _typed(days=-5))
    answer = _later(tutor, "everyone", "extension", _typed(days=-3), "Kept as typed.")
    assert answer.status_code == 409 and "no later than the due date" in _text(answer)
    assert "Kept as typed." in _text(answer)
    number = _membership(_text(tutor.get("dates/later/")), "Amara Okafor")
    wrong = _later(tutor, number, "outage", _typed(days=-9))
    assert wrong.status_code == 422 and "is for everyone" in _text(wrong)
    wrong = _later(tutor, "everyone", "deferral", _typed(days=-9))
    assert wrong.status_code == 422 and "is for one person" in _text(wrong)
    assert _later(tutor, "999999", "extension", _typed(days=-9)).status_code == 422
    assert author.get("dates/later/").status_code == 403
