"""The external examiner: the link, what it opens, what it never shows, and the pack."""

import io
import re
import zipfile
from dataclasses import dataclass
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import select, text, update

from lti_tool.audit.models import AuditEntry
from lti_tool.core import clock
from lti_tool.core.signed_links import guest_token
from lti_tool.db import Base
from lti_tool.lti.models import Registration
from lti_tool.mail.models import Message
from lti_tool.marking.models import ExaminerComment, Judgement
from lti_tool.people.guest_links import address_for_message
from lti_tool.people.models import Guest, GuestLink, GuestVisit, Person
from tests.support.cohorts import Cohort
from tests.support.visiting import Visitor

INVITED = {"name": "Prof. Ada Quill", "email": "ada@other.example", "days": "28"}
TOOL = "https://tool.example"


def _text(answer) -> str:
    return answer.get_data(as_text=True)


def _at(cohort: Cohort) -> str:
    return f"moderation/{cohort.assignment.id}/examiner"


def _invite(cohort: Cohort, **more: str) -> str:
    """Invite an examiner; the path of the link as the page shows it."""
    cohort.tutor.get(_at(cohort))
    answer = cohort.tutor.post(_at(cohort), {**INVITED, **more})
    assert answer.status_code == 200, _text(answer)
    found = re.search(rf"{TOOL}(/g/open/[^<\s]+)", _text(answer))
    assert found is not None
    return found.group(1)


@dataclass
class Reader:
    """Somebody who came by a link."""

    client: object
    handle: str
    secret: str
    csrf_token: str = ""

    def get(self, path: str = ""):
        answer = self.client.get(f"/g/{self.handle}/examiner/{path}", **self._options())
        token = re.search(
            r'name="csrf_token" value="([0-9a-f]+)"', answer.data.decode("utf-8", "replace")
        )
        self.csrf_token = token.group(1) if token else self.csrf_token
        return answer

    def post(self, path: str, data: dict[str, str]):
        form = {"csrf_token": self.csrf_token, **data}
        return self.client.post(f"/g/{self.handle}/examiner/{path}", data=form, **self._options())

    def _options(self):
        return {"headers": {"Cookie": f"guest={self.secret}"}, "base_url": TOOL}


def _open(cohort: Cohort, path: str) -> Reader:
    client = cohort.world.app.test_client(use_cookies=False)
    answer = client.post(path, base_url=TOOL)
    assert answer.status_code == 303, _text(answer)
    secret = re.match(r"guest=(\w+);", answer.headers["Set-Cookie"]).group(1)
    handle = answer.headers["Location"].split("/")[-3]
    return Reader(client, handle, secret)


@pytest.fixture
def examiner(cohort: Cohort) -> Reader:
    return _open(cohort, _invite(cohort))


def _rows(cohort: Cohort) -> dict[str, list]:
    with cohort.world.database.read() as session:
        return {
            table.name: [tuple(row) for row in session.execute(select(table))]
            for table in Base.metadata.sorted_tables
        }


def test_looking_at_a_link_changes_nothing(cohort: Cohort) -> None:
    path = _invite(cohort)
    before = _rows(cohort)
    client = cohort.world.app.test_client()
    for method in ("GET", "HEAD", "GET"):
        answer = client.open(path, method=method, base_url=TOOL)
        assert answer.status_code == 200 and "Set-Cookie" not in answer.headers
    door = _text(client.get(path, base_url=TOOL))
    assert "A link for Prof. Ada Quill" in door
    assert "You were asked to look at the marking of a course." in door
    assert _rows(cohort) == before


def test_the_cookie_is_for_its_own_path_and_is_kept_as_a_digest(cohort: Cohort) -> None:
    path = _invite(cohort)
    answer = cohort.world.app.test_client().post(path, base_url=TOOL)
    cookie, place = answer.headers["Set-Cookie"], answer.headers["Location"]
    assert re.fullmatch(r"/g/\w{22}/examiner/", place)
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Partitioned", f"Path={place[:25]}"):
        assert part in cookie, cookie
    secret = cookie.split(";")[0].removeprefix("guest=")
    assert secret not in str(_rows(cohort))


