"""Links and codes guessed, reused, expired, edited, for another visit, opened by two at once,
after withdrawal: a friendly page, and nothing changed."""

import threading
from datetime import timedelta

import time_machine
from werkzeug.test import TestResponse

from lti_tool.activities.placement_log.confirming import proofs
from lti_tool.activities.placement_log.confirming.answering import Answer, answer
from lti_tool.activities.placement_log.confirming.operations import NotWaiting
from lti_tool.activities.placement_log.confirming.proofs import CODE, LINK, Ticket
from lti_tool.activities.placement_log.confirming.shown import what_is_shown
from lti_tool.core import clock as our_clock
from lti_tool.core.digests import document_digest
from tests.integration.placement_log.confirming.bench import HOST, SIGNED, Bench, on_sqlite, text_of


def _is_friendly(page: TestResponse, *statuses: int) -> None:
    assert page.status_code in statuses, page.status_code
    text = text_of(page)
    assert "<h1" in text and "Traceback" not in text and "Amara" not in text


@on_sqlite
def test_looking_changes_nothing(bench: Bench) -> None:
    link = bench.link()
    action, _ = bench.form(link)
    before = bench.rows()
    for _ in range(3):
        assert bench.get(link).status_code == bench.get(action).status_code == 200
        assert bench.host.head(link, base_url="https://tool.example").status_code == 200
    assert bench.rows() == before


@on_sqlite
def test_guessed_and_edited(bench: Bench) -> None:
    link = bench.link()
    action, hidden = bench.form(link)
    other = proofs.make_ticket("another secret of more than thirty characters", Ticket(1, LINK))
    bad_way = proofs._signer(bench.world.settings.secret_key).dumps([1, "paper"])
    before = bench.rows()
    for path in (
        link[:-1],
        link + "x",
        link.replace("open/", "open/W"),
        action[:-1],
        action + "x",
        f"/confirm/{other}",
        f"/confirm/{bad_way}",
        "/confirm/1",
        "/confirm/" + "A" * 3000,
        "/confirm/%00%ff",
        "/g/open/1",
    ):
        _is_friendly(bench.get(path), 404, 414)
        _is_friendly(bench.post(path, **hidden, **SIGNED), 404, 414)
    assert bench.rows() == before


@on_sqlite
def test_another_site_cannot_answer(bench: Bench) -> None:
    action, hidden = bench.form(bench.link())
    before = bench.rows()
    refused = bench.host.post(
        action,
        data={**hidden, **SIGNED},
        base_url="https://tool.example",
        headers={"Origin": "https://evil.example"},
    )
    _is_friendly(refused, 403)
    assert bench.rows() == before


def test_used_once(bench: Bench) -> None:
    link = bench.link()
    action, hidden = bench.form(link)
    bench.confirm(link)
    before = bench.rows()
    again = bench.post(action, **hidden, **SIGNED | {"yes-name": "Somebody Else"})
    assert again.status_code == 409
    assert "answered already" in text_of(again) and "nothing was changed" in text_of(again)
    assert "Jo Field" in text_of(again) and "Somebody Else" not in text_of(again)
    for other in ("not_mine", "pass"):
        late = bench.post(
            action, act=other, **{"pass-name": "Sam", "pass-email": "sam@hillside.sch.uk"}
        )
        assert late.status_code == 409
    assert bench.rows() == before


@on_sqlite
def test_expired(bench: Bench, clock: time_machine.Traveller) -> None:
    link = bench.link()
    action, hidden = bench.form(link)
    code = bench.code_in(bench.letters()[0])
    one = bench.visiting.asked()[0]
    assert one.expires_at.date().isoformat() == "2026-10-15", "14 school days"
    before = bench.rows()
    clock.move_to(one.expires_at + timedelta(seconds=2))
    _is_friendly(bench.get(link), 410)
    assert "ended on 15 October 2026" in text_of(bench.get(link))
    _is_friendly(bench.get(action), 410)
    _is_friendly(bench.post(action, **hidden, **SIGNED), 409)
    _is_friendly(bench.post("/confirm", code=code), 422)
    assert bench.rows() == before
    mine = bench.visitor.get("placement/visits/1/confirm")
    assert mine.status_code == 401, "the visit has ended too"


@on_sqlite
def test_withdrawn(bench: Bench) -> None:
    link = bench.link()
    action, hidden = bench.form(link)
    code = bench.code_in(bench.letters()[0])
    assert bench.visitor.post("placement/visits/1/confirm/withdraw").status_code == 303
    before = bench.rows()
    _is_friendly(bench.get(link), 410)
    assert "taken this request back" in text_of(bench.get(link))
    _is_friendly(bench.get(action), 410)
    _is_friendly(bench.post(action, **hidden, **SIGNED), 409)
    _is_friendly(bench.post(link), 410)
    _is_friendly(bench.post("/confirm", code=code), 422)
    assert bench.rows() == before
    second = bench.visitor.post("placement/visits/1/confirm/withdraw")
    assert second.status_code == 409 and "nobody is asked" in text_of(second)


