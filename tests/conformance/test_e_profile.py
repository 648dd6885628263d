"""Cases 106 to 108: who people are, and how the platform presents us (LTI Core 1.3, 5.4.4)."""

import html
import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.conformance.cases import case
from tests.support import claims as c
from tests.support.claims import PERSONAL, REMOVED
from tests.support.door import STUDENT_VIEW, Door


@case(106, "name and e-mail changed in the platform")
def test_case_106_profile_follows_identity_stays(door: Door) -> None:
    door.enter({"sub": "106", "name": "Before", "email": "before@students.example"})
    first = door.tool.execute("SELECT id FROM person WHERE sub = '106'")
    door.enter({"sub": "106", "name": "After", "email": "after@students.example"})
    now = door.tool.execute("SELECT id, name, email FROM person WHERE sub = '106'")
    assert [tuple(row) for row in now] == [(first[0].id, "After", "after@students.example")]


@case(107, "same e-mail with another sub; same sub at another issuer")
def test_case_107_nobody_is_merged(door: Door) -> None:
    email = "shared@students.example"
    other = door.new_platform()
    door.enter({"sub": "107", "email": email})
    door.enter({"sub": "107b", "email": email})
    door.enter({"sub": "107", "email": email}, platform=other)
    rows = door.tool.execute("SELECT id FROM person WHERE email = :e", e=email)
    assert len(rows) == 3


@case(108, "locale, launch_presentation and return_url")
@pytest.mark.parametrize(
    "presentation",
    [
        REMOVED,
        None,
        {},
        {"locale": "cy-GB", "document_target": "window", "width": "x", "height": None},
        {"locale": 7, "return_url": 7},
        {"locale": '"><script>alert(1)</script>', "css_url": "https://attacker.example/x.css"},
    ],
)
def test_case_108_presentation_does_no_harm(door: Door, presentation: Any) -> None:
    page = door.enter({c.PRESENTATION: presentation})
    assert STUDENT_VIEW in page.text and "alert(1)" not in page.text
    assert "attacker.example" not in page.text


@case(108, "locale, launch_presentation and return_url")
def test_case_108_way_back_is_shown_encoded_once_the_message_is_proved(door: Door) -> None:
    back = 'https://vle.example/r?a=1&lti_msg="><script>alert(1)</script>'
    shown = {c.PRESENTATION: {"return_url": back}}
    page = door.refuses({**shown, c.ROLES: REMOVED}, "claim_missing")
    links = re.findall(r'<a href="([^"]*)"', page.text)
    start = "https://vle.example/r?a=1&amp;lti_msg=&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"
    assert len(links) == 1 and links[0].startswith(f"{start}&amp;lti_errormsg=")
    assert "<script" not in page.text


@case(108, "locale, launch_presentation and return_url")
@pytest.mark.parametrize(
    "back", ["https://vle.example/r", "https://vle.example/r?a=1&sesskey=x#top", "http://[::1]/?"]
)
def test_case_108_the_way_back_says_what_happened_and_nothing_of_the_person(
    door: Door, back: str
) -> None:
    changes = {c.PRESENTATION: {"return_url": back}, c.MESSAGE_TYPE: "LtiEulaRequest"}
    page = door.refuses(changes, "message_unsupported")
    (link,) = (html.unescape(one) for one in re.findall(r'<a href="([^"]*)"', page.text))
    told, before = urlsplit(link), urlsplit(back)
    assert (told.scheme, told.netloc, told.path) == (before.scheme, before.netloc, before.path)
    assert told.query.startswith(before.query) and told.fragment == before.fragment
    said = dict(parse_qsl(told.query, strict_parsing=True))
    reference = re.search(r"reference <code>(\w+)</code>", page.text)
    assert reference
    assert said["lti_errorlog"] == f"message_unsupported, reference {reference[1]}"
    assert said["lti_errormsg"].startswith("This kind of link is not one we can open.")
    assert not [word for word in PERSONAL if word in told.query.replace("sesskey", "")]


@case(108, "locale, launch_presentation and return_url")
@pytest.mark.parametrize(
    "url", ["https://[x", "https://", "https://vle.example:99999/", "https://vle.example:0/"]
)
def test_case_108_a_way_back_that_is_no_address_is_left_out(door: Door, url: str) -> None:
    changes = {c.PRESENTATION: {"return_url": url}, c.MESSAGE_TYPE: "LtiEulaRequest"}
    assert "<a href" not in door.refuses(changes, "message_unsupported").text
    assert door.enter({c.PRESENTATION: {"return_url": url}}).status_code == 200


@case(108, "locale, launch_presentation and return_url")
@pytest.mark.parametrize(
    "fault",
    [{"nonce": "never-issued"}, {"exp": 22222, "iat": 11111}, {"aud": "other"}, "forged"],
)
def test_case_108_no_way_back_where_nothing_is_proved(door: Door, fault: Any) -> None:
    changes = {c.PRESENTATION: {"return_url": "https://attacker.example/"}, c.ROLES: REMOVED}
    how = {"alg": "none"} if fault == "forged" else {}
    done = door.attempt(changes | (fault if isinstance(fault, dict) else {}), **how)
    code = done.response.headers["X-Reason-Code"]
    page = door.is_refusal(done.response, code)
    assert "attacker.example" not in page.text


@case(108, "locale, launch_presentation and return_url")
@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//attacker.example", 7]
)
def test_case_108_way_back_must_be_a_web_address(door: Door, url: Any) -> None:
    changes = {c.PRESENTATION: {"return_url": url}, c.MESSAGE_TYPE: "LtiEulaRequest"}
    assert "<a href" not in door.refuses(changes, "message_unsupported").text
