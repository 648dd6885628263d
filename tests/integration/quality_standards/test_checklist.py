"""The checklist on its pages: begun, written, evidenced, seen by those who may."""

import io
import re

import pytest
from sqlalchemy import select

from lti_tool.catalogue import measures
from lti_tool.people.models import Person
from tests.support.checklists import CUSTOM, Checking, make_checklist, measure_of
from tests.support.programmes import lead
from tests.support.visiting import World


@pytest.fixture
def checking(world: World) -> Checking:
    return make_checklist(world)


def _tutor(world: World, sub: str = "4", name: str = "Tom Tutor") -> object:
    return world.let_in(sub, "tutor", custom=CUSTOM, name=name)


def test_participants_read_one_sentence(world: World) -> None:
    page = world.let_in("5", "participant", custom=CUSTOM).get("").get_data(as_text=True)
    assert "for the programme team" in page
    assert world.let_in("5", "participant", custom=CUSTOM).get("standards/").status_code == 403


def test_a_leader_is_led_to_join_the_course_first(world: World) -> None:
    leader = lead(world, custom=CUSTOM)
    page = leader.get("standards/").get_data(as_text=True)
    assert "not part of a programme yet" in page and "/programme/cohorts/" in page
    assert "Placeholder, not the official text" in page
    assert leader.post("standards/begin", {"year": "2026"}).status_code == 404


def test_the_label_stands_on_every_page_while_the_text_is_a_placeholder(
    checking: Checking,
) -> None:
    for path in ("", "standard/Q1.1", "changes", "newer-standards", "reviewers", "print"):
        assert "Placeholder, not the official text" in checking.page(path), path


def test_a_standard_is_kept_and_progress_follows(checking: Checking) -> None:
    before = checking.page()
    assert "0 of 35 standards are in place" in before or "0 of" in before
    assert checking.save("Q1.1", narrative="We sign each September.").status_code == 303
    page = checking.page("standard/Q1.1")
    assert "We sign each September." in page and "checked" in page
    assert "1 of" in checking.page()


def test_bad_input_is_said_at_its_field_and_nothing_is_lost(checking: Checking) -> None:
    answer = checking.save("Q1.2", judgement="na", narrative="Long words.")
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert "Say why, since you judge" in text and "Long words." in text
    assert checking.save("Q1.2", judgement="splendid").status_code == 422
    assert checking.save("Q1.2", due_on="31 June").status_code == 422
    assert checking.save("Q1.2", judgement="na", reason="No steering group.").status_code == 303
    assert checking.leader.get(f"standards/{checking.year}/standard/Q99").status_code == 404
    assert checking.leader.get(f"standards/{checking.year}/standard/Q1").status_code == 404
    assert checking.leader.get("standards/1999/").status_code == 404


def test_two_people_editing_one_standard_both_keep_their_words(checking: Checking) -> None:
    url = f"standards/{checking.year}/standard/Q1.1"
    checking.page("standard/Q1.1")
    first = {"judgement": "met", "narrative": "First words.", "revision": "0"}
    second = {"judgement": "strong", "narrative": "Second words.", "revision": "0"}
    assert checking.leader.post(url, first).status_code == 303
    answer = checking.leader.post(url, second)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "First words." in text and "Second words." in text and "both texts" in text
    assert 'name="revision" value="1"' in text
    third = {**second, "narrative": "First words. Second words.", "revision": "1"}
    assert checking.leader.post(url, third).status_code == 303
    assert "First words. Second words." in checking.page("standard/Q1.1")
    late = {**second, "narrative": "Late words.", "revision": "1"}
    assert checking.leader.post(url, late).status_code == 409


def test_evidence_of_every_form_is_numbered_and_given_back(checking: Checking) -> None:
    url = f"standards/{checking.year}/standard/Q1.1/evidence"
    pdf = b"%PDF-1.7 agreement"

    def add(form: str, **values: object) -> int:
        data = {"act": form, **{f"{form}-{key}": value for key, value in values.items()}}
        if form == "file":
            data["file"] = (io.BytesIO(pdf), "../Agreement.pdf")
        checking.page("standard/Q1.1")
        kind = "multipart/form-data" if form == "file" else None
        return checking.leader.post(url, data, content_type=kind).status_code

    assert add("file", title="Agreement", kind="partnership_agreement") == 303
    assert add("link", title="Terms", kind="link", url="https://example.ac.uk/terms") == 303
    assert add("meeting", title="Group", kind="minutes", held_on="2026-09-10") == 303
    assert add("link", title="Bad", kind="link", url="javascript:alert(1)") == 422
    assert add("meeting", title="When?", kind="minutes") == 422
    page = checking.page("standard/Q1.1")
    for text in ("1. ", "Agreement.pdf", "https://example.ac.uk/terms", "10 September 2026"):
        assert text in page
    given = checking.leader.get(f"standards/{checking.year}/standard/Q1.1/files/1")
    assert given.data == pdf
    assert given.headers["Content-Disposition"] == "attachment; filename=Agreement.pdf"
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    wrong = {"act": "file", "file-title": "x", "file-kind": "document"}
    wrong["file"] = (io.BytesIO(b"<script>"), "x.html")  # type: ignore[assignment]
    refused = checking.leader.post(url, wrong, content_type="multipart/form-data")
    assert refused.status_code == 422 and "as what its name says" in refused.text
    assert checking.leader.post(f"{url}/away", {"evidence": "1"}).status_code == 303
    assert checking.leader.post(f"{url}/away", {"evidence": "1"}).status_code == 404
    assert (
        checking.leader.get(f"standards/{checking.year}/standard/Q1.1/files/1").status_code == 404
    )


