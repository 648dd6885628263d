"""The mentor's door: what a link opens, fresh links, and a door that has closed."""

import re
from datetime import timedelta

from sqlalchemy import select

from lti_tool.activities.placement_log.mentoring import fresh_links
from lti_tool.activities.placement_log.models import MentorDoor, PartnerVisit
from lti_tool.audit.models import AuditEntry
from lti_tool.core import clock
from lti_tool.coursework.models import Assignment
from lti_tool.db import Base
from lti_tool.lti.models import Attempts
from lti_tool.mail.models import Message
from lti_tool.people.models import GuestLink, Membership
from lti_tool.programme.models import Mentorship, School
from tests.integration.mentoring.bench import ADDRESS, TOOL, Bench, add_mentor, ago, held, text


def _all(bench: Bench) -> dict[str, list]:
    with bench.world.database.read() as session:
        return {
            table.name: [tuple(row) for row in session.execute(select(table))]
            for table in Base.metadata.sorted_tables
        }


def _ask(bench: Bench, email: str, place: str = "192.0.2.1"):
    client = bench.world.app.test_client()
    return client.post(
        "/mentor/link",
        data={"email": email},
        base_url=TOOL,
        environ_base={"REMOTE_ADDR": place},
    )


def test_naming_a_mentor_sends_a_link_for_eighteen_months(both: Bench) -> None:
    with both.world.database.write() as session:
        fresh_links.welcome(session, both.world.settings, both.mentorship_id, None, None)
    facts = both.facts("mentor_link")
    assert facts.address == ADDRESS and facts.values["participant"] == "Person 5"
    (expires_at,) = both.rows(GuestLink, GuestLink.expires_at)[0]
    assert timedelta(days=545) < expires_at - clock.now() < timedelta(days=551)
    client = both.world.app.test_client()
    before = _all(both)
    path = facts.values["link"].removeprefix(TOOL)
    page = text(client.get(path, base_url=TOOL))
    assert "mentoring Person 5" in page and "Open the page" in page
    assert _all(both) == before, "a scanner that follows the link changes nothing"
    assert "You mentor Person 5" in text(both.come(both.links()[0]).get())


def test_naming_from_another_activity_still_opens_the_log(bench: Bench) -> None:
    bench.world.let_in("5", "participant", resource_link_id="9")
    with bench.world.database.write() as session:
        fresh_links.welcome(session, bench.world.settings, bench.mentorship_id, 999, None)
    assert [row[0] for row in bench.rows(MentorDoor, MentorDoor.assignment_id)] == [
        bench.assignment_id
    ]


def test_a_used_link_ends_earlier_ones_and_no_others(both: Bench) -> None:
    first, second, third = (both.send_link() for _ in range(3))
    early = both.come(first)
    both.come(second)
    assert early.get().status_code == 401
    client = both.world.app.test_client()
    over = client.get(both.path_of(first), base_url=TOOL)
    assert over.status_code == 410 and "Send me a fresh link" in text(over)
    assert both.open(first).status_code == 410
    assert both.open(third).status_code == 303, "a newer one still opens"


def test_an_expired_link_offers_a_fresh_one_to_the_address_on_file(bench: Bench) -> None:
    old = bench.send_link()
    bench.change(GuestLink, expires_at=clock.now() - timedelta(hours=1))
    client = bench.world.app.test_client()
    page = text(client.get(bench.path_of(old), base_url=TOOL))
    action = re.search(r'action="(/mentor/link/[^"]+)"', page).group(1)
    answer = client.post(action, base_url=TOOL)
    assert answer.status_code == 303 and answer.headers["Location"].endswith("/mentor/link/sent")
    assert bench.facts("mentor_link").address == ADDRESS
    bench.come(bench.links()[-1])
    wrong = client.post("/mentor/link/made-up", base_url=TOOL)
    assert wrong.headers["Location"] == answer.headers["Location"], "a guess learns nothing"
    assert len(bench.links()) == 2


def test_an_address_is_answered_alike_whether_it_is_known_or_not(bench: Bench) -> None:
    bench.send_link()
    known, unknown = _ask(bench, ADDRESS.upper()), _ask(bench, "nobody@school.example")
    assert known.status_code == unknown.status_code == 303
    assert known.headers["Location"] == unknown.headers["Location"]
    assert text(known) == text(unknown)
    client = bench.world.app.test_client(use_cookies=False)
    sent = client.get(known.headers["Location"], base_url=TOOL)
    assert sent.status_code == 200 and "If this address is the one on file" in text(sent)
    again = client.get("/mentor/link", base_url=TOOL)
    assert again.status_code == 200 and 'name="email"' in text(again)
    assert bench.kinds() == ["mentor_link"] * 2
    assert "nobody@school.example" not in str(_all(bench))


