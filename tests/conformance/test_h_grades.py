"""Cases 148 to 169 that no other suite proves: what goes over the wire for columns and scores.

Most of this block's cases stand in tests/integration/gradebook, marked with their numbers.
"""

import json
from decimal import Decimal
from typing import Any

from werkzeug.wrappers import Response

from lti_tool.gradebook.changing import change_due
from lti_tool.gradebook.operations import change_column
from tests.conformance.cases import case
from tests.conformance.grades import *  # noqa: F403
from tests.integration.gradebook.bench import Bench
from tests.support import builders
from tests.support import claims as c
from tests.support.door import Door
from tests.support.wire import Wire

_AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"
_LIS = "application/vnd.ims.lis.v2."


def _scopes_asked(wire: Wire) -> list[str]:
    return [asked.form["scope"][0] for asked in wire.of("POST", "/token")]


def _has_bearer(asked: Any) -> bool:
    kind, _, token = asked.headers["Authorization"].partition(" ")
    return kind == "Bearer" and len(token) > 10


@case(148, "student launch with the AGS claim")
def test_case_148_the_claim_is_kept(door: Door) -> None:
    door.enter({c.CONTEXT: {"id": "ags-148"}, c.RESOURCE_LINK: {"id": "148", "title": "AGS"}})
    (row,) = door.tool.execute(
        "SELECT l.url, l.line_items_url, l.scopes FROM line_item l "
        "JOIN context x ON x.id = l.context_id WHERE x.context_id = 'ags-148'"
    )
    assert row.url.endswith("/2/lineitems/2/lineitem?type_id=2")
    assert row.line_items_url.endswith("/2/lineitems?type_id=2")
    assert set(row.scopes.split()) == set(builders.ALL_SCOPES)


@case(149, "line items are read as the specification says")
@case(150, "a line item is made as the specification says")
def test_cases_149_150_looking_for_a_column_and_making_it(bench: Bench, wire: Wire) -> None:
    assignment = bench.set_work(None, link="2")
    delivery_id = bench.release(62, assignment=assignment)
    bench.drain()
    read = wire.of("GET", "/lineitems")
    assert read
    for asked in read:
        assert asked.headers["Accept"] == _LIS + "lineitemcontainer+json" and _has_bearer(asked)
    (made,) = wire.of("POST", "/lineitems")
    assert made.headers["Content-Type"].split(";")[0] == _LIS + "lineitem+json"
    assert _has_bearer(made)
    assert _scopes_asked(wire)[0] == _AGS + "lineitem"
    body = json.loads(made.body)
    assert body["resourceId"] == assignment.resource_id and body["resourceLinkId"] == "2"
    assert body["scoreMaximum"] == 100 and body["label"] == assignment.title
    (column,) = bench.platform.columns_of_link("2")
    assert bench.line_item(assignment).url == bench.platform.column_url(column.id)
    assert bench.row(delivery_id).state == "delivered"


@case(151, "a score is sent as the specification says")
def test_case_151_a_score(bench: Bench, wire: Wire) -> None:
    bench.release(62)
    bench.drain()
    (sent,) = wire.of("POST", "/scores")
    assert sent.path == "/mod/lti/services/2/lineitems/1/lineitem/scores"
    assert sent.query == "type_id=1"
    assert sent.headers["Content-Type"].split(";")[0] == "application/vnd.ims.lis.v1.score+json"
    assert _has_bearer(sent) and _scopes_asked(wire) == [_AGS + "score"]


@case(152, "results are read as the specification says")
def test_case_152_results(bench: Bench, wire: Wire) -> None:
    bench.release(62)
    bench.platform.trouble("score", answer=lambda: Response("[]", 409))
    bench.drain()
    (asked,) = wire.of("GET", "/results")
    assert asked.path == "/mod/lti/services/2/lineitems/1/lineitem/results"
    assert asked.headers["Accept"] == _LIS + "resultcontainer+json" and _has_bearer(asked)
    assert _scopes_asked(wire) == [_AGS + "score", _AGS + "result.readonly"]


