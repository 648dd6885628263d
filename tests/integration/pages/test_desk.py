"""The desk: filters, what comes next, bands, kept comments, marks set apart, no names."""

import re
from typing import Any

import pytest
from sqlalchemy import select, update

from lti_tool.audit.models import AuditEntry
from lti_tool.core import clock
from lti_tool.coursework.models import Assignment, Candidate
from lti_tool.gradebook.models import Delivery
from lti_tool.marking.models import Allocation, BankedComment, Judgement
from lti_tool.marking.rubrics import version_in_force
from lti_tool.people.models import Person
from tests.integration.pages import work
from tests.support.visiting import Visitor, World


def _text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def author(world: World, sub: str, **changes: Any) -> Visitor:
    """A participant whose work is handed in."""
    visitor = world.let_in(sub, "participant", **changes)
    work.bring_in(visitor)
    work.hand_in(visitor)
    return visitor


def set_up(world: World, **values: Any) -> None:
    """Change the assignment beneath the pages, as its set-up would."""
    with world.database.write() as session:
        if "rubric_key" in values:
            key = values["rubric_key"]
            values["rubric_version"] = version_in_force(session, world.settings.config_dir, key)
        session.execute(update(Assignment).values(**values))


def codes(page: str) -> list[str]:
    """The candidate codes that a queue page links to, in its order."""
    return re.findall(r'scope="row"><a href="/v/\w+/marking/\d+/([A-Z0-9]+)', page)


def test_filters_count_and_lead_from_one_piece_to_the_next(world: World) -> None:
    for sub in ("5", "6", "7"):
        author(world, sub)
    tutor = world.let_in("3", "tutor")
    page = _text(tutor.get("marking/"))
    assert "To mark (3)" in page and "All (3)" in page and "To release (0)" in page
    first, second, third = codes(page)
    desk = f"marking/1/{second}?show=to-mark&whose=everyone"
    page = _text(tutor.get(desk))
    assert f"{first}?show=to-mark" in page and 'accesskey="p"' in page
    assert f"{third}?show=to-mark" in page and 'accesskey="n"' in page
    done = {**work.marks(*["60"] * 6), "number": "0", "act": "next"}
    answer = tutor.post(desk, done)
    assert answer.status_code == 303 and f"/{third}?show=to-mark" in answer.location
    assert codes(_text(tutor.get("marking/?show=to-mark"))) == [first, third]
    assert codes(_text(tutor.get("marking/?show=to-release"))) == [second]
    answer = tutor.post(f"marking/1/{third}?show=to-mark", done)
    assert "/marking/?" in answer.location and "done=queue-done" in answer.location
    assert "Nothing comes after it" in _text(tutor.get("marking/?done=queue-done"))
    for odd in ("?show=nonsense&whose=x&page=-1", "?page=99999999", "?show="):
        assert tutor.get(f"marking/{odd}").status_code == 200
    assert "Nothing here" in _text(tutor.get("marking/?show=problem"))


def test_a_mark_that_needs_a_person_is_under_problem(world: World) -> None:
    author(world, "5")
    tutor = world.let_in("3", "tutor")
    work.mark_and_release(tutor, *["60"] * 6)
    assert "Problem (0)" in _text(tutor.get("marking/"))
    with world.database.write() as session:
        session.execute(update(Delivery).values(state="needs_person", reason="not_enrolled"))
    assert codes(_text(tutor.get("marking/?show=problem")))


def test_bands_are_chosen_and_come_back(world: World) -> None:
    author(world, "5")
    set_up(world, rubric_key="provision-map-audit-bands")
    tutor = world.let_in("3", "tutor")
    desk = work.desk_of(tutor)
    tutor.get(desk)
    assert tutor.post(desk, {**work.marks(*["merit"] * 6), "number": "0"}).status_code == 303
    page = _text(tutor.get(desk))
    assert page.count('checked id="mark_') + page.count("checked") >= 6
    assert "62 out of 100" in page and "(Merit)" in page
    assert tutor.post(f"{desk}/release", {"number": "1"}).status_code == 303
    with world.database.read() as session:
        kept = session.scalar(select(Judgement.marks))
        assert kept["impact"] == {"mark": "62", "comment": "", "band": "merit"}
        assert "Merit (62)" in session.scalar(select(Delivery.comment))


def test_a_mark_set_apart_keeps_both_and_its_reason(world: World) -> None:
    author(world, "5")
    tutor = world.let_in("3", "tutor")
    desk = work.desk_of(tutor)
    tutor.get(desk)
    given = {**work.marks(*["60"] * 6), "number": "0", "overall": "64"}
    refused = tutor.post(desk, given)
    assert refused.status_code == 422 and "Say why the overall mark is not the 60" in _text(refused)
    assert 'value="64"' in _text(refused), "nothing typed is lost"
    given["overall_reason"] = "The whole is better than its parts."
    assert tutor.post(desk, given).status_code == 303
    page = _text(tutor.get(desk))
    assert "<strong>64 out of 100</strong>" in page and "The criteria give 60." in page
    with world.database.read() as session:
        row = session.execute(select(Judgement.overall, Judgement.weighted)).one()
        assert (str(row.overall), str(row.weighted)) == ("64", "60")
        assert session.scalar(select(AuditEntry.reason).where(AuditEntry.act == "mark saved"))


