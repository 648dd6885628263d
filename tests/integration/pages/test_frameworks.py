"""The leader's pages of frameworks: look, compare, put in force, go back; and who sees what."""

import io
import re
import threading
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from sqlalchemy import func, select

from lti_tool.audit.models import AuditEntry
from lti_tool.core.errors import Conflict, NotFound
from lti_tool.db import Database
from lti_tool.frameworks import operations, queries
from lti_tool.frameworks.framework import Item
from lti_tool.frameworks.models import FrameworkChoice, FrameworkVersion
from lti_tool.frameworks.operations import Leader
from lti_tool.frameworks.shipped import load_frameworks
from lti_tool.lti.registrations import RegistrationValues, add_registration
from lti_tool.people.operations import keep_person
from tests.integration.pages.test_releasing import _lead, _text
from tests.support.statements import listen, stop_listening
from tests.support.visiting import ISSUER, Visitor, World, make_world
from tests.unit.frameworks.made import AWARD, CONFIG, STANDARDS, word_file

KEY = "quality-standards"
TABLE = [
    ["Number", "Standard", "Core"],
    ["1. Partnership"],
    ["1.1", "Agreements are written", "Yes"],
    ["Q1.2", "A steering group meets and acts", ""],
]
ANSWERS = {"act": "put", "title": "Quality standards", "source": "Provider group, 2026"}


@pytest.fixture
def leader(world: World) -> Visitor:
    return _lead(world)


def _look(leader: Visitor, data: bytes, key: str = KEY):
    leader.get(f"frameworks/{key}/")
    return leader.post(
        f"frameworks/{key}/",
        {"file": (io.BytesIO(data), "file")},
        content_type="multipart/form-data",
    )


def _put(leader: Visitor, page: str, key: str = KEY, **more: str):
    kept = dict(re.findall(r'name="(file_data|shown)" value="([^"]*)"', page))
    return leader.post(f"frameworks/{key}/", {**ANSWERS, "text": "official", **kept, **more})


def _bring(leader: Visitor, data: bytes, **more: str) -> None:
    assert _put(leader, _text(_look(leader, data)), **more).status_code == 303


def test_what_ships_is_called_a_placeholder_everywhere(leader: Visitor) -> None:
    page = _text(leader.get("frameworks/"))
    assert page.count("Placeholder") == 4 and "Provider quality standards" in page
    for key in (KEY, "npq-senco", "outcomes-2014", "outcomes-2009"):
        assert "data-placeholder" in _text(leader.get(f"frameworks/{key}/")), key
        for form in ("csv", "yaml"):
            taken = leader.get(f"frameworks/{key}/framework.{form}")
            assert "Placeholder, not the official text" in taken.get_data(as_text=True), (key, form)
    shown = _text(leader.get(f"frameworks/{KEY}/"))
    assert "Drafted for this tool" in shown and "A DfE-commissioned review" in shown
    assert "Written agreements with local authorities" in shown and "Does not apply" in shown