def test_another_year_is_begun_from_a_page_of_its_own(checking: Checking) -> None:
    page = checking.leader.get("standards/begin").get_data(as_text=True)
    assert re.search(rf'value="{checking.year + 1}"', page) and "Begin" in page


def test_a_live_measure_is_shown_and_where_there_is_none_the_page_says_so(
    checking: Checking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measures, "_measures", {})
    assert "The tool holds no evidence for this yet" in checking.page("standard/Q2.5")
    assert "The tool holds no evidence for this yet" not in checking.page("standard/Q1.1")
    measures.announce(measure_of("Q2.5"))
    page = checking.page("standard/Q2.5")
    assert "3 of 4 had it checked" in page and "Counted from the log." in page
    assert "3 of 4 had it checked" in checking.page()
    assert "DBS checked before the visit" in checking.page("figures/tried")


def test_the_list_behind_a_figure_is_for_those_who_lead_alone(
    world: World, checking: Checking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measures, "_measures", {})
    tutor = world.let_in("4", "tutor", custom=CUSTOM, name="Tom Tutor")
    world.let_in("5", "participant", custom=CUSTOM, name="Amara Okafor")
    with world.database.read() as session:
        who = session.scalars(select(Person.id).where(Person.sub == "5")).one()

    def find(session: object, scope: measures.Scope) -> measures.Figure:
        lines = [
            measures.Line("No mentor is named.", who, is_good=False),
            measures.Line("Evidence is offered."),
        ]
        return measures.count_lines(lines, lambda count, of: f"{count} of {of}.", "Counted.")

    measures.announce(measures.Measure("mentors", "Mentors named", ("Q5.1",), find))
    page = checking.page("figures/mentors")
    assert "Not counted yet: 1" in page and "Counted: 1" in page
    assert page.index("Amara Okafor") < page.index("No mentor is named.")
    assert "/standard/Q5.1" in page
    own = checking.page("standard/Q5.1")
    owner = own.split(">Tom Tutor<")[0].rsplit('value="', 1)[1].split('"')[0]
    assert checking.save("Q5.1", owner=owner).status_code == 303
    theirs = checking.page("standard/Q5.1", tutor)
    assert "1 of 2." in theirs and "figures/mentors" not in theirs
    answer = tutor.get(f"standards/{checking.year}/figures/mentors")
    assert answer.status_code == 403
    for text in (theirs, answer.text, checking.page("", tutor)):
        assert "Amara Okafor" not in text and "No mentor is named" not in text


def test_a_tutor_sees_progress_and_writes_only_what_is_theirs(
    world: World, checking: Checking
) -> None:
    tutor = world.let_in("4", "tutor", custom=CUSTOM, name="Tom Tutor")
    checking.save("Q1.1", narrative="Not for everyone.")
    page = checking.page("", tutor)
    assert "How far it is" in page and "Ask Lena Leader" in page and "/cohorts/ask" in page
    assert "standard/Q1.1" not in page and "Submit the checklist" not in page
    assert tutor.get(f"standards/{checking.year}/standard/Q1.1").status_code == 403
    for path in ("print", "submission.docx", "reviewers", "changes", "newer-standards"):
        answer = tutor.get(f"standards/{checking.year}/{path}")
        assert answer.status_code == 403 and "Lena Leader" in answer.text
    own = checking.page("standard/Q1.2")
    owner = own.split(">Tom Tutor<")[0].rsplit('value="', 1)[1].split('"')[0]
    assert checking.save("Q1.2", owner=owner).status_code == 303
    assert "standard/Q1.2" in checking.page("", tutor)
    assert checking.save("Q1.2", tutor, narrative="I wrote this.", owner="").status_code == 303
    page = checking.page("standard/Q1.2")
    assert "I wrote this." in page and f'selected value="{owner}"' in page
    posted = tutor.post(f"standards/{checking.year}/state", {"act": "submitted"})
    assert posted.status_code == 403


def test_comments_are_written_and_dealt_with(checking: Checking) -> None:
    url = f"standards/{checking.year}"
    checking.page("standard/Q1.1")
    assert checking.leader.post(f"{url}/standard/Q1.1/comments", {"text": ""}).status_code == 422
    posted = checking.leader.post(f"{url}/standard/Q1.1/comments", {"text": "Check the date."})
    assert posted.status_code == 303
    assert "Check the date." in checking.page("standard/Q1.1")
    assert "nobody has dealt with" in checking.page()
    settled = checking.leader.post(f"{url}/comments/settle", {"comment": "1", "standard": "Q1.1"})
    assert settled.status_code == 303 and "standard/Q1.1" in settled.headers["Location"]
    assert "Dealt with" in checking.page("standard/Q1.1")
    assert checking.leader.post(f"{url}/comments/settle", {"comment": "1"}).status_code == 404


def test_a_checklist_of_another_programme_is_not_reached(checking: Checking, world: World) -> None:
    other = world.let_in("4", "tutor", custom=CUSTOM, context_id="77", resource_link_id="77")
    assert other.get(f"standards/{checking.year}/").status_code == 404
    assert other.get(f"standards/{checking.year}/standard/Q1.1").status_code == 404
