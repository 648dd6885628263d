"""Pages that the law asks for: privacy, cookies, accessibility, and where to report a weakness."""

import re
from datetime import UTC, datetime
from pathlib import Path

import html5lib
import pytest
import time_machine

import lti_tool
from lti_tool.core.errors import Unusable
from lti_tool.people import guests, visits
from lti_tool.programme.keeping.terms import load_retention
from lti_tool.staff import sessions, sign_in_views
from lti_tool.web.contacts import load_contacts, security_txt
from tests.support.builders import CONFIG
from tests.support.visiting import World, make_world

PACKAGE = Path(lti_tool.__file__).parent
MODEL_FORM = (
    "Feedback and contact information",
    "Reporting accessibility problems with this tool",
    "Enforcement procedure",
    "Technical information about this tool’s accessibility",
    "Compliance status",
    "Non-accessible content",
    "Non-compliance with the accessibility regulations",
    "Disproportionate burden",
    "Content that is not within the scope of the accessibility regulations",
    "What we’re doing to improve accessibility",
    "Preparation of this accessibility statement",
)
"""Headings of the model form for the Regulations of 2018, in their order."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return make_world(tmp_path_factory.mktemp("law"))


def _page(world: World, path: str) -> str:
    answer = world.app.test_client().get(path, base_url="https://tool.example")
    assert answer.status_code == 200
    page: str = answer.get_data(as_text=True)
    html5lib.HTMLParser(strict=True).parse(page)
    return page


def test_the_fact_sheet_names_everybody_and_every_time(world: World) -> None:
    page = _page(world, "/privacy")
    for who in ("Schools", "Head teachers", "Mentors", "Hosts at partner schools", "Programmes"):
        assert re.search(rf"<th[^>]*>{who}</th>", page), who
    for term in load_retention(CONFIG).values():
        assert term.in_words in page, term.record
    assert page.count(">by itself<") == 1 and "/cookies" in page


def test_the_statement_has_the_parts_of_the_model_form(world: World) -> None:
    page = _page(world, "/accessibility")
    found = [one.strip() for one in re.findall(r"<h[23]>([^<]+)</h[23]>", page)]
    assert [one for one in found if one in MODEL_FORM] == list(MODEL_FORM)
    assert "partially compliant" in page and "axe" in page and "Not tested yet" in page


def test_the_cookie_page_names_every_cookie_and_store(world: World) -> None:
    page = _page(world, "/cookies")
    setting = [
        path
        for path in PACKAGE.rglob("*.py")
        if re.search(r"\.set_cookie\(|cookies\.keep\(|Set-Cookie", path.read_text("utf-8"))
        and "demo_platform" not in path.parts
    ]
    assert {path.name for path in setting} == {
        "cookies.py",
        "views.py",
        "visits.py",
        "guests.py",
        "guest_views.py",
        "sessions.py",
        "sign_in_views.py",
    }
    staff = (sessions.COOKIE, sign_in_views.COOKIE)
    for name in (visits.COOKIE, guests.COOKIE, "lti-login-", *staff):
        assert name in page, name
    stores = {
        prefix
        for path in PACKAGE.rglob("static/*.js")
        if "localStorage" in path.read_text("utf-8")
        for prefix in re.findall(r'PREFIX = "([^"]+)"', path.read_text("utf-8"))
    }
    assert stores and all(one in page for one in stores), stores


def _contacts(folder: Path, text: str) -> Path:
    (folder / "contacts.yaml").write_text(text, "utf-8")
    return folder


def test_security_txt_is_there_while_somebody_answers(world: World, tmp_path: Path) -> None:
    client = world.app.test_client()
    missing = client.get("/.well-known/security.txt", base_url="https://tool.example")
    assert missing.status_code == 404, "nobody is named as it ships"
    named = _contacts(
        tmp_path, "security: mailto:security@example.ac.uk\nsecurity_expires: 2027-08-31\n"
    )
    with time_machine.travel(datetime(2027, 8, 31, 20, tzinfo=UTC)):
        assert security_txt(named, "https://tool.example") == (
            "Contact: mailto:security@example.ac.uk\n"
            "Expires: 2027-08-31T23:59:59Z\n"
            "Preferred-Languages: en\n"
            "Canonical: https://tool.example/.well-known/security.txt\n"
        )
    with time_machine.travel(datetime(2027, 9, 2, tzinfo=UTC)):
        assert security_txt(named, "https://tool.example") is None, "the day has passed"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("security: somebody\nsecurity_expires: 2027-08-31\n", "“security”"),
        ("security: mailto:a@b.uk\n", "“security_expires”"),
    ],
)
def test_a_contact_that_cannot_be_used_stops_the_start(
    tmp_path: Path, text: str, named: str
) -> None:
    with pytest.raises(Unusable, match=named):
        load_contacts(_contacts(tmp_path, text))
