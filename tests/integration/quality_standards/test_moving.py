"""Submitting, reviewing, approving, lapsing; next year; taking away; newer standards."""

import csv
import io
import json
import re
import zipfile
from datetime import timedelta

import docx
import openpyxl
import pytest
from sqlalchemy import select, update

from lti_tool.activities.quality_standards import moving
from lti_tool.activities.quality_standards.checking import check_submissions
from lti_tool.activities.quality_standards.models import Checklist, ChecklistStep
from lti_tool.audit.models import AuditEntry
from lti_tool.catalogue import measures
from lti_tool.core import clock
from lti_tool.people.models import GuestLink
from tests.support.checklists import Checking, make_checklist, measure_of
from tests.support.visiting import Visitor, World


@pytest.fixture
def checking(world: World) -> Checking:
    return make_checklist(world)


class Reviewer(Visitor):
    """Somebody who came by a reviewer's link."""

    def url(self, path: str) -> str:
        return f"/g/{self.handle}/reviewer/{path}"

    def _options(self, options: dict[str, object]) -> dict[str, object]:
        return {"headers": {"Cookie": f"guest={self.secret}"}, "base_url": "https://tool.example"}


def _invite(checking: Checking) -> tuple[str, Reviewer]:
    """Give a link and open it; its address, and who came by it."""
    url = f"standards/{checking.year}/reviewers"
    checking.page("reviewers")
    form = {"name": "Rita Reviewer", "email": "rita@example.ac.uk", "days": "14"}
    answer = checking.leader.post(url, form)
    address = re.search(r"data-address>https://tool\.example([^<]+)<", answer.text)
    assert address, answer.text
    client = checking.world.app.test_client(use_cookies=False)
    base = {"base_url": "https://tool.example"}
    assert client.get(address[1], **base).status_code == 200
    opened = client.post(address[1], **base)
    assert opened.status_code == 303
    handle = opened.headers["Location"].split("/")[2]
    secret = re.search(r"guest=([^;]+)", opened.headers["Set-Cookie"])
    assert secret
    return address[1], Reviewer(client, handle, secret[1])


def _state(checking: Checking) -> str:
    with checking.world.database.read() as session:
        return session.scalars(select(Checklist.state)).one()


def test_a_submission_waits_for_every_judgement(checking: Checking) -> None:
    answer = checking.move("submitted")
    assert answer.status_code == 422 and "Judge every standard first" in answer.text
    assert _state(checking) == "draft"
    assert checking.move("approved").status_code == 409
    assert checking.move("nonsense").status_code == 409


def test_what_was_submitted_is_frozen_with_its_figures_and_a_digest(
    checking: Checking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measures, "_measures", {})
    measures.announce(measure_of("Q2.5"))
    checking.judge_all()
    checking.save("Q2.5", narrative="=SUM(A1) is what we checked.")
    url = f"standards/{checking.year}/standard/Q2.5"
    evidence = {"act": "file", "file-title": "Log", "file-kind": "dataset"}
    checking.leader.post(
        f"{url}/evidence",
        {**evidence, "file": (io.BytesIO(b"a,b\n1,2\n"), "Log.csv")},
        content_type="multipart/form-data",
    )
    stale = checking.page()
    assert checking.move("submitted").status_code == 303
    assert 'name="revision" value="1"' in stale
    late = {"act": "submitted", "revision": "1"}
    assert checking.leader.post(f"standards/{checking.year}/state", late).status_code == 409
    assert checking.save("Q2.5", narrative="Changed since.").status_code == 409
    assert checking.leader.post(f"{url}/evidence/away", {"evidence": "1"}).status_code == 409

    measures._measures.clear()
    measures.announce(measure_of("Q2.5", 1, 9))
    printed = checking.page("print")
    assert "3 of 4 had it checked" in printed and "1 of 9" not in printed
    assert "Fingerprint" in printed and "Changed since." not in printed
    with checking.world.database.read() as session:
        step = session.scalars(
            select(ChecklistStep).where(ChecklistStep.submitted_digest.is_not(None))
        ).one()
        frozen = json.dumps(step.submitted)
        assert "Lena Leader" not in frozen and "what we checked" in frozen
        assert all(one.is_ok for one in check_submissions(session, checking.world.settings))
    with checking.world.database.write() as session:
        document = json.loads(frozen.replace("what we checked", "true"))
        session.execute(update(ChecklistStep).values(submitted=document))
    with checking.world.database.read() as session:
        assert not all(one.is_ok for one in check_submissions(session, checking.world.settings))


