"""Evidence offered, queried, answered and signed off, as participant, tutor and leader see it."""

import io
import re
import zipfile
from typing import Any

import pytest
from sqlalchemy import select

from lti_tool.audit.models import AuditEntry
from lti_tool.programme.outcomes.models import EvidencePiece, OutcomeState
from tests.support.outcomes import entry_of
from tests.support.programmes import Course, lead, make_course
from tests.support.visiting import Visitor, World

MINE = "programme/outcomes/"
NEW = f"{MINE}evidence/new"


class Set:
    """A cohort with two participants, as a test works with it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.ada, self.bea = world.let_in("1", "participant"), world.let_in("2", "participant")
        self.leader = lead(world)
        self.course: Course = make_course(self.leader)
        self.cohort = int(self.course.cohort)
        self.tutor = world.let_in("3", "tutor")
        page = self.ada.get(MINE).get_data(as_text=True)
        self.items = re.findall(r'id="outcome-([^"]+)"', page)

    def url(self, sub: str, item: str = "") -> str:
        """A person's page, or that of one of their outcomes."""
        base = f"{MINE}cohort/{self.cohort}/people/{entry_of(self.world, self.cohort, sub)}"
        return f"{base}/outcomes/{item}" if item else base

    def note(self, *items: str, who: Visitor | None = None, **more: Any) -> Any:
        """Offer a note of one's own for some outcomes."""
        form = {
            "source": "note",
            "title": "Staff meeting",
            "note": "I led it.",
            "outcomes": list(items),
        }
        return self.page(who or self.ada, NEW, {**form, **more})

    def page(self, who: Visitor, path: str, form: dict[str, Any]) -> Any:
        """Look at a page and send its form."""
        page = who.get(path).get_data(as_text=True)
        built = re.search(r'name="built_on" value="(\d+)"', page)
        return who.post(path, {**({"built_on": built[1]} if built else {}), **form})


@pytest.fixture
def made(world: World) -> Set:
    return Set(world)


def text(answer: Any) -> str:
    """An answer as text."""
    return str(answer.get_data(as_text=True))


def test_one_piece_counts_for_many_and_is_queried_answered_and_signed_off(made: Set) -> None:
    first, second = made.items[:2]
    assert made.note(first, second).status_code == 303
    own = text(made.ada.get(MINE))
    assert own.count(">Staff meeting</a>") == 2 and "Placeholder, not the official text" in own
    there = made.url("1", first)
    asked = made.page(made.tutor, there, {"decision": "queried", "reason": ""})
    assert asked.status_code == 422 and "Write what you want to know" in text(asked)
    ask = {"decision": "queried", "reason": "What came of it?"}
    assert made.page(made.tutor, there, ask).status_code == 303
    own = text(made.ada.get(MINE))
    assert "What came of it?" in own and own.count(">Queried<") == 2, "its chip and the totals"
    piece = re.search(r"outcomes/evidence/(\d+)", own)
    assert piece
    change = {"title": "Staff meeting", "note": "They plan together.", "outcomes": [first, second]}
    assert made.page(made.ada, f"{MINE}evidence/{piece[1]}", change).status_code == 303
    assert "You have offered or changed evidence since" in text(made.ada.get(MINE))
    sign = made.page(made.tutor, there, {"decision": "met", "reason": "Clear now."})
    assert sign.status_code == 303
    own = text(made.ada.get(MINE))
    assert "Signed off by Person 3" in own and "Clear now." in own
    locked = made.page(made.ada, f"{MINE}evidence/{piece[1]}", {**change, "note": "Other words"})
    assert locked.status_code == 409 and "so its words and those outcomes stay" in text(locked)
    assert "Other words" in text(locked), "what was typed is still there"
    gone = made.ada.post(f"{MINE}evidence/{piece[1]}/take-back")
    assert gone.status_code == 409 and "open the outcome again first" in text(gone)
    again = made.page(made.tutor, there, {"decision": "reopened", "reason": "Signed too early."})
    assert again.status_code == 303 and "Opened again by Person 3" in text(made.ada.get(MINE))
    history = text(made.tutor.get(there))
    assert history.index("Signed too early.") < history.index("Clear now.")
    with made.world.database.read() as session:
        acts = set(session.scalars(select(AuditEntry.act)))
    assert {"evidence offered", "outcome queried", "outcome signed off"} <= acts