@on_sqlite
def test_withdrawn_before_it_left_it_never_leaves(bench: Bench) -> None:
    bench.ask()
    bench.visitor.post("placement/visits/1/confirm/withdraw")
    bench.work()
    assert bench.letters() == []


@on_sqlite
def test_a_ticket_is_for_one_visit(bench: Bench) -> None:
    other_id = bench.visiting.add(school="Riverside Academy")
    link = bench.link()
    _, hidden = bench.form(link)
    bench.visitor.post("placement/visits/2/confirm/code")
    code = bench.code_in(text_of(bench.visitor.get("placement/visits/2/confirm")))
    typed = bench.post("/confirm", code=code).headers["Location"]
    crossed = bench.post(typed, **hidden, **SIGNED)
    assert crossed.status_code == 409 and "Riverside Academy" in text_of(crossed)
    assert 'value="Jo Field"' in text_of(crossed), "what was typed is still there"
    assert bench.visiting.visit(other_id).state == "done"
    bench.confirm(link)
    assert bench.visiting.visit(other_id).state == "done"


@on_sqlite
def test_changed_while_it_was_read(bench: Bench) -> None:
    link = bench.link()
    action, hidden = bench.form(link)
    document = bench.visiting.visit().document
    bench.visiting.change(document={**document, "shared": "Something else altogether."})
    answer = bench.post(action, **hidden, **SIGNED)
    assert answer.status_code == 409 and "read it once more" in text_of(answer)
    assert "Something else altogether." in text_of(answer)
    assert 'value="Jo Field"' in text_of(answer) and bench.state() == "done"
    bench.confirm(link)


@on_sqlite
def test_of_a_visit_that_waits_no_more(bench: Bench) -> None:
    link = bench.link()
    action, hidden = bench.form(link)
    for change in ({"state": "approved"}, {"state": "returned"}, {"removed_at": our_clock.now()}):
        bench.visiting.change(**change)
        _is_friendly(bench.get(link), 410)
        _is_friendly(bench.post(action, **hidden, **SIGNED), 409, 410)


def test_two_answer_at_the_same_moment(bench: Bench) -> None:
    """The database takes one; the other is told."""
    link = bench.link()
    bench.form(link)
    one = bench.visiting.asked()[0]
    settings, database = bench.world.settings, bench.world.database
    with database.read() as session:
        seen = document_digest(what_is_shown(session, settings.config_dir, bench.visiting.visit()))
    start, ends = threading.Barrier(2), []

    def run(name: str) -> None:
        start.wait()
        try:
            with database.write() as session:
                answer(session, settings, Ticket(one.id, CODE), Answer("yes", seen, name, "SENCO"))
            ends.append(name)
        except NotWaiting:
            ends.append("late")

    threads = [threading.Thread(target=run, args=(name,)) for name in ("Jo", "Sam")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends)[-1] == "late" and len(ends) == 2
    kept = bench.visiting.asked()
    assert len(kept) == 1 and kept[0].signer_name in ends and bench.state() == "confirmed"


@on_sqlite
def test_codes_are_answered_alike_and_soon_refused(bench: Bench) -> None:
    link = bench.link()
    code = bench.code_in(bench.letters()[0])
    wrong = {
        text_of(bench.post("/confirm", code=one)).replace(one, "").split("reference")[0]
        for one in ("AAAA-BBBB", "22222222")
    }
    bench.confirm(link)
    ended = text_of(bench.post("/confirm", code=code)).replace(code, "").split("reference")[0]
    assert wrong == {ended}, "the same whatever is the matter"
    for _ in range(bench.world.settings.refusals_per_minute):
        last = bench.post("/confirm", code="AAAA-BBBB")
    assert last.status_code == 429 and int(last.headers["Retry-After"]) > 0
    bench.visiting.add()
    bench.visitor.post("placement/visits/2/confirm/code")
    right = bench.code_in(text_of(bench.visitor.get("placement/visits/2/confirm")))
    assert bench.post("/confirm", code=right).status_code == 429, "a right one neither"
    elsewhere = bench.host.post(
        "/confirm",
        data={"code": right},
        base_url="https://tool.example",
        environ_base={"REMOTE_ADDR": "203.0.113.9"},
    )
    assert elsewhere.status_code == 303


@on_sqlite
def test_the_link_posted_as_it_is_leads_to_the_page(bench: Bench) -> None:
    link = bench.link()
    opened = bench.post(link)
    assert opened.status_code == 303
    cookie = opened.headers["Set-Cookie"].split(";")[0]
    page = bench.host.get(
        opened.headers["Location"], base_url="https://tool.example", headers={"Cookie": cookie}
    )
    assert page.status_code == 303 and page.headers["Location"].startswith("/confirm/")
    assert HOST not in page.headers["Location"]