def test_an_official_text_is_looked_at_compared_and_put_in_force(
    world: World, leader: Visitor
) -> None:
    page = _text(_look(leader, word_file(TABLE)))
    assert "Added: 2" in page and "Removed: 48" in page and "Other wording: 1" in page
    assert "Moved: 1" in page and "from “Partnership and governance” to “Partnership”" in page
    assert "Table 1, row 3" in page
    assert "data-placeholder" in _text(leader.get(f"frameworks/{KEY}/")), "looking changes nothing"
    refused = _put(leader, page, title="", source="=1")
    assert refused.status_code == 422 and "begins like a formula" in _text(refused)
    assert _put(leader, page, text="").status_code == 422
    done = _put(leader, page)
    assert done.status_code == 303 and done.headers["Location"].endswith("done=framework-put")

    shown = _text(leader.get(f"frameworks/{KEY}/?done=framework-put"))
    assert "This version is in force now." in shown and "Agreements are written" in shown
    assert "data-placeholder" not in shown and "Official text" in shown
    assert "Brought in on" in shown and "by Prof Lead" in shown
    csv = leader.get(f"frameworks/{KEY}/framework.csv").get_data(as_text=True)
    assert csv.startswith("\ufeffId,Kind,Title") and "laceholder" not in csv
    assert "Placeholder" in _text(leader.get("frameworks/")), "the outcome sets are as they were"

    before = _text(leader.get(f"frameworks/{KEY}/1/"))
    assert "data-placeholder" in before and "Agreements are written" in before
    assert "Added: 48" in before, "what would come back is said"
    token = dict(re.findall(r'name="(shown)" value="([^"]*)"', before))
    assert leader.post(f"frameworks/{KEY}/1/", token).status_code == 303
    assert "data-placeholder" in _text(leader.get(f"frameworks/{KEY}/"))
    assert leader.post(f"frameworks/{KEY}/2/", token).status_code == 409, "looked at another"
    with world.database.read() as session:
        acts = session.execute(
            select(AuditEntry.act, AuditEntry.became)
            .where(AuditEntry.subject_kind == "framework_version")
            .order_by(AuditEntry.id)
        ).all()
        count = session.scalar(select(func.count()).select_from(FrameworkVersion))
    assert [row.act for row in acts] == ["framework put in force"] * 2
    assert [row.became["is_official_text"] for row in acts] == [True, False]
    assert count == 2, "versions are kept once"


def test_mistakes_leave_the_version_in_force(world: World, leader: Visitor) -> None:
    answer = _look(leader, b"Id,Title,Parent\nA,One,\nA,Two,Q99\n")
    page = _text(answer)
    assert answer.status_code == 422 and "<title>Error: " in page
    assert "Row 3, column “Id”: another entry has the id A too." in page
    assert "Row 3, column “Parent”: there is no entry with the id Q99." in page
    assert 'name="shown"' not in page, "nothing to put in force"
    for data, said in ((b"%PDF-1", "no table"), (b"key: [", "line 2"), (b"x" * 5_000_000, "2 MB")):
        answer = _look(leader, data)
        assert answer.status_code == 422 and said in _text(answer)
    assert leader.post(f"frameworks/{KEY}/", {}).status_code == 422
    many = "".join(f"Id{n},,{'=' * (n % 2)}x\n" for n in range(900))
    page = _text(_look(leader, f"Id,Kind,Title\n{many}".encode()))
    assert "And 350 more like these." in page
    with world.database.read() as session:
        assert session.scalar(select(func.count()).select_from(FrameworkChoice)) == 0


def test_a_text_that_calls_itself_a_reconstruction_is_not_official(leader: Visitor) -> None:
    csv = leader.get(f"frameworks/{KEY}/framework.csv").get_data()
    changed = csv.replace(b"Written agreements", b"Signed agreements")
    page = _text(_look(leader, changed))
    assert "Other wording: 1" in page and "Added" not in page
    refused = _put(leader, page)
    assert refused.status_code == 422 and "calls 49 of its lines a reconstruction" in _text(refused)
    assert "Provider group, 2026" in _text(refused), "what was typed is kept"
    assert _put(leader, _text(refused), text="own").status_code == 303
    shown = _text(leader.get(f"frameworks/{KEY}/"))
    assert "Not the official text: your programme’s own wording" in shown
    same = _put(leader, _text(_look(leader, changed)), text="own")
    assert same.status_code == 409 and "in force already" in _text(same)


