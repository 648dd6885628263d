"""Remarks pinned to rows and parts: writing them, who may see them, and when the author does."""

import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text

from lti_tool.audit.models import AuditEntry
from lti_tool.core import clock
from lti_tool.db import Database, migrate
from lti_tool.marking.models import BankedComment, Judgement, Remark
from lti_tool.people.models import Person
from tests.integration.pages import work
from tests.support.cohorts import Cohort, make_cohort
from tests.support.visiting import Visitor, World, make_world

WORDS = "Say who measured this."


def _text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def _shown(page: str) -> list[str]:
    """The remarks that stand in place on a page."""
    return re.findall(r'<strong>Remark</strong> by [^<]+</p>\s*<p class="as-typed">([^<]*)', page)


def _author(world: World, sub: str = "5") -> Visitor:
    visitor = world.let_in(sub, "participant")
    work.bring_in(visitor)
    work.hand_in(visitor)
    return visitor


def _ids(world: World) -> list[int]:
    with world.database.read() as session:
        return list(session.scalars(select(Remark.id).where(Remark.removed_at.is_(None))))


def test_a_remark_is_made_changed_and_removed_and_loses_no_mark(
    tmp_path: Path, database: Database
) -> None:
    world = make_world(tmp_path, database)
    _author(world)
    tutor = world.let_in("3", "tutor")
    desk = work.desk_of(tutor)
    page = _text(tutor.get(desk))
    assert 'id="row-r1"' in page and 'id="part-impact"' in page and 'id="plan"' in page
    typed = {"number": "0", "mark_impact": "61", "comment_impact": "Half a sentence"}
    both = {**typed, "remark-row-r1": WORDS, "remark-plan": "Not sent yet"}
    page = _text(tutor.post(desk, {**both, "act": "remark:row-r1"}))
    assert _shown(page) == [WORDS] and "The remark is saved" in page
    assert "Half a sentence" in page and 'value="61"' in page and "Not sent yet" in page
    again = tutor.post(desk, {**both, "act": "remark:row-r1"})
    assert _shown(_text(again)) == [WORDS], "the same page sent twice"
    (number,) = _ids(world)
    changed = {**typed, f"change-{number}": "Who measured it?", "act": f"change:{number}"}
    assert _shown(_text(tutor.post(desk, changed))) == ["Who measured it?"]
    (newer,) = _ids(world)
    page = _text(tutor.post(desk, {**typed, "act": f"unremark:{newer}"}))
    assert _shown(page) == [] and "Half a sentence" in page
    with world.database.read() as session:
        kept = session.execute(select(Remark.text, Remark.replaces_id).order_by(Remark.id)).all()
        acts = list(session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))[-3:]
        assert session.scalar(select(func.count(Judgement.id))) == 0
    assert [tuple(one) for one in kept] == [(WORDS, None), ("Who measured it?", number)]
    assert acts == ["remark made", "remark changed", "remark removed"]


def test_saving_marks_saves_remarks_typed_beside_them_or_nothing_at_all(world: World) -> None:
    _author(world)
    tutor = world.let_in("3", "tutor")
    desk = work.desk_of(tutor)
    tutor.get(desk)
    given = {**work.marks(*["60"] * 6), "number": "0", "remark-part-fit": WORDS}
    long = tutor.post(desk, {**given, "remark-plan": "x" * 3001})
    assert long.status_code == 422 and "Shorten this by 1 character" in _text(long)
    assert "x" * 3001 in _text(long) and WORDS in _text(long) and _ids(world) == []
    for odd in ("row-r999", "nonsense", ""):
        answer = tutor.post(desk, {"number": "0", f"remark-{odd}": "x", "act": f"remark:{odd}"})
        assert answer.status_code == 422
    empty = tutor.post(desk, {"number": "0", "remark-plan": " ", "act": "remark:plan"})
    assert empty.status_code == 422 and "Write the remark first" in _text(empty)
    assert tutor.post(desk, given).status_code == 303
    assert _shown(_text(tutor.get(desk))) == [WORDS]
    stale = tutor.post(desk, {**given, "remark-plan": "Typed in the older tab"})
    assert stale.status_code == 409 and "Typed in the older tab" in _text(stale)
    assert len(_ids(world)) == 1, "neither the marks nor the remark of a page that was too old"


def test_two_tabs_never_overwrite_a_remark_unseen(world: World) -> None:
    _author(world)
    tutor, other = world.let_in("3", "tutor"), world.let_in("4", "tutor")
    desk = work.desk_of(tutor)
    tutor.get(desk)
    tutor.post(desk, {"number": "0", "remark-row-r1": WORDS, "act": "remark:row-r1"})
    (number,) = _ids(world)
    name = f"change-{number}"
    tutor.post(desk, {"number": "0", name: "First tab", "act": f"change:{number}"})
    late = tutor.post(desk, {"number": "0", name: "Second tab", "act": f"change:{number}"})
    page = _text(late)
    assert late.status_code == 409 and "changed or removed elsewhere" in page
    assert _shown(page) == ["First tab"] and "Second tab</textarea>" in page
    other.get(desk)
    (newer,) = _ids(world)
    for act in (f"unremark:{newer}", f"change:{newer}", "unremark:x", "change:999"):
        name = act.replace(":", "-")
        assert other.post(desk, {"number": "0", name: "Mine", "act": act}).status_code == 409
    assert _ids(world) == [newer], "nobody changes another's remark"