def test_the_address_is_kept_nowhere(cohort: Cohort) -> None:
    token = _invite(cohort).rsplit("/", 1)[1]
    assert token not in str(_rows(cohort))
    assert token not in _text(cohort.tutor.get(_at(cohort))), "shown once"
    with cohort.world.database.read() as session:
        asked = select(Message.guest_id, Message.about).where(Message.kind == "examiner_link")
        message = session.execute(asked).one()
        link_id = session.scalars(select(GuestLink.id)).one()
        made = address_for_message(session, cohort.world.settings, message.about)
    assert message.guest_id is not None and message.about["link"] == link_id
    assert made == f"{TOOL}/g/open/{token}", "what the message will carry"
    assert guest_token(cohort.world.settings.secret_key, link_id) == token


@pytest.mark.parametrize("how", ["revoked", "expired", "disabled"])
def test_a_closed_link_says_so_and_closes_what_it_opened(cohort: Cohort, how: str) -> None:
    path = _invite(cohort)
    reader = _open(cohort, path)
    assert reader.get().status_code == 200
    if how == "revoked":
        with cohort.world.database.read() as session:
            link_id = session.scalars(select(GuestLink.id)).one()
        page = _text(cohort.tutor.get(_at(cohort)))
        assert "Opened 1 time," in page
        answer = cohort.tutor.post(f"{_at(cohort)}/revoke", {"link": str(link_id)})
        assert answer.status_code == 303
    with cohort.world.database.write() as session:
        if how == "expired":
            session.execute(update(GuestLink).values(expires_at=clock.now() - timedelta(hours=1)))
        if how == "disabled":
            session.execute(update(Registration).values(is_enabled=False))
    client = cohort.world.app.test_client()
    for method in ("GET", "POST"):
        answer = client.open(path, method=method, base_url=TOOL)
        said = "expired on" if how == "expired" else "taken back"
        assert answer.status_code == 410 and said in _text(answer)
    with cohort.world.database.read() as session:
        about = {"link": session.scalars(select(GuestLink.id)).one()}
        assert address_for_message(session, cohort.world.settings, about) is None
    answer = reader.get()
    assert answer.status_code == 401 and said in _text(answer)
    assert reader.post("comments", {"text": "Late."}).status_code == 401
    with cohort.world.database.read() as session:
        assert session.scalar(select(ExaminerComment.id)) is None


def test_guessing_addresses_is_counted(cohort: Cohort) -> None:
    path = _invite(cohort)
    client = cohort.world.app.test_client()
    wrong = [
        path[:-1] + ("A" if path[-1] != "A" else "B"),
        "/g/open/1",
        "/g/open/" + "x" * 500,
        "/g/open/" + guest_token("another secret of more than 32 characters", 1),
        "/g/open/" + guest_token(cohort.world.settings.secret_key, 999),
        "/g/open/%00",
    ]
    for one in wrong:
        answer = client.get(one, base_url=TOOL)
        assert answer.status_code == 404 and "not an address that we gave" in _text(answer), one
    statuses = {
        client.post(wrong[0], base_url=TOOL).status_code
        for _ in range(cohort.world.settings.refusals_per_minute + 1)
    }
    assert statuses == {404, 429}
    assert client.get(path, base_url=TOOL).status_code == 200, "a good link is never held up"


def test_a_handle_without_its_cookie_opens_nothing(cohort: Cohort, examiner: Reader) -> None:
    other = _open(cohort, _invite(cohort, email="b@other.example"))
    for secret in ("", "wrong", other.secret):
        reader = Reader(examiner.client, examiner.handle, secret)
        for path in ("", "rubric", "work/1", "pack.zip"):
            assert reader.get(path).status_code == 401, path


def test_a_guest_and_a_visit_do_not_open_each_others_pages(
    cohort: Cohort, examiner: Reader
) -> None:
    tutor = cohort.tutor
    answer = examiner.client.get(
        f"/v/{tutor.handle}/marking/",
        headers={"Cookie": f"guest={examiner.secret}; visit={examiner.secret}"},
        base_url=TOOL,
    )
    assert answer.status_code == 401
    answer = tutor.client.get(
        f"/g/{examiner.handle}/examiner/",
        headers={"Cookie": f"visit={tutor.secret}; guest={tutor.secret}"},
        base_url=TOOL,
    )
    assert answer.status_code == 401