def test_yaml_brings_title_scale_and_all(leader: Visitor) -> None:
    data = leader.get(f"frameworks/{KEY}/framework.yaml").get_data()
    document = yaml.safe_load(data)
    document["title"], document["overall"]["others_below"] = "Ours", 2
    page = _text(_look(leader, yaml.safe_dump(document, allow_unicode=True).encode()))
    assert 'value="Ours"' in page and "Every standard is as it is in force" in page
    assert _put(leader, page, title="Ours", text="own").status_code == 303
    again = yaml.safe_load(leader.get(f"frameworks/{KEY}/framework.yaml").get_data())
    assert again["overall"]["others_below"] == 2 and again["version"] == 2
    assert again["items"] == yaml.safe_load(data)["items"]


def test_who_may(world: World, leader: Visitor) -> None:
    tutor, author = world.let_in("3", "tutor"), world.let_in("5", "participant")
    assert "/frameworks/" in _text(leader.get("marking/"))
    assert "/frameworks/" not in _text(tutor.get("marking/"))
    for visitor in (tutor, author):
        for path in ("", f"{KEY}/", f"{KEY}/0/", f"{KEY}/framework.csv"):
            assert visitor.get(f"frameworks/{path}").status_code == 403, path
        assert visitor.post(f"frameworks/{KEY}/", {"act": "put"}).status_code == 403
        assert visitor.post(f"frameworks/{KEY}/0/").status_code == 403
    for path in ("nothing/", f"{KEY}/9/", f"{KEY}/{2**40}/", f"{KEY}/framework.pdf", "nothing/0/"):
        assert leader.get(f"frameworks/{path}").status_code == 404, path
    assert leader.post(f"frameworks/{KEY}/77/").status_code == 404


def test_another_registration_sees_and_changes_nothing_of_ours(
    world: World, leader: Visitor
) -> None:
    _bring(leader, word_file(TABLE))
    values = RegistrationValues(
        name="Other",
        issuer=ISSUER,
        client_id="other",
        deployment_ids=("1",),
        auth_login_url=f"{ISSUER}/auth",
        auth_token_url=f"{ISSUER}/token",
        jwks_url=f"{ISSUER}/certs",
    )
    with world.database.write() as session:
        other_id, _ = add_registration(session, world.settings, values)
    with world.database.read() as session:
        ours = queries.framework_in_force(session, CONFIG, world.registration_id, KEY)
        assert ours.is_official_text
        assert not queries.framework_in_force(session, CONFIG, other_id, KEY).is_official_text
        kept = queries.find_version(session, world.registration_id, KEY, 2)
        assert kept is not None and queries.find_version(session, other_id, KEY, 2) is None
        with pytest.raises(NotFound):
            queries.get_version(session, other_id, kept.id)
        assert [one.framework.version for one in queries.list_versions(session, other_id, KEY)] == [
            1
        ]


def test_the_audit_takes_the_words_in_force_and_keeps_them(world: World, leader: Visitor) -> None:
    author = world.let_in("5", "participant")
    author.get("audit/writing")
    author.post("audit/writing", {"outcome_set": "outcomes-2014", "act": "outcomes"})
    written = {"outcome_set": "outcomes-2014", "reflection-A1": "We follow the law."}
    author.get("audit/writing")
    author.post("audit/writing", written)
    data = b"No.,Outcome\nA1,Statutory duties in full\nD1,Quite new\n"
    page = _text(_look(leader, data, "outcomes-2014"))
    assert _put(leader, page, "outcomes-2014").status_code == 303

    shown = _text(author.get("audit/writing"))
    assert "Your programme has brought in other words" in shown
    assert "Law, regulation and disability" in shown and "Quite new" not in shown
    author.post("audit/writing", written)
    assert "Law, regulation" in _text(author.get("audit/writing/look")), "saving keeps the words"
    author.get("audit/writing")
    author.post("audit/writing", {"outcome_set": "outcomes-2014", "act": "outcomes"})
    shown = _text(author.get("audit/writing"))
    assert "Quite new" in shown and "other words" not in shown and "We follow the law." in shown
    look = _text(author.get("audit/writing/look"))
    assert "Statutory duties in full" in look and "not the official text" not in look