def test_it_is_taken_away_as_word_tables_and_a_zip_with_numbered_evidence(
    checking: Checking,
) -> None:
    checking.save("Q1.1", narrative="=SUM(A1) is no formula.", judgement="developing")
    url = f"standards/{checking.year}/standard/Q1.1/evidence"
    form = {"act": "file", "file-title": "Agreement", "file-kind": "document"}
    checking.leader.post(
        url,
        {**form, "file": (io.BytesIO(b"%PDF-1.7 x"), "Agreement.pdf")},
        content_type="multipart/form-data",
    )

    def take(ending: str) -> bytes:
        answer = checking.leader.get(f"standards/{checking.year}/submission.{ending}")
        assert answer.status_code == 200
        assert f'.{ending}"' in answer.headers["Content-Disposition"]
        return bytes(answer.data)

    note = "Placeholder, not the official text"
    words = [one.text for one in docx.Document(io.BytesIO(take("docx"))).paragraphs]
    assert sum(one.startswith(note) for one in words) == 1
    order = [one for one in words if re.match(r"Q\d+\.\d", one)]
    assert order[0].startswith("Q1.1 ") and order[-1].startswith("Q10.")
    assert "Evidence 1: Agreement (Agreement.pdf). Document" in words
    rows = list(csv.reader(io.StringIO(take("csv").decode("utf-8-sig"))))
    assert rows[0][0].startswith(note) and rows[1][0] == "Id"
    assert rows[2][6] == "'=SUM(A1) is no formula."
    sheet = openpyxl.load_workbook(io.BytesIO(take("xlsx"))).worksheets[0]
    assert sheet["G2"].value == "=SUM(A1) is no formula." and sheet["G2"].data_type != "f"
    assert str(sheet["N1"].value).startswith(note)
    with zipfile.ZipFile(io.BytesIO(take("zip"))) as pack:
        assert pack.namelist() == [
            "submission.docx",
            "standards.csv",
            "evidence.csv",
            "evidence/001-Agreement.pdf",
        ]
        assert pack.read("evidence/001-Agreement.pdf") == b"%PDF-1.7 x"
        assert "evidence/001-Agreement.pdf" in pack.read("evidence.csv").decode()
        assert note in pack.read("evidence.csv").decode()
    assert checking.leader.get(f"standards/{checking.year}/submission.exe").status_code == 404
    answer = checking.leader.get(f"standards/{checking.year}/submission.csv?of=submitted")
    assert answer.status_code == 404


def test_a_reviewer_reads_comments_and_changes_nothing(checking: Checking) -> None:
    url = f"standards/{checking.year}/reviewers"
    assert "Submit the checklist first" in checking.page("reviewers")
    form = {"name": "R", "email": "r@example.ac.uk", "days": "14"}
    assert checking.leader.post(url, form).status_code == 409
    checking.judge_all()
    checking.save("Q1.1", narrative="We sign each September.")
    checking.move("submitted")
    address, reviewer = _invite(checking)
    client = checking.world.app.test_client(use_cookies=False)
    door = client.get(address, base_url="https://tool.example").get_data(as_text=True)
    assert "You were asked to look at a programme’s checklist of quality standards." in door
    assert _state(checking) == "in_review"
    page = reviewer.get("").get_data(as_text=True)
    assert "We sign each September." in page and "Placeholder, not the official text" in page
    assert re.search(r'href="/g/\w+/reviewer/\?about=Q1.1#standard">Comment on Q1.1<', page)
    about = reviewer.get("?about=Q1.1").get_data(as_text=True)
    assert '<option value="Q1.1" selected>' in about
    assert " selected>" not in reviewer.get("?about=Q99").get_data(as_text=True)
    assert "Comment on" not in checking.page("print")
    assert reviewer.post("comments", {"text": "", "standard": ""}).status_code == 422
    assert reviewer.post("comments", {"text": "x", "standard": "Q99"}).status_code == 404
    sent = reviewer.post("comments", {"text": "Which date?", "standard": "Q1.1"})
    assert sent.status_code == 303
    assert reviewer.get("files/1").status_code == 404
    shown = checking.page("standard/Q1.1")
    assert "Which date?" in shown and "Rita Reviewer (reviewer)" in shown
    listed = checking.page("reviewers")
    assert "Opened 1 time" in listed
    with checking.world.database.read() as session:
        acts = set(session.scalars(select(AuditEntry.act)))
    assert {"guest link given", "guest link opened", "checklist moved"} <= acts
    assert checking.leader.post(f"{url}/revoke", {"link": "999"}).status_code == 404
    assert checking.leader.post(f"{url}/revoke", {"link": "1"}).status_code == 303
    assert reviewer.get("").status_code == 401
    assert client.get(address, base_url="https://tool.example").status_code == 410


