"""What mentors ask in private: read by tutors and the asker alone, told of without its content."""

from lti_tool.activities.placement_log.models import MentorQuestion
from lti_tool.audit.models import AuditEntry
from lti_tool.mail.models import Message
from lti_tool.programme.models import Mentorship
from tests.integration.mentoring.bench import LOG, Bench, ago, text

ASKED, SAID = "May she leave a lesson early?", "Yes, once a term."


def _ask(bench: Bench, words: str = ASKED):
    mentor = bench.come()
    mentor.get("questions")
    answer = mentor.post("questions", {"question": words})
    return mentor, answer


def test_a_question_and_its_reply(both: Bench) -> None:
    second = both.world.let_in("4", "tutor", **LOG)
    mentor, answer = _ask(both)
    assert answer.status_code == 303
    assert mentor.post("questions", {"question": ASKED}).status_code == 303, "sent twice"
    assert len(both.rows(MentorQuestion, MentorQuestion.id)) == 1
    assert both.kinds().count("mentor_question") == 2, "each tutor once"
    page = text(both.tutor.get("placement/mentoring/"))
    assert ASKED in page and "Grace Bell, mentor of Person 5" in page
    second.get("placement/mentoring/")
    reply = {"q1-reply": SAID}
    assert both.tutor.post("placement/mentoring/questions/1", reply).status_code == 303
    late = second.post("placement/mentoring/questions/1", {"q1-reply": "No, never."})
    assert late.status_code == 409
    assert SAID in text(late) and "No, never." in text(late), "nothing typed is lost"
    shown = text(mentor.get("questions"))
    assert SAID in shown and "Person 3" not in shown
    facts = both.facts("mentor_reply")
    assert facts.address == "grace@school.example" and "/g/open/" in facts.values["link"]
    assert both.facts("mentor_question").is_moot, "answered by now"
    kept = str(both.rows(Message, Message.about)) + str(both.rows(AuditEntry, AuditEntry.became))
    assert ASKED not in kept and SAID not in kept
    acts = [row[0] for row in both.rows(AuditEntry, AuditEntry.act)]
    assert acts[-2:] == ["mentor asked", "mentor answered"]


def test_the_participant_sees_neither(bench: Bench) -> None:
    _ask(bench)
    assert ASKED not in text(bench.amara.get("placement/meetings/"))
    assert bench.amara.get("placement/mentoring/").status_code == 403
    bench.amara.get("placement/meetings/")
    said = bench.amara.post("placement/mentoring/questions/1", {"q1-reply": "x"})
    assert said.status_code == 403


def test_bad_questions_and_replies(bench: Bench) -> None:
    mentor, empty = _ask(bench, " ")
    assert empty.status_code == 422
    named = mentor.post("questions", {"question": "Jack Carter in Year 4 hits out."})
    assert named.status_code == 422 and "Jack Carter" in text(named)
    for number in range(20):
        assert mentor.post("questions", {"question": f"Question {number}?"}).status_code == 303
    assert mentor.post("questions", {"question": "One more?"}).status_code == 409
    bench.tutor.get("placement/mentoring/")
    blank = bench.tutor.post("placement/mentoring/questions/1", {"q1-reply": ""})
    assert blank.status_code == 422 and "Question 0?" in text(blank)
    unknown = bench.tutor.post("placement/mentoring/questions/999", {"q999-reply": "x"})
    assert unknown.status_code == 404


def test_a_reply_to_somebody_who_no_longer_mentors_is_kept_and_not_sent(bench: Bench) -> None:
    _ask(bench)
    bench.change(Mentorship, ended_on=ago(0))
    bench.tutor.get("placement/mentoring/")
    said = bench.tutor.post("placement/mentoring/questions/1", {"q1-reply": SAID})
    assert said.status_code == 303 and "mentor_reply" not in bench.kinds()


def test_another_course_is_closed_to_its_tutors(bench: Bench) -> None:
    _ask(bench)
    other = bench.world.let_in("8", "tutor", **LOG, context_id="77", resource_link_id="7")
    page = text(other.get("placement/mentoring/"))
    assert ASKED not in page and "Grace" not in page
    assert other.get(bench.one).status_code == 404
    assert other.post("placement/mentoring/questions/1", {"q1-reply": "x"}).status_code == 404