def test_the_author_sees_remarks_once_the_mark_is_released(world: World) -> None:
    author, other = _author(world), _author(world, "6")
    tutor = world.let_in("3", "tutor")
    desk = work.desk_of(tutor)
    tutor.get(desk)
    for place in ("row-r1", "part-impact"):
        said = f"About {place}"
        tutor.post(desk, {"number": "0", f"remark-{place}": said, "act": f"remark:{place}"})
    assert author.post("audit/take-back").status_code == 409, "somebody is marking it"
    assert author.get("feedback/1").status_code == 404
    assert "About row-r1" not in _text(author.get("audit/receipt"))
    work.mark_and_release(tutor, *["60"] * 6)
    assert "Read 2 remarks beside your work" in _text(author.get("audit/"))
    page = _text(author.get("feedback/1"))
    assert _shown(page) == ["About row-r1", "About part-impact"] and "by your marker" in page
    assert page.count("About row-r1") == 2 and 'href="#row-r1"' in page, "in a list too"
    assert "Add a remark" not in page and "Person 3" not in page
    assert (
        other.get("feedback/1").status_code == 404 and author.get("feedback/2").status_code == 404
    )
    assert tutor.get("feedback/1").status_code == 403
    assert "as soon as it is saved" in _text(tutor.get(desk))


@pytest.fixture
def pair(world: World) -> Cohort:
    """Two pieces to be double-marked, nothing given yet but the first marker's 62."""
    return make_cohort(world, ("62", "50"), rules="half-marks-double")


def test_blind_markers_see_only_their_own_until_both_marks_are_in(pair: Cohort) -> None:
    second = pair.world.let_in("4", "tutor")
    home = f"marking/{pair.assignment.id}"
    second.get(f"{home}/double")
    second.post(f"{home}/double", {"marker": str(pair.person("4"))})
    first, desk = f"{home}/{pair.works[0].candidate_code}", "part-fit"
    pair.tutor.get(first)
    made = pair.tutor.post(
        first, {"number": "1", "remark-plan": "First says", "act": "remark:plan"}
    )
    assert _shown(_text(made)) == ["First says"]
    page = second.get(f"{first}/second")
    assert _shown(_text(page)) == [] and "First says" not in _text(second.get(first))
    form = {"number": "0", f"remark-{desk}": "Second says", "act": f"remark:{desk}"}
    assert _shown(_text(second.post(f"{first}/second", form))) == ["Second says"]
    assert _shown(_text(pair.tutor.get(first))) == ["First says"], "nor the first the second's"
    history = _text(second.get(f"history/{pair.assignment.id}/"))
    assert "hidden until you have marked it yourself" in history
    given = {**work.marks(*["60"] * 6), "number": "0"}
    assert second.post(f"{first}/second", given).status_code == 303
    both = ["Second says", "First says"]
    assert _shown(_text(second.get(f"{first}/second"))) == both
    assert _shown(_text(pair.tutor.get(first))) == both


def test_a_blind_moderator_reads_remarks_after_giving_a_mark(world: World) -> None:
    cohort = make_cohort(world)
    for piece in cohort.works:
        at = f"marking/{cohort.assignment.id}/{piece.candidate_code}"
        cohort.tutor.get(at)
        cohort.tutor.post(at, {"number": "1", "remark-plan": WORDS, "act": "remark:plan"})
    moderator = world.let_in("4", "tutor")
    home = f"moderation/{cohort.assignment.id}"
    moderator.get(home)
    moderator.post(f"{home}/start", {"moderator": str(cohort.person("4")), "is_blind": "y"})
    assert WORDS not in _text(moderator.get(f"{home}/1/piece/1"))
    moderator.post(f"{home}/1/piece/1", {"version": "0", "mark": "60"})
    page = _text(moderator.get(f"{home}/1/piece/1"))
    assert _shown(page) == [WORDS] and "Add a remark" not in page


def test_a_kept_comment_is_taken_out_of_use_on_the_page(world: World) -> None:
    _author(world)
    tutor, other = world.let_in("3", "tutor"), world.let_in("4", "tutor")
    desk = work.desk_of(tutor)
    tutor.get(desk)
    typed = {"number": "0", "comment_impact": "Name a measure.", "remark-plan": "Not yet"}
    tutor.post(desk, {**typed, "act": "bank:impact:shared"})
    other.get(desk)
    assert "Stop offering" not in _text(other.get(desk))
    assert other.post(desk, {"number": "0", "act": "unbank:1"}).status_code == 409
    page = _text(tutor.post(desk, {**typed, "act": "unbank:1"}))
    assert "no longer offered" in page and "Not yet" in page and "Name a measure." in page
    with world.database.read() as session:
        assert session.scalars(select(BankedComment.removed_at)).one() is not None
    assert tutor.post(desk, {"number": "0", "act": "unbank:1"}).status_code == 409


def test_the_migration_goes_back_and_forward_with_data(tmp_path: Path, database: Database) -> None:
    world = make_world(tmp_path, database)
    _author(world)
    tutor = world.let_in("3", "tutor")
    desk = work.desk_of(tutor)
    tutor.get(desk)
    tutor.post(desk, {"number": "0", "remark-plan": WORDS, "act": "remark:plan"})
    database.engine.dispose()
    migrate.downgrade(database, "0003")
    with database.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM handed_in_copy")) == 1
    migrate.upgrade(database)
    migrate.require_current(database)
    with database.write() as session:
        person = session.scalars(select(Person.id)).first()
        session.add(
            Remark(
                submission_id=1,
                copy_id=1,
                author_id=person,
                anchor="plan",
                text=WORDS,
                created_at=clock.now(),
            )
        )
    assert WORDS in _text(tutor.get(desk))
