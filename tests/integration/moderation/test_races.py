"""Two people at the same moment, on SQLite and on PostgreSQL: one wins, the other reads why."""

import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from lti_tool.activities.provision_map_audit import ACTIVITY
from lti_tool.audit.models import AuditEntry
from lti_tool.core.signed_links import guest_address
from lti_tool.coursework.handing_in import take_back
from lti_tool.coursework.models import Candidate, HandedInCopy, Submission
from lti_tool.coursework.own_work import get_work
from lti_tool.coursework.queries import list_handed_in
from lti_tool.db import Database
from lti_tool.marking.models import Allocation, ExaminerComment, Judgement, Moderation
from lti_tool.marking.moderation.queries import get_round, list_pieces
from lti_tool.marking.queries import find_judgement
from lti_tool.marking.standing import TakenBack
from lti_tool.people.models import GuestLink
from tests.integration.pages import work as works
from tests.support.cohorts import Cohort, make_cohort
from tests.support.visiting import Visitor, make_world

TIMES = 4


@pytest.fixture
def cohort(tmp_path: Path, database: Database) -> Cohort:
    return make_cohort(make_world(tmp_path, database), ("44", "55", "62"))


@pytest.fixture
def tutors(cohort: Cohort) -> list[Visitor]:
    """Visits of several tutors, who press the same button at the same moment."""
    return [cohort.world.let_in(str(10 + n), "tutor") for n in range(TIMES)]


def _together(acts: list[Callable[[], int]]) -> Counter[int]:
    """The answers of acts that begin at the same moment."""
    gate, answers, lock = threading.Barrier(len(acts)), Counter[int](), threading.Lock()

    def run(act: Callable[[], int]) -> None:
        gate.wait(20)
        status = act()
        with lock:
            answers[status] += 1

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert answers.total() == len(acts)
    return answers


def _posts(visitors: list[Visitor], path: str, form: dict[str, str]) -> list[Callable[[], int]]:
    return [lambda one=one: one.post(path, form).status_code for one in visitors]


def _home(cohort: Cohort) -> str:
    return f"moderation/{cohort.assignment.id}"


def test_one_round_is_started(cohort: Cohort, tutors: list[Visitor]) -> None:
    for one in tutors:
        one.get(_home(cohort))
    form = {"moderator": str(cohort.person("10"))}
    answers = _together(_posts(tutors, f"{_home(cohort)}/start", form))
    assert answers == Counter({303: 1, 409: TIMES - 1})
    with cohort.world.database.read() as session:
        assert session.scalars(select(Moderation.number)).all() == [1]


def test_a_round_is_decided_once_and_views_do_not_slip_past(
    cohort: Cohort, tutors: list[Visitor]
) -> None:
    moderator = tutors[0]
    moderator.get(_home(cohort))
    form = {"moderator": str(cohort.person("10"))}
    assert moderator.post(f"{_home(cohort)}/start", form).status_code == 303
    at = f"{_home(cohort)}/1"
    with cohort.world.database.read() as session:
        pieces = list_pieces(session, get_round(session, cohort.assignment.id, 1).id)
    for place in range(1, len(pieces) + 1):
        moderator.get(f"{at}/piece/{place}")
        moderator.post(f"{at}/piece/{place}", {"view": "agrees", "version": "0"})
    for one in tutors:
        one.get(at)
    acts = _posts(tutors[1:], f"{at}/decide", {"decision": "confirmed"})
    late = {"view": "lower", "version": "1", "note": "Late."}
    acts += _posts([moderator], f"{at}/piece/1", late)
    answers = _together(acts)
    assert answers[303] in (1, 2) and answers.total() == TIMES and set(answers) <= {303, 409}
    with cohort.world.database.read() as session:
        decided = session.scalars(
            select(AuditEntry.id).where(AuditEntry.act == "moderation decided")
        ).all()
    assert len(decided) == 1
    assert moderator.post(f"{at}/piece/1", {"view": "higher", "version": "2"}).status_code == 409


def test_one_mark_is_agreed(cohort: Cohort, tutors: list[Visitor]) -> None:
    cohort.use_rules("half-marks-double")
    work = cohort.works[1]
    at = f"marking/{cohort.assignment.id}"
    second = tutors[0]
    second.get(f"{at}/double")
    second.post(f"{at}/double", {"marker": str(cohort.person("10"))})
    desk = f"{at}/{work.candidate_code}/second"
    second.get(desk)
    assert second.post(desk, {**works.marks(*["57"] * 6), "number": "0"}).status_code == 303
    agree = f"{at}/{work.candidate_code}/agree"
    both = [second, cohort.tutor]
    for one in both:
        one.get(agree)
    own = {**works.marks(*["56"] * 6), "number": "0", "private_note": "Middle."}
    answers = _together(
        [
            *_posts(both, f"{agree}/stands", {"number": "0"}),
            *_posts(both, agree, own),
        ]
    )
    assert answers == Counter({303: 1, 409: 3})
    with cohort.world.database.read() as session:
        kept = session.scalars(select(Judgement.number).where(Judgement.kind == "agreed")).all()
    assert kept == [1]


