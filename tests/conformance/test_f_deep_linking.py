"""Cases 109 to 129: choosing activities by deep linking (Deep Linking 2.0)."""

import re
from datetime import datetime
from typing import Any

import pytest

from tests.conformance.cases import case
from tests.support import choosing as dl
from tests.support import claims as c
from tests.support.choosing import PICKER
from tests.support.claims import REMOVED
from tests.support.door import STAFF_VIEW, STUDENT_VIEW, Door

_GENERIC = {c.LTI + "tool_platform": {"product_family_code": "someone-else", "version": "1"}}


def _rows(door: Door, statement: str, **values: Any) -> list[Any]:
    return [tuple(row) for row in door.tool.execute(statement, **values)]


@case(109, "deep linking request received")
def test_case_109_the_picker_is_shown(door: Door) -> None:
    picker = dl.open_picker(door)
    assert PICKER in picker.page.text
    assert "Provision-map audit" in picker.page.text
    assert "Maximum mark" in picker.page.text and "refuses fractions" in picker.page.text
    assert "Full width" not in picker.page.text, "the answer belongs into the frame"


@case(109, "deep linking request received")
def test_case_109_a_target_may_be_left_out_but_not_be_foreign(door: Door) -> None:
    assert PICKER in dl.open_picker(door, {c.TARGET_LINK_URI: REMOVED}).page.text
    foreign = {c.TARGET_LINK_URI: "https://elsewhere.example/"}
    door.is_refusal(dl.attempt(door, foreign).response, "target_foreign")


@case(110, "answer at deep_link_return_url")
def test_case_110_a_form_posts_the_answer(door: Door) -> None:
    page = dl.open_picker(door).send()
    action, fields = dl.form_of(page)
    assert action == dl.return_url(door)
    assert list(fields) == ["JWT"]
    assert re.search(r'<script src="/assets/\w+/auto-post.js" defer></script>', page.text)
    policy = page.headers["Content-Security-Policy"]
    assert f"form-action 'self' {door.server.url};" in policy
    assert "'unsafe-inline'" not in policy


@case(110, "answer at deep_link_return_url")
def test_case_110_other_pages_let_no_form_lead_there(door: Door) -> None:
    page = dl.open_picker(door).page
    assert "form-action 'self';" in page.headers["Content-Security-Policy"]


@case(111, "message type of the answer")
@case(112, "iat and exp of the answer")
@case(114, "required claims of the answer")
def test_case_111_112_114_the_answer_has_what_it_must(door: Door) -> None:
    before = dl.now()
    answer = dl.open_picker(door).answer()
    assert answer[c.MESSAGE_TYPE] == "LtiDeepLinkingResponse"
    assert answer[c.VERSION] == "1.3.0"
    assert answer["iss"] == door.platform.client_id
    assert answer["aud"] == door.platform.issuer
    assert answer[c.DEPLOYMENT_ID] == door.platform.deployment_ids[0]
    assert before <= answer["iat"] <= dl.now()
    assert 30 <= answer["exp"] - answer["iat"] <= 600
    assert len(answer["nonce"]) >= 22
    assert len(answer[dl.ITEMS]) == 1


@case(113, "signature of the answer")
def test_case_113_the_answer_is_signed_with_a_published_key(door: Door) -> None:
    one, two = dl.open_picker(door), dl.open_picker(door)
    assert one.answer()["nonce"] != two.answer()["nonce"]  # read_answer checks the signature