def test_met_needs_evidence_or_a_reason(made: Set) -> None:
    there = made.url("1", made.items[0])
    without = made.page(made.tutor, there, {"decision": "met", "reason": ""})
    assert without.status_code == 422 and "No evidence is offered" in text(without)
    reason = {"decision": "met", "reason": "Shown in the viva."}
    assert made.page(made.tutor, there, reason).status_code == 303
    count = text(made.leader.get(made.course.url))
    assert f"1 of {len(made.items)}" in count, "awards count what is signed off"


def test_two_who_sign_at_once_lose_no_words(made: Set) -> None:
    there, other = made.url("1", made.items[0]), made.world.let_in("4", "tutor")
    token = {"decision": "met", "reason": "Mine was first.", "built_on": "0"}
    made.tutor.get(there)
    other.get(there)
    assert made.tutor.post(there, token).status_code == 303
    second = {"decision": "queried", "reason": "But what of parents?", "built_on": "0"}
    late = other.post(there, second)
    assert late.status_code == 409
    assert "But what of parents?" in text(late) and "Mine was first." in text(late)
    with made.world.database.read() as session:
        assert len(session.scalars(select(OutcomeState.id)).all()) == 1


def test_two_tabs_of_a_participant_lose_no_words(made: Set) -> None:
    made.note(made.items[0])
    with made.world.database.read() as session:
        number = session.scalars(select(EvidencePiece.id)).one()
    path = f"{MINE}evidence/{number}"
    form = {"title": "Staff meeting", "outcomes": [made.items[0]], "revision": "1"}
    made.ada.get(path)
    assert made.ada.post(path, {**form, "note": "From one tab."}).status_code == 303
    late = made.ada.post(path, {**form, "note": "From the other."})
    assert late.status_code == 409
    assert "From the other." in text(late) and "From one tab." in text(late)
    shown = {f"was-{made.items[0]}": "", f"sure-{made.items[0]}": "4"}
    sure = f"{MINE}confidence?moment=before"
    made.ada.get(sure)
    assert made.ada.post(sure, shown).status_code == 303
    stale = made.ada.post(sure, {**shown, f"sure-{made.items[0]}": "2"})
    assert stale.status_code == 409 and "in another window" in text(stale)
    other = {f"was-{made.items[1]}": "", f"sure-{made.items[1]}": "2"}
    assert made.ada.post(sure, {**other, f"was-{made.items[0]}": ""}).status_code == 303
    assert "at the start 4, sure" in text(made.ada.get(MINE)), "an answer not shown is not taken"


def test_bad_input_is_said_at_its_field_and_kept(made: Set) -> None:
    for form, said in (
        ({"title": ""}, "Give your note a title."),
        ({"note": ""}, "Write your note"),
        ({"outcomes": []}, "Choose at least one outcome."),
        ({"outcomes": ["no-such"]}, "Choose from the answers"),
        ({"source": "another"}, "Choose one of the answers"),
        ({"note": "We helped Jack Carter with reading."}, "seems to name somebody"),
    ):
        answer = made.note(made.items[0], **form)
        assert answer.status_code == 422 and said in text(answer), form
        assert "Staff meeting" in text(answer) or form.get("title") == ""
    with made.world.database.read() as session:
        assert session.scalars(select(EvidencePiece.id)).all() == []
    page = text(made.note(made.items[0], note="We helped Jack Carter with reading."))
    act = re.search(r'name="act" value="(leave-out[^"]+)"', page)
    assert act
    left = made.note(made.items[0], note="We helped Jack Carter with reading.", act=act[1])
    assert left.status_code == 303
    with made.world.database.read() as session:
        assert "Jack" not in session.scalars(select(EvidencePiece.note)).one()
    named = {"decision": "queried", "reason": "What of Jack Carter?"}
    answer = made.page(made.tutor, made.url("1", made.items[0]), named)
    assert answer.status_code == 422 and "seems to name somebody" in text(answer)
    assert made.tutor.get(made.url("1", "no-such")).status_code == 404


