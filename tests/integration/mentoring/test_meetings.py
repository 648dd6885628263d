"""Meetings and tutorials: written by one side, confirmed by the other, never overwritten unseen."""

import re

from lti_tool.activities.placement_log.mentoring.queries import list_meetings, meetings_of
from lti_tool.activities.placement_log.models import Meeting
from lti_tool.audit.models import AuditEntry
from lti_tool.core import clock
from lti_tool.coursework.models import HandedInCopy, Submission
from lti_tool.mail.models import Message
from lti_tool.people.models import Person
from lti_tool.programme.models import Mentorship
from tests.integration.mentoring.bench import Bench, Mentor, add_mentor, ago, held, text
from tests.support.visiting import Visitor

HOME = "placement/meetings/"


def _write(who: Visitor | Mentor, home: str = HOME, kind: str = "mentor", **more: str) -> str:
    """Write a meeting down; its address within the visit."""
    who.get(f"{home}new/{kind}")
    answer = who.post(f"{home}new/{kind}", held(**more))
    assert answer.status_code == 303, text(answer)
    return home + answer.headers["Location"].split("/")[-1].split("?")[0]


def _counted(bench: Bench) -> int:
    with bench.world.database.read() as session:
        found = list_meetings(session, bench.assignment_id, bench.person_id)
        assert meetings_of(session, bench.assignment_id).get(bench.person_id, []) == found
        return sum(one.counts for one in found)


def test_a_mentor_writes_and_the_participant_confirms(both: Bench) -> None:
    mentor = both.come()
    address = _write(mentor, "meetings/")
    assert both.kinds() == ["mentor_link", "meeting_to_confirm"] and _counted(both) == 0
    facts = both.facts("meeting_to_confirm")
    assert facts.address == "5@uni.example" and "governors" not in str(facts.values)
    page = text(both.amara.get(HOME + address.split("/")[-1]))
    for shown in ("Grace Bell", "45 minutes", "In person", "Bring the costs", "15 January 2027"):
        assert shown in page
    assert both.amara.post(f"{HOME}{address.split('/')[-1]}/confirm").status_code == 303
    assert _counted(both) == 1 and both.facts("meeting_to_confirm").is_moot
    acts = [row[0] for row in both.rows(AuditEntry, AuditEntry.act)]
    assert acts[-2:] == ["meeting written", "meeting confirmed"]
    assert "governors" not in str(both.rows(AuditEntry, AuditEntry.was, AuditEntry.became))
    assert "1 of 3" in text(both.tutor.get(both.one))


def test_a_participant_writes_and_the_mentor_answers(both: Bench) -> None:
    address = _write(both.amara).removeprefix("placement/")
    facts = both.facts("mentor_meeting")
    assert facts.address == "grace@school.example" and "/g/open/" in facts.values["link"]
    mentor = both.come(both.links()[-1])
    mentor.get(address)
    assert mentor.post(f"{address}/query", {"query": "It was an hour."}).status_code == 303
    assert both.meeting().query == "It was an hour." and _counted(both) == 0
    assert both.facts("meeting_wrong").values == {"day": both.facts("meeting_wrong").values["day"]}
    page = text(both.amara.get(f"placement/{address}"))
    assert "It was an hour." in page and "Something is wrong" in page
    both.amara.get(f"placement/{address}/change")
    changed = both.amara.post(f"placement/{address}/change", held(minutes="60"))
    assert changed.status_code == 303 and both.facts("meeting_wrong").is_moot
    assert both.kinds().count("mentor_meeting") == 2, "asked again"
    mentor.get(address)
    assert mentor.post(f"{address}/confirm").status_code == 303
    assert mentor.post(f"{address}/confirm").status_code == 303, "twice is once"
    assert _counted(both) == 1 and both.meeting().minutes == 60


def test_a_change_after_confirmation_asks_again(bench: Bench) -> None:
    address = _write(bench.amara)
    mentor = bench.come()
    mentor.get("meetings/1")
    mentor.post("meetings/1/confirm")
    bench.amara.get(f"{address}/change")
    same = bench.amara.post(f"{address}/change", held())
    assert same.status_code == 303 and _counted(bench) == 1, "nothing changed, nothing is asked"
    bench.amara.get(f"{address}/change")
    bench.amara.post(f"{address}/change", held(topics="Something else."))
    assert _counted(bench) == 0 and bench.kinds().count("mentor_meeting") == 2


def test_what_was_written_stands_on_the_page_that_changes_it(bench: Bench) -> None:
    mentor = bench.come()
    written = _write(mentor, "meetings/", topics="The costs of the map.")
    held_with_tutor = _write(
        bench.tutor, f"{bench.one}meetings/", "tutorial", topics="The essay’s plan."
    )
    assert "The costs of the map." in text(mentor.get(f"{written}/change"))
    assert "The essay’s plan." in text(bench.tutor.get(f"{held_with_tutor}/change"))