@case(115, "what was picked is what is returned")
def test_case_115_values_come_back_and_the_link_launches(door: Door) -> None:
    row = {"title": "Audit for cohort B", "text": "Bring your map.", "maximum": "60"}
    (item,) = dl.open_picker(door).answer(row)[dl.ITEMS]
    assert item["type"] == "ltiResourceLink"
    assert (item["title"], item["text"]) == ("Audit for cohort B", "Bring your map.")
    assert item["url"] == f"{door.tool.url}/lti/launch"
    assert item["custom"]["activity"] == "provision-map-audit"
    assert item["custom"]["context_history"] == "$Context.id.history"
    assert item["lineItem"]["scoreMaximum"] == 60
    launch = dl.link_claims(item, "115")
    assert STUDENT_VIEW in door.enter(launch).text
    assert STAFF_VIEW in door.enter(launch, role="teacher").text
    found = _rows(
        door,
        "SELECT a.title, a.maximum FROM assignment a JOIN resource_link r"
        " ON r.assignment_id = a.id WHERE r.resource_link_id = '115'",
    )
    assert found == [("Audit for cohort B", "60")]


@case(115, "what was picked is what is returned")
def test_case_115_work_of_the_course_is_linked_and_not_set_again(door: Door) -> None:
    changes = {c.CONTEXT: {"id": "115b", "title": "Linked twice"}}
    (first,) = dl.open_picker(door, changes).answer({"title": "Once"})[dl.ITEMS]
    door.enter(dl.link_claims(first, "115x", **changes), role="teacher")
    picker = dl.open_picker(door, changes)
    assert "Already in this course: Once" in picker.page.text
    (second,) = picker.answer({"what": f"old:{first['custom']['resource_id']}"})[dl.ITEMS]
    assert second["custom"] == first["custom"]
    assert "lineItem" not in second, "one assignment has one column"
    door.enter(dl.link_claims(second, "115y", **changes))
    links = _rows(
        door,
        "SELECT count(DISTINCT assignment_id) FROM resource_link"
        " WHERE resource_link_id IN ('115x', '115y')",
    )
    assert links == [(1,)]


@case(115, "what was picked is what is returned")
def test_case_115_the_same_choice_twice_sets_work_once(door: Door) -> None:
    changes = {c.CONTEXT: {"id": "115c"}}
    picker = dl.open_picker(door, changes)
    one, two = picker.answer({"title": "Clicked twice"}), picker.answer({"title": "Clicked twice"})
    assert one[dl.ITEMS] == two[dl.ITEMS] and one["nonce"] != two["nonce"]
    assert _rows(door, "SELECT count(*) FROM assignment WHERE title = 'Clicked twice'") == [(1,)]


@case(115, "what was picked is what is returned")
@pytest.mark.parametrize(
    ("activity", "title"),
    [("placement-log", "Placement log"), ("provision-map-audit", "Provision-map audit")],
)
def test_case_115_every_activity_is_offered(door: Door, activity: str, title: str) -> None:
    picker = dl.open_picker(door, {c.CONTEXT: {"id": f"115-{activity}"}})
    assert f"{title} (Level 7)" in dl.text_of(picker.page), "its rubric is told"
    (item,) = picker.answer({"what": f"new:{activity}"})[dl.ITEMS]
    assert item["title"] == title and item["custom"]["activity"] == activity
    asked = (
        "SELECT rules_key, rubric_key FROM assignment WHERE activity = :activity ORDER BY id DESC"
    )
    rules = "complete" if activity == "placement-log" else "standard"
    assert _rows(door, asked, activity=activity)[0] == (rules, activity)


@case(116, "settings.data comes back")
@pytest.mark.parametrize(
    "data", ["", "csrf-42", " \"<&>' \u00e9\u4e2d\U0001f600\n\t\\ ", "x" * 20_000, "$Context.id"]
)
def test_case_116_data_comes_back_unchanged(door: Door, data: str) -> None:
    picker = dl.open_picker(door, data=data)
    assert picker.answer()[dl.DATA] == data
    assert picker.answer(act="cancel")[dl.DATA] == data


@case(116, "settings.data comes back")
@pytest.mark.parametrize("data", [REMOVED, None])
def test_case_116_no_data_no_claim(door: Door, data: Any) -> None:
    assert dl.DATA not in dl.open_picker(door, data=data).answer()