def test_comments_are_kept_and_put_in_without_losing_anything(world: World) -> None:
    author(world, "5")
    tutor, other = world.let_in("3", "tutor"), world.let_in("4", "tutor")
    desk = work.desk_of(tutor)
    tutor.get(desk)
    typed = {
        "number": "0",
        "mark_impact": "sixty",
        "comment_impact": "Name a measure.",
        "feedback": "F",
    }
    page = _text(tutor.post(desk, {**typed, "act": "bank:impact:shared"}))
    assert "kept for use again" in page and 'value="sixty"' in page and "F</textarea>" in page
    assert "already" in _text(tutor.post(desk, {**typed, "act": "bank:impact:own"}))
    empty = tutor.post(desk, {"number": "0", "act": "bank:literature:own"})
    assert empty.status_code == 422 and "Write the comment first" in _text(empty)
    long = {**typed, "comment_impact": "x" * 3001, "act": "bank:impact:own"}
    answer = tutor.post(desk, long)
    page = _text(answer)
    assert answer.status_code == 422 and "longer than 3,000 characters. Shorten it" in page
    assert long["comment_impact"] in page and 'value="sixty"' in page and "F</textarea>" in page
    for act in ("bank:nonsense:own", "bank:", "insert:", "insert:999", "insert:x"):
        assert tutor.post(desk, {**typed, "act": act}).status_code in (409, 422), act
    tutor.get(desk)
    tutor.post(desk, {**typed, "comment_impact": "Mine alone.", "act": "bank:impact:own"})
    other.get(desk)
    page = _text(other.get(desk))
    assert "Name a measure." in page and "Mine alone." not in page
    number = re.search(r'value="insert:(\d+)"', page)[1]  # type: ignore[index]
    page = _text(
        other.post(desk, {"number": "0", "comment_impact": "First.", "act": f"insert:{number}"})
    )
    assert "First.\nName a measure.</textarea>" in page
    with world.database.read() as session:
        assert session.scalar(select(Judgement.id)) is None, "putting in saves no marks"
        own = session.scalar(select(BankedComment.id).where(BankedComment.text == "Mine alone."))
    foreign = other.post(desk, {"number": "0", "act": f"insert:{own}"})
    assert foreign.status_code == 409 and "Mine alone." not in _text(foreign)


@pytest.mark.parametrize(("rules", "word"), [("pass-or-fail", "Pass"), ("complete", "Complete")])
def test_without_a_number_none_is_shown_anywhere(world: World, rules: str, word: str) -> None:
    author(world, "5")
    set_up(world, rules_key=rules, rules_version=0)
    tutor = world.let_in("3", "tutor")
    desk = work.desk_of(tutor)
    page = _text(tutor.get(desk))
    assert 'name="mark_' not in page and 'name="overall"' not in page and word in page
    assert tutor.post(desk, {"number": "0", "judgement": "no such"}).status_code == 422
    assert tutor.post(desk, {"number": "0", "judgement": "yes", "feedback": "F"}).status_code == 303
    page = _text(tutor.get(desk))
    assert f"<strong>{word}</strong>" in page and "out of 100" not in page.split("marks-heading")[2]
    queue = _text(tutor.get("marking/"))
    assert f'data-label="Mark">{word}<' in queue
    with world.database.read() as session:
        assert str(session.scalar(select(Judgement.overall))) == "100"


def test_names_stay_hidden_until_release(world: World) -> None:
    author(world, "5", name="Amara Okafor")
    author(world, "6", name="Ben Whitlock")
    set_up(world, is_anonymous=True)
    tutor = world.let_in("3", "tutor")
    page = _text(tutor.get("marking/"))
    assert "Amara" not in page and "Ben" not in page
    assert codes(page) == sorted(codes(page)), "the order says nothing of who came first"
    desk = work.desk_of(tutor)
    tutor.get(desk)
    code = desk.rpartition("/")[2].partition("?")[0]
    shown = _text(tutor.get(desk))
    assert "Amara" not in shown and "Ben" not in shown and f"<title>{code}:" in shown
    assert "receipt" not in shown.partition("The work</h2>")[0] and "without names" in shown
    people = _text(tutor.get("people/"))
    assert "Amara" in people and "See the work" not in people and code not in people
    given = {**work.marks(*["60"] * 6), "number": "0"}
    assert tutor.post(desk, given).status_code == 303
    assert "Amara" not in _text(tutor.get("marking/"))
    tutor.get(desk)
    assert tutor.post(f"marking/1/{code}/release", {"number": "1"}).status_code == 303
    page = _text(tutor.get("marking/"))
    assert ("Amara" in page) != ("Ben" in page), "only the released one"
    with world.database.read() as session:
        assert session.scalar(select(Candidate.code).where(Candidate.code == code))


