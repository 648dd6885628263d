"""Allocation: sharing out, by hand, a tutor who leaves, and a marker kept to their own."""

import re
from typing import Any

from sqlalchemy import select, update

from lti_tool.audit.models import AuditEntry
from lti_tool.coursework.models import Assignment
from lti_tool.marking.models import Allocation, Judgement
from lti_tool.people import grants
from tests.conformance.cases import case
from tests.integration.pages import work
from tests.integration.pages.test_desk import author, codes
from tests.support.statements import listen, stop_listening
from tests.support.visiting import Visitor, World


def _text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def _memberships(page: str) -> dict[str, str]:
    """The membership that forms name each tutor by."""
    found = re.findall(r'name="share-markers"[^>]*value="(\d+)"[^>]*>\s*<label[^>]*>([^<]+)<', page)
    return {name: number for number, name in found}


def _leader(world: World, sub: str = "4") -> Visitor:
    with world.database.write() as session:
        person = grants.keep_somebody(session, world.registration_id, sub)
        scope = grants.find_scope(session, world.registration_id, None)
        grants.give(session, person, grants.LEADER, scope, actor="operator")
    return world.let_in(sub, "tutor")


def _open_turns(world: World) -> dict[int, int]:
    with world.database.read() as session:
        rows = session.execute(
            select(Allocation.person_id, Allocation.marker_id).where(Allocation.ended_at.is_(None))
        )
        return {person: marker for person, marker in rows}


def _share(visitor: Visitor, tutors: list[str], act: str = "rest") -> Any:
    known = _memberships(_text(visitor.get("allocation/")))
    chosen = {"share-markers": [known[name] for name in tutors], "act": act}
    return visitor.post("allocation/share-out", chosen)


def test_work_is_shared_out_and_a_tutor_who_leaves_is_replaced_in_one_step(world: World) -> None:
    for sub in ("11", "12", "13", "14"):
        author(world, sub)
    helen, marc = world.let_in("3", "tutor"), world.let_in("4", "tutor")
    third = world.let_in("6", "tutor")
    assert _share(helen, ["Person 3", "Person 4"]).status_code == 303
    turns = _open_turns(world)
    counts = sorted(list(turns.values()).count(marker) for marker in set(turns.values()))
    assert counts == [2, 2]
    page = _text(helen.get("marking/"))
    assert "Mine (2)" in page and "Everyone’s (4)" in page and len(codes(page)) == 2
    assert re.search(r"2 pieces to mark, \d+ working days: 1 a day finishes on time", page)
    assert len(codes(_text(helen.get("marking/?whose=everyone")))) == 4

    own = codes(page)[0]
    helen.get(f"marking/1/{own}")
    given = {**work.marks(*["60"] * 6), "number": "0"}
    assert helen.post(f"marking/1/{own}", given).status_code == 303
    known = _memberships(_text(marc.get("allocation/")))
    same = {"over-leaves": known["Person 3"], "over-takes": known["Person 3"]}
    refused = marc.post("allocation/hand-over", same)
    assert refused.status_code == 422 and "Choose another tutor" in _text(refused)
    over = {"over-leaves": known["Person 3"], "over-takes": known["Person 6"]}
    assert marc.post("allocation/hand-over", over).status_code == 303
    assert "Mine (1)" in _text(helen.get("marking/")), "what she marked stays hers"
    assert "Mine (1)" in _text(third.get("marking/"))
    with world.database.read() as session:
        ended = session.scalars(select(Allocation).where(Allocation.ended_at.is_not(None))).all()
        acts = list(session.scalars(select(AuditEntry.act)))
    assert len(ended) == 1, "ended, never deleted"
    assert acts.count("work handed over") == 1 and acts.count("markers allocated") == 1


def test_by_hand_and_nobody_ticked(world: World) -> None:
    author(world, "11"), author(world, "12")
    tutor = world.let_in("3", "tutor")
    world.let_in("4", "tutor")
    nobody = tutor.post("allocation/share-out", {"act": "rest"})
    assert nobody.status_code == 422 and "Tick at least one tutor" in _text(nobody)
    page = _text(tutor.get("allocation/"))
    known = _memberships(page)
    rows = re.findall(r'name="marker_(\d+)"', page)
    assert len(rows) == 2
    by_hand = {f"marker_{rows[0]}": known["Person 4"], f"was_{rows[0]}": ""}
    assert tutor.post("allocation/by-hand", by_hand).status_code == 303
    assert len(_open_turns(world)) == 1
    # a page from before, whose other rows were not touched, changes nothing of theirs
    stale = {
        f"marker_{rows[1]}": "",
        f"was_{rows[1]}": "",
        f"marker_{rows[0]}": "",
        f"was_{rows[0]}": "",
    }
    assert "done=nothing-moved" in tutor.post("allocation/by-hand", stale).location
    odd = tutor.post("allocation/by-hand", {f"marker_{rows[0]}": "999", f"was_{rows[0]}": ""})
    assert odd.status_code == 400 and len(_open_turns(world)) == 1
    taken = {f"marker_{rows[0]}": "", f"was_{rows[0]}": known["Person 4"]}
    assert tutor.post("allocation/by-hand", taken).status_code == 303
    assert _open_turns(world) == {}