@case(116, "settings.data comes back")
@pytest.mark.parametrize("data", [7, {"a": 1}, ["x"], True])
def test_case_116_data_that_is_no_text(door: Door, data: Any) -> None:
    door.is_refusal(dl.attempt(door, data=data).response, "claim_unusable")


@case(117, "nothing picked")
def test_case_117_cancel_goes_back_with_nothing(door: Door) -> None:
    before = _rows(door, "SELECT count(*) FROM assignment")
    picker = dl.open_picker(door)
    answer = picker.answer(act="cancel")
    assert answer[dl.ITEMS] == [] and answer[dl.MSG] == "Nothing was added."
    assert dl.ERRORMSG not in answer
    assert _rows(door, "SELECT count(*) FROM assignment") == before


@case(118, "accept_multiple")
def test_case_118_three_where_many_are_taken(door: Door) -> None:
    picker = dl.open_picker(door)
    assert "Choose one more activity" in picker.page.text
    more = picker.send("another", {"title": "One"}, {"title": "Two"})
    assert more.status_code == 200 and 'name="item2-title"' in more.text
    assert 'value="One"' in more.text and 'value="Two"' in more.text
    fewer = picker.send("fewer", {"title": "One"}, {"title": "Two"})
    assert 'name="item1-title"' not in fewer.text
    items = picker.answer({"title": "One"}, {"title": "Two"}, {"title": "Three"})[dl.ITEMS]
    assert [item["title"] for item in items] == ["One", "Two", "Three"]
    assert len({item["custom"]["resource_id"] for item in items}) == 3


@case(118, "accept_multiple")
@case(119, "accept_multiple as text")
@pytest.mark.parametrize("said", [False, "false", "False", REMOVED, None])
def test_case_118_119_one_where_one_is_taken(door: Door, said: Any) -> None:
    picker = dl.open_picker(door, accept_multiple=said)
    assert "Choose one more activity" not in picker.page.text
    assert len(picker.answer({"title": "One"}, {"title": "Two"})[dl.ITEMS]) == 1
    assert 'name="item1-title"' not in picker.send("another", {"title": "One"}).text


@case(119, "accept_multiple as text")
@pytest.mark.parametrize("said", ["true", "True", True])
def test_case_119_true_as_text(door: Door, said: Any) -> None:
    assert len(dl.open_picker(door, accept_multiple=said).answer({}, {})[dl.ITEMS]) == 2


@case(119, "accept_multiple as text")
@pytest.mark.parametrize("said", ["perhaps", 1, 0, "", [], {}])
def test_case_119_neither_yes_nor_no(door: Door, said: Any) -> None:
    door.is_refusal(dl.attempt(door, accept_multiple=said).response, "claim_unusable")


@case(120, "accept_types without ltiResourceLink")
@pytest.mark.parametrize("types", [[], ["link", "file", "html", "image"]])
def test_case_120_other_kinds_are_explained_and_returned(door: Door, types: list[str]) -> None:
    picker = dl.open_picker(door, accept_types=types)
    assert "asked for another kind of content" in picker.page.text
    answer = picker.answer()
    assert answer[dl.ITEMS] == []
    assert "another kind of content" in answer[dl.ERRORMSG]
    assert answer[dl.ERRORLOG] == "accept_types holds no ltiResourceLink"


@case(120, "accept_types without ltiResourceLink")
@pytest.mark.parametrize("types", [REMOVED, None, "ltiResourceLink", 7, [7], {"a": 1}])
def test_case_120_types_that_cannot_be_read(door: Door, types: Any) -> None:
    done = dl.attempt(door, accept_types=types)
    door.is_refusal(done.response, "claim_missing", "claim_unusable")


@case(121, "accept_lineitem false or absent")
@pytest.mark.parametrize("said", [False, "false", REMOVED, None])
def test_case_121_no_line_item_unless_it_is_taken(door: Door, said: Any) -> None:
    picker = dl.open_picker(door, _GENERIC, accept_lineitem=said)
    assert "lineItem" not in picker.answer()[dl.ITEMS][0]