def test_a_reviewer_opens_the_files_that_were_submitted(checking: Checking) -> None:
    added = {"act": "file", "file-title": "Agreement", "file-kind": "partnership_agreement"}
    checking.page("standard/Q1.1")
    answer = checking.leader.post(
        f"standards/{checking.year}/standard/Q1.1/evidence",
        {**added, "file": (io.BytesIO(b"%PDF-1.7 x"), "Agreement.pdf")},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 303
    checking.judge_all()
    checking.move("submitted")
    _, reviewer = _invite(checking)
    page = reviewer.get("").get_data(as_text=True)
    assert re.search(r'href="/g/\w+/reviewer/files/1"', page)
    given = reviewer.get("files/1")
    assert given.data == b"%PDF-1.7 x"
    assert given.headers["Content-Disposition"] == "attachment; filename=Agreement.pdf"
    assert given.headers["X-Content-Type-Options"] == "nosniff"


def test_a_reviewers_link_expires(checking: Checking) -> None:
    checking.judge_all()
    checking.move("submitted")
    _, reviewer = _invite(checking)
    assert reviewer.get("").status_code == 200
    with checking.world.database.write() as session:
        past = clock.now() - timedelta(seconds=1)
        session.execute(update(GuestLink).values(expires_at=past))
    assert reviewer.get("").status_code == 401


def test_returned_approved_with_conditions_and_lapsed_at_last(checking: Checking) -> None:
    checking.judge_all()
    checking.move("submitted")
    checking.move("in_review")
    answer = checking.move("returned_with_actions")
    assert answer.status_code == 422 and "actions or conditions" in answer.text
    assert checking.move("returned_with_actions", words="Date Q1.1.").status_code == 303
    assert "Date Q1.1." in checking.page()
    assert checking.save("Q1.1", narrative="Dated.").status_code == 303
    for state, words in (
        ("submitted", ""),
        ("in_review", ""),
        ("approved_with_conditions", "One year."),
        ("approved", ""),
    ):
        assert checking.move(state, words=words).status_code == 303, state
    page = checking.page()
    assert "Holds until" in page and "Approved" in page
    with checking.world.database.write() as session:
        assert moving.lapse(session) == 0
        yesterday = clock.today() - timedelta(days=1)
        session.execute(update(Checklist).values(valid_until=yesterday))
    moving._rounds.forget()
    moving.sweep(checking.world.database, checking.world.settings)
    assert _state(checking) == "lapsed"
    page = checking.page()
    assert "Lapsed" in page and "since its last day was over" in page
    assert checking.move("approved").status_code == 409


def test_next_year_copies_forward_and_shows_what_changed(checking: Checking) -> None:
    checking.save("Q1.1", narrative="We sign each September.", judgement="developing")
    url = f"standards/{checking.year}/standard/Q1.1"
    meeting = {
        "act": "meeting",
        "meeting-title": "Group",
        "meeting-kind": "minutes",
        "meeting-held_on": "2026-09-10",
    }
    assert checking.leader.post(f"{url}/evidence", meeting).status_code == 303
    assert checking.leader.post(f"{url}/comments", {"text": "Only this year."}).status_code == 303
    begin = {"year": str(checking.year + 1)}
    assert checking.leader.post("standards/begin", begin).status_code == 303
    assert checking.leader.post("standards/begin", begin).status_code == 409
    assert checking.leader.post("standards/begin", {"year": "1999"}).status_code == 422
    later = Checking(checking.world, checking.course, checking.year + 1)
    page = later.page("standard/Q1.1")
    assert "We sign each September." in page and "10 September 2026" in page
    assert "Only this year." not in page
    assert "says what it said" in later.page("changes")
    later.save("Q1.1", narrative="We sign each October.", judgement="met")
    changes = later.page("changes")
    assert "Partly in place" in changes and "October" in changes and "[added:" in changes
    assert "We sign each September." in checking.page("standard/Q1.1")


def test_newer_standards_are_shown_first_and_taken_over_by_id(checking: Checking) -> None:
    leader = checking.leader
    checking.save("Q1.1", narrative="Stays.")
    checking.save("Q10.3", narrative="Goes.")
    assert "nothing to take over" in checking.page("newer-standards")
    exported = leader.get("frameworks/quality-standards/framework.csv").data.decode("utf-8-sig")
    kept = [one for one in exported.splitlines()[1:] if not one.startswith("Q10.3,")]
    text = "\n".join(kept).replace("Written agreements", "Signed agreements")
    text = text.replace(",reconstruction,", ",,")
    looked = leader.post(
        "frameworks/quality-standards/",
        {"file": (io.BytesIO(text.encode()), "standards.csv")},
        content_type="multipart/form-data",
    )
    assert looked.status_code == 200, looked.text
    fields = dict(re.findall(r'name="(file_data|shown)" value="([^"]*)"', looked.text))
    put = {"act": "put", **fields, "title": "Official", "source": "The group", "text": "official"}
    answer = leader.post("frameworks/quality-standards/", put)
    assert answer.status_code == 303, answer.text
    assert "Another version of the standards is in force" in checking.page()
    assert "Written agreements" in checking.page("standard/Q1.1")
    page = checking.page("newer-standards")
    assert "1 standard with something written goes along" in page and "Q10.3" in page
    shown = re.search(r'name="shown" value="(\w+)"', page)
    assert shown
    url = f"standards/{checking.year}/newer-standards"
    assert leader.post(url, {"shown": "other"}).status_code == 409
    assert leader.post(url, {"shown": shown[1]}).status_code == 303
    page = checking.page("standard/Q1.1")
    assert "Signed agreements" in page and "Stays." in page
    assert "Placeholder" not in page and "Placeholder" not in checking.page("print")
    assert leader.get(f"standards/{checking.year}/standard/Q10.3").status_code == 404