def test_one_second_marker_is_named(cohort: Cohort, tutors: list[Visitor]) -> None:
    cohort.use_rules("half-marks-double")
    at = f"marking/{cohort.assignment.id}/double"
    for one in tutors:
        one.get(at)
    acts = [
        lambda one=one, n=n: one.post(at, {"marker": str(cohort.person(str(10 + n)))}).status_code
        for n, one in enumerate(tutors)
    ]
    answers = _together(acts)
    assert answers == Counter({303: 1, 422: TIMES - 1})
    with cohort.world.database.read() as session:
        markers = session.scalars(select(Allocation.marker_id)).all()
    assert len(markers) == 3 and len(set(markers)) == 1


def test_one_reply_is_kept_and_a_link_is_revoked_once(
    cohort: Cohort, tutors: list[Visitor]
) -> None:
    at = f"{_home(cohort)}/examiner"
    cohort.tutor.get(at)
    invited = {"name": "Prof. Quill", "email": "q@other.example", "days": "7"}
    assert cohort.tutor.post(at, invited).status_code == 200
    with cohort.world.database.write() as session:
        link = session.scalars(select(GuestLink)).one()
        session.add(
            ExaminerComment(
                assignment_id=cohort.assignment.id,
                guest_id=link.guest_id,
                text="Fair.",
                created_at=link.created_at,
            )
        )
    for one in tutors:
        one.get(at)
    form = {"comment": "1", "reply1-text": "Thank you."}
    assert _together(_posts(tutors, f"{at}/reply", form)) == Counter({303: 1, 409: TIMES - 1})
    _together(_posts(tutors, f"{at}/revoke", {"link": str(link.id)}))
    with cohort.world.database.read() as session:
        acts = Counter(session.scalars(select(AuditEntry.act)))
    assert acts["examiner answered"] == acts["guest link revoked"] == 1


def test_a_link_for_one_use_opens_once(cohort: Cohort) -> None:
    at = f"{_home(cohort)}/examiner"
    cohort.tutor.get(at)
    invited = {"name": "Prof. Quill", "email": "q@other.example", "days": "7"}
    assert cohort.tutor.post(at, invited).status_code == 200
    settings = cohort.world.settings
    with cohort.world.database.write() as session:
        link = session.scalars(select(GuestLink)).one()
        link.uses_left = 1
        path = guest_address("", settings.secret_key, link.id)
    opened: list[tuple[str, str]] = []

    def use() -> int:
        answer = cohort.world.app.test_client(use_cookies=False).post(
            path, base_url="https://tool.example"
        )
        if answer.status_code == 303:
            secret = answer.headers["Set-Cookie"].split(";")[0]
            opened.append((answer.headers["Location"], secret))
        return answer.status_code

    assert _together([use] * TIMES) == Counter({303: 1, 410: TIMES - 1})
    ((place, cookie),) = opened
    page = cohort.world.app.test_client(use_cookies=False).get(
        place, headers={"Cookie": cookie}, base_url="https://tool.example"
    )
    assert page.status_code == 200, "what it opened stays open"


def test_work_is_either_taken_back_or_marked(cohort: Cohort, tutors: list[Visitor]) -> None:
    author = cohort.world.let_in("40", "participant")
    works.bring_in(author)
    works.hand_in(author)
    tutor = tutors[0]
    with cohort.world.database.read() as session:
        code = session.scalars(
            select(Candidate.code).where(Candidate.person_id == cohort.person("40"))
        ).one()
    desk = f"marking/{cohort.assignment.id}/{code}"
    tutor.get(desk)
    author.get("audit/receipt")
    given = {**works.marks(*["61"] * 6), "number": "0"}
    _together(
        [
            lambda: tutor.post(desk, given).status_code,
            lambda: author.post("audit/take-back").status_code,
        ]
    )
    with cohort.world.database.read() as session:
        is_marked = session.scalar(
            select(Judgement.id)
            .join(Submission, Submission.id == Judgement.submission_id)
            .where(Submission.person_id == cohort.person("40"))
        )
        taken_back_at = session.scalars(
            select(HandedInCopy.taken_back_at)
            .join(Submission, Submission.id == HandedInCopy.submission_id)
            .where(Submission.person_id == cohort.person("40"))
        ).one()
    assert (is_marked is None) != (taken_back_at is None), "one of the two, never both"


def test_marks_typed_for_work_that_was_taken_back_are_not_lost(cohort: Cohort) -> None:
    author = cohort.world.let_in("40", "participant")
    works.bring_in(author)
    works.hand_in(author)
    with cohort.world.database.write() as session:
        work = next(
            one
            for one in list_handed_in(session, (cohort.course.context_id,))
            if one.person_id == cohort.person("40")
        )
        mine = get_work(session, cohort.assignment.id, work.person_id, ACTIVITY.new_document())
        take_back(session, cohort.assignment, work.person_id, mine, is_being_marked=False)
    with pytest.raises(TakenBack, match="taken back by its author"):
        cohort.judge(work, "61")
    author.get("audit/")
    works.hand_in(author)
    with cohort.world.database.read() as session:
        assert find_judgement(session, work.submission_id) is None