def test_asking_is_limited_by_address_and_by_place(both: Bench) -> None:
    for number in range(8):
        assert _ask(both, ADDRESS, f"192.0.2.{number}").status_code == 303
    assert both.links() == [], "nothing to a mentor who never had a link"
    both.send_link()
    for number in range(8):
        assert _ask(both, ADDRESS, f"198.51.100.{number}").status_code == 303
    assert len(both.links()) == 5, "five in a day, and nobody is told"
    answers = [_ask(both, f"{n}@x.example", "203.0.113.9").status_code for n in range(7)]
    assert answers == [303] * 5 + [429] * 2
    assert both.rows(Attempts), "counted in the database"
    refused = both.amara.post("placement/meetings/mentor-link")
    assert refused.status_code == 409 and "5 times" in text(refused)


def test_a_door_that_has_closed_says_thank_you(bench: Bench) -> None:
    mentor = bench.come()
    client = bench.world.app.test_client()
    for table, closed, opened in (
        (Membership, {"is_active": False}, {"is_active": True}),
        (Assignment, {"closed_at": clock.now()}, {"closed_at": None}),
        (Mentorship, {"ended_on": ago(0)}, {}),
    ):
        assert mentor.get().status_code == 200
        bench.change(table, **closed)
        for answer in (mentor.get(), mentor.get("questions"), mentor.get("meetings/new/mentor")):
            assert answer.status_code == 410 and "has ended" in text(answer), table
        page = client.get(bench.path_of(bench.links()[0]), base_url=TOOL)
        assert page.status_code == 410
        assert "Thank you" in text(page) and "fresh link" not in text(page)
        if opened:
            bench.change(table, **opened)
    _ask(bench, ADDRESS)
    assert len(bench.links()) == 1
    assert bench.facts("mentor_link").is_moot, "a link on its way no longer leaves"


def test_a_link_opens_one_participant_only(bench: Bench) -> None:
    other = bench.world.let_in("6", "participant", custom={"activity": "placement-log"})
    other.get("placement/meetings/")
    with bench.world.database.read() as session:
        other_id = session.scalars(
            select(Membership.person_id).where(Membership.person_id != bench.person_id)
        ).all()[-1]
    add_mentor(bench.world, other_id, "other@school.example")
    other.get("placement/meetings/new/mentor")
    answer = other.post("placement/meetings/new/mentor", held())
    number = answer.headers["Location"].split("/")[-1].split("?")[0]
    mentor = bench.come()
    mentor.get("questions")
    assert mentor.get(f"meetings/{number}").status_code == 404
    assert mentor.post(f"meetings/{number}/confirm").status_code == 404
    assert bench.amara.get(f"placement/meetings/{number}").status_code == 404
    page = bench.tutor.get(f"{bench.one}meetings/{number}")
    assert page.status_code == 404, "below its own participant alone"


def test_the_mentor_sees_what_is_said_and_no_more(bench: Bench) -> None:
    document = {
        "focus": "How the base is staffed",
        "shared": "Calm transitions.",
        "private": "PRIVATE-OBSERVATION",
        "reflection": {"model": "gibbs", "parts": {"feelings": "REFLECTION"}},
        "change": "CHANGE",
        "outcomes": [],
        "actions": [],
        "outcome_set": "",
    }
    with bench.world.database.write() as session:
        school = session.scalars(select(School.id)).first()
        for number, state in enumerate(("accepted", "planned"), 1):
            session.add(
                PartnerVisit(
                    assignment_id=bench.assignment_id,
                    person_id=bench.person_id,
                    number=number,
                    school_id=school,
                    visit_on=ago(10 * number),
                    half_days=number,
                    document=document if number == 1 else {**document, "shared": "NOT-YET"},
                    document_version=1,
                    state=state,
                    state_since=clock.now(),
                    revision=1,
                    created_at=clock.now(),
                    updated_at=clock.now(),
                )
            )
    page = text(bench.come().get())
    for shown in ("Ashgrove Primary", "half a day", "How the base is staffed", "Calm transitions."):
        assert shown in page
    for hidden in ("PRIVATE-OBSERVATION", "REFLECTION", "CHANGE", "NOT-YET"):
        assert hidden not in page
    assert "Accepted by the tutor" in page and "0 of 3 held and confirmed" in page
    assert "half a day made, at least 1 day asked for" in page


def test_links_leave_audit_entries(bench: Bench) -> None:
    bench.come(bench.send_link())
    bench.amara.post("placement/meetings/mentor-link")
    acts = [row[0] for row in bench.rows(AuditEntry, AuditEntry.act)]
    assert acts[-3:] == ["guest link given", "guest link opened", "guest link given"]
    assert ADDRESS not in str(bench.rows(AuditEntry, AuditEntry.became))
    assert ADDRESS not in str(bench.rows(Message, Message.about))