@case(121, "accept_lineitem false or absent")
def test_case_121_moodle_takes_line_items_without_saying_so(door: Door) -> None:
    assert "lineItem" in dl.open_picker(door).answer()[dl.ITEMS][0]
    refused = dl.open_picker(door, accept_lineitem=False)
    assert "lineItem" not in refused.answer()[dl.ITEMS][0]


@case(122, "line item of an item")
def test_case_122_the_line_item_is_whole(door: Door) -> None:
    picker = dl.open_picker(door, _GENERIC, accept_lineitem=True)
    (item,) = picker.answer({"title": "Weighed", "maximum": "40"})[dl.ITEMS]
    column = item["lineItem"]
    assert column["label"] == "Weighed"
    assert column["scoreMaximum"] == 40 and type(column["scoreMaximum"]) is int
    assert column["resourceId"] == item["custom"]["resource_id"]
    assert column["tag"] == "provision-map-audit"
    assert column["submissionReview"]["reviewableStatus"]
    assert column["submissionReview"]["url"] == item["url"]


@case(122, "line item of an item")
@pytest.mark.parametrize("maximum", ["0", "101", "150", "12.5", "", "many", "-5", "1e2"])
def test_case_122_a_maximum_that_moodle_would_not_keep(door: Door, maximum: str) -> None:
    page = dl.open_picker(door).send("send", {"maximum": maximum})
    assert page.status_code == 422 and "There is a problem" in page.text


@case(122, "line item of an item")
def test_case_122_other_platforms_take_larger_maxima(door: Door) -> None:
    picker = dl.open_picker(door, _GENERIC, accept_lineitem="true")
    assert picker.answer({"maximum": "150"})[dl.ITEMS][0]["lineItem"]["scoreMaximum"] == 150


@case(123, "dates and text of an item")
def test_case_123_dates_are_whole_and_kept_in_the_tool(door: Door) -> None:
    row = {"title": "Dated", "due_at": "2027-06-01T16:00", "board_on": "2027-07-01", "text": "T"}
    (item,) = dl.open_picker(door).answer(row)[dl.ITEMS]
    ends = datetime.fromisoformat(item["submission"]["endDateTime"])
    assert ends.isoformat() == "2027-06-01T15:00:00+00:00"
    assert item["text"] == "T"
    found = _rows(door, "SELECT due_at, board_on FROM assignment WHERE title = 'Dated'")
    assert [str(value)[:10] for value in found[0]] == ["2027-06-01", "2027-07-01"]


@case(123, "dates and text of an item")
def test_case_123_without_dates_no_times_are_made_up(door: Door) -> None:
    (item,) = dl.open_picker(door).answer()[dl.ITEMS]
    assert not {"submission", "available", "icon", "text"} & set(item)


@case(124, "unusable deep_link_return_url")
@pytest.mark.parametrize(
    "url",
    [
        REMOVED,
        None,
        "",
        7,
        ["https://platform.example/"],
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://127.0.0.1/",
        "//127.0.0.1/x",
        "/mod/lti/contentitem_return.php",
        "https://",
        "https://[::1",
        "https://127.0.0.1:99999/",
        " {ours}",
        "{ours}\n",
        "{ours}\\@elsewhere.example",
        "https://elsewhere.example/return",
        "{site}.elsewhere.example/return",
        "{site}@elsewhere.example/return",
        "http://user:word@127.0.0.1/return",
        "{site}0/return",
    ],
)
def test_case_124_refused_with_a_reason(door: Door, url: Any) -> None:
    if isinstance(url, str):
        url = url.replace("{ours}", dl.return_url(door)).replace("{site}", door.server.url)
    done = dl.attempt(door, deep_link_return_url=url)
    codes = ("return_url_missing", "return_url_unusable", "return_url_foreign")
    door.is_refusal(done.response, *codes)