def test_where_a_leader_is_named_only_they_share_out_and_markers_read_it(world: World) -> None:
    for sub in ("11", "12"):
        author(world, sub)
    leader, tutor = _leader(world), world.let_in("3", "tutor")
    assert _share(leader, ["Person 3"]).status_code == 303
    turns = _open_turns(world)
    read = tutor.get("allocation/")
    page = _text(read)
    assert read.status_code == 200 and "ask Person 4 for a change" in page
    assert page.count('data-label="Marker">Person 3<') == 2 and "Person 11" in page
    assert "<select" not in page and "share-out" not in page and "hand-over" not in page
    for act in ("share-out", "hand-over", "by-hand"):
        refused = tutor.post(f"allocation/{act}", {"act": "rest"})
        assert refused.status_code == 403 and "programme leader shares" in _text(refused)
    assert _open_turns(world) == turns
    with world.database.write() as session:
        session.execute(update(Assignment).values(is_anonymous=True))
    page = _text(tutor.get("allocation/"))
    assert "marked without names" in page and "Person 11" not in page
    assert "Person 11" in _text(leader.get("allocation/")), "who shares out cannot but know"


@case(209, "tutor outside his marking allocation")
def test_a_named_marker_is_kept_to_their_own(world: World) -> None:
    for sub in ("11", "12"):
        author(world, sub)
    leader, helen, marc = (
        _leader(world, "9"),
        world.let_in("3", "tutor"),
        world.let_in("6", "tutor"),
    )
    assert len(codes(_text(helen.get("marking/")))) == 2, "nobody is allocated yet"
    page = _text(leader.get("markers/"))
    assert leader.post("markers/required", {"required": "1"}).status_code == 303
    for name in ("Person 3", "Person 6"):
        number = re.findall(
            r'name="membership" value="(\d+)"[^>]*>\s*<button[^>]*>[^<]*<span[^>]*>: ' + name, page
        )[0]
        leader.post("markers/name", {"membership": number, "act": "name"})
    assert len(codes(_text(helen.get("marking/?whose=everyone")))) == 2, "still nobody allocated"
    assert _share(leader, ["Person 3", "Person 6"]).status_code == 303
    (own,), (foreign,) = (codes(_text(one.get("marking/?whose=everyone"))) for one in (helen, marc))
    assert own != foreign
    assert helen.get(f"marking/1/{own}").status_code == 200
    refused = helen.get(f"marking/1/{foreign}")
    assert refused.status_code == 403 and "given to another marker" in _text(refused)
    given = {**work.marks(*["60"] * 6), "number": "0"}
    assert helen.post(f"marking/1/{foreign}", given).status_code == 403
    assert helen.post(f"marking/1/{foreign}/release", {"number": "1"}).status_code == 403
    assert helen.get(f"decisions/1/{own}/").status_code == 200
    assert helen.get(f"decisions/1/{foreign}/").status_code == 403
    assert own in _text(helen.get("releases/1")) and foreign not in _text(helen.get("releases/1"))
    ticked = helen.post("releases/1", {"piece": [f"{foreign}-1"]})
    assert ticked.status_code == 403 and "given to other markers" in _text(ticked)
    assert "Set the time" not in _text(helen.get("releases/1"))
    for act in ("later", "cancel"):  # a set time would let everybody's go
        refused = helen.post(f"releases/1/{act}", {"at": "2030-01-01T09:00", "scheduled": "1"})
        assert refused.status_code == 403 and "other markers" in _text(refused), act
    assert "Set the time" in _text(leader.get("releases/1"))
    assert leader.get(f"marking/1/{foreign}").status_code == 200, "leaders see everything"
    with world.database.read() as session:
        assert session.scalar(select(Judgement.id)) is None


def test_the_allocation_page_costs_the_same_however_many_there_are(world: World) -> None:
    def queries() -> int:
        seen: list[str] = []

        def note(_c: Any, _cur: Any, statement: str, *_rest: Any) -> None:
            seen.append(statement)

        tutor = world.let_in("3", "tutor")
        listen(world.database, note)
        try:
            assert tutor.get("allocation/").status_code == 200
        finally:
            stop_listening(world.database, note)
        return len([one for one in seen if one.startswith("SELECT")])

    world.let_in("11", "participant")
    assert _share(world.let_in("3", "tutor"), ["Person 3"]).status_code == 303
    few = queries()
    for sub in range(20, 30):
        world.let_in(str(sub), "participant")
    assert _share(world.let_in("3", "tutor"), ["Person 3"]).status_code == 303
    assert queries() == few <= 15