def test_a_form_without_our_token_changes_nothing(cohort: Cohort, examiner: Reader) -> None:
    examiner.csrf_token = "0" * 64
    assert examiner.post("comments", {"text": "Forged."}).status_code == 403
    other = {"headers": {"Origin": "https://evil.example"}, "base_url": TOOL}
    path = _invite(cohort, email="c@other.example")
    assert cohort.world.app.test_client().post(path, **other).status_code == 403
    with cohort.world.database.read() as session:
        assert session.scalar(select(ExaminerComment.id)) is None
        assert len(session.scalars(select(GuestVisit.id)).all()) == 1


def _moderate(cohort: Cohort) -> None:
    """A decided round whose moderator wrote a note."""
    home = f"moderation/{cohort.assignment.id}"
    moderator = cohort.world.let_in("4", "tutor", name="Morris Derator")
    moderator.get(home)
    moderator.post(f"{home}/start", {"moderator": str(cohort.person("4"))})
    at = 1
    while True:
        if moderator.get(f"{home}/1/piece/{at}").status_code == 404:
            break
        form = {"version": "0", "view": "agrees", "mark": "61", "note": f"Note {at}."}
        assert moderator.post(f"{home}/1/piece/{at}", form).status_code == 303
        at += 1
    form = {"kind": "shift", "amount": "3", "reason": "All were marked too low."}
    assert moderator.post(f"{home}/1/scale", form).status_code == 303


def _everything(examiner: Reader) -> dict[str, str]:
    pages = {"": _text(examiner.get()), "rubric": _text(examiner.get("rubric"))}
    at = 1
    while (answer := examiner.get(f"work/{at}")).status_code == 200:
        pages[f"work/{at}"] = _text(answer)
        at += 1
    with zipfile.ZipFile(io.BytesIO(examiner.get("pack.zip").data)) as archive:
        for name in archive.namelist():
            if name.endswith(".html"):
                pages[name] = archive.read(name).decode()
    return pages


def test_nobody_is_named_anywhere(cohort: Cohort) -> None:
    _moderate(cohort)
    with cohort.world.database.write() as session:
        session.execute(update(Person).values(email="somebody@uni.example"))
        session.execute(update(Judgement).values(private_note="Between markers."))
        names = [name for name in session.scalars(select(Person.name)) if name]
    assert len(names) >= 11
    pages = _everything(_open(cohort, _invite(cohort)))
    assert len(pages) > 8
    for place, page in pages.items():
        for name in (*names, "somebody@uni.example", "Between markers.", "Ada Quill"):
            assert name not in page, (place, name)


def test_the_examiner_sees_sample_marks_spread_and_moderation(cohort: Cohort) -> None:
    _moderate(cohort)
    examiner = _open(cohort, _invite(cohort))
    page = _text(examiner.get())
    assert "All were marked too low." in page and "3 marks added to every mark" in page
    assert "Drawn again just now: the same sample" in page and "<svg" in page
    piece = _text(examiner.get("work/1"))
    assert "First marker" in piece and "Clear." in piece and "Note 1." in piece
    assert "after scaling" in piece
    assert examiner.get("work/99").status_code == examiner.get("work/0").status_code == 404
    assert "weight 20%" in _text(examiner.get("rubric"))


def test_without_a_moderation_a_sample_is_drawn_and_stays(cohort: Cohort) -> None:
    examiner = _open(cohort, _invite(cohort))
    one, other = _text(examiner.get()), _text(examiner.get())
    codes = re.findall(r"/work/\d+\">(\w+)<", one)
    assert codes and codes == re.findall(r"/work/\d+\">(\w+)<", other)
    assert "No moderation drew a sample yet" in one


def test_the_pack_stands_on_its_own(cohort: Cohort) -> None:
    _moderate(cohort)
    examiner = _open(cohort, _invite(cohort))
    answer = examiner.get("pack.zip")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="examiner-pack.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        names = archive.namelist()
        index = archive.read("index.html").decode()
        book = openpyxl.load_workbook(io.BytesIO(archive.read("marks.xlsx")))
        for link in re.findall(r'href="([^"#]+)"', index):
            assert link in names, link
        for name in names:
            if name.endswith(".html"):
                page = archive.read(name).decode()
                assert "<script" not in page and "src=" not in page and "http" not in page
    assert book.sheetnames == ["Sample", "Spread of marks", "Moderation", "Rubric"]
    rows = list(book["Sample"].values)
    assert rows[0][:4] == ("Code", "Drawn", "Mark", "After scaling")
    assert all(row[3] == row[2] + 3 for row in rows[1:])
    assert sum(row[1] for row in list(book["Spread of marks"].values)[1:]) == 9