@case(124, "unusable deep_link_return_url")
def test_case_124_the_issuers_own_site_is_good(door: Door) -> None:
    url = f"{door.platform.issuer}/courses/1/return?x=1"
    action, _ = dl.form_of(dl.open_picker(door, deep_link_return_url=url).send())
    assert action == url


@case(124, "unusable deep_link_return_url")
@pytest.mark.parametrize("settings", [REMOVED, None, "x", [], 7])
def test_case_124_settings_that_cannot_be_read(door: Door, settings: Any) -> None:
    done = dl.attempt(door, {dl.SETTINGS: settings})
    door.is_refusal(done.response, "claim_missing", "claim_unusable")


@case(125, "deep_link_return_url with quotes or markup")
def test_case_125_the_address_is_escaped(door: Door) -> None:
    url = dl.return_url(door) + "&x=\"'><script>alert(1)</script>&y=%22"
    page = dl.open_picker(door, deep_link_return_url=url).send()
    assert dl.form_of(page)[0] == url
    assert "<script>" not in page.text


@case(125, "deep_link_return_url with quotes or markup")
def test_case_125_markup_in_a_title_stays_text(door: Door) -> None:
    title = '"><script>alert(1)</script> & <b>bold</b>'
    picker = dl.open_picker(door)
    again = picker.send("another", {"title": title})
    assert "<script>alert" not in again.text and "<b>bold" not in again.text
    (item,) = picker.answer({"title": title})[dl.ITEMS]
    assert item["title"] == title


@case(126, "request without roles, person or context")
@pytest.mark.parametrize("roles", [REMOVED, [], [c.MENTOR], [c.SYSTEM_ADMINISTRATOR]])
def test_case_126_no_rights_without_a_staff_role(door: Door, roles: Any) -> None:
    done = dl.attempt(door, {c.ROLES: roles})
    assert door.is_refusal(done.response, "staff_only").status_code == 403


@case(126, "request without roles, person or context")
def test_case_126_an_unnamed_tutor_may_choose(door: Door) -> None:
    before = _rows(door, "SELECT count(*) FROM membership")
    unnamed = {key: REMOVED for key in ("sub", "name", "given_name", "family_name", "email")}
    assert len(dl.open_picker(door, unnamed).answer()[dl.ITEMS]) == 1
    assert _rows(door, "SELECT count(*) FROM membership") == before
    for ours in ("~unnamed~x", "~erased~1"):
        taken = {"sub": ours, c.MESSAGE_TYPE: "LtiResourceLinkRequest"}
        door.refuses(taken, "claim_unusable")


@case(126, "request without roles, person or context")
def test_case_126_without_a_course_the_choice_waits_for_its_first_launch(door: Door) -> None:
    row = {"title": "From nowhere", "maximum": "70", "due_at": "2027-06-01T16:00"}
    picker = dl.open_picker(door, {c.CONTEXT: REMOVED})
    (item,) = picker.answer(row)[dl.ITEMS]
    other = dl.open_picker(door, {c.CONTEXT: REMOVED})
    assert "From nowhere" not in other.page.text, "nobody sees what others chose"
    place = {c.CONTEXT: {"id": "126", "title": "A course"}}
    assert STAFF_VIEW in door.enter(dl.link_claims(item, "126", **place), role="teacher").text
    found = _rows(
        door,
        "SELECT a.title, a.maximum, a.due_at IS NOT NULL FROM assignment a JOIN resource_link r"
        " ON r.assignment_id = a.id WHERE r.resource_link_id = '126'",
    )
    assert [(title, maximum, bool(due)) for title, maximum, due in found] == [
        ("From nowhere", "70", True)
    ]


@case(127, "a student sends a deep linking request")
def test_case_127_students_are_refused(door: Door) -> None:
    done = dl.attempt(door, role="student")
    page = door.is_refusal(done.response, "staff_only")
    assert page.status_code == 403 and "who teaches on a course" in page.text