def _leader_of(world: World) -> Leader:
    _lead(world)
    with world.database.write() as session:
        person_id = keep_person(session, 1, "4", {})
    return Leader(person_id, 1, world.registration_id)


def test_what_was_begun_keeps_its_version(tmp_path: Path, database: Database) -> None:
    world = make_world(tmp_path, database)
    leader, where = _leader_of(world), (CONFIG, world.registration_id)
    with database.write() as session:
        begun = operations.keep_in_force(session, *where, "outcomes-2014")
        assert operations.keep_in_force(session, *where, "outcomes-2014") == begun
        shown = queries.digest_of(queries.framework_in_force(session, *where, "outcomes-2014"))
        other = replace(AWARD, items=(Item("X", "Another"),), is_shipped=False)
        operations.bring_in(session, CONFIG, leader, other, shown)
    with database.write() as session:
        assert queries.get_version(session, world.registration_id, begun) == AWARD
        now = queries.framework_in_force(session, *where, "outcomes-2014")
        assert now == replace(other, version=2)
        newer = operations.keep_in_force(session, *where, "outcomes-2014")
        assert newer != begun
        assert queries.get_version(session, world.registration_id, newer) == now
        found = queries.list_in_force(session, *where, "outcomes")
        assert [(one.key, one.version) for one, _ in found] == [
            ("npq-senco", 1),
            ("outcomes-2014", 2),
            ("outcomes-2009", 1),
        ]
        operations.put_back(session, CONFIG, leader, "outcomes-2014", 0, queries.digest_of(now))
        assert queries.framework_in_force(session, *where, "outcomes-2014") == AWARD
        with pytest.raises(Conflict, match="Somebody put another"):
            operations.put_back(session, CONFIG, leader, "outcomes-2014", 2, "looked at earlier")
        assert queries.find_version(session, world.registration_id, "outcomes-2014", 2**40) is None


def test_two_leaders_at_once_do_not_overwrite_each_other(
    tmp_path: Path, database: Database
) -> None:
    world = make_world(tmp_path, database)
    leader, shown = _leader_of(world), queries.digest_of(STANDARDS)
    answers: list[str] = []
    together = threading.Barrier(2)

    def put(title: str) -> None:
        together.wait()
        try:
            with database.write() as session:
                made = replace(STANDARDS, title=title, is_shipped=False)
                operations.bring_in(session, CONFIG, leader, made, shown)
            answers.append("put")
        except Conflict:
            answers.append("conflict")

    threads = [threading.Thread(target=put, args=(title,)) for title in ("One", "Two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["conflict", "put"]
    with database.read() as session:
        versions = queries.list_versions(session, world.registration_id, KEY)
    assert [one.framework.version for one in versions] == [2, 1]


def test_a_changed_file_is_a_new_version_for_those_who_chose_nothing(
    tmp_path: Path, database: Database
) -> None:
    world = make_world(tmp_path, database)
    with database.write() as session:
        first = operations.keep_shipped(session, STANDARDS)
        second = operations.keep_shipped(session, replace(STANDARDS, title="New words"))
        assert operations.keep_shipped(session, STANDARDS) == first != second
        assert operations.keep_in_force(session, CONFIG, world.registration_id, KEY) == first
    assert load_frameworks(CONFIG)[KEY] == STANDARDS


def test_what_is_in_force_is_one_query(world: World, leader: Visitor) -> None:
    _bring(leader, word_file(TABLE))
    asked: list[str] = []

    def note(_c, _cursor, statement: str, *_more: object) -> None:
        asked.append(statement)

    listen(world.database, note)
    try:
        with world.database.read() as session:
            queries.framework_in_force(session, CONFIG, world.registration_id, KEY)
            queries.list_in_force(session, CONFIG, world.registration_id)
    finally:
        stop_listening(world.database, note)
    assert sum(one.startswith("SELECT") for one in asked) == 2