def test_two_devices_never_overwrite_each_other(both: Bench) -> None:
    address = _write(both.amara)
    both.amara.get(f"{address}/change")
    old = both.amara.revision
    both.amara.post(f"{address}/change", held(topics="From the phone."))
    late = both.amara.post(f"{address}/change", {**held(topics="From the desk."), "revision": old})
    page = text(late)
    assert late.status_code == 409
    assert "From the desk." in page and "From the phone." in page, "both can be seen"
    assert both.meeting().document["topics"] == "From the phone."
    again = both.amara.post(f"{address}/change", held(topics="From the desk."))
    assert again.status_code == 303 and both.meeting().document["topics"] == "From the desk."


def test_nobody_confirms_what_they_did_not_see(bench: Bench) -> None:
    address = _write(bench.amara)
    mentor = bench.come()
    mentor.get("meetings/1")
    seen = mentor.revision
    bench.amara.get(f"{address}/change")
    bench.amara.post(f"{address}/change", held(minutes="300"))
    for act, data in (("confirm", {}), ("query", {"query": "No."})):
        late = mentor.post(f"meetings/1/{act}", {"revision": seen, **data})
        assert late.status_code == 409 and "300 minutes" in text(late)
    assert bench.meeting().confirmed_at is None


def _bad() -> list[tuple[str, str, str]]:
    """Field, what is typed there and what is said; asked at the time: tomorrow moves on."""
    return [
        ("held_on", "", "Enter an answer for “Date of the meeting”"),
        ("held_on", ago(-1).isoformat(), "This day has not come yet"),
        ("held_on", "2019-03-01", "more than two years ago"),
        ("held_on", "31/02/2026", "there is no such date"),
        ("minutes", "4", "5"),
        ("minutes", "an hour", "in figures"),
        ("mode", "carrier pigeon", "Choose one of the answers"),
        ("topics", " ", "Enter an answer for “What did you talk about”"),
        ("topics", "x" * 3001, "Shorten this by 1 character"),
        ("by_1", "", "Enter the day by which"),
        ("what_1", "", "Say what was agreed"),
        ("what_2", "x\x00y", "hidden characters"),
    ]


def test_bad_input_is_said_at_its_field_and_nothing_typed_is_lost(bench: Bench) -> None:
    bench.amara.get(f"{HOME}new/mentor")
    for field, typed, says in _bad():
        answer = bench.amara.post(f"{HOME}new/mentor", {**held(), field: typed})
        page = text(answer)
        assert answer.status_code == 422, (field, typed)
        assert says in page.split(f'id="{field}-error"')[1][:600], (field, typed)
        assert "A date with the governors." in page
    assert bench.rows(Meeting, Meeting.id) == []


def test_a_meeting_sent_twice_is_kept_once(bench: Bench) -> None:
    assert _write(bench.amara) == _write(bench.amara)
    assert len(bench.rows(Meeting, Meeting.id)) == 1


def test_a_name_is_held_on_the_page_until_it_is_said_to_be_no_child(bench: Bench) -> None:
    named = held(topics="We spoke about Lily-Mae in Year 4 and her reading.")
    bench.amara.get(f"{HOME}new/mentor")
    answer = bench.amara.post(f"{HOME}new/mentor", named)
    page = text(answer)
    assert answer.status_code == 422 and "seems to name somebody" in page
    assert bench.rows(Meeting, Meeting.id) == []
    keys = re.search(r'type="checkbox" name="no_child"[^>]* value="([^"]+)"', page).group(1)
    kept = bench.amara.post(f"{HOME}new/mentor", {**named, "no_child": keys})
    assert kept.status_code == 303, text(kept)
    assert "Lily" not in str(bench.meeting().document["no_child"])
    bench.amara.get(f"{HOME}1/change")
    again = bench.amara.post(f"{HOME}1/change", {**named, "minutes": "50"})
    assert again.status_code == 303, "nobody is asked twice"
    mentor = bench.come()
    mentor.get("meetings/1")
    wrong = mentor.post("meetings/1/query", {"query": "Jack Carter was there."})
    assert wrong.status_code == 422 and "Jack Carter" in text(wrong)


def test_only_the_side_that_wrote_changes_and_only_the_other_confirms(bench: Bench) -> None:
    address = _write(bench.amara)
    assert "Yes, confirm" not in text(bench.amara.get(address))
    for act, data in (("confirm", {}), ("query", {"query": "No."})):
        assert bench.amara.post(f"{address}/{act}", data).status_code == 403
    mentor = bench.come()
    mentor.get("meetings/1")
    assert mentor.post("meetings/1/change", held()).status_code == 403
    assert mentor.post("meetings/1/remove").status_code == 403
    bench.tutor.get(f"{bench.one}meetings/1")
    bench.tutor.get(bench.one)
    assert bench.tutor.post(f"{bench.one}meetings/1/confirm").status_code == 403