def test_the_rubric_is_chosen_until_work_is_handed_in(world: World) -> None:
    tutor = world.let_in("3", "tutor")
    assert "Choose the rubric" in _text(tutor.get("marking/"))
    page = _text(tutor.get("rubric/"))
    assert "by bands" in page
    wanted = {"key": "provision-map-audit-bands", "version": "1"}
    assert tutor.post("rubric/", {"key": "../../etc/passwd", "version": "1"}).status_code == 422
    assert tutor.post("rubric/", wanted).status_code == 303
    assert tutor.post("rubric/", wanted).status_code == 409, "from a page that is no longer true"
    author(world, "5")
    late = tutor.post("rubric/", {**wanted, "version": "2"})
    assert late.status_code == 409 and "handed in already" in _text(late)
    assert "Band for" in _text(tutor.get(work.desk_of(tutor)))


@pytest.mark.parametrize(
    ("rubric", "rules", "first", "second", "said"),
    [
        ("provision-map-audit-bands", "standard", work.marks(*["merit"] * 6),
         work.marks(*["distinction"] * 6), "Saved elsewhere: Merit, 62."),
        ("provision-map-audit", "pass-or-fail", {"judgement": "yes"},
         {"judgement": "not_yet"}, "Saved elsewhere: Pass"),
    ],
)  # fmt: skip
def test_both_views_are_shown_whatever_the_scale(
    world: World, rubric: str, rules: str, first: dict[str, str], second: dict[str, str], said: str
) -> None:
    author(world, "5")
    set_up(world, rubric_key=rubric, rules_key=rules, rules_version=0)
    one, other = world.let_in("3", "tutor"), world.let_in("4", "tutor")
    desk = work.desk_of(one)
    one.get(desk), other.get(desk)
    assert one.post(desk, {**first, "number": "0"}).status_code == 303
    answer = other.post(desk, {**second, "number": "0"})
    assert answer.status_code == 409 and said in _text(answer)
    assert other.post(desk, {**second, "number": "1"}).status_code == 303


def test_a_second_marker_does_not_meet_the_first_marks_here(world: World) -> None:
    author(world, "5")
    set_up(world, rules_key="half-marks-double", rules_version=0)
    first, second = world.let_in("3", "tutor"), world.let_in("4", "tutor")
    desk = work.desk_of(first)
    first.get(desk)
    given = {**work.marks(*["61.5"] * 6), "number": "0", "feedback": "Told by the first."}
    assert first.post(desk, given).status_code == 303
    assert 'data-label="Mark">61.5<' in _text(first.get("marking/"))
    assert 'data-label="Mark">–<' in _text(second.get("marking/"))
    with world.database.write() as session:
        ids = {
            row.sub: row.id
            for row in session.execute(
                select(Person.id, Person.sub).where(Person.sub.in_(("4", "5")))
            )
        }
        turn = {"kind": "second", "marker_id": ids["4"], "allocated_by_id": ids["4"]}
        session.add(
            Allocation(assignment_id=1, person_id=ids["5"], allocated_at=clock.now(), **turn)
        )
    page = _text(second.get(desk))
    assert "are not shown to you" in page and "Told by the first." not in page
    assert "61.5" not in page and 'name="mark_' not in page
    refused = second.post(desk, {**given, "number": "1"})
    assert refused.status_code == 409 and "nothing was saved" in _text(refused)
    assert "Mine (1)" in _text(second.get("marking/"))
    assert second.post("worksheet/1/take-away").status_code == 404


def test_the_queue_begins_with_the_activity_it_was_opened_from(world: World) -> None:
    """And the way from one piece to the next goes in the same order."""
    for link, title in (("1", "Anfang"), ("2", "Zeal")):
        place = {"resource_link_id": link, "resource_link_title": title}
        author = world.let_in("5", "participant", **place)
        work.bring_in(author)
        work.hand_in(author)
        tutor = world.let_in("3", "tutor", **place)
    page = _text(tutor.get("marking/"))
    assert re.findall(r'<h2 id="part-\d+">(\w+)', page) == ["Zeal", "Anfang"]
    (first, second) = re.findall(r"/(marking/\d/[A-Z0-9]{4,})\"", page)
    assert second in _text(tutor.get(first)) and first in _text(tutor.get(second))


def test_a_number_that_no_page_carries_changes_nothing(world: World) -> None:
    author(world, "5")
    tutor = world.let_in("3", "tutor")
    desk = work.desk_of(tutor)
    for number in ("²", "9" * 5000, "-1", ""):
        assert tutor.post(f"{desk}/release", {"number": number}).status_code == 409, number