@case(154, "what every score holds")
@case(225, "anything but FullyGraded wipes the grade")
def test_case_154_only_legal_values_are_sent(bench: Bench, wire: Wire) -> None:
    for mark in (62, 70, 0):
        bench.release(mark)
        bench.drain()
    for sent in wire.of("POST", "/scores"):
        body = json.loads(sent.body)
        assert {"userId", "timestamp", "activityProgress", "gradingProgress"} <= set(body)
        assert body["scoreMaximum"] > 0 and "scoreGiven" in body
        assert body["activityProgress"] == "Completed"
        assert body["gradingProgress"] == "FullyGraded"


@case(161, "comments: plain, long, markup, emoji, and an update")
def test_case_161_comments(bench: Bench, wire: Wire) -> None:
    words = "Good 👍 <script>alert(1)</script> & “quotes”\n" + "Long. " * 700
    bench.release(62, feedback=words)
    bench.drain()
    first = json.loads(wire.of("POST", "/scores")[0].body)["comment"]
    assert words.strip() in first
    assert bench.platform.shown(bench.column, "5").feedback == first
    bench.release(63, feedback=words)
    bench.drain()
    again = json.loads(wire.of("POST", "/scores")[1].body)["comment"]
    assert again.strip(), "each score replaces the comment, so it is sent again"


@case(164, "copied course")
def test_case_164_the_copied_column_is_bound(bench: Bench, wire: Wire) -> None:
    """After a course copy Moodle has a column with the old resource id on the new link."""
    values = {
        "label": "Copied",
        "maximum": 100,
        "resource_id": "of-the-old-course",
        "tag": "mark",
        "resource_link_id": "2",
    }
    item = bench.platform._parts.gradebook.add_item("2", values)
    assignment = bench.set_work(None, link="2")
    delivery_id = bench.release(62, assignment=assignment)
    bench.drain()
    assert bench.row(delivery_id).state == "delivered"
    assert wire.of("POST", "/lineitems") == []
    assert bench.line_item(assignment).url == bench.platform.column_url(item.id)


@case(165, "a line item’s id and link are never changed")
def test_case_165_a_put_sends_back_all_that_the_platform_has(bench: Bench, wire: Wire) -> None:
    """Only label and maximum differ; fields we know nothing of come back untouched."""
    there = {
        "id": bench.column,
        "label": "Old",
        "scoreMaximum": 100,
        "resourceId": "kept",
        "tag": "kept too",
        "resourceLinkId": "1",
        "ltiLinkId": "1",
        "startDateTime": "2026-09-01T00:00:00Z",
        "https://vendor.example/extra": {"a": [1, None]},
    }
    bench.platform.trouble("other", answer=lambda: Response(json.dumps(there)))
    with bench.database.write() as session:
        change_column(session, bench.assignment.id, label="New ‘title’", maximum=Decimal("12.5"))
    change_due(bench.database, bench.settings, lambda: False)
    (read,) = wire.of("GET", "/lineitem")
    (put,) = wire.of("PUT", "/lineitem")
    assert read.headers["Accept"] == put.headers["Accept"] == _LIS + "lineitem+json"
    assert put.headers["Content-Type"].split(";")[0] == _LIS + "lineitem+json"
    assert _has_bearer(put) and put.query == "type_id=1"
    assert json.loads(put.body) == {**there, "label": "New ‘title’", "scoreMaximum": 12.5}
    assert _scopes_asked(wire) == [_AGS + "lineitem"]


@case(165, "a line item’s id and link are never changed")
def test_case_165_without_a_change_no_column_is_replaced(bench: Bench, wire: Wire) -> None:
    assignment = bench.set_work(None, link="2")
    for mark in (62, 70):
        bench.release(mark, assignment=assignment)
        bench.drain()
    bench.release(55, "6")
    bench.drain()
    assert change_due(bench.database, bench.settings, lambda: False) is None
    assert {asked.method for asked in wire.asked} == {"GET", "POST"}


@case(167, "scopes: only score, only readonly, none")
def test_case_167_no_call_goes_out_without_its_scope(bench: Bench, wire: Wire) -> None:
    for name, scopes in (
        ("only-score", (_AGS + "score",)),
        ("readonly", (_AGS + "lineitem.readonly", _AGS + "result.readonly")),
        ("none", ()),
    ):
        assignment = bench.set_work(None, link=name, scopes=scopes)
        delivery_id = bench.release(62, assignment=assignment)
        bench.drain()
        assert bench.row(delivery_id).state == "needs_person", name
        for asked in _scopes_asked(wire):
            assert asked in scopes, name
        wire.asked.clear()