def test_a_meeting_can_be_removed_until_it_is_confirmed(bench: Bench) -> None:
    address = _write(bench.amara)
    bench.amara.get(address)
    assert bench.amara.post(f"{address}/remove").status_code == 303
    assert bench.amara.get(address).status_code == 404 and bench.facts("mentor_meeting").is_moot
    address = _write(bench.amara)
    mentor = bench.come()
    mentor.get("meetings/2")
    mentor.post("meetings/2/confirm")
    bench.amara.get(address)
    refused = bench.amara.post(f"{address}/remove")
    assert refused.status_code == 409 and "both confirmed" in text(refused)


def test_tutorials_go_between_participant_and_tutor(both: Bench) -> None:
    tutor_id = next(row[0] for row in both.rows(Person, Person.id, Person.sub) if row[1] == "3")
    both.amara.get(f"{HOME}new/tutorial")
    missing = both.amara.post(f"{HOME}new/tutorial", held())
    assert missing.status_code == 422 and "Which tutor" in text(missing)
    answer = both.amara.post(f"{HOME}new/tutorial", held(tutor=str(tutor_id)))
    assert answer.status_code == 303, text(answer)
    assert both.facts("tutorial_to_confirm").address == "3@uni.example"
    assert both.come().get("meetings/1").status_code == 404, "none of a mentor’s business"
    both.tutor.get(f"{both.one}meetings/1")
    assert both.tutor.post(f"{both.one}meetings/1/confirm").status_code == 303
    both.tutor.get(f"{both.one}meetings/new/tutorial")
    own = both.tutor.post(f"{both.one}meetings/new/tutorial", held(9))
    assert own.status_code == 303
    page = text(both.amara.get(f"{HOME}2"))
    assert "Tutorial with Person 3" in page
    assert both.amara.post(f"{HOME}2/query", {"query": "It was online."}).status_code == 303
    assert both.facts("tutorial_wrong").address == "3@uni.example"
    assert both.tutor.post(f"{both.one}meetings/new/mentor", held()).status_code in (403, 404)


def test_nothing_is_written_once_the_log_is_handed_in(bench: Bench) -> None:
    address = _write(bench.amara)
    mentor = bench.come()
    mentor.get("meetings/1")
    with bench.world.database.write() as session:
        work = Submission(
            assignment_id=bench.assignment_id,
            person_id=bench.person_id,
            attempt=1,
            document={},
            document_version=1,
            revision=1,
            created_at=clock.now(),
            updated_at=clock.now(),
        )
        session.add(work)
        session.flush()
        copy = {"document": {}, "document_version": 1, "document_digest": "", "declarations": {}}
        session.add(
            HandedInCopy(submission_id=work.id, receipt="ABCD", handed_in_at=clock.now(), **copy)
        )
    assert mentor.post("meetings/1/confirm").status_code == 409
    bench.amara.get(f"{address}/change")
    assert bench.amara.post(f"{address}/change", held(minutes="10")).status_code == 409
    assert bench.amara.post(f"{HOME}new/mentor", held(5)).status_code == 409
    assert "handed in" in text(bench.amara.get(HOME))


def test_who_changes_mentor_keeps_the_history(bench: Bench) -> None:
    _write(bench.amara)
    bench.change(Mentorship, ended_on=ago(1))
    later = add_mentor(bench.world, bench.person_id, "sam@other.example", days=1)
    assert "Grace Bell" in text(bench.amara.get(HOME))
    bench.mentorship_id = later
    mentor = bench.come()
    assert mentor.get("meetings/1").status_code == 404, "what another mentor wrote stays theirs"
    assert "None is written down yet" in text(mentor.get())


def test_without_a_mentor_nothing_is_offered(bench: Bench) -> None:
    bench.change(Mentorship, ended_on=ago(1))
    page = text(bench.amara.get(HOME))
    assert "You have no mentor here yet" in page and "new/mentor" not in page
    assert bench.amara.post(f"{HOME}new/mentor", held()).status_code == 404
    assert bench.amara.post(f"{HOME}mentor-link").status_code == 404
    assert bench.rows(Message, Message.id) == []


def test_the_pages_are_those_of_a_placement_log(bench: Bench) -> None:
    audit = {"resource_link_id": "9"}
    assert bench.world.let_in("5", "participant", **audit).get(HOME).status_code == 409
    assert bench.world.let_in("3", "tutor", **audit).get("placement/mentoring/").status_code == 409