def test_a_comment_gets_a_reply(cohort: Cohort, examiner: Reader) -> None:
    examiner.get()
    assert examiner.post("comments", {"text": ""}).status_code == 422
    assert examiner.post("comments", {"text": "Fair <b>marking</b>."}).status_code == 303
    page = _text(cohort.tutor.get(_at(cohort)))
    assert "Fair &lt;b&gt;marking&lt;/b&gt;." in page and "Prof. Ada Quill" in page
    answer = cohort.tutor.post(f"{_at(cohort)}/reply", {"comment": "1", "reply1-text": ""})
    assert answer.status_code == 422 and 'href="#reply1-text"' in _text(answer)
    form = {"comment": "1", "reply1-text": "Thank you."}
    assert cohort.tutor.post(f"{_at(cohort)}/reply", form).status_code == 303
    assert "Thank you." in _text(examiner.get())
    late = cohort.tutor.post(f"{_at(cohort)}/reply", {**form, "reply1-text": "Second thoughts."})
    page = _text(late)
    assert late.status_code == 409 and "Thank you." in page and "Second thoughts." in page
    with cohort.world.database.read() as session:
        acts = set(session.scalars(select(AuditEntry.act)))
    assert {
        "guest link given",
        "guest link opened",
        "examiner commented",
        "examiner answered",
    } <= acts


def test_an_examiner_reads_only_their_own_comments(cohort: Cohort, examiner: Reader) -> None:
    examiner.get()
    examiner.post("comments", {"text": "Only mine."})
    other = _open(cohort, _invite(cohort, name="Dr B", email="b@other.example"))
    assert "Only mine." not in _text(other.get())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("email", "nobody"),
        ("email", "a@b.example, c@d.example"),
        ("email", ""),
        ("days", "0"),
        ("days", "366"),
        ("days", "soon"),
    ],
)
def test_an_invitation_that_cannot_be_sent_gets_a_sentence(
    cohort: Cohort, field: str, value: str
) -> None:
    cohort.tutor.get(_at(cohort))
    answer = cohort.tutor.post(_at(cohort), {**INVITED, field: value})
    assert answer.status_code == 422 and f'href="#{field}"' in _text(answer)
    with cohort.world.database.read() as session:
        assert session.scalar(select(Guest.id)) is None
        promised = select(Message.id).where(Message.kind == "examiner_link")
        assert session.scalar(promised) is None


def test_the_same_person_asked_again_is_the_same_guest(cohort: Cohort) -> None:
    _invite(cohort)
    _invite(cohort, email="ADA@other.example", name="Professor Quill")
    with cohort.world.database.read() as session:
        assert session.scalars(select(Guest.name)).all() == ["Professor Quill"]
        assert len(session.scalars(select(GuestLink.id)).all()) == 2


def test_a_tutor_of_another_course_finds_nothing(cohort: Cohort, examiner: Reader) -> None:
    examiner.get()
    examiner.post("comments", {"text": "Between us."})
    other: Visitor = cohort.world.let_in("8", "tutor", context_id="77", resource_link_id="9")
    assert other.get(_at(cohort)).status_code == 404
    for path, form in (
        ("", INVITED),
        ("/revoke", {"link": "1"}),
        ("/reply", {"comment": "1", "reply1-text": "Hello."}),
    ):
        assert other.post(f"{_at(cohort)}{path}", form).status_code == 404, path
    own = re.search(r"moderation/(\d+)\"", _text(other.get("moderation/"))).group(1)
    for path, form in (
        ("/revoke", {"link": "1"}),
        ("/reply", {"comment": "1", "reply1-text": "Hello."}),
    ):
        answer = other.post(f"moderation/{own}/examiner{path}", form)
        assert answer.status_code in (404, 409), "neither by way of their own activity"
    assert examiner.get().status_code == 200
    with cohort.world.database.read() as session:
        assert session.execute(text("SELECT reply FROM examiner_comment")).scalars().all() == [""]