@case(127, "a student sends a deep linking request")
def test_case_127_a_students_visit_opens_no_picker(door: Door) -> None:
    done = door.attempt()
    page = door.enters(done.browser, done.response)
    start = re.search(r"/v/\w+/", page.url)[0]
    assert done.browser.ask("GET", f"{start}choose").status_code == 403
    teaching = door.attempt(role="teacher")
    page = door.enters(teaching.browser, teaching.response)
    start = re.search(r"/v/\w+/", page.url)[0]
    assert teaching.browser.ask("GET", f"{start}choose").status_code == 404


@case(128, "answer after a long pause")
def test_case_128_the_answer_is_signed_when_it_is_sent(door: Door) -> None:
    picker = dl.open_picker(door)
    first = picker.answer({"title": "Slowly"})
    while dl.now() <= first["iat"]:
        pass
    second = picker.answer({"title": "Slowly"})
    assert second["iat"] > first["iat"] and second["exp"] > first["exp"]
    assert dl.now() - second["iat"] <= 5


@case(129, "a deep link placed in two courses")
def test_case_129_two_courses_have_two_assignments(door: Door) -> None:
    (item,) = dl.open_picker(door).answer({"title": "Shared words", "maximum": "55"})[dl.ITEMS]
    door.enter(dl.link_claims(item, "129a"), role="teacher")
    elsewhere = {c.CONTEXT: {"id": "129-other", "title": "Another course"}}
    door.enter(dl.link_claims(item, "129b", **elsewhere), role="teacher")
    found = _rows(
        door,
        "SELECT a.maximum, a.copied_from_id FROM assignment a JOIN resource_link r"
        " ON r.assignment_id = a.id WHERE r.resource_link_id IN ('129a', '129b')"
        " ORDER BY r.resource_link_id",
    )
    assert found == [("55", None), ("100", None)], "nothing of a course that history omits"


@case(129, "a deep link placed in two courses")
@case(164, "copied course")
def test_case_129_164_a_copied_course_has_the_set_up_and_its_own_column(door: Door) -> None:
    source = {c.CONTEXT: {"id": "164", "title": "The first year"}}
    (item,) = dl.open_picker(door, source).answer({"title": "Copied", "maximum": "45"})[dl.ITEMS]
    door.enter(dl.link_claims(item, "164a", **source), role="teacher")
    services = f"{door.server.url}{door.platform.path}"
    column = f"{services}/165/lineitems/7/lineitem?type_id=2"
    copy = {
        c.CONTEXT: {"id": "165", "title": "The second year"},
        c.ENDPOINT: {
            "scope": ["https://purl.imsglobal.org/spec/lti-ags/scope/score"],
            "lineitems": f"{services}/165/lineitems?type_id=2",
            "lineitem": column,
        },
    }
    assert STUDENT_VIEW in door.enter(dl.link_claims(item, "165a", history="164", **copy)).text
    page = door.enter(dl.link_claims(item, "165a", history="164", **copy), role="teacher")
    assert "came with a copied course" in page.text and "The first year" in page.text
    found = _rows(
        door,
        "SELECT a.maximum, a.due_at, a.copied_from_id IS NOT NULL, l.url, l.resource_id"
        " FROM assignment a JOIN resource_link r ON r.assignment_id = a.id"
        " JOIN line_item l ON l.assignment_id = a.id WHERE r.resource_link_id = '165a'",
    )
    assert [tuple(found[0][:2]), bool(found[0][2]), *found[0][3:]] == [
        ("45", None), True, column, item["custom"]["resource_id"],
    ]  # fmt: skip


@case(237, "the answer is posted twice")
def test_case_237_the_form_holds_the_answer_alone(door: Door) -> None:
    picker = dl.open_picker(door)
    pages = [picker.send("send", {"title": "Reposted"}), picker.send("cancel")]
    for page in pages:
        _, fields = dl.form_of(page)
        assert list(fields) == ["JWT"], "Moodle adds its own field when it posts once more"
        assert "csrf_token" not in fields