def test_who_sees_whom(made: Set) -> None:
    made.note(made.items[0])
    with made.world.database.read() as session:
        number = session.scalars(select(EvidencePiece.id)).one()
    assert made.bea.get(f"{MINE}evidence/{number}").status_code == 404
    assert made.bea.get(f"{MINE}cohort/{made.cohort}").status_code == 403
    assert made.tutor.get(MINE).status_code == 403
    elsewhere = {"context_id": "77", "context_title": "Other", "resource_link_id": "77"}
    stranger = made.world.let_in("5", "tutor", **elsewhere)
    assert stranger.get(f"{MINE}cohort/{made.cohort}").status_code == 404
    assert stranger.get(made.url("1", made.items[0])).status_code == 404
    away = made.world.let_in("9", "tutor", **elsewhere)
    assert away.get(made.url("1", made.items[0])).status_code == 200, "a leader of the programme"
    assert "not joined to a cohort" in text(stranger.get(f"{MINE}cohort"))
    alone = made.world.let_in("6", "participant", **elsewhere)
    assert "No outcomes here yet" in text(alone.get(MINE))
    assert "programme/outcomes/" in text(made.ada.get(MINE))
    assert ">Outcomes<" not in text(alone.get("messages/"))


def test_the_matrix_is_filtered_and_gaps_are_named(made: Set) -> None:
    first = made.items[0]
    made.note(first)
    base = f"{MINE}cohort/{made.cohort}"
    whole = text(made.tutor.get(base))
    assert "2 of 2 people" in whole and "state-offered" in whole and "state-not_started" in whole
    some = text(made.tutor.get(f"{base}?outcome={first}&state=offered"))
    assert "1 of 2 people" in some and some.count("data-label") == 2
    assert "Nobody fits" in text(made.tutor.get(f"{base}?state=met"))
    entry = entry_of(made.world, made.cohort, "2")
    assert "1 of 2 people" in text(made.tutor.get(f"{base}?person={entry}&page=x&outcome=zz"))
    gaps = text(made.tutor.get(f"{base}/coverage"))
    listed = gaps.split("gaps-head")[-1].split("</ul>")[0]
    assert listed.count("<li>") == len(made.items) - 1
    assert "Fewer than five people have answered" in gaps, "how sure one person feels is not told"


def test_a_tutor_reads_a_portfolio_whole_and_as_paper(made: Set) -> None:
    made.note(made.items[0])
    page = text(made.tutor.get(made.url("1")))
    assert "Person 1" in page and "Staff meeting" in page
    assert all(made.url("1", item) in page for item in made.items), "a way to decide on each"
    paper = text(made.tutor.get(f"{made.url('1')}/portfolio"))
    assert "Staff meeting" in paper and "Placeholder, not the official text" in paper


def test_the_portfolio_is_taken_away_with_its_label(made: Set) -> None:
    made.note(made.items[0], note="They plan <b>together</b>.")
    page = text(made.ada.get(f"{MINE}portfolio"))
    assert "Placeholder, not the official text" in page and "&lt;b&gt;together" in page
    for who, path in ((made.ada, f"{MINE}portfolio.docx"), (made.tutor, "")):
        answer = who.get(path or f"{made.url('1')}/portfolio.docx")
        assert answer.status_code == 200
        inside = zipfile.ZipFile(io.BytesIO(answer.data)).read("word/document.xml").decode()
        assert "Placeholder" in inside and "Staff meeting" in inside and "Person 1" in inside


def test_who_left_keeps_a_portfolio_that_nothing_changes(made: Set) -> None:
    made.note(made.items[0])
    form = {"status": "withdrawn", "since_on": "2026-09-08", "reason": "Left."}
    page = f"{made.course.url}/people/{entry_of(made.world, made.cohort, '1')}"
    seen = re.search(r'name="built_on" value="(\d+)"', text(made.leader.get(page)))
    status = made.leader.post(f"{page}/status", {**form, "built_on": seen[1] if seen else ""})
    assert status.status_code == 303, text(status)
    assert made.note(made.items[1]).status_code == 409
    there = made.url("1", made.items[0])
    assert made.tutor.post(there, {"decision": "met", "built_on": "0"}).status_code == 409
    assert "Staff meeting" in text(made.ada.get(f"{MINE}portfolio"))
